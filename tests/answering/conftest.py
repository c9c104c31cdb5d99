"""The real corpus: its reader of questions without a model, and everything with the real index."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.aspects import Aspects, load_aspects
from assistant.answering.evidence_reader import Reader
from assistant.vocabulary import load_vocabulary


@pytest.fixture(scope="session")
def aspects(root: Path) -> Aspects:
    return load_aspects(root / "corpus" / "vocabulary" / "aspects.yaml")


@pytest.fixture(scope="session")
def reader(root: Path, aspects: Aspects) -> Reader:
    return Reader(load_vocabulary([root / "corpus" / "vocabulary"]), aspects)


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return Assistant.open()
