"""Two processes on one Chroma server, which is killed and started again while they are busy."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chroma import Server

pytestmark = [pytest.mark.network, pytest.mark.model, pytest.mark.slow]


class Process:
    """One asker, and the records that it has written."""

    def __init__(self, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.asker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self._records: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("{"):  # a library may print too
                self._records.put(json.loads(line))

    def wait(self, wanted: Callable[[dict[str, Any]], bool], count: int = 1) -> Counter[str]:
        """Read records until `count` of them are as wanted; return how many of each kind came."""
        seen: Counter[str] = Counter()
        deadline = time.monotonic() + 120
        while count:
            try:
                record = self._records.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"it did not come; so far {seen}; {self._process.poll()}") from None
            for name, value in record.items():
                if name != "message":
                    seen[f"{name} {value}"] += 1
            assert record.get("search") != "error" or "does not answer" in record["message"]
            assert record.get("search") != "error" or "Start it ('chroma run')" in record["message"]
            assert record.get("search") != "defect", record
            count -= wanted(record)
        return seen

    def end(self) -> None:
        out, err = self._process.communicate(timeout=60)
        del out
        assert self._process.returncode == 0, err
        assert "Traceback" not in err

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def test_an_outage_is_a_clear_error_never_a_wrong_answer_and_over_by_itself(
    server: Server, small_corpus: Path, index: Path
) -> None:
    environment = {
        "ASSISTANT_CORPUS_DIR": str(small_corpus),
        "ASSISTANT_INDEX_DIR": str(index),
        "ASSISTANT_CHROMA_URL": server.url,
    }
    processes = [Process(**environment) for _ in range(2)]
    try:
        total: Counter[str] = Counter()
        for process in processes:
            process.wait(lambda record: "ready" in record)
            total += process.wait(lambda record: record.get("search") == "right", 10)
        for _ in range(2):
            server.kill()
            for process in processes:
                total += process.wait(lambda record: record.get("search") == "error", 10)
                total += process.wait(lambda record: record.get("answer") == "right", 10)
            server.start()
            for process in processes:
                total += process.wait(lambda record: record.get("search") == "right", 10)
        for process in processes:
            process.end()
    finally:
        for process in processes:
            process.kill()
    assert total["search wrong"] == total["answer wrong"] == 0
    assert total["search error"] >= 40


def test_a_server_that_is_down_at_the_start_stops_no_answer(ask, index: Path, tmp_path: Path) -> None:
    """Answers rest on the questions' index, which stays on the machine."""
    absent = Server(tmp_path)
    done = ask(index, ASSISTANT_CHROMA_URL=absent.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "answered"
