"""What a rating is said of where its sentence leaves it out: named before, above, or in the question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.guard.context import GuardContext
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit

_ANSWER = 12  # so short is "Yes, it is."
_RATING = frozenset({"rating", "ratings", "rated", "rate", "category", "grade", "graded"})
_UPON = frozenset({"after", "despite", "following", "upon", "behind"})
_RESULT = 24  # characters before a study in which it is said that its result is told
_LIST_REACH = 5  # items back to which a rating without a study may belong


@dataclass(frozen=True, slots=True)
class Bond:
    """A rating said of studies."""

    rating: Mark
    studies: tuple[Mark, ...]
    denied: bool


def in_object(reading: Reading, study: Mark) -> bool:
    """A study after "than" or "compared with" is no subject of a rating."""
    return reading.has(reading.just_before(study, 16), ("than",))


def asked_rating(reading: Reading, number: int, unit: Unit) -> Mark | None:
    """The one rating that the question asks the studies of, for the sentence that answers it."""
    if number or not reading.know.mentions(reading.question, "asks-which"):
        return None
    asked = [name for name in reading.know.rating_names if reading.know.mentions(reading.question, name)]
    if len(asked) != 1 or asked[0] in reading.know.foreign:
        return None
    return Mark(asked[0], unit.end, unit.end)


def asked_for(reading: Reading, number: int, unit: Unit, studies: list[Mark]) -> list[Bond]:
    """A bare list that answers "which studies are R?"."""
    rating = asked_rating(reading, number, unit)
    if rating is None or reading.silent(unit) or reading.has((unit.start, unit.end), ("unlike", "negator")):
        return []
    named = [one for one in studies if reading.know.options_for(one.name)]
    return [Bond(rating, tuple(named), False)] if named else []


def find_around(reading: Reading, number: int, unit: Unit, context: GuardContext) -> list[Mark]:
    """The studies that a rating without any in its unit speaks of."""
    if unit.kind == "heading" and any(reading.studies(span) for span in reading.below(unit)):
        return []  # "What is R": the list under it
    for span in reading.above(unit):
        named = [study for study in reading.studies(span) if not in_object(reading, study)]
        if named:
            return named
    before = reading.units[number - 1] if number else unit
    if before.question and _asks_rating(reading, before) and not reading.studies((before.start, before.end)):
        return _last_topic(reading, number - 1) or asked_study(reading, unit, context)
    reach = _LIST_REACH if unit.kind == "item" else 1
    for previous in reversed(reading.units[max(0, number - reach) : number]):
        if previous.kind in ("cell", "header"):
            break
        if previous.block != unit.block and previous is not reading.units[number - 1]:
            break
        named = [s for s in reading.studies((previous.start, previous.end)) if not in_object(reading, s)]
        if reading.has((unit.start, unit.end), ("plural-pronoun",)):
            return named[-2:] if len(named) <= 3 else []
        if previous.question and _asks_rating(reading, previous):
            named = _rated_topic(reading, named)
        distinct = {study.name for study in named}
        if len(distinct) == 1 and (previous.block == unit.block or previous.question):
            return named[:1]
        if named:
            return []
    # A bare "No." before it is no sentence of its own.
    first = all(
        one.end - one.start <= _ANSWER and not reading.studies((one.start, one.end))
        for one in reading.units[:number]
    )
    narrowed = reading.has((unit.start, unit.end), reading.know.claims.narrowing) and not reading.studies(
        (0, unit.start)
    )
    if first or narrowed or (unit.kind == "item" and not reading.studies((0, unit.start))):
        return asked_study(reading, unit, context)
    return []


def _last_topic(reading: Reading, number: int) -> list[Mark]:
    """The one study of the question or heading before ("Why not x?", "How is it rated?"), or of what was said last."""
    said = list(reversed(reading.units[:number]))
    for one in (*(unit for unit in said if unit.question or unit.kind == "heading"), *said):
        named = [study for study in reading.studies((one.start, one.end)) if not in_object(reading, study)]
        if named:
            return named[:1] if len({study.name for study in named}) == 1 else []
    return []


def _asks_rating(reading: Reading, unit: Unit) -> bool:
    """Whether a question of the draft's own asks how a study is rated."""
    return any(word.text in _RATING for word in reading.words_in(unit.start, unit.end))


def _rated_topic(reading: Reading, studies: list[Mark]) -> list[Mark]:
    """Of the studies that a question names, those it asks of: not the one whose result it tells ("x after a y")."""
    return [
        one
        for one in studies
        if not any(word.text in _UPON for word in reading.words_in(*reading.just_before(one, _RESULT)))
    ]


def asked_study(reading: Reading, unit: Unit, context: GuardContext) -> list[Mark]:
    """The one study that the question names, rated or not, if it is no general word for studies."""
    know = reading.know
    asked = {m.concept for m in know.find(context.question) if know.is_study(m.concept)}
    if len(asked) != 1 or not all(know.options_for(one) or know.speaks_of_study(one) for one in asked):
        return []
    name = asked.pop()
    if not know.options_for(name) and reading.has((unit.start, unit.end), reading.know.claims.narrowing):
        return []  # "with contrast: R" names one of the rated kinds, whatever was asked
    return [Mark(name, unit.start, unit.start, True)]


def held_before(reading: Reading, studies: list[Mark], rating: Mark) -> list[Mark]:
    """Of the studies before a rating, those that a sign ends and that are said to share the rating before it."""
    if not studies:
        return []
    same = [
        one
        for one in reading.find((studies[0].end, rating.start), ("same-rating",))
        if not reading.negated(one)
    ]
    behind = [study for study in studies if same and study.start >= same[-1].end]
    if not behind or "as" in [word.text for word in reading.words_in(same[-1].end, behind[0].start)]:
        return []
    between = [word.text for word in reading.words_in(same[-1].end, behind[0].start)]
    return studies[: len(studies) - len(behind)] if between[:1] in ([";"], [","], ["and"], ["while"]) else []


def last_rating(
    reading: Reading, number: int, ratings_in: Callable[[Reading, Span], list[Mark]]
) -> Mark | None:
    """The rating with which the sentence before ends."""
    if not number or reading.units[number - 1].block != reading.units[number].block:
        return None
    before = reading.units[number - 1]
    found = [one for one in ratings_in(reading, (before.start, before.end)) if not reading.negated(one)]
    return found[-1] if found else None
