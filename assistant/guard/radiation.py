"""Rule `radiation`: symbols and millisievert belong to the study that stands with them."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from assistant.guard.context import GuardContext
from assistant.guard.counted import stepped
from assistant.guard.figures import SIEVERT, Figure, against_itself, figures, figures_of
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Unit
from assistant.guidelines.schema import RatedOption
from assistant.types import Finding

RULE = "radiation"
_VERSUS = re.compile(r"\)?\s*(?:vs\.?|versus|against|as against|compared with|compared to|rather than|v)\s*")
_UPPER = re.compile(r"\b(?:upper (?:end|limit|bound)|top (?:end )?of|ceiling)\b")
_LOWER = re.compile(r"\b(?:lower (?:end|limit|bound)|bottom (?:end )?of|floor)\b")
_BELONGS = re.compile(r"[\s,()]{0,3}(?:for|from|with|of|in|delivered by|carried by)\s+(?:the|a|an)?\s*")
_BESIDE = re.compile(r"[\s,:=/(-]{0,3}")
_TAIL = 20  # characters behind a figure in which "for Y" may begin
_AFTER = 12  # characters after a figure in which "each" may stand
_SEVERAL = frozenset({"each", "both", "apiece", "alike"})
_JOINED = frozenset({"and", "a", "the", "or", ",", "&"})
_REFERS = frozenset({"which", "whose", "latter", "itself"})


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check every radiation figure."""
    found: list[Finding] = []
    for number, unit in enumerate(reading.units):
        if reading.quotes_statement(unit):
            continue
        stated = figures_of(reading, unit)
        for figure in stated:
            message = _problem(reading, number, unit, figure, context) or _mismatch(reading, unit, figure)
            if message:
                found.append(finding(reading, RULE, message, figure.start, figure.end))
        for span, value in stepped(reading, unit):
            if value not in _steps_apart(reading):
                message = "no two studies of the guideline differ by so many symbols"
                found.append(finding(reading, RULE, message, *span))
        for figure in against_itself(reading, stated):
            message = "the guideline sets no two studies of this one level against each other"
            found.append(finding(reading, RULE, message, figure.start, figure.end))
    return found


def _steps_apart(reading: Reading) -> set[int]:
    """By how many symbols two studies differ."""
    levels = [len(one.radiation.symbols) for one in reading.know.guideline.options if one.radiation.symbols]
    return {abs(first - second) for first, second in combinations(levels, 2)}


def _mismatch(reading: Reading, unit: Unit, figure: Figure) -> str:
    """Symbols and a figure side by side belong to one study."""
    for other in figures(reading.text.lower, unit.start, unit.end):
        between = reading.text.lower[figure.end : other.start]
        if other.start < figure.end or len(between) > 14 or bool(figure.symbols) == bool(other.symbols):
            continue
        if set(between) - set(" (,:=-;thais"):
            continue
        rated = reading.know.guideline.options
        if not any(_fits(one, figure, reading, unit) and _fits(one, other, reading, unit) for one in rated):
            return "these symbols and this figure do not belong to one study"
    return ""


def _problem(reading: Reading, number: int, unit: Unit, figure: Figure, context: GuardContext) -> str:
    echoed = reading.text.lower[figure.start : figure.end]
    rated = reading.know.guideline.options
    if not figure.symbols and figure.unit not in SIEVERT:
        return "" if any(echoed in text.lower() for text in context.user_texts) else (
            "the guideline gives no figure in this unit"
        )  # fmt: skip
    if not any(_fits(option, figure, reading, unit) for option in rated):
        if reading.negated(Mark("", figure.start, figure.end)) and any(
            echoed in text.lower() for text in context.user_texts
        ):
            return ""
        return "the guideline does not give this radiation figure for any study"
    if reading.has((max(unit.start, figure.start - 22), figure.start), ("than",)) and not reading.studies(
        (max(unit.start, figure.start - 22), figure.start)
    ):
        return ""
    owners = _paired(reading, unit, figure)
    if owners is None:
        owners = _owners(reading, number, unit, figure, context)
    if not owners:
        return ""
    for owner in owners:
        options = reading.know.options_for(owner.name)
        if any(_fits(option, figure, reading, unit) for option in options):
            continue
        if (
            not options
            and reading.know.is_study(owner.name)
            and owner.name in reading.know.claims.step_generic
        ):
            continue
        concept = reading.know.vocabulary.concepts[owner.name]
        name = options[0].name if options else concept.name
        stated = options[0].radiation.text if options else "not stated"
        return f"the radiation of {name} is: {stated}"
    return ""


