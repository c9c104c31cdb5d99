"""Faults, each for real: processes are killed, raced and starved, and nothing is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.retrieval import PassageIndex
from tests.retrieval.builder import numbered
from tests.retrieval.fakes import TEXTS, PairEmbedder

OLD = ["The old index still serves.", *TEXTS]
COUNT = 160


def start(root: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.retrieval.builder", str(folder), *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return dict(json.loads(out))


def serves_old(folder: Path) -> bool:
    index = PassageIndex.open(folder, embedder=PairEmbedder())
    return index.search("The old index still serves.")[0]["text"] == OLD[0]


def wait_for(path: Path, pattern: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(list(path.glob(pattern))) < count:
        assert time.monotonic() < deadline, f"{pattern} did not appear"
        time.sleep(0.005)


def test_killed_half_way_the_old_index_serves_and_the_next_build_goes_on(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PassageIndex.build(OLD, tmp_path, embedder=PairEmbedder())
    process = start(root, tmp_path, str(COUNT), "0.1")
    wait_for(tmp_path, "staging-*/shards/*.npy", 4)
    process.kill()
    process.communicate()
    assert serves_old(tmp_path)
    log = tmp_path / "log"
    monkeypatch.setenv("EMBED_LOG", str(log))
    done = result(start(root, tmp_path, str(COUNT), "0"))
    assert done["warnings"] == []
    assert done["first"][0]["position"] == COUNT - 1
    embedded = [int(line.split()[1]) for line in log.read_text().splitlines()]
    assert sum(embedded[:-1]) <= COUNT - 4 * 16, "what was embedded before the kill is not embedded again"


@pytest.mark.slow
def test_killed_at_thirty_random_moments_nothing_is_lost(root: Path, tmp_path: Path) -> None:
    PassageIndex.build(OLD, tmp_path, embedder=PairEmbedder())
    began = time.monotonic()
    result(start(root, tmp_path / "timed", str(COUNT), "0.01"))
    whole_s = time.monotonic() - began
    moments = random.Random(7)
    for number in range(30):
        process = start(root, tmp_path, str(COUNT + number % 3), "0.01")
        time.sleep(moments.uniform(0.2, 1.1) * whole_s)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        index = PassageIndex.open(tmp_path, embedder=PairEmbedder())
        query = OLD[0] if OLD[0] in index.texts else index.texts[-1]
        assert index.search(query, k=1)[0]["text"] == query
    done = result(start(root, tmp_path, str(COUNT), "0"))
    assert done["warnings"] == []
    assert done["first"][0]["position"] == COUNT - 1


def test_two_builders_at_once_build_it_once_and_agree(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("EMBED_LOG", str(log))
    processes = [start(root, tmp_path / "index", str(COUNT), "0.05") for _ in range(3)]
    results = [result(process) for process in processes]
    assert results[0] == results[1] == results[2]
    assert results[0]["warnings"] == []
    builders = {line.split()[0] for line in log.read_text().splitlines() if int(line.split()[1]) > 1}
    assert len(builders) == 1


def test_two_builders_of_different_texts_do_no_harm(root: Path, tmp_path: Path) -> None:
    processes = [start(root, tmp_path, str(COUNT + number), "0.02") for number in range(2)]
    for number, process in enumerate(processes):
        done = result(process)
        assert done["warnings"] == []
        assert done["first"][0]["position"] == COUNT + number - 1
    assert len(PassageIndex.open(tmp_path, embedder=PairEmbedder())) in (COUNT, COUNT + 1)


@pytest.mark.parametrize("limit_bytes", [1_000, 20_000, 200_000])
def test_when_nothing_more_can_be_written_the_index_is_held_in_memory(
    root: Path, tmp_path: Path, limit_bytes: int
) -> None:
    """A limit on the size of files stands for a full disk: writes fail half-way, in numpy, SQLite and Chroma."""
    PassageIndex.build(OLD, tmp_path, embedder=PairEmbedder())
    done = result(start(root, tmp_path, "1500", "0", "file-limit", str(limit_bytes)))
    assert done["folder"] is None
    assert done["first"][0]["position"] == 1499
    assert "held in memory" in done["warnings"][-1]
    assert serves_old(tmp_path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="assistant-retrieval-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path
        path.chmod(0o755)


def test_a_read_only_folder_serves_what_it_has_and_takes_nothing_new(root: Path, open_folder: Path) -> None:
    folder = open_folder / "index"
    PassageIndex.build(numbered(COUNT), folder, embedder=PairEmbedder())
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    as_nobody = ("user", "65534") if os.geteuid() == 0 else ()  # nothing is read-only for root
    try:
        same = result(start(root, folder, str(COUNT), "0", *as_nobody))
        other = result(start(root, folder, str(COUNT + 1), "0", *as_nobody))
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
    assert same["warnings"] == []
    assert same["folder"] is not None
    assert other["folder"] is None
    assert "Give a folder that can be written" in other["warnings"][-1]
    assert other["first"][0]["position"] == COUNT
