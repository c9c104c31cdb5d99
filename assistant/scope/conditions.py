"""Tests of a guideline's conditions over patient facts; each says which facts made it true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from assistant.guidelines.schema import Condition, Scope
from assistant.types import CriterionState, Fact


class Taxonomy(Protocol):
    """What the scope needs of a vocabulary."""

    def is_a(self, concept: str, ancestor: str) -> bool:
        """Whether `concept` is `ancestor` or below it."""

    def ancestors(self, concept: str) -> frozenset[str]:
        """All concepts above `concept`."""


Support = tuple[Fact, ...]


class Known:
    """Facts by each concept that they state: their own and all above it, in the order in which they came."""

    def __init__(self, facts: Sequence[Fact], taxonomy: Taxonomy) -> None:
        self._by_concept: dict[str, list[Fact]] = {}
        for fact in facts:
            for concept in {fact.concept, *taxonomy.ancestors(fact.concept)}:
                self._by_concept.setdefault(concept, []).append(fact)

    def about(self, concept: str | None) -> Sequence[Fact]:
        """Return the facts that state `concept` or a kind of it."""
        return self._by_concept.get(concept, ()) if concept is not None else ()


def test_condition(
    condition: Condition,
    known: Known,
    states: Mapping[str, CriterionState],
    supports: Mapping[str, Support],
    taxonomy: Taxonomy,
) -> tuple[bool, Support]:
    """Return whether the condition holds, and the facts that make it hold (none for a negation).

    `states` and `supports` are those of the criteria decided so far, by id.
    """
    if condition.any:
        for part in condition.any:
            holds, support = test_condition(part, known, states, supports, taxonomy)
            if holds:
                return True, support
        return False, ()
    if condition.all:
        found: list[Fact] = []
        for part in condition.all:
            holds, support = test_condition(part, known, states, supports, taxonomy)
            if not holds:
                return False, ()
            found.extend(fact for fact in support if fact not in found)
        return True, tuple(found)
    if condition.negate is not None:
        holds, _ = test_condition(condition.negate, known, states, supports, taxonomy)
        return not holds, ()
    if condition.met is not None:
        return states.get(condition.met) == "met", supports.get(condition.met, ())
    about = known.about(condition.has)
    if not about:
        return False, ()
    support = tuple(fact for fact in about if _fits(condition, fact, taxonomy))
    return bool(support), support


#: Stands in a condition's `reading` for a value that could not be told high or low, such as one without a unit.
UNREAD = "unread"
Dependences = tuple[tuple[frozenset[str], frozenset[str]], ...]
_MOST_KNOWN = 64
_known: dict[int, tuple[Scope, Dependences]] = {}  # by id: to hash a scope takes longer than to read it


def dependences(scope: Scope) -> Dependences:
    """Return for each criterion which concepts and which other criteria its cases test; worked out once."""
    known = _known.get(id(scope))
    if known is None or known[0] is not scope:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        tested = [
            [leaf for case in criterion.cases for leaf in _leaves(case.when)] for criterion in scope.criteria
        ]
        made = tuple(
            (
                frozenset(one.has for one in leaves if one.has is not None),
                frozenset(one.met for one in leaves if one.met is not None),
            )
            for leaves in tested
        )
        known = _known[id(scope)] = scope, made
    return known[1]


def _leaves(condition: Condition) -> Iterator[Condition]:
    """The tests of a condition that hold no others."""
    inner = (*condition.any, *condition.all, *((condition.negate,) if condition.negate is not None else ()))
    if not inner:
        yield condition
    for part in inner:
        yield from _leaves(part)


def _fits(condition: Condition, fact: Fact, taxonomy: Taxonomy) -> bool:
    """Whether a fact about the condition's concept satisfies it."""
    if fact.status not in condition.status:
        return False
    if condition.reading and (fact.reading or UNREAD) not in condition.reading:
        return False
    if condition.at_least is not None and (fact.value is None or fact.value < condition.at_least):
        return False
    if condition.below is not None and (fact.value is None or fact.value >= condition.below):
        return False
    if any(taxonomy.is_a(fact.concept, name) for name in condition.excluding):
        return False
    if condition.with_ and not _qualified(fact, condition.with_, taxonomy):
        return False
    return not _qualified(fact, condition.without, taxonomy)


def _qualified(fact: Fact, names: Sequence[str], taxonomy: Taxonomy) -> bool:
    return any(taxonomy.is_a(qualifier, name) for qualifier in fact.qualifiers for name in names)
