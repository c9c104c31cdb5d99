"""Rules `polarity` and `strength`: what is affirmed is not denied, what is hedged is not made certain."""

from __future__ import annotations

from assistant.guard import outside, pairs, quotes, twins
from assistant.guard.asked import decided
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Claim, Pathway, Property
from assistant.guard.softening import is_purpose, is_softened
from assistant.guard.units import Clause, Span
from assistant.types import Finding

#: A clause that begins so speaks of what stands before it.
_RELATIVE = frozenset({"which", "that", "who", "with"})
_LONGEST_CONDITION = 90
_CONDITIONS = frozenset({"if", "when", "where", "once", "despite", "should", "for", "with", "in"})
_ORDINALS = frozenset({"second", "latter", "other"})
_BESIDE = frozenset({"condition-no"})


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check every clause against the records that its signs call up."""
    index = reading.know.index
    found: list[Finding] = []
    for clause in reading.clauses:
        unit = reading.units[clause.unit]
        if (unit.question and unit.kind != "cell") or reading.verbatim(unit):
            continue
        quoted = reading.quotes_statement(unit)
        for mark in reading.within(clause.start, clause.end):
            for name in reading.know.lineage(mark.name) if mark.concept else (mark.name,):
                for claim in () if quoted else index.claims.get(name, ()):
                    found += _claim(reading, clause, mark, name, claim)
                for item in () if quoted else index.properties.get(name, ()):
                    found += _property(reading, clause, mark, item)
                for pathway in index.pathways.get(name, ()):
                    found += _pathway(reading, clause, mark, pathway, context)
    for pairing in reading.know.claims.pairings:
        found += pairs.check(reading, pairing)
    return found


def _claim(reading: Reading, clause: Clause, mark: Mark, name: str, claim: Claim) -> list[Finding]:
    # A cell stands by itself: the cells before it are of other rows.
    near = "unit" if claim.near == "context" and reading.units[clause.unit].kind == "cell" else claim.near
    for names in claim.about:
        if not reading.in_context(clause.unit, clause, names, near):
            return []
        if claim.ordered and not reading.has((clause.start, mark.start), names):
            return []
    # What needs nothing beside it is said, be it as a condition ("..., if it is worse by day").
    if claim.rule == "polarity" and claim.about and _only_sets_condition(reading, clause):
        return []
    if near == "context" and _stands_under_other(reading, clause, claim):
        return []
    if "silence" in claim.unless and reading.silent_clause(clause):
        return []
    if claim.unless:
        spans = [(clause.start, clause.end)]
        spans += [
            (one.start, one.end)
            for one in reading.clauses_of(clause.unit)
            if one.start == clause.end and reading.text.lower[one.start] == ":"
        ]
        opening = [word for word in reading.words_in(clause.start, clause.end) if word.text != ","][:1]
        if opening and opening[0].text in _RELATIVE:
            earlier = [one for one in reading.clauses_of(clause.unit) if one.end <= clause.start]
            spans += [(one.start, one.end) for one in earlier[-1:]]
        if claim.rule == "scope":
            unit = reading.units[clause.unit]
            if decided(reading, unit) == "out":
                return []
            if claim.near == "context" and _tells_of_patient(reading, clause, claim):
                return []
            spans += [(unit.start, unit.end), *reading.above(unit)]
            if unit.kind in ("item", "cell") and reading.asks_exclusions():
                return []
        # A "not" that is part of the sign itself lifts nothing ("on treatment or not").
        lifting = (one for span in spans for one in reading.find(span, claim.unless))
        if any(one.name not in _BESIDE or not (mark.start <= one.start < mark.end) for one in lifting):
            return []
    if claim.studies:
        if _is_condition(reading, clause):
            return []
        subjects = reading.subject(clause, mark.start)
        if not any(reading.know.same(one.name, wanted) for one in subjects for wanted in claim.studies):
            return []
    if claim.rule == "support" and reading.text.lower[mark.start : mark.end] in reading.question.lower():
        return []
    denied = reading.negated(mark, clause) and not _denies_topic(reading, clause, mark, claim)
    wrong = (
        (name in claim.affirm and denied)
        or (name in claim.deny and not denied)
        or (
            name in claim.hedged
            and not denied
            and not is_softened(reading, clause, mark)
            and not is_purpose(reading, clause, mark)
        )
    )
    if not wrong or twins.are_told(reading, reading.units[clause.unit], mark):
        return []
    return [
        finding(
            reading,
            claim.rule,
            claim.message or quotes.quoted(reading, claim.statements),
            mark.start,
            mark.end,
        )
    ]


def _stands_under_other(reading: Reading, clause: Clause, claim: Claim) -> bool:
    """Whether a sentence that does not name what a claim is about stands under a heading for what lifts the claim."""
    unit = reading.units[clause.unit]
    topics = [name for names in claim.about for name in names]
    above = [span for span in reading.above(unit) if span[1] <= unit.start]
    over = next((span for span in above if reading.has(span, (*topics, *claim.unless))), None)
    return over is not None and not any(reading.has(span, topics) for span in ((unit.start, unit.end), over))


def _denies_topic(reading: Reading, clause: Clause, mark: Mark, claim: Claim) -> bool:
    """Whether what denies is part of what is spoken of ("no contrast limits ..."), and leaves its verb alone."""
    denying = reading.find((clause.start, mark.start), ("negator",))
    topics = [one for names in claim.about for one in reading.find((clause.start, mark.start), names)]
    return bool(denying) and all(
        any(one.start <= cue.start and cue.end < one.end for one in topics) for cue in denying
    )


def _tells_of_patient(reading: Reading, clause: Clause, claim: Claim) -> bool:
    """Whether a sentence only tells the patient's story, in a draft that says that the guidance does not apply."""
    unit = reading.units[clause.unit]
    spans = [(unit.start, unit.end), *reading.above(unit)]
    own = all(any(reading.has(span, names) for span in spans) for names in claim.about)
    own = own and not reading.has((unit.start, unit.end), ("own-patient", "there-is-no"))
    said = any(mark.name == "not-in-scope" for mark in reading.marks)
    return not own and (said or outside.answers_no(reading))


