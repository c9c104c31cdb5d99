"""A real answer on poor terminals, and interrupted in its middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.answering.scripted_server import serve
from tests.faults.conftest import QUESTION, Ask

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252:strict"},
    ],
)
def test_an_answer_is_whole_on_a_terminal_that_lacks_its_characters(
    ask: Ask, small_corpus: Path, index: Path, environment: dict[str, str]
) -> None:
    encoding = environment.get("PYTHONIOENCODING", "ascii").partition(":")[0]
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "ask", "--why", QUESTION],
        capture_output=True,
        env={
            **os.environ,
            "ASSISTANT_CORPUS_DIR": str(small_corpus),
            "ASSISTANT_INDEX_DIR": str(index),
            **environment,
        },
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert "[1]" in text
    assert "Usually Not Appropriate" in " ".join(text.split())


@pytest.mark.network
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interrupt_while_a_model_is_waited_for_ends_with_130_and_no_half_answer(
    small_corpus: Path, index: Path
) -> None:
    with serve("hang") as (client, script):
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant.cli", "ask", QUESTION],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                "ASSISTANT_CORPUS_DIR": str(small_corpus),
                "ASSISTANT_INDEX_DIR": str(index),
                "ASSISTANT_LLM": "openai:scripted",
                "OPENAI_API_KEY": "none",
                "OPENAI_BASE_URL": str(client().openai_api_base),
            },
        )
        deadline = time.monotonic() + 120
        while not script.requests:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "the model was never asked"
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert err == b"\nInterrupted.\n"
