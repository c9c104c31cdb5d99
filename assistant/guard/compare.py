"""Comparisons of studies: dose, cost, availability and their like have one direction in the text."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Comparison
from assistant.guard.stems import stem
from assistant.guard.units import Clause
from assistant.types import Finding

_OWN_WORDS = 3
_NEAR = 8  # characters before a study in which "than" makes it an object
_BESIDE = 12  # characters before a comparative in which the word that it measures may stand
_SHORT_UNIT = 130  # a longer sentence brings its own dimension
_FAR = 30
_OTHERS = frozenset({"others", "other", "rest", "remaining"})
_PLURAL = frozenset({"two", "both", "studies", "tests", "options", "scans"})
_OTHERS_REACH = 6  # words of a clause among which its subject stands
_OTHER_WAY = "the guideline compares these studies the other way round, or not at all"
_AGAINST = "counts-against"
_ARTICLES = frozenset({"a", "an", "the", "that", "of", "one"})
_FINITE = frozenset({"is", "has", "gives", "carries", "costs", "comes", "lies", "stands", "sits", "does"})
_PREPOSITIONS = frozenset(
    {
        "than",
        "with",
        "for",
        "in",
        "of",
        "from",
        "by",
        "on",
        "to",
        "at",
        "and",
        "or",
        "but",
        "if",
        "when",
        "as",
    }
)


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check every comparison of studies against the orders in the data."""
    found: list[Finding] = []
    for comparison in reading.know.claims.comparisons:
        cues = set(comparison.more) | set(comparison.less) | set(comparison.same)
        pairs = _pairs(reading, comparison)
        for mark in reading.marks:
            if mark.name not in cues or _is_part(reading, mark, cues):
                continue
            clause = reading.claiming_clause(mark.start)
            if clause is None:
                continue
            if not _on_dimension(reading, clause, mark, comparison, context):
                continue
            message = _problem(reading, clause, mark, comparison, pairs)
            if message:
                found.append(finding(reading, comparison.rule, message, mark.start, mark.end))
    return found


def _is_part(reading: Reading, mark: Mark, cues: set[str]) -> bool:
    """Whether the cue is part of a longer one ("widely available" in "less widely available")."""
    return any(
        other.name in cues and other.end - other.start > mark.end - mark.start
        for other in reading.within(max(0, mark.start - 24), mark.end + 24)
        if other.start <= mark.start and mark.end <= other.end
    )


def _pairs(reading: Reading, comparison: Comparison) -> set[tuple[str, str]]:
    pairs = set(comparison.pairs)
    if comparison.radiation:
        pairs |= {
            (option.id, lower)
            for option in reading.know.guideline.options
            for lower in option.radiation.higher_than
        }
    return pairs


def _on_dimension(
    reading: Reading, clause: Clause, mark: Mark, comparison: Comparison, context: GuardContext
) -> bool:
    if not comparison.dimension:
        return True
    unit = reading.units[clause.unit]
    if mark.name not in comparison.same and _measures_another(reading, unit.end, mark, comparison):
        return False
    if reading.has((unit.start, unit.end), comparison.dimension):
        # Another dimension that stands closer takes the word ("a higher dose and more expensive").
        return True
    if any(reading.has(span, comparison.dimension) for span in reading.above(unit)):
        return not reading.has((clause.start, clause.end), ("other-dimension",))
    if reading.has((clause.start, clause.end), ("other-dimension",)):
        return False
    short = unit.end - unit.start < _SHORT_UNIT
    asked = short and reading.know.cue_in(context.question, comparison.dimension)
    previous = reading.units[clause.unit - 1] if clause.unit else None
    return asked or bool(
        unit.label is None and short and previous is not None and previous.block == unit.block
        and reading.has((previous.start, previous.end), comparison.dimension)
    )  # fmt: skip


def _measures_another(reading: Reading, end: int, mark: Mark, comparison: Comparison) -> bool:
    """Whether the comparative goes with a word of its own ("less access", "more restricted availability")."""
    if reading.has((mark.end, mark.end + 16), ("other-dimension",)):
        return True
    before = (max(0, mark.start - _BESIDE), mark.start)
    if reading.has(before, ("other-dimension",)) and not reading.has(
        (before[0], mark.end + _BESIDE), comparison.dimension
    ):
        return True  # "costs more"
    own = reading.has((mark.start, mark.end), comparison.dimension)
    following = [word.text for word in reading.words_in(mark.end, min(end, mark.end + 40))][:_OWN_WORDS]
    if own or not following or not following[0].isalpha():
        return False
    know = reading.know
    first = reading.words_in(mark.end, min(end, mark.end + 40))[0].start
    if any(study.start == first for study in reading.studies((first, min(end, first + 40)))):
        return False  # "below contrast CT" measures what is spoken of
    if stem(following[0], know.claims.spelling) in know.stop_words or following[0] in _PREPOSITIONS:
        return False
    return not reading.has((mark.start, min(end, mark.end + 40)), comparison.dimension)


