"""The corpus as its authors check it: the real one and the invented one hold, and say what they leave out."""

from __future__ import annotations

import hashlib
import json
import shutil

import jsonschema
import pytest
import yaml

from assistant.guidelines.check import check_corpus, check_pack
from assistant.guidelines.coverage import find_sentences, measure
from assistant.guidelines.jsonschema import schemas, write
from assistant.guidelines.lines import parse
from assistant.guidelines.loader import FILES, LATE_FILES, load_corpus, load_guideline

REAL = "bone-scan-suspected-metastatic-breast-cancer"


def packs(root):
    return [
        *sorted((root / "corpus" / "guidelines").iterdir()),
        *sorted((root / "tests/data/guidelines").iterdir()),
    ]


def test_the_shipped_corpus_has_no_problem(root):
    report = check_corpus(root / "corpus")
    assert [str(problem) for problem in report.problems] == []
    assert report.unchecked == ()


def test_the_invented_pack_has_no_problem(root, second_pack):
    assert [str(problem) for problem in check_pack(second_pack, root / "corpus").problems] == []


def test_the_invented_pack_says_that_it_is_invented(second_pack):
    guideline = load_guideline(second_pack)
    assert guideline.metadata.invented
    assert "not medical guidance" in guideline.source_text


def test_both_packs_together_are_a_corpus(two_packs):
    assert [str(problem) for problem in check_corpus(two_packs).problems] == []


def test_every_sentence_of_every_pack_is_reached_or_left_out_with_a_reason(root, second_pack):
    for guideline in (*load_corpus(root / "corpus"), load_guideline(second_pack)):
        assert [sentence.text for sentence in measure(guideline).open] == []


def test_the_real_source_is_byte_for_byte_the_one_that_was_given(root):
    source = root / "corpus" / "guidelines" / REAL / "source" / f"{REAL}.txt"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert digest == "d6e4dc6a56a9ea52e5147941d0d68c2a1ccc71e3bcfdf73fa8e9c504ef95a758"


def test_git_leaves_source_texts_alone(root):
    rules = (root / ".gitattributes").read_text(encoding="utf-8")
    assert "corpus/guidelines/**/source/*.txt -text" in rules
    assert "tests/data/**/source/*.txt -text" in rules


def test_problems_of_all_packs_are_listed(two_packs):
    for folder in (two_packs / "guidelines").iterdir():
        with (folder / "statements.yaml").open("a", encoding="utf-8") as stream:
            stream.write("- id: made-up\n  quote: The guideline never said this.\n")
    problems = [str(problem) for problem in check_corpus(two_packs).problems]
    made_up = [problem for problem in problems if "'made-up': the quote is not in the source" in problem]
    assert len(made_up) == 2
    assert all(problem.split(":")[1].isdigit() for problem in made_up)


def test_a_concept_that_the_vocabulary_lacks_is_a_problem(two_packs):
    (two_packs / "guidelines" / REAL / "steps.yaml").write_text(
        "- {concept: no-such-study, name: X, statements: [reviewed-by]}\n", encoding="utf-8"
    )
    problems = [str(problem) for problem in check_corpus(two_packs).problems]
    assert any("steps.yaml:1: there is no concept 'no-such-study'" in problem for problem in problems)


def test_a_broken_vocabulary_file_is_told_once_and_does_not_make_good_references_wrong(two_packs):
    path = two_packs / "vocabulary" / "symptoms.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n]\n", encoding="utf-8")
    report = check_corpus(two_packs)
    assert [problem.file for problem in report.problems] == ["vocabulary/symptoms.yaml"]
    assert report.unchecked == ("aspects", "concepts")


def test_a_corpus_without_a_vocabulary_says_what_it_could_not_check(tiny_pack):
    report = check_corpus(tiny_pack().parents[1])
    assert report.problems == ()
    assert report.unchecked == ("aspects", "concepts")


def test_a_broken_pack_does_not_hide_the_others(two_packs):
    (two_packs / "guidelines" / REAL / "guideline.yaml").write_text("id: [", encoding="utf-8")
    report = check_corpus(two_packs)
    assert len(report.guidelines) == 1
    assert any("not valid YAML" in str(problem) for problem in report.problems)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? “Four.” Five", ["One.", "Two!", "Three?", "“Four.”", "Five"]),
        ("E.g., this (e.g., that) is one. Dr. A. B. Cee said so.", ["E.g., this (e.g., that) is one.", "Dr. A. B. Cee said so."]),
        ("A line\nand another\r\n\r\n• A bullet: done.", ["A line", "and another", "• A bullet: done."]),
        ("It is 1.5 mSv. next is small", ["It is 1.5 mSv. next is small"]),
        ("", []),
        ("... --- !!!", []),
    ],
)  # fmt: skip
def test_sentences_are_found(text, sentences):
    assert [text[start:end] for start, end in find_sentences(text)] == sentences


def test_a_sentence_without_a_record_is_open_until_it_is_left_out_with_a_reason(tiny_pack):
    guideline = load_guideline(
        tiny_pack(topics_yaml="topics:\n- {id: t, kind: k, name: T, answer: [joins, rating]}")
    )
    assert [sentence.text for sentence in measure(guideline).open] == [
        "It is “quick” — and easy to untie.",
        "It does not hold on wet rope.",
        "Yes, most children can.",
        "It is rated Good.",
    ]
    waived = load_guideline(
        tiny_pack(
            topics_yaml="topics:\n- {id: t, kind: k, name: T, answer: [joins, rating]}\n"
            "unreached:\n- {quote: It does not hold on wet rope., why: x}"
        )
    )
    assert "It does not hold on wet rope." not in [sentence.text for sentence in measure(waived).open]


def test_the_json_schemas_are_current(root):
    """Run `make schema` when this fails."""
    folder = root / "corpus" / "schema"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    expected = schemas()
    assert expected.items() <= written.items()


def test_writing_the_schemas_twice_changes_nothing(tmp_path):
    assert len(write(tmp_path)) == len(FILES) + len(LATE_FILES)
    assert write(tmp_path) == []


def test_every_pack_file_fits_its_json_schema(root):
    for folder in packs(root):
        for file in FILES:
            if (folder / file).is_file():
                data = parse((folder / file).read_text(encoding="utf-8"))
                schema = json.loads(
                    (root / "corpus" / "schema" / file).with_suffix(".json").read_text("utf-8")
                )
                jsonschema.validate(data, schema)


def test_the_json_schemas_refuse_what_the_loader_refuses(root):
    schema = json.loads((root / "corpus" / "schema" / "statements.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{"id": "a", "quote": "b", "qoute": "c"}], schema)


def test_a_schema_named_on_the_first_line_is_there(root):
    for folder in packs(root):
        for path in folder.glob("*.yaml"):
            first = path.read_text(encoding="utf-8").split("\n", 1)[0]
            if "$schema=" in first:
                assert (path.parent / first.partition("$schema=")[2]).resolve().is_file(), path


def test_pack_files_read_the_same_with_any_yaml_reader(root):
    for folder in packs(root):
        for file in ("statements.yaml", "options.yaml", "topics.yaml"):
            text = (folder / file).read_text(encoding="utf-8")
            assert parse(text) == yaml.safe_load(text), file


def test_a_pack_with_windows_line_ends_in_its_yaml_loads_the_same(tmp_path, second_pack):
    copy = tmp_path / second_pack.name
    shutil.copytree(second_pack, copy)
    for path in copy.glob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before, after = load_guideline(second_pack), load_guideline(copy)
    assert (before.statements, before.options, before.scope) == (after.statements, after.options, after.scope)
