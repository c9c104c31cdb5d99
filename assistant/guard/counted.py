"""Radiation symbols that are told by their number: "three symbols", "CT gets four"."""

from __future__ import annotations

from assistant.guard.cues import Word
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit

#: The cue group of words for a symbol; a scale has no more of them than this.
SYMBOL = "symbol-word"
_MOST = 9
_NEAR = 3
_AFTER = frozenset(
    {"for", "and", "to", "versus", "vs", "against", "but", "while", "or", "on", "in", ",", ".", ";", ")", "("}
)
_DIFFERENCE = frozenset({"more", "fewer", "less", "extra", "additional"})
#: Behind the symbol, a step on the scale ("one symbol up").
_STEP = frozenset({"up", "higher", "above", "beyond", "lower", "down", "below"})


def counted_symbols(reading: Reading, unit: Unit) -> list[tuple[Span, int]]:
    """Return the number words of a unit that count radiation symbols, each with its value."""
    if not reading.has((unit.start, unit.end), (SYMBOL,)):
        return []
    found: list[tuple[Span, int]] = []
    words = reading.words_in(unit.start, unit.end)
    for place, word in enumerate(words):
        value = _value(reading, word)
        following = words[place + 1 : place + 1 + _NEAR]
        if value is None or not _counts(reading, word, following) or _is_difference(words, place):
            continue
        found.append(((word.start, word.end), value))
    return found


def stepped(reading: Reading, unit: Unit) -> list[tuple[Span, int]]:
    """Return the number words of a unit that say by how many symbols two studies differ ("one symbol up")."""
    if not reading.has((unit.start, unit.end), (SYMBOL,)):
        return []
    words = reading.words_in(unit.start, unit.end)
    return [
        ((word.start, word.end), value)
        for place, word in enumerate(words)
        if (value := _value(reading, word)) is not None
        and _is_difference(words, place)
        and reading.has((word.end, words[min(place + _NEAR, len(words) - 1)].end), (SYMBOL,))
    ]


def _value(reading: Reading, word: Word) -> int | None:
    value = int(word.text) if word.text.isdecimal() and len(word.text) == 1 else None
    value = reading.know.claims.numbers.get(word.text, value)
    return value if value is not None and 0 < value <= _MOST else None


def _counts(reading: Reading, word: Word, following: list[Word]) -> bool:
    """Whether a symbol follows, or (after a word: a numeral may be a dose) nothing that could be counted."""
    if not word.text.isdecimal() and (not following or following[0].text in _AFTER):
        return True
    return reading.has((following[0].start, following[-1].end), (SYMBOL,))


def _is_difference(words: list[Word], place: int) -> bool:
    near = [word.text for word in words[place + 1 : place + 1 + _NEAR]]
    return not _DIFFERENCE.isdisjoint(near) or not _STEP.isdisjoint(near[1:2])
