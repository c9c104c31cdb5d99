"""Which samples a changed record can touch, the likeliest to notice first, and the guideline with the change."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from assistant.cases import CaseReader
from assistant.guidelines.decision import Decision
from assistant.guidelines.loader import FILES
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Case, Scope
from assistant.messages import read_turns
from assistant.scope.decision import decide
from assistant.types import Fact
from evals.mutation.memory import Memory
from evals.mutation.records import GUARD, OPTIONS, RELATIONS, SCOPE, STATEMENTS, TOPICS, Change
from evals.scoring import Result, group_spans
from evals.source import GUIDELINE, overlaps

#: So many samples that a record can touch are asked, spread over the sets, before it counts as a survivor.
MOST_ASKED = 60
#: So many whose verdict a changed criterion turns are enough.
_ENOUGH_DECIDED = 20
#: What it adds to a sample's score that the change turns its verdict, or only how the verdict is reached.
_TURNED, _REACHED_OTHERWISE = 6.0, 3.0


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
        self._decisions: dict[int, Decision | None] = {}

    def by(self, change: Change) -> tuple[list[Result], bool]:
        """The samples to ask, and whether these are all that the change can touch."""
        scores = [self._score(place, change) for place in range(len(self.right))]
        if change.file == SCOPE:
            for place, more in self._decided(change).items():
                scores[place] += more
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
        # A question on the text is answered from the topics, though with the same quotes.
        if change.file == SCOPE and not self._facts[place]:
            return 0.0
        cited = len(self._cited[place] & change.statements) / (1 + len(self._cited[place]))
        wanted = max(
            (len(one & change.statements) / len(one) for one in self._wanted[place] if one), default=0.0
        )
        shown = {option.id for option in result.answer.options} if result.answer else set()
        touched = cited + bool(shown & change.options) + bool(change.topic)
        if change.file == OPTIONS:
            touched += bool(touched and self._facts[place])
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

    def _decided(self, change: Change) -> dict[int, float]:
        """What it adds to the score of a sample that the changed scope decides in another way.

        Few are enough; those whose verdict turns are looked for longest, since what only reaches the same verdict
        otherwise is seldom noticed.
        """
        if change.operator == "swap-quote":
            return dict.fromkeys(self._excluded_by(change.record), _REACHED_OTHERWISE)
        scope = TypeAdapter(FILES[SCOPE]).validate_python(change.content)
        base = self.guideline.scope
        kept = {one.id: one for one in scope.criteria}
        turned = {
            one.id: [case for case in one.cases if case not in kept[one.id].cases]
            for one in base.criteria
            if one.id in kept and kept[one.id] != one
        }
        able = len(scope.criteria) < len(base.criteria) or bool(turned)  # a preference turns no verdict
        found: dict[int, float] = {}
        counts = {_TURNED: 0, _REACHED_OTHERWISE: 0}
        for place, facts in enumerate(self._facts):
            if not facts:
                continue
            before = self._before(place)
            if change.operator == "flip-case" and not _fires(before, turned):
                continue
            after = self._decision(scope, facts)
            if _how(before) == _how(after):
                continue
            same = before is not None and after is not None and before.verdict == after.verdict
            found[place] = _REACHED_OTHERWISE if same else _TURNED
            counts[found[place]] += 1
            if counts[_TURNED if able else _REACHED_OTHERWISE] == _ENOUGH_DECIDED:
                break
        return found

    def _excluded_by(self, criterion: str) -> list[int]:
        """Patients whom a criterion excludes: their answers say it in its words."""
        decided = ((place, self._before(place)) for place, facts in enumerate(self._facts) if facts)
        return [
            place
            for place, made in decided
            if made is not None and criterion in {one.criterion.id for one in made.blocking}
        ]

    def _before(self, place: int) -> Decision | None:
        """What is decided of a patient without any change."""
        if place not in self._decisions:
            self._decisions[place] = self._decision(self.guideline.scope, self._facts[place])
        return self._decisions[place]

    def _decision(self, scope: Scope, facts: Sequence[Fact]) -> Decision | None:
        try:
            return decide(scope, facts, self.base.vocabulary)
        except (KeyError, ValueError):  # a criterion that another one refers to is gone
            return None


def _fires(decision: Decision | None, turned: Mapping[str, Sequence[Case]]) -> bool:
    """Whether one of the cases that are turned decided its criterion; of a finding the decision does not tell."""
    if decision is None:
        return True
    deciding = {one.criterion.id: one.case for one in decision.outcomes}
    return any(name not in deciding or deciding[name] in cases for name, cases in turned.items())


def _how(made: Decision | None) -> Any:
    """The verdict, and by what it is reached."""
    if made is None:
        return None
    return (
        made.verdict,
        [one.criterion.id for one in made.blocking],
        made.missing.criterion.id if made.missing else "",
        made.preference.options if made.preference else (),
        made.preference.id if made.preference else "",
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
