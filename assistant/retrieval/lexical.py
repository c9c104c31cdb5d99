"""BM25 over the passages: built by bm25s, read back as plain arrays so that a query needs no bm25s import.

A score is a share of what the query could reach at most, so it is comparable between queries: 0 where no
word of the query occurs, near 1 where every word of it is prominent.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import PassageIndexError
from assistant.retrieval.models import write_json

TOKENIZER_VERSION = "1"  # part of the index key: raise it when the same text gives other terms
MAX_CHARS = 200_000
K1, B = 0.9, 0.4  # Anserini's values for passages; better here than Lucene's own (1.2, 0.75)
UNKNOWN_SHARE = 0.5  # how much a word that no passage has lowers the score: it may be a filler or the point
FILES = ("bm25-scores.npy", "bm25-passages.npy", "bm25-offsets.npy", "bm25-terms.json")

_WORD = re.compile(r"[^\W_]+")
# Words that carry no topic in a question; "not" and "no" are kept out too: BM25 knows no negation.
_STOPWORDS = frozenset(
    """
    a about am an and any are as at be been being but by can could did do does for from had has have he
    her his how i if in into is it its me my no not of on or our she should so some such than that the
    their them then there these they this those to was we were what when where which who whom whose why
    will with would you your
    """.split()  # noqa: SIM905 - a list of 80 literals would be harder to read
)


def terms(text: str) -> list[str]:
    """Split a text into folded words: lower case, no accents, plurals cut, stopwords dropped."""
    folded = text[:MAX_CHARS].casefold()
    if not folded.isascii():
        folded = "".join(
            letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter)
        )
    words = _WORD.findall(folded)
    return [_singular(word) for word in words if word not in _STOPWORDS]


def _singular(word: str) -> str:
    """Cut the plural ending (Harman's S-stemmer): stronger stemmers merge unlike clinical words."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    return word[:-1]


class LexicalIndex:
    """BM25 (Lucene's variant) as a sparse matrix by columns: one column of passage scores per term.

    `scores` float32 (m,), `passages` int32 (m,), `offsets` int64 (terms + 1,).
    """

    def __init__(
        self,
        scores: NDArray[np.float32],
        passages: NDArray[np.int32],
        offsets: NDArray[np.int64],
        vocabulary: Mapping[str, int],
        size: int,
    ) -> None:
        self._scores = scores
        self._passages = passages
        self._offsets = offsets
        self._vocabulary = vocabulary
        self._size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> LexicalIndex:
        """Index texts; PassageIndexError if bm25s is missing."""
        tokens = [terms(text) for text in texts]
        vocabulary = {term: number for number, term in enumerate(sorted({t for row in tokens for t in row}))}
        if not vocabulary:
            return cls(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64), {}, len(tokens))
        try:
            from bm25s import BM25
        except ImportError as error:
            raise PassageIndexError(f"bm25s cannot be imported ({error}): install it.") from error
        ids = [[vocabulary[term] for term in row] for row in tokens]
        engine = BM25(method="lucene", k1=K1, b=B)
        engine.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        found: dict[str, Any] = engine.scores
        return cls(
            np.asarray(found["data"], np.float32),
            np.asarray(found["indices"], np.int32),
            np.asarray(found["indptr"], np.int64),
            vocabulary,
            len(tokens),
        )

    @property
    def terms_per_text(self) -> float:
        """Mean number of different terms in a text."""
        return len(self._passages) / self._size if self._size else 0.0

    def search(self, query: str) -> NDArray[np.float32]:
        """Return each passage's share of the score that the query could reach, float32 (n,) in [0, 1]."""
        found = np.zeros(self._size, np.float32)
        reach = 0.0
        for term in dict.fromkeys(terms(query)):
            column = self._vocabulary.get(term)
            low, high = (0, 0) if column is None else self._offsets[column : column + 2]
            count = int(high - low)
            rarity = float(np.log1p((self._size - count + 0.5) / (count + 0.5)))  # Lucene's idf
            reach += rarity if count else rarity * UNKNOWN_SHARE
            found[self._passages[low:high]] += self._scores[low:high]
        return np.clip(found / reach, 0.0, 1.0).astype(np.float32) if reach > 0 else found

    def save(self, folder: Path) -> None:
        """Write the four files of FILES into an existing folder; no pickle."""
        arrays: tuple[NDArray[Any], ...] = (self._scores, self._passages, self._offsets)
        for name, array in zip(FILES, arrays, strict=False):
            np.save(folder / name, array, allow_pickle=False)
        write_json(folder / FILES[3], list(self._vocabulary))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Read what `save` wrote for `size` passages; ValueError or OSError if it cannot be."""
        scores, passages, offsets = (
            np.asarray(np.load(folder / name, mmap_mode="r", allow_pickle=False)) for name in FILES[:3]
        )
        words: Sequence[str] = json.loads((folder / FILES[3]).read_text("ascii"))
        if len(offsets) != len(words) + 1 or len(scores) != len(passages) or int(offsets[-1]) != len(scores):
            raise ValueError("the BM25 files do not fit each other")
        if len(passages) and not 0 <= int(passages.min()) <= int(passages.max()) < size:
            raise ValueError("the BM25 files do not fit the passages")
        return cls(scores, passages, offsets, {word: number for number, word in enumerate(words)}, size)
