"""What the learned judge is not asked: sentences that the other rules have compared with the records, piece by piece.

A likeness knows less than a record. What is left here says one of a few things whose truth is data: whom the
guidance is for, what the user told, what follows upon a result, what the text does not speak of.
"""

from __future__ import annotations

from assistant.guard import newclaims, steps
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Unit

_SCOPE = ("in-scope", "not-in-scope")
_STATES = ("advice", "put-forward", "in-scope", "not-in-scope", "appropriateness-rating")
#: A label of a list: so few words, no verb, and all that it names in one statement of the text.
_LABEL = 8
_WHOLE = 0.99


def is_settled(reading: Reading, unit: Unit) -> bool:
    """Whether the records have settled what a unit says, or it says nothing of the guideline."""
    return (
        _retells(reading, unit)
        or _tells_scope(reading, unit)
        or _is_label(reading, unit)
        or _says_little(reading, unit)
        or _leaves_out(reading, unit)
        or steps.are_placed(reading, unit)
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


def _is_label(reading: Reading, unit: Unit) -> bool:
    """Whether a short item only names what one statement speaks of ("Flare read as progression")."""
    words = [word.text for word in reading.words_in(unit.start, unit.end) if word.text.isalpha()]
    if unit.kind != "item" or len(words) > _LABEL or not FINITE.isdisjoint(words):
        return False
    return newclaims.share(reading, unit) >= _WHOLE


def _says_little(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence names but one thing of the text's, so that it relates nothing ("The headache decides.")."""
    know = reading.know
    words = reading.words_in(unit.start, unit.end)
    named = {stem(word.text, know.claims.spelling) for word in words if word.text.isalpha()}
    named = {one for one in named - know.stop_words if one in know.source_words}
    return len(named) <= 1 and not reading.has((unit.start, unit.end), (*_STATES, "negator"))


def _leaves_out(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence says that the text is silent on a thing that indeed it does not name."""
    know = reading.know
    if not reading.silent(unit):
        return False
    return any(
        reading.silent_clause(clause)
        and any(
            mark.concept and not know.lineage(mark.name) & know.source_concepts
            for mark in reading.within(clause.start, clause.end)
        )
        for clause in reading.clauses_of(reading.units.index(unit))
    )
