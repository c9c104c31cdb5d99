"""The words that the vocabulary's word lists hold: what else is typed is unknown to the assistant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from assistant.answering.evidence_reader import words_of


class WordLists:
    """The words of some texts, told apart when one is first asked for: most questions have no unknown word."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are the lists, as they stand in their files."""
        self._texts = texts

    def __contains__(self, word: object) -> bool:
        """Whether a lower-case word stands in any list."""
        return word in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        texts, self._texts = self._texts, ()
        return frozenset(word for text in texts for word in words_of(text))
