"""Whether a time expression puts what it dates into the past."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.assertion.schema import TimeRules


def is_past(rule: str | None, keys: Sequence[str], onsets: Sequence[float | None], rules: TimeRules) -> bool:
    """Whether the tokens `keys` date something as over, by the rule 'ago', 'year' or 'age'.

    `onsets` are the cues of onset beside the time, each with its own limit in days or None for the usual one:
    "started 3 weeks ago" is present. An age is past unless something began at it.
    """
    if rule == "age":
        return not onsets
    if rule == "year":
        if any(days is not None for days in onsets):
            return False
        years = [int(key) for key in keys if len(key) == 4 and key.isdecimal()]
        return not (onsets and years and max(years) >= rules.recent_from_year)
    limit = max((rules.onset_days if days is None else days for days in onsets), default=rules.recent_days)
    return _days(keys, rules) > limit


def _days(keys: Sequence[str], rules: TimeRules) -> float:
    """How long ago the expression says, in days: the longest reading of "2 or 3 weeks ago"."""
    number: float | None = None
    units = [key for key in keys if key in rules.units]
    if not units:
        return float("inf")  # "3/52 ago", "long ago": not to be measured
    longest = 0.0
    for key in keys:
        if key in rules.units:
            stated = rules.unstated_number if number is None else number
            longest = max(longest, stated * rules.units[key])
        value = _number(key, rules)
        if value is not None:
            number = number * value if number is not None and value < 1 else value
    return longest


def _number(key: str, rules: TimeRules) -> float | None:
    if key.replace(",", "").replace(".", "", 1).isdecimal():
        return float(key.replace(",", ""))
    return rules.numbers.get(key)
