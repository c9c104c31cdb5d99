"""Rule `citation`: a topic that is said to stand under a title of the text stands there ("flare: see the pitfalls")."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.knowledge import Knowledge
from assistant.guard.normal import normalise
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit
from assistant.types import Finding

RULE = "citation"
_FAQ, _FRAMES, _SPEAK, _ASKS = "faq-cue", "frames-it", "speak", "asks-place"
_PARTS = re.compile(r"[^?()]+")
_SHORT = 2  # words of a title that stand for it behind a word that places
_LEAST_WORDS = 4  # of a title, of which the longest shows whether it may stand somewhere
_LEAST = 6  # letters of a word that may do so
#: Words that place something, before the short form of a title.
_PLACING = r"(?:(?:under|in|see|section|heading|part|to|of|at|the|and|called|titled|[|:,\"*]+)\s*)"
_REST = 1  # words beside title and topic that a sentence may have


class Titles:
    """The titles of a guideline, as a draft may write them; built once."""

    def __init__(self, know: Knowledge) -> None:
        self.faq = know.faq_heading
        cues = (phrase for name in (_FRAMES, _SPEAK, _ASKS) for phrase in know.claims.cues.get(name, ()))
        self.frames = know.content_keys(" ".join(cues))
        self._signs: set[str] = set()
        whole: dict[str, int] = {}
        short: dict[str, list[int]] = {}
        for number, heading in enumerate(know.guideline.metadata.headings):
            plain = normalise(heading, know.claims.characters).lower
            for part in _PARTS.findall(plain):
                words = re.findall(r"[\w'/-]+", part)
                if len(words) > _SHORT:
                    self._signs.add(max(words[:_LEAST_WORDS], key=len))
                    whole[r"\W+".join(map(re.escape, words))] = number
            words = re.findall(r"[\w'/-]+", plain)
            self._signs.add(max(words[:_SHORT], key=len))
            short.setdefault(" ".join(words[:_SHORT]), []).append(number)
        self.count = len(know.guideline.metadata.headings)
        self._whole = [(re.compile(rf"\b{pattern}\b"), number) for pattern, number in whole.items()]
        openings = {
            text: own[0] for text, own in short.items() if len(own) == 1 and not _is_common(know, text)
        }
        self._short = [
            (re.compile(rf"(?:^|{_PLACING}){re.escape(text)}\b(?!\s+(?:if|with|in)\b)"), number)
            for text, number in openings.items()
        ]
        self._short += [
            (
                re.compile(
                    rf"(?:^|{_PLACING}){re.escape(text.split()[0])}\b(?=\W*(?:$|[.,;:|)]|and\b|section\b))"
                ),
                number,
            )
            for text, number in openings.items()
            if len(text.split()[0]) >= _LEAST and not _is_common(know, text.split()[0])
        ]

    def may_stand(self, text: str) -> bool:
        """Whether a word that opens a title stands in a text at all."""
        return any(sign in text for sign in self._signs)

    def named(self, text: str) -> list[tuple[Span, int]]:
        """The titles that stand in a text, with where."""
        found = [(match.span(), n) for pattern, n in self._whole for match in pattern.finditer(text)]
        found += [(match.span(), n) for pattern, n in self._short for match in pattern.finditer(text)]
        return found


def _is_common(know: Knowledge, text: str) -> bool:
    """Whether words are no more than talk ("why is")."""
    return not know.content_keys(text)


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Check where a draft says that a topic stands."""
    titles = _titles(reading.know)
    whole = (0, len(reading.text.lower))
    if not titles.may_stand(reading.text.lower) and not reading.has(whole, (_FAQ,)):
        return []
    found: list[Finding] = []
    for unit in reading.units:
        if unit.kind in ("header", "heading") or reading.silent(unit):
            continue
        if reading.studies((unit.start, unit.end)):
            continue  # it says more than where something stands
        text = reading.text.lower[unit.start : unit.end]
        named = titles.named(text)
        faq = reading.find((unit.start, unit.end), (_FAQ,))
        if not named and not faq:
            continue
        spans = [(unit.start + start, unit.start + end) for (start, end), _ in named]
        spans += [(one.start, one.end) for one in faq]
        under = {number for _, number in named}
        under |= set(range(titles.faq + 1, titles.count)) if faq and titles.faq is not None else set()
        own, asked = _topics(reading, unit, spans)
        topics = own or asked
        elsewhere = [_stands_elsewhere(reading, topic, under) for topic in topics]
        if any(elsewhere) if own else elsewhere and all(elsewhere):
            message = "this does not stand under that title"
            found.append(finding(reading, RULE, message, unit.start, unit.end))
    return found


@lru_cache(maxsize=8)
def _titles(know: Knowledge) -> Titles:
    return Titles(know)


def _topics(reading: Reading, unit: Unit, titles: list[Span]) -> tuple[set[str], set[str]]:
    """What a sentence or row says no more of than where it stands; and what the question asks the place of."""
    know = reading.know
    own = [(unit.start, unit.end), *([unit.label] if unit.label is not None else [])]
    marks = [
        mark
        for span in own
        for mark in reading.within(*span)
        if mark.concept and not any(start <= mark.start < end for start, end in titles)
    ]
    taken = [*titles, *((mark.start, mark.end) for mark in marks)]
    words = [
        word
        for span in own
        for word in reading.words_in(*span)
        if not any(start <= word.start < end for start, end in taken)
    ]
    if len(know.evidence.keys(words, ()) - _titles(know).frames - know.section_words) > _REST:
        return set(), set()
    named = {mark.name for mark in marks if not know.is_study(mark.name)}
    asked: set[str] = set()
    if (
        not named
        and unit is reading.units[0]
        and unit.label is None
        and know.mentions(reading.question, _ASKS)
    ):
        asked = {mention.concept for mention in know.find(reading.question)}
    return named, {name for name in asked if not know.is_study(name) and _is_told(reading, name)}


def _is_told(reading: Reading, topic: str) -> bool:
    return any(f"#{topic}" in source.keys for source in reading.know.evidence.sources)


def _stands_elsewhere(reading: Reading, topic: str, under: set[int]) -> bool:
    """Whether statements speak of a topic, and none of them under these titles."""
    told = {source.heading for source in reading.know.evidence.sources if f"#{topic}" in source.keys}
    return bool(told) and told.isdisjoint(under)
