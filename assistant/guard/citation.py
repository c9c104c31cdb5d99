"""Rule `citation`: quotations are verbatim, markers support their sentence, references are not invented."""

from __future__ import annotations

import re

from assistant.guard.bonds import ratings_in
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.knowledge import flatten
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit
from assistant.types import Finding

RULE = "citation"
_QUOTE = re.compile(r'"([^"\n]{1,2000})"')
_ELLIPSIS = re.compile(r"\s*(?:\[?\.\.\.\]?|\[[^\]\n]{0,40}\])\s*")
_MARKER = re.compile(r"\[(\d{1,3}(?:\s*[,;-]\s*\d{1,3})*)\]")
_WORD = re.compile(r"[a-z]+")
#: Quotation marks around fewer words may mark a term.
_TERM_WORDS = 2
#: From so many words on a passage in marks may be a wording that is offered.
_WORDING_WORDS = 8
#: The share of a sentence's words that the cited quotes must have.
_LEAST_SHARED = 0.2
_LEAST_MARKER = 1
_DENIED = 6


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check quotations, references and markers."""
    return [*_quotations(reading, context), *_references(reading), *_markers(reading, context)]


def _quotations(reading: Reading, context: GuardContext) -> list[Finding]:
    found: list[Finding] = []
    users = " ".join(flatten(text.lower()) for text in context.user_texts)
    for match in _QUOTE.finditer(reading.text.text):
        said = match.group(1)
        for part in _ELLIPSIS.split(said):
            flat = flatten(part.lower())
            count = len(flat.split())
            if count == 0 or flat in reading.know.source_flat or flat in users or _is_said(part, context):
                continue
            if any(flat in text for text in reading.know.data_texts):
                continue
            if _quotes_nothing(reading, match):
                continue
            if count >= _WORDING_WORDS and _offers_wording(reading, match.start()):
                continue
            if count <= _TERM_WORDS and all(reading.know.knows(word) for word in _WORD.findall(part.lower())):
                continue
            found.append(
                finding(
                    reading, RULE, "these words do not stand in the guideline", match.start(1), match.end(1)
                )
            )
            break
    return found


def _is_said(part: str, context: GuardContext) -> bool:
    """Whether the user wrote just these letters, also within one word here ("children" of "children's")."""
    letters = re.compile(rf"(?<!\w){re.escape(part.strip().lower())}(?!\w)")
    return any(letters.search(text.lower()) for text in context.user_texts)


def _quotes_nothing(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the marks hold a question, a rating by its name, or words that the text is said not to have."""
    if match.group(1).rstrip().endswith("?"):
        return True
    if any(mark.start <= match.start(1) + 1 for mark in ratings_in(reading, match.span(1))):
        return True  # the rule `rating` knows which study has it
    before = [word.text for word in reading.words_in(max(0, match.start() - _DENIED), match.start())]
    return before[-1:] == ["not"]


def _offers_wording(reading: Reading, position: int) -> bool:
    """Whether the marks hold words offered to the user, who asked for them, and quote nobody."""
    before = (max(0, position - 120), position)
    if reading.has(before, ("attribution",)):
        return False
    return reading.has(before, ("wording-cue",)) or reading.know.mentions(reading.question, "wording-cue")


def _references(reading: Reading) -> list[Finding]:
    return [
        finding(reading, RULE, "the guideline holds no such reference", start, end)
        for start, end in reading.once("references", lambda: _reference_spans(reading))
    ]


def _reference_spans(reading: Reading) -> tuple[Span, ...]:
    return tuple(
        match.span() for pattern in reading.know.references for match in pattern.finditer(reading.text.lower)
    )


def _markers(reading: Reading, context: GuardContext) -> list[Finding]:
    found: list[Finding] = []
    quotes = None if context.citations is None else {one.number: one.quote for one in context.citations}
    for unit in reading.units:
        for match in _MARKER.finditer(reading.text.text, unit.start, unit.end):
            numbers = [int(number) for number in re.findall(r"\d+", match.group(1))]
            if any(number < _LEAST_MARKER for number in numbers):
                found.append(finding(reading, RULE, "a citation has no such number", *match.span()))
            if quotes is None:
                continue
            if any(number not in quotes for number in numbers):
                found.append(finding(reading, RULE, "there is no citation of this number", *match.span()))
            elif not _supports(reading, unit, [quotes[number] for number in numbers], match.start()):
                found.append(
                    finding(reading, RULE, "the citation does not support this sentence", *match.span())
                )
    return found


def _supports(reading: Reading, unit: Unit, quotes: list[str], position: int) -> bool:
    """Whether the cited words share concepts or content words with what stands before the marker."""
    begin = unit.start
    for match in _MARKER.finditer(reading.text.text, unit.start, position):
        begin = match.end()
    keys_of = reading.know.content_keys
    keys = keys_of(reading.text.text[begin:position])
    if len(keys) < 2:
        keys |= keys_of(reading.text.text[unit.start : unit.end])
    for span in reading.above(unit)[:1]:
        keys |= keys_of(reading.text.text[slice(*span)])
    if not keys:
        return True
    cited: set[str] = set()
    for quote in quotes:
        cited |= keys_of(quote)
    return len(keys & cited) / len(keys) >= _LEAST_SHARED
