"""Numbers beside a laboratory finding: value, unit, a range or flag written with it, changes, columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.vocabulary.folding import Tokens
from assistant.vocabulary.ranges import compare, find_range, is_below, judge
from assistant.vocabulary.rules import compile_pattern, parse_number
from assistant.vocabulary.schema import Language, Reading, Readings, ReferenceRange

_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_NEXT = re.compile(r"\s*[/,]\s*(?=\d)")
_BEHIND = re.compile(r"[^\S\n]*[:=]?[^\S\n]*(?=\d)")
_NEVER = r"(?!)"
_TEN = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """A value and its unit; `said` where a range or flag gave the reading; `last` is the token after."""

    value: float
    unit: str | None
    reading: Reading | None
    said: bool
    last: int


class NumberReader:
    """Reads numbers by the vocabulary's patterns, which are tried at a token and never searched for."""

    def __init__(self, readings: Readings, language: Language, fold: Callable[[str], str]) -> None:
        macros = language.macros
        self._range = compile_pattern(readings.range_pattern or _NEVER, macros)
        self._change = compile_pattern(readings.change_pattern or _NEVER, macros)
        self._multiple = compile_pattern(readings.multiple_pattern or _NEVER, macros)
        self._series = compile_pattern(readings.series_pattern or _NEVER, macros)
        self._latest = compile_pattern(readings.latest_pattern or _NEVER, macros)
        self._limits = compile_pattern(readings.limits_pattern or _NEVER, macros)
        self._flag = compile_pattern(readings.flag_pattern or _NEVER, macros)
        self._unit = compile_pattern(readings.unit_pattern or _NEVER, macros)
        self._not_units = frozenset(map(fold, readings.not_units))
        self._words = language.numbers
        self._multipliers = language.multipliers
        self._joins = frozenset(map(fold, language.number_joins))

    def read(
        self, ranges: Sequence[ReferenceRange], text: str, tokens: Tokens, keys: Sequence[str], at: int
    ) -> Measure | None:
        """The number at a token; None where it is no value ("2 weeks ago")."""
        position = tokens.starts[at]
        given, position = self._given(text, position)
        change = self._series.match(text, position) or self._change.match(text, position)  # the latest one
        number = _NUMBER.match(text, change.start("value") if change else position)
        value = parse_number(number.group(), self._words) if number else None
        if number is None or value is None:
            return None
        if (counted := self._limits.match(text, number.end())) is not None and is_below(ranges, value):
            return Measure(value, None, "high", True, token_after(tokens, counted.end(), at))
        end, written = number.end(), None
        unit = self._unit.match(text, end)
        if unit is not None:
            end, written = unit.end(), unit.group("unit").replace(" ", "")
        else:
            after = token_after(tokens, end, at)
            if after < len(keys) and keys[after] in self._not_units:
                return None
        reading: Reading | None = None
        limits = self._range.match(text, end)
        if limits is not None:
            end = limits.end()
        if (limits := limits or given) is not None:
            high = _float(limits, "high") if limits.group("high") else _float(limits, "high_only")
            reading = compare(value, _float(limits, "low"), high)
        flag = self._flag.match(text, end)
        if flag is not None:
            reading, end = ("high" if flag.group("high") else "low"), flag.end()
        said = reading is not None
        known = find_range(ranges, value, written)
        if reading is None and known is not None:
            reading = judge(known, value)
        return Measure(
            value, known.unit if known is not None else written, reading, said, token_after(tokens, end, at)
        )

    def opens(self, text: str, tokens: Tokens, at: int) -> bool:
        """Whether a range with a number behind it, or a row of labelled values, begins at a token."""
        position = tokens.starts[at]
        return self._series.match(text, position) is not None or self._given(text, position)[0] is not None

    def _given(self, text: str, position: int) -> tuple[re.Match[str] | None, int]:
        """A range that stands before its value, and where the value begins: "(35-104): 240"."""
        limits = None if text[position].isdecimal() else self._range.match(text, position)
        if limits is None or not limits.group("high"):
            return None, position
        behind = _BEHIND.match(text, limits.end())
        return (None, position) if behind is None else (limits, behind.end())

    def judged(self, ranges: Sequence[ReferenceRange], value: float) -> tuple[str | None, Reading | None]:
        """Unit and reading of a bare value."""
        known = find_range(ranges, value, None)
        return (None, None) if known is None else (known.unit, judge(known, value))

    def spelled(self, ranges: Sequence[ReferenceRange], keys: Sequence[str], at: int) -> Measure | None:
        """The number said in words at a token ("one hundred and sixty", "one forty two")."""
        total = last = 0
        found: list[int] = []
        while at + last < len(keys):
            key = keys[at + last]
            if key in self._multipliers and found:
                total += (sum(found) or 1) * self._multipliers[key]
                found = []
            elif key in self._words:
                found.append(self._words[key])
            elif key not in self._joins or not (total or found):
                break
            last += 1
        if not found and not total:
            return None
        # "one forty two" is 142: a digit before tens counts hundreds.
        digits = found[:1] if len(found) > 1 and found[0] < _TEN <= found[1] and not total else []
        value = float(total + (100 * digits[0] + sum(found[1:]) if digits else sum(found)))
        if at + last < len(keys) and keys[at + last] in self._not_units:
            return None
        unit, reading = self.judged(ranges, value)
        return Measure(value, unit, reading, False, at + last)

    def multiple_end(self, text: str, tokens: Tokens, at: int) -> int | None:
        """The token after a multiple of the limit ("3x ULN") at a token, or None."""
        match = self._multiple.match(text, tokens.starts[at])
        return None if match is None else token_after(tokens, match.end(), at)

    def latest(self, text: str, tokens: Tokens, at: int) -> int | None:
        """The token of a later value that is told right behind the token before `at`, or None."""
        match = self._latest.match(text, tokens.ends[at - 1])
        return None if match is None else token_after(tokens, match.start("value"), at)

    def column(self, text: str, tokens: Tokens, at: int, count: int) -> list[float] | None:
        """Exactly `count` numbers with slashes or commas between them, from a token on; else None."""
        if at >= len(tokens.starts):
            return None
        values: list[float] = []
        position = tokens.starts[at]
        while True:
            number = _PLAIN.match(text, position)
            if number is None:
                return None
            values.append(float(number.group()))
            between = _NEXT.match(text, number.end())
            if between is None or len(values) > count:
                break
            position = between.end()
        return values if len(values) == count else None


def token_after(tokens: Tokens, end: int, at: int) -> int:
    """The first token at or after character `end`, from token `at` on."""
    while at < len(tokens.starts) and tokens.starts[at] < end:
        at += 1
    return at


def _float(match: re.Match[str], group: str) -> float | None:
    text = match.groupdict().get(group)
    return float(text.replace(",", ".")) if text else None
