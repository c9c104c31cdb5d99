"""The basis of an answer, for its reader: facts, criteria and counterfactuals as public records."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.guidelines.decision import Decision, Outcome
from assistant.guidelines.pack import Guideline
from assistant.types import Counterfactual, CriterionRecord, Fact, FactRecord, ScopeRecord, ScopeVerdict


def fact_records(facts: Sequence[Fact], concept_name: Callable[[str], str]) -> tuple[FactRecord, ...]:
    """Return the facts as shown, those that an implied concept doubles left out."""
    shown: dict[tuple[int, int, int], FactRecord] = {}
    for fact in facts:
        if not fact.words:
            continue
        name = concept_name(fact.concept)
        record = FactRecord(
            concept=fact.concept,
            name=name,
            kind=fact.kind,
            status=fact.status,
            words=fact.words,
            turn=fact.turn,
        )
        shown.setdefault((fact.turn, fact.start, fact.end), record)
    return tuple(shown.values())


def scope_record(
    guideline: Guideline,
    verdict: ScopeVerdict,
    facts: Sequence[Fact],
    decision: Decision | None,
    counterfactuals: Sequence[Counterfactual],
    contradictions: Sequence[str],
    concept_name: Callable[[str], str],
) -> ScopeRecord:
    """Return the public basis of an answer; without a decision only the facts."""
    missing = decision.missing if decision else None
    return ScopeRecord(
        guideline=guideline.id,
        verdict=verdict,
        facts=fact_records(facts, concept_name),
        criteria=tuple(_criterion(guideline, one) for one in decision.outcomes) if decision else (),
        missing=missing.criterion.id if missing else "",
        question=missing.criterion.ask if missing else "",
        contradictions=tuple(concept_name(concept) for concept in contradictions),
        counterfactuals=tuple(counterfactuals),
    )


def _criterion(guideline: Guideline, outcome: Outcome) -> CriterionRecord:
    statements = (outcome.case.statements if outcome.case else ()) or outcome.criterion.statements
    return CriterionRecord(
        id=outcome.criterion.id,
        name=outcome.criterion.name,
        state=outcome.state,
        assumed=outcome.assumed,
        words=tuple(dict.fromkeys(fact.words for fact in outcome.support if fact.words)),
        quote=guideline.statements[statements[0]].quote if statements else "",
    )
