"""A small index with fake vectors, and the real model for the tests that are about it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.retrieval import PassageIndex
from assistant.retrieval.embeddings import Embedder, open_embedder
from tests.retrieval.fakes import TEXTS, PairEmbedder


@pytest.fixture
def embedder() -> PairEmbedder:
    return PairEmbedder()


@pytest.fixture
def index(embedder: PairEmbedder) -> PassageIndex:
    return PassageIndex.build(TEXTS, embedder=embedder)


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where the run keeps the exported model: made once, shared by the workers."""
    return Path(os.environ["ASSISTANT_INDEX_DIR"]) / "models"


@pytest.fixture(scope="session")
def real_embedder(model_cache: Path) -> Embedder:
    return open_embedder(model_cache)
