"""Zero attempts to reach a network, counted at the socket layer, while samples of every set are answered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES_OF_EACH = 40

#: Runs in the process that is watched: answers, reviews and searches, as the evaluation does.
CODE = f"""
from assistant import Assistant
from evals.samples import DATASETS, load_samples
assistant = Assistant.open()
asked = 0
for name in ("vignettes", "content", "uncovered"):
    samples = load_samples(DATASETS / f"{{name}}.yaml")
    for sample in samples[:: max(1, len(samples) // {SAMPLES_OF_EACH})]:
        history = [{{"role": "user", "content": turn}} for turn in sample.turns[:-1]]
        answer = assistant.ask(sample.turns[-1], history=history)
        assistant.review(answer.text or ".", question=sample.turns[-1], history=history)
        asked += 1
assistant.resources.passage_index.search("bone scan")
print(asked, "asked")
"""


def offline(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "scripts" / "offline.py"), *arguments],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.model
@pytest.mark.slow
def test_answers_reviews_and_searches_attempt_nothing_without_home_or_cache(root: Path) -> None:
    done = offline(root, "-c", CODE)
    assert done.returncode == 0, done.stderr[-2_000:]
    asked, attempts = done.stdout.splitlines()[-2:]
    assert int(asked.split()[0]) >= 3 * SAMPLES_OF_EACH
    assert attempts == "0 attempts to reach a network"


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 443)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import _socket; _socket.socket().connect(('127.0.0.1', 9))",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import socket; socket.gethostbyname(\"x.test\")'])",
    ],
)
def test_an_attempt_is_counted_even_where_its_error_is_swallowed(root: Path, code: str) -> None:
    done = offline(root, "-c", f"try:\n    {code}\nexcept OSError:\n    pass\n")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].split()[0] != "0"


def test_the_exit_code_of_the_program_is_passed_on(root: Path) -> None:
    assert offline(root, "-c", "raise SystemExit(7)").returncode == 7


def test_telemetry_of_the_libraries_is_off(root: Path) -> None:
    code = (
        "import os\n"
        "from assistant.retrieval.chroma import _import\n"
        "chromadb, settings = _import()\n"
        "assert settings.anonymized_telemetry is False\n"
        "assert os.environ['HF_HUB_OFFLINE'] == os.environ['HF_HUB_DISABLE_TELEMETRY'] == '1'\n"
        "from streamlit import config\n"
        "assert config.get_option('browser.gatherUsageStats') is False\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
