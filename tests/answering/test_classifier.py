"""The classifier tells records apart by vectors, terms or both, and comes back from its file as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.answering.classifier import Classifier
from assistant.answering.evidence_reader import Reader
from assistant.answering.terms import SIZE, TermSpace, hash_terms, marks_of

TEXTS = ["rating of the scan", "how is the scan rated", "dose of the scan", "what dose has the scan"]
MARKS = ["scan|scan|rating", "scan|scan|rating", "scan|scan|radiation", "scan|scan|radiation"]
COUNTS = [2, 2]
VECTORS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)


@pytest.mark.parametrize(
    ("text", "marks", "best"),
    [("rating please", "||rating", 0), ("the dose", "||radiation", 1), ("rated", "||", 0)],
)
def test_terms_alone_tell_records_apart(text: str, marks: str, best: int) -> None:
    scores = Classifier.fit(None, TEXTS, MARKS, COUNTS).scores(None, text, marks)
    assert int(scores.argmax()) == best
    assert scores.max() == 1.0
    assert scores.min() >= 0.0


def test_vectors_decide_where_terms_are_silent() -> None:
    classifier = Classifier.fit(VECTORS, TEXTS, MARKS, COUNTS)
    assert int(classifier.scores(np.array([0, 1], np.float32), "", "||").argmax()) == 1
    assert int(classifier.scores(np.array([1, 0], np.float32), "", "||").argmax()) == 0


def test_it_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "classifier.npz"
    first = Classifier.open(path, "key", VECTORS, TEXTS, MARKS, COUNTS)
    vector = np.array([0.3, 0.7], np.float32)
    again = Classifier.open(path, "key", VECTORS * 0, TEXTS, MARKS, COUNTS)
    assert np.array_equal(first.scores(vector, TEXTS[0], MARKS[0]), again.scores(vector, TEXTS[0], MARKS[0]))


@pytest.mark.parametrize("damage", [b"", b"not a file of arrays"])
def test_a_damaged_file_is_fitted_again(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "classifier.npz"
    path.write_bytes(damage)
    found = Classifier.open(path, "key", None, TEXTS, MARKS, COUNTS)
    assert int(found.scores(None, "dose", "||radiation").argmax()) == 1


def test_another_key_is_fitted_again(tmp_path: Path) -> None:
    path = tmp_path / "classifier.npz"
    Classifier.open(path, "one", None, TEXTS, MARKS, COUNTS)
    swapped = Classifier.open(path, "two", None, TEXTS[::-1], MARKS[::-1], COUNTS)
    assert int(swapped.scores(None, "dose", "||radiation").argmax()) == 0


def test_a_term_of_a_single_wording_weighs_nothing() -> None:
    once = hash_terms("unique", "||")
    space = TermSpace.count([once, hash_terms("shared", "||"), hash_terms("shared", "||")], 3)
    assert not space.vector(once).any()
    assert np.isclose(np.linalg.norm(space.vector(hash_terms("shared", "||"))), 1.0)
    assert space.vector([]).shape == (SIZE,)


def test_marks_hold_what_was_read(reader: Reader) -> None:
    concepts, closure, aspects = marks_of(reader.read("Is the bone scan safe in kidney disease?")).split("|")
    assert "kidney-disease" in concepts.split()
    assert set(concepts.split()) <= set(closure.split())
    assert "safety" in aspects.split()
