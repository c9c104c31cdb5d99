"""Where a draft says that the text is silent: there it claims nothing but that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.guard.marks import Mark
    from assistant.guard.reading import Reading
    from assistant.guard.units import Clause, Span, Unit

#: "Whether ... is not stated": the whole sentence is what the text is silent on.
_ASKING = frozenset({"whether", "how", "what", "which", "when", "why", "where", "who"})
_JOINING = frozenset({"or", "and"})
_CONDITIONS = frozenset({"if", "when", "whenever", "unless", "should", "until", "once"})
_WHERE = _CONDITIONS | {"where", "wherever"}
_NEAR = 3  # words before a sign in which its "if" stands


def in_clause(reading: Reading, clause: Clause) -> bool:
    """Whether the clause says that the text is silent, or its sentence asks what the text does not say."""
    unit = reading.units[clause.unit]
    if {one.text for one in reading.words_in(unit.start, unit.end)[:1]} & _ASKING and in_unit(reading, unit):
        return True
    if _says_so(reading, clause) or is_told_after(reading, clause):
        return True
    # "It has nothing on where ...", "It does not say when, or whether ..."
    before: Clause | None = clause
    while before is not None and before.start > unit.start and _opening(reading, before) in _ASKING:
        before = reading.clause_at(before.start - 1)
        if before is not None and _says_so(reading, before):
            return True
    return False


def in_unit(reading: Reading, unit: Unit) -> bool:
    """Whether the unit says that the text is silent ("does not state", "has no rating")."""
    return any(
        (mark.name == "silence" or (mark.name == "speak" and reading.negated(mark)))
        and not _is_condition(reading, reading.clause_at(mark.start), mark)
        for mark in reading.within(unit.start, unit.end)
    )


def is_told(reading: Reading, span: Span) -> bool:
    """Whether a stretch says of something that the text does not speak of it or does not rate it."""
    return any(
        not _is_condition(reading, reading.clause_at(mark.start), mark)
        for mark in reading.find(span, ("silence", "not-covered", "no-rating"))
    )


def _is_condition(reading: Reading, clause: Clause | None, mark: Mark) -> bool:
    """Whether a sign is part of a condition: "if none of these is available" says nothing of the text."""
    if clause is None or reading.has((clause.start, clause.end), ("guidance",)):
        return False
    before = [word.text for word in reading.words_in(clause.start, mark.start)]
    return _opening(reading, clause) in _CONDITIONS or not _WHERE.isdisjoint(before[-_NEAR:])


def is_told_after(reading: Reading, clause: Clause) -> bool:
    """Whether a relative clause says it of what stands before it ("x is a matter on which the text is silent")."""
    after = reading.clause_at(clause.end) if clause.end < reading.units[clause.unit].end else None
    return after is not None and _opening(reading, after) == "which" and _says_so(reading, after)


def _opening(reading: Reading, clause: Clause) -> str:
    """The first word of a clause, after signs and "or"."""
    words = (word.text for word in reading.words_in(clause.start, clause.end) if word.text.isalpha())
    return next((one for one in words if one not in _JOINING), "")


def _says_so(reading: Reading, clause: Clause) -> bool:
    return any(
        (mark.name == "silence" or (mark.name == "speak" and reading.negated(mark, clause)))
        and not _is_condition(reading, clause, mark)
        for mark in reading.within(clause.start, clause.end)
    )
