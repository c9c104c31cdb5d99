"""Rule `citation`: nobody is named as reviewer or author, or with a degree, whom the text does not name."""

from __future__ import annotations

from itertools import pairwise, takewhile

from assistant.guard import courtesy
from assistant.guard.context import GuardContext
from assistant.guard.cues import Word, words_of
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "citation"
#: Cue groups: words before the name of a reviewer, and those with which a question asks for one.
_NAMED_BY, _ASKS = "reviewed-by", "asks-person"
_MOST = 4  # words of a name
_MESSAGE = "the guideline does not name this person"
_STOPS = frozenset(",;:()|[]")


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check each name behind "reviewed by", before a degree, and behind a title where a person is asked for."""
    polite = courtesy.spans(reading)
    texts = " ".join((*context.user_texts, context.question)).lower()
    asked = {word.text for word in words_of(texts)}
    found: list[Finding] = []
    for unit in reading.units:
        if unit.question or reading.silent(unit) or reading.quotes_statement(unit):
            continue
        if any(start <= unit.start and unit.end <= end + 1 for start, end in polite):
            continue
        for named in (
            *_reviewers(reading, unit),
            *_graduates(reading, unit, asked),
            *_titled(reading, unit, asked),
        ):
            found.append(finding(reading, RULE, _MESSAGE, named.start, named.end))
            break
    return found


def _reviewers(reading: Reading, unit: Unit) -> list[Word]:
    """Words behind "reviewed by" that are no words of the text's reviewer, and no plain ones."""
    found: list[Word] = []
    for cue in reading.find((unit.start, unit.end), (_NAMED_BY,)):
        if reading.negated(cue):
            continue
        words = reading.words_in(cue.end, unit.end)
        if words[:1] and words[0].text in ":-":
            words = words[1:]
        name = list(takewhile(lambda one: one.text not in _STOPS, words))[:_MOST]
        found += [one for one in name if _is_strange(reading, unit, one)]
    return found


def _graduates(reading: Reading, unit: Unit, asked: set[str]) -> list[Word]:
    """Words of a name before a degree that neither the text nor the user has."""
    degrees = reading.know.claims.courtesy.degrees
    words = [one for one in reading.words_in(unit.start, unit.end) if one.text not in ",."]
    found: list[Word] = []
    for place, word in enumerate(words):
        if word.text not in degrees:
            continue
        for one in reversed(words[max(0, place - _MOST) : place]):
            if one.text in degrees:
                continue
            if not one.text.isalpha() or one.text in reading.know.claims.courtesy.titles:
                break
            if one.text in asked or one.text in reading.know.reviewer_names:
                continue
            if not _is_strange(reading, unit, one):
                break
            found.append(one)
    return found


def _titled(reading: Reading, unit: Unit, asked: set[str]) -> list[Word]:
    """Names behind a title that neither the text nor the user has, where a person is asked for."""
    titles = reading.know.claims.courtesy.titles
    words = [one for one in reading.words_in(unit.start, unit.end) if one.text in titles or len(one.text) > 1]
    if not (
        reading.know.mentions(reading.question, _ASKS) or reading.has((unit.start, unit.end), (_NAMED_BY,))
    ):
        words = _in_brackets(reading, unit, words)
    return [
        name
        for title, name in pairwise(words)
        if title.text in titles and name.text not in asked and _is_strange(reading, unit, name)
    ]


def _in_brackets(reading: Reading, unit: Unit, words: list[Word]) -> list[Word]:
    """The words of a unit that stand in brackets, where a source is named."""
    text = reading.text.lower
    return [
        one
        for one in words
        if text.rfind("(", unit.start, one.start) > text.rfind(")", unit.start, one.start)
    ]


def _is_strange(reading: Reading, unit: Unit, word: Word) -> bool:
    """Whether a word may be part of a name that the text does not have."""
    if not word.text.isalpha():
        return False
    know = reading.know
    if word.text in know.reviewer or stem(word.text, know.claims.spelling) in know.source_words:
        return False
    whole = reading.text.text[unit.start : unit.end]
    if reading.text.text[word.start].isupper() and not whole.isupper():
        return word.text not in know.claims.courtesy.titles
    return not know.is_spoken(word.text)
