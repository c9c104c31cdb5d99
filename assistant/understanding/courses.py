"""Whether the words around a therapy leave open that it runs.

"Neoadjuvant docetaxel, new hip pain" says plainly that it runs, and so does "cycle 3 of neoadjuvant docetaxel".
Of "neoadjuvant docetaxel kicks off on Thursday" that cannot be said, nor of "a script for neoadjuvant
letrozole": what stands beside the therapy is more than the plain words of the data, and is not looked up in a
list of plans. Who is not said to be on a therapy is asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.types import AssertionStatus
from assistant.understanding.dialogue import Cues
from assistant.understanding.dialogue_rules import Courses
from assistant.understanding.items import Item
from assistant.vocabulary import Vocabulary

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REACH = 90  # characters on either side of a therapy in which its course is told
_LIVE: frozenset[AssertionStatus] = frozenset({"present", "possible", "hypothetical"})


class CourseReader:
    """Finds the therapies of a turn that are named in a way which leaves their course open."""

    def __init__(self, vocabulary: Vocabulary, courses: Courses) -> None:
        """`courses` holds the plain words and the cues."""
        self._vocabulary = vocabulary
        self._courses = courses
        self._edges = re.compile("|".join(courses.edges.patterns) or r"(?!)", re.IGNORECASE)
        self._stops = re.compile("|".join(courses.stops.patterns) or r"(?!)", re.IGNORECASE)
        self._running = Cues(courses.running)
        self._ahead = Cues(courses.ahead)
        self._past = Cues(courses.past)
        self._through = frozenset(courses.through)
        self._plain = frozenset(courses.plain.split())

    def open(self, text: str, items: Sequence[Item], found: Mapping[int, set[str]]) -> dict[int, str]:
        """Return for each such therapy, by its place in `items`, the qualifier that says so.

        `found` are the qualifiers that the items have already: one of time settles the course.
        """
        settled = [self._is_phase(found.get(place, ())) for place in range(len(items))]
        opened: dict[int, str] = {}
        for place, item in enumerate(items):
            if item.status not in _LIVE:
                continue
            if settled[place]:
                # "2021-22: six cycles of neoadjuvant FEC-T": a number of cycles is no word on when they were.
                counted = self._courses.counts.issuperset(self._phases(found[place]))
                if counted and self._is_one_of(item, self._courses.concepts) and self._past_only(text, item):
                    opened[place] = self._courses.unsettled
                continue
            intended = self._is_one_of(item, self._courses.concepts)
            if not intended and not self._is_one_of(item, self._courses.doubted):
                continue
            qualifier = self._qualifier(text, items, item) if intended else self._past_only(text, item)
            if qualifier:
                opened[place] = qualifier
        return opened

    def _qualifier(self, text: str, items: Sequence[Item], item: Item) -> str:
        start, end = item.mention.start, item.mention.end
        low, high = self._between(self._edges, text, start, end)
        for other in items:  # what is told of a finding or a person is no word on the therapy
            if other.mention.kind not in self._through:
                low = max(low, other.mention.end) if other.mention.end <= start else low
                high = min(high, other.mention.start) if other.mention.start >= end else high
        around = text[low:high]
        if self._running.search(around):
            return ""
        if self._ahead.search(around):
            return self._courses.not_started
        if self._past_only(text, item):
            return self._courses.unsettled
        rest = list(around)
        for other in items:
            for index in range(max(other.mention.start, low), min(other.mention.end, high)):
                rest[index - low] = " "
        words = _WORD.findall("".join(rest).casefold())
        return "" if all(len(word) == 1 or word in self._plain for word in words) else self._courses.unsettled

    def _past_only(self, text: str, item: Item) -> str:
        """The qualifier of a therapy that is dated long ago, else nothing."""
        low, high = self._between(self._stops, text, item.mention.start, item.mention.end)
        return self._courses.unsettled if self._past.search(text[low:high]) else ""

    @staticmethod
    def _between(edges: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
        """The span around [start, end) up to the next edge on either side, within reach."""
        low = max(0, start - _REACH)
        for match in edges.finditer(text, low, start):
            low = match.end()
        following = edges.search(text, end, end + _REACH)
        return low, following.start() if following else min(len(text), end + _REACH)

    def _is_one_of(self, item: Item, names: Iterable[str]) -> bool:
        return any(self._vocabulary.is_a(item.mention.concept, name) for name in names)

    def _is_phase(self, names: Iterable[str]) -> bool:
        return bool(self._phases(names))

    def _phases(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(name for name in names if self._vocabulary.concepts[name].kind == self._courses.kind)
