"""Fusion: scores are weighed and not ranks, ties go by position."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.retrieval.fusion import LONG_WEIGHT, SHORT_WEIGHT, fuse, lexical_weight, top


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_words_weigh_more_in_long_texts() -> None:
    weights = [lexical_weight(terms) for terms in (0, 5, 10, 15, 20, 30, 500)]
    assert weights == sorted(weights)
    assert weights[0] == SHORT_WEIGHT
    assert weights[-1] == LONG_WEIGHT


def test_a_first_rank_by_meaning_survives_a_slightly_better_match_of_words() -> None:
    assert int(np.argmax(fuse(array(0.90, 0.80), array(0.30, 0.35), SHORT_WEIGHT))) == 0


def test_scores_stay_between_0_and_1() -> None:
    fused = fuse(array(-0.3, 1.0, 0.2), array(0.0, 1.0, 0.5), 0.4)
    assert 0 <= fused.min() <= fused.max() <= 1


def test_without_vectors_words_decide() -> None:
    lexical = array(0.1, 0.4)
    assert np.array_equal(fuse(None, lexical, 0.1), lexical)


def test_ties_go_by_position() -> None:
    assert [position for position, _ in top(array(0.5, 0.7, 0.5, 0.7, 0.5), 4)] == [1, 3, 0, 2]


def test_scores_that_differ_past_the_sixth_decimal_tie() -> None:
    assert top(array(0.5, 0.50000006), 2) == [(0, 0.5), (1, 0.5)]


@pytest.mark.parametrize("k", [1, 3, 5, 50])
def test_the_best_are_those_of_a_full_sort(k: int) -> None:
    scores = np.asarray(np.random.default_rng(k).integers(0, 9, 40) / 10, np.float32)
    expected = sorted(range(40), key=lambda position: (-round(float(scores[position]), 6), position))[:k]
    assert [position for position, _ in top(scores, k)] == expected


def test_nothing_has_no_best() -> None:
    assert top(array(), 3) == []
