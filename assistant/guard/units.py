"""A Markdown draft cut into the smallest stretches that say something, each with what stands over it."""

from __future__ import annotations

import re
from dataclasses import dataclass

Span = tuple[int, int]

_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_BULLET = re.compile(
    r"[ \t>]*(?:[-*+•◦▪‣·–—☐☑☒□■▢◻◼○●◆◇➢➤✗✘]\ufe0f?(?=[ \t])|\[[ xX]\](?=[ \t])"
    r"|\(?\d{1,2}[.)](?=[ \t])|\(?[a-z][.)](?=[ \t]))[ \t]*"
)
_BOLD_LINE = re.compile(r"[ \t]*(?:\*\*|__)([^*\n]{1,200})(?:\*\*|__)[ \t]*:?[ \t]*$")
_RUN_IN = re.compile(r"[ \t]*(?:\*\*|__|\*|_)([^*\n]{1,80}?)(?:\*\*|__|\*|_)[ \t]*[-:.]?[ \t]*")
_RULE_ROW = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*$")
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]*_]*(?=\s|$)|\n")
_LABEL = re.compile(r"[ \t]*([^.:;\n|]{1,60}):[ \t]+")
_MARKER = re.compile(r"(?:\s*\[\d{1,3}(?:\s*[,;-]\s*\d{1,3})*\])+")
#: An abbreviation before a full stop does not end a sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|approp|cf|dr|mr|mrs|ms|prof|st|fig|incl|esp|resp|et al|etc|i\.v)"
    r"|(?<!['’])\b[a-z]|\b[qa]\d{1,2})\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item, cell or heading: [start, end) of the text, and the spans it stands under.

    `above` are headings, lead-ins and labels from the outermost in; `label` is the first cell of a row or
    the run-in heading, and `column` the header of a cell. `question` marks what asks and does not state.
    `block` numbers the paragraph, list or table that holds it.
    """

    start: int
    end: int
    kind: str
    above: tuple[Span, ...] = ()
    label: Span | None = None
    column: Span | None = None
    question: bool = False
    block: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a unit that is affirmed or denied as one."""

    start: int
    end: int
    unit: int


