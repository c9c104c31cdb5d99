"""The guideline's own sentences, word for word: they say what it says, wherever a rule may stumble over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.guard.context import GuardContext
from assistant.guidelines.pack import Guideline
from assistant.types import Finding
from assistant.vocabulary import Vocabulary

# A sentence of the source can still stand in the wrong place: these rules judge the place, not the words.
_OF_PLACE = frozenset({"option", "citation", "guard-failure"})
_OF_PATIENT = "scope"


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

    def spans(self, draft: str, context: GuardContext) -> tuple[Span, ...]:
        """Return where quotes, and the assistant's own phrases, stand in the draft."""
        if not context.composed:
            # Of a text by anybody else a quote proves nothing: it may be said of another thing.
            return ()
        phrases = {**self._quotes, **dict.fromkeys((one for one in context.own_phrases if one), False)}
        found = []
        for phrase, study in phrases.items():
            start = draft.find(phrase)
            while start >= 0:
                found.append(Span(start, start + len(phrase), study))
                start = draft.find(phrase, start + 1)
        return tuple(found)

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
