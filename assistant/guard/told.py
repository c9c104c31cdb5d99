"""Rule `support`: what a draft tells of the patient's own findings is what the user told of them."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.cues import words_of
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.records import Names
from assistant.guard.units import Clause, Span
from assistant.types import FactRecord, Finding

RULE = "support"
#: Cue groups: words before a finding that is this patient's own, and how a finding is read.
_OWNER = "own-finding"
_NORMAL, _RAISED = "finding-normal", "finding-raised"
_LABORATORY = "laboratory"
_UNSAID = ("condition", "asks")
_CONDITIONS = frozenset({"if", "should", "were", "had", "once", "when", "unless"})
_REACH = 60  # characters behind the owner in which a finding stands
_READ = 12  # characters before a finding in which it may be read ("raised ALP")


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Refuse a finding of this patient that the user did not tell, or told otherwise."""
    kinds = reading.know.claims.finding_kinds
    groups = reading.know.claims.finding_groups
    facts = [fact for fact in context.facts if fact.kind in kinds]
    if not context.patient or not facts:
        return []
    found: list[Finding] = []
    for clause in reading.clauses:
        if reading.units[clause.unit].question or reading.silent_clause(clause):
            continue
        if reading.has((clause.start, clause.end), _UNSAID) or _is_condition(reading, clause):
            continue
        for mark in _own_findings(reading, clause, kinds, groups):
            if not (_is_told(reading, mark, facts) or _is_said(reading, mark, context)):
                name = reading.know.vocabulary.concepts[mark.name].name
                message = f"the user did not tell this of {name}"
                found.append(finding(reading, RULE, message, mark.start, mark.end))
    return found


def _is_condition(reading: Reading, clause: Clause) -> bool:
    """Whether a clause opens as a condition ("should her headaches change, ...")."""
    first = next((one.text for one in reading.words_in(clause.start, clause.end) if one.text.isalpha()), "")
    return first in _CONDITIONS


def _own_findings(reading: Reading, clause: Clause, kinds: Names, groups: Names) -> list[Mark]:
    """The findings that a clause says this patient has."""
    concepts = reading.know.vocabulary.concepts
    found: list[Mark] = []
    for owner in reading.find((clause.start, clause.end), (_OWNER,)):
        end = _end(reading, owner.end, min(clause.end, owner.end + _REACH))
        found += [
            mark
            for mark in reading.within(owner.end, end)
            if mark.concept
            and mark.exact
            and (concepts[mark.name].kind in kinds or mark.name in groups)
            and mark not in found
            and not reading.negated(mark, clause)
        ]
    return found


def _end(reading: Reading, start: int, end: int) -> int:
    """Where what the patient has ends: at a verb or a study."""
    stops = [word.start for word in reading.words_in(start, end) if word.text in FINITE]
    stops += [study.start for study in reading.studies((start, end))]
    return min([*stops, end])


def _is_told(reading: Reading, mark: Mark, facts: list[FactRecord]) -> bool:
    """Whether the user told of the finding, and read it so; a value is told only where it is read."""
    lineage = reading.know.lineage
    examples = reading.know.claims.told_as.get(mark.name, ())
    told = [
        fact
        for fact in facts
        if fact.concept in lineage(mark.name)
        or mark.name in lineage(fact.concept)
        or not lineage(fact.concept).isdisjoint(examples)
    ]
    span = max(0, mark.start - _READ), mark.end
    if reading.know.vocabulary.concepts[mark.name].kind != _LABORATORY:
        return any(fact.status != "absent" for fact in told)
    side = _side(reading, span)
    if not side:
        return True
    if not told:
        return False
    sides = {_NORMAL, _RAISED} & {
        name
        for fact in told
        for name in (_NORMAL, _RAISED)
        if reading.know.mentions(fact.words.lower(), name)
    }
    return not sides or side in sides


def _is_said(reading: Reading, mark: Mark, context: GuardContext) -> bool:
    """Whether the user wrote each word of a symptom, whatever it is called ("thoracic pain": "thoracic back pain")."""
    if reading.know.vocabulary.concepts[mark.name].kind == _LABORATORY:
        return False
    said = {word.text for text in (*context.user_texts, context.question) for word in words_of(text.lower())}
    told = [fact for fact in context.facts if fact.concept == mark.name]
    words = {word.text for word in reading.words_in(mark.start, mark.end) if word.text.isalpha()}
    return words <= said and not any(fact.status == "absent" for fact in told)


def _side(reading: Reading, span: Span) -> str:
    """How a finding is read where it stands, if it is."""
    sides = {mark.name for mark in reading.find(span, (_NORMAL, _RAISED))}
    return sides.pop() if len(sides) == 1 else ""
