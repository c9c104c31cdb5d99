"""A denial that a later turn takes back: "that 'no seizures' line was last month's, she had one this morning".

What was denied is then no longer known to be absent. It is present where the turn tells of one of it, under a pronoun
or a number alone; where it does not, a sign that would exclude the patient is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Fact
from assistant.understanding.dialogue import Cues, Dialogue
from assistant.understanding.facts import FactReader
from assistant.vocabulary import Mention, Vocabulary


class Retractions:
    """Finds the denials that a turn takes back. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue, reader: FactReader) -> None:
        """`reader` tells which concepts a denial is of."""
        self._vocabulary = vocabulary
        self._rule = dialogue.file.retracted
        self._reader = reader
        self._denial = Cues(self._rule.denial)
        self._pointed = Cues(self._rule.pointed)
        self._event = Cues(self._rule.event)
        self._lone_event = Cues(self._rule.lone_event)
        self._stands = Cues(self._rule.stands)
        self._sited = [re.compile(one, re.IGNORECASE) for one in self._rule.sited.patterns]

    def read(
        self, text: str, mentions: Sequence[Mention], known: Sequence[Fact], new: Sequence[Fact], turn: int
    ) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """Return what is known and what is new once what the turn takes back is gone."""
        known, new = self._without_sites(text, known, new)
        denied = [fact for fact in known if fact.status == "absent" and self._is_target(fact.concept)]
        if not denied or self._stands.search(text):
            return tuple(known), tuple(new)
        spans = list(self._denial.spans(text))
        named = {
            one.concept
            for one in mentions
            if self._is_target(one.concept) and any(start <= one.start < end for start, end in spans)
        }
        gone = [fact for fact in denied if any(self._touches(name, fact.concept) for name in named)]
        if gone:
            new = [
                fact
                for fact in new
                if fact.status == "present" or not any(start <= fact.start < end for start, end in spans)
            ]
        elif not any(fact.status == "present" and self._is_target(fact.concept) for fact in new):
            gone = self._pointed_at(text, denied)
        if not gone:
            return tuple(known), tuple(new)
        kept = tuple(fact for fact in known if fact not in gone)
        return kept, (*new, *self._told(text, gone, new, turn, certain=bool(named)))

    def _without_sites(
        self, text: str, known: Sequence[Fact], new: Sequence[Fact]
    ) -> tuple[Sequence[Fact], Sequence[Fact]]:
        """Return both with the findings denied that the turn takes back by their site."""
        for match in (one for pattern in self._sited for one in pattern.finditer(text)):
            words = self._rule.site_pain.format(site=match["site"])
            named = {one.concept for one in self._vocabulary.find(words) if self._is_target(one.concept)}
            named -= {one.concept for one in self._vocabulary.find(self._rule.site_pain.format(site=""))}
            gone = [
                fact
                for fact in known
                if fact.status == "present" and any(self._touches(name, fact.concept) for name in named)
            ]
            if gone:
                known = [replace(fact, status="absent") if fact in gone else fact for fact in known]
                new = [fact for fact in new if not match.start() <= fact.start < match.end()]
        return known, new

    def _pointed_at(self, text: str, denied: Sequence[Fact]) -> list[Fact]:
        """The denials of the last turn that made any, where the turn takes back "that", or tells of "her first"."""
        last = max(fact.turn for fact in denied)
        latest = [fact for fact in denied if fact.turn == last]
        if self._pointed.search(text):
            return latest
        lone = [fact for fact in latest if self._doubt(fact.concept)]
        return lone if lone and self._lone_event.search(text) else []

    def _told(
        self, text: str, gone: Sequence[Fact], new: Sequence[Fact], turn: int, *, certain: bool
    ) -> list[Fact]:
        """What the turn states of the denied findings: one is there, or it is not known."""
        if any(fact.status == "present" and self._doubt(fact.concept) for fact in new):
            return []
        doubts = dict.fromkeys(name for fact in gone if (name := self._doubt(fact.concept)))
        told = [
            Fact(name, self._vocabulary.concepts[name].kind, "possible", gone[0].words, turn, 0, 0)
            for name in doubts
        ]
        event = next(self._event.spans(text), None)
        if event is not None and (certain or (len(gone) == 1 and self._pointed.search(text))):
            start, end = event
            told += [
                replace(
                    fact,
                    status="present",
                    words=text[start:end],
                    turn=turn,
                    start=start,
                    end=end,
                    qualifiers=frozenset({self._rule.qualifier}),
                )
                for fact in gone
            ]
        return told

    def _doubt(self, concept: str) -> str:
        """The concept that says of a denied one that it may be there, or "" where nothing does."""
        return next(
            (doubt for name, doubt in self._rule.doubts.items() if self._vocabulary.is_a(concept, name)), ""
        )

    def _touches(self, name: str, concept: str) -> bool:
        return self._vocabulary.is_a(concept, name) or self._vocabulary.is_a(name, concept)

    def _is_target(self, concept: str) -> bool:
        return self._reader.selects(self._rule.targets, concept)