def _fits(option: RatedOption, figure: Figure, reading: Reading, unit: Unit) -> bool:
    radiation = option.radiation
    if figure.symbols:
        return len(radiation.symbols) == figure.symbols
    if radiation.low_msv is None or radiation.high_msv is None or figure.low is None:
        return False
    if figure.high is not None:
        return (figure.low, figure.high) == (radiation.low_msv, radiation.high_msv)
    before = reading.text.lower[max(unit.start, figure.start - 14) : figure.start]
    said = reading.text.lower[unit.start : unit.end]
    if "up to" in before or "most" in before or "maximum" in before or _UPPER.search(said):
        return figure.low == radiation.high_msv
    least = "least" in before or "from" in before or bool(_LOWER.search(said))
    return least and figure.low == radiation.low_msv


def _paired(reading: Reading, unit: Unit, figure: Figure) -> list[Mark] | None:
    """The study of one of two figures set against each other ("A ... than B (1-2 against 3-4)"), in their order.

    None where the figure has no such counterpart; empty where it cannot be told.
    """
    lower = reading.text.lower
    groups: list[list[Figure]] = []
    for one in figures_of(reading, unit):
        if groups and _beside_each_other(reading, groups[-1][-1], one):
            groups[-1].append(one)  # "1-2 mSv (☢☢)" is one
        else:
            groups.append([one])
    for first, second in pairwise(groups):
        if figure not in (*first, *second) or not _VERSUS.fullmatch(lower, first[-1].end, second[0].start):
            continue
        if _BELONGS.match(lower, second[-1].end, unit.end):
            return None  # "X gives 1-2 as against 3-4 for Y"
        named = reading.studies((unit.start, first[0].start))[-2:]
        if len(named) == 2:
            return named[:1] if figure in first else named[1:]
        if len(named) == 1:
            after = reading.has((max(unit.start, named[0].start - 16), named[0].start), ("than",))
            return named if after == (figure in second) else []
        return None
    return None


def _owners(reading: Reading, number: int, unit: Unit, figure: Figure, context: GuardContext) -> list[Mark]:
    """The study that a figure belongs to."""
    after = _BELONGS.match(reading.text.lower, _end_of_pair(reading, unit, figure), unit.end)
    if after and not _is_beside(reading, unit, figure):
        named = reading.studies((after.end(), min(after.end() + 60, unit.end)))
        if named and named[0].start <= after.end() + 2:
            return named[:1]
    before = reading.studies((unit.start, figure.start))
    after_it = {word.text for word in reading.words_in(figure.end, figure.end + _AFTER)}
    if len(before) > 1 and after_it & _SEVERAL:
        joints = {word.text for word in reading.words_in(before[-2].end, before[-1].start)}
        return before[-2:] if joints <= _JOINED else before[-1:]
    if before:
        last = before[-1]
        referring = {word.text for word in reading.words_in(last.end, figure.start)}
        if referring & _REFERS:
            return [last]  # "... than a bone scan's, which it gives as 1-10 mSv"
        if reading.has((max(unit.start, last.start - 16), last.start), ("than",)) and len(before) > 1:
            # "higher than a bone scan (1-10 mSv)": a figure in brackets belongs to the study before it.
            between = reading.text.lower[last.end : figure.start]
            if "(" in between or not between.strip(" ,:(☢"):
                return [last]
            return [before[0]]
        if reading.has((max(unit.start, last.start - 16), last.start), ("than",)):
            between = reading.text.lower[last.end : figure.start]
            if "(" in between or not between.strip(" ,:(☢"):
                return [last]
            for span in reading.above(unit):
                if reading.studies(span):
                    return reading.studies(span)[:1]
            previous = reading.units[number - 1] if number else None
            if previous is not None and reading.studies((previous.start, previous.end)):
                return reading.studies((previous.start, previous.end))[:1]
        return [last]
    following = [
        study
        for study in reading.studies((figure.end, unit.end))
        if not reading.has((max(unit.start, study.start - 16), study.start), ("than",))
        and not _has_its_own(reading, unit, figure, study)
    ]
    for span in reading.above(unit):
        named = reading.studies(span)
        if named:
            return named[:1]
    if (
        following
        and unit.kind in ("item", "sentence")
        and not _speaks_of_before(reading, number, unit, figure)
    ):
        return following[:1]
    for previous in reversed(reading.units[max(0, number - 2) : number]):
        named = reading.studies((previous.start, previous.end))
        if named and previous.kind != "header":
            return named[:1]
    if not any(reading.studies((one.start, one.end)) for one in reading.units[:number]):
        texts = [context.question] if _asked(reading, context.question) else list(context.user_texts[-2:-1])
        for text in texts:
            asked = _asked(reading, text)
            if len({mark.name for mark in asked}) == 1:
                return asked[:1]
    return []


