"""Rules `scope` and `polarity`: which option is put first for which picture."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "scope"
_COMPARED = 6  # characters before a study in which "than" may stand


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check which option is put first for which picture."""
    found: list[Finding] = []
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
        if not studies:
            continue
        pictures = [(clause.start, clause.end)]
        if unit.label is not None:
            pictures.append(unit.label)
        for choice in reading.know.claims.choices:
            if not all(any(reading.has(span, names) for span in pictures) for names in choice.when):
                continue
            if choice.without and any(reading.has(span, choice.without) for span in pictures):
                continue
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
                and not above
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
