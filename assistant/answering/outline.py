"""Lists and tables in a question: each item is asked apart, with what stands before all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

BULLET = "•"
_LINE_BULLET = re.compile(r"(?m)^[ \t]*[-*–—•▪◦·][ \t]+(?=\S)")
_LINE_NUMBER = re.compile(r"(?m)^[ \t]*\d{1,2}[.)][ \t]+(?=\S)")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE = re.compile(r"^[\s:|-]+$")
_MARK = re.compile(
    r"(?:(?<=\s)|^)(?:\((\d{1,2}|[ivx]{1,4}|[a-h])\)|(\d{1,2}|[ivx]{1,4}|[a-h])\)|(•))\s*", re.IGNORECASE
)
_FIRST = frozenset({"1", "i", "a", BULLET})
_SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
_TRAILING = " ,;:.&-"
_JOINED = re.compile(r"[\s,;]*\b(?:and|or|plus)\s*$", re.IGNORECASE)


class Outline(NamedTuple):
    """A list: `told` stands before it, `stem` is the sentence that leads to it, `rest` follows it."""

    told: str
    stem: str
    items: tuple[str, ...]
    rest: str


def flatten(text: str) -> str:
    """Return the text with tables and lines of a list written as items of one list."""
    text = "\n".join(_tables(text.split("\n")))
    for pattern in (_LINE_BULLET, _LINE_NUMBER):
        if len(pattern.findall(text)) > 1:
            text = pattern.sub(f"{BULLET} ", text)
    return text


def read_outline(text: str) -> Outline | None:
    """Return the list in a text, or None if there is none."""
    marks = list(_MARK.finditer(text))
    start = next((n for n, mark in enumerate(marks) if _name(mark) in _FIRST), None)
    if start is None or len(marks) - start < 2:
        return None
    marks = marks[start:]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    items = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    last, rest = _cut_last(items[-1])
    sentences = _SENTENCE_END.split(text[: marks[0].start()].strip())
    stem = sentences[-1].strip(_TRAILING)
    items = [_JOINED.sub("", one).strip(_TRAILING) for one in (*items[:-1], last)]
    told = " ".join(sentences[:-1]).strip()
    return Outline(told, stem, tuple(one for one in items if one), rest)


def _name(mark: re.Match[str]) -> str:
    return next(group for group in mark.groups() if group is not None).lower()


def _cut_last(item: str) -> tuple[str, str]:
    """The last item ends with its sentence; what follows belongs to the whole list."""
    pieces = _SENTENCE_END.split(item, maxsplit=1)
    return pieces[0], pieces[1] if len(pieces) > 1 else ""


def _tables(lines: Sequence[str]) -> Iterator[str]:
    """The lines with each table as items: a column that is to be filled in is asked for all its rows."""
    table: list[list[str]] = []
    for line in (*lines, ""):
        row = _ROW.match(line)
        if row is not None:
            if not _RULE.match(row.group(1)):
                table.append([cell.strip(" *_`?") for cell in row.group(1).split("|")])
            continue
        if table:
            yield from _asked(table)
            table = []
        yield line


def _asked(table: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *rows = table
    labels = [row[0] for row in rows if any(letter.isalpha() for letter in row[0])]
    columns = [one for one in (head[1:] if labels else head) if any(letter.isalpha() for letter in one)]
    for column in columns:
        of = f" of {', '.join(labels)}" if labels else ""
        yield f"{BULLET} what is {column}{of}?"
