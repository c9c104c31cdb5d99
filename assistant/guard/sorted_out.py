"""Patients that a table or list sorts into those who are in and those who are out: "| New seizures | yes |"."""

from __future__ import annotations

from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit
from assistant.types import Finding

RULE = "scope"
_YES, _NO = frozenset({"yes", "y", "in", "included", "covered", "applies"}), frozenset({"no", "n", "out"})
_ASKING = ("guidance", "in-scope", "asks-covered", "who-fits")
#: So many words of a cell or item may be no more than its "yes".
_BARE = 3
_COLUMN = 6  # words of a heading that only asks whether they are in


def check(reading: Reading) -> list[Finding]:
    """Refuse those put in whom the guidance leaves out, and those put out whom it is for."""
    found: list[Finding] = []
    for unit in reading.units:
        if unit.kind == "cell" and unit.label is not None and unit.column is not None:
            found += _answered(reading, unit, unit.label, unit.column)
        if unit.kind in ("cell", "item") and not unit.question:
            found += _listed(reading, unit)
    return found


def _answered(reading: Reading, unit: Unit, label: Span, column: Span) -> list[Finding]:
    """A row that is answered with yes or no under a heading that asks whether they are in."""
    if not reading.has(column, _ASKING) or reading.has(column, ("not-in-scope", "asks-exclusions")):
        return []
    if len(reading.words_in(*column)) > _COLUMN or any(_leaves_out(reading, column)):
        return []
    said = _said(reading, unit)
    if said == "in" and any(_leaves_out(reading, label)):
        message = "the guidance does not cover these patients"
        return [finding(reading, RULE, message, label[0], unit.end)]
    if said == "out" and _fits(reading, label):
        return [finding(reading, RULE, "the guidance is for these patients", label[0], unit.end)]
    return []


def _listed(reading: Reading, unit: Unit) -> list[Finding]:
    """What stands under a heading that says no more than that they are in."""
    span = (unit.start, unit.end)
    over = unit.column if unit.kind == "cell" else next(iter(reading.above(unit)), None)
    if over is None or over == span or len(reading.words_in(*over)) > _COLUMN:
        return []
    if reading.has(over, ("not-in-scope",)) and _fits(reading, span) and unit.kind == "item":
        return [finding(reading, RULE, "the guidance is for these patients", *span)]
    scope = reading.find(over, ("in-scope", "who-fits"))
    if not scope or any(reading.negated(one) for one in scope):
        return []
    if reading.has(over, ("not-in-scope", "asks-exclusions", "negator", "condition")):
        return []
    if reading.has(span, ("not-in-scope", "negator", "silence", "unlike", "long-known", "old-neuro")):
        return []
    if _said(reading, unit) or not any(_leaves_out(reading, span)):
        return []
    return [finding(reading, RULE, "the guidance does not cover these patients", *span)]


def _said(reading: Reading, unit: Unit) -> str:
    """Whether a unit says "in" or "out" and no more, or nothing of the kind."""
    words = [word.text for word in reading.words_in(unit.start, unit.end) if word.text.isalpha()]
    first = words[0] if len(words) <= _BARE and words else ""
    if first in _NO or (first == "not" and len(words) > 1):
        return "out"
    return "in" if first in _YES else ""


def _leaves_out(reading: Reading, span: Span) -> list[bool]:
    """Each group of signs that put a patient out: whether all of it stands in a span, none of it denied."""
    return [
        all(any(not reading.negated(mark) for mark in reading.find(span, (name,))) for name in names)
        for names in reading.know.claims.population.never
    ]


def _fits(reading: Reading, span: Span) -> bool:
    """Whether a span has all that the guidance asks for, and nothing that is denied or puts them out."""
    people = reading.know.claims.population
    enough = bool(people.enough) and all(reading.has(span, names) for names in people.enough)
    return enough and not any(_leaves_out(reading, span)) and not reading.has(
        span, ("negator", "condition", *people.outside)
    )  # fmt: skip
