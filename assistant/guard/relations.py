"""Rule `polarity`: a relation of the text is told with the text's own values, and to the text's own side.

A record says what the text relates ("the study named as workhorse", "the symptom of liver metastases") and
which members of a closed set may fill each slot. Any other member of the set is refused, so that no list of
errors is needed: one record speaks of every study, organ or symptom that could be put in the wrong place.
"""

from __future__ import annotations

from assistant.guard import fragments
from assistant.guard.context import GuardContext
from assistant.guard.cues import words_of
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.needed import relates, stands
from assistant.guard.poles import in_finding, in_study
from assistant.guard.poles import turned as turned_to
from assistant.guard.reading import Reading
from assistant.guard.records import Names, Relation
from assistant.guard.units import Clause, Span, Unit
from assistant.types import Finding

_JOINTS = frozenset(
    {
        "and",
        "or",
        ",",
        "the",
        "a",
        "an",
        "both",
        "nor",
        "&",
        "/",
        "in",
        "of",
        "to",
        "also",
        "as",
        "well",
    }
)
_PREPOSITIONS = frozenset({"for", "of", "in", "at", "when", "on"})
_CONJUNCTIONS = frozenset({"and", "but", "yet", "so", "while", "though", "although"})
_PRONOUNS = frozenset({"it"})
_STUDY = "study"
#: The cue group of words that only say that something is among what the text names.
_FRAMES = "frames-it"
_SUPPORT = "support"
#: A study after one of these is only compared with.
_COMPARED = ("object-cue", "unlike", "than")
_BEFORE = 18
#: The cue group of words that a study's name only stands before ("the bone scan pathway").
_NAMES = "study-as-name"
_BESIDE = ["as", "well", "as"]
_ROOT = 5  # so many letters of a word stand for all its forms


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Compare every clause with the relations that it speaks of."""
    found: list[Finding] = []
    for clause in reading.clauses:
        unit = reading.units[clause.unit]
        if unit.question or unit.kind == "header" or reading.quotes_statement(unit):
            continue
        marks = [*reading.within(clause.start, clause.end), *_carried(reading, unit, clause)]
        names = {name for mark in marks for name in _names(reading, mark)}
        for relation in reading.know.relations_of(names):
            if context.composed and relation.rule == _SUPPORT:
                continue  # between the quotes stand the assistant's own phrases, which claim nothing
            found += _compare(reading, unit, clause, relation)
    return [*found, *fragments.check(reading)]


def tell(reading: Reading, unit: Unit, span: Span) -> bool:
    """Whether a stretch says what a record relates and needs, in the words of its statement or the user's alone."""
    know = reading.know
    marks = reading.within(*span)
    framing = know.content_keys(reading.question)
    framing |= know.content_keys(" ".join(know.claims.cues.get(_FRAMES, ())))
    for relation in know.relations_of({name for mark in marks for name in _names(reading, mark)}):
        if not (relation.needs or relation.slots):
            continue
        told = know.evidence.of(relation.statements)
        if not _own(reading, span, told) - framing - _recorded(reading, span, relation) <= told:
            continue
        for clause in reading.clauses_of(reading.units.index(unit)):
            if clause.end <= span[0] or clause.start >= span[1]:
                continue
            if not all(_holds(reading, span, kind, names) for kind, names in relation.slots.items()):
                continue
            if _anchors(reading, unit, clause, relation) and not _compare(reading, unit, clause, relation):
                return True
    return False


def _own(reading: Reading, span: Span, told: frozenset[str]) -> frozenset[str]:
    """The words of a stretch, without those that name something of the statement under whatever name.

    Figures the rule `numbers` has compared.
    """
    named = [
        mark
        for mark in reading.within(*span)
        if mark.concept and any(f"#{name}" in told for name in reading.know.lineage(mark.name))
    ]
    words = [
        word
        for word in reading.words_in(*span)
        if word.text not in reading.know.claims.numbers
        and not any(one.start <= word.start < one.end for one in named)
    ]
    return reading.know.evidence.keys(words, ())


