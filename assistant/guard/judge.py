"""Rule `judge`: a sentence that reads like the wrong ones among thousands of labelled statements about the text.

The other rules know what to look for. This one was shown how sentences go wrong in small things, and refuses
what none of the others can name. It only refuses, never lets pass, and is asked last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.guard import courtesy, newclaims
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.settled import is_settled
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "judge"
_TITLES = frozenset({"heading", "header"})
_LONGEST_CONTEXT = 80
_SHORT = 6  # words up to which what is said leans on the question
_LONGEST_QUESTION = 200
_BETWEEN = " [SEP] "  # the model's own mark between two texts
_QUOTATION = "> \"'"  # before what is set off as a quotation
#: So many words, and so much of them from one statement of the text.
_LONG = 14
_FROM_ONE_STATEMENT = 0.57
_SURE = 0.995
_BELIEVED = 0.5  # the share of doubt from which an answer that nothing else settles is refused
_MESSAGE = "this reads like sentences that the guideline does not support ({share:.0%} sure)"


class FalseSentences(Protocol):
    """A model that tells false sentences from true ones. Both members raise ModelError where it cannot be run."""

    @property
    def threshold(self) -> float:
        """The probability from which a sentence is refused."""
        ...

    def score(self, texts: Sequence[str]) -> Sequence[float]:
        """Return the probability that each text is false."""
        ...


class Judge:
    """Puts what a draft says to a model, sentence by sentence."""

    def __init__(self, model: FalseSentences) -> None:
        self.model = model

    def check(self, reading: Reading, context: GuardContext) -> list[Finding]:
        """Refuse what is more probably false than the threshold. Texts put together from quotes are not judged."""
        if context.composed:
            return []
        units = [unit for unit in reading.units if is_judged(reading, unit)]
        units = [unit for unit in units if not is_settled(reading, unit)]
        polite = courtesy.spans(reading)
        units = [one for one in units if not any(a <= one.start and one.end <= b for a, b in polite)]
        if not units:
            return []
        shares = self.model.score([judged_text(reading, unit) for unit in units])
        return [
            finding(reading, RULE, _MESSAGE.format(share=share), unit.start, unit.end)
            for unit, share in zip(units, shares, strict=True)
            if not share < self.model.threshold  # what is no number is refused too
            and not (share < _SURE and _follows_statement(reading, unit))
        ]

    def believes(self, reading: Reading, unit: Unit) -> bool:
        """Whether what no rule settles is more probably true than false."""
        (share,) = self.model.score([judged_text(reading, unit)])
        return share < _BELIEVED


def is_judged(reading: Reading, unit: Unit) -> bool:
    """Whether a unit states something in words that are not the guideline's own."""
    return not (unit.question or unit.kind in _TITLES or reading.quotes_statement(unit))


def _follows_statement(reading: Reading, unit: Unit) -> bool:
    """Whether a long sentence takes most of what it says from one statement: it must look the more like a false one."""
    words = [word for word in reading.words_in(unit.start, unit.end) if word.text.isalnum()]
    return len(words) >= _LONG and newclaims.share(reading, unit) >= _FROM_ONE_STATEMENT


def judged_text(reading: Reading, unit: Unit) -> str:
    """What the judge reads: the nearest statement of the text, the question of a short answer, the words of a unit.

    A cell or bullet stands after what it stands under.
    """
    text = reading.text.text
    said = text[unit.start : unit.end].strip().lstrip(_QUOTATION)
    if unit.kind in ("cell", "item"):
        over = [text[start:end].strip() for start, end in reading.above(unit)[:2]]
        said = ": ".join([part[:_LONGEST_CONTEXT] for part in reversed(over) if part] + [said])
    question = " ".join(reading.question.split()) if len(said.split()) <= _SHORT else ""
    parts = [_nearest(reading, unit, question), question[-_LONGEST_QUESTION:], said]
    return _BETWEEN.join(part.replace(_BETWEEN.strip(), "") for part in parts if part)


def _nearest(reading: Reading, unit: Unit, question: str) -> str:
    """The statement of the text that shares most with a unit and the question that it answers."""
    evidence = reading.know.evidence
    keys = evidence.keys_in(reading, (unit.start, unit.end))
    if question:
        keys |= reading.know.content_keys(question)
    shares = evidence.nearest(keys)
    return max(shares, key=lambda one: one[0])[1].quote if shares else ""
