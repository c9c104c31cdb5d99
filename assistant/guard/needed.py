"""Whether what a relation needs stands with its sign: in its sentence, below it, or in the one it follows from."""

from __future__ import annotations

from itertools import pairwise

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Names, Relation
from assistant.guard.units import Clause, Unit

#: The cue group of words that let a sentence follow from the one before.
_CONSEQUENCE = "consequence"
_STANDING = frozenset({"that", "this", "it", "these", "those"})
_NAME = 30  # characters of a study's name about a sign


def stands(
    reading: Reading, unit: Unit, clause: Clause, anchors: list[Mark], relation: Relation, names: Names
) -> bool:
    """Whether what a relation needs stands with its sign: around it, or in what the sign only announces."""
    if reading.in_context(clause.unit, clause, names, "unit"):
        marks = reading.find((unit.start, unit.end), names)
        if not marks or not all(
            _is_of_topic(reading, relation, one) or _is_inside(reading, one) for one in marks
        ):
            return True
    if _follows(reading, unit, names) or _points_back(reading, unit, clause, names):
        return True
    below = reading.below(unit)
    if below and all(reading.has(span, names) for span in below):
        return True  # a lead-in: the list under it tells
    rest = [word for word in reading.words_in(anchors[-1].end, unit.end) if word.text.isalpha()]
    following = reading.units[clause.unit + 1 : clause.unit + 2]
    return not rest and any(
        one.block == unit.block and reading.has((one.start, one.end), names) for one in following
    )  # "What is missing is the trigger. It would be ..."


def _follows(reading: Reading, unit: Unit, names: Names) -> bool:
    """Whether a sentence opens as what follows from the one before it ("Hence: R"), which gives the reason."""
    place = reading.units.index(unit)
    before = reading.units[place - 1] if place else None
    return (
        before is not None
        and before.block == unit.block
        and any(_opens(reading, unit, one) for one in reading.find((unit.start, unit.end), (_CONSEQUENCE,)))
        and reading.has((before.start, before.end), names)
    )


def _points_back(reading: Reading, unit: Unit, clause: Clause, names: Names) -> bool:
    """Whether a clause says what something named in the sentence before is ("the text names that as the next step")."""
    place = reading.units.index(unit)
    before = reading.units[place - 1] if place else None
    if before is None or before.block != unit.block or not reading.has((before.start, before.end), names):
        return False
    words = [word.text for word in reading.words_in(clause.start, clause.end)]
    return any(first in _STANDING and second == "as" for first, second in pairwise(words))


def _opens(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether a sign stands at the beginning of its sentence."""
    return not any(word.text.isalnum() for word in reading.words_in(unit.start, mark.start))


def _is_of_topic(reading: Reading, relation: Relation, mark: Mark) -> bool:
    """Whether a sign is part of the name of the study spoken of ("a bone scan" gives no bone as a reason)."""
    topics = {name for names in relation.about for name in names}
    return any(
        one.start <= mark.start and mark.end <= one.end and one is not mark and reading.is_named(one, topics)
        for one in reading.studies((max(0, mark.start - _NAME), mark.end + _NAME))
    )


def _is_inside(reading: Reading, mark: Mark) -> bool:
    """Whether a sign is part of the longer name of a study ("PET/CT" is no CT)."""
    return any(
        one.start < mark.start and mark.end <= one.end and reading.opens_with(mark.start - 1, "/-")
        for one in reading.studies((max(0, mark.start - _NAME), mark.end + _NAME))
    )


def relates(reading: Reading, relation: Relation) -> str:
    """What a finding says of a relation that is not the text's."""
    for name in relation.statements:
        statement = reading.know.guideline.statements.get(name)
        if statement is not None:
            return f"this is not what the guideline relates: “{statement.quote}”"
    return "this is not what the guideline relates"
