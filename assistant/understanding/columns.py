"""What a note repeats of earlier times: tables with a column for each, and text that was copied forward.

Of "then / now", "baseline / today" or "wk 0 / wk 6 / wk 12" only the latest column tells how the patient is. The cells
of earlier times are blanked, and with them the headings, so that offsets stay and the rest is read like any other
line. So is what a note itself says to be copied from an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.understanding.blanking_rules import ColumnCues

_LINE = re.compile(r"[^\n]+")
_CELL_EDGES = tuple(re.compile(edge) for edge in (r"\s*\|\s*|\t+|\s{2,}", r"\s*;\s*", r"\s*,\s*", r"\s+"))
_BAR = re.compile(r"\|")
_RULE = re.compile(r"[\s|:+=-]*\Z")
_VALUE = re.compile(
    r"[<>~]?\d|[-–+]+\Z|(?:none|nil|no|yes|n|y|normal|neg|pos|mild|severe|absent|present)\Z", re.IGNORECASE
)
_MOST_COLUMNS = 8
_LONGEST_HEADING = 80

Span = tuple[int, int]


class Columns:
    """Reads tables of times by the cues of the data."""

    def __init__(self, cues: ColumnCues) -> None:
        """Compile the cues: each stands for a whole heading."""
        self._now, self._earlier, self._numbered = (
            re.compile("|".join(f"(?:{one})" for one in patterns) or r"(?!)", re.IGNORECASE)
            for patterns in (cues.now, cues.earlier, cues.numbered)
        )
        self._copied = [re.compile(one, re.IGNORECASE | re.MULTILINE) for one in cues.copied]

    def current(self, text: str) -> str:
        """Return the text, as long as before, with the cells of earlier times and copied text blanked."""
        for pattern in self._copied:
            text = _blank(text, [match.span() for match in pattern.finditer(text)])
        if "\n" not in text:
            return text
        lines = [match.span() for match in _LINE.finditer(text)]
        blanked: list[Span] = []
        position = 0
        while position < len(lines):
            top = lines[position]
            heading = self._heading(text, top)
            position += 1
            if heading is None:
                continue
            edge, times, latest = heading
            rows: list[Span] = []
            while position < len(lines) and self._follows(text, lines[position - 1], lines[position]):
                old = self._old_cells(text, lines[position], edge, times, latest)
                if old is None:
                    break
                rows += old
                position += 1
            if rows:
                blanked += [top, *rows]
        return _blank(text, blanked) if blanked else text

    def _heading(self, text: str, line: Span) -> tuple[re.Pattern[str], tuple[int, ...], int] | None:
        """How a heading's cells are parted, which of them (from the right) are times, and the latest of these."""
        start, end = line
        if end - start > _LONGEST_HEADING:
            return None
        for edge in _CELL_EDGES:
            cells = list(_cells(text, line, edge))
            if not 1 < len(cells) <= _MOST_COLUMNS:
                continue
            words = [text[a:b] for a, b in cells]
            now = [place for place, word in enumerate(words) if self._now.fullmatch(word)]
            old = [place for place, word in enumerate(words) if self._earlier.fullmatch(word)]
            numbers = {
                place: found for place, word in enumerate(words) if (found := self._number(word)) is not None
            }
            times = sorted({*now, *old, *numbers})
            if len(times) < 2 or len(cells) - len(times) > (1 if edge is _CELL_EDGES[-1] else 2):
                continue
            if now:
                latest = now[0]
            elif len(numbers) == len(times):
                latest = max(numbers, key=lambda place: (numbers[place], place))
            else:
                latest = times[-1]
            count = len(cells)
            return edge, tuple(place - count for place in times), latest - count
        return None

    def _number(self, word: str) -> float | None:
        found = self._numbered.fullmatch(word)
        return float(next(group for group in found.groups() if group)) if found else None

    @staticmethod
    def _follows(text: str, above: Span, line: Span) -> bool:
        return text[above[1] : line[0]].count("\n") == 1

    @staticmethod
    def _old_cells(
        text: str, line: Span, edge: re.Pattern[str], times: Sequence[int], latest: int
    ) -> list[Span] | None:
        """The cells of earlier times in a row; None where the line is no row of the table."""
        if _RULE.match(text, *line):
            return [line]
        cells = list(_cells(text, line, edge))
        if len(cells) <= -min(times) or edge is _CELL_EDGES[-1]:  # "Jan  Feb  Mar" over "ALT 20 60 190"
            cells = list(_cells(text, line, _CELL_EDGES[-1]))
            if len(cells) <= -min(times) or not all(_VALUE.match(text, *cells[place]) for place in times):
                return None
        old = [cells[place] for place in times if place != latest]
        return old + [match.span() for match in _BAR.finditer(text, *line)]


def _cells(text: str, line: Span, edge: re.Pattern[str]) -> Iterator[Span]:
    """The cells of a line that hold anything."""
    start, end = line
    for match in edge.finditer(text, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < end and text[start:end].strip():
        yield start, end


def _blank(text: str, spans: Sequence[Span]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [" "] * (end - start)
    return "".join(letters)
