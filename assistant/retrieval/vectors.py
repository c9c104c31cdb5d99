"""Where the vectors of an index are searched: in a memory-mapped array, or on a Chroma server.

The array is searched exactly. At 100,000 passages that takes about as long as an approximate search and
never misses; past one machine the server's approximate search takes over.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import PassageIndexError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Vector = NDArray[np.float32]
MAX_FULL_SCORES = 20_000
# A product of so few rows stays on the thread that asks. Reading memory sets the pace, so more threads win
# little, and where another program has their core all of them wait for the slowest: several times as long.
_ROWS = 512
# A process that gives one answer reads the file of vectors once and need not hold it; one that stays, does.
_BRIEF_SEARCHES = 2
_HELD_ROWS = 8 * _ROWS


class LocalVectors:
    """Exact search over a float32 array (n, d), memory-mapped or in memory."""

    def __init__(self, array: Vector) -> None:
        self.array = array
        self._searches = 0

    def cosines(self, vector: Vector) -> Vector:
        """Return all cosines, float32 (n,)."""
        array = self.array
        self._searches += 1
        mapping = _mapping_of(array) if self._searches <= _BRIEF_SEARCHES else None
        found = np.empty(len(array), np.float32)
        for low in range(0, len(array), _ROWS):
            np.dot(array[low : low + _ROWS], vector, out=found[low : low + _ROWS])
            if mapping is not None and low % _HELD_ROWS == 0:
                mapping.madvise(mmap.MADV_DONTNEED)
        return np.clip(found, -1.0, 1.0, out=found)


def _mapping_of(array: Vector) -> mmap.mmap | None:
    """Return the file that an array is mapped from, if the system can be told to let go of what was read of it."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED") else None


class ServerVectors:
    """Approximate search on a Chroma server. Connects when first used, and again after a failure."""

    def __init__(self, url: str, name: str, size: int, timeout_s: float) -> None:
        self._url = url
        self._name = name
        self._size = size
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._collection: Collection | None = None

    def cosines(self, vector: Vector) -> Vector:
        """Return all cosines, float32 (n,); PassageIndexError for too many to fetch."""
        if self._size > MAX_FULL_SCORES:
            raise PassageIndexError(
                f"All scores of {self._size} passages are not fetched from a server; use search(query, k)."
            )
        found = np.zeros(self._size, np.float32)
        # The server's search is approximate and may leave some out: those are asked for by name.
        for position, cosine in self.candidates(vector, self._size, range(self._size)).items():
            found[position] = cosine
        return found

    def candidates(self, vector: Vector, k: int, others: Sequence[int]) -> dict[int, float]:
        """Return cosines of the `k` nearest and of `others`; PassageIndexError if the server fails."""
        from assistant.retrieval import chroma

        try:
            collection = self._connect()
            found = dict(chroma.query(collection, vector, min(k, self._size)))
            missing = [position for position in others if position not in found]
            found.update(chroma.cosines_of(collection, vector, missing))
        except PassageIndexError:
            raise
        except Exception as error:  # Chroma's client raises errors without a common base
            self._disconnect()
            raise chroma.server_error(self._url, error) from error
        return found

    def _connect(self) -> Collection:
        from assistant.retrieval import chroma

        with self._lock:
            if self._collection is None:
                self._client = chroma.server_client(self._url, self._timeout_s)
                self._collection = self._client.get_collection(self._name, embedding_function=None)
            return self._collection

    def _disconnect(self) -> None:
        with self._lock:
            client, self._client, self._collection = self._client, None, None
        if client is not None:
            client.close()
