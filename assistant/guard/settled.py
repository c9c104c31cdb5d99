"""What the learned judge is not asked: sentences that the other rules have compared with the records, piece by piece.

A likeness knows less than a record. What is left here says one of a few things whose truth is data: whom the
guidance is for, what the user told, what follows upon a result, what one statement relates.
"""

from __future__ import annotations

from assistant.guard import labelled, relations, steps
from assistant.guard.knowledge import Knowledge
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Settling
from assistant.guard.units import Clause, Unit

_SCOPE = ("in-scope", "not-in-scope")
_TELLING = ("guidance", "attribution", "speak", "told-as")
_PUTS = ("advice", "put-forward", "appropriateness-rating")
_SECTIONS = ("faq-cue", "section-cue", "pitfall")
_WHERE = (*_TELLING, *_SECTIONS, "mentioned-often", "multiple")
_CLAIMING = ("appropriateness-rating", "advice", "put-forward", "negator", "own-patient")
_DENIED = 2  # words behind a negator that it denies
_LEAST_TOLD = 3  # content words from which a sentence says something of a statement
_PLACE = 40  # characters about a name in which the cue that holds it may begin
_STATES = ("advice", "put-forward", "in-scope", "not-in-scope", "appropriateness-rating")


def is_settled(reading: Reading, unit: Unit) -> bool:
    """Whether the records have settled what a unit says, or it says nothing of the guideline."""
    return (
        _announces(reading, unit)
        or _is_silent_on_others(reading, unit)
        or _refers_on(reading, unit)
        or _tells_where(reading, unit)
        or _classifies(reading, unit)
        or _retells(reading, unit)
        or _tells_scope(reading, unit)
        or steps.are_placed(reading, unit)
        or labelled.is_settled(reading, unit)
        or _is_told(reading, unit)
        or relations.tell(reading, unit)
    )


def is_neutral(know: Knowledge, concept: str) -> bool:
    """Whether a concept names nothing that a text could be silent on (a phase, a result, a kind of thing)."""
    found = know.vocabulary.concepts.get(concept)
    claims = know.claims
    return found is None or found.kind in claims.neutral_kinds or concept in claims.neutral_concepts


def _announces(reading: Reading, unit: Unit) -> bool:
    """Whether a lead-in only says that the text lists what follows; the list is judged, item by item."""
    text = reading.text.lower[unit.start : unit.end].rstrip("*_ ")
    if not text.endswith(":") or not reading.below(unit):
        return False
    clauses = [one for one in reading.clauses_of(reading.units.index(unit)) if not _is_sign(reading, one)]
    return all(reading.has((one.start, one.end), _TELLING) for one in clauses)


def _is_sign(reading: Reading, clause: Clause) -> bool:
    return not any(char.isalnum() for char in reading.text.lower[clause.start : clause.end])


