"""The cosines of a question with all texts of a bank: exact where a record comes near, estimated elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.sketch import Sketch

Array = NDArray[np.float32]

#: A smaller bank is looked at whole in less time than it takes to choose.
LEAST_TEXTS = 4_000
# How many records are looked at exactly: the best by all evidence, and the best by the estimates alone, whose
# order counts too. Of some 700 questions none got other records first than by exact cosines throughout.
_BEST, _NEAREST = 40, 24


class Near:
    """`counts` says how many wordings each record has; they stand first among the texts, the statements after them."""

    def __init__(self, vectors: Array, sketch: Sketch, counts: Sequence[int]) -> None:
        """`vectors` are those of all texts, float32 (n, d), of which `sketch` was made."""
        self._vectors = vectors
        self._sketch = sketch
        ends = np.cumsum(np.asarray(counts, np.int64))
        self._stretches = list(zip((ends - counts).tolist(), ends.tolist(), strict=True))
        self._wordings = int(ends[-1]) if len(ends) else 0

    def cosines(self, vector: Array) -> Array:
        """Return all cosines, float32 (n,): estimates for the wordings, exact for the statements."""
        found = self._sketch.cosines(vector)
        self._look(found, vector, self._wordings, len(found))
        return found

    def settle(self, cosines: Array, vector: Array, rows: Iterable[int]) -> None:
        """Make the cosines of the records `rows` exact, in place."""
        for row in rows:
            self._look(cosines, vector, *self._stretches[row])

    @staticmethod
    def chosen(scores: Array, dense: Array) -> list[int]:
        """Return the rows to look at exactly, by their scores and by their best estimate, float32 (records,) each."""
        best = np.argsort(-scores, kind="stable")[:_BEST]
        nearest = np.argsort(-dense, kind="stable")[:_NEAREST]
        return sorted({*best.tolist(), *nearest.tolist()})

    def _look(self, cosines: Array, vector: Array, low: int, high: int) -> None:
        found = self._vectors[low:high] @ vector
        cosines[low:high] = np.clip(found, -1.0, 1.0, out=found)
