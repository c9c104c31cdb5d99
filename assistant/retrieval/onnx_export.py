"""The sentence-transformers model as an ONNX file: exported once, checked, opened again by a small record.

A folder per model in the cache holds model-*.onnx (the graph), its weights (memory-mapped when run: half
the start-up time and memory), tokenizer-*.json, and record.json, which is replaced atomically and last: a
process that is killed half-way leaves the former record, and two that export at once do no harm.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ModelError
from assistant.retrieval.models import ModelFiles, file_sha256, write_json

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EXPORT_VERSION = 2
MIN_COSINE = 0.9999
_STALE_S = 3600.0
_LOCK_TIMEOUT_S = 300.0
_SAMPLE = (
    "",
    "a",
    "Which of these comes first, and why?",
    "Ünïcode, CAPITALS, numbers 1-10 and symbols ☢☢☢ (≥ 25 %).",
    "A sentence of ordinary length about nothing in particular, written to be compared. " * 3,
    "word " * 600,
)


class ExportError(Exception):
    """The model cannot be exported; the reference still works. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class OnnxRecord:
    """An exported model that can be trusted: its files exist and are those that were checked."""

    name: str
    dimensions: int
    cosine: float
    model: Path
    weights: Path
    tokenizer: Path


def export_folder(files: ModelFiles, cache: Path) -> Path:
    """Return the cache folder of a model: one per place it is installed in."""
    return cache / f"{files.name}-{hashlib.sha256(str(files.folder).encode()).hexdigest()[:8]}"


def read_record(files: ModelFiles, cache: Path) -> OnnxRecord | None:
    """Return the export in `cache` if it is whole and of this very model, else None (then export it).

    Files whose size and time are as recorded are trusted; otherwise they are hashed. ModelError if the
    weights that are installed are not the expected ones.
    """
    folder = export_folder(files, cache)
    try:
        values: dict[str, Any] = json.loads((folder / "record.json").read_text("ascii"))
        if values["version"] != EXPORT_VERSION or values["config_sha256"] != files.config_sha256():
            return None
        stamp = list(files.stamp())
        changed = False
        if values["weights_stamp"] != stamp:
            if files.verify() != values["weights_sha256"]:
                return None
            values["weights_stamp"], changed = stamp, True
        if files.expected_sha256 not in (None, values["weights_sha256"]):
            return None
        for name, kept in values["files"].items():
            status = (folder / name).stat()
            if [status.st_size, status.st_mtime_ns] != kept["stamp"]:
                if status.st_size != kept["stamp"][0] or file_sha256(folder / name) != kept["sha256"]:
                    warnings.warn(
                        f"The exported model in {folder} is damaged: it is made again.", stacklevel=3
                    )
                    return None
                kept["stamp"], changed = [status.st_size, status.st_mtime_ns], True
        paths = (folder / name for name in values["order"])
        record = OnnxRecord(values["name"], values["dimensions"], values["cosine"], *paths)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if changed:
        _replace_record(folder, values)
    return record


