"""A source text cut into passages: one per paragraph or bullet, with its heading path and exact offsets.

Offsets are half-open [start, end) characters of the source, so `source[start:end] == passage.text`. A
passage is embedded together with its headings: without them it is nearly unfindable by topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.errors import PassageIndexError
from assistant.types import Passage

CHUNKER_VERSION = "1"  # part of the index key: raise it when the same source gives other passages
MAX_PASSAGE_CHARS = 1200  # about the 256 tokens that the embedding model reads
SEPARATOR = " › "

_BULLET = re.compile(r"[ \t\u00a0]*(?:[•‣◦▪·*–—-]|\(?\d{1,2}[.)])[ \t\u00a0]+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+")


def chunk_source(
    text: str, headings: Sequence[str], guideline: str, apart: Sequence[str] = ()
) -> tuple[Passage, ...]:
    """Cut `text` into passages, in order of the text.

    `headings` are the heading lines of `text`, exact and in order, the title first. A heading without text
    of its own holds the headings that follow it; all stand under the title. What precedes the first heading
    is no passage. A passage that begins with a text of `apart` belongs to no section (who reviewed the text,
    say, below its last heading) and stands under the title alone. PassageIndexError if a heading is not a
    line of the text (at or after the one before).
    """
    sections = _sections(text, headings)
    spans = [(path, start, end) for path, low, high in sections for start, end in _blocks(text, low, high)]
    marks = tuple(mark for mark in apart if mark)
    return tuple(
        Passage(
            f"{guideline}:{number:04d}",
            guideline,
            path[:1] if text.startswith(marks, start, end) else path,
            text[start:end],
            start,
            end,
        )
        for number, (path, start, end) in enumerate(spans)
    )


def embedding_text(passage: Passage) -> str:
    """Return what is embedded and searched for a passage: its heading path, then its text."""
    return f"{SEPARATOR.join(passage.headings)}\n{passage.text}" if passage.headings else passage.text


def _sections(text: str, headings: Sequence[str]) -> list[tuple[tuple[str, ...], int, int]]:
    """Return (heading path, start, end) of each heading's own text."""
    found: list[tuple[str, int, int]] = []
    position = 0
    for heading in headings:
        start = _line_start(text, heading, position)
        if start is None:
            raise PassageIndexError(
                f"{heading!r} is not a line of the source, or not in this order; copy the headings exactly."
            )
        position = start + len(heading)
        found.append((heading, start, position))
    if not found:
        return [((), 0, len(text))]
    title = found[0][0]
    parent: tuple[str, ...] = (title,)
    sections: list[tuple[tuple[str, ...], int, int]] = []
    for number, (heading, _, after) in enumerate(found):
        end = found[number + 1][1] if number + 1 < len(found) else len(text)
        if number == 0:
            path: tuple[str, ...] = (title,)
        elif not text[after:end].strip() and end < len(text):
            path = parent = (title, heading)
        else:
            path = (*parent, heading)
        sections.append((path, after, end))
    return sections


def _line_start(text: str, line: str, position: int) -> int | None:
    """Return where `line` stands as a whole line at or after `position`."""
    if not line or "\n" in line:
        return None
    start = text.find(line, position)
    while start >= 0:
        after = start + len(line)
        if (start == 0 or text[start - 1] == "\n") and (after == len(text) or text[after] in "\r\n"):
            return start
        start = text.find(line, start + 1)
    return None


def _blocks(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each paragraph and bullet in text[low:high], without marks and margins."""
    start: int | None = None
    position = low
    while position < high:
        newline = text.find("\n", position, high)
        after = high if newline < 0 else newline + 1
        blank = not text[position:after].strip()
        bullet = _BULLET.match(text, position, after)
        if start is not None and (blank or bullet):
            yield from _pieces(text, start, position)
            start = None
        if not blank and start is None:
            start = bullet.end() if bullet else position
        position = after
    if start is not None:
        yield from _pieces(text, start, high)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Trim a block, and split one that is too long to be embedded whole at the ends of its sentences."""
    block = text[start:end]
    end = start + len(block.rstrip())
    start += len(block) - len(block.lstrip())
    while end - start > MAX_PASSAGE_CHARS:
        limit = start + MAX_PASSAGE_CHARS
        cuts = [match.end() for match in _SENTENCE_END.finditer(text, start, limit)]
        cut = cuts[-1] if cuts else (text.rfind(" ", start, limit) + 1 or limit)
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end
