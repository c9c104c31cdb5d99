"""Rules `scope` and `polarity`: which option is put first for which picture."""

from __future__ import annotations

from assistant.guard import labelled
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Choice
from assistant.guard.units import Clause, Span, Unit
from assistant.types import Finding

RULE = "scope"
_SHORT = 8  # words of a question that only names a picture
_SEVERAL = 2
#: Behind "alone", words that only approve.
_ENOUGH = frozenset(
    {
        "will",
        "do",
        "is",
        "enough",
        "suffices",
        "sufficient",
        "fine",
        "please",
        "first",
        "adequate",
        "would",
        "should",
    }
)
_NOT_ALONE = ("negator", "insufficient-cue", "alone-insufficient", "not-enough-alone", "than", "unlike", "condition",
              "silence", "avoid")  # fmt: skip
_COMPARED = 6  # characters before a study in which "than" may stand


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check which option is put first for which picture."""
    found: list[Finding] = _alone(reading, context)
    for clause in reading.clauses:
        unit = reading.units[clause.unit]
        if unit.question or unit.kind == "header":
            continue
        first = [
            m
            for m in reading.find((clause.start, clause.end), ("first-choice",))
            if not reading.negated(m, clause)
        ]
        above = (
            unit.kind in ("cell", "item")
            and unit.column is not None
            and (reading.has(unit.column, ("first-choice", "initial")) or reading.says_first(unit.column))
        )
        if not first and not above:
            found += _paired(reading, unit, clause)
            continue
        if any(
            reading.know.rating_names.get(m.name) in _low(reading)
            for m in reading.within(clause.start, clause.end)
        ):
            continue  # "rated low as a first-line screen"
        studies = [
            m
            for m in reading.studies((clause.start, clause.end))
            if reading.know.options_for(m.name)
            and not reading.has(reading.just_before(m, _COMPARED), ("than",))
        ]
        carried = not studies and bool(first)
        if carried:  # "... is named. The text calls it the first choice."
            studies = [one for one in reading.subject(clause, first[0].start) if one.start < one.end]
        if not studies:
            continue
        pictures = [(clause.start, clause.end)]
        if unit.label is not None:
            pictures.append(unit.label)
        pictures += _before(reading, clause)
        for choice in _for_picture(reading, clause, pictures, context):
            head = studies[:1] if above else _nearest(reading, studies, first[0])
            for study in head:
                ids = {option.id for option in reading.know.options_for(study.name)}
                if ids.isdisjoint(choice.options):
                    found.append(
                        finding(
                            reading,
                            "polarity",
                            "the guideline puts another study first here",
                            study.start,
                            study.end,
                        )
                    )
            break
        else:
            if (
                first
                and context.preferred
                and not (above or carried)
                and not reading.has((unit.start, unit.end), ("condition",))
                and not _under_finding(reading, unit)
            ):
                for study in _nearest(reading, studies, first[0]):
                    ids = {option.id for option in reading.know.options_for(study.name)}
                    if ids.isdisjoint(context.preferred) and not reading.has(
                        (clause.start, clause.end), ("combined",)
                    ):
                        found.append(
                            finding(reading, RULE, "the guideline puts another study first for this patient",
                                    study.start, study.end)
                        )  # fmt: skip
    return found


def _alone(reading: Reading, context: GuardContext) -> list[Finding]:
    """One study put forward alone, where the text puts several others before it for this patient."""
    if len(context.preferred) < _SEVERAL:
        return []
    found: list[Finding] = []
    for clause in reading.clauses:
        unit = reading.units[clause.unit]
        whole = (unit.start, unit.end)
        if unit.question or unit.kind not in ("sentence", "item") or reading.has(whole, _NOT_ALONE):
            continue
        for study in reading.studies((clause.start, clause.end)):
            ids = {option.id for option in reading.know.options_for(study.name)}
            sign = next(iter(reading.find((study.end, clause.end), ("only-after", "bone-scan-alone"))), None)
            if sign is None or not ids or not ids.isdisjoint(context.preferred):
                continue
            rest = {word.text for word in reading.words_in(sign.end, clause.end) if word.text.isalpha()}
            if not reading.words_in(study.end, sign.start) and rest <= _ENOUGH:
                message = "the guideline does not put this study forward alone for this patient"
                found.append(finding(reading, RULE, message, study.start, sign.end))
    return found


def _for_picture(
    reading: Reading, clause: Clause, pictures: list[Span], context: GuardContext
) -> list[Choice]:
    """The choice for the picture that a clause tells, or else that a short question without a patient tells."""
    for choice in reading.know.claims.choices:
        if all(any(reading.has(span, names) for span in pictures) for names in choice.when) and not any(
            reading.has(span, choice.without) for span in pictures
        ):
            return [choice]
    unit = reading.units[clause.unit]
    asked = reading.question
    told_here = _under_finding(reading, unit) or reading.has((unit.start, unit.end), ("condition",))
    if context.preferred or clause.unit or told_here or len(asked.split()) > _SHORT:
        return []
    know = reading.know
    for choice in know.claims.choices:
        told = all(any(know.mentions(asked, name) for name in names) for names in choice.when)
        if told and not any(know.mentions(asked, name) for name in choice.without):
            return [choice]
    return []


def _before(reading: Reading, clause: Clause) -> list[Span]:
    """The clause just before in the sentence, if it only tells a picture ("bone only -> x first")."""
    own = [one for one in reading.clauses_of(clause.unit) if one.end <= clause.start]
    span = (own[-1].start, own[-1].end) if own else (clause.start, clause.start)
    return [] if reading.studies(span) or not reading.opens_with(clause.start, ";:") else [span]


def _paired(reading: Reading, unit: Unit, clause: Clause) -> list[Finding]:
    """Studies that stand beside a picture, in a cell or behind a label, where the text puts others."""
    found: list[Finding] = []
    for mark in reading.studies((clause.start, clause.end)):
        options = {option.id for option in reading.know.options_for(mark.name)}
        labels = labelled.labels_of(reading, unit, mark) if options else []
        if reading.negated(mark, clause) or any(labelled.puts_down(reading, one) for one in labels):
            continue
        for choice in reading.know.claims.choices:
            told = all(any(reading.has(span, names) for span in labels) for names in choice.when)
            if not told or any(reading.has(span, choice.without) for span in labels):
                continue
            if choice.exclusive and options.isdisjoint(choice.options):
                message = "the guideline puts another study first here"
                found.append(finding(reading, "polarity", message, mark.start, mark.end))
            break
    return found


def _under_finding(reading: Reading, unit: Unit) -> bool:
    """Whether the label of a unit sets the finding that it is said of ("Normal: ...")."""
    facts = reading.know.claims.patient_facts
    return unit.label is not None and any(word.text in facts for word in reading.words_in(*unit.label))


def _low(reading: Reading) -> set[str]:
    """The ratings of the options that are not appropriate."""
    return {option.rating for option in reading.know.guideline.options if not option.appropriate}


def _nearest(_reading: Reading, studies: list[Mark], cue: Mark) -> list[Mark]:
    before = [study for study in studies if study.end <= cue.start]
    return before[-1:] if before else studies[:1]
