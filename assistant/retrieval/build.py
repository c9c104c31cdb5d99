"""Building a version of an index: embed (resumable), fill Chroma, and write what queries read."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, PassageIndexError
from assistant.retrieval.contents import Contents, read_current
from assistant.retrieval.embeddings import Embedder
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.models import write_json
from assistant.retrieval.store import (
    TEXTS,
    VECTORS,
    DamagedStoreError,
    IndexFolder,
    Manifest,
    StoreFailedError,
)

SHARD_TEXTS = 1024  # a kill loses at most one shard: a few seconds


def build_or_read(
    folder: IndexFolder,
    texts: Sequence[str],
    wanted: Manifest,
    embedder: Embedder | None,
    metadatas: Sequence[Mapping[str, Any]] | None,
    progress: bool,
    rebuild: bool,
    lock_timeout_s: float,
) -> Contents:
    """Return the wanted version of an index folder; build it first if it is not there, or to `rebuild` it.

    Warns of a damaged version, which is built again. OSError if the folder cannot be written,
    StoreFailedError if Chroma fails, PassageIndexError if another process builds for too long.
    """
    contents = None
    if not rebuild:
        try:
            contents = read_current(folder, wanted)
        except DamagedStoreError as error:
            warnings.warn(f"The index in {folder.path} is built again: {error}.", stacklevel=3)
    if contents is None:
        with folder.lock(lock_timeout_s):
            if not rebuild:
                with suppress(DamagedStoreError):  # another process may have built it by now
                    contents = read_current(folder, wanted)
            if contents is None:
                kept = {} if rebuild else _kept_vectors(folder, wanted)
                _build_version(folder, texts, wanted, embedder, metadatas, progress, kept)
                contents = read_current(folder, wanted)
    if contents is None:
        raise OSError("what was written there is not what is found")
    return contents


def _build_version(
    folder: IndexFolder,
    texts: Sequence[str],
    manifest: Manifest,
    embedder: Embedder | None,
    metadatas: Sequence[Mapping[str, Any]] | None,
    progress: bool,
    kept: Mapping[str, NDArray[np.float32]],
) -> Path:
    staging = folder.staging(manifest)
    shards = staging / "shards"
    if embedder is not None and not manifest.server:
        vectors = embed_all(texts, embedder, shards, progress, kept)
        np.save(staging / VECTORS, vectors, allow_pickle=False)
        _fill_local(staging / "chroma", texts, vectors, metadatas, progress)
    LexicalIndex.build(texts).save(staging)
    write_json(staging / TEXTS, [list(texts), None if metadatas is None else [dict(m) for m in metadatas]])
    shutil.rmtree(shards, ignore_errors=True)
    return folder.publish(staging, manifest)


def _kept_vectors(folder: IndexFolder, manifest: Manifest) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of the version that serves, by text, if the same model made them."""
    try:
        contents = read_current(folder)
    except DamagedStoreError:
        return {}
    if contents is None or contents.vectors is None or contents.manifest.embedder != manifest.embedder:
        return {}
    return dict(zip(contents.texts, contents.vectors, strict=True))


def fill_server(
    texts: Sequence[str],
    manifest: Manifest,
    embedder: Embedder,
    metadatas: Sequence[Mapping[str, Any]] | None,
    progress: bool,
    timeout_s: float,
) -> None:
    """Put passages and vectors on the server, unless they are there; PassageIndexError if it fails.

    The server's own count says where a killed run stopped. Vectors go out as they are made, so that memory
    is bounded.
    """
    from assistant.retrieval import chroma

    with chroma.server_client(manifest.server, timeout_s) as client:
        try:
            collection = chroma.open_collection(client, manifest.collection)
            done = collection.count()
            if done == len(texts):
                return
            step = chroma.BATCH_TEXTS
            with progress_bar("Embedding", len(texts), progress) as advance:
                for low in range(0, len(texts), step):
                    part = texts[low : low + step]
                    if low + len(part) > done:
                        vectors = embed_all(part, embedder, None, progress=False)
                        given = None if metadatas is None else metadatas[low : low + step]
                        chroma.write(collection, low, part, vectors, given)
                    advance(len(part))
            count = collection.count()
        except AssistantError:
            raise
        except Exception as error:  # Chroma's client raises errors without a common base
            raise chroma.server_error(manifest.server, error) from error
    if count != len(texts):
        raise PassageIndexError(
            f"The Chroma server at {manifest.server} keeps {count} of {len(texts)} passages: delete its "
            f"collection {manifest.collection} and build the index again."
        )


