"""Checks a whole corpus for its authors: every pack, every problem, with the vocabulary's concepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.guidelines.lines import YamlError, parse, read_text
from assistant.guidelines.loader import pack_folders, read_pack
from assistant.guidelines.pack import Guideline
from assistant.guidelines.problems import Problem, as_error

__all__ = ["Problem", "Report", "as_error", "check_corpus", "check_pack"]


@dataclass(frozen=True, slots=True)
class Report:
    """What was read, what is wrong with it, and which kinds of reference could not be checked."""

    guidelines: tuple[Guideline, ...]
    problems: tuple[Problem, ...]
    unchecked: tuple[str, ...] = ()


def check_corpus(root: Path) -> Report:
    """Check every pack under `root`; CorpusNotFoundError when there is none."""
    guidelines: list[Guideline] = []
    problems: list[Problem] = []
    unchecked: set[str] = set()
    for folder in pack_folders(root):
        report = check_pack(folder, root)
        guidelines.extend(report.guidelines)
        problems.extend(report.problems)
        unchecked.update(report.unchecked)
    return Report(tuple(guidelines), tuple(problems), tuple(sorted(unchecked)))


def check_pack(folder: Path, root: Path) -> Report:
    """Check the pack in `folder` with the vocabulary of the corpus at `root` and its own."""
    concepts = _ids("concepts", [*_files(root / "vocabulary"), folder / "vocabulary.yaml"])
    aspects = _ids("aspects", [*_files(root / "vocabulary"), folder / "vocabulary.yaml"])
    guideline, problems = read_pack(folder, concepts=concepts or None, aspects=aspects or None)
    unchecked = [kind for kind, known in (("concepts", concepts), ("aspects", aspects)) if not known]
    return Report(() if guideline is None else (guideline,), tuple(problems.listed()), tuple(unchecked))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


def _ids(kind: str, files: list[Path]) -> frozenset[str]:
    """Collect the ids under the key `kind`; what is wrong with those files is told by their own reader."""
    found: set[str] = set()
    for path in files:
        try:
            data = parse(read_text(path)) if path.is_file() else None
        except (OSError, YamlError):
            continue
        if isinstance(data, dict):
            found.update(_names(data.get(kind)))
    return frozenset(found)


def _names(records: Any) -> Iterator[str]:
    if isinstance(records, dict):
        yield from records
    elif isinstance(records, list):
        for record in records:
            if isinstance(record, dict) and isinstance(record.get("id"), str):
                yield record["id"]
