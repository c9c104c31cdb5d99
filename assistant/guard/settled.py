"""What the learned judge is not asked: sentences that the other rules have compared with the records, piece by piece.

A likeness knows less than a record. What is left here says one of a few things whose truth is data: whom the
guidance is for, what the user told, what follows upon a result, what one statement relates.
"""

from __future__ import annotations

from assistant.guard import relations, steps
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

_SCOPE = ("in-scope", "not-in-scope")
_STATES = ("advice", "put-forward", "in-scope", "not-in-scope", "appropriateness-rating")


def is_settled(reading: Reading, unit: Unit) -> bool:
    """Whether the records have settled what a unit says, or it says nothing of the guideline."""
    return (
        _retells(reading, unit)
        or _tells_scope(reading, unit)
        or steps.are_placed(reading, unit)
        or relations.tell(reading, unit)
    )


def _retells(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence only tells the user's own patient back in the user's words."""
    if not reading.has((unit.start, unit.end), ("own-patient",)) or reading.has(
        (unit.start, unit.end), _STATES
    ):
        return False
    if reading.studies((unit.start, unit.end)):
        return False
    know = reading.know
    asked = know.content_keys(reading.question)
    named = [mark for mark in reading.within(unit.start, unit.end) if mark.concept]
    if not named or not all(f"#{mark.name}" in asked for mark in named):
        return False
    rest = "".join(
        char if not any(m.start <= place < m.end for m in named) else " "
        for place, char in enumerate(reading.text.lower[unit.start : unit.end], unit.start)
    )
    told = know.content_keys(" ".join(know.claims.cues.get("tells-of", ())))
    return know.content_keys(rest) <= asked | told


def _tells_scope(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence says of people whom the records name that the guidance is for them or not.

    The rule `scope` has compared that with the records, which know better than a likeness.
    """
    span = (unit.start, unit.end)
    population = reading.know.claims.population
    people = (
        *population.inside,
        *population.outside,
        *population.never_outside,
        *population.with_outside,
        *(name for names in population.never for name in names),
    )
    return reading.has(span, ("guidance",)) and reading.has(span, _SCOPE) and reading.has(span, people)
