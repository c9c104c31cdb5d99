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
