"""Rule `scope`: no recommendation where the guidance does not apply, and no population but the text's."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Clause, Reading
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "scope"
_SCOPE_REACH = 60


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check population statements, and recommendations against the scope decision."""
    found = [*_population(reading), *_affirmed(reading)]
    outside = reading.know.claims.population.asked_outside
    if context.verdict == "does_not_apply":
        found += _excluded(reading)
    elif context.verdict == "needs_information":
        found += _undecided(reading)
    elif context.verdict == "applies":
        found += _denied(reading)
    elif (
        any(reading.know.mentions(context.question, name) for name in outside)
        and not _says_so(reading)
        and not any(reading.silent(unit) for unit in reading.units)
    ):
        # The question was not read as a patient's, but it names what puts a patient outside.
        found += _excluded(reading)
    found += _choices(reading, context)
    return found


def _recommendations(reading: Reading, *, strong: bool) -> list[Mark]:
    """Rated options that are put forward without a condition."""
    found: list[Mark] = []
    appropriate = {option.rating for option in reading.know.guideline.options if option.appropriate}
    for unit in reading.units:
        if unit.question or unit.kind == "header":
            continue
        if any(reading.has(span, ("condition", "in-scope-only")) for span in reading.above(unit)):
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
        if before[-1:] != ["and"]:  # "do this, and if that ..." sets no condition for this
            return True
    asked = any(other.question for other in reading.units[: reading.units.index(unit)])
    return reading.has(span, ("branch",)) and (asked or (unit.kind == "item" and clause.unit > 1))


def _says_so(reading: Reading) -> bool:
    """Whether the draft says that the guidance does not apply."""
    return any(
        mark.name == "not-in-scope"
        or _denied_scope(reading, mark)
        or (mark.name == "in-scope" and reading.has((mark.end, mark.end + 24), ("unmet",)))
        for mark in reading.marks
    )


def _excluded(reading: Reading) -> list[Finding]:
    says_so = _says_so(reading)
    offered = _recommendations(reading, strong=says_so)
    offered += [] if says_so else _approvals(reading)
    message = "the guidance does not apply to this patient; no study can be recommended from it"
    found = [finding(reading, RULE, message, mark.start, mark.end) for mark in offered[:3]]
    for mark in reading.marks:
        if mark.name == "in-scope" and not found and not _means_else(reading, mark):
            clause = reading.clause_at(mark.start)
            unit = reading.units[clause.unit] if clause is not None else None
            if clause is None or unit is None or unit.question or reading.negated(mark, clause):
                continue
            if _conditional(reading, unit, clause, after=False):
                continue
            if reading.has((clause.start, clause.end), ("not-in-scope",)) or _describes(reading, unit, mark):
                continue
            if not says_so:
                found.append(finding(reading, RULE, message, mark.start, mark.end))
    return found


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


