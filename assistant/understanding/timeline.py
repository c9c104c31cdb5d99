"""Whether the surgery or the therapy came first, where a text tells it by dates and order alone.

"Mastectomy in May, chemo begun in June" says by its dates that the therapy is adjuvant, and so do "lumpectomy
14 July, now T-DM1" after six cycles of something else and "the operation was in March, chemo since". "Chemo cycle 4,
surgery in March" says nothing: without a day to count from, the month may be past or to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.types import AssertionStatus
from assistant.understanding.births import month_of
from assistant.understanding.dialogue import Cues
from assistant.understanding.dialogue_rules import CueList, TimelineCues
from assistant.understanding.items import Item
from assistant.vocabulary import Vocabulary

_PART_END = re.compile(r"[,;\n()|→]|\s/\s|->|\.(?=\s|\Z)|[?!]")
_LINE_END = re.compile(r"\n|\.(?=\s|\Z)|[?!]")
_LIVE: frozenset[AssertionStatus] = frozenset({"present", "possible", "historical"})
_YEAR = 12  # months
_NEAR = 30  # characters between a date and what it dates


@dataclass(frozen=True, slots=True)
class _Event:
    """A therapy or an operation by its place among the items; `month` counts from January, or from year 0."""

    place: int
    surgical: bool
    month: float | None
    dated: bool
    now: bool


class TimelineReader:
    """Settles surgery that is named with a date or in an order. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, cues: TimelineCues, running: CueList) -> None:
        """`cues` says which concepts are surgery and therapy, and how dates are written; `running`, what runs."""
        self._vocabulary = vocabulary
        self._cues = cues
        self._running = Cues(running)
        self._date, self._lead, self._planned, self._now, self._behind, self._today, self._numbered = (
            re.compile(pattern or r"(?!)", re.IGNORECASE)
            for pattern in (
                *(cues.date, cues.lead, cues.planned, cues.now, cues.behind, cues.today),
                cues.numbered,
            )
        )

    def settle(self, text: str, items: list[Item]) -> None:
        """Give the surgery among `items` the concept of what is done or still ahead, where the text says which."""
        if not any(self._is_surgery(text, item) for item in items):
            return
        places = [place for place, item in enumerate(items) if self._is_event(text, item)]
        if not any(not self._is_surgery(text, items[place]) for place in places):
            return
        events = self._events(text, items, places)
        for index, event in enumerate(events):
            if not event.surgical or self._renamed(items, event.place):
                continue
            if any(self._follows(text, items, events, index, other) for other in events) or self._is_behind(
                text, events, event
            ):
                self._name(items, event.place, self._cues.done)
            elif self._is_ahead(text, events, event):
                self._name(items, event.place, self._cues.ahead)

    def _renamed(self, items: Sequence[Item], surgery: int) -> bool:
        """Whether what comes behind an operation is itself said to be given before one."""
        return any(
            item.status == "present" and self._is_one_of(item, self._cues.unless)
            for item in items[surgery + 1 :]
        )

    def promote(self, text: str, items: list[Item], qualifiers: Mapping[int, set[str]]) -> None:
        """Surgery that comes after what is given is ahead where that is said to run: "#4 of 6, operate after six"."""
        later = [place for place, item in enumerate(items) if item.mention.concept in self._cues.later]
        if not later or any(item.mention.concept in self._cues.unbegun for item in items):
            return
        for place in later:
            if items[place].status in _LIVE and self._runs_before(text, items, qualifiers, place):
                self._name(items, place, self._cues.later[items[place].mention.concept])

    def _runs_before(
        self, text: str, items: Sequence[Item], qualifiers: Mapping[int, set[str]], surgery: int
    ) -> bool:
        """Whether the therapy named last before an operation runs, or else a count of cycles stands near it."""
        given = [
            place
            for place, item in enumerate(items)
            if item.status in {"present", "possible"} and self._is_one_of(item, self._cues.therapy)
        ]
        before = [place for place in given if place < surgery]
        named = {items[place].mention.concept for place in before}
        same = [place for place in given if place > surgery and items[place].mention.concept in named]
        near = [*before[-1:], *same] if before else given[:1]
        told = [self._phase(qualifiers.get(place, ())) for place in near]
        if False in told[:1]:
            return False
        if True in told or any(self._counts(text, items[place]) for place in near):
            return True
        sentence = items[surgery].sentence
        return any(
            item.status == "present"
            and abs(item.sentence - sentence) <= 1
            and self._is_one_of(item, self._cues.counts)
            for item in items
        )

    def _phase(self, names: Iterable[str]) -> bool | None:
        """Whether qualifiers say that a therapy runs, that it does not, or neither."""
        if any(self._vocabulary.is_a(name, one) for name in names for one in self._cues.runs):
            return True
        return False if not self._cues.stopped.isdisjoint(names) else None

    def _counts(self, text: str, item: Item) -> bool:
        """Whether a count of what has been given stands beside a therapy: "number 4", "FEC 3"."""
        low, high = _around(_PART_END, text, item.mention.start, item.mention.end)
        if self._numbered.match(text, item.mention.end):
            return True
        return self._running.search(text[low:high])

    def _follows(
        self, text: str, items: Sequence[Item], events: Sequence[_Event], index: int, therapy: _Event
    ) -> bool:
        """Whether a therapy came after the operation at `index`."""
        surgery = events[index]
        if therapy.surgical:
            return False
        if surgery.month is not None and therapy.month is not None and surgery.dated == therapy.dated:
            months = therapy.month - surgery.month
            months = months if surgery.dated else months % _YEAR
            return 0 < months <= self._cues.soon
        if therapy.place < surgery.place or therapy.month is not None:
            return False
        tail = text[items[therapy.place].mention.end :]
        if events[index + 1 : index + 2] == [therapy] and self._behind.match(tail):
            return True
        before = {items[one.place].mention.concept for one in events[:index] if not one.surgical}
        changed = bool(before) and items[therapy.place].mention.concept not in before
        return surgery.month is not None and therapy.now and changed

    def _is_ahead(self, text: str, events: Sequence[_Event], surgery: _Event) -> bool:
        """Whether an operation comes last in an account, and later than the day that the account is of."""
        today = self._today.search(text)
        if today is None or surgery.month is None or surgery.dated:
            return False
        day = self._month(today)
        given = [one.month for one in events if not one.surgical and one.month is not None and not one.dated]
        if day is None or not given:
            return False
        wait, since = (surgery.month - day) % _YEAR, (day - given[0]) % _YEAR
        return 0 < wait <= self._cues.late and since <= self._cues.late

    def _is_behind(self, text: str, events: Sequence[_Event], surgery: _Event) -> bool:
        """Whether an operation after what was given lies before the day that the account is of."""
        today = self._today.search(text)
        if today is None or surgery.month is None or surgery.dated:
            return False
        day = self._month(today)
        given = any(not one.surgical and one.place < surgery.place for one in events)
        return day is not None and given and 0 < (day - surgery.month) % _YEAR <= self._cues.late

    def _events(self, text: str, items: Sequence[Item], places: Sequence[int]) -> list[_Event]:
        months: dict[int, re.Match[str]] = {}
        for edges in (_LINE_END, _PART_END):  # a line with as many dates as events pairs them in order
            for low, high in _spans(edges, text):
                inside = [place for place in places if low <= items[place].mention.start < high]
                dates = list(self._date.finditer(text, low, high))
                if not inside or len(inside) != len(dates):
                    continue
                for place, match in zip(inside, dates, strict=True):
                    mention = items[place].mention
                    if match.start() - mention.end <= _NEAR and mention.start - match.end() <= _NEAR:
                        months.setdefault(place, match)
        events = []
        for place in places:
            date, item = months.get(place), items[place]
            low, high = _around(_PART_END, text, item.mention.start, item.mention.end)
            events.append(
                _Event(
                    place,
                    self._is_surgery(text, item),
                    None if date is None else self._month(date),
                    date is not None and bool(date["year"]),
                    self._now.search(text, low, high) is not None,
                )
            )
        return events

    def _month(self, date: re.Match[str]) -> float | None:
        """The months from January of the year, or from year 0 where the date has one."""
        groups = date.groupdict()
        name, number = groups.get("name"), groups.get("number")
        month: float | None = None
        if name:
            month = month_of(self._cues.months, name)
        elif number and 1 <= int(number) <= _YEAR:
            month = float(number)
        if month is None:
            return None
        month += min(int(groups.get("day") or groups.get("dayed") or groups.get("first") or 0), 31) / 31
        return month + _YEAR * int(groups["year"]) if groups.get("year") else month

    def _is_event(self, text: str, item: Item) -> bool:
        if item.status not in _LIVE:
            return False
        return self._is_surgery(text, item) or self._is_one_of(item, self._cues.therapy)

    def _is_surgery(self, text: str, item: Item) -> bool:
        if not self._is_one_of(item, self._cues.surgery):
            if item.mention.concept not in self._cues.general:
                return False
            if not self._lead.search(text[: item.mention.start]):
                return False
        low, high = _around(_PART_END, text, item.mention.start, item.mention.end)
        return item.status in _LIVE and not self._planned.search(text, low, high)

    def _name(self, items: list[Item], place: int, concept: str) -> None:
        item = items[place]
        kind = self._vocabulary.concepts[concept].kind
        mention = replace(item.mention, concept=concept, kind=kind)
        items[place] = replace(item, mention=mention, status="present")

    def _is_one_of(self, item: Item, names: Sequence[str]) -> bool:
        return any(self._vocabulary.is_a(item.mention.concept, name) for name in names)


def _spans(edges: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in edges.finditer(text)), len(text)]
    return list(pairwise(cuts))


def _around(edges: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    low = max((match.end() for match in edges.finditer(text, 0, start)), default=0)
    following = edges.search(text, end)
    return low, following.start() if following else len(text)