def _recorded(reading: Reading, span: Span, relation: Relation) -> frozenset[str]:
    """The words of a stretch that the record itself names: its signs, what it needs and what may fill its slots."""
    names = {name for names in (*relation.about, *relation.needs, *relation.slots.values()) for name in names}
    marks = reading.find(span, names)
    return reading.know.evidence.keys(
        [word for one in marks for word in reading.words_in(one.start, one.end)], ()
    )


def _holds(reading: Reading, span: Span, kind: str, allowed: Names) -> bool:
    """Whether a value that may stand in a slot stands there."""
    return any(_fits(reading, kind, one, allowed) for one in _members(reading, span, kind))


def _names(reading: Reading, mark: Mark) -> frozenset[str]:
    return reading.know.lineage(mark.name) if mark.concept else frozenset((mark.name,))


def _compare(reading: Reading, unit: Unit, clause: Clause, relation: Relation) -> list[Finding]:
    own, whole = (clause.start, clause.end), (unit.start, unit.end)
    span = whole if relation.wide else own
    # Cheapest first: most records end here.
    if not all(reading.in_context(clause.unit, clause, names, "unit") for names in relation.about[1:]):
        return []
    if reading.has(whole, relation.nowhere) or reading.has(span, relation.unless):
        return []
    anchors = _anchors(reading, unit, clause, relation)
    if not anchors or reading.silent_clause(clause):
        return []
    if relation.rule == _SUPPORT and all(_is_asked(reading, one) for one in anchors):
        return []  # the user's own words
    found: list[Finding] = []
    for kind, allowed in relation.slots.items():
        place = _within(reading, kind, span, whole)
        if relation.after:
            ends = reading.find((anchors[0].end, place[1]), relation.until)
            place = (_object_from(reading, anchors[0], place[0]), ends[0].start if ends else place[1])
        wrong = _wrong(reading, place, kind, allowed, anchors, strict=relation.strict)
        if wrong is not None:
            found.append(finding(reading, relation.rule, relates(reading, relation), wrong.start, wrong.end))
    for pole, side in relation.poles.items():
        turned = turned_to(reading, span, clause, relation, pole, side, anchors[0])
        if turned is not None:
            found.append(
                finding(reading, relation.rule, relates(reading, relation), turned.start, turned.end)
            )
    bare = not (relation.slots or relation.poles or relation.needs)
    if bare or not all(stands(reading, unit, clause, anchors, relation, names) for names in relation.needs):
        found.append(
            finding(reading, relation.rule, relates(reading, relation), anchors[0].start, clause.end)
        )
    return found


def _within(reading: Reading, kind: str, span: Span, whole: Span) -> Span:
    """Where a slot is looked for: a clause without a study speaks of the one named before it."""
    if kind != _STUDY or _members(reading, span, kind):
        return span
    named = _members(reading, whole, kind)
    return whole if len({one.name for one in named}) == 1 and named[0].start < span[0] else span


def _object_from(reading: Reading, anchor: Mark, start: int) -> int:
    """Where the object of a sign begins: behind it, if a preposition follows, and else anywhere."""
    following = reading.words_in(anchor.end, anchor.end + _BEFORE)[:1]
    return anchor.start if following and following[0].text in _PREPOSITIONS else start


def _anchors(reading: Reading, unit: Unit, clause: Clause, relation: Relation) -> list[Mark]:
    """The signs of a clause that call a record up: affirmed, and no part of a study's name."""
    anchors = [
        one
        for one in reading.find((clause.start, clause.end), relation.about[0])
        if not in_study(reading, one) and not reading.negated(one, clause)
    ]
    if not anchors:
        wanted = set(relation.about[0])
        anchors = [one for one in _carried(reading, unit, clause) if reading.is_named(one, wanted)]
    if relation.opening:
        anchors = [one for one in anchors if not _words_before(reading, clause, one)]
    return anchors