def _describes(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether it is told whom the guidance is for, in general, and not of this patient."""
    near = (mark.start, min(unit.end, mark.end + 24))
    return reading.has(near, ("of-people",)) and not reading.has((unit.start, unit.end), ("this-one",))


def _means_else(reading: Reading, mark: Mark) -> bool:
    """Whether the word speaks of no scope ("fits with flare"), or what follows denies it ("scope: not met")."""
    near = (mark.start, mark.end + 24)
    return reading.has(near, ("fits-with",)) or reading.has((mark.end, mark.end + 24), ("negator", "unmet"))


def _denied_scope(reading: Reading, mark: Mark) -> bool:
    return mark.name == "in-scope" and reading.negated(mark)


def _undecided(reading: Reading) -> list[Finding]:
    """A fact is missing: a recommendation needs a condition or a question beside it."""
    fixed = [mark for mark in reading.marks if mark.name == "either-way"]
    open_ = not fixed and (
        any(unit.question for unit in reading.units)
        or any(mark.name in ("condition", "in-scope-only", "not-in-scope", "asks") for mark in reading.marks)
    )
    if open_:
        return []
    enough = reading.know.claims.population.enough
    if enough and all(any(reading.know.mentions(reading.question, one) for one in names) for names in enough):
        return []  # what is left out goes without saying between colleagues
    message = "a fact that decides is not known; the draft recommends without asking for it"
    return [
        finding(reading, RULE, message, mark.start, mark.end)
        for mark in _recommendations(reading, strong=not fixed)[:2]
    ]


def _denied(reading: Reading) -> list[Finding]:
    """The guidance applies: the draft must not turn the patient away."""
    found: list[Finding] = []
    for mark in reading.marks:
        if mark.name != "not-in-scope" and not _denied_scope(reading, mark):
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
        if (
            reading.silent(unit)
            and not reading.has((unit.start, unit.end), ("guidance",))
        ):
            continue
        found.append(finding(reading, RULE, "the guidance applies to this patient", mark.start, mark.end))
    said = any(mark.name == "in-scope" and not reading.negated(mark) for mark in reading.marks)
    return [] if said else found


def _population(reading: Reading) -> list[Finding]:
    """Who is said to be in or out."""
    people = reading.know.claims.population
    found: list[Finding] = []
    for clause in reading.clauses:
        unit = reading.units[clause.unit]
        if unit.question:
            continue
        for mark in reading.within(clause.start, clause.end):
            names = reading.know.lineage(mark.name) if mark.concept else frozenset({mark.name})
            if names.isdisjoint(people.outside) and names.isdisjoint(people.never_outside):
                continue
            side = _side(reading, unit, clause, mark)
            if side == "in" and not names.isdisjoint(people.outside):
                if not reading.has((unit.start, unit.end), people.unless):
                    found.append(
                        finding(
                            reading, RULE, "the guidance does not cover these patients", mark.start, mark.end
                        )
                    )
            elif side == "out" and not names.isdisjoint(people.never_outside):
                if reading.has((unit.start, unit.end), (*people.outside, *people.with_outside)):
                    continue
                found.append(
                    finding(
                        reading, RULE, "the guidance does not exclude these patients", mark.start, mark.end
                    )
                )
    return found


def _affirmed(reading: Reading) -> list[Finding]:
    """A plain "yes" to the question whether the guidance covers those whom it leaves out."""
    found: list[Finding] = []
    asked = reading.question
    for number, unit in enumerate(reading.units):
        text = reading.text.lower[unit.start : unit.end]
        if unit.question:
            asked = reading.text.text[unit.start : unit.end]
            continue
        said = [word.text for word in reading.words_in(unit.start, unit.end)[:3]]
        yes = ("yes" in said and said[0] in ("yes", "a", "*")) or (
            len(said) < 3 and reading.has((unit.start, unit.end), ("certain:surely", "certain:complete"))
        )
        if yes and asked and _leaves_out(reading, asked) and "but not" not in text:
            found.append(
                finding(reading, RULE, "the guidance does not cover these patients", unit.start, unit.end)
            )
        if number and not unit.question:
            asked = ""
    return found


def _leaves_out(reading: Reading, question: str) -> bool:
    know = reading.know
    if not know.mentions(question, "asks-covered") or know.mentions(question, "asks-exclusions"):
        return False
    return any(all(know.mentions(question, name) for name in names) for names in know.claims.population.never)


def _side(reading: Reading, unit: Unit, clause: Clause, mark: Mark) -> str:
    """Whether a mark is said to be within the guidance ("in"), outside it ("out"), or neither ("")."""
    before = [
        m
        for m in reading.within(clause.start, mark.start)
        if m.name in ("in-scope", "not-in-scope", "in-scope-only")
    ]
    after = _after(reading, unit, clause, mark)
    if before and after is not None and _nearer(reading, before[-1], mark, after):
        before = []
    if before:
        last = before[-1]
        out = last.name == "not-in-scope" or (last.name == "in-scope" and reading.negated(last, clause))
        inner = reading.has((last.end, mark.start), ("negator", "this-one"))
        if inner:
            return ""
        return "out" if out else "in"
    if after is not None:
        out = after.name == "not-in-scope" or reading.negated(after)
        denied = reading.has((clause.start, mark.start), ("negator",)) and after.start < clause.end
        if denied and not reading.negated(after, clause):
            return ""
        return "out" if out else "in"
    if reading.has((clause.start, mark.start), ("unlike",)):
        # "It applies in general, but not to ...": the other side of what was said before.
        earlier = [
            m for m in reading.within(unit.start, clause.start) if m.name in ("in-scope", "not-in-scope")
        ]
        if earlier:
            inside = earlier[-1].name == "in-scope" and not reading.negated(earlier[-1])
            return "out" if inside else ""
    if unit.kind in ("item", "cell") or unit.label is not None:
        for span in reading.above(unit):
            if reading.has(span, ("not-in-scope",)):
                return "" if reading.negated(mark, clause) else "out"
            scope = reading.find(span, ("in-scope", "who-fits"))
            if scope:
                if any(reading.negated(one) for one in scope):
                    return "" if reading.negated(mark, clause) else "out"
                return "" if reading.negated(mark, clause) else "in"
    if unit.kind in ("item", "cell") and not unit.above and reading.asks_who_fits():
        return "" if reading.negated(mark, clause) else "in"
    return ""


def _after(reading: Reading, unit: Unit, clause: Clause, mark: Mark) -> Mark | None:
    """What is said after the mark of being in or out, in its clause or a relative one that follows."""
    end = clause.end
    following = reading.clause_at(clause.end) if clause.end < unit.end else None
    if following is not None:
        opening = [word.text for word in reading.words_in(following.start, following.end)[:1]]
        end = following.end if opening and opening[0] in ("which", "who") else end
    found = [m for m in reading.within(mark.end, end) if m.name in ("not-in-scope", "in-scope")]
    return found[0] if found and found[0].start - mark.end < _SCOPE_REACH else None


def _nearer(reading: Reading, before: Mark, mark: Mark, after: Mark) -> bool:
    """Whether what follows the mark is said of it, and what stands before of another ("for A, and B is out")."""
    joined = {word.text for word in reading.words_in(before.end, mark.start)} & {",", "and", "so", ";"}
    return bool(joined) and after.start - mark.end < mark.start - before.end


def _choices(reading: Reading, context: GuardContext) -> list[Finding]:
    """Which option is put first for which picture."""
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
        studies = [m for m in reading.studies((clause.start, clause.end)) if reading.know.options_for(m.name)]
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


def _nearest(_reading: Reading, studies: list[Mark], cue: Mark) -> list[Mark]:
    before = [study for study in studies if study.end <= cue.start]
    return before[-1:] if before else studies[:1]
