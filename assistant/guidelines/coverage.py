"""Which sentences of the source the records reach, so that an author sees what nobody can ask for yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.guidelines.pack import Guideline

# A full stop after one of these does not end a sentence; single capitals (initials) neither.
_ABBREVIATIONS = frozenset(
    {"e.g", "i.e", "vs", "cf", "dr", "prof", "no", "fig", "approx", "al", "st", "resp"}
)
_END = re.compile(r"[.!?…]+[\"'’”)\]]*(?=\s|\Z)|(?=\r?\n)|\Z")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence [start, end) of the source and whether a record reaches it."""

    start: int
    end: int
    text: str
    line: int
    reached: bool
    waived: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """All sentences under the headings, in order."""

    sentences: tuple[Sentence, ...]

    @property
    def open(self) -> tuple[Sentence, ...]:
        """The sentences that no record reaches and that are not listed as unreached with a reason."""
        return tuple(item for item in self.sentences if not item.reached and not item.waived)


def find_sentences(text: str) -> list[tuple[int, int]]:
    """Return the [start, end) of each sentence: a line is at least one; runs of spaces are outside."""
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _END.finditer(text):
        end = mark.end()
        if end <= start or (mark.group().startswith(".") and _abbreviated(text, start, mark.start())):
            continue
        if mark.group() and not _begins(text, end):
            continue
        piece = text[start:end]
        body = piece.strip()
        if any(character.isalnum() for character in body):
            begin = start + len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(body)))
        start = end
    return spans


def measure(guideline: Guideline) -> Coverage:
    """Say for each sentence whether a topic, option, step or scope record rests on some of it."""
    used = [
        (statement.start, statement.end)
        for name in referenced(guideline)
        if (statement := guideline.statements.get(name)) is not None
    ]
    waived = [
        (at, at + len(item.quote)) for item in guideline.unreached for at in _places(guideline, item.quote)
    ]
    source = guideline.source_text
    # Heading lines (all of them stand between a section's start and its body) state nothing.
    headings = [(section.start, section.body) for section in guideline.sections]
    sentences = [
        Sentence(
            start,
            end,
            source[start:end],
            source.count("\n", 0, start) + 1,
            _overlaps(start, end, used),
            _overlaps(start, end, waived),
        )
        for start, end in find_sentences(source)
        if not _overlaps(start, end, headings) and source[start:end] != guideline.metadata.category
    ]
    return Coverage(tuple(sentences))


def referenced(guideline: Guideline) -> set[str]:
    """Return the ids of all statements that some record other than statements.yaml names."""
    names = {guideline.metadata.publisher.statement, guideline.metadata.reviewer.statement}
    for option in guideline.options:
        names.update(option.statements, option.radiation.statements, option.good_for, option.limits)
    for step in guideline.steps:
        names.update(step.statements)
    scope = guideline.scope
    names.update(scope.fits)
    for criterion in scope.criteria:
        names.update(criterion.statements, criterion.instead)
        for case in criterion.cases:
            names.update(case.statements, case.instead)
    for preference in scope.preferences:
        names.update(preference.statements)
    for remark in scope.remarks:
        names.update(remark.statements)
    for topic in guideline.topics:
        names.update(topic.answer, topic.because, topic.next)
    return names


def _abbreviated(text: str, start: int, stop: int) -> bool:
    """True when the word before the full stop at `stop` is an abbreviation or an initial."""
    word = re.split(r"[\s(\[“\"]", text[max(start, stop - 12) : stop])[-1]
    return word.casefold() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _begins(text: str, at: int) -> bool:
    """True when what follows position `at` can begin a sentence, which a small letter cannot."""
    rest = text[at : at + 20].lstrip(" \t")
    return not rest or not rest[0].islower()


def _places(guideline: Guideline, quote: str) -> list[int]:
    at = guideline.source_text.find(quote)
    return [] if at < 0 else [at]


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(left < end and start < right for left, right in spans)
