"""Proves a quote against its source: found exactly, once, on whole words, or refused with what is nearest."""

from __future__ import annotations

import difflib
import re

from assistant.guidelines.coverage import find_sentences
from assistant.guidelines.schema import Statement

_FOLD = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "…": ".",
})  # fmt: skip
_SPACE = re.compile(r"\s+")
_SHOWN = 300


class ProofError(Exception):
    """The quote cannot be used; the text says why and what to do."""


def prove(statement: Statement, source: str) -> tuple[int, int]:
    """Return [start, end) of the statement's quote in `source`; ProofError if it is not there just once.

    Nothing is folded or repaired here: a curly quote in the text is a curly quote in the record.
    """
    quote = statement.quote
    if not quote.strip():
        raise ProofError("the quote is empty; copy a sentence of the source")
    starts = _all(quote, source)
    if not starts:
        raise ProofError(_absent(quote, source))
    if statement.occurrence is None and len(starts) > 1:
        where = ", ".join(str(_line(source, start)) for start in starts[:5])
        raise ProofError(
            f"the quote stands {len(starts)} times in the source (lines {where}); lengthen it, "
            f"or add occurrence: 1 to {len(starts)} to pick one"
        )
    number = statement.occurrence or 1
    if number > len(starts):
        raise ProofError(f"occurrence is {number}, but the source has the quote only {len(starts)} time(s)")
    start = starts[number - 1]
    end = start + len(quote)
    if _cuts(source, start) or _cuts(source, end):
        around = source[max(0, start - 15) : end + 15]
        raise ProofError(f"the quote begins or ends inside a word: …{around[:200]}…")
    if statement.shown is not None and not _stands_in(statement.shown, quote):
        raise ProofError(
            f"shown must be words of the quote, save for its first capital: {statement.shown[:200]}"
        )
    return start, end


def _stands_in(shown: str, quote: str) -> bool:
    """Whether `shown` is a stretch of whole words of the quote; its first letter may be a capital."""
    at = quote.find(shown[1:], 1)
    if at < 1:
        return False
    same = quote[at - 1].casefold() == shown[0].casefold()
    return same and not _cuts(quote, at - 1) and not _cuts(quote, at - 1 + len(shown))


def _all(quote: str, source: str) -> list[int]:
    starts = []
    start = source.find(quote)
    while start >= 0:
        starts.append(start)
        start = source.find(quote, start + 1)
    return starts


def _cuts(source: str, at: int) -> bool:
    """True when position `at` lies between two letters or digits, so a quote edge there splits a word."""
    return 0 < at < len(source) and source[at - 1].isalnum() and source[at].isalnum()


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


def _absent(quote: str, source: str) -> str:
    folded, places = _folded(source)
    start = folded.find(_folded(quote.strip())[0])
    if start >= 0:
        end = places[start + len(_folded(quote.strip())[0]) - 1] + 1
        exact = source[places[start] : end]
        return (
            "the quote is in the source except for spaces, capitals, quotation marks or dashes; "
            f"copy it exactly (line {_line(source, places[start])}): {exact[:_SHOWN]}"
        )
    near = _nearest(quote, source)
    if near is None:
        return "the quote is not in the source and nothing there is like it; copy a sentence of the source"
    at, sentence = near
    return f"the quote is not in the source; nearest (line {_line(source, at)}): {sentence[:_SHOWN]}"


def _folded(text: str) -> tuple[str, list[int]]:
    """Return `text` with marks, capitals and spaces made alike, and for each character its old place."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_FOLD)):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "
        for lowered in character.casefold():
            characters.append(lowered)
            places.append(place)
    return "".join(characters), places


def _nearest(quote: str, source: str) -> tuple[int, str] | None:
    """Return the sentence most like `quote`; a quote of half a sentence is matched to its half."""
    wanted = _SPACE.sub(" ", quote.translate(_FOLD).casefold())[:1000]
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best: tuple[float, int, str] | None = None
    for start, end in find_sentences(source)[:2000]:
        sentence = source[start:end]
        matcher.set_seq1(_SPACE.sub(" ", sentence.translate(_FOLD).casefold())[:1000])
        if matcher.quick_ratio() < 0.45:
            continue
        shared = sum(block.size for block in matcher.get_matching_blocks() if block.size > 3)
        score = shared / max(1, min(len(wanted), len(sentence)))
        if score >= 0.5 and (best is None or score > best[0]):
            best = (score, start, sentence)
    return None if best is None else (best[1], best[2])
