"""Assertion status after ConText: present, absent, possible, historical, hypothetical, or the family's.

The cues are data (`corpus/vocabulary/context.yaml`); what is here is how cues, scopes and marks work:

    tokens     words, numbers, marks and sentence ends with their offsets
    patterns   the language of cues, and the automaton that finds them
    schema     what the data may hold
    cues       the data, loaded
    signs      + and - before or after a finding
    times      what lies in the past
    scopes     how far each cue reaches
    context    a text with its cues
    decision   from the cues that reach a finding to one status
    segments   sentences and clauses, for other readers of the text
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.types import AssertionStatus
from assistant.understanding.assertion.context import read_context
from assistant.understanding.assertion.cues import VOCABULARY_FOLDER, Cues, load_cues
from assistant.understanding.assertion.decision import Assertion, Findings
from assistant.understanding.assertion.segments import clauses, segment, sentences, write_marks

__all__ = [
    "Assertion",
    "Cues",
    "assert_spans",
    "assert_status",
    "clauses",
    "load_cues",
    "segment",
    "sentences",
    "write_marks",
]

_WINDOW_BEFORE, _WINDOW_AFTER = (
    6_000,
    3_000,
)  # characters around a finding that can matter, well beyond the longest scope


def assert_status(text: str, start: int, end: int, folder: Path = VOCABULARY_FOLDER) -> AssertionStatus:
    """What the text says of the finding at text[start:end), half-open character offsets.

    Where a text contradicts itself, each mention keeps the status of its own place. `folder` holds
    context.yaml. ValueError for a span that is empty or outside the text.
    """
    return assert_spans(text, [(start, end)], folder)[0].status


def assert_spans(
    text: str, spans: Sequence[tuple[int, int]], folder: Path = VOCABULARY_FOLDER
) -> list[Assertion]:
    """The status of each finding in `spans`, in their order, with the span of the cue that decided it.

    All findings of a text belong in one call: the text is read once, and words inside one finding ("lack of
    appetite") are not taken for cues to another. ValueError for a span that is empty or outside the text.
    """
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"the span [{start}, {end}) does not lie in the text, which has {len(text)} characters"
            )
    if not spans:
        return []
    cues = load_cues(folder)
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    begin = 0 if low <= _WINDOW_BEFORE else _line_or_space(text, low - _WINDOW_BEFORE)
    stop = min(len(text), high + _WINDOW_AFTER)
    found = Findings(
        read_context(text[begin:stop], cues), [(start - begin, end - begin) for start, end in spans]
    ).decide()
    if not begin:
        return found
    return [Assertion(one.status, one.cue and (one.cue[0] + begin, one.cue[1] + begin)) for one in found]


def _line_or_space(text: str, at: int) -> int:
    """A place at or shortly after `at` where no word is cut."""
    for mark in ("\n", " "):
        found = text.find(mark, at, at + 1_000)
        if found >= 0:
            return found
    return at
