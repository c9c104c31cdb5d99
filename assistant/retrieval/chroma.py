"""The Chroma collection that holds passages and vectors: on disk, or on a server. The only Chroma import.

Vectors always come from our embedder, so Chroma never loads (or downloads) a model of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from assistant.errors import PassageIndexError
from assistant.retrieval.models import switch_off_network

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
BATCH_TEXTS = 1024
# Past this many new passages Chroma writes its graph to the disk, a part of it as a pickle. Never here: our
# queries read the array beside the store, and whoever else opens it has the graph rebuilt from the log.
_NEVER = 2**31 - 1
# Nor is the graph worth much time for a large store: a coarser one halves the time to fill it.
_LARGE_TEXTS, _LARGE_EF = 20_000, 16


def local_client(folder: Path) -> Client:
    """Open (or make) the store in `folder`; PassageIndexError if Chroma cannot."""
    chromadb, settings = _import()
    try:
        return chromadb.PersistentClient(str(folder), settings=settings)  # type: ignore[no-any-return]
    except Exception as error:  # Chroma's Rust core raises errors without a common base
        raise PassageIndexError(f"The Chroma store in {folder} cannot be opened: {error}") from error


def server_client(url: str, timeout_s: float) -> Client:
    """Connect to a server at http(s)://host:port; PassageIndexError if it does not answer in time."""
    chromadb, settings = _import()
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        import httpx

        # Chroma's own client waits without limit, so a server that hangs must show before it is made.
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=timeout_s).raise_for_status()
        port = parts.port or (443 if secure else 8000)
        client = chromadb.HttpClient(host=parts.hostname or url, port=port, ssl=secure, settings=settings)
        session = getattr(getattr(client, "_server", None), "_session", None)
        if isinstance(session, httpx.Client):
            session.timeout = httpx.Timeout(timeout_s)
        return client  # type: ignore[no-any-return]
    except Exception as error:
        raise server_error(url, error) from error


def server_error(url: str, error: Exception) -> PassageIndexError:
    """Say that a server fails, and what to do."""
    return PassageIndexError(
        f"The Chroma server at {url} does not answer ({type(error).__name__}: {error}). "
        "Start it ('chroma run'), or unset the server's address to use the local index."
    )


def open_collection(client: ClientAPI, name: str, local_texts: int | None = None) -> Collection:
    """Return the collection `name`, made if it is new. Raises what Chroma raises.

    `local_texts` is how many texts a store on disk will hold; None on a server.
    """
    graph: dict[str, Any] = {"space": "cosine"}
    if local_texts is not None:
        graph["sync_threshold"] = _NEVER
        if local_texts > _LARGE_TEXTS:
            graph["ef_construction"] = _LARGE_EF
    configuration: Any = {"hnsw": graph}
    return client.get_or_create_collection(name, embedding_function=None, configuration=configuration)


def write(
    collection: Collection,
    low: int,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    metadatas: Sequence[Mapping[str, Any]] | None,
) -> None:
    """Write the passages at positions from `low` on (ids "0", "1"...). Idempotent. Raises what Chroma raises.

    `texts`, `vectors` (float32 (m, d)) and `metadatas` are of these passages alone, at most BATCH_TEXTS.
    """
    positions = range(low, low + len(texts))
    given: Sequence[Mapping[str, Any]] = metadatas if metadatas is not None else [{}] * len(texts)
    collection.upsert(
        ids=[str(position) for position in positions],
        embeddings=vectors,
        documents=[_document(text) for text in texts],
        metadatas=[_metadata(position, item) for position, item in zip(positions, given, strict=True)],
    )


def query(collection: Collection, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """Return the `k` nearest as (position, cosine), nearest first. Raises what Chroma raises."""
    found = collection.query(query_embeddings=vector[np.newaxis], n_results=k, include=["distances"])
    distances = (found["distances"] or [[]])[0]
    pairs = zip(found["ids"][0], distances, strict=True)
    return [(int(key), 1.0 - float(distance)) for key, distance in pairs]


def cosines_of(
    collection: Collection, vector: NDArray[np.float32], positions: Sequence[int]
) -> dict[int, float]:
    """Return the cosines of given passages, by position. Raises what Chroma raises."""
    if not positions:
        return {}
    found = collection.get(ids=[str(position) for position in positions], include=["embeddings"])
    cosines = np.asarray(found["embeddings"], np.float32) @ vector
    return {int(key): float(cosine) for key, cosine in zip(found["ids"], cosines, strict=True)}


def _import() -> tuple[Any, Any]:
    switch_off_network()
    try:
        import chromadb
        from chromadb.config import Settings
    except ImportError as error:
        raise PassageIndexError(f"chromadb cannot be imported ({error}): install it.") from error
    return chromadb, Settings(anonymized_telemetry=False)


def _document(text: str) -> str:
    """Chroma takes valid UTF-8 only; the exact text stands in texts.json."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _metadata(position: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Chroma takes flat metadata that is not empty."""
    flat = {
        str(key): value if isinstance(value, (int, float, bool)) else _document(str(value))
        for key, value in given.items()
        if value is not None
    }
    return {**flat, "position": position}
