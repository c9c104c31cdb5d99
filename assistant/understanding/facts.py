"""From the words of one turn to facts: concepts with their assertion status and what qualifies them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.types import AssertionStatus, Fact
from assistant.understanding.assertion import sentences
from assistant.understanding.company import CompanyReader
from assistant.understanding.courses import CourseReader
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.dialogue_rules import Attachment, Selection
from assistant.understanding.items import Item, ItemReader
from assistant.understanding.resolution import ResolutionReader
from assistant.understanding.sharing import Sharing
from assistant.vocabulary import Mention, Vocabulary

_LIST_GAP = re.compile(r"^[\s,/&+]*(?:(?:and|or|with|plus)[\s,]*)?$", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_CHUNK = re.compile(r"[,;:\n()]|\s[-–—]\s")
_ADJACENT_WORDS = 3
_OPENING_WORDS = 1


class FactReader:
    """Reads the facts of single turns. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue, folder: Path) -> None:
        """`folder` holds the context cues."""
        self._vocabulary = vocabulary
        self._dialogue = dialogue
        self._folder = folder
        file = dialogue.file
        self._kinds = frozenset(file.fact_kinds)
        self._concepts = frozenset(file.fact_concepts)
        self._reader = ItemReader(vocabulary, dialogue, folder)
        self._sharing = Sharing(vocabulary, file)
        self._courses = CourseReader(vocabulary, file.courses)
        self._company = CompanyReader(vocabulary, file.company)
        self.resolution = ResolutionReader(dialogue, self._reader, folder)

    def read(
        self,
        text: str,
        turn: int,
        mentions: Sequence[Mention],
        ignore: Sequence[tuple[int, int]] = (),
        heard: str = "",
    ) -> tuple[Fact, ...]:
        """Return the facts that the user's words state; spans in `ignore` (pasted text) state none.

        `heard` is the text with spoken marks written, if there are any.
        """
        kept = [one for one in mentions if not any(start <= one.start < end for start, end in ignore)]
        items = self._company.keep(heard or text, self._reader.read(text, kept), self._asking(text))
        qualifiers: dict[int, set[str]] = {}
        attached: set[int] = set()
        for rule in self._dialogue.file.attachments:
            self._attach(heard or text, items, rule, qualifiers, attached)
        self._state(text, items, qualifiers)
        self.resolution.settle(heard or text, items, qualifiers)
        self._sharing.share(heard or text, items, qualifiers)
        for position, name in self._courses.open(heard or text, items, qualifiers).items():
            qualifiers.setdefault(position, set()).add(name)
        facts: list[Fact] = []
        for position, item in enumerate(items):
            fact = self._fact(item, turn, self._override(qualifiers.get(position, set())))
            if fact is None or (fact.kind in {"phase", "onset"} and position in attached):
                continue
            if not turn and self._is_lone_result(items, position):
                continue
            facts.append(fact)
            facts += self._kept_of(text, fact)
            facts += [
                replace(
                    fact,
                    concept=concept,
                    kind=self._vocabulary.concepts[concept].kind,
                    status=self._implied_status(fact.status),
                )
                for concept in sorted(self._vocabulary.implied(fact.concept))
                if self._vocabulary.concepts[concept].kind in self._kinds and fact.status != "absent"
            ]
        return tuple(facts)

    def _kept_of(self, text: str, fact: Fact) -> list[Fact]:
        """What a prefix leaves of a diagnosis whose kind it denies: a "non-inflammatory breast cancer" is one."""
        prefix = self._dialogue.kind_denied
        if fact.status != "absent" or prefix is None or not prefix.search(text[: fact.start]):
            return []
        concepts = self._vocabulary.concepts
        return [
            replace(fact, concept=name, kind=concepts[name].kind, status="present")
            for name in concepts[fact.concept].is_a
            if not concepts[name].unnamed and concepts[name].kind == fact.kind and " " in fact.words
        ]

    def _is_lone_result(self, items: Sequence[Item], position: int) -> bool:
        """Whether a word such as "neg" answers something else than a study: none has been named."""
        rule = self._dialogue.file.lone_results
        return items[position].mention.text.casefold() in rule.words and not any(
            one.mention.kind in rule.studies for one in items[:position]
        )

    def _asking(self, text: str) -> list[int]:
        """The numbers of the sentences that ask, as items count them."""
        return [
            number
            for number, (start, end) in enumerate(sentences(text, self._folder), 1)
            if "?" in text[start : end + 1] or self._dialogue.asking.search(text[start:end])
        ]

    def read_sites(
        self, text: str, turn: int, mentions: Sequence[Mention], sites: Mapping[str, str]
    ) -> tuple[Fact, ...]:
        """Return the facts that sites stand for, by `sites` (site concept -> fact concept)."""
        return tuple(
            Fact(
                sites[item.mention.concept],
                self._vocabulary.concepts[sites[item.mention.concept]].kind,
                item.status,
                item.mention.text,
                turn,
                item.mention.start,
                item.mention.end,
            )
            for item in self._reader.read(text, [one for one in mentions if one.concept in sites])
        )

    def selects(self, selection: Selection, concept: str) -> bool:
        """Whether a concept is of the selection."""
        return self._reader.selects(selection, concept)

    @staticmethod
    def _implied_status(status: AssertionStatus) -> AssertionStatus:
        # "suspected metastatic breast cancer": the spread is in doubt, the cancer is not.
        return "present" if status == "possible" else status

    def _state(self, text: str, items: Sequence[Item], qualifiers: dict[int, set[str]]) -> None:
        """A spread of the disease that a sentence simply states is known; one that is looked for is not."""
        rule = self._dialogue.file.stated
        if rule is None:
            return
        spans = sentences(text, self._folder)
        searching = {item.sentence for item in items if item.mention.kind in rule.unless_kinds}
        for position, item in enumerate(items):
            if item.mention.kind not in rule.kinds or item.status != "present" or item.sentence in searching:
                continue
            start, end = spans[item.sentence - 1] if item.sentence else (0, len(text))
            if "?" not in text[start : end + 1] and not self._dialogue.recommendation.search(text[start:end]):
                qualifiers.setdefault(position, set()).add(rule.qualifier)

    def _fact(self, item: Item, turn: int, qualifiers: Iterable[str]) -> Fact | None:
        mention = item.mention
        if mention.kind not in self._kinds and mention.concept not in self._concepts:
            return None
        status = item.status
        if (
            status == "absent"
            and mention.reading
            and mention.value is not None
            and mention.kind in self._dialogue.file.measured_kinds
        ):
            status = "present"
        return Fact(
            mention.concept,
            mention.kind,
            status,
            mention.text,
            turn,
            mention.start,
            mention.end,
            mention.value,
            mention.unit,
            mention.reading,
            frozenset(qualifiers),
        )

    def _override(self, qualifiers: set[str]) -> set[str]:
        for winner, loser in self._dialogue.file.overrides:
            if winner in qualifiers:
                qualifiers = qualifiers - {loser}
        return qualifiers

    def _attach(
        self,
        text: str,
        items: Sequence[Item],
        rule: Attachment,
        found: dict[int, set[str]],
        attached: set[int],
    ) -> None:
        is_target = [self._reader.selects(rule.targets, item.mention.concept) for item in items]
        is_qualifier = [self._reader.selects(rule.qualifiers, item.mention.concept) for item in items]
        for position, item in enumerate(items):
            if not is_qualifier[position] or item.status in {"absent", "family"}:
                continue
            concept = item.mention.concept
            backward = any(self._vocabulary.is_a(concept, name) for name in rule.backward)
            close = any(self._vocabulary.is_a(concept, name) for name in rule.close)
            reached = self._reached(text, items, position, is_target, backward, close)
            if rule.linked:
                reached = [place for place in reached if self._beside(text, items, place, position)]
            names = {item.mention.concept, *self._vocabulary.implied(item.mention.concept)}
            for target in reached:
                found.setdefault(target, set()).update(names)
            if reached:
                attached.add(position)

    def _reached(
        self,
        text: str,
        items: Sequence[Item],
        position: int,
        is_target: Sequence[bool],
        backward: bool,
        close: bool,
    ) -> list[int]:
        """The targets of a qualifier: the next one if close, else the one it is said of, else the nearest.

        What stands further away is none where the qualifier must be `close`.
        """
        item = items[position]
        after = self._next(items, position, is_target, 1)
        before = self._next(items, position, is_target, -1)
        ahead = text[item.mention.end : items[after].mention.start] if after is not None else ""
        behind = text[items[before].mention.end : item.mention.start] if before is not None else ""
        same_after = after is not None and items[after].clause == item.clause
        same_before = before is not None and items[before].clause == item.clause
        if backward and same_after and _opens(ahead, behind):
            return self._list(text, items, after, is_target, 1)  # type: ignore[arg-type]
        if same_before and (backward or (ahead.strip() and self._linked(behind))):
            return self._list(text, items, before, is_target, -1)  # type: ignore[arg-type]
        if same_after and _words(ahead) <= _ADJACENT_WORDS and not _CHUNK.search(ahead):
            return self._list(text, items, after, is_target, 1)  # type: ignore[arg-type]
        if same_before and _words(behind) <= _ADJACENT_WORDS:
            return self._list(text, items, before, is_target, -1)  # type: ignore[arg-type]
        if close:
            return []
        if same_after and same_before:
            return [after if len(ahead) <= len(behind) else before]  # type: ignore[list-item]
        if same_after:
            return self._list(text, items, after, is_target, 1)  # type: ignore[arg-type]
        if same_before:
            return [before]  # type: ignore[list-item]
        if before is not None and items[before].sentence == item.sentence:
            return [before]
        if after is not None and items[after].sentence == item.sentence:
            return [after]
        return []

    def _beside(self, text: str, items: Sequence[Item], place: int, position: int) -> bool:
        """Whether only linking words stand between a qualifier and its target."""
        left, right = sorted((place, position))
        return self._linked(text[items[left].mention.end : items[right].mention.start])

    def _linked(self, gap: str) -> bool:
        """Whether only words such as "is now" stand in a gap."""
        if not gap.strip(" ,:("):
            return False
        covered = sum(end - start for start, end in self._dialogue.links.spans(gap))
        return covered >= len(re.sub(r"[\s,:(]", "", gap)) * 0.8

    @staticmethod
    def _next(items: Sequence[Item], position: int, is_target: Sequence[bool], step: int) -> int | None:
        place = position + step
        while 0 <= place < len(items) and items[place].sentence == items[position].sentence:
            if is_target[place]:
                return place
            place += step
        return None

    @staticmethod
    def _list(
        text: str, items: Sequence[Item], first: int, is_target: Sequence[bool], step: int
    ) -> list[int]:
        """A target and those that are enumerated with it ("new back pain, jaundice and cough")."""
        reached = [first]
        place = first + step
        while 0 <= place < len(items) and is_target[place] and items[place].clause == items[first].clause:
            left, right = sorted((reached[-1], place))
            if not _LIST_GAP.match(text[items[left].mention.end : items[right].mention.start]):
                break
            if items[place].status != items[first].status:
                break
            reached.append(place)
            place += step
        return reached


def _opens(ahead: str, behind: str) -> bool:
    """Whether a qualifier opens an item of a list whose finding follows: "sclerosis, unchanged left leg weakness"."""
    if not _CHUNK.search(behind) or behind.rstrip().endswith(("(", ":", "-")):
        return False
    return _words(ahead) <= _OPENING_WORDS and not _CHUNK.search(ahead)


def _words(gap: str) -> int:
    return len(_WORD.findall(gap))
