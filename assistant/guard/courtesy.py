"""Salutations, sign-offs and addressees: what a letter or chat says to a person and of nothing."""

from __future__ import annotations

import re

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Span

_WORD = re.compile(r"[^\W\d_][\w'.-]*")
_ADDRESSED = 6
_SIGNED = 5


def spans(reading: Reading) -> list[Span]:
    """Return the stretches of a draft that only greet, address or take leave."""
    return reading.once("courtesy", lambda: _find(reading))


def _find(reading: Reading) -> list[Span]:
    data = reading.know.claims.courtesy
    lower = reading.text.lower
    found: list[Span] = []
    closing = False
    for number, unit in enumerate(reading.units):
        text = lower[unit.start : unit.end].lstrip("*_ ").removeprefix("with ")
        if closing and _short(text, _SIGNED) and not reading.studies((unit.start, unit.end)):
            found.append((unit.start, unit.end))
            continue
        closing = False
        opening = next((word for word in data.greetings if _begins(text, word)), None)
        if opening is not None:
            end = _end_of_address(lower, unit.start, unit.end)
            if _short(lower[unit.start : end], _ADDRESSED):
                found.append((unit.start, end))
        elif number >= len(reading.units) - 4 and any(_begins(text, word) for word in data.farewells):
            closing = _short(text, _ADDRESSED)
            if closing:
                found.append((unit.start, unit.end))
        elif any(_begins(text, f"{word}:") for word in data.addressees) and _short(text, _ADDRESSED):
            found.append((unit.start, unit.end))
    return found


def covers(reading: Reading, mark: Mark) -> bool:
    """Return whether a sign stands in such words ("good day" tells no time)."""
    return any(start <= mark.start and mark.end <= end for start, end in spans(reading))


def _begins(text: str, phrase: str) -> bool:
    return text.startswith(phrase) and not text[len(phrase) : len(phrase) + 1].isalpha()


def _short(text: str, most: int) -> bool:
    return len(_WORD.findall(text)) <= most


def _end_of_address(lower: str, start: int, end: int) -> int:
    for position in range(start, end):
        if lower[position] in ",!:;\n" or lower.startswith(" - ", position):
            return position
    return end
