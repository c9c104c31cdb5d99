"""How laboratory findings stand: the value, unit and reading that belong to each measured concept in a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.vocabulary.folding import FoldedText, Tokens
from assistant.vocabulary.lexicon import Lexicon
from assistant.vocabulary.match import Match
from assistant.vocabulary.rules import compile_pattern, parse_number
from assistant.vocabulary.schema import Concept, Language, Reading, Readings, ReferenceRange
from assistant.vocabulary.words import WordFolder

_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_MAX_LINKS = 7


@dataclass(slots=True)
class _Finding:
    """What stands after or before one measured match: tokens `[first, last)`."""

    first: int
    last: int
    value: float | None = None
    unit: str | None = None
    reading: Reading | None = None
    worded: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    reading: Reading
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Words:
    """Reading phrases by their first token, and by the token after their last."""

    by_first: dict[int, _Word]
    by_last: dict[int, _Word]


class ReadingParser:
    """Gives each measured match of a text its value, unit and reading."""

    def __init__(self, readings: Readings, concepts: Mapping[str, Concept], language: Language, words: WordFolder) -> None:
        self._concepts = concepts
        self._measured = {one.id for one in concepts.values() if one.measured}
        self._readings = readings
        self._lexicon = Lexicon(language, words)
        for cased, table in ((False, readings.words), (True, readings.cased)):
            for reading, phrases in table.items():
                for phrase in phrases:
                    self._lexicon.add(phrase, reading, typos=not cased, cased=cased)
        fold = words.fold
        self._links = frozenset(map(fold, readings.links)) | frozenset(language.separators)
        self._joins = frozenset(map(fold, readings.joins))
        self._negators = frozenset(map(fold, readings.negators))
        self._not_units = frozenset(map(fold, readings.not_units))
        macros = language.macros
        self._range = compile_pattern(readings.range_pattern or r"(?!)", macros)
        self._change = compile_pattern(readings.change_pattern or r"(?!)", macros)
        self._multiple = compile_pattern(readings.multiple_pattern or r"(?!)", macros)
        self._flag = compile_pattern(readings.flag_pattern or r"(?!)", macros)
        self._unit = compile_pattern(readings.unit_pattern or r"(?!)", macros)
        self._numbers = language.numbers
        self._separators = frozenset(language.separators)

    def read(self, matches: list[Match], keys: Sequence[str], folded: FoldedText, tokens: Tokens) -> None:
        """Set value, unit and reading of the measured matches, and stretch their spans over what was read."""
        measured = [match for match in matches if match.concept in self._measured]
        if not measured:
            return
        words = self._words_near(measured, keys, folded, tokens)
        taken: set[int] = set()
        found: dict[int, _Finding] = {}
        for index, match in enumerate(measured):
            following = measured[index + 1].first if index + 1 < len(measured) else len(keys)
            before = self._before(match, keys, words, taken, measured[index - 1].last if index else 0)
            after = self._after(match, keys, folded, tokens, words, following, before is not None, taken)
            merged = _merge(before, after)
            if merged is not None:
                found[index] = merged
                taken.update(range(merged.first, merged.last))
        self._share(measured, keys, found)
        others = [match for match in matches if match.concept not in self._measured]
        starts = [match.first for match in others]
        for index, finding in found.items():
            self._settle(measured[index], finding)
            if not finding.shared:
                _stretch(measured[index], finding, tokens, others, starts)

    def _words_near(
        self, measured: Iterable[Match], keys: Sequence[str], folded: FoldedText, tokens: Tokens
    ) -> _Words:
        """Reading phrases around the measured matches, negated ones turned."""
        words = _Words({}, {})
        reach = 0
        for match in measured:
            index = max(reach, match.first - _MAX_LINKS - 4)
            stop = min(len(keys), match.last + _MAX_LINKS + 12)
            while index < stop:
                hit = self._lexicon.longest(keys, index, folded, tokens)
                if hit is None:
                    index += 1
                    continue
                word = self._turned(hit.target, hit.first, hit.last, keys)  # type: ignore[arg-type]
                words.by_first[word.first] = words.by_last[word.last] = word
                index = hit.last
            reach = max(reach, index)
        return words

    def _turned(self, reading: Reading, first: int, last: int, keys: Sequence[str]) -> _Word:
        """The phrase with the negation before it, if one stands there: "not significantly raised" is normal."""
        start = first
        while start > 0 and first - start < 3 and keys[start - 1] in self._links:
            start -= 1
        if start == 0 or keys[start - 1] not in self._negators:
            return _Word(reading, first, last)
        while start > 0 and (keys[start - 1] in self._negators or keys[start - 1] in self._separators):
            start -= 1
        return _Word(self._readings.negated.get(reading, reading), start, last)

    def _before(
        self, match: Match, keys: Sequence[str], words: _Words, taken: set[int], floor: int
    ) -> _Finding | None:
        """A reading in front of the match: "raised ALP", "rise in her ALP"."""
        end = match.first
        for _ in range(_MAX_LINKS):
            word = words.by_last.get(end)
            if word is not None and word.first >= floor:
                if any(token in taken for token in range(word.first, word.last)):
                    return None
                return _Finding(word.first, match.first, reading=word.reading, worded=True)
            end -= 1
            if end <= floor or keys[end] not in self._links or not keys[end].isalpha():
                return None
        return None

    def _after(
        self,
        match: Match,
        keys: Sequence[str],
        folded: FoldedText,
        tokens: Tokens,
        words: _Words,
        following: int,
        has_reading: bool,
        taken: set[int],
    ) -> _Finding | None:
        """A reading or a number behind the match: "ALP is up at 240", "ALP 88 (35-104)"."""
        finding = _Finding(match.first, match.last)
        at = match.last
        links = 0
        while at < following and links <= _MAX_LINKS:
            word = words.by_first.get(at)
            if word is not None:
                # "labs show a raised ALP": what stands right before the next finding is that one's.
                if finding.reading is not None or has_reading or (links and word.last >= following < len(keys)):
                    break
                finding.reading, finding.worded = word.reading, True
                finding.last = at = word.last
                continue
            multiple = self._multiple.match(folded.text, tokens.starts[at])
            if multiple is not None:
                if finding.reading is None:
                    finding.reading, finding.worded = "high", True
                finding.last = at = _token_after(tokens, multiple.end(), at)
                continue
            if keys[at][0].isdigit():
                if finding.value is not None:
                    break
                read = self._number(match, keys, folded, tokens, at)
                if read is None:
                    break
                finding.value, finding.unit, reading, worded, at = read
                finding.last = at
                if finding.reading is None and reading is not None and not has_reading:
                    finding.reading, finding.worded = reading, worded
                continue
            if keys[at] not in self._links:
                break
            at += 1
            links += 1
        return finding if finding.reading is not None or finding.value is not None else None

    def _number(
        self, match: Match, keys: Sequence[str], folded: FoldedText, tokens: Tokens, at: int
    ) -> tuple[float, str | None, Reading | None, bool, int] | None:
        """(value, unit, reading or None, whether a flag or range said it, next token) of the number at a token."""
        text, position = folded.text, tokens.starts[at]
        change = self._change.match(text, position)
        number = _NUMBER.match(text, change.start("value") if change else position)
        if number is None:
            return None
        value = parse_number(number.group(), self._numbers)
        end = number.end()
        unit = self._unit.match(text, end)
        if unit is not None:
            end = unit.end()
        else:
            after = _token_after(tokens, end, at)
            if after < len(keys) and keys[after] in self._not_units:
                return None
        if value is None:
            return None
        written = unit.group("unit").replace(" ", "") if unit is not None else None
        reading: Reading | None = None
        said = False
        limits = self._range.match(text, end)
        if limits is not None:
            reading = _within(value, _float(limits, "low"), _float(limits, "high") or _float(limits, "high_only"))
            said, end = True, limits.end()
        flag = self._flag.match(text, end)
        if flag is not None:
            reading = "high" if flag.group("high") else "low"
            said, end = True, flag.end()
        known = find_range(self._concepts[match.concept].ranges, value, written)
        if reading is None and known is not None:
            reading = judge(known, value)
        return value, known.unit if known is not None else written, reading, said, _token_after(tokens, end, at)

    def _share(self, measured: Sequence[Match], keys: Sequence[str], found: dict[int, _Finding]) -> None:
        """A reading said once for a list belongs to all of it: "LFTs and calcium normal", "raised AST and ALT"."""
        order = list(range(1, len(measured)))
        for index in order:  # what stood before the first
            earlier = found.get(index - 1)
            if index not in found and earlier is not None and earlier.worded and earlier.value is None:
                if earlier.last <= measured[index - 1].first or earlier.shared:
                    if self._listed(measured[index - 1], measured[index], keys):
                        found[index] = _shared_with(measured[index], earlier)
        for index in reversed(order):  # what stands after the last
            later = found.get(index)
            if index - 1 not in found and later is not None and later.worded:
                if later.first >= measured[index].first or later.shared:
                    if self._listed(measured[index - 1], measured[index], keys):
                        found[index - 1] = _shared_with(measured[index - 1], later)

    def _listed(self, one: Match, other: Match, keys: Sequence[str]) -> bool:
        gap = keys[one.last : other.first]
        return len(gap) <= 5 and all(word in self._joins or word in self._separators for word in gap)

    def _settle(self, match: Match, finding: _Finding) -> None:
        match.value, match.unit, match.reading = finding.value, finding.unit, finding.reading


def find_range(ranges: Sequence[ReferenceRange], value: float, written: str | None) -> ReferenceRange | None:
    """The range of the written unit, or, with none written, of the first unit in which the value is plausible."""
    for one in ranges:
        if written is not None and written in (one.unit.lower(), *one.writings):
            return one
    if written is not None:
        return None
    for one in ranges:
        if one.plausible is None or one.plausible[0] <= value <= one.plausible[1]:
            return one
    return None


def judge(limits: ReferenceRange, value: float) -> Reading | None:
    """The reading of a value; None between what all laboratories call normal and what all call abnormal."""
    low, high = limits.normal
    if low <= value <= high:
        return "normal"
    if value > high:
        return "high" if value >= (limits.high_from or high) else None
    return "low" if value <= (low if limits.low_from is None else limits.low_from) else None


def _within(value: float, low: float | None, high: float | None) -> Reading:
    if high is not None and value > high:
        return "high"
    if low is not None and value < low:
        return "low"
    return "normal"


def _float(match: re.Match[str], group: str) -> float | None:
    text = match.groupdict().get(group)
    return float(text.replace(",", ".")) if text else None


def _merge(before: _Finding | None, after: _Finding | None) -> _Finding | None:
    if before is None or after is None:
        return before or after
    return _Finding(before.first, after.last, after.value, after.unit, before.reading, True)


def _shared_with(match: Match, finding: _Finding) -> _Finding:
    return _Finding(match.first, match.last, reading=finding.reading, worded=True, shared=True)


def _token_after(tokens: Tokens, end: int, at: int) -> int:
    while at < len(tokens.starts) and tokens.starts[at] < end:
        at += 1
    return at


def _stretch(match: Match, finding: _Finding, tokens: Tokens, others: Sequence[Match], starts: Sequence[int]) -> None:
    """Stretch the span over what was read, short of any other match."""
    first, last = min(finding.first, match.first), max(finding.last, match.last)
    for other in others[max(bisect_left(starts, first) - 1, 0) : bisect_left(starts, last)]:
        if other.first < last and other.last > first:
            if other.last <= match.first:
                first = match.first
            elif other.first >= match.last:
                last = match.last
    match.first, match.last = first, last
    match.start = min(match.start, tokens.starts[first])
    match.end = max(match.end, tokens.ends[last - 1])