def export_onnx(files: ModelFiles, cache: Path) -> OnnxRecord:
    """Export the model into `cache`, check it against the reference, and return its record.

    A second process waits for the first and takes its export. ModelError if the weights are not the expected
    ones or the reference cannot be loaded; ExportError if the export fails or disagrees with the reference;
    OSError if the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    folder = export_folder(files, cache)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=_LOCK_TIMEOUT_S)
    except Timeout:
        return _export(files, folder)  # two at once do no harm
    try:
        return read_record(files, cache) or _export(files, folder)
    finally:
        lock.release()


def _export(files: ModelFiles, folder: Path) -> OnnxRecord:
    from assistant.retrieval.embeddings import OnnxEmbedder, load_sentence_transformer

    stamp = list(files.stamp())
    weights_sha256 = files.verify()
    _remove_stale(folder)
    # The plain attention gives a graph that onnxruntime fuses; the default one does not.
    reference = load_sentence_transformer(files, attn_implementation="eager")
    mark = secrets.token_hex(6)
    names = [f"model-{mark}.onnx", f"weights-{mark}.bin", f"tokenizer-{mark}.json"]
    record = OnnxRecord(
        files.identity(weights_sha256),
        int(reference.get_embedding_dimension() or 0),
        1.0,
        *(folder / name for name in names),
    )
    try:
        tokenizer = reference.tokenizer.backend_tokenizer
        tokenizer.enable_truncation(int(reference.max_seq_length or 512))
        tokenizer.no_padding()
        record.tokenizer.write_text(tokenizer.to_str(), encoding="utf-8")
        expected = reference.encode(list(_SAMPLE), normalize_embeddings=True, show_progress_bar=False)
        for layers in (True, False):
            cosine = 0.0
            try:
                _write_graph(reference, folder, names[0], names[1], layers=layers)
                cosine = float(np.min(np.sum(OnnxEmbedder(record).embed(_SAMPLE) * expected, axis=1)))
            except (ExportError, ModelError):
                if not layers:
                    raise
            if cosine >= MIN_COSINE:
                break
        else:
            raise ExportError(f"it disagrees with the reference, cosine {cosine:.5f}")
        kept = {name: _describe(folder / name) for name in names}
    except BaseException:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        raise
    values = {
        "version": EXPORT_VERSION,
        "name": record.name,
        "dimensions": record.dimensions,
        "cosine": cosine,
        "weights_sha256": weights_sha256,
        "weights_stamp": stamp,
        "config_sha256": files.config_sha256(),
        "files": kept,
        "order": names,
    }
    _replace_record(folder, values)
    return replace(record, cosine=cosine)


def _describe(path: Path) -> dict[str, Any]:
    path.chmod(0o644)  # onnx makes the weights private, but the cache may be shared
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    status = path.stat()
    return {"stamp": [status.st_size, status.st_mtime_ns], "sha256": file_sha256(path)}


def _replace_record(folder: Path, values: dict[str, Any]) -> None:
    temporary = folder / f"record-{secrets.token_hex(6)}.json"
    try:
        write_json(temporary, values)
        temporary.replace(folder / "record.json")
    except OSError:
        temporary.unlink(missing_ok=True)
        if not (folder / "record.json").exists():
            raise


def _remove_stale(folder: Path) -> None:
    """Remove what killed exports left; the young files may be those of a process still at work."""
    try:
        kept = set(json.loads((folder / "record.json").read_text("ascii"))["order"])
    except (OSError, ValueError, KeyError, TypeError):
        kept = set()
    for path in folder.iterdir():
        if path.name in kept or path.name in ("record.json", ".lock"):
            continue
        try:
            if time.time() - path.stat().st_mtime > _STALE_S:
                path.unlink()
        except OSError:
            continue


def _write_graph(model: SentenceTransformer, folder: Path, graph: str, weights: str, *, layers: bool) -> None:
    """Trace the model through its own pooling, let onnxruntime fuse it, and put the weights beside it.

    `layers` says whether attention and what follows it is fused too, as it can be in models built like BERT.
    """
    try:
        import onnx
        import onnxruntime
        import torch
    except ImportError as error:
        raise ExportError(f"{error}: install onnx and onnxruntime") from error

    class Sentence(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(found["sentence_embedding"], p=2.0, dim=1)

    traced, fused = folder / f"traced-{graph}", folder / f"fused-{graph}"
    example = torch.ones((2, 8), dtype=torch.int64)
    dynamic = {0: "batch", 1: "token"}
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # the tracer's remarks on constant shapes: the check decides
            torch.onnx.export(
                Sentence().eval(),
                (example, example),
                str(traced),
                input_names=["input_ids", "attention_mask"],
                output_names=["embedding"],
                dynamic_axes={"input_ids": dynamic, "attention_mask": dynamic, "embedding": {0: "batch"}},
                opset_version=17,
                dynamo=False,  # the newer exporter writes a graph that onnxruntime neither fuses nor opens
            )
        if layers:
            from onnxruntime.transformers.optimizer import optimize_model

            encoder: Any = model[0].auto_model
            shape = encoder.config
            optimize_model(
                str(traced),
                "bert",
                num_heads=shape.num_attention_heads,
                hidden_size=shape.hidden_size,
                opt_level=0,
                use_gpu=False,
            ).save_model_to_file(str(traced))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Not ORT_ENABLE_ALL: its layouts hold for one machine only, and the cache folder may be shared.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(fused)
        onnxruntime.InferenceSession(str(traced), options, providers=["CPUExecutionProvider"])
        onnx.save(
            onnx.load(str(fused)),
            str(folder / graph),
            save_as_external_data=True,
            location=weights,
            size_threshold=1024,
        )
    except OSError:
        raise
    except Exception as error:  # torch, onnx and onnxruntime share no base of their errors
        raise ExportError(str(error)) from error
    finally:
        traced.unlink(missing_ok=True)
        fused.unlink(missing_ok=True)
