"""How much a patient's facts have to do with a guideline, to choose between several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Condition, Scope
from assistant.scope.conditions import Taxonomy
from assistant.types import Fact

_DOMAIN_WEIGHT = 3
# Age and sex are facts about everybody.
_NEUTRAL_KINDS = frozenset({"demographic"})
_MOST_KNOWN = 64
_known: dict[str, frozenset[str]] = {}  # by the digest of a pack


def relevance(guideline: Guideline, facts: Sequence[Fact], taxonomy: Taxonomy) -> int:
    """Return a count of the facts that the guideline's criteria ask for; those of its domain count threefold."""
    named = _tested(guideline)
    score = 0
    for fact in facts:
        if fact.kind in _NEUTRAL_KINDS:
            continue
        if any(taxonomy.is_a(fact.concept, name) for name in guideline.metadata.domain):
            score += _DOMAIN_WEIGHT
        elif any(taxonomy.is_a(fact.concept, name) for name in named):
            score += 1
    return score


def _tested(guideline: Guideline) -> frozenset[str]:
    """The same set, made once: to hash a scope takes longer than to read it."""
    found = _known.get(guideline.digest)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[guideline.digest] = concepts_tested(guideline.scope)
    return found


def concepts_tested(scope: Scope) -> frozenset[str]:
    """Return all concepts that the conditions of a scope name."""
    return frozenset(
        name for criterion in scope.criteria for case in criterion.cases for name in _concepts(case.when)
    )


def _concepts(condition: Condition) -> Iterator[str]:
    if condition.has:
        yield condition.has
    for part in (*condition.any, *condition.all, *((condition.negate,) if condition.negate else ())):
        yield from _concepts(part)
