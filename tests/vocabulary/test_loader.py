"""A vocabulary is data: several folders make one, and an error names the file and the line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.vocabulary import load_vocabulary

Writer = Callable[..., Path]


def test_a_concept_needs_an_id_and_a_kind_and_its_name_is_its_id(write: Writer) -> None:
    vocabulary = load_vocabulary([write(birds="concepts:\n- {id: grey-heron, kind: bird}\n")])
    assert vocabulary.concepts["grey-heron"].name == "grey heron"
    assert [mention.concept for mention in vocabulary.find("A Grey Heron!")] == ["grey-heron"]


def test_defaults_of_a_file_apply_to_its_concepts(write: Writer) -> None:
    folder = write(
        birds="defaults: {kind: bird, is_a: [bird]}\nconcepts:\n- {id: bird, is_a: []}\n- {id: heron}\n"
    )
    vocabulary = load_vocabulary([folder])
    assert vocabulary.is_a("heron", "bird")
    assert vocabulary.concepts["heron"].kind == "bird"


def test_a_pack_brings_its_own_file(write: Writer, tmp_path: Path) -> None:
    folder = write(birds="concepts:\n- {id: bird, kind: animal}\n")
    extra = tmp_path / "pack" / "terms.yaml"
    extra.parent.mkdir()
    extra.write_text(
        "vocabulary: 1\nconcepts:\n- {id: wader, kind: animal, is_a: [bird]}\n", encoding="utf-8"
    )
    vocabulary = load_vocabulary([folder, extra])
    assert vocabulary.is_a("wader", "bird")


def test_files_without_the_mark_are_left_alone(write: Writer) -> None:
    folder = write(birds="concepts:\n- {id: bird, kind: animal}\n")
    (folder / "cues.yaml").write_text("cues: [anything]\n", encoding="utf-8")
    assert list(load_vocabulary([folder]).concepts) == ["bird"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_vocabulary([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("concepts:\n- {id: bird, kind: animal}\n- {id: bird, kind: animal}\n", 4, "duplicate id"),
        ("concepts:\n- {id: bird, kind: animal, is_a: [beast]}\n", 3, "is_a names no concept: 'beast'"),
        ("concepts:\n- {id: bird, kind: animal, implies: [beast]}\n", 3, "implies names no concept"),
        ("concepts:\n- {id: bird, kind: animal, pairs: {bird: beast}}\n", 3, "pairs names no concept"),
        ("concepts:\n- {id: bird, kind: animal}\n- {id: hen, kind: animal, colour: red}\n", 4, "Extra inputs"),
        ("concepts:\n- {id: Bird, kind: animal}\n", 3, "id: String should match"),
        ("concepts:\n- {id: bird}\n", 3, "kind: Field required"),
        ("concepts:\n- {id: bird, kind: animal, synonyms: hen}\n", 3, "synonyms"),
        ("concepts:\n- {id: bird, kind: animal, kind: beast}\n", 3, "the key 'kind' is there twice"),
        ("concepts:\n- {id: bird, kind: [animal}\n", 3, "did not find expected"),
        ("concepts:\n- &a {id: bird, kind: animal}\n- *a\n", 4, "aliases are not allowed"),
        ("colours: [red]\n", 2, "Extra inputs"),
        ("concepts:\n- {id: hen, kind: animal, synonyms: [fowl]}\n- {id: cock, kind: animal, synonyms: [fowl]}\n", 4, "belongs to both"),
        ("concepts:\n- {id: hen, kind: animal, rules: [{at: '#', pattern: '('}]}\n", 3, "not a regular expression"),
        ("concepts:\n- {id: hen, kind: animal, rules: [{at: '#', pattern: 'x', concept: egg}]}\n", 3, "names no concept: 'egg'"),
        ("concepts:\n- {id: hen, kind: animal}\n- {id: egg, kind: food, is_a: [yolk]}\n- {id: yolk, kind: food, is_a: [egg]}\n", 4, "is_a leads back"),
        ("concepts:\n- {id: hen, kind: animal, synonyms: ['a (b']}\n", 3, "bracket"),
    ],
)  # fmt: skip
def test_an_error_names_file_and_line(write: Writer, text: str, line: int, said: str) -> None:
    folder = write(birds=text)
    with pytest.raises(CorpusError) as error:
        load_vocabulary([folder])
    path, _, message = str(error.value).partition("birds.yaml:")
    assert Path(path) == folder
    assert message.startswith(f"{line}:"), str(error.value)
    assert said in message


def test_a_phrase_has_options_and_choices(write: Writer) -> None:
    folder = write(
        birds="concepts:\n- {id: hen, kind: animal, unnamed: true, synonyms: [<red|white> hen (of mine)]}\n"
    )
    vocabulary = load_vocabulary([folder])
    for text in ("red hen", "white hen", "white hen of mine"):
        assert [mention.text for mention in vocabulary.find(text)] == [text]
    assert vocabulary.find("hen") == ()


def test_words_such_as_on_and_no_are_words(write: Writer) -> None:
    folder = write(birds="concepts:\n- {id: hen, kind: animal, synonyms: [on, no, yes, y]}\n")
    assert len(load_vocabulary([folder]).find("on no yes y")) == 4


def test_a_concept_pairs_with_its_neighbour_on_the_side_given(write: Writer) -> None:
    folder = write(
        birds="""
language: {pairing: {before_head: very, after_head: the, links: of, joins: and}}
concepts:
- {id: red, kind: colour, gap: left, pairs: {hen: red-hen}}
- {id: farm, kind: place, alone: drop, pairs: {hen: farm-hen}}
- {id: hen, kind: animal}
- {id: red-hen, kind: animal, is_a: [hen]}
- {id: farm-hen, kind: animal, is_a: [hen]}
"""
    )
    vocabulary = load_vocabulary([folder])

    def found(text: str) -> list[tuple[str, str]]:
        return [(mention.concept, mention.text) for mention in vocabulary.find(text)]

    assert found("red hen") == [("red-hen", "red hen")]
    assert found("hen red") == [("hen", "hen"), ("red", "red")]
    assert found("hen of the farm") == [("farm-hen", "hen of the farm")]
    assert found("hen the farm") == [("hen", "hen")]
    assert found("farm, hen") == [("hen", "hen")]
    assert found("farm") == []