def _is_silent_on_others(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence only says that the text is silent on things that it does not name."""
    know = reading.know
    clauses = reading.clauses_of(reading.units.index(unit))
    if not all(_is_sign(reading, one) or reading.silent_clause(one) for one in clauses):
        return False
    if reading.has((unit.start, unit.end), _PUTS):
        return False
    named = {mark.name for mark in reading.within(unit.start, unit.end) if mark.concept}
    foreign = {one for one in named if one not in know.source_concepts and not is_neutral(know, one)}
    return bool(foreign) and all(
        one in foreign or is_neutral(know, one) or know.is_study(one) for one in named
    )


def _refers_on(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence only sends the reader to somebody or something else, and names nothing of the matter."""
    span = (unit.start, unit.end)
    return (
        reading.has(span, ("refers-on",))
        and not reading.has(span, ("appropriateness-rating", "negator", "in-scope"))
        and not any(
            mark.concept and not is_neutral(reading.know, mark.name) and not _is_place(reading, mark)
            for mark in reading.within(*span)
        )
    )


def _tells_where(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence only tells where the text speaks of something ("x comes up in the pitfalls")."""
    span = (unit.start, unit.end)
    if not reading.has(span, _TELLING) or not reading.has(span, _SECTIONS) or reading.has(span, _CLAIMING):
        return False
    named = {mark.name for mark in reading.within(*span) if mark.concept and mark.name not in _SECTIONS}
    return len(named) == 1 and named <= reading.know.source_concepts and not _rest(reading, unit, _WHERE)


def _classifies(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence only puts a thing under its own kind ("a lone focus belongs to the equivocal group")."""
    span = (unit.start, unit.end)
    if reading.has(span, (*_CLAIMING, "hedge")):
        return False
    marks = [mark for mark in reading.within(*span) if mark.concept]
    names = {mark.name for mark in marks}
    places = {mark.start for mark in marks}
    kin = any(all(one in reading.know.lineage(other) for one in names) for other in names)
    return kin and len(places) > 1 and not _rest(reading, unit, ())


def _rest(reading: Reading, unit: Unit, cues: tuple[str, ...]) -> frozenset[str]:
    """What a unit speaks of beside the things that it names and words that only frame them."""
    know = reading.know
    marks = [mark for mark in reading.within(unit.start, unit.end) if mark.concept or mark.name in cues]
    words = [
        word
        for word in reading.words_in(unit.start, unit.end)
        if not any(one.start <= word.start < one.end for one in marks)
        and word.text not in know.claims.numbers
    ]
    frames = know.content_keys(" ".join(know.claims.cues.get("frames-it", ())))
    return frozenset(key for key in know.evidence.keys(words, ()) - frames)


def _is_told(reading: Reading, unit: Unit) -> bool:
    """Whether each clause is silent on something, or in nothing but words of statements that records compare.

    Words of the user count too, and those that only frame ("the text lists").
    """
    clauses = [one for one in reading.clauses_of(reading.units.index(unit)) if not _is_sign(reading, one)]
    told = [one for one in clauses if not reading.silent_clause(one)]
    return any(_is_told_by(reading, told, record) for record in reading.know.claims.settling)


def _is_told_by(reading: Reading, clauses: list[Clause], record: Settling) -> bool:
    know = reading.know
    keys = know.evidence.of(record.statements) | know.content_keys(" ".join(record.words))
    frames = [*know.claims.cues.get("frames-it", ()), *know.claims.cues.get("listing", ())]
    other = know.content_keys(" ".join(frames)) | know.content_keys(reading.question)
    count = 0
    for clause in clauses:
        for cue in reading.find((clause.start, clause.end), ("negator",)):
            after = [word.text for word in reading.words_in(cue.end, clause.end)[:_DENIED]]
            if set(after).isdisjoint(record.negated):
                return False
        named = [
            mark
            for mark in reading.within(clause.start, clause.end)
            if mark.concept and any(f"#{name}" in keys for name in know.lineage(mark.name))
        ]
        for word in reading.words_in(clause.start, clause.end):
            own = know.evidence.keys([word], ())
            if not own or word.text in know.claims.numbers or word.text.isdecimal():
                continue
            stands = own <= keys or any(one.start <= word.start < one.end for one in named)
            if not stands and not own <= other:
                return False
            count += stands
    return count >= _LEAST_TOLD


def _is_place(reading: Reading, mark: Mark) -> bool:
    """Whether a name is part of what the reader is sent to ("your nuclear medicine department")."""
    cues = reading.find((max(0, mark.start - _PLACE), mark.end + _PLACE), ("refers-on",))
    return any(one.start <= mark.start and mark.end <= one.end for one in cues)


def _retells(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence only tells the user's own patient back in the user's words."""
    own = reading.has((unit.start, unit.end), ("own-patient",)) or _is_story(reading, unit)
    if not own or reading.has((unit.start, unit.end), _STATES):
        return False
    if reading.studies((unit.start, unit.end)):
        return False
    know = reading.know
    asked = know.content_keys(reading.question)
    named = [mark for mark in reading.within(unit.start, unit.end) if mark.concept]
    if not named or not all(
        f"#{mark.name}" in asked or know.content_keys(reading.text.lower[mark.start : mark.end]) <= asked
        for mark in named
    ):
        return False
    rest = "".join(
        char if not any(m.start <= place < m.end for m in named) else " "
        for place, char in enumerate(reading.text.lower[unit.start : unit.end], unit.start)
    )
    told = know.content_keys(" ".join(know.claims.cues.get("tells-of", ())))
    return know.content_keys(rest) <= asked | told


def _is_story(reading: Reading, unit: Unit) -> bool:
    """Whether a unit stands under a label for the patient's story ("Background: ...", the "S" of an SBAR)."""
    if unit.label is None:
        return False
    label = reading.text.lower[slice(*unit.label)].strip(" *_:.-")
    return label in reading.know.claims.cues.get("story-label", ())


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
        "entry-condition",
        *(name for names in population.never for name in names),
    )
    spans = [span, *reading.above(unit)] if unit.kind in ("item", "cell") else [span]
    told = any(reading.has(one, ("guidance",)) for one in spans) and any(
        reading.has(one, _SCOPE) for one in spans
    )
    return told and (
        reading.has(span, people) or (unit.kind == "item" and reading.has(span, ("entry-item",)))
    )
