"""Strict YAML: what is read, what is refused, and on which line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.guidelines.lines import MAX_DEPTH, YamlError, line_of, parse, read_text

TEXT = """\
# a comment
first: 1
list:
  - id: a
    quote: 'one'
    items: [x, 2.5, no, ~, 2026-05-26]
  - id: b
    folded: >-
      two
      lines
flow: {inner: {deep: true}}
"""


def test_scalars_mean_what_yaml_1_2_says():
    assert parse(TEXT) == {
        "first": 1,
        "list": [
            {"id": "a", "quote": "one", "items": ["x", 2.5, "no", None, "2026-05-26"]},
            {"id": "b", "folded": "two lines"},
        ],
        "flow": {"inner": {"deep": True}},
    }


def test_a_quoted_scalar_stays_text():
    assert parse("a: '1'\nb: \"true\"\nc: '~'") == {"a": "1", "b": "true", "c": "~"}


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("first",), 2),
        (("list",), 3),
        (("list", 0), 4),
        (("list", 0, "items"), 6),
        (("list", 0, "items", 3), 6),
        (("list", 1), 7),
        (("list", 1, "folded"), 8),
        (("flow", "inner", "deep"), 11),
    ],
)
def test_each_value_has_its_line(location, line):
    assert line_of(TEXT, location) == line


def test_a_place_that_is_not_there_has_the_line_of_its_nearest_parent():
    assert line_of(TEXT, ("list", 1, "missing")) == 7
    assert line_of(TEXT, ("nowhere", 3)) == 2
    assert line_of("", ("a",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "twice"),
        ("a: &x 1", 1, "anchors"),
        ("a: &x [1]", 1, "anchors"),
        ("\na: *x", 2, "aliases"),
        ("a: !!python/object/apply:os.system [x]", 1, "tags"),
        ("a: !!str 1", 1, "tags"),
        ("a: 1\n---\nb: 2", 2, "more than one YAML document"),
        ("? [a]\n: 1", 1, "key must be text"),
        ("1: a", 1, "key must be text"),
        ("a:\n  b: c: d", 2, "not valid YAML"),
        ("\ta: 1", 1, "not valid YAML"),
        ("a: 1\nb: \x01", 2, "control character"),
        ("a: [", 2, "not valid YAML"),
    ],
)
def test_what_could_surprise_a_reader_is_refused_with_its_line(text, line, words):
    with pytest.raises(YamlError) as caught:
        parse(text)
    assert caught.value.line == line
    assert words in caught.value.message


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 50_000 + "x", "{a: " * 50_000])
def test_deep_nesting_is_refused_at_once(text):
    with pytest.raises(YamlError, match=f"more than {MAX_DEPTH} levels"):
        parse(text)


def test_a_bomb_of_aliases_is_refused():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{k}: &{k} [*{j}, *{j}]\n" for j, k in zip("abcdef", "bcdefg", strict=True)
    )
    with pytest.raises(YamlError, match="anchors"):
        parse(bomb)


def test_a_huge_file_is_not_even_read(tmp_path: Path):
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(10**10)  # sparse: reading it would take all memory
    with pytest.raises(YamlError, match="more than"):
        read_text(path)


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(YamlError) as caught:
        read_text(path)
    assert caught.value.line == 2


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_what_a_yaml_writer_writes_is_read_back(value):
    text = yaml.dump(value, allow_unicode=True, Dumper=Plain)
    assert parse(text) == yaml.safe_load(text)


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@ \n\t,?~1.", max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        data = parse(text)
    except YamlError as error:
        assert 1 <= error.line <= text.count("\n") + 2
    else:
        line_of(text, ("a", 0))
        assert data is None or isinstance(data, (str, int, float, bool, list, dict))


class Plain(yaml.SafeDumper):
    """Writes no aliases, which are refused, for equal parts of a value."""

    def ignore_aliases(self, data):
        return True
