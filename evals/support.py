"""Statement support: does what an answer says stand in what it cites? Judged by words and figures.

A statement (a sentence or list item of at least four content words) with markers is supported when each
marker has a citation, each figure in it stands in those citations or in the user's own words, each rating in
those citations, and at least half of its content words in either. That is strict on figures and lenient on
phrasing; it cannot see a wrong relation between right words, which is what the guard's set is for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.types import Answer
from evals.scoring import plain

_SENTENCE = re.compile(r"(?<=[.!?])(?:\s?\[\d+\])*\s+(?=[A-Z“‘\"(*-])|\n+")
_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"[a-zA-Z][a-zA-Z-]{3,}")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
_RATING = re.compile(r"usually (?:not )?appropriate|may be appropriate", re.IGNORECASE)
_STOP = frozenset(
    _WORD.findall(
        "this that with from have been were which when where what your their they them then than there these "
        "those would could should does done also only into over such very more most some many other because "
        "about after before while guideline guidance text says states stated state patient patients"
    )
)
MIN_WORDS = 4
MIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an answer. `supported` is None where it carries no marker."""

    text: str
    supported: bool | None
    reason: str = ""


def statements_of(answer: Answer, said: Sequence[str]) -> list[Statement]:
    """Return the statements of an answer; `said` are the user's turns."""
    cited = tuple((citation.number, citation.quote) for citation in answer.citations)
    return list(_judged(answer.text, cited, tuple(said)))


@cache  # each answer is judged for its split, for all together, and for its record
def _judged(text: str, cited: tuple[tuple[int, str], ...], said: tuple[str, ...]) -> tuple[Statement, ...]:
    quotes = dict(cited)
    found: list[Statement] = []
    for sentence in _split(text):
        words = _content(plain(sentence))
        if len(words) < MIN_WORDS or sentence.rstrip().endswith("?"):
            continue
        numbers = [int(number) for number in _MARKER.findall(sentence)]
        if not numbers:
            found.append(Statement(sentence, None))
            continue
        reason = _refusal(plain(sentence), words, numbers, quotes, said)
        found.append(Statement(sentence, not reason, reason))
    return tuple(found)


def _refusal(
    text: str, words: set[str], numbers: Sequence[int], quotes: dict[int, str], said: Sequence[str]
) -> str:
    lost = [number for number in numbers if number not in quotes]
    if lost:
        return f"no citation {lost}"
    cited = " ".join(quotes[number] for number in numbers)
    known = f"{cited} {' '.join(said)}"
    figures = set(_FIGURE.findall(text)) - set(_FIGURE.findall(known))
    if figures:
        return f"figure not in the citation: {', '.join(sorted(figures))}"
    ratings = {m.lower() for m in _RATING.findall(text)} - {m.lower() for m in _RATING.findall(cited)}
    if ratings:
        return f"rating not in the citation: {', '.join(sorted(ratings))}"
    share = len(words & _content(known)) / len(words)
    return "" if share >= MIN_SHARE else f"only {share:.0%} of its words stand in the citation"


def _split(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(text):
        markers = match.group(0).rstrip() if match.group(0).lstrip().startswith("[") else ""
        parts.append(text[start : match.start()] + markers)
        start = match.end()
    parts.append(text[start:])
    return [part.strip(" \t-*>#|") for part in parts if part.strip(" \t-*>#|")]


def _content(text: str) -> set[str]:
    return {word.lower().rstrip("s") for word in _WORD.findall(text)} - _STOP
