"""Whether a sentence leaves its subject to the question that it answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.guard.negation import FINITE

if TYPE_CHECKING:
    from assistant.guard.reading import Reading
    from assistant.guard.units import Unit

_ANSWER = 12  # characters of a bare "Yes, it is."
_FRAGMENT = 6  # so few words without a verb leave their subject to the question
_OPENINGS = frozenset(
    {"yes", "no", "because", "not", "even", "only", "also", "never", "always", "it", "they", "its", "their"}
)
#: "What if ...?": all of the answer is under that condition.
_SUPPOSED = re.compile(
    r"\W*(?:and\s+|so\s+)?(?:what (?:if|happens|about)|suppose|what does it (?:matter|cost))\b", re.IGNORECASE
)


def _is_of_list(one: Unit, unit: Unit) -> bool:
    """Whether two units are items of one list: each of them answers the question."""
    return one.kind == unit.kind == "item" and one.block == unit.block


def on_question(reading: Reading, index: int) -> bool:
    """Whether a unit opens the answer and names no subject of its own."""
    unit = reading.units[index]
    if unit.kind == "heading" or any(
        (one.end - one.start > _ANSWER or one.kind == "heading") and not _is_of_list(one, unit)
        for one in reading.units[:index]
    ):
        return False
    words = [word.text for word in reading.words_in(unit.start, unit.end) if word.text.isalpha()]
    if not words or reading.studies((unit.start, unit.end)):
        return False
    bare = len(words) <= _FRAGMENT and FINITE.isdisjoint(words)
    return words[0] in _OPENINGS or bare or bool(reading.question and _SUPPOSED.match(reading.question))
