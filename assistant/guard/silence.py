"""Where a draft says that the text is silent: there it claims nothing but that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.guard.negation import FINITE
from assistant.guard.stems import stem

if TYPE_CHECKING:
    from assistant.guard.marks import Mark
    from assistant.guard.reading import Reading
    from assistant.guard.units import Clause, Span, Unit

#: "Whether ... is not stated": the whole sentence is what the text is silent on.
_ASKING = frozenset({"whether", "how", "what", "which", "when", "why", "where", "who"})
_JOINING = frozenset({"or", "and"})
_CONDITIONS = frozenset({"if", "when", "whenever", "unless", "should", "until", "once"})
_WHERE = _CONDITIONS | {"where", "wherever"}
_ENDING = frozenset({";", ":"})  # behind these a list item says something of its own
_TITLE = 12  # words and signs of a heading
_NOT_COVERED = "not-covered"
_NEAR = 3  # words before a sign in which its "if" stands
#: Where one thing that is said ends and the next begins.
_STOP = re.compile(r"[,;:()]|\b(?:and|but|though|although|while)\b")
#: What may stand between a title and the sign: who is silent, and how ("the guideline says nothing").
_SET_OFF = frozenset({":", ";", "-", "*"})
_SILENCE, _SPEAK = _SIGNS = ("silence", "speak")
_SILENT_ONE = ("guidance", "attribution", "negator")


def in_clause(reading: Reading, clause: Clause) -> bool:
    """Whether the clause says that the text is silent, or its sentence asks what the text does not say."""
    unit = reading.units[clause.unit]
    if is_listed(reading, unit):
        return True
    if {one.text for one in reading.words_in(unit.start, unit.end)[:1]} & _ASKING and in_unit(reading, unit):
        return True
    if _says_so(reading, clause) or is_told_after(reading, clause) or is_title(reading, clause):
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
    return is_listed(reading, unit) or any(
        _is_sign(reading, mark) and not _is_condition(reading, reading.clause_at(mark.start), mark)
        for mark in reading.find((unit.start, unit.end), _SIGNS)
    )


def is_listed(reading: Reading, unit: Unit) -> bool:
    """Whether a unit only names or asks something under a heading that says that the text is silent on it."""
    over = [span for span in (*unit.above, unit.column) if span is not None and span[0] != unit.start]
    if unit.kind == "heading" or not any(_is_silent_title(reading, span) for span in over):
        return False
    span = (unit.start, unit.end)
    first = next((one.text for one in reading.words_in(*span) if one.text.isalpha()), "")
    stops = [one for one in reading.words_in(*span) if one.text in _ENDING][:1]
    asks = first in _ASKING and not stops
    return asks or _names_only(reading, span)


def _is_silent_title(reading: Reading, span: Span) -> bool:
    """Whether a heading says that the text is silent on what stands under it ("Not stated")."""
    return len(reading.words_in(*span)) <= _TITLE and any(
        mark.name == _NOT_COVERED or _is_sign(reading, mark)
        for mark in reading.find(span, (*_SIGNS, _NOT_COVERED))
    )


def is_on_figure(reading: Reading, unit: Unit, rating: Mark) -> bool:
    """Whether all that a unit is silent on is a figure beside a rating ("R; its dose is not stated")."""
    signs = [one for one in reading.find((unit.start, unit.end), _SIGNS) if _is_sign(reading, one)]
    return bool(signs) and all(_is_of_figure(reading, unit, one, rating) for one in signs)


def _is_of_figure(reading: Reading, unit: Unit, sign: Mark, rating: Mark) -> bool:
    """Whether a sign stands with a figure, set off from the rating."""
    stops = [
        unit.start,
        *(match.start() for match in _STOP.finditer(reading.text.lower, unit.start, unit.end)),
        unit.end,
    ]
    start = max(one for one in stops if one <= sign.start)
    end = min(one for one in stops if one > sign.start)
    return not start <= rating.start < end and reading.has((start, end), ("figure-cue",))


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


def is_title(reading: Reading, clause: Clause) -> bool:
    """Whether a clause only names something, of which the rest says that the text is silent ("Diet: not stated")."""
    unit = reading.units[clause.unit]
    if unit.kind == "cell":
        return _is_silent_row(reading, unit)
    end = clause.end if clause.start == unit.start else unit.start
    if unit.label is not None and unit.label[0] >= unit.start and clause.end <= unit.label[1] + 1:
        end = unit.label[1]
    return (
        end > unit.start
        and _names_only(reading, (unit.start, end))
        and _opens_silent(reading, (end, unit.end))
    )


def _names_only(reading: Reading, span: Span) -> bool:
    """Whether a stretch has neither a verb nor a figure nor a rating."""
    words = [word.text for word in reading.words_in(*span)]
    return (
        not any(word in FINITE or word[0].isdigit() for word in words)
        and not reading.has(span, reading.know.rating_names)
        and not reading.has(span, ("asserts", "directive"))
    )


def _opens_silent(reading: Reading, span: Span) -> bool:
    """Whether a stretch is set off and begins with saying that the text is silent."""
    words = reading.words_in(*span)
    before = reading.text.lower[max(0, span[0] - 1) : span[0]]
    if not words or (words[0].text not in _SET_OFF and before not in _SET_OFF):
        return False
    sign = next((one for one in reading.within(*span) if _is_sign(reading, one)), None)
    if sign is None or _is_condition(reading, reading.clause_at(sign.start), sign):
        return False
    told = reading.find((span[0], sign.start), _SILENT_ONE)
    return all(
        not word.text.isalpha()
        or word.text in FINITE
        or stem(word.text, reading.know.claims.spelling) in reading.know.stop_words
        or any(one.start <= word.start < one.end for one in told)
        for word in reading.words_in(span[0], sign.start)
    )


def _is_silent_row(reading: Reading, unit: Unit) -> bool:
    """Whether a cell is the first of a row whose other cells only say that the text is silent."""
    others = [
        one
        for one in reading.units
        if one.kind == "cell" and one.block == unit.block and one.label == (unit.start, unit.end)
    ]
    return (
        bool(others)
        and _names_only(reading, (unit.start, unit.end))
        and all(in_unit(reading, one) for one in others)
    )


def _is_sign(reading: Reading, mark: Mark, clause: Clause | None = None) -> bool:
    return mark.name == _SILENCE or (mark.name == _SPEAK and reading.negated(mark, clause))


def _opening(reading: Reading, clause: Clause) -> str:
    """The first word of a clause, after signs and "or"."""
    words = (word.text for word in reading.words_in(clause.start, clause.end) if word.text.isalpha())
    return next((one for one in words if one not in _JOINING), "")


def _says_so(reading: Reading, clause: Clause) -> bool:
    return any(
        _is_sign(reading, mark, clause) and not _is_condition(reading, clause, mark)
        for mark in reading.find((clause.start, clause.end), _SIGNS)
    )
