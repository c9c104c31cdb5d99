"""Counterfactuals decide again only what a change can turn: the verdict is that of deciding everything anew."""

from __future__ import annotations

import random

import pytest

from assistant.guidelines.loader import load_corpus
from assistant.scope.conditions import Known, dependences
from assistant.scope.decision import _outcomes, _verdict_after, apply_flip, decide, example_fact
from assistant.settings import find_corpus
from assistant.vocabulary import load_vocabulary


@pytest.mark.parametrize("seed", range(5))
def test_the_verdict_after_a_change_is_that_of_all_criteria_decided_anew(seed: int) -> None:
    corpus = find_corpus()
    own = sorted(corpus.glob("guidelines/*/vocabulary.yaml"))
    vocabulary = load_vocabulary([corpus / "vocabulary", *own])
    chosen = random.Random(seed)
    for guideline in load_corpus(corpus, concepts=vocabulary.concepts.keys()):
        scope = guideline.scope
        flips = [flip for criterion in scope.criteria for flip in criterion.flips]
        examples = [example_fact(one) for flip in flips for one in flip.add]
        for _ in range(20):
            facts = chosen.sample(examples, chosen.randint(0, min(8, len(examples))))
            before = {
                one.criterion.id: one.state for one in _outcomes(scope, Known(facts, vocabulary), vocabulary)
            }
            for flip in flips:
                anew = decide(scope, apply_flip(flip, facts, vocabulary), vocabulary).verdict
                assert _verdict_after(flip, scope, facts, before, vocabulary) == anew


def test_what_criteria_test_is_worked_out_once_for_each_scope() -> None:
    corpus = find_corpus()
    scope = load_corpus(corpus)[0].scope
    tests = dependences(scope)
    assert len(tests) == len(scope.criteria)
    assert dependences(scope) is tests
    above: set[str] = set()
    for criterion, (concepts, criteria) in zip(scope.criteria, tests, strict=True):
        assert concepts or criteria
        assert criteria <= above  # a criterion asks for those above it alone
        above.add(criterion.id)
