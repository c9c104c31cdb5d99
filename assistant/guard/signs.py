"""Studies set against each other by a sign: "Cost: A > B", "Dose: A = B"."""

from __future__ import annotations

from itertools import pairwise

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Comparison
from assistant.guard.units import Unit
from assistant.types import Finding

#: The cue group of words that name the rating as what is compared.
RATING = "rating-measure"
_SIGNS = {">": 1, ">>": 1, "<": -1, "<<": -1, "=": 0, "==": 0}


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Check every sign between two studies against the order of the text on what is measured."""
    found: list[Finding] = []
    for unit in reading.units:
        if unit.question or unit.kind == "header":
            continue
        for first, second in pairwise(reading.studies((unit.start, unit.end))):
            sign = _SIGNS.get(reading.text.lower[first.end : second.start].strip())
            if sign is None:
                continue
            wrong = _wrong(reading, unit, first, second, sign)
            if wrong:
                message = "the guideline does not set these studies against each other so"
                found.append(finding(reading, wrong, message, first.start, second.end))
    return found


def _wrong(reading: Reading, unit: Unit, first: Mark, second: Mark, sign: int) -> str:
    """The rule that the sign breaks, or nothing."""
    spans = [(unit.start, unit.end), *reading.above(unit)]
    upper, lower = (first, second) if sign >= 0 else (second, first)
    if any(reading.has(span, (RATING,)) for span in spans):
        high = {one.appropriate for one in reading.know.options_for(upper.name)}
        low = {one.appropriate for one in reading.know.options_for(lower.name)}
        right = high == low if sign == 0 else (high, low) == ({True}, {False})
        return "" if right else "rating"
    for comparison in reading.know.claims.comparisons:
        if not any(reading.has(span, comparison.measure) for span in spans):
            continue
        if sign == 0 or not is_ordered(reading, comparison, upper, lower):
            return comparison.rule
        return ""
    return ""


def is_ordered(reading: Reading, comparison: Comparison, upper: Mark, lower: Mark) -> bool:
    """Whether the text gives one study more of what is measured than another."""
    pairs = list(comparison.pairs)
    if comparison.radiation:
        pairs += [
            (one.id, other) for one in reading.know.guideline.options for other in one.radiation.higher_than
        ]
    same = reading.know.same
    return any(same(upper.name, more) and same(lower.name, less) for more, less in pairs)
