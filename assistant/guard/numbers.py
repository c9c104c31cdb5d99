"""Rule `numbers`: every number is the text's own, in the same relation, or the user's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.guard import courtesy, mentions, ratedsets, stages
from assistant.guard.context import GuardContext
from assistant.guard.examples import is_ago, is_time_ago, tells_of_patient
from assistant.guard.figures import figures_of
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Span, Unit
from assistant.types import Finding

RULE = "numbers"
_NUMERAL = re.compile(r"(?<![a-z\d.])\d+(?:[.,]\d+)*(?:m(?![a-z])|(?:st|nd|rd|th)\b)?")
_USER_NUMERAL = re.compile(r"(?<![\d.])\d+(?:[.,]\d+)*")
_UNIT = re.compile(r"[\s-]*(years?|yrs?|yo\b|y/o|y\b|months?|mths?|mos?\b|weeks?|wks?|wk|days?|d\b|hours?|"
                   r"hrs?|h\b|minutes?|mins?|%|percent|per cent|times|fold|x\b|f\b|m\b|w\b)")  # fmt: skip
_UNIT_AHEAD = re.compile(r"\b(years?|months?|weeks?|wk|days?)\s?$")
_CLASSES = (("y", "year"), ("f", "year"), ("mo", "month"), ("mt", "month"), ("w", "week"), ("d", "day"),
            ("h", "hour"), ("mi", "minute"), ("%", "percent"), ("per", "percent"), ("times", "times"),
            ("fold", "times"), ("x", "times"), ("m", "year"))  # fmt: skip
#: What stands after the number of an item of a list.
_ITEM_DIGITS = 2
_ITEM_END = re.compile(r"[.)][*_]*(?:\s|$)")
_LINE_NUMBER = re.compile(r"^[ \t]*[*_#>-]*[ \t]*(\d{1,2})[.)][*_]*[ \t]+(?=\S)", re.MULTILINE)
_MARKER = re.compile(r"\[\d{1,3}(?:\s*[,;-]\s*\d{1,3})*\]")
#: Number words up to this may stand without a noun that is counted ("one of them", "the two").
_LOOSE = 3
#: The share of a sentence's weight that a statement must hold to be what the sentence is about.
_LEAST_SHARED = 0.5
_BOUNDS = frozenset(
    {("at", "least"), ("more", "than"), ("fewer", "than"), ("less", "than"), ("up", "to"), ("at", "most"),
     ("minimum", "of"), ("over",), ("exceeding",), ("maximum", "of")}
)  # fmt: skip


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check numerals, number words and stages."""
    lower = reading.text.lower
    skipped = [match.span() for match in _MARKER.finditer(lower)]
    users = _user_numbers(reading, context)
    told = stages.user_stages(context)
    items = _items(reading)
    message = "the items of this list are not numbered in order"
    found = [finding(reading, RULE, message, *span) for span in _skipping(reading)]
    total = ratedsets.asked_total(reading)
    for unit in reading.units:
        if reading.verbatim(unit) or (total is not None and ratedsets.is_bare_count(reading, unit)):
            continue  # the count that was asked for: rule `rating` has compared it
        covered = [(figure.start, figure.end) for figure in figures_of(reading, unit)]
        found += stages.find_wrong(reading, unit, told, covered)
        for match in _NUMERAL.finditer(lower, unit.start, unit.end):
            if any(start <= match.start() < end for start, end in (*skipped, *covered)):
                continue
            if tells_of_patient(reading, match.span(), context) or match.start() in items:
                continue
            if not _is_known(reading, unit, match.group(), match.start(), match.end(), users):
                found.append(
                    finding(reading, RULE, "this number is neither in the guideline nor in the question",
                            match.start(), match.end())
                )  # fmt: skip
        texts = context.user_texts or (context.question,)
        found += [
            one
            for one in _word_findings(reading, unit, users, texts)
            if (one.start, one.end) not in {reading.text.original(*span) for span in covered}
        ]
    return found


def _items(reading: Reading) -> set[int]:
    """Where numbers only number the items of a list, whatever its markup ("**3. Title.**"), in their order."""
    lower = reading.text.lower
    listed = [
        match
        for unit in reading.units
        for match in _NUMERAL.finditer(lower, unit.start, unit.end)
        if not lower[unit.start : match.start()].strip(" *_#>-(\"'")
        and _ITEM_END.match(lower, match.end())
        and match.group().isdecimal()
        and len(match.group()) <= _ITEM_DIGITS
    ]
    ordered = all(int(after.group()) == int(before.group()) + 1 for before, after in pairwise(listed))
    return {match.start() for match in listed} if ordered else set()


