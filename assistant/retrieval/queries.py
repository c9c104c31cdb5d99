"""The vectors of the last queries, so that a repeated question costs no model run."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embeddings import clean

Vectors = NDArray[np.float32]
_LONGEST_KEPT = 2000  # characters: bounds the memory of the cache


class QueryCache:
    """The vectors of the last queries, so that a repeated question costs no model run. Thread-safe."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], size: int = 1024) -> None:
        self._embed = embed
        self._size = size
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def vector(self, query: str) -> Vectors:
        """Return the float32 vector of `query`, of shape (dimensions,)."""
        query = clean(query)
        with self._lock:
            if query in self._vectors:
                self._vectors.move_to_end(query)
                return self._vectors[query]
        vector = np.asarray(self._embed([query])[0], np.float32)
        if len(query) > _LONGEST_KEPT:
            return vector
        with self._lock:
            self._vectors[query] = vector
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return vector
