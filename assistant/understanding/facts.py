"""From the words of one turn to facts: concepts with their assertion status and what qualifies them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.types import AssertionStatus, Fact
from assistant.understanding.arrivals import ArrivalReader
from assistant.understanding.assertion import sentences
from assistant.understanding.attachments import Attachments
from assistant.understanding.company import CompanyReader
from assistant.understanding.courses import CourseReader
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.dialogue_rules import Selection
from assistant.understanding.items import Item, ItemReader
from assistant.understanding.resolution import ResolutionReader
from assistant.understanding.sharing import Sharing
from assistant.understanding.timeline import TimelineReader
from assistant.vocabulary import Mention, Vocabulary

_GAP = re.compile(r"[\s,;.–—-]*")


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
        self._attachments = Attachments(vocabulary, dialogue, self._reader)
        shown = (file.stated.shown_on, file.stated.shown_by) if file.stated else ("", "")
        self._shown_on, self._shown_by = (re.compile(part or r"(?!)", re.IGNORECASE) for part in shown)
        self._arrivals = ArrivalReader(dialogue, self._reader)
        self._sharing = Sharing(vocabulary, dialogue)
        self._courses = CourseReader(vocabulary, file.courses)
        self._timeline = TimelineReader(vocabulary, file.timeline, file.courses.running)
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
        items = self._sharing.equate(heard or text, items)
        self._timeline.settle(heard or text, items)
        qualifiers: dict[int, set[str]] = {}
        attached: set[int] = set()
        for rule in self._dialogue.file.attachments:
            self._attachments.attach(heard or text, items, rule, qualifiers, attached)
        self._sharing.trail(items, attached, qualifiers)
        self._timeline.promote(heard or text, items, qualifiers)
        self._state(text, items, qualifiers)
        self.resolution.settle(heard or text, items, qualifiers)
        self._arrivals.settle(heard or text, items, qualifiers)
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
                if not self._is_told_otherwise(concept, fact.qualifiers)
            ]
        spans = sentences(heard or text, self._folder)
        facts += self._sharing.retold(heard or text, items, attached, turn, spans)
        return tuple(self._unstruck(heard or text, facts))

    def _unstruck(self, text: str, facts: Sequence[Fact]) -> list[Fact]:
        """The facts without those that the same turn takes back ("severe headache, scratch that, no headache")."""
        struck = list(self._dialogue.struck.spans(text))
        if not struck:
            return list(facts)
        return [
            fact
            for fact in facts
            if not any(
                other.status in {"absent", "family"}
                and fact.status == "present"
                and self._vocabulary.is_a(fact.concept, other.concept)
                and any(fact.end <= start and end <= other.start for start, end in struck)
                for other in facts
            )
            and not any(
                _GAP.fullmatch(text[fact.end : start])
                and self._dialogue.struck_whole.fullmatch(text[start:end])
                for start, end in struck
                if start >= fact.end
            )
        ]

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

    def _is_told_otherwise(self, implied: str, told: Iterable[str]) -> bool:
        """Whether an intent that a regimen implies gives way to another one that is told of it."""
        others = self._dialogue.file.contrary.get(implied, ())
        return any(self._vocabulary.is_a(name, other) for name in told for other in others)

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
            if self._dialogue.asks(text[start : end + 1])
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
            if item.mention.kind not in rule.kinds or item.status != "present":
                continue
            if item.sentence in searching and not self._is_shown(text, items, position):
                continue
            start, end = spans[item.sentence - 1] if item.sentence else (0, len(text))
            if "?" not in text[start : end + 1] and not self._dialogue.recommendation.search(text[start:end]):
                qualifiers.setdefault(position, set()).add(rule.qualifier)

    def _is_shown(self, text: str, items: Sequence[Item], position: int) -> bool:
        """Whether a finding is told as seen on the study named next to it."""
        rule, found = self._dialogue.file.stated, items[position].mention
        if rule is None:
            return False
        for other in items[max(0, position - 1) : position + 2]:
            study = other.mention
            if study.kind not in rule.unless_kinds or other.sentence != items[position].sentence:
                continue
            if study.start >= found.end and self._shown_on.fullmatch(text[found.end : study.start]):
                return True
            if study.end <= found.start and self._shown_by.fullmatch(text[study.end : found.start]):
                return True
        return False

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
