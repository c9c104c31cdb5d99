"""Whether a time expression puts what it dates into the past."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.assertion.cues import Group
from assistant.understanding.assertion.schema import TimeRules


def is_past(
    group: Group, first: int, last: int, keys: Sequence[str], onsets: Sequence[float | None], rules: TimeRules
) -> bool:
    """Whether tokens [first, last) date something as over.

    `onsets` are the cues of onset beside the time, each with its own limit in days or None for the usual one: "started 3
    weeks ago" is present. An age is past unless something began at it.
    """
    if group.time == "age":
        return not onsets
    if group.time == "year":
        years = [int(key) for key in keys[first:last] if len(key) == 4 and key.isdecimal()]
        return not (onsets and years and max(years) >= rules.recent_from_year) and not any(
            days is not None for days in onsets
        )
    limit = max((rules.onset_days if days is None else days for days in onsets), default=rules.recent_days)
    return _days(keys[first:last], rules) > limit


def _days(keys: Sequence[str], rules: TimeRules) -> float:
    """How long ago the expression says, in days: the longest reading, as in "2 or 3 weeks ago"."""
    number: float | None = None
    longest = 0.0
    for key in keys:
        if key in rules.units and number is not None or key in rules.units and longest == 0.0:
            longest = max(longest, (rules.unstated_number if number is None else number) * rules.units[key])
        value = _number(key, rules)
        if value is not None:
            number = value if number is None or key[0].isdecimal() or value >= 1 else number * value
    return longest if longest or any(key in rules.units for key in keys) else float("inf")


def _number(key: str, rules: TimeRules) -> float | None:
    if key[0].isdecimal():
        try:
            return float(key.replace(",", ""))
        except ValueError:
            return None
    return rules.numbers.get(key)
