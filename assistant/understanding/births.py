"""An age that a text gives as a date of birth and a day to count from: "dob 30 nov 2008 and today is 26 nov 2025".

The date itself is an identifier and is never kept: what is read of it is the age in whole years. Without a day in the
text nothing is counted, for the same question gives the same answer on every day: a year so late that it may be a
child's leaves the age open, and it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from assistant.types import Fact
from assistant.understanding.dialogue_rules import BirthCues
from assistant.vocabulary import Vocabulary

_MONTHS = 12
Month = TypeVar("Month", int, float)


def month_of(months: Mapping[str, Month], name: str) -> Month | None:
    """Return the month whose name `name` begins with the way that `months` knows it; None for no month."""
    return next((at for start, at in months.items() if name.lower().startswith(start)), None)


class BirthReader:
    """Reads ages from dates of birth by the cues of the data. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, cues: BirthCues) -> None:
        """Compile the cues: `born` and `today` hold the groups day, number, name and year."""
        self._vocabulary = vocabulary
        self._cues = cues
        self._born, self._today = (
            re.compile(one or r"(?!)", re.IGNORECASE) for one in (cues.born, cues.today)
        )

    def read(self, text: str, turn: int) -> tuple[Fact, ...]:
        """Return the age as a fact, if the text gives both dates and they leave no doubt.

        Its words are those of the later date, without its figures where they look like an identifier.
        """
        born = self._born.search(text)
        if born is None:
            return ()
        today = self._today.search(text, born.end()) or self._today.search(text)
        if today is None or today.start() < born.end() <= today.end():
            return self._unsettled(born, turn)
        ages = {
            now.year - then.year - ((now.month, now.day) < (then.month, then.day))
            for then in self._dates(born)
            for now in self._dates(today)
        }
        low, high = self._cues.bounds
        if len(ages) != 1 or not low <= (age := ages.pop()) <= high:
            return ()
        start, end = today.span() if today["name"] else today.span("cue")
        kind = self._vocabulary.concepts[self._cues.concept].kind
        return (
            Fact(self._cues.concept, kind, "present", text[start:end], turn, start, end, float(age), "year"),
        )

    def _unsettled(self, born: re.Match[str], turn: int) -> tuple[Fact, ...]:
        """Return that the age is to be asked for, where a late year of birth stands without a day to count from."""
        if not self._cues.unsettled or int(born["year"]) < self._cues.late:
            return ()
        start, end = born.span("cue")
        kind = self._vocabulary.concepts[self._cues.unsettled].kind
        return (Fact(self._cues.unsettled, kind, "present", born.string[start:end], turn, start, end),)

    def _dates(self, match: re.Match[str]) -> list[date]:
        """The days that a date may mean: of "3/5/2008" both."""
        groups: Mapping[str, str | None] = match.groupdict()
        year, day, name, number = (groups.get(key) for key in ("year", "day", "name", "number"))
        if not year or not day:
            return []
        if name:
            pairs = {(int(day), month_of(self._cues.months, name) or 0)}
        else:
            one, other = int(day), int(number or 0)
            pairs = {(one, other), (other, one)}
        found = []
        for of_month, month in sorted(pairs):
            if 1 <= month <= _MONTHS:
                try:
                    found.append(date(int(year), month, of_month))
                except ValueError:
                    continue
        return found
