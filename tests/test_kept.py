"""What is kept for the next start is what was made, or nothing: other sources, other code and damage give none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.kept import Kept, Later, keeping, recall, unseal
from assistant.resources import KEPT_FILE, Resources
from assistant.settings import load_settings

VALUE = {"edges": [[1, "a"], [2, None]], "share": 0.5, "whole": 1, "yes": True, "signs": "☢ \ud800"}


class Maker:
    """Makes a value and counts how often."""

    def __init__(self, value: Any = VALUE) -> None:
        self.value = value
        self.made = 0

    def __call__(self) -> Any:
        self.made += 1
        return self.value


def asked(path: Path, make: Maker, *, code: str = "1", sources: tuple[str, ...] = ("a", "b")) -> Any:
    with keeping(Kept(path, code)):
        return recall("name", sources, make)


def test_a_value_is_made_once_and_comes_back_as_it_was(tmp_path: Path) -> None:
    make = Maker()
    assert [asked(tmp_path / "kept.json", make) for _ in range(3)] == [VALUE] * 3
    assert make.made == 1


def test_outside_a_block_nothing_is_kept() -> None:
    make = Maker()
    assert [recall("name", ["a"], make) for _ in range(2)] == [VALUE] * 2
    assert make.made == 2


@pytest.mark.parametrize(
    "changed",
    [{"code": "2"}, {"sources": ("a", "c")}, {"sources": ("ab",)}, {"sources": ("ab", "")}, {"sources": ()}],
    ids=["code", "one source", "joined", "moved", "none"],
)
def test_a_value_of_other_sources_or_other_code_is_made_anew(tmp_path: Path, changed: dict[str, Any]) -> None:
    asked(tmp_path / "kept.json", Maker())
    make = Maker("other")
    assert asked(tmp_path / "kept.json", make, **changed) == "other"
    assert asked(tmp_path / "kept.json", make, **changed) == "other"
    assert make.made == 1


@pytest.mark.parametrize("value", [{1: 2}, (1, 2), {"a": (1,)}, {"a"}, float("nan"), b"a"], ids=repr)
def test_what_does_not_come_back_from_json_as_it_was_is_not_kept(tmp_path: Path, value: Any) -> None:
    make = Maker(value)
    for _ in range(2):
        assert asked(tmp_path / "kept.json", make) is value
    assert make.made == 2


def test_a_value_that_cannot_be_made_is_no_value(tmp_path: Path) -> None:
    def fail() -> Any:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"), keeping(Kept(tmp_path / "kept.json", "1")):
        recall("name", ["a", "b"], fail)
    assert asked(tmp_path / "kept.json", Maker()) == VALUE


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    at = data.index(b"share") + 1
    return data[:at] + b"x" + data[at + 1 :]


def unsealed(data: bytes) -> bytes:
    return unseal(data)


DAMAGES = [truncated, flipped, unsealed, lambda _: b"", lambda _: b"[]", lambda _: b"\xff\x00"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_counts_as_not_there(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "kept.json"
    asked(path, Maker())
    path.write_bytes(damage(path.read_bytes()))
    make = Maker()
    assert asked(path, make) == VALUE == asked(path, make)
    assert make.made == 1


def test_where_nothing_can_be_written_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    make = Maker()
    for _ in range(2):
        assert asked(tmp_path / "file" / "kept.json", make) == VALUE
    assert make.made == 2


def test_what_was_let_go_of_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    asked(path, Maker())
    kept = Kept(path, "1")
    kept.close()
    with keeping(kept):
        assert recall("other", ["a"], Maker("x")) == "x"
    make = Maker()
    assert asked(path, make) == VALUE
    assert make.made == 0


def test_later_texts_are_worked_out_once_when_looked_at() -> None:
    make = Maker(["a", "b"])
    texts = Later(2, make)
    assert (len(texts), make.made) == (2, 0)
    assert (list(texts), texts[1], texts[:1], texts == ("a", "b")) == (["a", "b"], "b", ["a"], True)
    assert make.made == 1


@pytest.mark.parametrize("damage", [truncated, lambda data: data.replace(b"lexicon", b"lexikon"), None])
def test_a_start_from_what_was_kept_reads_a_question_as_one_from_the_corpus_does(
    root: Path, tmp_path: Path, damage: Callable[[bytes], bytes] | None
) -> None:
    settings = load_settings(corpus_dir=root / "corpus", index_dir=tmp_path)
    text = "52F, TNBC on AC-T, new bakc pain x3wk, no seizures, eGFR 25. Usually apropriate: bone scan?"

    def read() -> list[str]:
        opened = Resources.open(settings)
        guard = next(iter(opened.guards.values()))
        found = [repr(opened.vocabulary.find(text)), repr(opened.reader.read(text))]
        return [*found, guard.review(text).model_dump_json()]

    first = read()
    path = tmp_path / KEPT_FILE
    assert json.loads(unseal(path.read_bytes()))["values"]
    if damage is not None:
        path.write_bytes(damage(path.read_bytes()))
    assert read() == first == read()
