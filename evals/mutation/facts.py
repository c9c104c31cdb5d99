"""Operators on what is looked up: ratings, studies, radiation, numbers, units, invented figures and references."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from evals.mutation.words import Operator, put, words


def _ratings(reading: Reading) -> list[Mark]:
    return [mark for mark in reading.marks if mark.name in reading.know.rating_names]


def swap_rating(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """Another rating of the scale in place of the one said of rated studies."""
    for mark in _ratings(reading):
        clause = reading.clause_at(mark.start)
        if clause is None or reading.negated(mark) or not reading.studies((clause.start, clause.end)):
            continue
        if reading.silent(reading.units[clause.unit]):
            continue
        name = reading.know.rating_names[mark.name]
        for rated in reading.know.claims.ratings:
            if rated.name != name and rated.name != "another scale":
                yield put(reading, mark, rated.name)


def swap_study(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A study of another rating in place of the one that stands before a rating."""
    options = reading.know.guideline.options
    for rating in _ratings(reading):
        label = reading.know.rating_names[rating.name]
        clause = reading.clause_at(rating.start)
        if clause is None or reading.negated(rating) or reading.silent(reading.units[clause.unit]):
            continue
        for study in reading.studies((clause.start, rating.start))[-1:]:
            if not any(option.rating == label for option in reading.know.options_for(study.name)):
                continue
            for option in options:
                if option.rating != label:
                    yield put(reading, study, option.name)


def insert_study(reading: Reading, rng: random.Random) -> Iterator[str]:
    """An unrated study beside a rated one that is put forward."""
    know = reading.know
    unrated = [
        concept.name
        for concept in know.vocabulary.concepts.values()
        if concept.kind == "study" and know.is_unrated(concept.id) and not concept.unnamed
    ]
    for mark in reading.marks:
        if not mark.concept or not any(option.appropriate for option in know.options_for(mark.name)):
            continue
        clause = reading.clause_at(mark.start)
        if (
            clause is None
            or reading.units[clause.unit].question
            or reading.silent(reading.units[clause.unit])
        ):
            continue
        if reading.has((clause.start, clause.end), ("put-forward", "first-choice")) and not reading.negated(
            mark
        ):
            text = reading.text.text
            name = rng.choice(unrated)
            yield f"{text[: mark.end]} or {name}{text[mark.end :]}"


def swap_radiation(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """One study's level for another's: symbols and figures."""
    text = reading.text.text
    ranges = [
        f"{option.radiation.low_msv:g}-{option.radiation.high_msv:g}"
        for option in reading.know.guideline.options
        if option.radiation.low_msv is not None and option.radiation.high_msv is not None
    ]
    for match in re.finditer(r"\d+\s?(?:-|to)\s?\d+(?= ?mSv)", text):
        for other in ranges:
            if other != match.group() and other.replace("-", " to ") != match.group():
                yield text[: match.start()] + other + text[match.end() :]
    for match in re.finditer("☢+", text):
        for count in (1, 2, 3, 4, 5):
            if count != len(match.group()):
                yield text[: match.start()] + "☢" * count + text[match.end() :]


def change_number(reading: Reading, rng: random.Random) -> Iterator[str]:
    """A number of the draft changed."""
    text = reading.text.text
    for match in re.finditer(r"(?<![\w.\[-])\d{1,3}(?![\w.\]])", text):
        if (
            text[max(0, match.start() - 2) : match.start()].strip() == ""
            and text[match.end() : match.end() + 1] in ".)"
        ):
            continue
        yield (
            text[: match.start()] + str(int(match.group()) + rng.choice((2, 3, 7, 11))) + text[match.end() :]
        )


def change_unit(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """The unit of a figure changed; that a text has no figure in some unit stays so in another."""
    text = reading.text.text
    for unit, others in words().units.items():
        for match in re.finditer(rf"(?<=\d){unit}\b|(?<=\d[\s-]){unit}\b", text):
            for other in others:
                yield text[: match.start()] + other + text[match.end() :]


def insert_figure(reading: Reading, rng: random.Random) -> Iterator[str]:
    """An invented figure at the end of a sentence."""
    yield from _at_sentence_ends(reading, words().figures, rng)


def insert_reference(reading: Reading, rng: random.Random) -> Iterator[str]:
    """An invented reference at the end of a sentence."""
    yield from _at_sentence_ends(reading, words().references, rng)


def _at_sentence_ends(reading: Reading, additions: Sequence[str], rng: random.Random) -> Iterator[str]:
    text = reading.text.text
    for unit in reading.units:
        if unit.kind in ("sentence", "item") and not unit.question:
            end = unit.end - (text[unit.end - 1] in ".;:")
            yield text[:end] + rng.choice(additions) + text[end:]


OPERATORS: dict[str, Operator] = {
    "swap-rating": swap_rating,
    "swap-study": swap_study,
    "insert-study": insert_study,
    "swap-radiation": swap_radiation,
    "change-number": change_number,
    "change-unit": change_unit,
    "insert-figure": insert_figure,
    "insert-reference": insert_reference,
}
