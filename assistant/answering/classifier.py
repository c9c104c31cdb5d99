"""A linear classifier over sentence vectors and terms: which record a question belongs to, learned from all wordings.

The nearest wording is a poor judge where one odd wording lies near; a ridge regression on all of them weighs
every direction by how well it tells records apart. It has a closed form: no seed, no steps.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.terms import SIZE, TermSpace, hash_terms
from assistant.kept import write_whole

Array = NDArray[np.float32]
FILE = "classifier.npz"
RIDGE = 1.0  # this and the next: the best in cross-validation (python -m evals fit)
_DENSE = 2.0  # how much a sentence vector weighs beside its terms
_CHUNK = 2048


class Classifier:
    """`weights` is float32 (dimensions + SIZE + 1, records); the last row is the intercept."""

    def __init__(self, weights: Array, space: TermSpace) -> None:
        self._weights = weights
        self._space = space
        self._dimensions = weights.shape[0] - SIZE - 1

    def scores(self, vector: Array | None, canonical: str, marks: str) -> Array:
        """Return one score per record, float32 (records,): 1 for the best, shares of it for the others.

        A question unlike all wordings has low scores throughout; how they compare still tells records apart.
        """
        terms = self._space.vector(hash_terms(canonical, marks))
        held = np.flatnonzero(terms)  # a text holds few of all terms
        found = terms[held] @ self._weights[self._dimensions + held] + self._weights[-1]
        if vector is not None:
            dense = vector[: self._dimensions] * np.float32(_DENSE)
            found = found + dense @ self._weights[: self._dimensions]
        best = found.max(initial=0.0)
        if best <= 0:
            return np.zeros_like(found)
        shares: Array = np.clip(found / best, 0.0, 1.0).astype(np.float32)
        return shares

    @classmethod
    def fit(
        cls, vectors: Array | None, texts: Sequence[str], marks: Sequence[str], counts: Sequence[int]
    ) -> Classifier:
        """Fit on wordings, `counts` of each record in turn: `texts`, their `marks`, and their `vectors` (n, d).

        Each record weighs by the square root of its wordings, so that many do not drown few.
        """
        size, total = len(counts), sum(counts)
        width = 0 if vectors is None else vectors.shape[1]
        hashes = [hash_terms(text, mark) for text, mark in zip(texts[:total], marks, strict=True)]
        space = TermSpace.count(hashes, total)
        labels = np.repeat(np.arange(size), counts)
        weights = (1.0 / np.sqrt(np.maximum(1, np.asarray(counts, np.float32))))[labels].astype(np.float32)
        gram = np.zeros((width + SIZE + 1, width + SIZE + 1))
        target = np.zeros((width + SIZE + 1, size))
        for low in range(0, total, _CHUNK):
            high = min(low + _CHUNK, total)
            rows = np.ones((high - low, width + SIZE + 1), np.float32)
            if vectors is not None:
                rows[:, :width] = vectors[low:high] * np.float32(_DENSE)
            for row, one in enumerate(hashes[low:high]):
                rows[row, width:-1] = space.vector(one)
            weighed = rows * weights[low:high, None]
            gram += weighed.T @ rows
            wanted = np.full((high - low, size), -1.0 / size, np.float32)
            wanted[np.arange(high - low), labels[low:high]] = 1.0
            target += weighed.T @ wanted
        solved = np.linalg.solve(gram + RIDGE * np.eye(len(gram)), target)
        return cls(np.asarray(solved, np.float32), space)

    @classmethod
    def open(
        cls,
        path: Path,
        key: str,
        vectors: Array | None,
        texts: Sequence[str],
        marks: Sequence[str],
        counts: Sequence[int],
    ) -> Classifier:
        """Read the classifier that was kept in `path` under `key`, or fit it and keep it if that can be."""
        kept = _read(path, key)
        width = 0 if vectors is None else vectors.shape[1]
        if kept is not None and kept._weights.shape == (width + SIZE + 1, len(counts)):
            return kept
        fitted = cls.fit(vectors, texts, marks, counts)
        kept_as: dict[str, Any] = {
            "key": np.array(key),
            "weights": fitted._weights,
            "rarity": fitted._space.rarity,
        }
        write_whole(path, lambda file: np.savez(file, **kept_as))
        return fitted


def _read(path: Path, key: str) -> Classifier | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            weights: Array = kept["weights"]
            rarity: Array = kept["rarity"]
            if str(kept["key"]) != key or weights.dtype != np.float32 or not np.isfinite(weights).all():
                return None
            return Classifier(weights, TermSpace(rarity))
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None
