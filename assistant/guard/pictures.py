"""Rule `option`: a study that is rated low is not put forward beside a picture ("organs in question: x or y")."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit

#: Words that only list studies.
_LISTING = frozenset({"or", "and", "plus", "a", "an", "the", "with", "of", "either", "both", "first", "then"})
_AGAINST = ("avoid", "not-recommended", "why", "no-rating", "negator", "silence")


def is_answered(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether a study is all that stands beside a picture: in its cell, or behind its label or colon."""
    picture = _label(reading, unit)
    if picture is None or not _is_picture(reading, picture):
        return False
    spans = [picture, (unit.start, unit.end), *([unit.column] if unit.column is not None else [])]
    if any(reading.has(span, (*_AGAINST, *reading.know.rating_names)) for span in spans):
        return False
    begin = picture[1] if picture[0] == unit.start else unit.start
    studies = reading.studies((begin, unit.end))
    rest = [
        word.text
        for word in reading.words_in(begin, unit.end)
        if word.text.isalpha() and not any(one.start <= word.start < one.end for one in studies)
    ]
    return mark in studies and _LISTING.issuperset(rest)


def _label(reading: Reading, unit: Unit) -> Span | None:
    """What a unit is the answer to: the label of its row, or the words before its colon."""
    if unit.kind == "cell":
        return unit.label
    colon = reading.text.lower.find(":", unit.start, unit.end)
    return (unit.start, colon) if colon > 0 else None


def _is_picture(reading: Reading, span: Span) -> bool:
    """Whether a label tells a picture for which the text has a first choice, and names no study."""
    names = {name for choice in reading.know.claims.choices for names in choice.when for name in names}
    return reading.has(span, names) and not reading.studies(span)