def _speaks_of_before(reading: Reading, number: int, unit: Unit, figure: Figure) -> bool:
    """Whether a clause with a figure and no study goes back to the sentence before ("it gives 1-2, whereas Y ...")."""
    clause = reading.clause_at(figure.start)
    before = reading.units[number - 1] if number else None
    return (
        before is not None
        and before.block == unit.block
        and clause is not None
        and clause.start == unit.start
        and reading.starts_with_pronoun(unit)
        and not reading.studies((clause.start, clause.end))
        and bool(reading.studies((before.start, before.end)))
    )


def _has_its_own(reading: Reading, unit: Unit, figure: Figure, study: Mark) -> bool:
    """Whether another figure stands between and belongs to the study ("1-2, which is less than the 3-4 of Y")."""
    for other in figures_of(reading, unit):
        if figure.end <= other.start and other.end <= study.start:
            after = _BELONGS.match(reading.text.lower, _end_of_pair(reading, unit, other), unit.end)
            if after and study.start <= after.end() + 2 and not _beside_each_other(reading, figure, other):
                return True
    return False


def _beside_each_other(reading: Reading, figure: Figure, other: Figure) -> bool:
    """Whether two figures are one: symbols and a range ("☢☢ (1-2 mSv) for X")."""
    between = reading.text.lower[figure.end : other.start]
    return bool(figure.symbols) != bool(other.symbols) and bool(_BESIDE.fullmatch(between))


def _is_beside(reading: Reading, unit: Unit, figure: Figure) -> bool:
    """Whether the figure goes with a study before it, whatever stands behind ("X (1-2 mSv) for ...")."""
    tail = reading.text.lower[figure.end : figure.end + _TAIL].partition(" for ")[0]
    if "," in tail and reading.studies((unit.start, figure.start)):
        return True  # "X gives 1-2, for Y it is ..."
    bracket = reading.text.lower.rfind("(", unit.start, figure.start)
    if bracket < 0 or ")" in reading.text.lower[bracket : figure.start]:
        return False
    return any(0 <= bracket - one.end <= 1 for one in reading.studies((unit.start, bracket)))


def _end_of_pair(reading: Reading, unit: Unit, figure: Figure) -> int:
    """Where a figure ends, or the other half of it just behind: symbols and range are one ("☢☢ 1-2 mSv for X")."""
    for other in figures_of(reading, unit):
        between = reading.text.lower[figure.end : other.start]
        if (
            other.start >= figure.end
            and bool(other.symbols) != bool(figure.symbols)
            and _BESIDE.fullmatch(between)
        ):
            return other.end
    return figure.end


def _asked(reading: Reading, text: str) -> list[Mark]:
    """The rated studies that a question names, or whose names hold what it names ("the dose of its tracer")."""
    know = reading.know
    named = [mention.concept for mention in know.find(text)]
    studies = [one for one in named if know.is_study(one) and know.options_for(one)]
    if not studies:
        studies = [
            mention.concept
            for option in know.guideline.options
            if not {mention.concept for mention in know.find(option.name)}.isdisjoint(named)
            for mention in know.find(option.name)
            if know.is_study(mention.concept) and know.options_for(mention.concept)
        ]
    return [Mark(one, 0, 0, True) for one in studies]
