"""What the learned judge is not asked: sentences that the other rules have compared with the records, piece by piece.

A likeness knows less than a record. What is left here says one of a few things whose truth is data: whom the
guidance is for, what the user told, what follows upon a result, what one statement relates.
"""

from __future__ import annotations

from itertools import pairwise

from assistant.guard import labelled, relations, steps
from assistant.guard.knowledge import Knowledge
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Settling
from assistant.guard.units import Clause, Span, Unit

_SCOPE = ("in-scope", "not-in-scope")
_TELLING = ("guidance", "attribution", "speak", "told-as")
_PUTS = ("advice", "put-forward", "appropriateness-rating")
SECTIONS = ("faq-cue", "section-cue", "pitfall")
_WHERE = (*_TELLING, *SECTIONS, "mentioned-often", "multiple")
_CLAIMING = ("appropriateness-rating", "advice", "put-forward", "negator", "own-patient")
_DENIED = 2  # words behind a negator that it denies
_LEAST_TOLD = 3  # content words from which a sentence says something of a statement
_PLACE = 40  # characters about a name in which the cue that holds it may begin
#: After a comma these join another sentence.
_JOINING = frozenset({"and", "but", "so", "while", "whereas", "yet"})
_SENTENCE = 3  # words that a sentence has at least
_STATES = ("advice", "put-forward", "in-scope", "not-in-scope", "appropriateness-rating")


def is_settled(reading: Reading, unit: Unit) -> bool:
    """Whether the records have settled what a unit says, or it says nothing of the guideline."""
    return (
        _announces(reading, unit)
        or _is_silent_on_others(reading, unit)
        or _refers_on(reading, unit)
        or _tells_where(reading, unit)
        or _classifies(reading, (unit.start, unit.end))
        or _retells(reading, unit)
        or _tells_scope(reading, unit)
        or steps.are_placed(reading, unit)
        or labelled.is_settled(reading, unit)
        or _is_told(reading, unit)
        or _is_recorded(reading, unit, (unit.start, unit.end))
        or all(_is_recorded(reading, unit, span) for span in _parts(reading, unit))
    )


def _is_recorded(reading: Reading, unit: Unit, span: Span) -> bool:
    """Whether the records say all that a stretch of a unit says."""
    return (
        relations.tell(reading, unit, span)
        or _sorts(reading, span)
        or _admits(reading, span)
        or _classifies(reading, span)
    )


def _parts(reading: Reading, unit: Unit) -> list[Span]:
    """The sentences that a sentence joins ("x is a, and y is b"), or itself."""
    words = reading.words_in(unit.start, unit.end)
    cuts = [
        word.start
        for word, after in pairwise(words)
        if word.text == ";" or (word.text == "," and after.text in _JOINING)
    ]
    begins = [unit.start, *cuts]
    parts = list(zip(begins, [*cuts, unit.end], strict=True))
    whole = all(sum(one.text.isalpha() for one in reading.words_in(*part)) >= _SENTENCE for part in parts)
    return parts if whole else [(unit.start, unit.end)]


def _admits(reading: Reading, span: Span) -> bool:
    """Whether a sentence only says that this patient belongs, which the rule `scope` has decided."""
    sides = reading.find(span, ("in-scope",))
    if not sides or not reading.has(span, ("this-one", "own-patient", "patient-cue")):
        return False
    if reading.studies(span) or reading.has(span, (*_PUTS, "negator", "not-in-scope", "condition")):
        return False
    named = [mark for mark in reading.within(*span) if mark.concept]
    return all(is_neutral(reading.know, mark.name) for mark in named) and not _rest(
        reading, span, ("in-scope", "this-one", "own-patient", "patient-cue", "guidance", "entry-cue")
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
    if not reading.has(span, _TELLING) or not reading.has(span, SECTIONS) or reading.has(span, _CLAIMING):
        return False
    named = {mark.name for mark in reading.within(*span) if mark.concept and mark.name not in SECTIONS}
    named = named or _asked_topics(reading, unit)
    return len(named) == 1 and named <= reading.know.source_concepts and not _rest(reading, span, _WHERE)


def _asked_topics(reading: Reading, unit: Unit) -> set[str]:
    """What a sentence that names nothing goes back to: the one thing that the question asks of."""
    if not reading.starts_with_pronoun(unit) or unit is not reading.units[0]:
        return set()
    return {mention.concept for mention in reading.know.find(reading.question)} & reading.know.source_concepts


def _classifies(reading: Reading, span: Span) -> bool:
    """Whether a sentence only puts a thing under its own kind ("a lone focus belongs to the equivocal group")."""
    know = reading.know
    if reading.has(span, (*_CLAIMING, "hedge")):
        return False
    marks = [mark for mark in reading.within(*span) if mark.concept]
    above = {name for mark in marks for name in know.lineage(mark.name) - {mark.name}}
    told = [mark for mark in marks if mark.name in above or not is_neutral(know, mark.name)]
    return (_are_kin(know, marks) or _are_kin(know, told)) and not _rest(reading, span, ())


def _are_kin(know: Knowledge, marks: list[Mark]) -> bool:
    """Whether all of several names are one thing and its kinds."""
    names = {mark.name for mark in marks}
    return len({mark.start for mark in marks}) > 1 and any(
        all(one in know.lineage(other) for one in names) for other in names
    )


def _rest(reading: Reading, span: Span, cues: tuple[str, ...]) -> frozenset[str]:
    """What a stretch speaks of beside the things that it names and words that only frame them."""
    know = reading.know
    marks = [mark for mark in reading.within(*span) if mark.concept or mark.name in cues]
    words = [
        word
        for word in reading.words_in(*span)
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
    people = (
        *_people(reading.know),
        *reading.know.claims.population.with_outside,
        "entry-condition",
    )
    spans = [span, *reading.above(unit)] if unit.kind in ("item", "cell") else [span]
    told = any(reading.has(one, ("guidance",)) for one in spans) and any(
        reading.has(one, _SCOPE) for one in spans
    )
    return told and (
        reading.has(span, people) or (unit.kind == "item" and reading.has(span, ("entry-item",)))
    )


def _people(know: Knowledge) -> tuple[str, ...]:
    """All of whom the records say on which side of the guidance they stand, whatever else is true of them."""
    population = know.claims.population
    return (
        *population.inside,
        *population.outside,
        *population.never_outside,
        *(name for names in population.never for name in names),
    )


def _sorts(reading: Reading, span: Span) -> bool:
    """Whether a sentence only says that such people are in or out ("only A is in scope, so B is out").

    Without a word for the guidance, nothing else may stand in it: no study, no advice, nothing that is denied.
    """
    know = reading.know
    sides = reading.find(span, _SCOPE)
    if not sides or reading.studies(span) or reading.has(span, _PUTS):
        return False
    if any(
        not any(one.start <= cue.start and cue.end <= one.end for one in sides)
        for cue in reading.find(span, ("negator",))
    ):
        return False
    people = (*_people(know), *know.claims.population.wanted)
    named = [mark for mark in reading.within(*span) if mark.concept]
    sorted_ = [mark for mark in named if not know.lineage(mark.name).isdisjoint(people)]
    return (
        bool(sorted_)
        and all(mark in sorted_ or is_neutral(know, mark.name) for mark in named)
        and not _rest(reading, span, (*_SCOPE, *people, "guidance", "only-study", "only-after"))
    )
