"""Identifiers in a question (names, numbers, dates of birth): where they stand, and a text without them."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]
MASK = "[removed]"


def find_identifiers(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[Span, ...]:
    """Return the spans [start, end) of identifiers, sorted and without overlap.

    A pattern with a group `name` marks only that group.
    """
    spans: list[Span] = []
    for pattern in patterns:
        spans.extend(
            match.span("name") if "name" in pattern.groupindex else match.span()
            for match in pattern.finditer(text)
        )
    return merge_spans(spans)


def merge_spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans sorted, those that overlap or touch made one."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def mask_spans(text: str, spans: Sequence[Span], mask: str = MASK) -> str:
    """Return the text with each span replaced by the mask."""
    parts: list[str] = []
    reach = 0
    for start, end in spans:
        parts += [text[reach:start], mask]
        reach = end
    return "".join((*parts, text[reach:]))


def blank_spans(text: str, spans: Sequence[Span]) -> str:
    """Return the text with each span overwritten by blanks, so that all offsets stay."""
    parts: list[str] = []
    reach = 0
    for start, end in spans:
        parts += [text[reach:start], " " * (end - start)]
        reach = end
    return "".join((*parts, text[reach:]))
