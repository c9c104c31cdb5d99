"""A study that is put forward by what denies leaving it out ("don't skip x")."""

from __future__ import annotations

from assistant.guard import ratedlow
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

_KEPT = "not-left-out"


def is_told(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Return whether a unit says not to leave the study out ("don't skip x"), and says nothing against it."""
    span = (unit.start, unit.end)
    clause = reading.clause_at(mark.start)
    cues = [
        one for over in (span, *([unit.label] if unit.label else [])) for one in reading.find(over, (_KEPT,))
    ]
    if unit.question or clause is None or not cues or ratedlow.is_rated(reading, span):
        return False
    if any(
        cues[0].end <= one.start <= mark.start or mark.end <= one.start < cues[0].start
        for one in reading.studies(span)
        if one is not mark and reading.know.options_for(one.name)
    ):
        return False  # of another study: "don't skip y when x is at hand"
    return not any(
        not any(one.start < cue.end and cue.start < one.end for one in cues)
        for cue in reading.find(
            (clause.start, clause.end), ("negator", "avoid", "not-recommended", "silence")
        )
    )
