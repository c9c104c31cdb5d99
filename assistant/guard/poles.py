"""Which side of a pair of opposites a clause takes: "does well" or "does badly", "inside" or "outside"."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Relation
from assistant.guard.units import Clause, Span

_SCOPE = "scope"
_COPULAS = frozenset({"is", "was", "has", "had", "'s", "takes"})
_OF_NOUNS = frozenset({"without", "free of", "lack of", "absence of"})
_FEW = 2
_TOPICS = frozenset({"about", "because", "for"})
_ABOUT = 24  # characters before a sign in which it may be set aside
_FINDING = 24  # characters of a finding's name about a word
_REACH = 2  # words between a negator and the sign that it turns


def turned(
    reading: Reading, span: Span, clause: Clause, relation: Relation, pole: str, side: str, anchor: Mark
) -> Mark | None:
    """The sign that takes the other side, if no sign takes the text's own."""
    first, second = reading.know.claims.poles[pole]
    unit = reading.units[clause.unit]
    marks = [one for one in reading.find(span, (first, second)) if not in_study(reading, one)]
    if (
        not marks and relation.rule == _SCOPE and len(reading.clauses_of(clause.unit)) <= _FEW
    ):  # "Stage I, no symptoms: within scope."
        marks = reading.find((unit.start, unit.end), (first, second))
        marks = [one for one in marks if not in_study(reading, one)]
    marks = [one for one in marks if not any(_longer(other, one) for other in marks)]
    marks = [one for one in marks if not _set_aside(reading, one)]
    if relation.studies:
        marks = [one for one in marks if _is_said_of(reading, clause, one, relation.studies)]
    if relation.rule == _SCOPE:
        marks = [one for one in marks if not _new_subject(reading, one, anchor)]
    other_side: Mark | None = None
    for one in marks:
        takes = one.name if not _denied(reading, one) else (second if one.name == first else first)
        if takes == side:
            return None
        other_side = other_side or one
    return other_side


def _set_aside(reading: Reading, sign: Mark) -> bool:
    """Whether a sign is only named as what it is not about ("the rating isn't about poor sensitivity")."""
    before = [word.text for word in reading.words_in(max(0, sign.start - _ABOUT), sign.start)]
    place = max((n for n, text in enumerate(before) if text in _TOPICS), default=0)
    return place > 0 and (before[place - 1] == "not" or before[place - 1].endswith("n't"))


def _new_subject(reading: Reading, sign: Mark, anchor: Mark) -> bool:
    """Whether the patient is told of behind the sign, in a sentence of its own ("it covers x, and she is y")."""
    for one in reading.find((sign.end, anchor.start), ("own-patient",)):
        verb = next((word.text for word in reading.words_in(one.end, anchor.start)), "")
        if verb in _COPULAS or reading.text.lower[one.start : one.end].endswith("'s"):
            return True
    return False


def _denied(reading: Reading, sign: Mark) -> bool:
    """Whether a sign is denied by a word close to it ("a patient without symptoms lies outside" denies nothing)."""
    clause = reading.clause_at(sign.start)
    if clause is None or not reading.negated(sign, clause):
        return False
    before = reading.find((clause.start, sign.start), ("negator",))
    if not before:
        return True
    between = len(reading.words_in(before[-1].end, sign.start))
    said = reading.text.lower[before[-1].start : before[-1].end]
    return between <= (0 if said in _OF_NOUNS else _REACH)


def _is_said_of(reading: Reading, clause: Clause, sign: Mark, studies: tuple[str, ...]) -> bool:
    """Whether a sign is said of one of the studies: its subject, or the only study of the sentence."""
    unit = reading.units[clause.unit]
    named = [one for one in reading.studies((unit.start, unit.end)) if reading.know.speaks_of_study(one.name)]
    if len({one.name for one in named}) > 1:
        named = reading.subject(clause, sign.start)
    return any(reading.know.same(one.name, wanted) for one in named for wanted in studies)


def _longer(other: Mark, one: Mark) -> bool:
    return other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start


def in_finding(reading: Reading, mark: Mark) -> bool:
    """Whether a word is part of the longer name of what is measured ("raised liver tests" are no liver)."""
    concepts = reading.know.vocabulary.concepts
    around = reading.within(max(0, mark.start - _FINDING), mark.end + _FINDING)
    return any(one.concept and _longer(one, mark) and concepts[one.name].measured for one in around)


def in_study(reading: Reading, mark: Mark) -> bool:
    """Whether the mark is part of a study's name ("bone scan" speaks of no bone)."""
    if mark.concept and reading.know.is_study(mark.name):
        return False
    return any(
        one.start <= mark.start and mark.end <= one.end
        for one in reading.studies((max(0, mark.start - 80), mark.end))
    )
