"""The adapted model: read whole or refused, merged once, and scored like the arithmetic says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from assistant.errors import ModelError
from assistant.retrieval.adapter import AdaptedModel, Adapter, merge, read_adapter, write_adapter
from assistant.retrieval.embeddings import Embedder
from assistant.retrieval.models import locate_model

WEIGHT = "encoder.layer.5.output.dense.weight"
TEXTS = ["Which of these comes first?", "Nothing at all.", "Which of these comes last?"]


def adapter(change: float = 0.0, **given: object) -> Adapter:
    """A change of one weight, and a head that looks at the first two dimensions."""
    random = np.random.default_rng(3)
    a = random.normal(size=(2, 1536)).astype(np.float32)
    b = (change * random.normal(size=(384, 2))).astype(np.float32)
    head = np.zeros(385, np.float32)
    head[:2], head[-1] = (4.0, -3.0), 0.5
    values = {
        "base": locate_model().verify(),
        "scale": 2.0,
        "threshold": 0.7,
        "changes": {WEIGHT: (a, b)},
        "head": head,
        "sha256": "",
        **given,
    }
    return Adapter(**values)  # type: ignore[arg-type]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "one.npz"
    write_adapter(path, adapter(0.01))
    found = read_adapter(path)
    assert (found.base, found.scale, found.threshold) == (adapter().base, 2.0, 0.7)
    for kept, given in zip(found.changes[WEIGHT], adapter(0.01).changes[WEIGHT], strict=True):
        np.testing.assert_array_equal(kept, given.astype(np.float16).astype(np.float32))


def test_a_change_of_nothing_scores_with_the_model_itself(
    tmp_path: Path, cache: Path, real_embedder: Embedder
) -> None:
    path = tmp_path / "none.npz"
    write_adapter(path, adapter())
    head = adapter().head
    expected = 1 / (1 + np.exp(-(real_embedder.embed(TEXTS) @ head[:-1] + head[-1])))
    np.testing.assert_allclose(AdaptedModel(path, cache).score(TEXTS), expected, atol=1e-4)


def test_merging_adds_the_product_and_is_done_once(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "some.npz"
    write_adapter(path, adapter(0.01))
    given = read_adapter(path)
    folder = merge(locate_model(), given, cache)
    before, after = load_file(locate_model().weights), load_file(folder / "model.safetensors")
    a, b = given.changes[WEIGHT]
    np.testing.assert_allclose(after[WEIGHT] - before[WEIGHT], 2.0 * (b @ a), atol=1e-5)
    assert all(np.array_equal(before[name], after[name]) for name in before if name != WEIGHT)
    stamp = (folder / "model.safetensors").stat().st_mtime_ns
    assert merge(locate_model(), given, cache) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == stamp
    assert [one.name for one in cache.iterdir()] == [folder.name]


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "text"])
def test_a_damaged_file_is_refused(tmp_path: Path, cache: Path, damage: str) -> None:
    path = tmp_path / "damaged.npz"
    write_adapter(path, adapter(0.01))
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "text": b"weights"}[damage])
    with pytest.raises(ModelError, match="restore it"):
        AdaptedModel(path, cache).score(TEXTS)


@pytest.mark.parametrize(
    "wrong",
    [{"base": "0" * 64}, {"changes": {"no.such.weight": (np.zeros((1, 2)), np.zeros((2, 1)))}}],
    ids=["another-model", "another-weight"],
)
def test_an_adapter_of_another_model_is_refused(
    tmp_path: Path, cache: Path, wrong: dict[str, object]
) -> None:
    path = tmp_path / "other.npz"
    write_adapter(path, adapter(0.01, **wrong))
    with pytest.raises(ModelError, match="train it again"):
        AdaptedModel(path, cache).score(TEXTS)
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    path = tmp_path / "some.npz"
    write_adapter(path, adapter(0.01))
    blocked = tmp_path / "file"
    shutil.copyfile(path, blocked)
    with pytest.raises(ModelError, match="cannot be written"):
        AdaptedModel(path, blocked / "models").score(TEXTS)
