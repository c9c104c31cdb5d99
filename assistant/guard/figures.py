"""Radiation figures in a text: symbols, and ranges in millisievert."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.guard.counted import counted_symbols
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

SIEVERT = ("msv", "millisievert", "millisieverts", "milli-sievert", "milli-sieverts")
_DOSE = "dose-cue"
_NUMBER = r"\d{1,4}(?:\.\d{1,3})?"
_FIGURE = re.compile(
    rf"(?P<symbols>☢(?:\s?☢)*)"
    rf"|(?<![\d.])(?P<low>{_NUMBER})\s*(?:(?:m\s?sv)?\s*(?:-|to|and|bis|/)\s*(?P<high>{_NUMBER})\s*)?"
    r"(?P<unit>milli-?sieverts?|micro-?sieverts?|m\s?sv|usv|sv|mgy|cgy|gy|mbq|gbq|mci|sieverts?|gray)\b"
)
_BARE = re.compile(
    rf"(?<![\d./-])({_NUMBER})\s*(?:-|to)\s*({_NUMBER})(?!\d|[./-]\d|\s*%|\s*-?(?:year|month|week|day|hour|min))"
)
_AGAINST = re.compile(r"\b(?:vs|versus|against|compared (?:with|to)|than|v)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at [start, end): a number of symbols, or one value or a range with its unit of measure."""

    start: int
    end: int
    symbols: int = 0
    low: float | None = None
    high: float | None = None
    unit: str = ""


def figures_of(reading: Reading, unit: Unit) -> list[Figure]:
    """Return the radiation figures of a unit; in a column of doses the unit of measure may be left out."""
    found = figures(reading.text.lower, unit.start, unit.end)
    found += [Figure(*span, symbols=value) for span, value in counted_symbols(reading, unit)]
    above = unit.kind == "cell" and any(reading.has(span, (_DOSE,)) for span in reading.above(unit))
    said = reading.has((unit.start, unit.end), (_DOSE,)) or reading.know.mentions(reading.question, _DOSE)
    if (above and not found) or said or any(figure.unit in SIEVERT for figure in found):
        # "10-30 mSv against 1-10": the unit of measure is said once.
        taken = [(figure.start, figure.end) for figure in found]
        for match in _BARE.finditer(reading.text.lower, unit.start, unit.end):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                low, high = float(match[1]), float(match[2])
                found.append(Figure(match.start(), match.end(), 0, low, high, SIEVERT[0]))
    return sorted(found, key=lambda figure: figure.start)


def figures(lower: str, start: int, end: int) -> list[Figure]:
    """Return the radiation figures in [start, end)."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(lower, start, end):
        if match["symbols"]:
            found.append(Figure(match.start(), match.end(), symbols=match["symbols"].count("☢")))
        else:
            high = float(match["high"]) if match["high"] else None
            unit = match["unit"].replace(" ", "")
            found.append(Figure(match.start(), match.end(), 0, float(match["low"]), high, unit))
    return found


def against_itself(reading: Reading, stated: Sequence[Figure]) -> list[Figure]:
    """Return the figures that are set against the same figure before them ("1-2 against 1-2", "1-2 than x's 1-2")."""
    found: list[Figure] = []
    for kind in (True, False):
        own = [figure for figure in stated if bool(figure.symbols) is kind]
        for first, second in pairwise(own):
            same = (first.symbols, first.low, first.high) == (second.symbols, second.low, second.high)
            if same and _AGAINST.search(reading.text.lower, first.end, second.start):
                found.append(second)
    return found