def embed_all(
    texts: Sequence[str],
    embedder: Embedder,
    shards: Path | None,
    progress: bool,
    kept: Mapping[str, NDArray[np.float32]] = MappingProxyType({}),
) -> NDArray[np.float32]:
    """Return the vectors of `texts`, float32 (n, d); blank texts get zeros, so that nothing finds them.

    Equal texts are embedded once, and those with a vector in `kept` not again. Texts go in shards of similar
    length; with `shards`, a folder, those that an earlier run left are read and not computed again.
    """
    places: dict[str, list[int]] = {}
    for position, text in enumerate(texts):
        if text.strip():
            places.setdefault(text, []).append(position)
    vectors = np.zeros((len(texts), embedder.dimensions), np.float32)
    for text in [text for text in places if text in kept]:
        vectors[places.pop(text)] = kept[text]
    unique = sorted(places, key=lambda text: (-len(text), places[text][0]))
    if shards is not None and len(unique) > SHARD_TEXTS:
        shards.mkdir(exist_ok=True)
    else:
        shards = None
    with progress_bar("Embedding", len(unique), progress) as advance:
        for low in range(0, len(unique), SHARD_TEXTS):
            part = unique[low : low + SHARD_TEXTS]
            found = _shard(part, embedder, None if shards is None else shards / f"{low:08d}.npy")
            for text, vector in zip(part, found, strict=True):
                vectors[places[text]] = vector
            advance(len(part))
    return vectors


def _shard(texts: Sequence[str], embedder: Embedder, path: Path | None) -> NDArray[np.float32]:
    shape = (len(texts), embedder.dimensions)
    if path is not None and path.is_file():
        try:
            kept = np.load(path, allow_pickle=False)
            if kept.shape == shape and kept.dtype == np.float32 and np.isfinite(kept).all():
                return np.asarray(kept, np.float32)
        except (OSError, ValueError, EOFError):
            pass  # it is computed again
    vectors = embedder.embed(texts)
    if vectors.shape != shape or not np.isfinite(vectors).all():
        raise PassageIndexError(
            f"The model gave vectors of shape {vectors.shape} and not {shape}, or values that are no numbers."
        )
    if path is not None:
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as file:
            np.save(file, vectors, allow_pickle=False)
        temporary.replace(path)
    return vectors


def _fill_local(
    folder: Path,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    metadatas: Sequence[Mapping[str, Any]] | None,
    progress: bool,
) -> None:
    from assistant.retrieval import chroma

    shutil.rmtree(folder, ignore_errors=True)  # a store that a kill left half-written is not trusted
    step = chroma.BATCH_TEXTS
    try:
        with chroma.local_client(folder) as client:
            collection = chroma.open_collection(client, chroma.COLLECTION, len(texts))
            with progress_bar("Storing", len(texts), progress) as advance:
                for low in range(0, len(texts), step):
                    given = None if metadatas is None else metadatas[low : low + step]
                    part = texts[low : low + step]
                    chroma.write(collection, low, part, vectors[low : low + step], given)
                    advance(len(part))
            count = collection.count()
    except OSError:
        raise
    except Exception as error:  # Chroma raises errors without a common base; a full disk is one of them
        raise StoreFailedError(f"Chroma: {error}") from error
    if count != len(texts):
        raise StoreFailedError(f"Chroma kept {count} of {len(texts)} passages")


@contextmanager
def progress_bar(task: str, total: int, visible: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs; yields a function that advances it."""
    if not visible or total == 0:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        number = bar.add_task(task, total=total)
        yield lambda step: bar.advance(number, step)
