"""Counts and ragged rows as numbers and arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


def rarity(count: float, size: int) -> float:
    """Return a weight in [0, 1]: 1 for what none of `size` records has, near 0 for what all have."""
    return math.log((size + 1) / (count + 1)) / math.log(size + 1)


def rarities(sets: Iterable[frozenset[str]], size: int) -> dict[str, float]:
    """Return the rarity of each thing that any of the sets holds."""
    counts = Counter(one for found in sets for one in found)
    return {one: rarity(count, size) for one, count in counts.items()}


def pad(rows: Sequence[Sequence[int]], least: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return ragged rows as one array (rows, longest) and which of its cells are real."""
    width = max([least, *map(len, rows)])
    places = np.zeros((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.bool_)
    for number, row in enumerate(rows):
        places[number, : len(row)] = row
        mask[number, : len(row)] = True
    return places, mask


class Stretches:
    """Scores that stand one after the other, so many for each row; the best of each row, and its best few."""

    def __init__(self, counts: Sequence[int]) -> None:
        """`counts` says how many scores each row has; it may have none."""
        sizes = np.asarray(counts, np.int64)
        self._total = int(sizes.sum())
        self._filled = np.flatnonzero(sizes)
        self._starts = (np.cumsum(sizes) - sizes)[self._filled]
        self._row_of = np.repeat(np.arange(len(sizes)), sizes)
        self._size = len(sizes)

    def best(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the best of each row, float32 (rows,); -1 for a row without scores."""
        found = np.full(self._size, -1.0, np.float32)
        if self._total:
            found[self._filled] = np.maximum.reduceat(scores[: self._total], self._starts)
        return found

    def mean(self, scores: NDArray[np.float32], of: int = 3) -> NDArray[np.float32]:
        """Return the mean of the `of` best of each row, float32 (rows,); what a row lacks counts -1."""
        rest = np.array(scores[: self._total], np.float32)
        total = np.zeros(self._size, np.float32)
        for _ in range(of):
            best = self.best(rest)
            total += best
            places = np.flatnonzero(rest == best[self._row_of])
            _, first = np.unique(self._row_of[places], return_index=True)
            rest[places[first]] = -1.0
        return total / np.float32(of)
