"""A finding in the draft's own offsets."""

from __future__ import annotations

from assistant.guard.reading import Reading
from assistant.types import Finding


def finding(reading: Reading, rule: str, message: str, start: int, end: int) -> Finding:
    """Return a finding for [start, end) of the normalised text."""
    begin, finish = reading.text.original(start, end)
    return Finding(rule=rule, message=message, start=begin, end=finish)
