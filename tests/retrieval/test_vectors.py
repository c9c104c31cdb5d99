"""Local vectors: the cosines of all rows, however many there are and wherever they lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval import vectors
from assistant.retrieval.vectors import LocalVectors


@pytest.mark.parametrize("size", [0, 1, vectors._ROWS - 1, vectors._ROWS, 9 * vectors._ROWS + 7])
def test_cosines_in_stretches_are_those_of_the_whole(size: int, tmp_path: Path) -> None:
    array = np.random.default_rng(size).standard_normal((size, 16)).astype(np.float32)
    array /= np.linalg.norm(array, axis=1, keepdims=True)
    query = np.ones(16, np.float32) / 4
    np.save(tmp_path / "vectors.npy", array)
    mapped = np.asarray(np.load(tmp_path / "vectors.npy", mmap_mode="r")) if size else array
    for local in (LocalVectors(array), LocalVectors(mapped)):
        for _ in range(vectors._BRIEF_SEARCHES + 1):  # pages that were let go of come back
            assert np.allclose(local.cosines(query), array @ query, atol=1e-6)
            assert local.cosines(query).dtype == np.float32


def test_a_cosine_never_leaves_its_bounds() -> None:
    array = np.full((3, 4), 0.5000001, np.float32)
    assert LocalVectors(array).cosines(array[0]).max() == 1.0


def test_only_a_mapped_file_can_be_let_go_of(tmp_path: Path) -> None:
    array = np.ones((4, 4), np.float32)
    np.save(tmp_path / "vectors.npy", array)
    assert vectors._mapping_of(array) is None
    assert vectors._mapping_of(np.asarray(np.load(tmp_path / "vectors.npy", mmap_mode="r"))) is not None