def _problem(
    reading: Reading, clause: Clause, mark: Mark, comparison: Comparison, pairs: set[tuple[str, str]]
) -> str:
    denied = reading.negated(mark, clause)
    if mark.name in comparison.same:
        return "" if denied else "the guideline does not put these studies level"
    unit = reading.units[clause.unit]
    more = mark.name in comparison.more
    left = reading.subject(clause, mark.start)
    right = _objects(reading, mark, unit.end)
    both = _others(reading, clause, mark)
    if both:
        left, right = both, right or reading.studies((0, clause.start))[-1:]
        return "" if _are_ordered(reading, left, right, pairs, more=more) != denied else _OTHER_WAY
    left = _blamed(reading, mark, unit.end) or [
        one
        for one in left
        if one not in right
        and not reading.has(reading.just_before(one, _NEAR), ("than",))
        and not _is_measure(reading, one)
    ]
    if not left and not right:
        return ""
    if left and not right and _is_first_of_all(reading, mark, unit.end):
        rest = [one for one in reading.know.guideline.options if one.appropriate]
        for one in left:
            own = {option.id for option in reading.know.options_for(one.name)}
            others = [option.id for option in rest if option.id not in own]
            sides = [(a, b) if more else (b, a) for a in own for b in others]
            if own and others and not denied and not all(side in pairs for side in sides):
                return "the guideline does not compare all of these studies so"
    upper, lower = (left, right) if more else (right, left)
    if left and right:
        valid = all(_ordered(reading, a, b, pairs) for a in upper for b in lower)
    elif left:
        valid = all(_stands(reading, one, pairs, 0 if more else 1) for one in left)
    else:
        valid = all(_stands(reading, one, pairs, 1 if more else 0) for one in right)
    return _OTHER_WAY if valid == denied else ""


def _others(reading: Reading, clause: Clause, mark: Mark) -> list[Mark]:
    """What "both others", "the other two" or "the rest" stands for: the options put forward, without the one named."""
    words = [word.text for word in reading.words_in(clause.start, mark.start)][:_OTHERS_REACH]
    if _OTHERS.isdisjoint(words) or ("other" in words and _PLURAL.isdisjoint(words)):
        return []
    if reading.studies((clause.start, mark.start)):
        return []
    named = reading.studies((reading.units[max(0, clause.unit - 1)].start, clause.start))
    gone = {option.id for one in named for option in reading.know.options_for(one.name)}
    rest = [one for one in reading.know.guideline.options if one.appropriate and one.id not in gone]
    return [Mark(one.concept, 0, 0, True) for one in rest] if len(gone) == 1 else []


def _are_ordered(
    reading: Reading, left: list[Mark], right: list[Mark], pairs: set[tuple[str, str]], *, more: bool
) -> bool:
    upper, lower = (left, right) if more else (right, left)
    return all(_ordered(reading, a, b, pairs) for a in upper for b in lower)


def _is_measure(reading: Reading, study: Mark) -> bool:
    """Whether only articles part a study from a "than" before it ("above that of a bone scan")."""
    cues = reading.find(reading.just_before(study, _FAR), ("than",))
    return bool(cues) and {word.text for word in reading.words_in(cues[-1].end, study.start)} <= _ARTICLES


def _is_first_of_all(reading: Reading, mark: Mark, end: int) -> bool:
    """Whether a superlative ranks a study among all ("the highest of the three")."""
    return reading.has((mark.start, min(end, mark.end + 40)), ("of-all",))


def _objects(reading: Reading, mark: Mark, end: int) -> list[Mark]:
    """The studies after "than", with those joined to them."""
    than = [
        cue
        for cue in reading.within(mark.start, end)
        if cue.name == "than" and not _counts_against(reading, cue)
    ]
    if not than or than[0].start - mark.end > 60:
        return []
    named = reading.studies((than[0].end, min(end, than[0].end + 160)))
    if not named or named[0].start - than[0].end > 30:
        return []
    group = named[:1]
    for one in named[1:]:
        if {word.text for word in reading.words_in(one.end, one.end + _BESIDE)} & _FINITE:
            break  # "above X, and Y is above X too": the subject of what follows
        words = [word.text for word in reading.words_in(group[-1].end, one.start)]
        if reading.clause_at(one.start) != reading.clause_at(group[-1].start):
            break  # "than x, and that y ...": another thing that is told
        if len(words) <= 4 and set(words) <= {
            "and",
            "or",
            ",",
            "a",
            "the",
            "that",
            "of",
            "for",
            "both",
            "than",
        }:
            group.append(one)
        else:
            break
    return group


def _counts_against(reading: Reading, than: Mark) -> bool:
    """Whether "against" compares nothing ("one mark against X is its price"): it tells what X is worse in."""
    cues = reading.find((max(0, than.start - _FAR), than.end), (_AGAINST,))
    return any(one.start <= than.start and than.end <= one.end for one in cues)


def _blamed(reading: Reading, mark: Mark, end: int) -> list[Mark]:
    """The study that a drawback is counted against, where it follows its drawback."""
    cues = reading.find((mark.end, min(end, mark.end + _FAR)), (_AGAINST,))
    return reading.studies((cues[0].end, min(end, cues[0].end + _FAR)))[:1] if cues else []


def _ordered(reading: Reading, upper: Mark, lower: Mark, pairs: set[tuple[str, str]]) -> bool:
    same = reading.know.same
    return any(same(upper.name, a) and same(lower.name, b) for a, b in pairs)


def _stands(reading: Reading, one: Mark, pairs: set[tuple[str, str]], side: int) -> bool:
    return any(reading.know.same(one.name, pair[side]) for pair in pairs)
