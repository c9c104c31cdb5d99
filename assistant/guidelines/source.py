"""The source text of a pack: a plain file inside it, proven by its sha256."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.guidelines.lines import YamlError, read_text
from assistant.guidelines.problems import Problems
from assistant.guidelines.schema import Metadata

MAX_BYTES = 5_000_000


def read_source(folder: Path, metadata: Metadata, problems: Problems) -> str:
    """Return the source text; empty, with what is wrong in `problems`, when it cannot be trusted."""
    name, place = metadata.source.file, ("source", "file")
    if not _is_inside(name, folder):
        problems.add("guideline.yaml", place, f"the source {name[:100]!r} must be a file inside the pack")
        return ""
    path = folder / name
    if not _is_file(path):
        shown = name[:100]
        problems.add(
            "guideline.yaml", place, f"there is no file {shown!r} in the pack; put the source text there"
        )
        return ""
    try:
        text = read_text(path, MAX_BYTES)
    except YamlError as error:
        problems.add(name, error.line, error.message)
        return ""
    except OSError as error:
        problems.add(name, 1, f"the file cannot be read ({error.strerror}); check its permissions")
        return ""
    found = hashlib.sha256(text.encode("utf-8")).hexdigest()
    if found != metadata.source.sha256:
        if hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8")).hexdigest() == metadata.source.sha256:
            advice = "only its line ends have changed (CRLF for LF); restore the file as it was"
        else:
            advice = f"restore the file, or check each statement against the new text and record {found}"
        problems.add("guideline.yaml", ("source", "sha256"), f"the text of {name} has changed: {advice}")
    return text


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name too long for the system is that of none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_inside(name: str, folder: Path) -> bool:
    """True when `name` is a plain relative path that stays in `folder`, links followed."""
    if "\0" in name or "\\" in name or ".." in Path(name).parts or Path(name).is_absolute():
        return False
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False
