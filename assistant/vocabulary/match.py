"""A concept found in the folded text, while the matcher still works on it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.vocabulary.schema import Reading


@dataclass(slots=True)
class Match:
    """Span `[start, end)` in folded characters; `[head_start, head_end)` is the concept's own name inside it.

    `first` and `last` are the tokens that the span touches, half-open. `formula`: found by a value rule.
    """

    concept: str
    start: int
    end: int
    first: int
    last: int
    head_start: int
    head_end: int
    value: float | None = None
    unit: str | None = None
    reading: Reading | None = None
    exact: bool = True
    formula: bool = False
