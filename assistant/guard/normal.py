"""A draft as the rules read it: Unicode tricks undone, with the way back to the draft's own offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FOREIGN = re.compile(r"[^\x00-\x7f]")
#: Format characters, accents and enclosing marks: they change how a text looks and not what it says.
_UNSEEN = ("Cf", "Mn", "Me", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class NormalText:
    """`text` keeps its case; `lower` has the same length; `offsets[i]` is where character i comes from."""

    text: str
    lower: str
    offsets: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the draft behind [start, end) of this text."""
        if not self.offsets:
            return 0, 0
        last = len(self.offsets) - 1
        begin = self.offsets[min(max(start, 0), last)]
        return begin, max(begin, self.offsets[min(max(end - 1, start, 0), last)] + 1)

    def without(self, spans: Sequence[tuple[int, int]]) -> NormalText:
        """The text with a space in the place of each span; spans are in order and do not overlap."""
        texts: list[str] = []
        lowers: list[str] = []
        offsets: list[int] = []
        begin = 0
        for start, end in spans:
            texts += [self.text[begin:start], " "]
            lowers += [self.lower[begin:start], " "]
            offsets += [*self.offsets[begin:start], self.offsets[start]]
            begin = end
        return NormalText(
            "".join((*texts, self.text[begin:])),
            "".join((*lowers, self.lower[begin:])),
            (*offsets, *self.offsets[begin:]),
        )


def normalise(text: str, characters: Mapping[str, str]) -> NormalText:
    """Fold compatibility forms, look-alike letters and invisible characters; linear in the text."""
    if text.isascii():
        return NormalText(text, text.lower(), range(len(text)))
    parts: list[str] = []
    offsets: list[int] = []
    known: dict[str, str] = dict(characters)
    reach = 0
    for match in _FOREIGN.finditer(text):
        index, char = match.start(), match[0]
        parts.append(text[reach:index])
        offsets.extend(range(reach, index))
        plain = known.get(char)
        if plain is None:
            plain = known[char] = _plain(char, characters)
        parts.append(plain)
        offsets.extend([index] * len(plain))
        reach = index + 1
    parts.append(text[reach:])
    offsets.extend(range(reach, len(text)))
    folded = "".join(parts)
    return NormalText(folded, lower_case(folded), offsets)


def lower_case(text: str) -> str:
    """Return the text in lower case, character by character: offsets stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _plain(char: str, characters: Mapping[str, str]) -> str:
    if unicodedata.category(char) in _UNSEEN:
        return ""
    decomposed = unicodedata.normalize("NFKD", char)
    kept = "".join(part for part in decomposed if not unicodedata.combining(part))
    # A space stands for anything without a visible part, so that words are never glued together.
    return "".join(characters.get(part, part) for part in kept) or " "
