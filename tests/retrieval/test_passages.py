"""Passages: exact offsets, heading paths, nothing lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import PassageIndexError
from assistant.retrieval.passages import MAX_PASSAGE_CHARS, chunk_source, embedding_text

SOURCE = """Rope lore

Knots

When to tie a reef knot?

A reef knot joins two ropes.
It lies flat.

It does not suit:

  • Wet rope: it slips.
  • Ropes of two sizes:
    take a sheet bend.
1. Cross the ends.
(2) Pull.

Questions

Can a child tie it?

Yes.

Reviewed by A. Sailor
"""
HEADINGS = ["Knots", "When to tie a reef knot?", "Questions", "Can a child tie it?"]


def test_a_passage_is_a_paragraph_or_a_bullet_without_its_mark() -> None:
    assert [passage.text for passage in chunk_source(SOURCE, HEADINGS, "knots")] == [
        "A reef knot joins two ropes.\nIt lies flat.",
        "It does not suit:",
        "Wet rope: it slips.",
        "Ropes of two sizes:\n    take a sheet bend.",
        "Cross the ends.",
        "Pull.",
        "Yes.",
        "Reviewed by A. Sailor",
    ]


def test_offsets_give_the_text_back() -> None:
    for passage in chunk_source(SOURCE, HEADINGS, "knots"):
        assert SOURCE[passage.start : passage.end] == passage.text


def test_a_heading_without_text_holds_those_that_follow() -> None:
    passages = chunk_source(SOURCE, HEADINGS, "knots")
    assert passages[0].headings == ("Knots", "When to tie a reef knot?")
    assert passages[-1].headings == ("Knots", "Questions", "Can a child tie it?")


def test_a_passage_set_apart_stands_under_the_title() -> None:
    passages = chunk_source(SOURCE, HEADINGS, "knots", apart=["Reviewed by", ""])
    assert passages[-1].headings == ("Knots",)
    assert passages[-2].headings == ("Knots", "Questions", "Can a child tie it?")


def test_ids_are_in_order_and_carry_the_guideline() -> None:
    ids = [passage.id for passage in chunk_source(SOURCE, HEADINGS, "knots")]
    assert ids == sorted(ids)
    assert ids[0] == "knots:0000"


def test_what_is_embedded_begins_with_the_headings() -> None:
    passage = chunk_source(SOURCE, HEADINGS, "knots")[0]
    assert embedding_text(passage).splitlines()[0] == "Knots › When to tie a reef knot?"


def test_without_headings_the_whole_text_is_cut() -> None:
    (first, second) = chunk_source("One.\n\nTwo.", [], "plain")
    assert (first.text, first.headings, second.start) == ("One.", (), 6)
    assert embedding_text(first) == "One."


@pytest.mark.parametrize("headings", [["Nowhere"], ["Knots", "Knots"], ["Questions", "Knots"], [""]])
def test_a_heading_that_is_not_a_line_in_its_place_is_refused(headings: list[str]) -> None:
    with pytest.raises(PassageIndexError, match="is not a line of the source"):
        chunk_source(SOURCE, headings, "knots")


def test_a_long_paragraph_is_cut_at_the_ends_of_sentences() -> None:
    sentence = "This sentence has a length of sixty characters, more or less. "
    text = sentence * 60
    passages = chunk_source(text, [], "long")
    assert len(passages) > 2
    assert all(len(passage.text) <= MAX_PASSAGE_CHARS for passage in passages)
    assert all(passage.text.endswith("less.") for passage in passages)
    assert " ".join(passage.text for passage in passages) == text.strip()


def test_a_word_longer_than_a_passage_is_cut_all_the_same() -> None:
    passages = chunk_source("x" * 5000, [], "long")
    assert "".join(passage.text for passage in passages) == "x" * 5000


@given(st.text(alphabet=st.sampled_from("ab. \n\t•-1)\r\u00a0é☢"), max_size=400))
def test_any_text_is_cut_without_loss_and_in_order(text: str) -> None:
    passages = chunk_source(text, [], "any")
    end = 0
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.start >= end
        end = passage.end
    kept = "".join(passage.text for passage in passages)
    marks = re.compile(r"[\s•\-1).]")  # bullets and blanks may go, words may not
    assert marks.sub("", kept) == marks.sub("", text)


def test_the_shipped_guideline_is_cut_whole(root: Path) -> None:
    for pack in (root / "corpus" / "guidelines").iterdir():
        metadata = yaml.safe_load((pack / "guideline.yaml").read_text("utf-8"))
        source = (pack / metadata["source"]["file"]).read_bytes().decode("utf-8")
        passages = chunk_source(source, metadata["headings"], metadata["id"])
        assert all(source[item.start : item.end] == item.text for item in passages)
        assert all(item.headings[0] == metadata["headings"][0] for item in passages)
        covered = sum(len(item.text) for item in passages) + sum(len(line) for line in metadata["headings"])
        assert covered > 0.97 * len(source)
