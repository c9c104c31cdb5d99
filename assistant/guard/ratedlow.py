"""Whether a text rates low what it names, or says not to choose it."""

from __future__ import annotations

from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit


def is_rated(reading: Reading, span: Span) -> bool:
    """Whether a rating stands in a span that is not one of the appropriate."""
    appropriate = {option.rating for option in reading.know.guideline.options if option.appropriate}
    ratings = [mark for mark in reading.within(*span) if mark.name in reading.know.rating_names]
    return any(reading.know.rating_names[mark.name] not in appropriate for mark in ratings)


def is_told(reading: Reading, span: Span) -> bool:
    """Whether a span rates low or does not recommend."""
    return is_rated(reading, span) or reading.has(span, ("not-recommended",))


def is_told_here(reading: Reading, unit: Unit) -> bool:
    """Whether a unit, or what it is the label of, rates low or says to leave it."""
    spans = [(unit.start, unit.end)]
    spans += [(o.start, o.end) for o in reading.units if o.label == (unit.start, unit.end)]
    return any(
        is_told(reading, span) or reading.has(span, ("avoid",)) or _is_bare_no(reading, span)
        for span in spans
    )


def _is_bare_no(reading: Reading, span: Span) -> bool:
    """Whether a cell says no more than "No"."""
    return [word.text for word in reading.words_in(*span) if word.text.isalnum()] == ["no"]
