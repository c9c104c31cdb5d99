"""A text as the matcher reads it: lower case, plain Latin letters, and the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A dotted abbreviation ("y.o.") is one token; an empty line is one, so that no phrase runs over a paragraph.
_TOKEN = re.compile(r"(?:[a-z]\.){2,}[a-z]?(?![a-z])|[a-z]+|\d+|\n[ \t\r]*\n|[^\sa-z0-9]")

# Patterns with several optional spaces take long over long runs of them; two of a kind say as much.
_LONG_SPACE = re.compile(r"\s{3,}")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """`text` (lower case) and `cased` have the same length; `offsets[i]` is where character i stood.

    `offsets` is None where folding moved nothing.
    """

    text: str
    cased: str
    offsets: Sequence[int] | None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original text behind `[start, end)` of the folded one."""
        if self.offsets is None or end <= start:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists: words as written in the folded text, and their half-open character spans."""

    words: list[str]
    starts: list[int]
    ends: list[int]


class Folder:
    """Folds characters by Unicode compatibility and the table given (homoglyphs, dashes, quotes)."""

    def __init__(self, characters: Mapping[str, str]) -> None:
        self._table: dict[int, str] = {ord(char): plain for char, plain in characters.items()}

    def fold(self, text: str) -> FoldedText:
        """Any text, in linear time."""
        cased, offsets = self._unfancy(text)
        if _LONG_SPACE.search(cased) is not None:
            cased, offsets = _squeeze(cased, offsets)
        lowered = cased.lower()
        if len(lowered) != len(cased):
            lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in cased)
        return FoldedText(lowered, cased, offsets)

    def _unfancy(self, text: str) -> tuple[str, list[int] | None]:
        """The text in plain characters, and their places in the original where any has moved."""
        if text.isascii():
            return text, None
        table = self._table
        moved = False
        for char in set(text):
            if char > "\x7f":
                plain = table.get(ord(char))
                if plain is None:
                    plain = table[ord(char)] = _plain(char)
                moved = moved or len(plain) != 1
        if not moved:
            return text.translate(table), None
        offsets: list[int] = []
        for index, char in enumerate(text):
            plain = table.get(ord(char), char) if char > "\x7f" else char
            offsets.extend([index] * len(plain))
        return text.translate(table), offsets


def tokenize(text: str) -> Tokens:
    """Words, digit runs and single signs of a folded text; white space separates and is dropped."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        words.append(match.group())
        start, end = match.span()
        starts.append(start)
        ends.append(end)
    return Tokens(words, starts, ends)


def split_words(text: str) -> list[str]:
    """The words of `tokenize` without their spans."""
    return _TOKEN.findall(text)


def _squeeze(text: str, offsets: Sequence[int] | None) -> tuple[str, list[int]]:
    """The text with long runs of white space cut to two signs, and where each character stood."""
    parts: list[str] = []
    places: list[int] = []
    reach = 0
    for match in _LONG_SPACE.finditer(text):
        start, end = match.span()
        first = text.find("\n", start, end)
        second = text.find("\n", first + 1, end) if first >= 0 else -1
        kept = (start, start + 1) if second < 0 else (first, second)  # two line ends part paragraphs
        parts += [text[reach:start], text[kept[0]], text[kept[1]]]
        places.extend(range(reach, start))
        places.extend(kept)
        reach = end
    parts.append(text[reach:])
    places.extend(range(reach, len(text)))
    return "".join(parts), places if offsets is None else [offsets[place] for place in places]


def _plain(char: str) -> str:
    """A character without accents, width and style; '' for what cannot be seen."""
    if unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return ""
    decomposed = unicodedata.normalize("NFKD", char)
    kept = "".join(part for part in decomposed if not unicodedata.combining(part))
    # A space stands for anything without a visible part, so that words are never glued together.
    return kept or " "
