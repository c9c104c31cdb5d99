"""A therapy whose first day comes after the day of the account: "start date 1 Sept, and today is 20 Aug".

The days have no year: what lies more than half a year ahead is taken as past.
"""

from __future__ import annotations

import re

from assistant.types import Fact
from assistant.understanding.births import month_of
from assistant.understanding.dialogue_rules import StartCues
from assistant.vocabulary import Vocabulary

_YEAR = 12  # months
_DAYS = 31


class StartReader:
    """Compares the day on which a therapy begins with that of the account. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, cues: StartCues) -> None:
        """Compile the cues: `begins` and `today` hold the groups day and name."""
        self._vocabulary = vocabulary
        self._cues = cues
        self._begins, self._today = (
            re.compile(one or r"(?!)", re.IGNORECASE) for one in (cues.begins, cues.today)
        )

    def read(self, text: str, turn: int) -> tuple[Fact, ...]:
        """Return that the therapy has not been started, where the text gives both days and says so by them."""
        today = self._today.search(text)
        begins = self._begins.search(text) if today else None
        if today is None or begins is None:
            return ()
        wait = (self._month(begins) - self._month(today)) % _YEAR
        if not 0 < wait <= self._cues.late:
            return ()
        start, end = begins.span()
        name = self._cues.not_started
        kind = self._vocabulary.concepts[name].kind
        return (Fact(name, kind, "present", text[start:end], turn, start, end),)

    def _month(self, match: re.Match[str]) -> float:
        """The months from January, with the day as a part of one."""
        return (month_of(self._cues.months, match["name"]) or 0) + min(int(match["day"]), _DAYS) / _DAYS
