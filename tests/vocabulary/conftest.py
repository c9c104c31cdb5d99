"""The shipped vocabulary, loaded once, and a maker of small ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.vocabulary import Vocabulary, load_vocabulary

CORPUS = Path(__file__).parents[2] / "corpus" / "vocabulary"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary([CORPUS])


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files of a vocabulary folder: write(birds="...") makes birds.yaml."""

    def writer(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text("vocabulary: 1\n" + text, encoding="utf-8")
        return tmp_path

    return writer
