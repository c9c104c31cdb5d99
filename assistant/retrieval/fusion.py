"""Dense and lexical scores as one, and the best of many with ties in a fixed order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Tuned on the two ends: between short questions, words mislead and meaning decides; in passages, words
# decide more often than not. evals/benchmarks/retrieval_fusion.py shows the curve.
SHORT_TERMS, SHORT_WEIGHT = 10.0, 0.1
LONG_TERMS, LONG_WEIGHT = 30.0, 0.4
DECIMALS = 6  # scores are rounded: a model run in another batch differs in the 7th place


def lexical_weight(terms_per_text: float) -> float:
    """Return the weight of words against meaning for texts of that mean length, in different terms."""
    share = (terms_per_text - SHORT_TERMS) / (LONG_TERMS - SHORT_TERMS)
    return SHORT_WEIGHT + (LONG_WEIGHT - SHORT_WEIGHT) * min(1.0, max(0.0, share))


def fuse(
    dense: NDArray[np.float32] | None, lexical: NDArray[np.float32], weight: float
) -> NDArray[np.float32]:
    """Weigh cosines (n,) and BM25 shares (n,) into scores in [0, 1]; the lexical alone if `dense` is None.

    `weight` is of the lexical part. Scores are added, not ranks: a first rank by a hair stays a hair.
    """
    if dense is None:
        return lexical
    return np.asarray((1.0 - weight) * np.maximum(dense, 0.0) + weight * lexical, np.float32)


def top(scores: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """Return the `k` best as (position, score rounded to DECIMALS), best first, ties by position."""
    if len(scores) == 0:
        return []
    rounded = np.round(np.asarray(scores, np.float64), DECIMALS)
    k = min(k, len(rounded))
    kth = np.partition(rounded, len(rounded) - k)[len(rounded) - k]
    above = np.flatnonzero(rounded > kth)
    order = above[np.lexsort((above, -rounded[above]))]
    level = np.flatnonzero(rounded == kth)[: k - len(above)]  # thousands may tie at 0: not sorted
    return [(int(position), float(rounded[position])) for position in (*order, *level)]