def _skipping(reading: Reading) -> list[Span]:
    """The numbers of lines that skip some or go back; at 1 a further list begins, or Markdown counts by itself."""
    numbered = list(_LINE_NUMBER.finditer(reading.text.lower))
    return [
        after.span(1) for before, after in pairwise(numbered) if int(after[1]) not in (1, int(before[1]) + 1)
    ]


def _is_known(
    reading: Reading, unit: Unit, number: str, start: int, end: int, users: dict[str, set[str]]
) -> bool:
    lower = reading.text.lower
    for mention in reading.within(unit.start, unit.end):
        if mention.concept and mention.exact and mention.start <= start and end <= mention.end:
            known = reading.know.source_concepts
            if mention.name in known and reading.know.is_named_number(mention.name):
                return True
    kind = _kind(lower, end)
    if number.endswith(("st", "nd", "rd", "th")) and int(re.sub(r"\D", "", number)) <= _LOOSE and not kind:
        return True  # "1st" is "first"
    plain = number.rstrip("stndrhm") if number[-1:].isalpha() and not number.endswith("m") else number
    if number.endswith("m") and "year" in users.get(number[:-1], ()):
        return True  # "62M": the age and sex that the user told
    own = users.get(plain) or users.get(number)
    if own is not None and (not kind or kind in own or "" in own):
        return True
    if own is not None and kind == "year" and "age" in own:
        return True
    for group, values in reading.know.claims.figures.items():
        if number in values and reading.has((unit.start, unit.end), (group,)) and not kind:
            return True
    if _stated(reading, unit, number, end):
        return True
    ahead = reading.words_in(max(unit.start, start - 16), start)[-1:]
    small = number.isdecimal() and int(number) <= _LOOSE and not lower[end : end + 1].isalpha() and not kind
    if small and ahead and ahead[0].text in reading.know.claims.before_count:
        return True  # "all 3 are", "slide 3": it only counts or numbers what is at hand
    counts = reading.know.claims.counts
    following = {word.text for word in reading.words_in(end, min(end + 40, unit.end))[:3]}
    for count in counts:
        if number.isdecimal() and following & set(count.nouns):
            return int(number) in count.values
    return False


def _stated(reading: Reading, unit: Unit, number: str, end: int) -> bool:
    """Whether the statement that the sentence is about has the number before the same word."""
    know = reading.know
    following = reading.words_in(end, min(unit.end, end + 30))[:1]
    keys = know.evidence.keys_in(reading, (unit.start, unit.end))
    if not following:
        return False
    wanted = stem(following[0].text, know.claims.spelling)
    for score, source in know.evidence.nearest(keys):
        if score < _LEAST_SHARED:
            continue
        for word, after in pairwise(source.words):
            same = word.text == number or str(know.claims.numbers.get(word.text)) == number
            if same and stem(after.text, know.claims.spelling) == wanted:
                return True
    return False


def _kind(lower: str, end: int) -> str:
    match = _UNIT.match(lower, end)
    if not match:
        return ""
    return next((name for start, name in _CLASSES if match.group(1).startswith(start)), "")


def _user_numbers(reading: Reading, context: GuardContext) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in context.user_texts or (context.question,):
        lower = text.lower()
        for match in _USER_NUMERAL.finditer(lower):
            kinds = found.setdefault(match.group(), set())
            kinds.add(_kind(lower, match.end()))
            ahead = _UNIT_AHEAD.search(lower, 0, match.start())
            if ahead is not None:
                kinds.add(_kind(ahead.group(1), 0))  # "week 3"
        for word in re.finditer(r"[a-z]+", lower):
            value = reading.know.claims.numbers.get(word.group())
            if value is not None:
                found.setdefault(str(value), set()).add(_kind(lower, word.end()))
    return found


def _items_about(reading: Reading, position: int) -> set[int]:
    """How many items the list before a position has, and the one after it ("four points: ...", "all four apply")."""
    lines = [reading.line_of(unit) for unit in reading.units if unit.kind == "item"]
    after = {line for line in lines if line > position}
    return {len(after), len(set(lines) - after)}


