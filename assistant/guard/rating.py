"""Rule `rating`: a study that stands with a rating has that rating in the data."""

from __future__ import annotations

from assistant.guard import ratedsets, silence
from assistant.guard.bonds import ANY, find_bonds, ratings_in
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.implied import Bond, asked_rating
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Unit
from assistant.guidelines.schema import RatedOption
from assistant.types import Finding

RULE = "rating"
#: How far behind a rating a condition to it may begin: so many characters and words.
_CONDITION_REACH = 24
_CONDITION_WORDS = 1
_TWO = 2
_SHARING = frozenset(
    {"share", "shares", "sharing", "shared", "same", "equal", "equally", "three", "both", "all"}
)
_PARTING = frozenset({",", ";", "and", "but"})
#: Before a superlative that several share.
_OF_A_SET = frozenset({"a", "both", "two", "three", "other"})


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check every rating in the draft against the options."""
    found: list[Finding] = []
    for number, unit in enumerate(reading.units):
        span = (unit.start, unit.end)
        if unit.question and unit.kind != "cell" and not reading.has(span, ("presumes",)):
            continue
        ratings = ratings_in(reading, span)
        found += _foreign(reading, unit, ratings)
        for bond in find_bonds(reading, number, unit, ratings, context):
            found += _judge(reading, unit, bond)
        found += _conditions(reading, unit, ratings)
        found += _divided(reading, unit, ratings)
        found += _ranks(reading, unit)
        asked = asked_rating(reading, number, unit)
        found += ratedsets.only(reading, unit, ratings or ([asked] if asked is not None else []))
        found += ratedsets.counted(reading, ratings)
    return found


def _divided(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    """One study with two ratings ("x: R for bone, Q for organs"): the text divides no rating."""
    names = {mark.name for mark in ratings if not reading.negated(mark)}
    if (
        len(names) < _TWO
        or reading.silent(unit)
        or reading.has((unit.start, unit.end), reading.know.claims.narrowing)
    ):
        return []
    first, last = ratings[0], ratings[-1]
    if (
        reading.studies((first.end, unit.end))
        or not _near_for(reading, first)
        or not _near_for(reading, last)
    ):
        return []
    named = {mark.name for mark in reading.studies((unit.start, first.start))}
    if len(named) != 1 or not all(reading.know.options_for(one) for one in named):
        return []
    return [finding(reading, RULE, "the guideline gives a study one rating", first.start, last.end)]


def _near_for(reading: Reading, rating: Mark) -> bool:
    """Whether a rating is given for something ("R for bone")."""
    return [word.text for word in reading.words_in(rating.end, rating.end + 6)][:1] in (
        ["for"],
        ["in"],
        ["if"],
    )


def _foreign(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    return [
        finding(
            reading,
            RULE,
            f"no study has the rating {reading.know.rating_names[mark.name]!r} in the guideline",
            mark.start,
            mark.end,
        )
        for mark in ratings
        if mark.name in reading.know.foreign and not reading.negated(mark) and not reading.silent(unit)
    ]


def _judge(reading: Reading, unit: Unit, bond: Bond) -> list[Finding]:
    know = reading.know
    found: list[Finding] = []
    if bond.rating.name == ANY:
        ratings = set()
        for study in bond.studies:
            ratings |= {option.rating for option in know.options_for(study.name)}
        names = {study.name for study in bond.studies}
        appropriate = {option.rating for option in know.guideline.options if option.appropriate}
        alone = len(names) == 1 and ratings and ratings.isdisjoint(appropriate)
        if len(ratings) > 1 or alone:
            found.append(_finding(reading, bond, "these studies do not have the same rating"))
        return found
    label = know.rating_names[bond.rating.name]
    silent = reading.silent(unit) and not silence.is_on_figure(reading, unit, bond.rating)
    for study in bond.studies:
        options = _narrowed(reading, study, bond.rating)
        if not options:
            general = study.name in know.claims.generic or (
                study.name in know.claims.step_generic and not _is_rated_alone(reading, study, bond)
            )
            if (
                not general
                and not bond.denied
                and not silent
                and not _near_denial(reading, study, bond.rating)
            ):
                found.append(
                    _finding(reading, bond, f"{_said(reading, study)} has no rating in the guideline", study)
                )
            continue
        right = any((option.rating == label) != bond.denied for option in options)
        if not right:
            is_rating = " or ".join(dict.fromkeys(option.rating for option in options))
            found.append(_finding(reading, bond, f"{_said(reading, study)} is rated {is_rating}", study))
        elif silent and reading.has((unit.start, unit.end), ("no-rating",)) and len(bond.studies) == 1:
            continue
    return found


def _narrowed(reading: Reading, study: Mark, rating: Mark) -> tuple[RatedOption, ...]:
    """The options that a study's name can mean where it stands ("without it, CT is ...")."""
    options = reading.know.options_for(study.name)
    if study.start == study.end and options:
        # Named in the question alone: "R with contrast; Q without".
        clause = reading.clause_at(rating.start)
        for narrow in reading.know.claims.narrow.values():
            for cue, option in narrow.items():
                kin = {one.id for one in options} & set(narrow.values())
                if kin and clause is not None and _stands_before(reading, clause, rating, cue):
                    return (reading.know.options[option],)
            for cue, option in narrow.items():
                kin = {one.id for one in options} & set(narrow.values())
                if kin and clause is not None and reading.has((rating.end, clause.end), (cue,)):
                    return (reading.know.options[option],)
    if len(options) > 1:
        own = _done(reading, study, rating)
        if own:
            return own
        clause = reading.clause_at(study.start)
        end = clause.end if clause is not None else study.end
        following = reading.clause_at(end)
        if following is not None and reading.opens_with(end, "("):
            end = following.end  # "the CT it rates (with contrast) is R"
        for cue, option in reading.know.claims.narrow.get(study.name, {}).items():
            if clause is not None and reading.has((clause.start, end), (cue,)):
                return tuple(one for one in options if one.id == option) or options
    return options


