"""Rule `option`: only what is rated as appropriate is put forward; steps stay in their own place."""

from __future__ import annotations

from assistant.guard import kept, labelled, pictures, ratedlow, silence
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Unit
from assistant.guidelines.schema import RatedOption
from assistant.types import Finding

RULE = "option"
_PREDICATE = 2  # words that a predicate has at least
_OPENING = frozenset({"a", "an", "the", "and", "but", "so", "then", "also", "such"})
#: What opens the line of a handover or report under which the advice stands.
_ADVICE_LABELS = frozenset(
    {"r", "rec", "recommendation", "recommendations", "plan", "p", "request", "order", "advice"}
)
_LABEL_WORDS = 3
_APPROVAL = ("endorse", "advice", "stands-in")
_ACTIVE = frozenset({"avoids", "avoiding", "skips", "does not", "rather than", "instead of"})


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check every study that the draft names."""
    found: list[Finding] = []
    asked = frozenset(mention.concept for mention in reading.know.find(context.question))
    for number, unit in enumerate(reading.units):
        if unit.kind == "header" or reading.verbatim(unit):
            continue
        repeats = reading.repeats(unit)
        for mark in reading.studies((unit.start, unit.end)):
            if repeats and (mark.name in asked or not reading.know.is_unrated(mark.name)):
                continue  # thanks for what was asked, in whatever words
            message = _problem(reading, number, unit, mark, asked, context)
            if message:
                found.append(finding(reading, RULE, message, mark.start, mark.end))
        if not repeats:
            found += _endorsed(reading, unit)
    return found


def _endorsed(reading: Reading, unit: Unit) -> list[Finding]:
    """Words of approval whose subject, named before, is rated as not appropriate."""
    found: list[Finding] = []
    for mark in reading.find((unit.start, unit.end), _APPROVAL):
        clause = reading.clause_at(mark.start)
        if clause is None or unit.question or reading.studies((clause.start, clause.end)):
            continue
        inside = any(
            other.start <= mark.start
            and mark.end <= other.end
            and other.end - other.start > mark.end - mark.start
            for other in reading.within(max(unit.start, mark.start - 24), unit.end)
            if other.name in reading.know.rating_names or other.name == "better-hedged"
        )
        if inside or reading.negated(mark, clause) or reading.silent_clause(clause):
            continue
        subjects = reading.subject(clause, mark.start)
        options = [one for study in subjects for one in _exact(reading, study)]
        if options and not any(option.appropriate for option in options):
            message = f"{options[0].name} is rated {options[0].rating}"
        elif subjects and all(_is_only_asked(reading, one) for one in subjects):
            message = "the guideline does not put this study forward"
        else:
            continue
        found.append(finding(reading, RULE, message, mark.start, mark.end))
    return found


def _is_only_asked(reading: Reading, study: Mark) -> bool:
    """Whether it is the study of the question (a mark without extent) that the text does not name at all."""
    return study.start == study.end and reading.know.is_unrated(study.name)


def _exact(reading: Reading, study: Mark) -> tuple[RatedOption, ...]:
    return () if study.name in reading.know.claims.generic else reading.know.options_for(study.name)


def _problem(
    reading: Reading, number: int, unit: Unit, mark: Mark, asked: frozenset[str], context: GuardContext
) -> str:
    know = reading.know
    name = know.vocabulary.concepts[mark.name].name
    if know.is_unrated(mark.name):
        if _excused(reading, number, unit, mark) and not kept.is_told(reading, unit, mark):
            return ""
        return f"{name} is neither rated nor named as a step in the guideline"
    options = know.options_for(mark.name)
    exact = mark.name not in know.claims.generic
    if options and exact and not any(option.appropriate for option in options):
        told = _put_forward(reading, unit, mark) or labelled.is_put_forward(reading, number, mark, context)
        if kept.is_told(reading, unit, mark):
            return f"{name} is rated {options[0].rating} and is not to be put forward"
        if told and not _excused(reading, number, unit, mark):
            return f"{name} is rated {options[0].rating} and is not to be put forward"
        return ""
    if exact and labelled.drops_appropriate(reading, unit, mark) and not unit.question:
        return f"{name} is rated {options[0].rating} and is not to be left out"
    generic = options and not exact and not any(option.appropriate for option in options)
    if generic and _replaces_first(reading, mark) and not _excused(reading, number, unit, mark):
        return f"{name} is no initial study in the guideline"
    if (
        generic
        and labelled.is_first(reading, number, mark, context)
        and not _excused(reading, number, unit, mark)
    ):
        return f"{name} is no initial study in the guideline"
    if generic and unit.kind == "item" and _initial(reading, number, unit, mark, asked):
        told = reading.has((unit.start, unit.end), ("survey-cue",))
        if told and not _excused(reading, number, unit, mark) and not ratedlow.is_told_here(reading, unit):
            return f"{name} is not to be put forward at first"
    if mark.name in know.steps and not options:
        if _excused(reading, number, unit, mark) or unit.question:
            return ""
        if _initial(reading, number, unit, mark, asked):
            return f"{name} is no initial study in the guideline"
        if not _in_place(reading, number, mark, asked):
            return f"the guideline names {name} only as a step elsewhere"
    return ""


def _excused(reading: Reading, number: int, unit: Unit, mark: Mark) -> bool:
    """Whether the text says that the study is not covered, not rated or not to be chosen."""
    if unit.question:
        return True
    clause = reading.clause_at(mark.start)
    if clause is not None and silence.is_told(reading, (clause.start, clause.end)):
        return True
    if reading.silent(unit) and not _asserts(reading, mark):
        return True
    # A sentence that puts the study forward says what no heading above it takes back.
    own = (
        unit.kind == "sentence" and not silence.is_listed(reading, unit) and _put_forward(reading, unit, mark)
    )
    for span in () if own else reading.above(unit):
        # "How to avoid it": what to do
        asks_how = [word.text for word in reading.words_in(*span)][:1] == ["how"]
        listed = silence.is_listed(reading, unit) or not _asserts(reading, mark)
        if listed and silence.is_told(reading, span):
            return True
        if not asks_how and (reading.has(span, ("avoid",)) or ratedlow.is_told(reading, span)):
            return True
    if unit.kind == "cell" and any(
        reading.has((other.start, other.end), ("silence", "not-covered", "no-rating", "avoid"))
        or reading.silent(other)
        for other in reading.units
        if other.block == unit.block and other.label is not None and other.label == (unit.start, unit.end)
    ):
        return True
    if clause is not None and (reading.negated(mark) or _avoided(reading, clause, mark)):
        return True
    following = reading.units[number + 1 : number + 2]
    return unit.kind == "heading" and any(reading.silent(other) for other in following)


def _avoided(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether the clause says to avoid the study; one that avoids something itself is not avoided."""
    return any(
        one.start < mark.start or reading.text.lower[one.start : one.end] not in _ACTIVE
        for one in reading.find((clause.start, clause.end), ("avoid",))
    )