def _only_sets_condition(reading: Reading, clause: Clause) -> bool:
    """Whether a clause is nothing but a condition to what stands before it ("..., if they are large")."""
    words = [word.text for word in reading.words_in(clause.start, clause.end)]
    opens = clause.start == reading.units[clause.unit].start
    return not opens and words[:1] == ["if"] and "," not in words[:-1]


def _is_condition(reading: Reading, clause: Clause) -> bool:
    """Whether the clause only sets a condition ("if it takes in the liver, ..."), which states nothing."""
    words = reading.words_in(clause.start, clause.end)
    return bool(words) and words[0].text == "if" and clause.end - clause.start < _LONGEST_CONDITION


def _property(reading: Reading, clause: Clause, mark: Mark, item: Property) -> list[Finding]:
    if item.unless and reading.has((clause.start, clause.end), item.unless):
        return []
    if reading.negated(mark, clause) or reading.silent_clause(clause):
        return []
    if item.object:
        subjects = reading.studies((mark.end, clause.end))[:1]
    else:
        subjects = reading.subject(clause, mark.start)
    if not subjects:
        return []
    if any(reading.know.same(one.name, wanted) for one in subjects for wanted in item.studies):
        return []
    if _is_done_by(reading, clause, item):
        return []
    if all(one.start == one.end for one in subjects) and _is_narrowed(reading, clause, item):
        return []
    message = "the guideline says this of another study" + quotes.tail(reading, item.statements)
    return [finding(reading, "polarity", message, mark.start, mark.end)]


