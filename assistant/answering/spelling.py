"""Mends what was typed in haste: chat shorthand, dictated signs, and words that are one slip from a known one.

Only what is no word of any list is mended, and only to a word that the guidelines' own questions use, so that
a name that nobody listed stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"(?<![\w@#/)-])[A-Za-z][A-Za-z']*(?![\w@/(-])")
_SPACED = re.compile(r"(?<![\w-])(?:[A-Z](?:[. ] ?)){1,4}[A-Z]\b(?![\w-])")  # "C T", as it is dictated
_PLAIN = re.compile(r"[a-z]+")
_SHORTEST = 4  # a shorter word is as likely an abbreviation
_LONGEST = 40  # no known word is longer, and a longer one has too many slips to try
_LEAST = 3  # a word that stands in fewer of the questions is no target
_MAX_KEPT = 5_000


class Spelling:
    """`counts` are the words that may be meant and how often they occur, `valid` other words that stay."""

    def __init__(
        self,
        counts: Mapping[str, int],
        valid: Container[str],
        shorthand: Mapping[str, str],
        spoken: Mapping[str, str],
        names: Callable[[str], bool],
    ) -> None:
        """`names` says whether a word names a concept, exactly or by a slip."""
        self._counts = counts
        self._valid = valid
        self._shorthand = shorthand
        self._names = names
        self._kept: dict[str, str] = {}
        said = "|".join(sorted(map(re.escape, spoken), key=lambda one: (-len(one), one)))
        self._spoken = re.compile(rf"\s*\b(?:{said})\b", re.IGNORECASE) if said else None
        self._signs = {name.lower(): sign for name, sign in spoken.items()}

    def mend(self, text: str) -> str:
        """Return the text with its slips mended; a text of known words comes back as it is."""
        if self._spoken is not None:
            text = self._spoken.sub(lambda match: self._signs[match.group().strip().lower()] + " ", text)
        text = _SPACED.sub(lambda match: self._joined(match.group()), text)
        return _WORD.sub(lambda match: self._word(match.group()), text)

    def _joined(self, spaced: str) -> str:
        """Spaced letters as one word, where that names something."""
        word = "".join(letter for letter in spaced if letter.isalpha())
        return word if self._names(word) else spaced

    def _word(self, word: str) -> str:
        lower = word.lower()
        short = None if len(word) == 1 and word.isupper() else self._shorthand.get(lower)
        if short is not None:
            return short
        if (
            not _SHORTEST <= len(lower) <= _LONGEST
            or lower in self._counts
            or lower in self._valid
            or "'" in lower
        ):
            return word
        if any(letter.isupper() for letter in word[1:]):
            return word  # an abbreviation or a name
        mended = self._kept.get(lower)
        if mended is None:
            if len(self._kept) > _MAX_KEPT:
                self._kept.clear()
            mended = self._kept[lower] = lower if self._names(lower) else self._nearest(lower)
        return word if mended == lower else mended

    def _nearest(self, word: str) -> str:
        """The commonest known word one slip away; the first letter is rarely the wrong one."""
        near = [
            one
            for size in (len(word) - 1, len(word), len(word) + 1)
            for one, _, _ in process.extract(
                word, self._targets.get((word[0], size), ()), scorer=OSA.distance, score_cutoff=1, limit=None
            )
        ]
        return min(near, key=lambda one: (-self._counts[one], one), default=word)

    @cached_property
    def _targets(self) -> dict[tuple[str, int], list[str]]:
        """The words that may be meant, by first letter and length; a figure is no slip."""
        found: dict[tuple[str, int], list[str]] = {}
        for word, count in self._counts.items():
            if count >= _LEAST and len(word) >= _SHORTEST and _PLAIN.fullmatch(word):
                found.setdefault((word[0], len(word)), []).append(word)
        return found
