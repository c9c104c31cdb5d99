"""The guideline's own sentences, word for word: they say what it says, wherever a rule may stumble over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.guard.context import GuardContext
from assistant.guidelines.pack import Guideline
from assistant.types import Finding
from assistant.vocabulary import Vocabulary

# A sentence of the source can still stand in the wrong place: these rules judge the place, not the words.
_OF_PLACE = frozenset({"option", "citation", "guard-failure"})
_OF_PATIENT = "scope"
_MOST_REMEMBERED = 64  # drafts, which come again


class Span(NamedTuple):
    """A stretch [start, end) of a draft that stands in the source; `study` where it names a rated study."""

    start: int
    end: int
    study: bool


class Verbatim:
    """Finds the quotes of one guideline in drafts."""

    def __init__(self, guideline: Guideline, vocabulary: Vocabulary) -> None:
        """Reads which quotes name a rated study."""
        studies = {option.concept for option in guideline.options}
        self._quotes = {
            " ".join(one.quote.split()): any(
                mention.concept in studies for mention in vocabulary.find(one.quote)
            )
            for one in guideline.statements.values()
        }
        self._remembered = lru_cache(_MOST_REMEMBERED)(lambda draft: _places(self._quotes, draft))

    def spans(self, draft: str, context: GuardContext) -> tuple[Span, ...]:
        """Return where quotes, and the assistant's own phrases, stand in the draft."""
        if not context.composed:
            # Of a text by anybody else a quote proves nothing: it may be said of another thing.
            return ()
        own = dict.fromkeys((one for one in context.own_phrases if one), False)
        if own.keys() & self._quotes.keys():
            return _places({**self._quotes, **own}, draft)
        return (*self._remembered(draft), *_places(own, draft))

    @staticmethod
    def clears(finding: Finding, spans: Sequence[Span]) -> bool:
        """Whether a finding is about nothing but the guideline's own words."""
        if finding.rule in _OF_PLACE:
            return False
        return any(
            one.start <= finding.start
            and finding.end <= one.end
            and not (finding.rule == _OF_PATIENT and one.study)
            for one in spans
        )


def _places(phrases: Mapping[str, bool], draft: str) -> tuple[Span, ...]:
    """Where phrases stand in a draft."""
    found = []
    for phrase, study in phrases.items():
        start = draft.find(phrase)
        while start >= 0:
            found.append(Span(start, start + len(phrase), study))
            start = draft.find(phrase, start + 1)
    return tuple(found)
