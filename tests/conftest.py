"""What all tests share: no network, no settings or caches of the machine, and small packs to load."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

# The same examples on every run and machine, however slow it is: tests assert behaviour, never time.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("project")

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = ROOT / "tests" / "offline"

# Before anything else is imported: libraries read these once, and child processes inherit them.
sys.path.insert(0, str(OFFLINE))
os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH", "")])])
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"
for name in [name for name in os.environ if name.startswith("ASSISTANT_") or name.endswith("_API_KEY")]:
    del os.environ[name]

import sitecustomize as offline  # noqa: E402

if not hasattr(offline, "block"):  # the machine has a sitecustomize of its own, which was imported first
    del sys.modules["sitecustomize"]
    import sitecustomize as offline

offline.block()

from tests.chroma import Server  # noqa: E402


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that tried to leave the machine, even where the library swallowed the refusal."""
    offline.ATTEMPTS.clear()
    yield
    attempts = list(offline.ATTEMPTS)
    offline.ATTEMPTS.clear()
    assert not attempts, f"this test tried to reach the network: {attempts}"


@pytest.fixture(autouse=True, scope="session")
def _index_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep indexes of tests away from the user's cache; workers of one run share what they build."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    os.environ["ASSISTANT_INDEX_DIR"] = str(shared / "index")
    yield
    os.environ.pop("ASSISTANT_INDEX_DIR", None)


def write_corpus(folder: Path, *packs: Path) -> Path:
    """Write a corpus with the shared files of the real one and these packs."""
    shutil.copytree(ROOT / "corpus", folder, ignore=shutil.ignore_patterns("guidelines"))
    for pack in packs:
        shutil.copytree(pack, folder / "guidelines" / pack.name)
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def second_pack() -> Path:
    """The complete invented guideline on another topic."""
    (folder,) = (ROOT / "tests" / "data" / "guidelines").iterdir()
    return folder


@pytest.fixture
def two_packs(tmp_path: Path, second_pack: Path) -> Path:
    """A corpus folder with the real guideline and the invented one."""
    (real,) = (ROOT / "corpus" / "guidelines").iterdir()
    return write_corpus(tmp_path / "corpus", real, second_pack)


TINY_TEXT = """Knots

When to tie a reef knot?

A reef knot joins two ropes of equal size. It is rated Good. It is “quick” — and easy to untie.

It does not hold on wet rope.

Frequent questions

Can a child tie it?

Yes, most children can. It is rated Good.

Reviewed by A. Sailor, Rigger on May 2, 2024.
"""

TINY_FILES = {
    "guideline.yaml": """\
id: knots
title: Knots
publisher: {text: A. Sailor, statement: reviewer}
reviewer: {text: 'A. Sailor, Rigger', statement: reviewer}
review_date: 2024-05-02
source:
  file: source/knots.txt
  sha256: SHA256
headings:
  - Knots
  - When to tie a reef knot?
  - Frequent questions
  - Can a child tie it?
covers: Knots.
domain: [rope]
""",
    "statements.yaml": """\
- id: joins
  quote: A reef knot joins two ropes of equal size.
- id: rating
  quote: It is rated Good.
  occurrence: 1
- id: quick
  quote: It is “quick” — and easy to untie.
- id: wet
  quote: It does not hold on wet rope.
- id: children
  quote: Yes, most children can.
- id: reviewer
  quote: Reviewed by A. Sailor, Rigger on May 2, 2024.
""",
}


@pytest.fixture
def tiny_pack(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a tiny pack; its arguments replace or add files (None leaves one out)."""

    def write(text: str = TINY_TEXT, **files: str | None) -> Path:
        folder = tmp_path / "tiny" / "guidelines" / "knots"
        (folder / "source").mkdir(parents=True, exist_ok=True)
        (folder / "source" / "knots.txt").write_bytes(text.encode("utf-8"))
        given = {name.replace("_yaml", ".yaml"): content for name, content in files.items()}
        for name, content in {**TINY_FILES, **given}.items():
            if content is not None:
                filled = content.replace("SHA256", hashlib.sha256(text.encode("utf-8")).hexdigest())
                (folder / name).write_text(filled, encoding="utf-8", newline="")
        return folder

    return write


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Chroma server of its own, with its data in a folder of the test."""
    server = Server(tmp_path / "server")
    server.start()
    yield server
    server.kill()
