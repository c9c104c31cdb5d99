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


def test_drafts_need_only_the_text_and_the_verdict(tmp_path):
    (tmp_path / "own.yaml").write_text("- {draft: MRI is best., verdict: reject}\n", encoding="utf-8")
    (tmp_path / "own.csv").write_text('draft,verdict\n"MRI, is best.",pass\n', encoding="utf-8")
    assert [(d.id, d.verdict, d.question) for d in load_own(tmp_path / "own.yaml")] == [
        ("own-001", "reject", "")
    ]
    assert [(d.draft, d.verdict) for d in load_own(tmp_path / "own.csv")] == [("MRI, is best.", "pass")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("own.yaml", "", "there is none"),
        ("own.yaml", "a: 1", "there is none"),
        ("own.yaml", "- [1", "own.yaml"),
        ("own.yaml", "- just text", "record 1 is no mapping"),
        ("own.yaml", "- {question: 3}", "own-001: turns"),
        ("own.yaml", "- {question: x, facts: 3}", "own-001: facts"),
        ("own.yaml", '- {question: x, facts: ["("]}', "no regular expression"),
        ("own.yaml", "- {question: x, colour: red}", "own-001: colour"),
        ("own.yaml", "- {question: x}\n- {draft: y, verdict: pass}", "files of their own"),
        ("own.yaml", "- {draft: y}", "own-001: verdict"),
        ("own.csv", "question\n", "there is none"),
        ("own.csv", "question,statuses\nx,maybe\n", "own-001: statuses"),
        ("own.csv", "question,facts\nx,a,b\n", "row 2 has more cells than columns"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_that_says_where(tmp_path, name, content, message):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=message):
        load_own(tmp_path / name)


def test_bytes_that_are_no_text_and_folders_are_errors(tmp_path):
    (tmp_path / "own.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("own.csv", "folder.yaml"):
        with pytest.raises(DatasetError, match=name):
            load_own(tmp_path / name)


def test_a_beir_folder_that_is_not_one_is_an_error(tmp_path):
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n", encoding="utf-8")
    (tmp_path / "corpus.jsonl").write_text('{"id": "d1"}', encoding="utf-8")
    with pytest.raises(DatasetError, match="line 1 is no record with _id, text"):
        load_beir(tmp_path)
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "one"}', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q9", "text": "another"}', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"no query that test\.tsv grades"):
        load_beir(tmp_path)
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="score are expected"):
        load_beir(tmp_path)


def test_pairs_none_of_which_is_the_same_question_are_an_error(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("question1,question2,label\na?,A!,0\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="no pair is marked"):
        load_pairs(path)
