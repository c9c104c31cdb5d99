"""Operators on what is said: claims turned around, results and readings swapped, hedges and patients widened."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.guard.reading import Reading
from evals.mutation.words import Operator, put, words


def turn_claim(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A negation added before what the text affirms, or dropped before what it denies."""
    index = reading.know.index.claims
    for clause in reading.clauses:
        if reading.units[clause.unit].question:
            continue
        for mark in reading.within(clause.start, clause.end):
            for claim in index.get(mark.name, ()):
                about = all(reading.in_context(clause.unit, clause, names, "clause") for names in claim.about)
                if not about or claim.studies or reading.has((clause.start, clause.end), claim.unless):
                    continue
                denied = reading.negated(mark, clause)
                if mark.name in claim.affirm and not denied:
                    yield f"{reading.text.text[: mark.start]}not {reading.text.text[mark.start :]}"
                elif mark.name in claim.deny and denied:
                    negators = [
                        one for one in reading.find((clause.start, mark.start), ("negator",))
                        if reading.text.lower[one.start : one.end] in ("not", "rather than", "no")
                    ]  # fmt: skip
                    if len(negators) == 1:
                        negator = reading.text.lower[negators[0].start : negators[0].end]
                        yield put(reading, negators[0], "and" if "rather" in negator else "")


def swap_pathway(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A positive result for a negative one, and so on, where a step or reading follows from it."""
    swaps = words().results
    steps = {name for pathway in reading.know.claims.pathways for name in pathway.cues}
    text = reading.text.text
    for unit in reading.units:
        spans = [(unit.start, unit.end), *[span for span in (unit.label,) if span is not None]]
        if unit.question or not reading.has((unit.start, unit.end), steps) or reading.silent(unit):
            continue
        if sum(bool(re.search(rf"\b{word}\b", text[unit.start : unit.end], re.I)) for word in swaps) > 1:
            continue
        for span in spans:
            for word, other in swaps.items():
                for match in re.finditer(rf"\b{word}\b", text[slice(*span)], re.I):
                    start = span[0] + match.start()
                    yield text[:start] + other + text[start + len(word) :]


def swap_flare(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """Progression for healing where flare is spoken of, and falling uptake for rising."""
    swaps = words().flare_readings
    text = reading.text.text
    for unit in reading.units:
        if reading.has((unit.start, unit.end), words().flare) and not unit.question:
            for word, other in swaps.items():
                for match in re.finditer(rf"\b{word}\b", text[unit.start : unit.end]):
                    start = unit.start + match.start()
                    yield text[:start] + other + text[start + len(word) :]


def widen_population(reading: Reading, rng: random.Random) -> Iterator[str]:
    """More patients than the text covers."""
    text = reading.text.text
    for unit in reading.units:
        if not reading.has((unit.start, unit.end), ("in-scope", "who-fits")) or unit.question:
            continue
        if reading.has((unit.start, unit.end), ("not-in-scope", "negator", "condition")):
            continue
        for match in re.finditer(rf"\b(?:{'|'.join(words().population)})\b", text[unit.start : unit.end]):
            end = unit.start + match.end()
            yield text[:end] + rng.choice(words().wider) + text[end:]


def make_certain(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A hedge turned into a certainty."""
    text = reading.text.text
    for word, other in words().certain.items():
        for match in re.finditer(rf"\b{word}\b(?!['’])", text):
            clause = reading.clause_at(match.start())
            if clause is None or reading.units[clause.unit].question:
                continue
            if reading.silent(reading.units[clause.unit]) or _is_month(text, match):
                continue
            if "appropriate" not in text[match.end() : match.end() + 18].lower():
                yield text[: match.start()] + other + text[match.end() :]


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether the word stands in a date: after a day, or before a day or year."""
    return bool(re.search(r"\d\s$", text[: match.start()]) or re.match(r"\s\d", text[match.end() :]))


OPERATORS: dict[str, Operator] = {
    "turn-claim": turn_claim,
    "swap-pathway": swap_pathway,
    "swap-flare": swap_flare,
    "widen-population": widen_population,
    "make-certain": make_certain,
}
