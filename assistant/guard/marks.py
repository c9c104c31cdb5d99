"""The signs in a stretch of a draft: cue phrases and concepts. Stretches that come again are remembered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from assistant.guard.cues import Cue, words_of
from assistant.guard.normal import lower_case

if TYPE_CHECKING:
    from assistant.guard.knowledge import Knowledge
    from assistant.vocabulary import Mention

_MARKER = re.compile(r"\[[\d\s,;-]{1,12}\]")
_DIGIT = re.compile(r"\d")
# An answer is put together from sentences of the guideline and few templates: most stretches are old friends.
_MOST_REMEMBERED = 4096
_LONGEST_REMEMBERED = 1_500


class Mark(NamedTuple):
    """A sign in the text: a cue group or a vocabulary concept (`concept` True)."""

    name: str
    start: int
    end: int
    concept: bool = False
    exact: bool = True


class MarkFinder:
    """Finds the marks of texts for one guideline."""

    def __init__(self, know: Knowledge) -> None:
        self._know = know
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._find)

    def find(self, text: str, offset: int = 0) -> list[Mark]:
        """Return the marks of a stretch that begins at `offset`, in the order of the text."""
        # Which citation a marker names says nothing: the same sentence bears another number in each answer.
        plain = _MARKER.sub(lambda match: _DIGIT.sub("0", match.group()), text) if "[" in text else text
        found = self._remembered(plain) if len(plain) <= _LONGEST_REMEMBERED else self._find(plain)
        if not offset:
            return list(found)
        return [
            Mark(name, start + offset, end + offset, concept, exact)
            for name, start, end, concept, exact in found
        ]

    def _find(self, text: str) -> tuple[Mark, ...]:
        know = self._know
        return tuple(_marks(know, know.find(text), know.cues.find(words_of(lower_case(text)))))


def _marks(know: Knowledge, mentions: Sequence[Mention], cues: Sequence[Cue]) -> list[Mark]:
    covered = [(cue.start, cue.end) for cue in cues if cue.group == "no-negator"]
    # "CT without contrast" and "usually not appropriate" are names; their "not" denies nothing else.
    covered += [(mention.start, mention.end) for mention in mentions if know.is_study(mention.concept)]
    covered += [(cue.start + 1, cue.end) for cue in cues if cue.group in know.rating_names]
    marks = [
        Mark(cue.group, cue.start, cue.end)
        for cue in cues
        if cue.group != "negator" or not any(start <= cue.start < end for start, end in covered)
    ]
    marks += [
        Mark(mention.concept, mention.start, mention.end, True, mention.exact)
        for mention in mentions
        if mention.exact or not know.is_plain(mention.text)
    ]
    marks.sort(key=lambda mark: (mark.start, mark.end))
    return marks
