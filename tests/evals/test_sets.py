"""The sets are what they say: readable, with current schemas, and every cited quote stands in the text."""

from __future__ import annotations

import json
from collections import Counter

import jsonschema
import pytest

from evals.samples import (
    DATASETS,
    MODELS,
    SCHEMA_OF,
    DatasetError,
    Sample,
    load_assertions,
    load_drafts,
    load_questions,
    load_retrieval,
    parse_records,
    read_yaml,
)
from evals.schemas import schema_text, write_schemas
from evals.source import quote_spans, source_texts

OPTIONS = {"bone-scan", "ct-cap-with-contrast", "fdg-pet-ct", "mri-cap", "ct-without-contrast"}


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return load_questions()


@pytest.mark.parametrize("name", MODELS)
def test_the_schema_beside_the_sets_is_current(name):
    path = DATASETS / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(name), "run: python -m evals schema"


def test_schemas_that_are_current_are_not_written_again(tmp_path):
    assert len(write_schemas(tmp_path)) == len(MODELS)
    assert write_schemas(tmp_path) == []


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_each_set_names_its_schema_on_line_1_and_fits_it(name):
    path = DATASETS / f"{name}.yaml"
    schema = f"{SCHEMA_OF[name]}.schema.json"
    assert path.open(encoding="utf-8").readline() == f"# yaml-language-server: $schema={schema}\n"
    checker = jsonschema.Draft202012Validator(json.loads((DATASETS / schema).read_text(encoding="utf-8")))
    assert [error.message for error in checker.iter_errors(read_yaml(path))] == []


def test_every_cited_quote_stands_in_the_text(samples):
    for quote in {quote for sample in samples for group in sample.cited for quote in group}:
        assert quote_spans(quote)
    for quote in {quote for sample in load_retrieval() for quote in sample.relevant}:
        assert quote_spans(quote)


def test_expected_options_are_options_of_the_guideline(samples):
    named = {
        option
        for sample in samples
        for ids in sample.options.model_dump(exclude_none=True).values()
        for option in ids
    }
    assert named == OPTIONS


def test_no_option_is_expected_both_recommended_and_not(samples):
    for sample in samples:
        assert not set(sample.options.recommended or ()) & set(sample.options.not_recommended or ())


def test_ids_are_unique_over_all_sets(samples):
    everything = [*samples, *load_drafts(), *load_assertions(), *load_retrieval()]
    assert [name for name, count in Counter(r.id for r in everything).items() if count > 1] == []


def test_there_are_at_least_700_samples_and_a_third_is_held(samples):
    everything = [*samples, *load_drafts(), *load_assertions()]
    held = sum(record.split == "held" for record in everything)
    assert len(everything) >= 700
    assert 0.28 < held / len(everything) < 0.36


def test_the_readme_counts_what_is_there(samples):
    readme = (DATASETS.parent / "README.md").read_text(encoding="utf-8")
    everything = [*samples, *load_drafts(), *load_assertions(), *load_retrieval()]
    for name in SCHEMA_OF:
        rows = [record for record in everything if record.set == name]
        held = sum(record.split == "held" for record in rows)
        assert f"| {name} | {len(rows)} | {len(rows) - held} | {held} |" in readme


def test_no_question_stands_in_both_splits(samples):
    by_turns = {}
    for sample in samples:
        by_turns.setdefault(tuple(t.casefold() for t in sample.turns), set()).add(sample.split)
    assert [turns for turns, splits in by_turns.items() if len(splits) > 1] == []


def test_an_unknown_key_names_the_record():
    with pytest.raises(DatasetError, match=r"set\.yaml: vig-9: colour"):
        parse_records([{"id": "vig-9", "colour": "red"}], Sample, "set.yaml")


def test_a_pattern_that_is_no_regular_expression_is_an_error():
    row = {
        "id": "own-1",
        "set": "own",
        "category": "c",
        "voice": "v",
        "severity": "low",
        "split": "dev",
        "turns": ["q"],
        "statuses": ["answered"],
        "absent": ["("],
        "why": "w",
    }
    with pytest.raises(DatasetError, match="own-1: absent"):
        parse_records([row], Sample, "set.yaml")


def test_the_source_is_read_byte_for_byte():
    (text,) = source_texts().values()
    assert "\r" not in text
    assert text.startswith("Breast Imaging\n\n")


def test_a_quote_that_is_not_verbatim_is_refused():
    with pytest.raises(DatasetError, match="not in the text"):
        quote_spans("A bone scan is always right")
