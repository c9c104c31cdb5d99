"""The best scores of rows of unequal length."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answering.evidence_counts import Stretches


@pytest.mark.parametrize(
    ("counts", "best", "mean"),
    [
        ((3, 4), (0.5, 0.9), (0.4, 0.8)),
        ((0, 3, 0, 4, 0), (-1.0, 0.5, -1.0, 0.9, -1.0), (-1.0, 0.4, -1.0, 0.8, -1.0)),
        ((1, 2, 4), (0.3, 0.5, 0.9), (-1.7 / 3, -0.1 / 3, 0.8)),
    ],
)
def test_best_and_mean_of_three(
    counts: tuple[int, ...], best: tuple[float, ...], mean: tuple[float, ...]
) -> None:
    scores = np.array([0.3, 0.5, 0.4, 0.9, 0.1, 0.9, 0.6], np.float32)
    rows = Stretches(counts)
    assert rows.best(scores) == pytest.approx(best)
    assert rows.mean(scores) == pytest.approx(mean)
    assert scores[3] == np.float32(0.9), "the scores stay as they are"
