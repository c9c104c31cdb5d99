"""Bring your own: YAML, CSV, BEIR folders and question pairs."""

from __future__ import annotations

import json

import pytest

from evals.loaders import load_beir, load_own, load_pairs
from evals.passages import measure_index
from evals.samples import DatasetError


def test_a_csv_of_plain_words(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "question,facts,absent,statuses,severity\n"
        "is it safe (CKD)?,safe | no risk; image quality,20 mSv,answered; not_covered,high\n",
        encoding="utf-8",
    )
    (sample,) = load_own(path)
    assert sample.turns == ("is it safe (CKD)?",)
    assert sample.facts == (("safe", r"no\ risk"), (r"image\ quality",))
    assert sample.statuses == ("answered", "not_covered")
    assert sample.severity == "high"


def test_a_yaml_needs_only_the_question(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("- question: why not PET?\n- turns: [a, b]\n  facts: [cost, [x, y]]\n", encoding="utf-8")
    first, second = load_own(path)
    assert (first.id, first.statuses) == ("own-001", ("answered",))
    assert second.facts == (("cost",), ("x", "y"))


def test_an_unknown_column_is_named(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("question,colour\nx,red\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="colour unknown"):
        load_own(path)


def test_a_missing_file_is_a_plain_error(tmp_path):
    with pytest.raises(DatasetError, match=r"none\.csv"):
        load_own(tmp_path / "none.csv")
    with pytest.raises(DatasetError, match=r"test\.tsv"):
        (tmp_path / "corpus.jsonl").write_text("", encoding="utf-8")
        load_beir(tmp_path)


def test_a_beir_folder(tmp_path):
    (tmp_path / "qrels").mkdir()
    documents = [{"_id": "d1", "title": "T", "text": "one"}, {"_id": "d2", "text": "two"}]
    queries = [{"_id": "q1", "text": "first?"}, {"_id": "q2", "text": "ungraded?"}]
    for name, rows in (("corpus", documents), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n", encoding="utf-8")
    data = load_beir(tmp_path)
    assert data.corpus == {"d1": "T\none", "d2": "two"}
    assert data.queries == {"q1": "first?"}
    found = measure_index(data, lambda query, k: [{"position": 1}, {"position": 0}])
    assert (found["recall@1"]["value"], found["recall@2"]["value"]) == (0, 1)


def test_pairs_keep_what_is_no_duplicate_as_a_trap(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("question1,question2,label\na?,A!,1\na?,B!,0\nc?,A!,1\n", encoding="utf-8")
    data = load_pairs(path)
    assert sorted(data.corpus.values()) == ["A!", "B!"]
    assert data.queries == {"q0": "a?", "q1": "c?"}
    assert data.qrels == {"q0": {"d0": 1}, "q1": {"d0": 1}}


def test_pairs_without_the_columns_are_an_error(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="question1"):
        load_pairs(path)
