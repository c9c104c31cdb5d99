"""Texts to vectors: onnxruntime answers queries without torch; sentence-transformers is the reference.

Every embedder gives L2-normalised float32 vectors, so a dot product is a cosine. Two embedders with the
same `name` give the same vectors (to about 1e-6), so an index built by one can be searched by the other.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.retrieval.models import ModelFiles, locate_model, switch_off_network
from assistant.retrieval.onnx_export import ExportError, OnnxRecord, export_onnx, read_record
from assistant.retrieval.runtime import idle_cores, open_session, open_tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

MAX_CHARS = 50_000  # far beyond the 256 tokens that are read; bounds the tokenizer's time on any input
BATCH_TOKENS = 512  # a batch that stays in a core's cache is the fastest on a CPU
_MANY_BATCHES = 8
THREADS = min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
_BRIEF_RUNS = 2  # a process that gives one answer does without a second copy of the weights


@runtime_checkable
class Embedder(Protocol):
    """What the index needs of a model. `name` identifies its vectors: it is part of the index key."""

    @property
    def name(self) -> str:
        """Identity of the vectors, with a hash of the weights."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of shape (len(texts), dimensions), each of length 1."""
        ...


def clean(text: str) -> str:
    """Make any string safe to tokenize: NULs become spaces, lone surrogates "?", the length is bounded."""
    return text[:MAX_CHARS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


class SentenceTransformerEmbedder:
    """The reference: sentence-transformers with its own pooling and batching. Loads torch when first used."""

    def __init__(self, files: ModelFiles) -> None:
        self._files = files
        self._name: str | None = None
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Identity of the vectors; hashes the weights the first time (ModelError if they are wrong)."""
        if self._name is None:
            self._name = self._files.identity(self._files.verify())
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def model(self) -> SentenceTransformer:
        """The loaded model; ModelError if sentence-transformers is missing or cannot read it."""
        with self._lock:
            if self._model is None:
                _ = self.name
                self._model = load_sentence_transformer(self._files)
            return self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of shape (len(texts), dimensions), each of length 1."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        vectors = self.model.encode(
            [clean(text) for text in texts], normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def load_sentence_transformer(files: ModelFiles, **model_kwargs: Any) -> SentenceTransformer:
    """Load the reference model from its folder, without a network; ModelError if that fails."""
    switch_off_network()
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(
            str(files.folder), device="cpu", local_files_only=True, model_kwargs=model_kwargs or None
        )
    except ImportError as error:
        raise ModelError(f"sentence-transformers cannot be imported ({error}): install it.") from error
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"The embedding model in {files.folder} cannot be loaded: {error}") from error


class OnnxEmbedder:
    """onnxruntime and tokenizers: no torch, about 0.1 s to load. Safe to share between threads."""

    def __init__(self, record: OnnxRecord) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._tokenizer_lock = threading.Lock()
        self._tokenizer: Any = None
        self._sessions: dict[int, Any] = {}  # by threads of a run
        self._runs = 0

    @property
    def name(self) -> str:
        """Identity of the vectors, with a hash of the weights."""
        return self._record.name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._record.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of shape (len(texts), dimensions), each of length 1.

        Texts are run in batches of similar length, so that little padding is computed, and equal texts
        once, so that duplicates get equal vectors. ModelError if the exported model cannot be run.
        """
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        if not texts:
            return vectors
        unique: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            unique.setdefault(clean(text), []).append(position)
        places = list(unique.values())
        tokens = [encoding.ids for encoding in self._load_tokenizer().encode_batch(list(unique))]
        batches = _batches([len(ids) for ids in tokens])
        # One run at a time uses all idle cores for the shortest wait. Many runs do best side by side on one core
        # each: they need not meet at every layer, which costs most on a busy machine.
        workers = THREADS if len(batches) >= _MANY_BATCHES else 1
        session = self._load_session(1 if workers > 1 else self._threads())

        def run(batch: list[int]) -> None:
            width = max(len(tokens[item]) for item in batch)
            ids = np.zeros((len(batch), width), np.int64)
            mask = np.zeros((len(batch), width), np.int64)
            for row, item in enumerate(batch):
                ids[row, : len(tokens[item])] = tokens[item]
                mask[row, : len(tokens[item])] = 1
            found = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            for row, item in enumerate(batch):
                vectors[places[item]] = found[row]

        try:
            _run_all(run, batches, workers)
        except Exception as error:  # onnxruntime's own errors have no common public base
            raise ModelError(f"The exported model {self._record.model} failed: {error}") from error
        return vectors

    def load_ahead(self) -> None:
        """Load the model in a thread of its own while the caller does other things; a failure shows at its use."""

        def load() -> None:
            with suppress(ModelError):
                self._load_session(THREADS)
                self._load_tokenizer()

        threading.Thread(target=load, name="model").start()

    def _threads(self) -> int:
        """How many threads one run is shared out to: where others have the cores, each waits for the slowest."""
        self._runs += 1
        return THREADS if self._runs <= _BRIEF_RUNS or idle_cores() >= THREADS - 1 else 1

    def _load_tokenizer(self) -> Any:
        with self._tokenizer_lock:
            if self._tokenizer is None:
                self._tokenizer = open_tokenizer(self._record.tokenizer)
            return self._tokenizer

    def _load_session(self, threads: int) -> Any:
        with self._lock:
            if threads not in self._sessions:
                self._sessions[threads] = open_session(self._record.model, threads)
            return self._sessions[threads]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group positions by length, longest first, at most BATCH_TOKENS tokens with padding in a batch."""
    order = sorted(range(len(lengths)), key=lambda item: (-lengths[item], item))
    batches: list[list[int]] = []
    low = 0
    while low < len(order):
        count = max(1, BATCH_TOKENS // max(1, lengths[order[low]]))
        batches.append(order[low : low + count])
        low += count
    return batches


def _run_all(run: Callable[[list[int]], None], batches: list[list[int]], workers: int) -> None:
    if workers == 1:
        for batch in batches:
            run(batch)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        list(pool.map(run, batches))
    finally:
        pool.shutdown(cancel_futures=True)  # so that Ctrl-C ends a build at once


def open_embedder(cache: Path | None = None, model: Path | None = None) -> Embedder:
    """Return the fastest embedder there is for `model` (a folder; None: the packaged one).

    An ONNX export is looked for in `cache` and written there once (about 10 s). Where that cannot be, the
    reference is used, with a warning. ModelError if there is no model, it is not the expected one, or no
    library can run it.
    """
    switch_off_network()
    files = locate_model(model)
    missing = [name for name in ("onnxruntime", "tokenizers") if find_spec(name) is None]
    if missing:
        advice = f"{' and '.join(missing)} cannot be imported: install it"
    else:
        cache = cache or default_cache()
        try:
            return _shared(read_record(files, cache) or export_onnx(files, cache))
        except (OSError, ExportError) as error:
            advice = (
                f"the model cannot be exported to {cache} ({error}): give a cache folder that can be written "
                "and has 300 MB of free space"
            )
    warnings.warn(f"Queries run on torch and start slowly: {advice}.", stacklevel=2)
    return SentenceTransformerEmbedder(files)


@lru_cache(maxsize=8)
def _shared(record: OnnxRecord) -> OnnxEmbedder:
    """Keep one loaded model per process, however many indexes use it."""
    return OnnxEmbedder(record)


def default_cache() -> Path:
    """Return the folder for exported models beside the default index folder."""
    from assistant.settings import load_settings

    return load_settings().index / "models"
