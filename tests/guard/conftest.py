"""One guard over the pack that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.guard import Guard
from assistant.guidelines.loader import load_guideline
from assistant.guidelines.pack import Guideline
from assistant.vocabulary import load_vocabulary

PACK = "bone-scan-suspected-metastatic-breast-cancer"


@pytest.fixture(scope="session")
def guideline(root: Path) -> Guideline:
    return load_guideline(root / "corpus" / "guidelines" / PACK)


@pytest.fixture(scope="session")
def guard(root: Path, guideline: Guideline) -> Guard:
    return Guard(guideline, load_vocabulary([root / "corpus" / "vocabulary"]))
