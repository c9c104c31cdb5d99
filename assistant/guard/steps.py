"""Rule `polarity`: after each result the text names its own next studies, and no others."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import FollowUp
from assistant.guard.units import Clause, Span, Unit
from assistant.types import Finding

RULE = "polarity"
_PLACES = frozenset({"of", "of the", "of that", "of this", "of her", "of his", "of a", "at the", "to the"})
_WHEN = frozenset({"when", "if", "where", "once"})
_NEXT = ("next-cue", "put-forward", "advice", "text-names")


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Check the studies that a draft lets follow upon a result."""
    records = reading.know.claims.follow_ups
    if not records:
        return []
    found: list[Finding] = []
    for number, unit in enumerate(reading.units):
        if unit.question or unit.kind in ("header", "heading") or reading.quotes_statement(unit):
            continue
        for clause in reading.clauses_of(number):
            for study in _followers(reading, clause):
                condition = _condition(reading, unit, clause, study, records)
                if not condition and _next_step(reading, unit, clause):
                    condition = [(unit.start, study.start)]
                    condition += [unit.label] if unit.label is not None else []
                    upon = _asked(reading, records, _segment(reading, study))
                    if upon and not _allowed(reading, study, condition, upon, asked=True):
                        message = "the guideline names another step after this result"
                        found.append(finding(reading, RULE, message, study.start, study.end))
                    continue
                if condition and not _allowed(reading, study, condition, records):
                    message = "the guideline names another step after this result"
                    found.append(finding(reading, RULE, message, study.start, study.end))
    return found


def are_placed(reading: Reading, unit: Unit) -> bool:
    """Whether every study of a unit is a step that stands after its own result there: `check` has compared them."""
    know, records = reading.know, reading.know.claims.follow_ups
    if unit not in reading.units or reading.silent(unit):
        return False
    names = [one for one in reading.studies((unit.start, unit.end)) if one.name not in know.claims.scanned]
    if not names or any(know.options_for(one.name) and one.name not in know.claims.generic for one in names):
        return False
    results = {name for record in records for name in record.results}
    spans = [(unit.start, unit.end), *reading.above(unit)]
    row = next((span for span in (unit.label,) if span is not None), None)
    spans += [row] if row is not None else []
    upon = [record for record in records if any(reading.has(span, record.results) for span in spans)]
    asked = not any(reading.has(span, results) for span in spans)
    if asked:  # a draft that names no result speaks of the one that its question tells
        upon = list(_asked(reading, records, spans[0]))
    if not upon:
        return False
    placed = tuple(upon) if asked else records
    told = {key for record in upon for key in know.evidence.of(record.statements)}
    told |= know.content_keys(" ".join(know.claims.cues.get("tells-place", ())))
    own = {key for key in know.content_keys(reading.text.lower[unit.start : unit.end]) if key[0] != "#"}
    own -= know.content_keys(reading.question) if asked else frozenset()
    return own <= told and all(_allowed(reading, one, spans, placed, asked=asked) for one in names)


def _followers(reading: Reading, clause: Clause) -> list[Mark]:
    """The studies of a clause that may be a next step: none that is denied, compared with or already done."""
    know = reading.know
    names = know.claims
    return [
        mark
        for mark in reading.studies((clause.start, clause.end))
        if mark.name not in names.scanned
        and not reading.negated(mark, clause)
        and not reading.silent_clause(clause)
        and not reading.has((max(clause.start, mark.start - 16), mark.start), ("object-cue", "unlike"))
        and not reading.has((clause.start, clause.end), ("avoid", "no-rating"))
    ]


def _condition(
    reading: Reading,
    unit: Unit,
    clause: Clause,
    study: Mark,
    records: tuple[FollowUp, ...],
) -> list[Span]:
    """Where the result that the study follows upon is told; empty where it follows upon none."""
    results = {name for record in records for name in record.results}
    begin = _begin(reading, clause)
    leads = reading.has((begin, clause.end), _NEXT)
    own = reading.find((unit.start, study.start), results)
    after = _own_condition(reading, clause, study, results)
    if after:
        return after
    if own:
        last = own[-1]
        between = reading.text.lower[last.end : study.start]
        if leads or any(sign in between for sign in ";:=>") or " then " in between:
            start = unit.start if len({mark.name for mark in own}) == 1 else _start_of(reading, last)
            return [(start, study.start)]
        return []
    if reading.has((study.end, unit.end), results):
        return [(unit.start, unit.end)] if leads else []
    if unit.label is not None and unit.label[0] != unit.start and reading.has(unit.label, results):
        return [unit.label, (unit.start, study.start)]
    if unit.kind in ("cell", "item") or unit.label is not None:
        for span in reading.above(unit):
            if reading.has(span, results):
                label = [unit.label] if unit.label is not None else []
                return [span, *label, (unit.start, study.start)]
    if not leads or not reading.has((begin, clause.end), ("next-cue",)):
        return []
    number = reading.units.index(unit)
    for previous in reversed(reading.units[max(0, number - 2) : number]):
        if previous.block == unit.block and _tells_result(reading, previous, results):
            return [(previous.start, previous.end), (unit.start, study.start)]
    return []