def _words_before(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether a word of the clause stands before a sign."""
    return any(word.text.isalnum() for word in reading.words_in(clause.start, mark.start))


def _carried(reading: Reading, unit: Unit, clause: Clause) -> list[Mark]:
    """The one study that a clause of its own pronoun goes back to ("x is y, and it covers z")."""
    words = [word.text for word in reading.words_in(clause.start, clause.end) if word.text.isalpha()]
    opening = next((one for one in words if one not in _CONJUNCTIONS), "")
    if opening not in _PRONOUNS or reading.studies((clause.start, clause.end)):
        return []
    begin = unit.start
    if not reading.studies((unit.start, clause.start)):
        place = reading.units.index(unit)
        before = reading.units[place - 1] if place else unit
        begin = before.start if before.block == unit.block else unit.start  # "X is y. It covers z."
    named = [
        one
        for one in reading.studies((begin, clause.start))
        if reading.know.speaks_of_study(one.name) and not reading.negated(one)
    ]
    return named if len({one.name for one in named}) == 1 else []


def _is_asked(reading: Reading, mark: Mark) -> bool:
    """Whether the words are the user's, in whatever form ("frailty" of somebody who is "frail")."""
    said, asked = reading.text.lower[mark.start : mark.end], reading.question.lower()
    if said in asked:
        return True
    words = [word.text for word in words_of(asked) if len(word.text) >= _ROOT]
    return len(said) >= _ROOT and any(said.startswith(word) or word.startswith(said) for word in words)


def _wrong(
    reading: Reading,
    span: Span,
    kind: str,
    allowed: tuple[str, ...],
    anchors: list[Mark],
    *,
    strict: bool,
) -> Mark | None:
    """The member of the set that has no place in the slot, unless one that has stands there by itself."""
    members = [one for one in _members(reading, span, kind) if not _overlaps(one, anchors)]
    fitting = [one for one in members if _fits(reading, kind, one, allowed)]
    right = [one for one in fitting if not reading.negated(one)]
    wrong = [one for one in members if one not in fitting and not reading.negated(one)]
    wrong = [one for one in wrong if not _adds_told(reading, one)]
    if not right or strict:
        return wrong[0] if wrong else None
    return next((one for one in wrong if any(_joined(reading, one, other) for other in right)), None)


def _adds_told(reading: Reading, mark: Mark) -> bool:
    """Whether it is only set beside the rest, of what the user told ("the chest as well as the ribs" that hurt)."""
    before = [word.text for word in reading.words_in(*reading.just_before(mark, _BEFORE))]
    said = reading.text.lower[mark.start : mark.end].rstrip("s")
    return any(before[n : n + 3] == _BESIDE for n in range(len(before))) and said in reading.question.lower()


def _members(reading: Reading, span: Span, kind: str) -> list[Mark]:
    if kind == _STUDY:
        return [
            one
            for one in reading.studies(span)
            if reading.know.speaks_of_study(one.name)
            and not reading.has(reading.just_before(one, _BEFORE), _COMPARED)
            and not any(
                mark.start <= one.end + 3 for mark in reading.find((one.end, one.end + 14), (_NAMES,))
            )
        ]
    found = [
        one
        for one in reading.find(span, reading.know.claims.kinds.get(kind, ()))
        if not in_study(reading, one) and not in_finding(reading, one)
    ]
    # "bone marrow" is no bone: the longest reading at a place counts.
    return [
        one
        for one in found
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in found
        )
    ]


def _fits(reading: Reading, kind: str, mark: Mark, allowed: tuple[str, ...]) -> bool:
    if kind == _STUDY:
        return any(reading.know.same(mark.name, name) for name in allowed)
    return reading.is_named(mark, set(allowed))


def _overlaps(mark: Mark, others: list[Mark]) -> bool:
    return any(one.start < mark.end and mark.start < one.end for one in others)


def _joined(reading: Reading, one: Mark, other: Mark) -> bool:
    first, second = (one, other) if one.start <= other.start else (other, one)
    between = {word.text for word in reading.words_in(first.end, second.start)}
    return between <= _JOINTS
