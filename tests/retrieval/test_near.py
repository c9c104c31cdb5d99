"""The sketch orders texts nearly as their whole vectors do, and what is looked at is exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.retrieval.near import Near
from assistant.retrieval.sketch import DIMENSIONS, Sketch

COUNTS = [300, 0, 500, 100]
STATEMENTS = 50
WIDTH = 384


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Unit vectors around a few centres, as the wordings of records are."""
    random = np.random.default_rng(5)
    centres = random.normal(size=(20, WIDTH))
    found = centres[random.integers(0, 20, sum(COUNTS) + STATEMENTS)] + 0.4 * random.normal(
        size=(sum(COUNTS) + STATEMENTS, WIDTH)
    )
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def near(vectors: NDArray[np.float32]) -> Near:
    """Over those vectors."""
    return Near(vectors, Sketch.fit(vectors), COUNTS)


def test_statements_are_exact_and_wordings_estimated(near: Near, vectors: NDArray[np.float32]) -> None:
    query = vectors[7]
    exact, found = vectors @ query, near.cosines(query)
    assert np.allclose(found[-STATEMENTS:], exact[-STATEMENTS:], atol=1e-6)
    assert np.abs(found - exact).max() < 0.2
    assert not np.allclose(found[:-STATEMENTS], exact[:-STATEMENTS], atol=1e-3)
    assert int(found[: sum(COUNTS)].argmax()) == 7


def test_what_is_settled_is_exact(near: Near, vectors: NDArray[np.float32]) -> None:
    query = vectors[-1]
    exact, found = vectors @ query, near.cosines(query)
    rest = found.copy()
    near.settle(found, query, [1, 2])  # the second record has no wordings
    assert np.allclose(found[300:800], exact[300:800], atol=1e-6)
    assert np.array_equal(found[:300], rest[:300])
    assert np.array_equal(found[800:], rest[800:])


def test_both_the_best_and_the_nearest_are_chosen(near: Near) -> None:
    scores = np.arange(200, dtype=np.float32)
    chosen = near.chosen(scores, -scores)
    assert {0, 199} <= set(chosen)
    assert 100 not in chosen
    assert chosen == sorted(set(chosen))


def test_it_comes_back_from_its_file(tmp_path: Path, vectors: NDArray[np.float32]) -> None:
    path, query = tmp_path / "sketch.npz", vectors[0]
    first = Sketch.open(path, "key", vectors).cosines(query)
    assert np.array_equal(Sketch.open(path, "key", vectors * 0).cosines(query), first)
    assert not Sketch.open(path, "another", vectors * 0).cosines(query).any()


@pytest.mark.parametrize("damage", [b"", b"not a file of arrays"])
def test_a_damaged_file_is_made_again(tmp_path: Path, vectors: NDArray[np.float32], damage: bytes) -> None:
    path = tmp_path / "sketch.npz"
    path.write_bytes(damage)
    found = Sketch.open(path, "key", vectors).cosines(vectors[3])
    assert int(found.argmax()) == 3
    assert path.read_bytes() != damage


def test_a_sketch_of_other_texts_is_made_again(tmp_path: Path, vectors: NDArray[np.float32]) -> None:
    path = tmp_path / "sketch.npz"
    Sketch.open(path, "key", vectors)
    assert len(Sketch.open(path, "key", vectors[:200]).cosines(vectors[0])) == 200


def test_it_is_a_quarter_of_the_vectors(vectors: NDArray[np.float32]) -> None:
    assert 4 * DIMENSIONS == WIDTH == vectors.shape[1]
