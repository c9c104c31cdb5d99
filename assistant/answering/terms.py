"""What a text holds as a sparse vector: its words, their pairs and beginnings, its concepts and aspects.

Terms are hashed to places of an array, so that there is no list of terms to keep. A term weighs by how few of
the wordings hold it; one that a single wording holds says nothing about others and weighs nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence_reader import Asked, words_of

Array = NDArray[np.float32]
SIZE = 2048
_BUCKETS = 1 << 18
_BEGINNING = 5


def marks_of(asked: Asked) -> str:
    """Return what was read of a text as one line: concepts, all that they are and imply, aspects."""
    return "|".join(" ".join(part) for part in (asked.concepts, sorted(asked.closure), sorted(asked.aspects)))


def terms_of(canonical: str, marks: str) -> Iterator[str]:
    """Yield the terms of a text by its canonical form and its marks; some may come twice."""
    words = words_of(canonical)
    yield from (f"w{word}" for word in words)
    yield from (f"b{one}_{other}" for one, other in pairwise(words))
    yield from (f"p{word[:_BEGINNING]}" for word in words if len(word) >= _BEGINNING)
    concepts, closure, aspects = (part.split() for part in marks.split("|"))
    concepts.sort()
    yield from (f"c{concept}" for concept in closure)
    yield from (f"a{aspect}" for aspect in aspects)
    yield from (f"n{concept}a{aspect}" for concept in concepts for aspect in aspects)
    yield from (f"n{one}n{other}" for place, one in enumerate(concepts) for other in concepts[place + 1 :])


class TermSpace:
    """Weighs terms by rarity. `rarity` is float32 (buckets,), by the hash of a term."""

    def __init__(self, rarity: Array) -> None:
        self.rarity = rarity

    @classmethod
    def count(cls, texts: Iterable[Sequence[int]], size: int) -> TermSpace:
        """Count in how many of `size` texts, given as hashes, a term stands."""
        counts = np.zeros(_BUCKETS, np.int64)
        for hashes in texts:
            counts[np.unique(np.asarray(hashes, np.int64) % _BUCKETS)] += 1
        rarity = np.where(counts > 1, np.log(size / np.maximum(counts, 1)), 0.0)
        return cls(rarity.astype(np.float32))

    def vector(self, hashes: Sequence[int]) -> Array:
        """Return the vector of a text, float32 (SIZE,), of length one or zero."""
        found = np.asarray(hashes, np.int64)
        weights = self.rarity[found % _BUCKETS]
        mixed = (found * 2654435761) & 0xFFFFFFFF  # the places must not follow the buckets
        vector = np.zeros(SIZE, np.float32)
        np.add.at(vector, (mixed >> 8) % SIZE, np.where(mixed & 1, weights, -weights))
        length = np.float32(np.linalg.norm(vector))
        return vector / length if length else vector


def hash_terms(canonical: str, marks: str) -> list[int]:
    """Return the hashes of the terms of a text, each once, in order."""
    return sorted({zlib.crc32(term.encode()) for term in terms_of(canonical, marks)})
