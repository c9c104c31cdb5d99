"""Words of time that tell of a therapy only in its company.

"Finish" ends a therapy in "she finished in May" and in "finished her six cycles", and none in "finish off the
kidneys", "complete the staging" or "the MRI has not started yet"; "nothing since" of "seizures at three, nothing
since" is no word on the therapy either. What such a word is done to, or said of, decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.understanding.dialogue_rules import Company
from assistant.understanding.items import Item
from assistant.vocabulary import Vocabulary

_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[\s\w'’]{0,24}\Z")
_SENTENCE_MARK = re.compile(r"[.;!?\n](?=\s|\Z)|\n")


class CompanyReader:
    """Leaves out the words of time of a turn that are said of something else than a therapy."""

    def __init__(self, vocabulary: Vocabulary, company: Company) -> None:
        """`company` holds the concepts and what their company looks like."""
        self._vocabulary = vocabulary
        self._company = company
        self._object = re.compile(company.object or r"(?!)", re.IGNORECASE)
        self._bare = re.compile(company.bare or r"(?!)", re.IGNORECASE)
        self._object_end = re.compile(company.object_end or r"[.,;:!?\n]", re.IGNORECASE)
        self._heads = frozenset(company.heads.split())
        self._subjects = frozenset(company.subjects.split())
        self._said = re.compile(company.said or r"(?!)", re.IGNORECASE)

    def keep(self, text: str, items: Sequence[Item], asked: Iterable[int]) -> list[Item]:
        """Return the items without those that lack their company; `asked` are numbers of sentences that ask.

        One that is done by the patient to something that nobody knows becomes the `doubt` of the data.
        """
        kept: list[Item] = []
        questions = frozenset(asked)
        for place, item in enumerate(items):
            if self._is_one_of(item, self._company.concepts):
                made = self._judge(text, items, place)
                if made is not None:
                    kept.append(made)
            elif item.mention.concept in self._company.untold and item.sentence in questions:
                if any(
                    self._is_target(one) for one in items if one.sentence == item.sentence and one is not item
                ):
                    kept.append(item)
            else:
                kept.append(item)
        return kept

    def _judge(self, text: str, items: Sequence[Item], place: int) -> Item | None:
        item = items[place]
        if self._heads.intersection(_WORD.findall(item.mention.text.casefold())):
            return item
        if self._is_said_of_another(text, items, place):
            return None
        start = item.mention.end
        ahead = [one for one in items[place + 1 :] if one.sentence == item.sentence]
        told = self._object.match(text, start)
        bare = told is None and item.mention.concept in self._company.transitive
        if bare:
            told = self._bare.match(text, start)
        if told is None:
            # "complete staging": what is named right behind it is what it is done to
            beside = ahead and not text[start : ahead[0].mention.start].strip() and self._is_other(ahead[0])
            return None if beside else item
        ends = self._object_end.search(text, told.end())
        end = ends.start() if ends else len(text)
        inside = [one for one in ahead if one.mention.start < end]
        if any(self._is_target(one) for one in inside):
            return item
        if self._heads.intersection(_WORD.findall(text[start:end].casefold())):
            return item
        before = _SENTENCE_MARK.split(text[: item.mention.start])[-1]
        patient = self._subjects.intersection(_WORD.findall(before.casefold()))
        if patient and not bare and not any(self._is_other(one) for one in inside) and self._company.doubt:
            concept = self._vocabulary.concepts[self._company.doubt]
            return replace(item, mention=replace(item.mention, concept=concept.id, kind=concept.kind))
        return None

    def _is_said_of_another(self, text: str, items: Sequence[Item], place: int) -> bool:
        """Whether a finding or a study stands before the word as what it is said of, and no therapy beside it."""
        item = items[place]
        sentence = [one for one in items if one.sentence == item.sentence]
        if any(self._is_target(one) for one in sentence):
            return False
        earlier = [one for one in sentence if one.mention.end <= item.mention.start and self._is_other(one)]
        if not earlier:
            return False
        if item.mention.concept in self._company.across:
            return True
        gap = text[earlier[-1].mention.end : item.mention.start]
        return bool(_GAP.match(gap)) and self._said.fullmatch(gap) is not None

    def _is_target(self, item: Item) -> bool:
        targets = self._company.targets
        return item.mention.kind in targets.kinds or self._is_one_of(item, targets.concepts)

    def _is_other(self, item: Item) -> bool:
        return item.mention.kind in self._company.others

    def _is_one_of(self, item: Item, names: Iterable[str]) -> bool:
        return any(self._vocabulary.is_a(item.mention.concept, name) for name in names)