def _word_findings(
    reading: Reading, unit: Unit, users: dict[str, set[str]], texts: tuple[str, ...]
) -> list[Finding]:
    found: list[Finding] = []
    lower = reading.text.lower
    for word in reading.words_in(unit.start, unit.end):
        value = reading.know.claims.numbers.get(word.text)
        if value is None:
            continue
        kind = _kind(lower, word.end)
        own = users.get(str(value), set())
        if own and (not kind or kind in own):
            continue
        before = [one.text for one in reading.words_in(max(unit.start, word.start - 20), word.start)][-2:]
        bounded = tuple(before) in _BOUNDS or tuple(before[-1:]) in _BOUNDS
        following = [one.text for one in reading.words_in(word.end, min(word.end + 60, unit.end))[:4]]
        problem = False
        if kind in ("year", "month", "week", "day", "hour", "minute", "percent", "times") and value > 0:
            problem = lower[word.end : word.end + 1] != "-" or kind != "times"
        elif (bounded and value > 0) or following[:2] in (["or", "more"], ["or", "fewer"], ["or", "less"]):
            problem = True
        elif value > 1:
            counted = [count for count in reading.know.claims.counts if set(following[:3]) & set(count.nouns)]
            if not counted:  # "Four are listed": what is counted stands in the question
                asked = set(re.findall(r"[a-z]+", " ".join(texts).lower()))
                counted = [count for count in reading.know.claims.counts if asked & set(count.nouns[:2])]
                counted = counted if following[:1] in (["are"], ["of"], [":"], ["in"]) else []
            if counted:
                problem = not any(value in count.values for count in counted)
            else:
                problem = value > _LOOSE and value not in _items_about(reading, word.end)
        if problem and _counts_symbols(reading, unit, value, word.end):
            continue
        if problem and not texts[0] and is_time_ago(lower, word.end):
            continue
        if problem and _stated(reading, unit, str(value), word.end):
            continue
        if problem:
            found.append(finding(reading, RULE, "this number is neither in the guideline nor in the question",
                                 word.start, word.end))  # fmt: skip
    said_units = {word.rstrip("s") for text in texts for word in re.findall(r"[a-z]+", text.lower())}
    for mark in reading.find((unit.start, unit.end), ("time-unit",)):
        span_of_time = lower[mark.start : mark.end].rstrip("s")
        ahead = reading.words_in(max(unit.start, mark.start - 14), mark.start)
        if ahead and (ahead[-1].text.isdecimal() or ahead[-1].text in reading.know.claims.numbers):
            continue  # judged with its number
        if reading.silent(unit) or is_ago(lower, mark, said_units) or courtesy.covers(reading, mark):
            continue
        if span_of_time not in said_units and not any(
            one.startswith(span_of_time[:1]) and len(one) <= 3 for one in said_units
        ):
            found.append(finding(reading, RULE, "the guideline gives no such time", mark.start, mark.end))
    found += _bound_times(reading, unit, texts)
    for mark in reading.find((unit.start, unit.end), ("multiple",)):
        said = reading.text.lower[mark.start : mark.end]
        if said.startswith("times ") and not _is_counted(reading, mark.start):
            continue  # "at other times the picture is vague" multiplies nothing
        if mentions.are_counted(reading, mark):
            continue
        if not any(said in text.lower() for text in texts):
            found.append(finding(reading, RULE, "the guideline gives no such multiple", mark.start, mark.end))
    return found


def _counts_symbols(reading: Reading, unit: Unit, value: int, end: int) -> bool:
    """Whether a number word tells how many radiation symbols the study after it has ("four for CT")."""
    named = reading.studies((end, unit.end))[:1]
    return bool(named) and any(
        len(option.radiation.symbols) == value for option in reading.know.options_for(named[0].name)
    )


def _is_counted(reading: Reading, position: int) -> bool:
    """Whether a number, or a word for one, stands just before a position."""
    before = reading.words_in(max(0, position - 16), position)[-1:]
    return any(
        word.text[0].isdecimal() or word.text in (*reading.know.claims.numbers, "many", "several", "some")
        for word in before
    )


def _bound_times(reading: Reading, unit: Unit, texts: Sequence[str]) -> list[Finding]:
    """Weeks and months stand in the text of some things alone."""
    bound = reading.know.claims.bound_times
    if not bound or reading.silent(unit):
        return []
    number = reading.units.index(unit)
    found: list[Finding] = []
    for mark in reading.find((unit.start, unit.end), ("bound-time",)):
        clause = reading.clause_at(mark.start)
        stem_ = reading.text.lower[mark.start : mark.end].rstrip("sly")[:4]
        said = any(stem_ in text.lower() or re.search(rf"\d\s?-?{stem_[0]}", text.lower()) for text in texts)
        if said or clause is None or reading.in_context(number, clause, bound, "context"):
            continue
        found.append(finding(reading, RULE, "the guideline gives no such time", mark.start, mark.end))
    return found
