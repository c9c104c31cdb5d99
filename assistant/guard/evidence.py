"""The statements of a guideline, indexed by content: which of them a stretch of a draft is about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.guard.cues import Word, words_of
from assistant.guard.normal import normalise
from assistant.guard.stems import stem
from assistant.guidelines.pack import Guideline
from assistant.vocabulary import Vocabulary

if TYPE_CHECKING:
    from assistant.guard.reading import Reading
    from assistant.guard.units import Span

_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Source:
    """A statement: its content words (stems) and concepts, and the heading that it stands under."""

    id: str
    quote: str
    words: tuple[Word, ...]
    keys: frozenset[str]
    heading: int


class Evidence:
    """Built once for a guideline."""

    def __init__(
        self,
        guideline: Guideline,
        vocabulary: Vocabulary,
        characters: dict[str, str],
        spelling: dict[str, str],
        stop: frozenset[str],
    ) -> None:
        self._spelling, self._stop = spelling, stop
        text = guideline.source_text
        starts = [text.find(heading) for heading in guideline.metadata.headings]
        self.headings = [
            frozenset(self.keys(words_of(normalise(heading, characters).lower), ()))
            for heading in guideline.metadata.headings
        ]
        self.sources: list[Source] = []
        for item in guideline.statements.values():
            quote = normalise(item.quote, characters)
            words = words_of(quote.lower)
            concepts = {mention.concept for mention in vocabulary.find(quote.text)}
            place = text.find(item.quote)
            heading = max((n for n, start in enumerate(starts) if 0 <= start <= place), default=-1)
            self.sources.append(
                Source(item.id, item.quote, tuple(words), self.keys(words, concepts), heading)
            )
        counts: dict[str, int] = {}
        for source in self.sources:
            for key in source.keys:
                counts[key] = counts.get(key, 0) + 1
        total = len(self.sources)
        self._weights = {key: math.log(1 + total / count) for key, count in counts.items()}
        self._unknown = math.log(1 + total)

    def keys(self, words: Iterable[Word], concepts: Iterable[str]) -> frozenset[str]:
        """Content words as stems, figures, and concepts."""
        stems = {
            self._stem(word.text)
            for word in words
            if _NUMBER.match(word.text) or (len(word.text) > 2 and word.text.isalpha())
        }
        return frozenset({one for one in stems if one not in self._stop} | {f"#{name}" for name in concepts})

    def keys_in(self, reading: Reading, span: Span) -> frozenset[str]:
        """Content words, figures and concepts of a stretch of a draft."""
        concepts = {mark.name for mark in reading.within(*span) if mark.concept}
        return self.keys(reading.words_in(*span), concepts)

    def known(self, keys: frozenset[str]) -> frozenset[str]:
        """Return those of the keys that any statement speaks of."""
        return frozenset(key for key in keys if key in self._weights)

    def of(self, statements: Iterable[str]) -> frozenset[str]:
        """Return what these statements speak of."""
        wanted = set(statements)
        return frozenset(key for source in self.sources if source.id in wanted for key in source.keys)

    @lru_cache(maxsize=512)  # noqa: B019 - one Evidence lives as long as the program
    def nearest(self, keys: frozenset[str]) -> list[tuple[float, Source]]:
        """Return every statement with the share of the keys' weight that it holds."""
        whole = sum(self._weights.get(key, self._unknown) for key in keys)
        if not whole:
            return []
        return [
            (sum(self._weights[key] for key in keys & source.keys) / whole, source) for source in self.sources
        ]

    def _stem(self, word: str) -> str:
        return stem(word, self._spelling)
