"""The vectors of the last queries, so that a repeated question costs no model run."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embeddings import Embedder, clean

SIZE = 1024
_LONGEST_KEPT = 2000  # characters: bounds the memory of the cache


class QueryCache:
    """A least-recently-used cache of query vectors. Thread-safe."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def vector(self, query: str, embedder: Embedder) -> NDArray[np.float32]:
        """Return the vector of `query`, float32 (dimensions,); ModelError if the model fails."""
        query = clean(query)
        with self._lock:
            if query in self._vectors:
                self._vectors.move_to_end(query)
                return self._vectors[query]
        vector = np.asarray(embedder.embed([query])[0], np.float32)
        self._keep([query], [vector])
        return vector

    def expect(self, queries: Iterable[str], embedder: Embedder) -> None:
        """Embed queries that are about to be asked in one run, for little more than one of them costs."""
        with self._lock:
            cleaned = dict.fromkeys(map(clean, queries))
            new = [query for query in cleaned if query not in self._vectors and len(query) <= _LONGEST_KEPT]
        if len(new) > 1:
            self._keep(new, embedder.embed(new))

    def _keep(self, queries: Sequence[str], vectors: Iterable[NDArray[np.float32]]) -> None:
        with self._lock:
            for query, vector in zip(queries, vectors, strict=True):
                if len(query) <= _LONGEST_KEPT:
                    self._vectors[query] = np.asarray(vector, np.float32)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)


_caches: WeakKeyDictionary[Embedder, QueryCache] = WeakKeyDictionary()
_caches_lock = threading.Lock()


def query_cache(embedder: Embedder) -> QueryCache:
    """Return the cache that all indexes with this embedder share: two indexes embed a question once."""
    try:
        with _caches_lock:
            return _caches.setdefault(embedder, QueryCache())
    except TypeError:  # it cannot be hashed or weakly referred to
        return QueryCache()
