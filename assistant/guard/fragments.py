"""Rule `polarity`: a bare answer ("By the x.") fills the slot of the relation that its question asks of."""

from __future__ import annotations

from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.needed import relates
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.types import Finding

_WORDS = 6  # a bare answer has no more
_STUDY = "study"  # the slot that rules on ratings and properties look at


def check(reading: Reading) -> list[Finding]:
    """Refuse an opening clause without a verb that names a value which the text does not give."""
    know = reading.know
    unit = next((one for one in reading.units if not one.question), None)
    if unit is None or unit.kind not in ("sentence", "item") or not reading.question:
        return []
    clause = reading.clauses_of(reading.units.index(unit))[0]
    words = [word.text for word in reading.words_in(clause.start, clause.end) if word.text.isalpha()]
    if not words or len(words) > _WORDS or not FINITE.isdisjoint(words):
        return []
    if reading.studies((clause.start, clause.end)):
        return []
    found: list[Finding] = []
    for relation in know.claims.relations:
        if not relation.slots or any(kind == _STUDY for kind in relation.slots):
            continue
        if not all(any(know.mentions(reading.question, name) for name in names) for names in relation.about):
            continue
        for kind, allowed in relation.slots.items():
            marks = reading.find((clause.start, clause.end), know.claims.kinds.get(kind, ()))
            wrong = [
                one for one in marks if not reading.is_named(one, set(allowed)) and not reading.negated(one)
            ]
            if wrong and not _told(reading, wrong):
                found.append(
                    finding(reading, relation.rule, relates(reading, relation), wrong[0].start, wrong[0].end)
                )
    return found


def _told(reading: Reading, marks: list[Mark]) -> bool:
    """Whether the question itself names what is answered ("liver or lung?" - "The liver.")."""
    return all(reading.text.lower[one.start : one.end] in reading.question.lower() for one in marks)
