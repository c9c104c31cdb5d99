"""What is wrong with a pack: gathered as places in the data, shown as file, line and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import CorpusError, QuoteError
from assistant.guidelines.lines import Lines, Location, YamlError, read_text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: `file` as shown to the author, the 1-based `line`, and what to do."""

    file: str
    line: int
    message: str
    quote: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(slots=True)
class Problems:
    """Gathers the problems of one pack. Lines are looked up only when the problems are asked for."""

    folder: Path
    _raw: list[tuple[str, Location | int, str, bool]] = field(default_factory=list)

    def add(self, file: str, where: Location | int, message: str, *, quote: bool = False) -> None:
        """Note a problem of `file` (a name in the pack) at a place in its data, or at a line."""
        self._raw.append((file, where, message, quote))

    def __bool__(self) -> bool:
        return bool(self._raw)

    def listed(self) -> list[Problem]:
        """Return all problems with their lines, in the order of files and lines, each once."""
        lines: dict[str, Lines] = {}  # a file with a thousand problems is parsed once
        problems = []
        for file, where, message, quote in self._raw:
            if isinstance(where, int):
                line = where
            else:
                if file not in lines:
                    lines[file] = Lines(_text(self.folder / file))
                line = lines[file].of(where)
            problems.append(Problem(f"{self.folder.name}/{file}", line, message, quote))
        return sorted(dict.fromkeys(problems), key=lambda item: (item.file, item.line))

    def raise_if_any(self) -> None:
        """Raise one error that lists everything; a QuoteError when only quotes are wrong."""
        if self._raw:
            raise as_error(self.listed())


def as_error(problems: Iterable[Problem]) -> CorpusError:
    """Return the error that lists `problems`, one on each line."""
    listed = list(problems)
    kind = QuoteError if all(item.quote for item in listed) else CorpusError
    count = "1 problem" if len(listed) == 1 else f"{len(listed)} problems"
    return kind(f"The corpus has {count}:\n" + "\n".join(str(item) for item in listed))


def closest(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean x?' with the nearest known id, or nothing."""
    near = difflib.get_close_matches(word[:200], list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, YamlError):
        return ""
