"""Sentences and clauses of clinical text, as spans: prose, chat, dictation, lists and table rows."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from assistant.understanding.assertion import cues as c
from assistant.understanding.assertion.context import read_context
from assistant.understanding.assertion.tokens import BREAK, CELL, Tokens, tokenize

Span = tuple[int, int]
_REMEMBERED_TEXTS = 16
_EDGES = frozenset((CELL, ",", ";", "…", "|", "-", "–", "—"))


def sentences(text: str, folder: Path = c.VOCABULARY_FOLDER) -> list[Span]:
    """Spans [start, end) of the sentences of `text`, in order, with their full stop.

    Line breaks, list items, spoken full stops ("period") and .!? end a sentence; abbreviations, decimals and
    initials do not.
    """
    return list(_sentences(text, folder))


# One turn is cut several times by different readers; the spans depend on nothing but the text.
@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _sentences(text: str, folder: Path) -> tuple[Span, ...]:
    tokens = tokenize(text, c.load_cues(folder).language)
    return tuple(
        (tokens.starts[a + 1], max(tokens.ends[b - 1], _mark_end(tokens, b)))
        for a, b in pairwise(sorted(tokens.breaks))
        if any(key[0].isalnum() for key in tokens.keys[a + 1 : b])
    )


def clauses(text: str, folder: Path = c.VOCABULARY_FOLDER) -> list[Span]:
    """Spans [start, end) of the clauses of `text`, in order, without the punctuation around them.

    A clause is a sentence, cut at semicolons and spaced dashes, before the words that open a clause ("but",
    ", she has"), and between the cells of a table row ("Headache: N  Bone pain: Y").
    """
    context = read_context(text, c.load_cues(folder))
    keys, bits = context.tokens.keys, context.bits
    cuts = set(context.tokens.breaks)
    inside: set[int] = set()
    for cue in context.cues:
        if not cue.hidden_by:
            if cue.group.opens_clause:
                cuts.add(cue.first)
            if cue.group.strong:
                cuts.add(cue.last)
                inside.update(range(cue.first, cue.last))
    row = {i for i in cuts if keys[i - 1 : i] and i - 1 in inside}
    cuts.update(
        i
        for i, key in enumerate(keys)
        if key in (";", "…") or (bits[i] & c.DASH and i not in inside) or (key == CELL and row)
    )
    edges = sorted(cuts | {len(keys)})
    found = []
    for a, b in pairwise(edges):
        while a < b and (keys[a] == BREAK or keys[a] in _EDGES):
            a += 1
        while b > a and keys[b - 1] in _EDGES:
            b -= 1
        if a < b:
            found.append((context.tokens.starts[a], context.tokens.ends[b - 1]))
    return found


def write_marks(text: str, folder: Path = c.VOCABULARY_FOLDER) -> str:
    """`text` with punctuation said aloud ("comma", "full stop") written as marks; every other offset stays."""
    language = c.load_cues(folder).language
    lowered = text.lower()
    if not any(word in lowered for word in language.spoken):
        return text
    tokens = tokenize(text, language)
    parts: list[str] = []
    reach = 0
    for key, start, end in zip(tokens.keys, tokens.starts, tokens.ends, strict=True):
        said = text[start:end]
        if start < reach or not said[:1].isalpha() or (key != BREAK and (len(key) > 1 or key.isalnum())):
            continue
        mark = "." if key == BREAK else key
        begin = start - 1 if start > reach and text[start - 1] == " " else start
        parts += [text[reach:begin], mark, " " * (end - begin - 1)]
        reach = end
    return "".join((*parts, text[reach:]))


def segment(text: str, folder: Path = c.VOCABULARY_FOLDER) -> list[tuple[Span, list[Span]]]:
    """Each sentence of `text` with its clauses."""
    parts = clauses(text, folder)
    found: list[tuple[Span, list[Span]]] = []
    at = 0
    for whole in sentences(text, folder):
        inside: list[Span] = []
        while at < len(parts) and parts[at][0] < whole[1]:
            inside.append(parts[at])
            at += 1
        found.append((whole, inside))
    return found


def _mark_end(tokens: Tokens, i: int) -> int:
    """The end of the stop, written or spoken, that ends a sentence; 0 where a line break or a rule does."""
    mark = tokens.text[tokens.starts[i] : tokens.ends[i]]
    return tokens.ends[i] if mark in (".", "!") or mark[:1].isalpha() else 0
