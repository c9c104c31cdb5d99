"""Each row of data/*.yaml is one claim on what a text mentions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.vocabulary import Mention, Vocabulary

DATA = Path(__file__).parent / "data"
KEYS = {
    "text",
    "exactly",
    "has",
    "lacks",
    "values",
    "units",
    "readings",
    "spans",
    "typo",
    "lacks_values",
    "lacks_readings",
}


def rows() -> list[Any]:
    found = []
    for path in sorted(DATA.glob("*.yaml")):
        for number, row in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            found.append(pytest.param(row, id=f"{path.stem}-{number}-{row['text'][:40]!r}"))
    return found


def of(mentions: tuple[Mention, ...], concept: str) -> Mention:
    found = [mention for mention in mentions if mention.concept == concept]
    assert found, f"{concept} not among {[mention.concept for mention in mentions]}"
    return found[0]


@pytest.mark.parametrize("row", rows())
def test_a_text_mentions_what_its_row_says(vocabulary: Vocabulary, row: dict[str, Any]) -> None:
    assert not set(row) - KEYS
    mentions = vocabulary.find(row["text"])
    concepts = [mention.concept for mention in mentions]
    if "exactly" in row:
        assert concepts == row["exactly"]
    for concept in row.get("has", ()):
        assert concept in vocabulary.concepts
        assert concept in concepts
    for concept in row.get("lacks", ()):
        assert concept in vocabulary.concepts
        assert concept not in concepts
    for concept, value in row.get("values", {}).items():
        assert of(mentions, concept).value == pytest.approx(value, abs=0.01)
    for concept, unit in row.get("units", {}).items():
        assert of(mentions, concept).unit == unit
    for concept, reading in row.get("readings", {}).items():
        assert of(mentions, concept).reading == reading
    for concept, span in row.get("spans", {}).items():
        assert of(mentions, concept).text == span
    for concept in row.get("lacks_values", ()):
        assert of(mentions, concept).value is None
    for concept in row.get("lacks_readings", ()):
        assert of(mentions, concept).reading is None
    for concept in row.get("typo", ()):
        assert not of(mentions, concept).exact
