"""Rule `scope`: no recommendation where the guidance does not apply, and no population but the text's."""

from __future__ import annotations

from assistant.guard import asked, bonds, choices, chosen, labelled, outside, population, resolved
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Unit
from assistant.types import Finding

RULE = "scope"
_ABOUT_GUIDANCE = ("guidance", "in-scope", "not-in-scope")


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check population statements, and recommendations against the scope decision."""
    found = population.check(reading)
    asked_outside = reading.know.claims.population.asked_outside
    if context.verdict == "does_not_apply":
        found += [] if asked.is_long_known(reading) else _excluded(reading, context)
    elif context.verdict == "needs_information":
        found += _undecided(reading, context)
    elif context.verdict == "applies":
        found += _denied(reading)
    elif (
        any(reading.know.mentions(context.question, name) for name in asked_outside)
        and not outside.is_said(reading)
        and not any(reading.silent(unit) for unit in reading.units)
    ):
        # The question was not read as a patient's, but it names what puts a patient outside.
        found += _excluded(reading, context)
    found += choices.check(reading, context)
    return found


def _recommendations(reading: Reading, context: GuardContext, *, strong: bool) -> list[Mark]:
    """Rated options that are put forward without a condition."""
    found: list[Mark] = []
    appropriate = {option.rating for option in reading.know.guideline.options if option.appropriate}
    for unit in reading.units:
        if unit.question or unit.kind == "header" or reading.repeats(unit):
            continue
        if any(reading.has(span, ("condition", "in-scope-only")) for span in reading.above(unit)):
            continue
        if asked.fits_own_patient(reading, unit):
            continue
        for clause in reading.clauses_of(reading.units.index(unit)):
            if _conditional(reading, unit, clause):
                continue
            for study in reading.studies((clause.start, clause.end)):
                options = reading.know.options_for(study.name)
                if not any(option.appropriate for option in options):
                    continue
                span = (clause.start, clause.end)
                told = span if reading.text.lower[clause.end - 1 : clause.end + 1].find("(") < 0 else (
                    clause.start, unit.end
                )  # fmt: skip
                ratings = [
                    mark
                    for mark in reading.within(*told)
                    if reading.know.rating_names.get(mark.name) in appropriate
                    and not reading.negated(mark, clause)
                ]
                advice = [
                    mark
                    for mark in reading.find(
                        span, ("advice",) if strong else ("put-forward", "initial", "advice")
                    )
                    if not reading.negated(mark, clause)
                ]
                above = any(
                    reading.has(one, ("advice", "list-of-choices"))
                    and not reading.has(one, ("not-recommended", "avoid"))
                    for one in reading.above(unit)
                )
                if reading.negated(study, clause) or reading.has(span, ("not-in-scope",)):
                    continue
                if advice or above or (ratings and not strong):
                    found.append(study)
    return found if strong else [*found, *_rated_elsewhere(reading, appropriate, context)]


def _rated_elsewhere(reading: Reading, appropriate: set[str], context: GuardContext) -> list[Mark]:
    """Ratings that put forward studies named in another clause ("x, y or z: each of them is R for this patient")."""
    found: list[Mark] = []
    for number, unit in enumerate(reading.units):
        span = (unit.start, unit.end)
        if unit.question or unit.kind == "header" or reading.repeats(unit):
            continue
        if asked.fits_own_patient(reading, unit) or reading.has(span, ("not-in-scope",)):
            continue
        for bond in bonds.find_bonds(reading, number, unit, bonds.ratings_in(reading, span), context):
            clause = reading.clause_at(bond.rating.start)
            if clause is None or bond.denied or _conditional(reading, unit, clause):
                continue
            if reading.know.rating_names.get(bond.rating.name) in appropriate:
                found.append(bond.rating)
    return found


def _conditional(reading: Reading, unit: Unit, clause: Clause, *, after: bool = True) -> bool:
    """Whether it is said under a condition, or as one branch of the answer to a question in the draft."""
    span = (unit.start, unit.end)
    if reading.has(span, ("even-so",)):
        return False
    if reading.has((unit.start, clause.end), ("condition", "in-scope-only")):
        return True
    for mark in reading.find((clause.end, unit.end), ("condition", "in-scope-only")) if after else ():
        before = [word.text for word in reading.words_in(max(clause.start, mark.start - 8), mark.start)]
        others = reading.studies((clause.end, mark.start))
        if others and not any(reading.know.options_for(one.name) for one in others):
            continue  # "do this, with that to follow if ...": the condition is that other study's
        if before[-1:] != ["and"]:  # "do this, and if that ..." sets no condition for this
            return True
    number = reading.units.index(unit)
    asked = max((place for place, other in enumerate(reading.units[:number]) if other.question), default=-1)
    if not reading.has(span, ("branch",)) or (asked < 0 and not (unit.kind == "item" and clause.unit > 1)):
        return False
    return asked < 0 or _has_both_branches(reading, asked + 1)


def _has_both_branches(reading: Reading, begin: int) -> bool:
    """Whether a question is answered with yes and with no: with the one alone, it is an answer and no branch."""
    signs: set[str] = set()
    for unit in reading.units[begin:]:
        if unit.question:
            break
        for mark in reading.find((unit.start, unit.end), ("branch",)):
            signs.add(reading.text.lower[mark.start : mark.end].split()[0].strip(":;,"))
    return len(signs) > 1


def _excluded(reading: Reading, context: GuardContext) -> list[Finding]:
    says_so = outside.is_said(reading)
    offered = _recommendations(reading, context, strong=says_so)
    offered += [] if says_so else [*_approvals(reading), *_bare_answers(reading)]
    message = "the guidance does not apply to this patient; no study can be recommended from it"
    found = [finding(reading, RULE, message, mark.start, mark.end) for mark in offered[:3]]
    for mark in reading.marks:
        if mark.name == "in-scope" and not found and not _means_else(reading, mark):
            clause = reading.clause_at(mark.start)
            unit = reading.units[clause.unit] if clause is not None else None
            if clause is None or unit is None or unit.question or reading.negated(mark, clause):
                continue
            if unit.kind == "header":
                continue
            if _conditional(reading, unit, clause, after=False):
                continue
            if reading.has((clause.start, clause.end), ("not-in-scope",)) or _describes(reading, unit, mark):
                continue
            if not says_so and not _is_of_study(reading, clause, mark):
                found.append(finding(reading, RULE, message, mark.start, mark.end))
    return found


def _is_of_study(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether the word is said of a study, and not of the guidance ("the MRI it names is for pain that ...")."""
    studies = reading.studies((clause.start, mark.start))
    guidance = reading.find((clause.start, mark.start), _ABOUT_GUIDANCE)
    return bool(studies) and not (guidance and guidance[0].start < studies[0].start)


