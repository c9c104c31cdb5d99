"""Rule `polarity`: two things told side by side keep their own counterparts ("A gives a, B gives b").

A sentence that holds both pairs would set off the records of each: `a` stands beside `B` too. Here the order
decides, whichever way round the pairs are told: the first of one kind belongs to the first of the other.
"""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Twins
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "polarity"


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Refuse a sentence that tells both pairs and crosses them."""
    found: list[Finding] = []
    for record in reading.know.claims.twins:
        for unit in reading.units:
            if unit.question or unit.kind in ("header", "heading") or reading.quotes_statement(unit):
                continue
            told = _told(reading, unit, record)
            if told is None or _in_order(told):
                continue
            message = "the guideline puts these together the other way round"
            left = told[0]
            found.append(finding(reading, RULE, message, left[0].start, max(one.end for one in left)))
    return found


def are_told(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether the sentence tells both pairs of a record that the mark belongs to: this rule judges them."""
    return any(
        reading.is_named(mark, {name for names in record.left for name in names})
        and _told(reading, unit, record) is not None
        for record in reading.know.claims.twins
    )


def _told(reading: Reading, unit: Unit, record: Twins) -> tuple[list[Mark], list[Mark]] | None:
    """The first sign of each member, in the order of the record; None where one is missing."""
    span = (unit.start, unit.end)
    sides: list[list[Mark]] = []
    for side in (record.left, record.right):
        marks = [next(iter(reading.find(span, names)), None) for names in side]
        kept = [one for one in marks if one is not None]
        if len(kept) != len(marks):
            return None
        sides.append(kept)
    return sides[0], sides[1]


def _in_order(told: tuple[list[Mark], list[Mark]]) -> bool:
    left, right = ([one.start for one in side] for side in told)
    return (left[0] < left[1]) == (right[0] < right[1])
