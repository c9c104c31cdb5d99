"""What a text denies for an earlier time and then tells as come since: "never had a bad back, now can't sleep for it".

A denial reaches the finding that is named, and the words that bring it back name none ("until last week", "now it
wakes her"): they make the denied finding a new one. What merely goes on about the patient ("now on cycle 4") does not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.understanding.dialogue import Dialogue
from assistant.understanding.items import Item, ItemReader

_CLAUSE_END = re.compile(r"[.,;:!?\n(–—]|\s-\s|\bbut\b", re.IGNORECASE)


class ArrivalReader:
    """Finds denied findings that have come since. Stateless between calls."""

    def __init__(self, dialogue: Dialogue, reader: ItemReader) -> None:
        """`reader` tells which concepts are findings."""
        self._rule = dialogue.file.arrivals
        self._reader = reader
        self._since, self._now = (
            re.compile("|".join(cues.patterns) or r"(?!)", re.IGNORECASE)
            for cues in (self._rule.since, self._rule.now)
        )

    def settle(self, text: str, items: list[Item], qualifiers: dict[int, set[str]]) -> None:
        """Make the findings that a text denies for earlier present, with the qualifier of what is new."""
        places = [
            place
            for place, item in enumerate(items)
            if self._reader.selects(self._rule.targets, item.mention.concept)
        ]
        for index, place in enumerate(places):
            if items[place].status != "absent" or items[place].mention.reading is not None:
                continue
            begin = items[place].mention.end
            following = items[places[index + 1]].mention.start if index + 1 < len(places) else len(text)
            if not self._has_come(text, begin, following):
                continue
            items[place] = replace(items[place], status="present")
            qualifiers[place] = (qualifiers.get(place, set()) - self._rule.without) | {self._rule.qualifier}

    def _has_come(self, text: str, begin: int, following: int) -> bool:
        """Whether words behind a denied finding say so; what tells of the next finding does not count."""
        stop = min(len(text), begin + self._rule.reach)
        if self._since.search(text[begin : min(stop, following)]):
            return True
        for match in self._now.finditer(text, begin, stop):
            ends = _CLAUSE_END.search(text, match.end())
            if following >= (ends.start() if ends else len(text)):
                return True
        return False
