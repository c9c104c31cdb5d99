"""A published version, read and checked: what a query needs, without importing Chroma, bm25s or torch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.kept import Later
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.store import (
    TEXTS,
    VECTORS,
    DamagedStoreError,
    IndexFolder,
    Manifest,
    read_manifest,
)

_NO_METADATAS = b"],null]"  # how the file of texts ends where there are none beside them


@dataclass(frozen=True, slots=True)
class Contents:
    """What a version holds; `vectors` is float32 (n, d), None if there are none or a server has them."""

    folder: Path
    manifest: Manifest
    texts: Sequence[str]
    metadatas: Sequence[Mapping[str, Any]] | None
    lexical: LexicalIndex
    vectors: NDArray[np.float32] | None


def read_current(folder: IndexFolder, wanted: Manifest | None = None) -> Contents | None:
    """Read the version that serves; None if there is none, or it is not the one `wanted`.

    A version with vectors also serves where one without was wanted: the model may just be missing today.
    DamagedStoreError if it is not whole.
    """
    for attempt in range(3):
        version = folder.current()
        if version is None:
            return None
        try:
            return _read(version, wanted)
        except DamagedStoreError:
            # Not damage if another process has published a newer version and removed this one.
            if attempt == 2 or folder.current() == version:
                raise
    return None


def _read(version: Path, wanted: Manifest | None) -> Contents | None:
    manifest = read_manifest(version)
    if wanted is not None:
        same_texts = manifest.texts_key == wanted.texts_key
        if not same_texts or (wanted.embedder and manifest.key != wanted.key):
            return None
    try:
        written = (version / TEXTS).read_bytes()
        metadatas: Any = None
        if written.endswith(_NO_METADATAS):
            # Nobody may ever look at the texts themselves: scores go by their places.
            texts: Sequence[str] = Later(manifest.size, partial(_texts, written))
        else:
            texts, metadatas = json.loads(written)
        lexical = LexicalIndex.load(version, manifest.size)
        vectors = None
        if manifest.embedder and not manifest.server:
            vectors = np.asarray(np.load(version / VECTORS, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, TypeError) as error:
        raise DamagedStoreError(str(error)) from error
    fits = vectors is None or vectors.shape == (manifest.size, manifest.dimensions)
    if len(texts) != manifest.size or not fits or (vectors is not None and vectors.dtype != np.float32):
        raise DamagedStoreError("its parts do not fit each other")
    return Contents(version, manifest, texts, metadatas, lexical, vectors)


def _texts(written: bytes) -> list[str]:
    found: list[str] = json.loads(written)[0]
    return found
