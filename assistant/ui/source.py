"""A guideline's text as it is read: headings, paragraphs, and a cited passage highlighted in place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.guidelines.pack import Guideline
from assistant.ui.markdown import plain

_PARAGRAPH = re.compile(r"[^\n]+")
_CITE = re.compile(r"^(\d{1,7})-(\d{1,7})$")
_BULLET = re.compile(r"^\s*[•*-]\s+")
_SLUG = re.compile(r"[^a-z0-9]+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 2 or 3, with its `anchor`) or a paragraph (`level` 0) of a guideline."""

    markdown: str
    level: int = 0
    anchor: str = ""
    cited: bool = False


def parse_cite(guideline: Guideline, value: str | None) -> Span | None:
    """Return the span of a link's `start-end`, or None when it points to no words of the text."""
    match = _CITE.match(value or "")
    if match is None:
        return None
    start, end = int(match.group(1)), int(match.group(2))
    if not 0 <= start < end <= len(guideline.source_text):
        return None
    return (start, end) if guideline.source_text[start:end].strip() else None


def highlighted(text: str, offset: int, span: Span | None) -> str:
    """Return a stretch of the source, which begins at `offset`, with the part inside `span` highlighted."""
    start, end = span or (0, 0)
    first = min(max(start - offset, 0), len(text))
    last = min(max(end - offset, 0), len(text))
    if first >= last or not text[first:last].strip():
        return plain(text)
    before, words, after = text[:first], text[first:last], text[last:]
    lead = " " if before.rstrip() != before or words.lstrip() != words else ""
    tail = " " if after.lstrip() != after or words.rstrip() != words else ""
    parts = [plain(before), lead if before.strip() else "", f":yellow-background[{plain(words)}]"]
    return "".join([*parts, tail if after.strip() else "", plain(after)])


def passage(guideline: Guideline, start: int, end: int) -> tuple[str, ...]:
    """Return the paragraphs that hold [start, end), with those words highlighted."""
    return tuple(
        highlighted(match.group(), match.start(), (start, end))
        for match in _PARAGRAPH.finditer(guideline.source_text)
        if match.start() < end and start < match.end() and match.group().strip()
    )


def document(guideline: Guideline, span: Span | None = None) -> tuple[Block, ...]:
    """Return the whole text in order, with the paragraphs that `span` touches marked as cited."""
    headings = {section.start: section.headings for section in guideline.sections}
    blocks: list[Block] = []
    for match in _PARAGRAPH.finditer(guideline.source_text):
        text, offset = match.group(), match.start()
        if not text.strip():
            continue
        start, end = span or (0, 0)
        cited = offset < end and start < match.end() and span is not None
        path = headings.get(offset)
        if path is not None and path[-1] == text.strip():
            level = min(max(len(path), 2), 4)
            blocks.append(Block(highlighted(text, offset, span), level, anchor(path[-1]), cited))
            continue
        bullet = _BULLET.match(text)
        skipped = bullet.end() if bullet else 0
        shown = highlighted(text[skipped:], offset + skipped, span)
        blocks.append(Block(f"- {shown}" if bullet else shown, cited=cited))
    return tuple(blocks)


def anchor(heading: str) -> str:
    """Return the address of a heading inside its page."""
    return _SLUG.sub("-", heading.lower()).strip("-")[:60]
