"""Stages that a draft names: those of the text, each in its own place, or the user's."""

from __future__ import annotations

import re

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "numbers"
_STAGE = re.compile(
    r"\bstages?\s+((?:i{1,3}|iv|v|[0-9])[abc]?(?![a-z\d]))((?:\s*(?:,|/|-|or|and|to|through|&)\s*(?:or|and)?\s*"
    r"(?:stage\s+)?(?:i{1,3}|iv|v|[0-9])[abc]?(?![a-z\d])){0,4})"
)
_STAGE_PART = re.compile(r"(?<![a-z\d])((?:i{1,3}|iv|v|[0-9])[abc]?)(?![a-z\d])")
_USER_STAGE = re.compile(r"\bst(?:age|g)?\.?\s*((?:i{1,3}|iv|v|[0-9])[abc]?)(?![a-z\d])")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def user_stages(context: GuardContext) -> set[str]:
    """Return the stages that the user named."""
    found: set[str] = set()
    for text in context.user_texts or (context.question,):
        for match in _USER_STAGE.finditer(text.lower()):
            found.add(_stage(match.group(1)))
            found.add(_stage(match.group(1).rstrip("abc")))
    return found


def _stage(text: str) -> str:
    letter = text[-1] if text[-1] in "abc" else ""
    digit = text.rstrip("abc")
    return _ROMAN.get(digit, digit) + letter


def find_wrong(
    reading: Reading, unit: Unit, users: set[str], covered: list[tuple[int, int]]
) -> list[Finding]:
    """Return what a unit says of stages that neither text nor user does; what it read is added to `covered`."""
    found: list[Finding] = []
    figures_ = reading.know.claims.figures
    upper, early = set(figures_.get("stage-confirmed", ())), set(figures_.get("stage-early", ()))
    if not upper and not early:
        return []
    for match in _STAGE.finditer(reading.text.lower, unit.start, unit.end):
        covered.append(match.span())
        clause = reading.clause_at(match.start())
        span = (clause.start, clause.end) if clause is not None else (unit.start, unit.end)
        confirms = reading.has(span, ("confirms-stage", "upstages"))
        excludes = reading.has((unit.start, unit.end), ("early-stage",)) or any(
            reading.has(above, ("not-in-scope",)) for above in reading.above(unit)
        )
        for part in _STAGE_PART.finditer(match.group()):
            value = _stage(part.group(1))
            if confirms:
                right = value in upper
            elif excludes:
                right = value in early or value in users
            else:
                right = value in upper | early | users
            if not right:
                start = match.start() + part.start()
                found.append(finding(reading, RULE, "the guideline names another stage here", start,
                                     match.start() + part.end()))  # fmt: skip
    return found