class _Parser:
    """Reads line by line; keeps the headings that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.units: list[Unit] = []
        self.headings: list[tuple[int, Span]] = []
        self.lead: Span | None = None
        self.lead_indent = 0
        self.block = 0
        self.last_was_item = False
        self.run_in: Span | None = None

    def run(self) -> list[Unit]:
        lines = _lines(self.text)
        index = 0
        while index < len(lines):
            start, end = lines[index]
            line = self.text[start:end]
            if not line.strip():
                self.block += 1
                self.run_in = None
                index += 1
            elif line.count("|") >= 2 or (line.count("|") and _next_is_rule(self.text, lines, index)):
                index = self._table(lines, index)
            else:
                self._line(start, end, line)
                index += 1
        return self.units

    def _above(self) -> tuple[Span, ...]:
        spans = tuple(span for _, span in self.headings)
        return (*spans, self.lead) if self.lead is not None else spans

    def _line(self, start: int, end: int, line: str) -> None:
        heading = _HEADING.match(line)
        if heading:
            level = line.count("#", 0, heading.end())
            self._open(level, start + heading.end(), end)
            return
        bold = _BOLD_LINE.match(line)
        if bold:
            self._open(7, start + bold.start(1), start + bold.end(1))
            return
        bullet = _BULLET.match(line)
        if bullet:
            self._sentences(start + bullet.end(), end, "item")
            self.last_was_item = True
            return
        if line.rstrip().rstrip("*_ ").endswith(":"):
            self.block += 1
            self._sentences(start, end, "sentence")
            self.lead = (self.units[-1].start, end) if self.units else (start, end)
            self.last_was_item = False
            return
        if self.last_was_item:
            # A paragraph after a list: what introduced the list no longer stands over it.
            self.lead = None
            self.last_was_item = False
        self._sentences(start, end, "sentence")

    def _open(self, level: int, start: int, end: int) -> None:
        """Open a heading; those of its level and below are closed."""
        self.block += 1
        self.lead = None
        self.run_in = None
        self.last_was_item = False
        self.units.append(
            Unit(
                start, end, "heading", self._above(), question=_asks(self.text, start, end), block=self.block
            )
        )
        self.headings = [item for item in self.headings if item[0] < level]
        self.headings.append((level, (start, end)))

    def _sentences(self, start: int, end: int, kind: str) -> None:
        """Cut a line into sentences; a label at its start stands over the sentences after it."""
        above = self._above()
        label = self.run_in if kind == "sentence" else None
        run_in = _RUN_IN.match(self.text, start, end)
        if run_in and run_in.end() < end:
            label = (run_in.start(1), run_in.end(1))
            if kind == "sentence":
                self.run_in = label
        for first, last in sentences(self.text, start, end):
            own = label if label is None or label[0] < first or label[1] > last else None
            named = _LABEL.match(self.text, first, last)
            if named and label is None:
                own = (named.start(1), named.end(1))
            self.units.append(
                Unit(
                    first,
                    last,
                    kind,
                    above,
                    own or label,
                    question=_asks(self.text, first, last),
                    block=self.block,
                )
            )

    def _table(self, lines: list[Span], index: int) -> int:
        self.block += 1
        header: list[Span] = []
        if index + 1 < len(lines) and _RULE_ROW.match(self.text[slice(*lines[index + 1])]):
            header = _cells(self.text, *lines[index])
            for cell in header:
                if self.text[slice(*cell)].strip():
                    self.units.append(Unit(*cell, "header", self._above(), block=self.block))
            index += 2
        while index < len(lines):
            start, end = lines[index]
            line = self.text[start:end]
            if not line.strip() or "|" not in line:
                break
            cells = _cells(self.text, start, end)
            for number, cell in enumerate(cells):
                if not self.text[slice(*cell)].strip():
                    continue
                self.units.append(
                    Unit(
                        *cell,
                        "cell",
                        (*self._above(), header[0]) if number and header else self._above(),
                        label=cells[0] if number else None,
                        column=header[number] if number < len(header) else None,
                        question=_asks(self.text, *cell),
                        block=self.block,
                    )
                )
            index += 1
        self.lead = None
        return index


def parse(text: str) -> list[Unit]:
    """Return the units of a draft in the order of the text."""
    return [unit for unit in _Parser(text).run() if unit.end > unit.start]


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Cut [start, end) at sentence ends; citation markers stay with the sentence before them."""
    found: list[Span] = []
    begin = start
    position = start
    while position < end:
        match = _SENTENCE_END.search(text, position, end)
        if match is None:
            break
        after = match.end()
        if text[match.start()] == "." and _ABBREVIATED.search(
            text, max(begin, match.start() - 12), match.start() + 1
        ):
            following = text[after : after + 2].strip()
            if not (
                following[:1].isupper() and text[match.start() - 6 : match.start()].lower().endswith("approp")
            ):
                position = after
                continue
        marker = _MARKER.match(text, after, end)
        if marker:
            after = marker.end()
        _append(text, found, begin, after)
        begin = position = after
    _append(text, found, begin, end)
    return found


def _append(text: str, found: list[Span], start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append((start, end))


def _lines(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        spans.append((start, start + len(line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))))
        start = end
    return spans


def _next_is_rule(text: str, lines: list[Span], index: int) -> bool:
    return index + 1 < len(lines) and bool(_RULE_ROW.match(text[slice(*lines[index + 1])]))


def _cells(text: str, start: int, end: int) -> list[Span]:
    cells: list[Span] = []
    begin = start
    for position in range(start, end + 1):
        if position == end or text[position] == "|":
            first, last = begin, position
            while first < last and text[first] in " \t":
                first += 1
            while last > first and text[last - 1] in " \t":
                last -= 1
            cells.append((first, last))
            begin = position + 1
    if cells and cells[0][0] == cells[0][1] and text[start:end].lstrip().startswith("|"):
        cells = cells[1:]
    if cells and cells[-1][0] == cells[-1][1] and text[start:end].rstrip().endswith("|"):
        cells = cells[:-1]
    return cells


def _asks(text: str, start: int, end: int) -> bool:
    return text[start:end].rstrip(" *_\"')").endswith("?")
