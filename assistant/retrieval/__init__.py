"""Passages with offsets, their vectors, BM25, and the index that searches them by both.

`passages` cuts a source, `index` searches any texts, `embeddings` makes vectors. Imported on first use, so
that a program that searches nothing pays for nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.retrieval.embeddings import Embedder, open_embedder
    from assistant.retrieval.index import Hit, PassageIndex, Scores
    from assistant.retrieval.passages import chunk_source, embedding_text

__all__ = ["Embedder", "Hit", "PassageIndex", "Scores", "chunk_source", "embedding_text", "open_embedder"]

_HOMES = {
    "Embedder": "embeddings",
    "open_embedder": "embeddings",
    "Hit": "index",
    "PassageIndex": "index",
    "Scores": "index",
    "chunk_source": "passages",
    "embedding_text": "passages",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
