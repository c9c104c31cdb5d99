"""A small corpus with an index of its own, so that each fault can be done to it for real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import write_corpus

QUESTION = "What is the rating of ultrasound of the wrist?"
Ask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def small_corpus(second_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented guideline alone, without the thousand wordings of what no guideline is about."""
    corpus = write_corpus(tmp_path_factory.mktemp("small") / "corpus", second_pack)
    (corpus / "vocabulary" / "elsewhere.yaml").unlink()
    return corpus


@pytest.fixture(scope="session")
def built(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the small corpus, to copy; nothing is done to it."""
    from assistant import Assistant

    folder = tmp_path_factory.mktemp("built") / "index"
    shared = Path(os.environ["ASSISTANT_INDEX_DIR"]) / "models"
    if shared.is_dir():  # an exported model that another test has made
        shutil.copytree(shared, folder / "models")
    Assistant.open(corpus_dir=small_corpus, index_dir=folder).ask(QUESTION)
    return folder


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """A copy of the index, to harm."""
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture
def ask(small_corpus: Path) -> Ask:
    """Return a function that asks in a process of its own: `ask(index, [question], prelude=code, **environment)`."""

    def run(index: Path, question: str = QUESTION, prelude: str = "", **environment: str):
        code = f"{prelude}\nimport sys\nsys.argv = ['guideline-assistant', 'ask', '--json', {question!r}]\n"
        code += "from assistant.cli import main\nmain()\n"
        settings = {"ASSISTANT_CORPUS_DIR": str(small_corpus), "ASSISTANT_INDEX_DIR": str(index)}
        return subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **settings, **environment},
            timeout=300,
            check=False,
        )

    return run


def answer_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return dict(json.loads(done.stdout))
