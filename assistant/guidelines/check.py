"""Checks a whole corpus for its authors: every pack, every problem, with the vocabulary's concepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.guidelines.lines import YamlError, parse, read_text
from assistant.guidelines.loader import pack_folders, read_pack, read_wordings
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
    # A broken vocabulary file is told once, not once for each pack.
    return Report(tuple(guidelines), tuple(dict.fromkeys(problems)), tuple(sorted(unchecked)))


def check_pack(folder: Path, root: Path) -> Report:
    """Check the pack in `folder` with the vocabulary of the corpus at `root` and its own."""
    files = [*sorted((root / "vocabulary").glob("*.yaml")), folder / "vocabulary.yaml"]
    known, broken = _vocabulary([path for path in files if path.is_file()])
    # With a file of the vocabulary unreadable, most references would be called wrong that are right.
    concepts = None if broken else known["concepts"] or None
    aspects = None if broken else known["aspects"] or None
    tokens = None if broken else known["tokens"]
    guideline, problems = read_pack(folder, concepts=concepts, aspects=aspects, tokens=tokens)
    unchecked = [kind for kind, ids in (("concepts", concepts), ("aspects", aspects)) if ids is None]
    found = [*broken, *problems.listed()]
    if guideline is not None:
        found += read_wordings(guideline)[1].listed()
    return Report(() if guideline is None else (guideline,), tuple(found), tuple(unchecked))


def _vocabulary(files: list[Path]) -> tuple[dict[str, set[str]], list[Problem]]:
    """Collect the ids of concepts and aspects; what their records hold is checked by their own reader."""
    known: dict[str, set[str]] = {"concepts": set(), "aspects": set(), "tokens": set()}
    broken: list[Problem] = []
    for path in files:
        try:
            data = parse(read_text(path))
        except YamlError as error:
            broken.append(Problem(f"{path.parent.name}/{path.name}", error.line, error.message))
            continue
        except OSError as error:
            broken.append(Problem(f"{path.parent.name}/{path.name}", 1, f"cannot be read ({error.strerror})"))
            continue
        if isinstance(data, dict):
            for kind, ids in known.items():
                ids.update(_names(data.get(kind)))
    return known, broken


def _names(records: Any) -> Iterator[str]:
    if isinstance(records, dict):
        yield from records
    elif isinstance(records, list):
        for record in records:
            if isinstance(record, dict) and isinstance(record.get("id"), str):
                yield record["id"]
