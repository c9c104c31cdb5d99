"""PassageIndex: hybrid retrieval over any list of texts, in memory or in a folder that survives anything."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError, PassageIndexError
from assistant.retrieval.build import build_or_read, embed_all, fill_server
from assistant.retrieval.contents import Contents, read_current
from assistant.retrieval.embeddings import Embedder, open_embedder
from assistant.retrieval.fusion import fuse, lexical_weight, top
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.queries import query_cache
from assistant.retrieval.store import DamagedStoreError, IndexFolder, Manifest, StoreFailedError, texts_key
from assistant.retrieval.vectors import LocalVectors, ServerVectors

LOCK_TIMEOUT_S = 600.0
CHROMA_TIMEOUT_S = 5.0
_CANDIDATES = 50


class Hit(TypedDict):
    """A found text: its position in the list that was indexed, and a score in [0, 1], higher is better."""

    position: int
    text: str
    score: float


class Scores(NamedTuple):
    """Scores of all texts, float32 (n,) each, by position; `dense` is None without a model."""

    fused: NDArray[np.float32]
    dense: NDArray[np.float32] | None
    lexical: NDArray[np.float32]


class PassageIndex:
    """Texts that can be searched by meaning and by words. Make one with `build` or `open`; thread-safe.

    `texts` and `metadatas` are what was indexed, by position; `folder` is the version on disk, or None.
    """

    def __init__(
        self,
        texts: Sequence[str],
        lexical: LexicalIndex,
        vectors: LocalVectors | ServerVectors | None,
        embedder: Embedder | None,
        metadatas: Sequence[Mapping[str, Any]] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.texts = texts
        self.metadatas = metadatas
        self.folder = folder
        self.embedder = embedder
        self._lexical = lexical
        self._weight = lexical_weight(lexical.terms_per_text)
        self._vectors = vectors if embedder is not None else None
        self._queries = query_cache(embedder) if embedder is not None else None

    @classmethod
    def build(
        cls,
        texts: Sequence[str],
        path: Path | str | None = None,
        *,
        embedder: Embedder | None = None,
        metadatas: Sequence[Mapping[str, Any]] | None = None,
        progress: bool = False,
        rebuild: bool = False,
        cache: Path | None = None,
        model: Path | None = None,
        chroma_url: str = "",
        chroma_timeout_s: float = CHROMA_TIMEOUT_S,
        lock_timeout_s: float = LOCK_TIMEOUT_S,
        key: str = "",
    ) -> PassageIndex:
        """Index `texts`: in memory, or in the folder `path`, where the same texts are not built again.

        `embedder` replaces the packaged model; `model` is a folder with another one, `cache` where its fast
        form is kept. With `chroma_url` the vectors live on a Chroma server. Without a model the index has
        words alone (`dense_available` is False) and warns. A damaged folder is built again, one that cannot
        be written gives an index in memory, both with a warning. `key` is the texts' `texts_key`, where it is
        known: with it an index that is there opens without a look at the texts. PassageIndexError for texts
        that are not a list of strings, a server that fails, or another process that builds longer than
        `lock_timeout_s`.
        """
        if not key:
            texts = _checked(texts, metadatas)
        embedder = embedder or _default_embedder(cache, model)
        wanted = Manifest(
            key or texts_key(texts, metadatas),
            embedder.name if embedder else "",
            len(texts),
            embedder.dimensions if embedder else 0,
            chroma_url if embedder else "",
        )
        if embedder is not None and chroma_url:
            fill_server(texts, wanted, embedder, metadatas, progress, chroma_timeout_s)
        if path is not None:
            folder = IndexFolder(Path(path))
            try:
                contents = build_or_read(
                    folder, texts, wanted, embedder, metadatas, progress, rebuild, lock_timeout_s
                )
                return cls._of(contents, embedder, chroma_timeout_s)
            except (OSError, DamagedStoreError, StoreFailedError) as error:
                warnings.warn(
                    f"The index cannot be kept in {folder.path} ({error}); it is held in memory and built at "
                    "every start. Give a folder that can be written and has free space.",
                    stacklevel=2,
                )
        vectors: LocalVectors | ServerVectors | None = None
        if wanted.server:
            vectors = ServerVectors(wanted.server, wanted.collection, len(texts), chroma_timeout_s)
        elif embedder is not None:
            vectors = LocalVectors(embed_all(texts, embedder, None, progress))
        return cls(texts, LexicalIndex.build(texts), vectors, embedder, metadatas)

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        embedder: Embedder | None = None,
        cache: Path | None = None,
        model: Path | None = None,
        chroma_timeout_s: float = CHROMA_TIMEOUT_S,
    ) -> PassageIndex:
        """Open an index that was built in `path`; PassageIndexError if there is none or it is damaged."""
        folder = IndexFolder(Path(path))
        try:
            contents = read_current(folder)
        except DamagedStoreError as error:
            raise PassageIndexError(
                f"The index in {folder.path} cannot be used: {error}. Build it again."
            ) from error
        if contents is None:
            raise PassageIndexError(f"There is no index in {folder.path}: build it first.")
        if contents.manifest.embedder:
            embedder = embedder or _default_embedder(cache, model)
            if embedder is not None and embedder.name != contents.manifest.embedder:
                warnings.warn(
                    f"The index in {folder.path} was built with another model; texts are found by their "
                    "words alone until it is built again.",
                    stacklevel=2,
                )
                embedder = None
        return cls._of(contents, embedder, chroma_timeout_s)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    @property
    def dense_available(self) -> bool:
        """Whether search goes by meaning too, and not by words alone."""
        return self._vectors is not None

    @property
    def vectors(self) -> NDArray[np.float32] | None:
        """The vectors of the texts, float32 (n, d); None without a model, or where a server keeps them."""
        return self._vectors.array if isinstance(self._vectors, LocalVectors) else None

    def vector(self, query: str) -> NDArray[np.float32] | None:
        """Return the query's vector, float32 (d,); None for a blank query or without a model."""
        return self._vector(query, 1)

    def expect(self, queries: Iterable[str]) -> None:
        """Embed queries that are about to be asked together: one run of the model takes less than several."""
        asked = [query for query in queries if query.strip()]
        if self.embedder is not None and self._queries is not None and self._vectors is not None:
            with suppress(ModelError):  # it shows again, and is told of, where the first is asked
                self._queries.expect(asked, self.embedder)

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """Return the `k` best texts by meaning and words together, best first, ties by position.

        Fewer if there are fewer; none for a blank query. PassageIndexError for a `k` below 1, a query that is
        no string, or a Chroma server that fails.
        """
        vector = self._vector(query, k)
        if not query.strip() or not self.texts:
            return []
        lexical, vectors = self._lexical.search(query), self._vectors
        if vectors is None or vector is None:
            return self._hits(lexical, k)
        if isinstance(vectors, LocalVectors):
            return self._hits(fuse(vectors.cosines(vector), lexical, self._weight), k)
        words = [position for position, score in top(lexical, _CANDIDATES) if score > 0]
        near = vectors.candidates(vector, max(k, _CANDIDATES), words)
        positions = np.array(sorted(near), np.int64)
        dense = np.array([near[int(position)] for position in positions], np.float32)
        best = top(fuse(dense, lexical[positions], self._weight), k)
        return [self._hit(int(positions[item]), score) for item, score in best]

    def dense(self, query: str, k: int = 5) -> list[Hit]:
        """Return the `k` nearest by cosine; PassageIndexError without a model. See `search`."""
        vector, vectors = self._vector(query, k), self._vectors
        if vectors is None:
            raise PassageIndexError(
                "The index has no vectors: install the embedding model and build it again."
            )
        if vector is None or not self.texts:
            return []
        if isinstance(vectors, LocalVectors):
            return self._hits(vectors.cosines(vector), k)
        near = vectors.candidates(vector, k, ())
        ranked = sorted((-round(cosine, 6), position) for position, cosine in near.items())
        return [self._hit(position, -score) for score, position in ranked[:k]]

    def lexical(self, query: str, k: int = 5) -> list[Hit]:
        """Return the `k` best by words alone (BM25 as a share of the reachable). See `search`."""
        _check_query(query, k)
        return self._hits(self._lexical.search(query), k) if query.strip() else []

    def scores(self, query: str) -> Scores:
        """Return all scores of every text; zeros for a blank query. For collections that fit in memory."""
        vector, vectors = self._vector(query, 1), self._vectors
        lexical = self._lexical.search(query)
        if vectors is None:
            return Scores(lexical, None, lexical)
        dense = np.zeros(len(self.texts), np.float32) if vector is None else vectors.cosines(vector)
        return Scores(fuse(dense, lexical, self._weight), dense, lexical)

    def words(self, query: str) -> NDArray[np.float32]:
        """Return the scores of every text by words alone, float32 (n,); zeros for a blank query."""
        _check_query(query, 1)
        return self._lexical.search(query)

    def _vector(self, query: str, k: int) -> NDArray[np.float32] | None:
        _check_query(query, k)
        embedder, queries = self.embedder, self._queries
        if embedder is None or queries is None or self._vectors is None or not query.strip():
            return None
        try:
            return queries.vector(query, embedder)
        except ModelError as error:
            warnings.warn(f"{error} Until then texts are found by their words alone.", stacklevel=3)
            self._vectors = None
            return None

    def _hits(self, scores: NDArray[np.float32], k: int) -> list[Hit]:
        return [self._hit(position, score) for position, score in top(scores, k)]

    def _hit(self, position: int, score: float) -> Hit:
        return {"position": position, "text": self.texts[position], "score": round(score, 6)}

    @classmethod
    def _of(cls, contents: Contents, embedder: Embedder | None, chroma_timeout_s: float) -> PassageIndex:
        vectors: LocalVectors | ServerVectors | None = None
        manifest = contents.manifest
        if contents.vectors is not None:
            vectors = LocalVectors(contents.vectors)
        elif manifest.server:
            vectors = ServerVectors(manifest.server, manifest.collection, manifest.size, chroma_timeout_s)
        return cls(contents.texts, contents.lexical, vectors, embedder, contents.metadatas, contents.folder)


def _default_embedder(cache: Path | None, model: Path | None) -> Embedder | None:
    try:
        return open_embedder(cache, model)
    except ModelError as error:
        warnings.warn(f"{error} Until then texts are found by their words alone.", stacklevel=3)
        return None


def _checked(texts: Sequence[str], metadatas: Sequence[Mapping[str, Any]] | None) -> list[str]:
    if isinstance(texts, (str, bytes)) or not all(isinstance(text, str) for text in texts):
        raise PassageIndexError("The texts to index must be a list of strings.")
    if metadatas is not None and len(metadatas) != len(texts):
        raise PassageIndexError(f"There are {len(texts)} texts, but {len(metadatas)} metadata records.")
    return list(texts)


def _check_query(query: object, k: object) -> None:
    if not isinstance(query, str):
        raise PassageIndexError(f"A query must be a string, not {type(query).__name__}.")
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise PassageIndexError(f"k must be a whole number of at least 1, not {k!r}.")
