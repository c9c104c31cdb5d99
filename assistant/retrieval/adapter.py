"""The embedding model with low-rank changes (LoRA) for one task: merged into its weights, run like the model itself.

An adapter file is small (a megabyte) and holds, for some linear layers, two float16 matrices whose product is
added to the layer's weights, and the float32 weights of a logistic classifier over the changed model's
vectors. One that sorts has a second classifier, which tells of what kind a text of the class is. They are made by
`python -m evals judge --train` and `python -m evals doubt --train`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.retrieval.embeddings import Embedder, open_embedder
from assistant.retrieval.models import ModelFiles, file_sha256, locate_model

Array = NDArray[np.float32]
_MERGED = "model.safetensors"
#: What a model folder holds besides weights in forms that are not read here.
_CONFIG = ("*.json", "vocab.txt")


@dataclass(frozen=True, slots=True)
class Adapter:
    """`changes` by name of a weight: (a, b), of shapes (rank, inputs) and (outputs, rank); `head` is (dimensions + 1,).

    `base` is the sha256 of the weights that it changes, `sha256` that of the file. `sorting` is
    (kinds, dimensions + 1), a row for each of `kinds`.
    """

    base: str
    scale: float
    threshold: float
    changes: dict[str, tuple[Array, Array]]
    head: Array
    sha256: str
    kinds: tuple[str, ...] = ()
    sorting: Array | None = None


def read_adapter(path: Path) -> Adapter:
    """Read an adapter file; ModelError if it is not one."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            meta = json.loads(str(kept["meta"]))
            names = [key.removeprefix("a:") for key in kept.files if key.startswith("a:")]
            changes = {
                name: (kept[f"a:{name}"].astype(np.float32), kept[f"b:{name}"].astype(np.float32))
                for name in names
            }
            head = kept["head"].astype(np.float32)
            sorting = kept["sorting"].astype(np.float32) if "sorting" in kept.files else None
        found = Adapter(
            str(meta["base"]),
            float(meta["scale"]),
            float(meta["threshold"]),
            changes,
            head,
            file_sha256(path),
            tuple(map(str, meta.get("kinds", ()))),
            sorting,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"The adapter {path} cannot be read ({error}): restore it from the release."
        ) from error
    sorts = (0 if sorting is None else len(sorting)) == len(found.kinds)
    if not changes or not 0.0 < found.threshold <= 1.0 or not np.isfinite(head).all() or not sorts:
        raise ModelError(f"The adapter {path} holds no usable weights: restore it from the release.")
    return found


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Write an adapter file (its `sha256` is that of the file and not written)."""
    arrays = {f"a:{name}": a.astype(np.float16) for name, (a, _) in adapter.changes.items()}
    arrays |= {f"b:{name}": b.astype(np.float16) for name, (_, b) in adapter.changes.items()}
    meta: dict[str, object] = {"base": adapter.base, "scale": adapter.scale, "threshold": adapter.threshold}
    if adapter.sorting is not None:
        arrays["sorting"] = adapter.sorting.astype(np.float32)
        meta["kinds"] = list(adapter.kinds)
    with path.open("wb") as file:
        np.savez_compressed(file, meta=np.array(json.dumps(meta)), head=adapter.head, **arrays)  # type: ignore[arg-type]


class AdaptedModel:
    """Scores texts with an adapted model, which is merged and exported where that was not done yet."""

    def __init__(self, path: Path, cache: Path) -> None:
        """`path` is the adapter's, `cache` the folder of exported models. Both are opened by the first text."""
        self._path = path
        self._cache = cache
        self._embedder: Embedder | None = None
        self._lock = threading.Lock()

    @cached_property
    def adapter(self) -> Adapter:
        """The adapter; ModelError if the file is none."""
        return read_adapter(self._path)

    @property
    def threshold(self) -> float:
        """The probability from which the class is taken for certain enough; ModelError as of `adapter`."""
        return self.adapter.threshold

    def score(self, texts: Sequence[str]) -> list[float]:
        """Return the probability of each text's being of the class; ModelError if the model cannot be run."""
        return self._shares(self.embed(texts))

    def sort(self, texts: Sequence[str]) -> list[tuple[float, str]]:
        """Return each text's probability and the kind that it most probably is of; ModelError as of `score`."""
        vectors, sorting = self.embed(texts), self.adapter.sorting
        if sorting is None:
            raise ModelError(f"The adapter {self._path} does not sort: train it again.")
        kinds = np.argmax(vectors @ sorting[:, :-1].T + sorting[:, -1], axis=1)
        return [
            (share, self.adapter.kinds[kind])
            for share, kind in zip(self._shares(vectors), kinds, strict=True)
        ]

    def embed(self, texts: Sequence[str]) -> Array:
        """Return the changed model's vectors, (texts, dimensions); ModelError if it cannot be run."""
        return self._open().embed(texts)

    def _shares(self, vectors: Array) -> list[float]:
        logits = vectors @ self.adapter.head[:-1] + self.adapter.head[-1]
        return [float(share) for share in 1.0 / (1.0 + np.exp(-logits.astype(np.float64)))]

    def _open(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                try:
                    folder = merge(locate_model(), self.adapter, self._cache)
                except OSError as error:
                    raise ModelError(
                        f"The adapted model cannot be written to {self._cache} ({error}): give a cache folder "
                        "that can be written and has 300 MB of free space."
                    ) from error
                self._embedder = open_embedder(self._cache, folder)
            return self._embedder


def merge(files: ModelFiles, adapter: Adapter, cache: Path) -> Path:
    """Return a model folder in `cache` with the adapter's changes; made once. ModelError if they do not fit."""
    name = hashlib.sha256(f"{adapter.base} {adapter.sha256}".encode()).hexdigest()[:12]
    folder = cache / f"adapted-{name}"
    if (folder / _MERGED).is_file():
        return folder
    if files.verify() != adapter.base:
        raise ModelError(f"The adapter was made for another model than {files.folder}: train it again.")
    from safetensors.numpy import load_file, save_file

    tensors = load_file(files.weights)
    for weight, (a, b) in adapter.changes.items():
        if weight not in tensors or tensors[weight].shape != (b.shape[0], a.shape[1]):
            raise ModelError(f"The adapter changes {weight}, which the model does not hold: train it again.")
        tensors[weight] = tensors[weight] + np.float32(adapter.scale) * (b @ a)
    temporary = cache / f".adapted-{secrets.token_hex(6)}"
    try:
        for pattern in _CONFIG:
            for path in files.folder.rglob(pattern):
                target = temporary / path.relative_to(files.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        save_file(tensors, temporary / _MERGED, metadata={"format": "pt"})
        try:
            temporary.rename(folder)
        except OSError:
            if not (folder / _MERGED).is_file():  # another process may have made it meanwhile
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder
