"""Value rules: ages, stages, counts and what else is written as a number or formula, by patterns in data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from assistant.errors import CorpusError
from assistant.vocabulary.folding import FoldedText, Tokens
from assistant.vocabulary.match import Match
from assistant.vocabulary.schema import Language, ValueRule

_DIGITS = "#"
_NUMBER_WORDS = "#word"
_MACRO = re.compile(r"%(\w+)%")
_PART = "part_"
_PART_GROUP = re.compile(r"\(\?P<(part_\w+)>")
_LONGEST_NUMBER = 40  # characters; longer runs of digits are no clinical value


class _Compiled:
    """A rule with its expressions, compiled when a text first holds a word that it begins with."""

    def __init__(self, rule: ValueRule, filled: str) -> None:
        self.rule = rule
        self._filled = filled
        self.parts = tuple(dict.fromkeys(_PART_GROUP.findall(filled)))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """CorpusError where it is not a regular expression."""
        try:
            return re.compile(self._filled)
        except re.error as error:
            raise CorpusError(f"not a regular expression: {self.rule.pattern!r}: {error}") from error

    @cached_property
    def cases(self) -> tuple[tuple[str, tuple[tuple[str, re.Pattern[str]], ...]], ...]:
        return tuple(
            (case.concept, tuple((group, re.compile(text)) for group, text in case.where.items()))
            for case in self.rule.cases
        )


class RuleSet:
    """The value rules, found by the token they start at. `check` says whether all are expressions."""

    def __init__(self, rules: Iterable[ValueRule], language: Language) -> None:
        self._numbers = language.numbers
        self._at: dict[str, list[_Compiled]] = {}
        macros = dict(language.macros)
        macros.setdefault("number_word", number_words_pattern(language.numbers))
        self._all = [_Compiled(rule, fill_pattern(rule.pattern, macros)) for rule in rules]
        for compiled in self._all:
            rule = compiled.rule
            for word in rule.at:
                starters = language.numbers if word == _NUMBER_WORDS else (word,)
                for starter in starters:
                    self._at.setdefault(starter, []).append(compiled)

    def check(self) -> None:
        """Compile everything; CorpusError says which expression is none."""
        for compiled in self._all:
            _ = compiled.pattern, compiled.cases

    def find(self, folded: FoldedText, tokens: Tokens) -> list[Match]:
        """All matches of all rules, sorted by start, longest first, without overlap."""
        found: list[Match] = []
        at = self._at
        digit_rules = at.get(_DIGITS, ())
        for index, word in enumerate(tokens.words):
            rules: Sequence[_Compiled] = digit_rules if word[0].isdecimal() else at.get(word, ())
            for compiled in rules:
                match = compiled.pattern.match(folded.text, tokens.starts[index])
                if match is not None:
                    found.extend(self._matches(compiled, match, tokens))
        return _without_overlap(found)

    def _matches(self, compiled: _Compiled, match: re.Match[str], tokens: Tokens) -> list[Match]:
        rule = compiled.rule
        groups = match.groupdict()
        value = self._value(rule, groups)
        if rule.bounds is not None and (value is None or not rule.bounds[0] <= value <= rule.bounds[1]):
            return []
        facts = dict(groups)
        if rule.compare is not None:
            facts["order"] = self._order(groups, rule.compare, rule.apart)
        concept = rule.concept or _decide(compiled.cases, facts)
        found: list[Match] = []
        if concept is not None:
            start, end = match.span("mention") if groups.get("mention") is not None else match.span()
            end -= len(match.string[start:end]) - len(match.string[start:end].rstrip())
            found.append(_match(concept, start, end, tokens, value, rule.unit if value is not None else None))
        for name in compiled.parts:
            if groups.get(name) is not None:
                start, end = match.span(name)
                found.append(_match(part_concept(name), start, end, tokens, None, None))
        return found

    def _value(self, rule: ValueRule, groups: Mapping[str, str | None]) -> float | None:
        text = groups.get("value")
        if text is None:
            return None
        number = parse_number(text, self._numbers)
        if number is None:
            return None
        return number * rule.scale.get(groups.get("per") or "", 1.0)

    def _order(self, groups: Mapping[str, str | None], names: tuple[str, str], apart: float) -> str:
        one, other = (parse_number(groups.get(name) or "", self._numbers) for name in names)
        if one is None or other is None:
            return ""
        if abs(one - other) <= apart * max(one, other):
            return "equal"
        return "less" if one < other else "more"


def part_concept(group: str) -> str:
    """The concept that a group `part_<concept>` stands for; underscores are the id's hyphens."""
    return group.removeprefix(_PART).replace("_", "-")


def number_words_pattern(numbers: Mapping[str, int]) -> str:
    """A pattern for number words up to 99: 'seventy-one', 'fifty two', 'nine'."""
    tens = sorted((word for word, value in numbers.items() if value >= 20), key=len, reverse=True)
    small = sorted((word for word, value in numbers.items() if value < 20), key=len, reverse=True)
    if not tens or not small:
        return r"(?!)"
    return rf"(?:(?:{'|'.join(tens)})(?:[ -]?(?:{'|'.join(small)})\b)?|(?:{'|'.join(small)}))"


def parse_number(text: str, numbers: Mapping[str, int]) -> float | None:
    """A number in digits ('2.45', '2,45', '150,000') or words ('seventy-one'); None for anything else."""
    text = text.strip()
    if len(text) > _LONGEST_NUMBER:
        return None
    if text[:1].isdecimal():
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
            return float(text.replace(",", ""))
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return None
    total, rest = 0, text.replace("-", " ")
    for word in rest.split():
        if word in numbers:
            total += numbers[word]
            continue
        split = next(
            ((a, word[len(a) :]) for a in numbers if word.startswith(a) and word[len(a) :] in numbers), None
        )
        if split is None:
            return None
        total += numbers[split[0]] + numbers[split[1]]
    return float(total) if rest.strip() else None


def fill_pattern(pattern: str, macros: Mapping[str, str]) -> str:
    """A pattern with its `%macro%` words filled in."""
    for _ in range(3):  # macros may use macros, never deeper
        pattern = _MACRO.sub(lambda match: macros.get(match.group(1), match.group()), pattern)
    return pattern


def compile_pattern(pattern: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern with its `%macro%` words filled in. CorpusError where it is not a regular expression."""
    try:
        return re.compile(fill_pattern(pattern, macros))
    except re.error as error:
        raise CorpusError(f"not a regular expression: {pattern!r}: {error}") from error


def _decide(
    cases: tuple[tuple[str, tuple[tuple[str, re.Pattern[str]], ...]], ...], facts: Mapping[str, str | None]
) -> str | None:
    for concept, conditions in cases:
        if all(pattern.fullmatch(facts.get(group) or "") for group, pattern in conditions):
            return concept
    return None


def _match(
    concept: str, start: int, end: int, tokens: Tokens, value: float | None, unit: str | None
) -> Match:
    first = bisect_right(tokens.starts, start) - 1
    last = bisect_right(tokens.starts, end - 1)
    return Match(concept, start, end, first, last, start, end, value, unit, formula=True)


def _without_overlap(found: list[Match]) -> list[Match]:
    found.sort(key=lambda match: (match.start, match.start - match.end))
    kept: list[Match] = []
    reach = 0
    for match in found:
        if match.start >= reach:
            kept.append(match)
            reach = match.end
    return kept
