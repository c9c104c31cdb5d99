"""Does the guidance apply to this patient? Criteria x facts -> applies / does not apply / one fact is missing.

A criterion is met, failed or unknown. A failed entry criterion or a met exclusion decides alone, whatever
else is unknown; without one, an unknown entry criterion is asked for; otherwise the guidance applies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.guidelines.decision import Decision, Outcome
from assistant.guidelines.schema import Criterion, ExampleFact, Flip, Preference, Remark, Scope
from assistant.scope.conditions import Known, Support, Taxonomy, dependences, test_condition
from assistant.types import Counterfactual, CriterionState, Fact, ScopeVerdict


def decide(scope: Scope, facts: Sequence[Fact], taxonomy: Taxonomy) -> Decision:
    """Decide a described patient. Deterministic; O(criteria x facts)."""
    known = Known(facts, taxonomy)
    outcomes = _outcomes(scope, known, taxonomy)
    shown = tuple(one for one in outcomes if one.criterion.role != "finding")
    blocking = tuple(one for one in shown if _excludes(one.criterion, one.state))
    if blocking:
        return Decision("does_not_apply", shown, blocking)
    unknown = tuple(one for one in shown if one.state == "unknown")
    preference = _preference(scope, known, outcomes, taxonomy)
    if unknown:
        return Decision("needs_information", shown, (), unknown[0], preference)
    remarks, unstated = _remarks(scope, known, taxonomy)
    return Decision("applies", shown, (), None, preference, remarks, unstated)


def counterfactuals(
    scope: Scope, facts: Sequence[Fact], decision: Decision, taxonomy: Taxonomy, most: int = 3
) -> tuple[Counterfactual, ...]:
    """The single changes that change the verdict, each verified by deciding again with the change made."""
    found: list[Counterfactual] = []
    before = {one.criterion.id: one.state for one in _outcomes(scope, Known(facts, taxonomy), taxonomy)}
    for outcome in decision.outcomes:
        for flip in outcome.criterion.flips:
            verdict = _verdict_after(flip, scope, facts, before, taxonomy)
            change = Counterfactual(change=flip.text, verdict=verdict)
            if verdict != decision.verdict and all(change.change != one.change for one in found):
                found.append(change)
    # A change that settles the matter tells more than one that only raises the next question.
    found.sort(key=lambda one: one.verdict == "needs_information")
    return tuple(found[:most])


def _verdict_after(
    flip: Flip,
    scope: Scope,
    facts: Sequence[Fact],
    before: Mapping[str, CriterionState],
    taxonomy: Taxonomy,
) -> ScopeVerdict:
    """Return the verdict after a flip of facts that gave the states `before`.

    Only criteria that test what the flip changes, or others that it turned, are decided again.
    """
    named = {one.concept for one in flip.add}
    named.update(fact.concept for fact in facts if _is_dropped(fact, flip, taxonomy))
    changed = named.union(*map(taxonomy.ancestors, named))
    known = None
    states = dict(before)
    turned: set[str] = set()
    unknown = False
    for criterion, (concepts, criteria) in zip(scope.criteria, dependences(scope), strict=True):
        name = criterion.id
        if not (changed.isdisjoint(concepts) and turned.isdisjoint(criteria)):
            known = known or Known(apply_flip(flip, facts, taxonomy), taxonomy)
            states[name] = _decide_criterion(criterion, known, states, {}, taxonomy).state
            if states[name] != before[name]:
                turned.add(name)
        if criterion.role != "finding":
            if _excludes(criterion, states[name]):
                return "does_not_apply"
            unknown = unknown or states[name] == "unknown"
    return "needs_information" if unknown else "applies"


def _is_dropped(fact: Fact, flip: Flip, taxonomy: Taxonomy) -> bool:
    return fact.concept in flip.drop or not taxonomy.ancestors(fact.concept).isdisjoint(flip.drop)


def apply_flip(flip: Flip, facts: Sequence[Fact], taxonomy: Taxonomy) -> tuple[Fact, ...]:
    """Return the facts with those of the flip's dropped concepts removed and its own added."""
    kept = [fact for fact in facts if not _is_dropped(fact, flip, taxonomy)]
    return (*kept, *(example_fact(example) for example in flip.add))


def example_fact(example: ExampleFact, words: str = "", turn: int = 0) -> Fact:
    """Return the fact that an example stands for; `words` are those of the user that stated it."""
    return Fact(
        example.concept,
        "",
        example.status,
        words,
        turn,
        0,
        len(words),
        value=example.value,
        reading=example.reading,
        qualifiers=frozenset(example.qualifiers),
    )


def _outcomes(scope: Scope, known: Known, taxonomy: Taxonomy) -> tuple[Outcome, ...]:
    states: dict[str, CriterionState] = {}
    supports: dict[str, Support] = {}
    outcomes = []
    for criterion in scope.criteria:
        outcome = _decide_criterion(criterion, known, states, supports, taxonomy)
        states[criterion.id] = outcome.state
        supports[criterion.id] = outcome.support
        outcomes.append(outcome)
    return tuple(outcomes)


def _decide_criterion(
    criterion: Criterion,
    known: Known,
    states: dict[str, CriterionState],
    supports: dict[str, Support],
    taxonomy: Taxonomy,
) -> Outcome:
    for case in criterion.cases:
        holds, support = test_condition(case.when, known, states, supports, taxonomy)
        if holds:
            return Outcome(criterion, case.state, case, support)
    if criterion.otherwise == "unknown" and criterion.assume:
        return Outcome(criterion, "met", None, (), assumed=True)
    return Outcome(criterion, criterion.otherwise, None, ())


def _excludes(criterion: Criterion, state: CriterionState) -> bool:
    return state == ("met" if criterion.role == "exclusion" else "failed")


def _preference(
    scope: Scope, known: Known, outcomes: Sequence[Outcome], taxonomy: Taxonomy
) -> Preference | None:
    states = {one.criterion.id: one.state for one in outcomes}
    supports = {one.criterion.id: one.support for one in outcomes}
    for preference in scope.preferences:
        if test_condition(preference.when, known, states, supports, taxonomy)[0]:
            return preference
    return None


def _remarks(scope: Scope, known: Known, taxonomy: Taxonomy) -> tuple[tuple[Remark, ...], tuple[str, ...]]:
    remarks = []
    unstated: list[str] = []
    for remark in scope.remarks:
        holds, support = test_condition(remark.when, known, {}, {}, taxonomy)
        if not holds:
            continue
        if remark.statements:
            remarks.append(remark)
        unstated += [
            fact.concept
            for fact in support
            if any(taxonomy.is_a(fact.concept, name) for name in remark.unstated)
        ]
    return tuple(remarks), tuple(dict.fromkeys(unstated))
