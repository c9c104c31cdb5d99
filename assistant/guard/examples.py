"""The patient of a text that answers no question: an age, a cycle and a time past that claim nothing."""

from __future__ import annotations

import re

from assistant.guard.context import GuardContext
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading

_AGE = re.compile(r"\s(?:she|he|they)\b|[\s-]*(?:years?|yrs?)[\s-]*(?:old|of age)\b|[\s-]*y/?o\b|\s?[fm]\b")
_CYCLE = re.compile(r"\b(?:cycle|age|aged|being)\s$")
_AGO = re.compile(r"\s(?:years?|months?|weeks?|days?)\sago\b")


def tells_of_patient(reading: Reading, span: tuple[int, int], context: GuardContext) -> bool:
    """Whether a number gives a patient's age or cycle in a text that answers no question: its own example."""
    if any(context.user_texts) or context.question:
        return False
    lower = reading.text.lower
    return bool(_AGE.match(lower, span[1])) or bool(_CYCLE.search(lower, max(0, span[0] - 8), span[0]))


def is_ago(lower: str, mark: Mark, said: set[str]) -> bool:
    """Whether a text that answers no question tells when something happened to its own patient ("last year")."""
    near = lower[max(0, mark.start - 8) : mark.end + 4]
    return not said and ("last " in near or near.endswith(" ago"))


def is_time_ago(lower: str, end: int) -> bool:
    """Whether "years ago" or its like follows a number that ends here."""
    return bool(_AGO.match(lower, end))