def _own_condition(reading: Reading, clause: Clause, study: Mark, results: set[str]) -> list[Span]:
    """The condition that stands behind a study in its clause ("x comes up when a focus is y"), if it tells a result."""
    following = next((one for one in reading.clauses_of(clause.unit) if one.start == clause.end), clause)
    opening = [word.text for word in reading.words_in(following.start, following.end)][:1]
    end = following.end if not _WHEN.isdisjoint(opening) else clause.end
    words = [word for word in reading.words_in(study.end, end) if word.text in _WHEN]
    return [(words[0].start, end)] if words and reading.has((words[0].start, end), results) else []


def _tells_result(reading: Reading, unit: Unit, results: set[str]) -> bool:
    """Whether a unit tells a result, and not only what may look like one ("worn joints can light up")."""
    return any(
        not reading.has((clause.start, mark.start), ("may-cue",))
        for mark in reading.find((unit.start, unit.end), results)
        if (clause := reading.clause_at(mark.start)) is not None
    )


def _begin(reading: Reading, clause: Clause) -> int:
    """Where a clause begins, with the word before a colon ("next: CT")."""
    begin = clause.start
    if reading.text.lower[begin] == ":":
        begin = max((one.start for one in reading.clauses_of(clause.unit) if one.end <= begin), default=begin)
    return begin


def _start_of(reading: Reading, mark: Mark) -> int:
    clause = reading.clause_at(mark.start)
    return clause.start if clause is not None else mark.start


def _places(reading: Reading, study: Mark, mark: Mark) -> bool:
    """Whether the mark only says where the study looks ("of the painful area")."""
    return mark.start >= study.end and reading.text.lower[study.end : mark.start].strip() in _PLACES


def _is_normal(reading: Reading, mark: Mark) -> bool:
    """Whether the mark is part of a normal finding ("LFTs normal")."""
    clause = reading.clause_at(mark.start)
    return clause is not None and any(
        one.start <= mark.start and mark.end <= one.end
        for name in reading.know.claims.normal_findings
        for one in reading.find((clause.start, clause.end), (name,))
    )


def _segment(reading: Reading, study: Mark) -> Span:
    """From the study before to the study after it, in its sentence."""
    clause = reading.clause_at(study.start)
    unit = reading.units[clause.unit] if clause is not None else reading.units[-1]
    scanned = reading.know.claims.scanned
    others = [one for one in reading.studies((unit.start, unit.end)) if one.name not in scanned]
    before = [one.end for one in others if one.end <= study.start]
    after = [one.start for one in others if one.start >= study.end]
    return (before[-1] if before else unit.start), (after[0] if after else unit.end)


def _next_step(reading: Reading, unit: Unit, clause: Clause) -> bool:
    """Whether a clause puts a study forward as the next step, without a condition of its own."""
    return reading.has((_begin(reading, clause), clause.end), ("next-step",)) and not reading.silent(unit)


def _asked(reading: Reading, records: tuple[FollowUp, ...], own: Span) -> tuple[FollowUp, ...]:
    """The steps after the one result that the question names; empty where it names several or none.

    What the sentence itself adds to the result ("if the liver is in doubt, ...") goes before what the question tells.
    """
    know = reading.know
    upon = [one for one in records if any(know.mentions(reading.question, name) for name in one.results)]
    told = [one for one in upon if one.given and reading.has(own, one.given)]
    told = told or [one for one in upon if any(know.mentions(reading.question, name) for name in one.given)]
    upon = told if len(told) == 1 else upon
    return tuple(upon) if len({one.results for one in upon}) == 1 else ()


def _allowed(
    reading: Reading, study: Mark, spans: list[Span], records: tuple[FollowUp, ...], *, asked: bool = False
) -> bool:
    def stands(names: tuple[str, ...], where: list[Span]) -> bool:
        return any(
            not (study.start <= one.start and one.end <= study.end)
            and not _places(reading, study, one)  # "MRI of the painful area" tells no pain
            and not _is_normal(reading, one)
            for span in where
            for one in reading.find(span, names)
        )

    upon = [record for record in records if asked or stands(record.results, spans)]
    # What stands around the study in its sentence narrows the step; else what is told with the result does.
    narrowed: list[FollowUp] = []
    for where in ([_segment(reading, study)], spans):
        narrowed = narrowed or [one for one in upon if one.given and stands(one.given, where)]
    wanted = narrowed or upon
    names = {name for record in wanted for name in record.studies}
    if any(option.concept == study.name for option in reading.know.guideline.options):
        return study.name in names  # a survey of the body is no CT "of the site", though it is a CT
    elsewhere = any(study.name in record.studies for record in records if record not in wanted)
    if study.name not in names and elsewhere:
        # Named by itself as the step of another result: that it is an MRI too does not place it here.
        return not upon
    return not names.isdisjoint(reading.know.lineage(study.name)) or any(
        reading.know.same(study.name, name) for name in names
    )
