"""How often the text speaks of something: such a number multiplies nothing."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading

#: Before "one" these point to something; so far back a word of mentioning may begin.
_POINTERS = frozenset({"the", "this", "that", "only"})
_POINTING = 6
_MENTION = 24


def are_counted(reading: Reading, mark: Mark) -> bool:
    """Whether a multiple only tells how often the text speaks of something, points to one, or is not stated."""
    clause = reading.clause_at(mark.start)
    if clause is not None and reading.silent_clause(clause):
        return True
    before = reading.words_in(max(0, mark.start - _POINTING), mark.start)
    if before and before[-1].text in _POINTERS and reading.text.lower.startswith("one ", mark.start):
        return True
    cues = reading.find((max(0, mark.start - _MENTION), mark.end), ("mentioned-often",))
    return any(one.start <= mark.start and mark.end <= one.end for one in cues) or _is_told_often(
        reading, mark
    )


def _is_told_often(reading: Reading, mark: Mark) -> bool:
    """Whether the text says something so often ("it describes x twice, once in ... and once in ..."), and no more."""
    clause = reading.clause_at(mark.start)
    following = [word.text for word in reading.words_in(mark.end, mark.end + 8)][:1]
    if (
        clause is None
        or reading.text.lower[mark.start : mark.end] != "twice"
        or following in (["the"], ["as"], ["a"])
    ):
        return False
    told = reading.find((clause.start, mark.start), ("speak",))
    if not told:
        return False
    between = {word.text for word in reading.words_in(told[-1].end, mark.start)}
    return FINITE.isdisjoint(between)
