"""The command line as a process: examples, terminals of all kinds, pipes and signals."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

COMMANDS = (
    [], ["ask"], ["chat"], ["faq"], ["review"], ["app"], ["index"], ["doctor"], ["eval"], ["corpus", "check"],
    ["corpus", "show"],
)  # fmt: skip


def examples(text: str) -> list[str]:
    """Return the example lines of a --help text."""
    _, _, rest = text.partition("Examples:\n")
    return [line.strip() for line in rest.partition("\n\n")[0].splitlines()]


def test_every_command_has_help_with_examples(shell):
    for command in COMMANDS:
        result = shell(*command, "--help")
        assert result.returncode == 0
        assert examples(result.stdout.decode()), command


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['guideline-assistant', '--help']\n"
        "from assistant.cli.program import run\n"
        "run()\n"
        "heavy = {'torch', 'chromadb', 'onnxruntime', 'streamlit', 'langchain_core', 'rich', 'pydantic', 'yaml', 'numpy'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.model
def test_every_example_in_the_help_runs_as_written(shell, tmp_path):
    """The lines run in a shell, in an empty folder, through a command of that name on PATH."""
    command = tmp_path / "bin" / "guideline-assistant"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m assistant.cli "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)
    root = Path(__file__).resolve().parents[2]
    environment = {
        **os.environ,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]),
    }
    lines = [line for command in COMMANDS for line in examples(shell(*command, "--help").stdout.decode())]
    assert len(lines) > 15
    for line in dict.fromkeys(lines):
        result = subprocess.run(
            line, shell=True, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False
        )  # fmt: skip
        allowed = {0, 3} if " review " in line else {0}
        assert result.returncode in allowed, (line, result.stderr.decode()[-2000:])


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "cp437:strict"},
        {"PYTHONIOENCODING": "utf-8"},
    ],
)
def test_any_terminal_encoding_shows_the_corpus(shell, environment, second_pack):
    result = shell("corpus", "show", second_pack.name, ASSISTANT_CORPUS_DIR="", **environment)
    assert result.returncode in (0, 1)
    result = shell("corpus", "check", str(second_pack), "--coverage", **environment)
    assert result.returncode == 0, result.stderr
    assert b"Traceback" not in result.stderr


def test_characters_that_a_terminal_lacks_are_written_plainly(tiny_pack, shell):
    root = str(tiny_pack().parents[1])
    result = shell("corpus", "show", "quick", ASSISTANT_CORPUS_DIR=root, PYTHONIOENCODING="ascii")
    assert b'quote: It is "quick" - and easy to untie.' in result.stdout


def test_json_is_whole_on_any_terminal(tiny_pack, shell):
    root = str(tiny_pack().parents[1])
    for encoding in ("ascii", "utf-8"):
        result = shell(
            "corpus", "show", "quick", "--json", ASSISTANT_CORPUS_DIR=root, PYTHONIOENCODING=encoding
        )
        assert json.loads(result.stdout)[0]["quote"] == "It is “quick” — and easy to untie."


def test_bytes_that_are_no_text_in_an_argument_do_no_harm(tiny_pack, shell):
    root = str(tiny_pack().parents[1])
    result = shell("corpus", "show", b"caf\xe9\x80", ASSISTANT_CORPUS_DIR=root)
    assert result.returncode == 1
    assert "no record 'caf\N{REPLACEMENT CHARACTER}" in result.stderr.decode()


def test_a_reader_that_goes_away_is_no_error(second_pack, root):
    process = subprocess.run(
        f"{shlex.quote(sys.executable)} -m assistant.cli corpus show --json | head -c 10; exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, cwd=root, check=False,
        env={**os.environ, "ASSISTANT_CORPUS_DIR": str(root / "tests" / "data")},
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    assert process.stderr == b""


SLOW = """
import sys, time
import assistant
class Slow:
    guidelines = ()
    @classmethod
    def open(cls, **options): return cls()
    def ask(self, question, history=()):
        print("asking", file=sys.stderr, flush=True)
        time.sleep(60)
assistant.Assistant = Slow
sys.argv = ["guideline-assistant", *sys.argv[1:]]
from assistant.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("arguments", [["ask", "x"], ["ask", "x", "--json"], ["chat"]])
def test_an_interrupt_in_the_middle_of_an_answer_ends_cleanly(arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    assert process.stdin
    assert process.stderr
    process.stdin.write(b"question\n")
    process.stdin.flush()
    assert process.stderr.readline() == b"asking\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == b""
    assert err == b"\nInterrupted.\n"


def test_the_version_in_the_package_is_the_one_shown(shell):
    out = shell("--version").stdout.decode()
    assert re.match(r"guideline-assistant \d+\.\d+\.\d+\n", out)


def test_the_evaluation_is_passed_its_arguments(shell):
    result = shell("eval", "--help")
    assert result.returncode == 0


@pytest.mark.network
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_the_app_listens_on_loopback_alone_answers_health_and_stops_on_a_signal():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "app", f"--server.port={port}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as reply:
                    assert reply.read() == b"ok"
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.2)
        if Path("/proc/net/tcp").is_file():
            rows = [
                line.split()
                for name in ("tcp", "tcp6")
                for line in Path("/proc/net", name).read_text(encoding="ascii").splitlines()
            ]
            bound = {row[1] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"}
            assert bound == {f"0100007F:{port:04X}"}
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        assert b"Traceback" not in out
    finally:
        process.kill()
