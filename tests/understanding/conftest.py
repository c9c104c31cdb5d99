"""What tests of understanding share: the real guideline, the vocabulary, and the reader of messages."""

from __future__ import annotations

import pytest

from assistant.guidelines.loader import load_guideline
from assistant.guidelines.pack import Guideline
from assistant.settings import find_corpus
from assistant.understanding import Reader
from assistant.vocabulary import Vocabulary, load_vocabulary

GUIDELINE = "bone-scan-suspected-metastatic-breast-cancer"


@pytest.fixture(scope="session")
def tools() -> tuple[Guideline, Vocabulary, Reader]:
    corpus = find_corpus()
    vocabulary = load_vocabulary([corpus / "vocabulary"])
    return (
        load_guideline(corpus / "guidelines" / GUIDELINE),
        vocabulary,
        Reader(vocabulary, corpus / "vocabulary"),
    )
