"""A linear reading of the wordings: which words, word pairs, concepts and aspects speak for which record.

Fitted by ridge regression on the wordings themselves when the corpus is opened: a closed form, no chance,
no files. It sees what nearest neighbours do not: that "not", "why" or "lowest" turns one topic into another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence_reader import Asked, fold, words_of

_RIDGE = 1.0
_PAIR_SHARE = 0.6


class WordModel:
    """Weights of traits for records; `score` gives float32 (records,), about 1 for a wording of a record."""

    def __init__(self, asked: Sequence[Asked], rows: Sequence[int], size: int) -> None:
        """`asked[i]` is a wording of the record in row `rows[i]`, of `size` records."""
        traits = [traits_of(one) for one in asked]
        counts = Counter(trait for one in traits for trait in one)
        self._places = {trait: place for place, trait in enumerate(sorted(counts))}
        total = len(asked)
        self._rarity = np.array(
            [math.log((total + 1) / (counts[trait] + 0.5)) for trait in sorted(counts)], np.float64
        )
        matrix = np.stack([self._vector(one) for one in traits])
        target = np.zeros((total, size))
        target[np.arange(total), np.asarray(rows)] = 1.0
        # Records have many or few wordings: each is given the same say.
        share = target.sum(axis=0)
        gram = matrix @ matrix.T
        gram[np.diag_indices(total)] += _RIDGE
        dual = np.linalg.solve(gram, target / np.sqrt(np.maximum(share, 1.0) / 10.0))
        self._weights = (matrix.T @ dual).astype(np.float32)

    def score(self, asked: Asked) -> NDArray[np.float32]:
        """Return how far the traits of `asked` speak for each record."""
        vector = self._vector(traits_of(asked)).astype(np.float32)
        held = np.flatnonzero(vector)
        return np.round(vector[held] @ self._weights[held], 4)

    def _vector(self, traits: dict[str, float]) -> NDArray[np.float64]:
        vector = np.zeros(len(self._places))
        for trait, value in traits.items():
            place = self._places.get(trait)
            if place is not None:
                vector[place] = value * self._rarity[place]
        norm = float(np.linalg.norm(vector))
        return vector / norm if norm else vector


def traits_of(asked: Asked) -> dict[str, float]:
    """Return what a wording shows: its words and pairs of words, its concepts, its aspects, with a weight."""
    words = [fold(word) for word in words_of(asked.canonical)]
    traits = {f"w:{word}": 1.0 for word in words}
    traits.update({f"b:{a} {b}": _PAIR_SHARE for a, b in zip(words, words[1:], strict=False)})
    traits.update({f"c:{concept}": 0.7 for concept in asked.closure})
    traits.update({f"c:{concept}": 1.0 for concept in asked.concepts})
    traits.update({f"a:{aspect}": 0.7 for aspect in asked.aspects})
    return traits
