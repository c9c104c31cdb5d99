"""A disk that is full and one that is read-only, both for real: small file systems in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.retrieval import PassageIndex
from tests.faults.conftest import Ask, answer_of
from tests.retrieval.fakes import PairEmbedder
from tests.retrieval.test_faults import COUNT, OLD, result, serves_old, start

Mount = Callable[[str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Return a function that mounts a small disk with the given options; skips where that is not allowed."""
    disks: list[Path] = []

    def make(options: str) -> Path:
        folder = tmp_path / f"disk-{len(disks)}"
        folder.mkdir()
        if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
            pytest.skip("a small disk cannot be mounted: not root")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
        disks.append(folder)
        return folder

    yield make
    for folder in disks:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_on_a_full_disk_the_index_is_held_in_memory_and_the_old_one_kept(root: Path, mount: Mount) -> None:
    folder = mount("size=2m") / "index"
    PassageIndex.build(OLD, folder, embedder=PairEmbedder())
    done = result(start(root, folder, "6000", "0"))
    assert done["folder"] is None
    assert done["first"][0]["position"] == 5999
    assert "held in memory" in done["warnings"][-1]
    assert "has free space" in done["warnings"][-1]
    assert serves_old(folder)
    remount(folder.parent, "size=200m")
    again = result(start(root, folder, "6000", "0"))
    assert again["warnings"] == []
    assert again["folder"] is not None


def test_a_disk_without_one_free_byte(root: Path, mount: Mount) -> None:
    folder = mount("size=1m")
    PassageIndex.build(OLD, folder / "index", embedder=PairEmbedder())
    with (folder / "filler").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 4096)
    done = result(start(root, folder / "index", str(COUNT), "0"))
    assert done["folder"] is None
    assert done["first"][0]["position"] == COUNT - 1
    assert serves_old(folder / "index")


@pytest.mark.model
@pytest.mark.slow
def test_the_assistant_answers_on_a_full_disk_and_says_what_to_do(
    ask: Ask, mount: Mount, index: Path
) -> None:
    expected = answer_of(ask(index))
    done = ask(mount("size=64k") / "index")
    assert answer_of(done) == expected
    assert "300 MB of free space" in done.stderr
    assert "held in memory" in done.stderr


@pytest.mark.model
def test_the_assistant_answers_from_a_read_only_disk_without_a_word(
    ask: Ask, mount: Mount, built: Path
) -> None:
    folder = mount("size=700m")
    shutil.copytree(built, folder / "index")
    expected = answer_of(ask(folder / "index"))
    remount(folder, "ro")
    done = ask(folder / "index")
    assert answer_of(done) == expected
    assert done.stderr == ""