def _is_done_by(reading: Reading, clause: Clause, item: Property) -> bool:
    """Whether a relative clause says which study does it ("marrow infiltration, for which x is more sensitive")."""
    end = reading.units[clause.unit].end
    after = reading.clause_at(clause.end) if clause.end < end else None
    opening = (
        [word.text for word in reading.words_in(after.start, after.end)][:1] if after is not None else []
    )
    if after is None or opening != ["which"]:
        return False
    named = reading.studies((after.start, after.end))[:1]
    return any(reading.know.same(one.name, wanted) for one in named for wanted in item.studies)


def _is_narrowed(reading: Reading, clause: Clause, item: Property) -> bool:
    """Whether a study that only the question names is one of the property's here ("with contrast: the workhorse")."""
    unit = reading.units[clause.unit]
    return any(
        option in item.studies and reading.has((unit.start, clause.end), (cue,))
        for narrow in reading.know.claims.narrow.values()
        for cue, option in narrow.items()
    )


def _pathway(
    reading: Reading, clause: Clause, mark: Mark, item: Pathway, context: GuardContext
) -> list[Finding]:
    if reading.negated(mark, clause):
        return []
    if item.unless and reading.has((clause.start, clause.end), item.unless):
        return []
    levels = _levels(reading, clause, mark)
    if _picks(reading, clause) and any(
        reading.has((one.start, one.end), names)
        for one in reading.units[max(0, clause.unit - 1) : clause.unit]
        for names in item.allowed
    ):
        return []
    for span in levels:
        if not reading.has(span, item.conditions):
            continue
        unit = reading.units[clause.unit]
        wide = [span, (unit.start, unit.end), *reading.above(unit)]
        wide += [(one.start, one.end) for one in reading.units[max(0, clause.unit - 1) : clause.unit]]
        for names in item.allowed:
            if reading.has(span, names[:1]) and all(
                any(reading.has(one, (name,)) for one in wide)
                or reading.know.mentions(context.question, name)
                for name in names[1:]
            ):
                return []
        message = "the guideline names this for another finding" + quotes.tail(reading, item.statements)
        return [finding(reading, "polarity", message, mark.start, mark.end)]
    asked = [name for name in item.conditions if reading.know.mentions(context.question, name)]
    if asked and not any(names[0] in asked for names in item.allowed):
        message = "the guideline names this for another finding" + quotes.tail(reading, item.statements)
        return [finding(reading, "polarity", message, mark.start, mark.end)]
    return []


def _levels(reading: Reading, clause: Clause, _mark: Mark) -> list[Span]:
    """Where a condition may stand, nearest first."""
    unit = reading.units[clause.unit]
    levels: list[Span] = [(clause.start, clause.end)]
    own = reading.clauses_of(clause.unit)
    after = [one for one in own if one.start >= clause.end][:1]
    levels += [(one.start, one.end) for one in after if _sets_condition(reading, one)]
    levels += [(one.start, one.end) for one in reversed(own) if one.end <= clause.start]
    levels += [(one.start, one.end) for one in after]
    # The column of a table says more than its first column does, which may tell of another result.
    levels += [span for span in (unit.column, unit.label) if span is not None]
    levels += list(reversed(unit.above))
    for other in reversed(reading.units[max(0, clause.unit - 3) : clause.unit]):
        if other.block == unit.block and unit.kind == "sentence":
            levels.append((other.start, other.end))
    return levels


def _sets_condition(reading: Reading, clause: Clause) -> bool:
    """Whether a clause sets the condition of the one before it ("consider x where y persists")."""
    first = next((w.text for w in reading.words_in(clause.start, clause.end) if w.text.isalpha()), "")
    return first in _CONDITIONS


def _picks(reading: Reading, clause: Clause) -> bool:
    """Whether the clause speaks of the second of two things told before ("the latter is often sufficient")."""
    words = [w.text for w in reading.words_in(clause.start, clause.end) if w.text.isalpha()][:3]
    return "the" in words[:2] and not _ORDINALS.isdisjoint(words)
