"""Reference ranges: which one a value falls under, and what the value says by it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.vocabulary.schema import Reading, ReferenceRange


def find_range(ranges: Sequence[ReferenceRange], value: float, written: str | None) -> ReferenceRange | None:
    """The range of the unit as written (lower case), or, with none, the first that the value suits."""
    for one in ranges:
        if written is not None and written in (one.unit.lower(), *one.writings):
            return one
    if written is not None:
        return None
    for one in ranges:
        if one.plausible is None or one.plausible[0] <= value <= one.plausible[1]:
            return one
    return None


def is_below(ranges: Sequence[ReferenceRange], value: float) -> bool:
    """Whether a value above one lies below what the first unit calls normal, so that it may count limits."""
    return bool(ranges) and 1 < value < ranges[0].normal[0]


def judge(limits: ReferenceRange, value: float) -> Reading | None:
    """The reading of a value; None between what all laboratories call normal and what all call abnormal."""
    low, high = limits.normal
    if low <= value <= high:
        return "normal"
    if value > high:
        return "high" if value >= (limits.high_from or high) else None
    return "low" if value <= (low if limits.low_from is None else limits.low_from) else None


def compare(value: float, low: float | None, high: float | None) -> Reading:
    """The reading of a value by the limits that the text itself gives; a missing limit does not bind."""
    if high is not None and value > high:
        return "high"
    if low is not None and value < low:
        return "low"
    return "normal"