def _done(reading: Reading, study: Mark, rating: Mark) -> tuple[RatedOption, ...]:
    """The one option that is meant where how a study is done stands between it and its rating."""
    between = (study.end, rating.start)
    if reading.studies(between) or ratings_in(reading, between):
        return ()
    ways = reading.know.claims.narrow.get(study.name, {})
    said = {option for cue, option in ways.items() if reading.has(between, (cue,))}
    return (reading.know.options[said.pop()],) if len(said) == 1 else ()


def _is_rated_alone(reading: Reading, study: Mark, bond: Bond) -> bool:
    """Whether a rating is said of one step and of nothing else in its clause."""
    clause = reading.clause_at(bond.rating.start)
    if clause is not None and len(bond.studies) == 1 and _is_asked_before(reading, study, clause):
        return True
    if clause is None or len(bond.studies) != 1 or not clause.start <= study.start < bond.rating.start:
        return False
    return len(reading.studies((clause.start, clause.end))) == 1


def _is_asked_before(reading: Reading, study: Mark, clause: Clause) -> bool:
    """Whether a study stands in the question that a sentence without a study answers."""
    if reading.studies((clause.start, clause.end)):
        return False
    asked = reading.clause_at(study.start) if study.start < study.end else None
    return asked is not None and asked.unit + 1 == clause.unit and reading.units[asked.unit].question


def _stands_before(reading: Reading, clause: Clause, rating: Mark, cue: str) -> bool:
    """Whether a narrowing word stands just before a rating ("with contrast R, without it Q")."""
    found = reading.find((clause.start, rating.start), (cue,))
    if not found:
        return False
    between = {word.text for word in reading.words_in(found[-1].end, rating.start)}
    return between.isdisjoint(_PARTING) and not ratings_in(reading, (found[-1].end, rating.start))


def _near_denial(reading: Reading, study: Mark, rating: Mark) -> bool:
    low, high = min(study.start, rating.start), max(study.end, rating.end)
    return reading.has((low, high), ("negator",))


def _finding(reading: Reading, bond: Bond, message: str, study: Mark | None = None) -> Finding:
    first = study or bond.studies[0]
    start, end = min(first.start, bond.rating.start), max(first.end, bond.rating.end)
    if end - start > 200 or first.start == first.end:
        start, end = bond.rating.start, bond.rating.end
    return finding(reading, RULE, message, start, end)


def _said(reading: Reading, study: Mark) -> str:
    options = reading.know.options_for(study.name)
    if len(options) == 1:
        return options[0].name
    concept = reading.know.vocabulary.concepts.get(study.name)
    return concept.name if concept is not None else study.name


def _conditions(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    """A condition set to a rating ("only when the cancer is ..."): ratings hold for the whole scenario."""
    if reading.has((unit.start, unit.end), ("guidance", "in-scope")) or reading.silent(unit):
        return []
    found: list[Finding] = []
    for rating in ratings:
        for mark in reading.find(
            (rating.end, min(unit.end, rating.end + _CONDITION_REACH)), ("rating-only",)
        ):
            between = [word for word in reading.words_in(rating.end, mark.start) if word.text.isalpha()]
            if len(between) <= _CONDITION_WORDS and not reading.negated(rating):
                message = "the guideline sets no such condition to this rating"
                found.append(finding(reading, RULE, message, rating.start, mark.end))
    return found


def _ranks(reading: Reading, unit: Unit) -> list[Finding]:
    """A rank: "rated above", "the highest rated": refused where the ratings do not differ so."""
    found: list[Finding] = []
    for mark in reading.find((unit.start, unit.end), ("ranks-above", "ranks-below")):
        begin = reading.text.lower.rfind(";", unit.start, mark.start) + 1
        if reading.negated(mark) or reading.has(
            (max(begin, unit.start, mark.start - 60), mark.start), ("negator",)
        ):
            continue
        if _measures_else(reading, unit, mark) or _is_shared(reading, unit, mark):
            continue
        ahead = [word.text for word in reading.words_in(max(unit.start, mark.start - 12), mark.start)][-1:]
        if ahead and ahead[0] in _OF_A_SET and reading.text.lower.startswith("top", mark.start):
            continue  # "the three top-rated tests" ranks none of them
        before = reading.studies((unit.start, mark.end))[-1:]
        after = reading.studies((mark.end, unit.end))[:1]
        upper, lower = (before, after) if mark.name == "ranks-above" else (after, before)
        high = {option.appropriate for study in upper for option in reading.know.options_for(study.name)}
        low = {option.appropriate for study in lower for option in reading.know.options_for(study.name)}
        if high == {True} and low == {False}:
            continue
        found.append(finding(reading, RULE, "the ratings do not rank the studies so", mark.start, mark.end))
    return found


def _is_shared(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether several share the rank ("three tests share the top rating")."""
    before = [word.text for word in reading.words_in(unit.start, mark.end)]
    return not _SHARING.isdisjoint(before) and not reading.has((mark.start, mark.end), ("than",))


def _measures_else(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether the rank is that of another measure ("the dose of X ranks below Y"), or of none ("ranks neither ...")."""
    if reading.has((mark.start, mark.end), ("negator",)):
        return True
    measures = [name for one in reading.know.claims.comparisons for name in one.dimension]
    return reading.has((unit.start, unit.end), measures) and not ratings_in(reading, (unit.start, unit.end))
