"""Slips are mended to words that the questions use; names, abbreviations and other words stay."""

from __future__ import annotations

import pytest

from assistant.answering.spelling import Spelling


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    counts = {"muscles": 9, "sensitive": 9, "scan": 99, "rating": 20, "rated": 20, "rare": 1, "cin": 9}
    shorthand = {"y": "why", "wich": "which"}
    return Spelling(
        counts, frozenset({"ratting"}), shorthand, {"question mark": "?"}, lambda word: word == "scanx"
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("muscels", "muscles"),
        ("sensitve", "sensitive"),
        ("y is it rated so", "why is it rated so"),
        ("wich scan question mark", "which scan? "),
        ("Y", "Y"),
        ("IR(ME)R", "IR(ME)R"),
        ("ratting", "ratting"),
        ("scanx", "scanx"),
        ("SENSITVE", "SENSITVE"),
        ("rore", "rore"),
        ("scn", "scn"),
        ("clin", "clin"),
        ("the scan is rated", "the scan is rated"),
    ],
)
def test_what_is_mended(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.mend(typed) == read