def _approvals(reading: Reading) -> list[Mark]:
    """Approval without a study's name ("still fine to order"): the study is that of the question."""
    return [
        mark
        for clause in reading.clauses
        if not reading.units[clause.unit].question
        and not _conditional(reading, reading.units[clause.unit], clause, after=False)
        for mark in reading.find((clause.start, clause.end), ("go-ahead",))
        if not reading.negated(mark, clause) and not reading.silent(reading.units[clause.unit])
    ]


def _bare_answers(reading: Reading) -> list[Mark]:
    """Rated options that are all of the answer to a question for the study, the user's or the draft's own."""
    know = reading.know
    return [
        study
        for question, unit in resolved.answered(reading)
        if chosen.is_bare(reading, unit)
        and not any(know.mentions(resolved.last_question(question), one) for one in labelled.ASKS_OTHER)
        for study in reading.studies((unit.start, unit.end))
        if any(option.appropriate for option in know.options_for(study.name))
    ]


def _describes(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether it is told whom the guidance is for, in general, and not of this patient."""
    near = (mark.start, min(unit.end, mark.end + 24))
    if _sets_apart(reading, unit, mark):
        return True
    if reading.has((unit.start, unit.end), ("this-one",)):
        return False
    return reading.has(near, ("of-people",)) or _is_of_others(reading, mark)


def _sets_apart(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether those like the question's are named only against those who are in ("A is in, and here it is B")."""
    others = reading.find((unit.start, unit.end), reading.know.claims.population.outside)
    return bool(others) and all(population.is_set_against(reading, mark.end, one) for one in others)


def _is_of_others(reading: Reading, mark: Mark) -> bool:
    """Whether those whom the guidance is for are named, and are no such people as the question's ("only A is in")."""
    people = reading.know.claims.population
    clause = reading.clause_at(mark.start)
    if clause is None:
        return False
    whole = (reading.units[clause.unit].start, reading.units[clause.unit].end)
    if reading.has(whole, people.outside) and not reading.has(whole, ("not-in-scope",)):
        return False  # "A is in, and so is B"
    named = [one for one in people.wanted if reading.has((clause.start, clause.end), (one,))]
    return bool(named) and not any(reading.know.mentions(reading.question, one) for one in named)


def _means_else(reading: Reading, mark: Mark) -> bool:
    """Whether the word speaks of no scope ("fits with flare"), or what follows denies it ("scope: not met")."""
    near = (mark.start, mark.end + 24)
    return reading.has(near, ("fits-with",)) or reading.has((mark.end, mark.end + 24), ("negator", "unmet"))


def _undecided(reading: Reading, context: GuardContext) -> list[Finding]:
    """A fact is missing: a recommendation needs a condition or a question beside it."""
    fixed = [mark for mark in reading.marks if mark.name == "either-way"]
    open_ = not fixed and (
        any(unit.question for unit in reading.units)
        or any(mark.name in ("condition", "in-scope-only", "not-in-scope", "asks") for mark in reading.marks)
    )
    if open_:
        return []
    enough = reading.know.claims.population.enough
    outside = any(
        reading.know.mentions(reading.question, one) for one in reading.know.claims.population.asked_outside
    )
    if (
        enough
        and not outside
        and all(any(reading.know.mentions(reading.question, one) for one in names) for names in enough)
    ):
        return []  # what is left out goes without saying between colleagues
    message = "a fact that decides is not known; the draft recommends without asking for it"
    return [
        finding(reading, RULE, message, mark.start, mark.end)
        for mark in _recommendations(reading, context, strong=not fixed and not outside)[:2]
    ]


def _denied(reading: Reading) -> list[Finding]:
    """The guidance applies: the draft must not turn the patient away."""
    found: list[Finding] = []
    for mark in reading.marks:
        if mark.name != "not-in-scope" and not outside.denies(reading, mark):
            continue
        clause = reading.clause_at(mark.start)
        if clause is None:
            continue
        unit = reading.units[clause.unit]
        near = (max(unit.start, mark.start - 60), mark.start)
        if unit.question or reading.has((unit.start, unit.end), ("condition", "not-this-patient")):
            continue
        if reading.has(near, ("negator",)) and mark.name == "not-in-scope" and reading.negated(mark, clause):
            continue
        if reading.silent(unit) and not reading.has((unit.start, unit.end), ("guidance",)):
            continue
        found.append(finding(reading, RULE, "the guidance applies to this patient", mark.start, mark.end))
    said = any(mark.name == "in-scope" and not reading.negated(mark) for mark in reading.marks)
    return [] if said else found