def _asserts(reading: Reading, mark: Mark) -> bool:
    clause = reading.clause_at(mark.start)
    if clause is None:
        return False
    own = reading.within(clause.start, clause.end)
    if any(m.name in ("silence", "speak", "negator") for m in own):
        return False
    return reading.has((clause.start, clause.end), ("put-forward", "initial")) or _leads(
        reading, clause, mark
    )


def _leads(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether the study is the subject of what the clause says ("...; x sharpens the picture")."""
    before = [one.text for one in reading.words_in(clause.start, mark.start) if one.text.isalpha()]
    after = [one.text for one in reading.words_in(mark.end, clause.end) if one.text.isalpha()]
    return len(after) >= _PREDICATE and _OPENING.issuperset(before)


def _put_forward(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether the words around recommend it."""
    clause = reading.clause_at(mark.start)
    if clause is None:
        return False
    begin = clause.start
    if reading.opens_with(begin, ":"):  # "May be more appropriate: x or y"
        begin = max((one.start for one in reading.clauses_of(clause.unit) if one.end <= begin), default=begin)
    cues = reading.find((clause.start, clause.end), ("put-forward", "better-hedged", "stands-in"))
    cues += reading.find((begin, clause.start), ("better-hedged",))
    if any(not reading.negated(cue, clause) for cue in cues) or _is_under_advice(reading, unit, mark):
        return True
    if pictures.is_answered(reading, unit, mark):
        return True
    if unit.kind in ("item", "cell"):
        above = [span for span in reading.above(unit) if span != unit.label or unit.kind == "item"]
        if unit.label is None or unit.kind == "item":
            for span in above:
                if reading.has(span, ("avoid", "not-recommended", "why")) or ratedlow.is_told(reading, span):
                    return False
                if reading.has(span, ("put-forward", "list-of-choices")):
                    return not ratedlow.is_told_here(reading, unit)
    return reading.has((clause.start, clause.end), ("choice-between",))


def _is_under_advice(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether the study is all that stands under "Recommendation:", or "R:" behind "A:" in a handover."""
    words = [word.text for word in reading.words_in(unit.start, mark.start) if word.text.isalpha()]
    if not words or len(words) > _LABEL_WORDS or words[0] not in _ADVICE_LABELS:
        return False
    after = reading.text.lower[unit.start : mark.start]
    return ":" in after and not ratedlow.is_told_here(reading, unit)


def _initial(reading: Reading, number: int, unit: Unit, mark: Mark, asked: frozenset[str]) -> bool:
    clause = reading.clause_at(mark.start)
    if clause is None:
        return False
    told = [(unit.start, mark.start), *reading.above(unit)]
    before = [one for one in reading.units[max(0, number - 1) : number] if one.block == unit.block]
    # "A doubtful focus is correlated, at first with ...": the first of the steps after that result.
    follows = unit.kind != "cell" and any(
        reading.know.same(mark.name, study)
        and (
            any(reading.has(span, one.results) for span in told)
            or any(
                not reading.negated(result)
                for last in before
                for result in reading.find((last.start, last.end), one.results)
            )
            or (
                mark.name in reading.know.claims.step_first
                and any(reading.know.mentions(reading.question, name) for name in one.results)
            )
        )
        for one in reading.know.claims.follow_ups
        for study in one.studies
        if study not in reading.know.claims.step_last
    )
    for cue in () if follows else reading.find((clause.start, clause.end), ("initial", "start-with")):
        if not reading.negated(cue, clause):
            return True
    # In its own place a step may stand under any heading that lists what to do.
    headings = ("initial",) if _in_place(reading, number, mark, asked) else ("initial", "list-of-choices")
    outside = reading.has((unit.start, unit.end), ("not-in-scope",))
    for span in reading.above(unit):
        if (span == unit.label and unit.kind == "cell") or (outside and span == unit.column):
            continue
        first = reading.says_first(span) and reading.has(span, ("list-of-choices",))
        if (first or reading.has(span, headings)) and not reading.has(span, ("avoid", "not-recommended")):
            return True
    return False


def _replaces_first(reading: Reading, mark: Mark) -> bool:
    """Whether the clause lets the study take the place of another as the first ("X replaces Y as the first test")."""
    clause = reading.clause_at(mark.start)
    if clause is None or ratedlow.is_told(reading, (clause.start, clause.end)):
        return False
    span = (mark.end, clause.end)
    return any(not reading.negated(one, clause) for one in reading.find(span, ("replaces",))) and any(
        not reading.negated(one, clause) for one in reading.find(span, ("initial",))
    )


def _in_place(reading: Reading, number: int, mark: Mark, asked: frozenset[str]) -> bool:
    """Whether the condition under which the text names this step stands near, or was asked about."""
    know = reading.know
    own = (mark.start, mark.end)
    wanted = know.claims.step_context.get(mark.name)
    if wanted is None:
        when = {name for step in know.guideline.steps if step.concept == mark.name for name in step.when}
        wanted = (tuple(when),) if when else ()
    clause = reading.clause_at(mark.start)
    if not wanted or clause is None:
        return True
    if any(not asked.isdisjoint(know.lineage(name)) or name in asked for names in wanted for name in names):
        return True
    if any(any(name in know.lineage(concept) for name in names) for names in wanted for concept in asked):
        return True
    for names in wanted:
        around = [(o.start, o.end) for o in reading.units[max(0, number - 4) : number + 2]]
        around += reading.above(reading.units[number])
        # The name of the study itself ("brain MRI") is no sign that its condition is met.
        if any(
            not (own[0] <= one.start and one.end <= own[1])
            for span in around
            for one in reading.find(span, names)
        ):
            return True
        if any(know.mentions(reading.question, name) for name in names):
            return True
    return False
