"""A second opinion on a patient who fits by the criteria: a learned one, of which nothing comes but a question.

The criteria know what to look for. The model was shown thousands of patients, and where the whole of what is told
reads like one of those whom the guidance is not for, the criterion that it doubts is asked for before a study is
put forward. What the user then answers counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from assistant.errors import ModelError
from assistant.guidelines.decision import Decision, Outcome
from assistant.guidelines.schema import Criterion, Scope
from assistant.scope.conditions import Taxonomy
from assistant.scope.decision import decide, example_fact
from assistant.types import Fact

_BETWEEN = " [SEP] "  # the model's own mark between two texts
_KEPT = 256


class PatientModel(Protocol):
    """A model that tells patients outside a guideline from those who fit. Both raise ModelError if it cannot be run."""

    @property
    def threshold(self) -> float:
        """The probability from which a patient is doubted."""
        ...

    def sort(self, texts: Sequence[str]) -> Sequence[tuple[float, str]]:
        """Return, for each text, the probability of being outside, and the criterion that most probably fails."""
        ...


class Replies:
    """The bare replies of a conversation: `answers` to what was doubted, `settled` what the criteria asked for."""

    def __init__(self) -> None:
        self.answers: dict[int, bool] = {}
        self.settled: dict[int, str] = {}

    def note(self, turn: int, yes: bool, criterion: str) -> None:
        """Keep the reply of a user turn, to the question for a criterion or, with none, to one that was doubted."""
        if criterion:
            self.settled[turn] = criterion
        else:
            self.answers[turn] = yes


def joined(turns: Sequence[str]) -> str:
    """What the model reads: the turns, with nothing in them that could be taken for the mark between them."""
    return _BETWEEN.join(turn.replace(_BETWEEN.strip(), "") for turn in turns)


class Doubt:
    """Doubts decisions of one guideline. Holds no conversation."""

    def __init__(self, model: PatientModel, scope: Scope, taxonomy: Taxonomy) -> None:
        self.model = model
        self._taxonomy = taxonomy
        self._scope = scope
        self._asked_for = {one.id: one for one in scope.criteria if one.ask}
        self._share = lru_cache(_KEPT)(self._uncached_share)

    def on(
        self, decision: Decision, users: Sequence[str], facts: Sequence[Fact], replies: Replies
    ) -> Decision:
        """Return the decision, or the question that comes before it; without a model the decision itself.

        `users` are all turns of the user, `facts` those on the patient. A question that was asked, by whichever of
        the two, is not asked again, unless what followed it reads the more like a patient outside.
        """
        if decision.verdict != "applies":
            return decision
        try:
            doubted, denied = self._follow(users, facts, replies)
        except ModelError:
            return decision
        if denied:
            return self._turned(decision, self._asked_for[denied])
        return _asking(decision, self._asked_for[doubted]) if doubted else decision

    def _follow(self, users: Sequence[str], facts: Sequence[Fact], replies: Replies) -> tuple[str, str]:
        """The criterion that is doubted after the last turn, and the one that the user denied to be so."""
        last = len(users) - 1
        told = {fact.turn for fact in facts}
        first = min(told, default=last)  # what was said before is another patient's
        asked, before, settled = "", 0.0, 0.0
        for turn in range(first, last + 1):
            share, criterion = self._share(joined(users[first : turn + 1]))
            if asked and turn in replies.answers:
                if replies.answers[turn] is self._excludes(asked):
                    return "", asked
                settled = max(share, before)
            elif asked and turn in told:
                settled = before
            known = {one for at, one in replies.settled.items() if at <= turn}
            doubts = share >= self.model.threshold and share > settled and criterion not in known
            asked = criterion if doubts and (turn == last or self._fits(facts, turn)) else ""
            before = share
        return asked, ""

    def _fits(self, facts: Sequence[Fact], turn: int) -> bool:
        """Whether the criteria held after an earlier turn: only then was it this question that was asked."""
        known = [fact for fact in facts if fact.turn <= turn]
        return decide(self._scope, known, self._taxonomy).verdict == "applies"

    def _uncached_share(self, text: str) -> tuple[float, str]:
        ((share, criterion),) = self.model.sort([text])
        return (share, criterion) if criterion in self._asked_for else (0.0, "")

    def _excludes(self, criterion: str) -> bool:
        return self._asked_for[criterion].role == "exclusion"

    def _turned(self, decision: Decision, criterion: Criterion) -> Decision:
        """The decision with a criterion that turns the patient away, for the reason that its denial gives."""
        told = criterion.if_yes if criterion.role == "exclusion" else criterion.if_no
        alone = decide(self._scope, tuple(map(example_fact, told)), self._taxonomy)
        outcome = next(one for one in alone.outcomes if one.criterion.id == criterion.id)
        return Decision("does_not_apply", _with(decision, outcome), (outcome,))

    def alternatives(self, decision: Decision) -> tuple[Decision, Decision]:
        """What a yes and a no to a doubted criterion would decide."""
        if decision.missing is None or decision.undoubted is None:
            raise ValueError("nothing is doubted in this decision")
        criterion = decision.missing.criterion
        turned = self._turned(decision.undoubted, criterion)
        both = (decision.undoubted, turned)
        return both if criterion.role != "exclusion" else (both[1], both[0])


def _asking(decision: Decision, criterion: Criterion) -> Decision:
    """The decision with one criterion unknown, which is to be asked for."""
    known = next(one for one in decision.outcomes if one.criterion.id == criterion.id)
    outcome = replace(known, state="unknown", case=None, assumed=False)
    return Decision(
        "needs_information", _with(decision, outcome), (), outcome, decision.preference, undoubted=decision
    )


def _with(decision: Decision, outcome: Outcome) -> tuple[Outcome, ...]:
    """The outcomes of a decision, one of them replaced."""
    return tuple(outcome if one.criterion.id == outcome.criterion.id else one for one in decision.outcomes)
