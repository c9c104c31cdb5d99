"""How laboratory findings stand: the value, unit and reading of each measured concept in a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.vocabulary.folding import FoldedText, Tokens
from assistant.vocabulary.lexicon import Lexicon
from assistant.vocabulary.match import Match
from assistant.vocabulary.measures import Measure, NumberReader
from assistant.vocabulary.schema import Concept, Language, Reading, Readings
from assistant.vocabulary.words import WordFolder

_MAX_LINKS = 7  # words that may stand between a finding and what is said of it
_REACH = 20  # tokens behind a finding in which reading phrases are looked for


@dataclass(slots=True)
class _Finding:
    """What was read of one match, over tokens `[first, last)`. `worded`: said in words, not judged."""

    first: int
    last: int
    value: float | None = None
    unit: str | None = None
    reading: Reading | None = None
    worded: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A reading phrase at tokens `[first, last)`, its negation included."""

    reading: Reading
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Page:
    """One text, with the reading phrases near its findings by their first token and by their end."""

    keys: Sequence[str]
    folded: FoldedText
    tokens: Tokens
    by_first: dict[int, _Word]
    by_last: dict[int, _Word]


class ReadingParser:
    """Gives each measured match of a text its value, unit and reading."""

    def __init__(
        self, readings: Readings, concepts: Mapping[str, Concept], language: Language, words: WordFolder
    ) -> None:
        self._concepts = concepts
        self._measured = {one.id for one in concepts.values() if one.measured}
        self._readings = readings
        self._lexicon = Lexicon(language, words)
        for cased, table in ((False, readings.words), (True, readings.cased)):
            for reading, phrases in table.items():
                for phrase in phrases:
                    self._lexicon.add(phrase, reading, typos=not cased, cased=cased)
        fold = words.fold
        self._separators = frozenset(language.separators)
        self._links = frozenset(map(fold, readings.links)) | self._separators
        self._joins = frozenset(map(fold, readings.joins)) | self._separators
        self._past = frozenset(map(fold, readings.past))
        self._negators = frozenset(map(fold, readings.negators))
        self._negated = readings.negated
        self._absorbed = frozenset(readings.absorbed) | self._measured
        self._number_words = frozenset(language.numbers)
        self._numbers = NumberReader(readings, language, fold)

    def read(self, matches: list[Match], keys: Sequence[str], folded: FoldedText, tokens: Tokens) -> None:
        """Set value, unit and reading of the measured matches, and stretch their spans over what was read."""
        measured = [match for match in matches if match.concept in self._measured]
        if not measured:
            return
        page = self._page(measured, keys, folded, tokens)
        found = self._columns(measured, page)
        taken: set[int] = set()
        for index, match in enumerate(measured):
            if index in found:
                continue
            floor = measured[index - 1].last if index else 0
            following = measured[index + 1].first if index + 1 < len(measured) else None
            finding = self._finding(match, page, floor, following, taken)
            if finding is not None:
                found[index] = finding
                taken.update(range(finding.first, finding.last))
        self._share(measured, keys, found)
        others = [match for match in matches if match.concept not in self._absorbed]
        starts = [match.first for match in others]
        for index, finding in found.items():
            match = measured[index]
            match.value, match.unit, match.reading = finding.value, finding.unit, finding.reading
            if not finding.shared:
                _stretch(match, finding, tokens, others, starts)
        _swallow(matches, measured)

    def _page(
        self, measured: Iterable[Match], keys: Sequence[str], folded: FoldedText, tokens: Tokens
    ) -> _Page:
        page = _Page(keys, folded, tokens, {}, {})
        reach = 0
        for match in measured:
            index = max(reach, match.first - _MAX_LINKS - 4)
            stop = min(len(keys), match.last + _REACH)
            while index < stop:
                hit = self._lexicon.longest(keys, index, folded, tokens)
                if hit is None:
                    index += 1
                    continue
                word = self._turned(hit.target, hit.first, hit.last, keys)  # type: ignore[arg-type]
                page.by_first[word.first] = page.by_last[word.last] = word
                index = hit.last
            reach = max(reach, index)
        return page

    def _turned(self, reading: Reading, first: int, last: int, keys: Sequence[str]) -> _Word:
        """The phrase with the negation before it, if any: "not significantly raised" is normal."""
        start = first
        while start > 0 and first - start < 3 and keys[start - 1] in self._links:
            start -= 1
        if start == 0 or keys[start - 1] not in self._negators:
            return _Word(reading, first, last)
        while start > 0 and (keys[start - 1] in self._negators or keys[start - 1] in self._separators):
            start -= 1
        return _Word(self._negated.get(reading, reading), start, last)

    def _finding(
        self, match: Match, page: _Page, floor: int, following: int | None, taken: set[int]
    ) -> _Finding | None:
        finding = self._told(match, page, floor, following, taken)
        if finding is None:
            return None
        # "Normal before chemo, 190 today": what is measured now holds.
        at = self._numbers.latest(page.folded.text, page.tokens, max(finding.last, match.last))
        if at is not None and (following is None or at < following):
            now = self._measure(match, page, at)
            if now is not None and now.reading is not None:
                return _Finding(finding.first, now.last, now.value, now.unit, now.reading, now.said)
        return finding

    def _told(
        self, match: Match, page: _Page, floor: int, following: int | None, taken: set[int]
    ) -> _Finding | None:
        before = self._before(match, page, floor, taken)
        after = self._after(match, page, following, before is not None)
        if before is not None and after is not None:
            return _Finding(before.first, after.last, after.value, after.unit, before.reading, True)
        negated = match.first > floor and page.keys[match.first - 1] in self._negators
        if negated and after is not None and after.worded and after.reading is not None:  # "no ALP rise"
            after.reading = self._negated.get(after.reading, after.reading)
            after.first = match.first - 1
        return before or after

    def _before(self, match: Match, page: _Page, floor: int, taken: set[int]) -> _Finding | None:
        """A reading in front of the match: "raised ALP", "rise in her ALP"."""
        end = match.first
        for _ in range(_MAX_LINKS):
            word = page.by_last.get(end)
            if word is not None and word.first >= floor:
                if not taken.isdisjoint(range(word.first, word.last)):
                    return None
                return _Finding(word.first, match.first, reading=word.reading, worded=True)
            end -= 1
            if end <= floor or page.keys[end] not in self._links or not page.keys[end].isalpha():
                return None
        return None

    def _after(self, match: Match, page: _Page, following: int | None, has_reading: bool) -> _Finding | None:
        """A reading or a number behind the match: "ALP is up at 240", "ALP 88 (35-104)"."""
        finding = _Finding(match.first, match.last)
        at, links = match.last, 0
        end = len(page.keys) if following is None else following
        while at < end and links <= _MAX_LINKS:
            word = page.by_first.get(at)
            if word is not None:
                # "labs show a raised ALP": what stands right before the next finding is that one's.
                if word.last == following and (links or finding.value is not None):
                    break
                if has_reading or finding.worded or self._is_past(finding, page, at):
                    break
                finding.reading, finding.worded = word.reading, True
                finding.last = at = word.last
            elif (after := self._numbers.multiple_end(page.folded.text, page.tokens, at)) is not None:
                if not finding.worded:
                    finding.reading, finding.worded = "high", True
                finding.last = at = after
            elif self._holds_number(page, at):
                measure = self._measure(match, page, at)
                if measure is None or finding.value is not None:
                    break
                finding.value, finding.unit, finding.last = measure.value, measure.unit, measure.last
                if not finding.worded and not has_reading:
                    finding.reading, finding.worded = measure.reading, measure.said
                at = measure.last
            elif page.keys[at] in self._links:
                at += 1
                links += 1
            else:
                break
        return finding if finding.reading is not None or finding.value is not None else None

    def _is_past(self, finding: _Finding, page: _Page, at: int) -> bool:
        """Whether the word at `at` tells of a value before the one read: "ALT 210 (was normal before)"."""
        return finding.value is not None and any(key in self._past for key in page.keys[finding.last : at])

    def _holds_number(self, page: _Page, at: int) -> bool:
        if page.keys[at][0].isdecimal() or page.keys[at] in self._number_words:
            return True
        return self._numbers.opens(page.folded.text, page.tokens, at)

    def _measure(self, match: Match, page: _Page, at: int) -> Measure | None:
        ranges = self._concepts[match.concept].ranges
        if not page.keys[at][0].isdecimal() and page.keys[at] in self._number_words:
            return self._numbers.spelled(ranges, page.keys, at)
        return self._numbers.read(ranges, page.folded.text, page.tokens, page.keys, at)

    def _columns(self, measured: Sequence[Match], page: _Page) -> dict[int, _Finding]:
        """Numbers given in the order of the findings listed before them: "AST/ALT 22/25"."""
        found: dict[int, _Finding] = {}
        first = 0
        for index in range(1, len(measured) + 1):
            if index < len(measured) and self._listed(measured[index - 1], measured[index], page.keys):
                continue
            count = index - first
            if count > 1:
                at = measured[index - 1].last
                while (
                    at < len(page.keys) and page.keys[at] in self._links and not page.keys[at][0].isdecimal()
                ):
                    at += 1
                values = self._numbers.column(page.folded.text, page.tokens, at, count)
                for offset, value in enumerate(values or ()):
                    match = measured[first + offset]
                    unit, reading = self._numbers.judged(self._concepts[match.concept].ranges, value)
                    found[first + offset] = _Finding(
                        match.first, match.last, value, unit, reading, shared=True
                    )
            first = index
        return found

    def _share(self, measured: Sequence[Match], keys: Sequence[str], found: dict[int, _Finding]) -> None:
        """Give a reading said once to a whole list: "LFTs and calcium normal", "raised AST and ALT"."""
        for index in range(1, len(measured)):  # said before the first
            earlier, match = found.get(index - 1), measured[index]
            if index in found or earlier is None or not earlier.worded or earlier.value is not None:
                continue
            said_before = earlier.shared or earlier.last <= measured[index - 1].first
            if said_before and self._listed(measured[index - 1], match, keys):
                found[index] = _Finding(match.first, match.last, None, None, earlier.reading, True, True)
        for index in range(len(measured) - 1, 0, -1):  # said after the last
            later, match = found.get(index), measured[index - 1]
            if index - 1 in found or later is None or not later.worded:
                continue
            said_after = later.shared or later.last > measured[index].last
            if said_after and self._listed(match, measured[index], keys):
                found[index - 1] = _Finding(match.first, match.last, None, None, later.reading, True, True)

    def _listed(self, one: Match, other: Match, keys: Sequence[str]) -> bool:
        gap = keys[one.last : other.first]
        return len(gap) <= 5 and all(word in self._joins for word in gap)


def _stretch(
    match: Match, finding: _Finding, tokens: Tokens, others: Sequence[Match], starts: Sequence[int]
) -> None:
    """Stretch the span over what was read, short of any other match."""
    first, last = min(finding.first, match.first), max(finding.last, match.last)
    for other in others[max(bisect_left(starts, first) - 1, 0) : bisect_left(starts, last)]:
        if other.last <= match.first and other.last > first:
            first = match.first
        elif match.last <= other.first < last:
            last = match.last
    match.first, match.last = first, last
    match.start = min(match.start, tokens.starts[first])
    match.end = max(match.end, tokens.ends[last - 1])


def _swallow(matches: list[Match], measured: Sequence[Match]) -> None:
    """Drop what lies inside a stretched span: the adverb of "mildly raised"."""
    spans = [(match.first, match.last) for match in measured]
    starts = [first for first, _ in spans]
    kept = []
    kinds = {id(match) for match in measured}
    for match in matches:
        index = bisect_left(starts, match.first + 1) - 1
        inside = index >= 0 and match.last <= spans[index][1]
        if id(match) in kinds or not inside:
            kept.append(match)
    matches[:] = kept
