"""Which samples a changed record can touch, the likeliest to notice first, and the guideline with the change."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from assistant.cases import CaseReader
from assistant.guidelines.loader import FILES
from assistant.guidelines.pack import Guideline
from assistant.messages import read_turns
from assistant.scope.decision import decide
from assistant.types import Fact
from evals.mutation.memory import Memory
from evals.mutation.records import GUARD, RELATIONS, SCOPE, STATEMENTS, TOPICS, Change
from evals.scoring import Result, group_spans
from evals.source import GUIDELINE, overlaps

#: So many samples that a record can touch are asked, spread over the sets, before it counts as a survivor.
MOST_ASKED = 60
#: So many whose decision a changed criterion turns are enough.
_ENOUGH_DECIDED = 20


class Touched:
    """The samples that were right, with what each cites, expects, shows and found."""

    def __init__(self, memory: Memory, results: Sequence[Result]) -> None:
        """Leave out what the guard withheld something of: without it the answer may be wrong already."""
        self.memory = memory
        self.base = memory.assistant.resources
        self.guideline = self.base.guideline(GUIDELINE)
        self.right = [r for r in results if r.right and r.answer and not _withheld(r)]
        self._places = {(one.start, one.end): name for name, one in self.guideline.statements.items()}
        self._quotes = {one.quote: name for name, one in self.guideline.statements.items()}
        self._cited = [self._rests_on(result) for result in self.right]
        self._named: dict[tuple[str, ...], frozenset[str]] = {}
        self._wanted = [
            [self._names(group) for group in (*r.sample.cited, *r.sample.basis)] for r in self.right
        ]
        self._facts = [self._read(result) for result in self.right]
        self._verdicts: dict[int, Any] = {}

    def by(self, change: Change) -> tuple[list[Result], bool]:
        """The samples to ask, and whether these are all that the change can touch."""
        scores = [self._score(place, change) for place in range(len(self.right))]
        if change.file == SCOPE:
            for place in self._decided(change):
                scores[place] += 3
        order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
        found = [self.right[place] for place in order if scores[place] > 0]
        first, rest = found[: MOST_ASKED // 2], found[MOST_ASKED // 2 :]
        asked = [*first, *rest[:: max(1, len(rest) // (MOST_ASKED // 2))]][:MOST_ASKED]
        return asked, len(asked) == len(found)

    def _score(self, place: int, change: Change) -> float:
        """How likely the sample is to notice: most if it expects what the record rests on and nothing else."""
        result = self.right[place]
        if change.topic and change.topic not in self.memory.found[result.sample.id]:
            return 0.0
        cited = len(self._cited[place] & change.statements) / (1 + len(self._cited[place]))
        wanted = max(
            (len(one & change.statements) / len(one) for one in self._wanted[place] if one), default=0.0
        )
        shown = {option.id for option in result.answer.options} if result.answer else set()
        touched = cited + bool(shown & change.options) + bool(change.topic)
        return touched + 2 * wanted + len(result.sample.facts) / 20 if touched else 0.0

    def _rests_on(self, result: Result) -> frozenset[str]:
        """The statements that an answer cites, or shows with the criteria of its basis."""
        if result.answer is None:
            return frozenset()
        cited = (self._places.get((c.start, c.end), "") for c in result.answer.citations)
        return frozenset([*cited, *(self._quotes.get(one.quote, "") for one in result.answer.scope.criteria)])

    def _names(self, group: tuple[str, ...]) -> frozenset[str]:
        """The statements that would do as a citation of a group of quotes."""
        if group not in self._named:
            spans = group_spans(group)
            self._named[group] = frozenset(
                name
                for name, one in self.guideline.statements.items()
                if any(overlaps((one.start, one.end), span) for span in spans)
            )
        return self._named[group]

    def _read(self, result: Result) -> tuple[Fact, ...]:
        """The facts by which a patient is decided; none where the answer shows none."""
        if result.answer is None or not result.answer.scope.facts:
            return ()
        turns, reply = read_turns(result.history), CaseReader(self.memory.assistant.resources).reply
        found = self.base.reader.read(result.sample.turns[-1], turns, reply=reply)
        return found.facts if found.patient or found.facts else ()

    def _decided(self, change: Change) -> list[int]:
        """Samples whose decision the changed scope turns."""
        scope = TypeAdapter(FILES[SCOPE]).validate_python(change.content)
        found: list[int] = []
        for place, facts in enumerate(self._facts):
            if not facts:
                continue
            if place not in self._verdicts:
                self._verdicts[place] = self._verdict(self.guideline.scope, facts)
            if self._verdict(scope, facts) != self._verdicts[place]:
                found.append(place)
                if len(found) == _ENOUGH_DECIDED:
                    break
        return found

    def _verdict(self, scope: Any, facts: Sequence[Fact]) -> Any:
        try:
            made = decide(scope, facts, self.base.vocabulary)
        except (KeyError, ValueError) as error:  # a criterion that another one refers to is gone
            return str(error)
        return (
            made.verdict,
            [one.criterion.id for one in made.blocking],
            made.missing.criterion.id if made.missing else "",
            made.preference.options if made.preference else (),
            made.remarks,
            made.unstated,
        )


def changed_guideline(base: Guideline, change: Change) -> Guideline:
    """The guideline with the change, made in memory; what the guard reads of its own is not part of it."""
    if change.file in (GUARD, RELATIONS):
        return base
    if change.file == STATEMENTS:
        by_quote = {one.quote: one for one in base.statements.values()}
        changed = {
            row["id"]: dataclasses.replace(by_quote[row["quote"]], id=row["id"])
            for row in change.content
            if base.statements[row["id"]].quote != row["quote"]
        }
        return dataclasses.replace(base, statements={**base.statements, **changed})
    parsed: Any = TypeAdapter(FILES[change.file]).validate_python(change.content)
    if change.file == TOPICS:
        return dataclasses.replace(base, topics=parsed.topics, unstated=parsed.unstated)
    field: dict[str, Any] = {change.file.partition(".")[0]: parsed}
    return dataclasses.replace(base, **field)


def _withheld(result: Result) -> bool:
    return result.answer is not None and any(notice.kind == "guard" for notice in result.answer.notices)
