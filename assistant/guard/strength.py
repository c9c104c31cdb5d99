"""Rule `strength`: words of certainty that the text does not use of the matter."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.types import Finding

RULE = "strength"
PREFIX = "certain:"


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Refuse a word of certainty that is not denied and not allowed where it stands."""
    found: list[Finding] = []
    allowed = reading.know.claims.allowed
    for mark in reading.marks:
        if not mark.name.startswith(PREFIX):
            continue
        clause = reading.clause_at(mark.start)
        if clause is None:
            continue
        unit = reading.units[clause.unit]
        if (
            unit.question
            or reading.quotes_statement(unit)
            or reading.negated(mark, clause)
            or reading.silent_clause(clause)
        ):
            continue
        if any(reading.has((unit.start, unit.end), names) for names in allowed.get(mark.name, ())):
            continue
        found.append(
            finding(reading, RULE, "the guideline does not say this with certainty", mark.start, mark.end)
        )
    return found
