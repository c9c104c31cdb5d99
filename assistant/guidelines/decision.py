"""The decision whether a guideline applies to a patient: made in `scope`, put into words in `answering`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.guidelines.schema import Case, Criterion, Preference, Remark
from assistant.types import CriterionState, Fact, ScopeVerdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """One criterion as decided: `case` is what decided it, `support` the facts that it rests on."""

    criterion: Criterion
    state: CriterionState
    case: Case | None
    support: tuple[Fact, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision with all that it rests on. `blocking` are the outcomes that exclude the patient, in the
    order of the guideline; `missing` is the one criterion to ask for. `remarks` are what the text says of other
    things that the patient has, `unstated` the concepts among them on which it is silent. `undoubted` is the decision
    by the criteria alone where `missing` is asked for because a second reading of the patient doubts it.
    """

    verdict: ScopeVerdict
    outcomes: tuple[Outcome, ...]
    blocking: tuple[Outcome, ...] = ()
    missing: Outcome | None = None
    preference: Preference | None = None
    remarks: tuple[Remark, ...] = ()
    unstated: tuple[str, ...] = ()
    undoubted: Decision | None = None
