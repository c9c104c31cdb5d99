"""Rule `polarity`: no study waits for another one, unless the text lets it follow upon that one's result."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Span, Unit
from assistant.types import Finding

RULE = "polarity"
#: Cue groups: before what comes first ("after a x"), before what must be done first ("once x is done"), the end of
#: that, and between what comes first and what follows ("x before y").
_AFTER, _ONCE, _DONE, _BEFORE = "sequence-after", "sequence-once", "is-done", "sequence-before"
_CUES = (_AFTER, _ONCE, _BEFORE)
_REACH = 3  # words between a cue and its study
_EVEN = frozenset({"even", "not", "or"})
_MESSAGE = "the guideline does not put this study first"


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check what a draft lets a study, or a conclusion, wait for."""
    found: list[Finding] = []
    for clause in reading.clauses:
        span = (clause.start, clause.end)
        if not reading.has(span, _CUES):
            continue
        unit = reading.units[clause.unit]
        if unit.question or unit.kind in ("header", "heading") or reading.quotes_statement(unit):
            continue
        if reading.silent_clause(clause):
            continue
        for cue in reading.find(span, _CUES):
            first, others = _ordered(reading, unit, clause, cue)
            if first is not None and _is_wrong(reading, unit, first, others, context):
                found.append(finding(reading, RULE, _MESSAGE, cue.start, max(cue.end, first.end)))
    return found


def _ordered(reading: Reading, unit: Unit, clause: Clause, cue: Mark) -> tuple[Mark | None, list[Mark]]:
    """The study that a cue puts first, and those of the sentence that follow upon it."""
    ahead = [word.text for word in reading.words_in(max(unit.start, cue.start - 8), cue.start)][-1:]
    if reading.negated(cue, clause) or not _EVEN.isdisjoint(ahead):
        return None, []
    after = next((one for one in _named(reading, (cue.end, clause.end))), None)
    words = reading.words_in(cue.end, after.start) if after is not None else []
    if after is None or len(words) > _REACH or not all(word.text.isalpha() for word in words):
        return None, []
    named = _named(reading, (unit.start, unit.end))
    if cue.name == _BEFORE:
        before = [one for one in named if one.end <= cue.start and not reading.negated(one)]
        return (before[-1], [after]) if before else (None, [])
    if cue.name == _ONCE and not reading.has((after.end, clause.end), (_DONE,)):
        return None, []
    return after, [one for one in named if one.name != after.name and not reading.negated(one)]


def _named(reading: Reading, span: Span) -> list[Mark]:
    return [one for one in reading.studies(span) if reading.know.speaks_of_study(one.name)]


def _is_wrong(reading: Reading, unit: Unit, first: Mark, others: list[Mark], context: GuardContext) -> bool:
    """Whether the text lets nothing wait for the first study, or none of those that follow here."""
    know = reading.know
    if not any(know.same(first.name, name) for name in know.claims.scanned[:1]):
        told = any(mention.concept == first.name for mention in know.find(context.question))
        return not told and not _follows(reading, others, first.name)
    steps = know.claims.follow_ups
    results = {name for one in steps if not one.apart for name in one.results}
    allowed = [_may_follow(reading, one) for one in others]
    if reading.has((unit.start, unit.end), results):
        return bool(others) and not any(allowed)
    return not all(allowed)


def _may_follow(reading: Reading, study: Mark) -> bool:
    """Whether a study stands among the steps after a result of the first one."""
    claims, lineage = reading.know.claims, reading.know.lineage(study.name)
    upon = [one for one in claims.follow_ups if not one.apart]
    if any(study.name in one.studies for one in upon):
        return True
    named = any(study.name in one.studies for one in claims.follow_ups)
    return not named and any(not lineage.isdisjoint(one.studies) for one in upon)


def _follows(reading: Reading, others: list[Mark], first: str) -> bool:
    """Whether the text names the first study and another of the sentence as steps after one result, in this order."""
    claims = reading.know.claims
    return first in claims.step_first and any(
        first in one.studies and other.name in one.studies for one in claims.follow_ups for other in others
    )
