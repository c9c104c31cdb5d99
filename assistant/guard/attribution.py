"""Rule `citation`: what is said to stand in a section stands there, and the reviewer is who the text says."""

from __future__ import annotations

import re

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.settled import SECTIONS, is_neutral
from assistant.guard.units import Span, Unit
from assistant.types import Finding

RULE = "citation"
#: How far after the word "section" or "FAQ" its title may reach, and where it ends.
_TITLE = 90
_TITLE_END = re.compile(r"[,;:.\n|)]|\?(?!\")|\s-\s")
_QUOTED = re.compile(r'"([^"\n]{4,140})"')
_NAMED = 24
_CALLED_BEFORE = r"\b(?:section|heading|entry|chapter|paragraph|box|faq|called|headed|titled|entitled)[\s:]*$"
_CALLED_AFTER = r"\s*(?:section|heading|entry|chapter|paragraph|box|faq)\b"
_AHEAD = 3
_LEAST_TITLE = 0.5
_LEAST_CONTENT = 3
_LEAST_SHARED = 0.4
_NEAR = 0.85


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Check where a draft says that something stands, and who is said to have reviewed it."""
    found = _titles(reading)
    for number, unit in enumerate(reading.units):
        if unit.question or reading.quotes_statement(unit):
            continue
        for mark in reading.find((unit.start, unit.end), ("section-cue",)):
            if not reading.negated(mark) and not reading.silent(unit):
                found += _section(reading, number, unit, mark)
        found += _reviewer(reading, number, unit)
    return found


def _section(reading: Reading, number: int, unit: Unit, mark: Mark) -> list[Finding]:
    evidence = reading.know.evidence
    stop = _TITLE_END.search(reading.text.lower, mark.end, min(unit.end, mark.end + _TITLE))
    title_end = stop.start() if stop else min(unit.end, mark.end + _TITLE)
    title = evidence.keys(reading.words_in(mark.start, title_end), ()) - reading.know.section_words
    named = _headings(reading, title, reading.has((mark.start, title_end), ("faq-cue",)))
    if not named:
        return []
    spans = ((unit.start, mark.start), (title_end, unit.end))
    if any(_stands_elsewhere(reading, topic, named) for topic in _topics(reading, spans)):
        return [finding(reading, RULE, "this does not stand in that section", mark.start, title_end)]
    content = reading.know.evidence.keys_in(reading, spans[0]) | reading.know.evidence.keys_in(
        reading, spans[1]
    )
    content -= title | reading.know.section_words
    if len(content) < _LEAST_CONTENT:
        for other in (*reading.units[number + 1 : number + 2], *reading.units[max(0, number - 1) : number]):
            if other.block == unit.block and not other.question:
                content |= reading.know.evidence.keys_in(reading, (other.start, other.end)) - title
                break
    if _stands_under(reading, content, named):
        return []
    return [finding(reading, RULE, "this does not stand in that section", mark.start, title_end)]


def _topics(reading: Reading, spans: tuple[Span, ...]) -> list[str]:
    """What a sentence says no more of than where it stands ("flare is covered in the section on ...")."""
    know = reading.know
    marks = [mark for span in spans for mark in reading.within(*span) if mark.concept]
    keys = frozenset(
        key
        for span in spans
        for key in reading.know.evidence.keys_in(reading, span)
        if not key.startswith("#")
    )
    named = know.content_keys(" ".join(reading.text.lower[one.start : one.end] for one in marks))
    frames = know.content_keys(
        " ".join((*know.claims.cues.get("frames-it", ()), *know.claims.cues.get("speak", ())))
    )
    titles = frozenset(key for heading in know.evidence.headings for key in heading)
    if keys - named - frames - know.section_words - titles:
        return []
    return [
        mark.name
        for mark in marks
        if mark.exact and mark.name not in SECTIONS and not is_neutral(know, mark.name)
    ]


def _stands_elsewhere(reading: Reading, topic: str, named: set[int]) -> bool:
    """Whether statements speak of a topic, and none of them under these headings."""
    under = {source.heading for source in reading.know.evidence.sources if f"#{topic}" in source.keys}
    return bool(under) and under.isdisjoint(named)


def _titles(reading: Reading) -> list[Finding]:
    """A heading in quotation marks, and what is said to stand under it."""
    evidence = reading.know.evidence
    for match in _QUOTED.finditer(reading.text.text):
        title = evidence.keys(reading.words_in(match.start(1), match.end(1)), ())
        named = {n for n, heading in enumerate(evidence.headings) if title and title == heading}
        if not named and _is_invented(reading, title, match.span()):
            message = "the guideline has no section of that name"
            return [finding(reading, RULE, message, *match.span(1))]
        if not named or reading.negated(Mark("", match.start(1), match.end(1))):
            continue
        content: frozenset[str] = frozenset()
        ahead = [unit for unit in reading.units if unit.end > match.end() and not unit.question][:_AHEAD]
        for unit in ahead:
            if len(content) < _LEAST_CONTENT:
                content |= reading.know.evidence.keys_in(reading, (max(unit.start, match.end()), unit.end))
                content -= reading.know.section_words | title
        if not any(reading.silent(unit) for unit in ahead) and not _stands_under(reading, content, named):
            return [finding(reading, RULE, "this does not stand under that heading", *match.span(1))]
    return []


def _is_invented(reading: Reading, title: frozenset[str], span: Span) -> bool:
    """Whether quotation marks hold what is called a section, and no heading or statement is so named."""
    near = reading.text.lower[max(0, span[0] - _NAMED) : span[0]], reading.text.lower[span[1] :][:_NAMED]
    called = re.search(_CALLED_BEFORE, near[0]) or re.match(_CALLED_AFTER, near[1])
    if (
        not title
        or called is None
        or any(reading.silent(unit) for unit in reading.units if unit.start <= span[0] < unit.end)
    ):
        return False
    evidence = reading.know.evidence
    like = max((len(title & heading) / len(title) for heading in evidence.headings), default=0.0)
    stated = max((score for score, _ in evidence.nearest(title)), default=0.0)
    return max(like, stated) < _LEAST_TITLE


def _stands_under(reading: Reading, content: frozenset[str], named: set[int]) -> bool:
    """Whether a statement under one of the headings is about the content, or none is at all."""
    if len(content) < _LEAST_CONTENT:
        return True
    scored = reading.know.evidence.nearest(frozenset(content))
    best = max((score for score, _ in scored), default=0.0)
    return best < _LEAST_SHARED or any(
        score >= best * _NEAR and source.heading in named for score, source in scored
    )


def _headings(reading: Reading, title: frozenset[str], faq: bool) -> set[int]:
    """The headings that a title can mean."""
    headings = reading.know.evidence.headings
    first = reading.know.faq_heading
    among = [n for n in range(len(headings)) if not faq or (first is not None and n > first)]
    if not title:
        return set(among) if faq else set()
    shares = {n: len(title & headings[n]) / len(title) for n in among}
    best = max(shares.values(), default=0.0)
    return {n for n, share in shares.items() if share == best} if best >= _LEAST_TITLE else set()


def _reviewer(reading: Reading, number: int, unit: Unit) -> list[Finding]:
    """A profession or authorship that the text does not give its reviewer."""
    known = reading.know.reviewer
    span = (unit.start, unit.end)
    near = reading.text.lower[unit.start : unit.end]
    for other in reading.units[max(0, number - 2) : number]:
        if other.block == unit.block:
            near += " " + reading.text.lower[other.start : other.end]
    if not known or not any(name in near for name in reading.know.reviewer_names):
        return []
    return [
        finding(reading, RULE, "the guideline does not say this of its reviewer", mark.start, mark.end)
        for mark in reading.find(span, ("profession", "authorship"))
        if reading.text.lower[mark.start : mark.end] not in known
        and not reading.negated(mark)
        and not reading.silent(unit)
    ]
