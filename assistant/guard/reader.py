"""Reads a draft: signs and concepts, units and clauses, put together as a `Reading`."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.guard.cues import words_of
from assistant.guard.knowledge import Knowledge, flatten
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.normal import NormalText, normalise
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Unit, parse

_SIGNS = frozenset(";:,()")
#: A dash between words begins a new thought ("not in itself - it is healing"); between figures, a range.
_DASH = re.compile(r"(?<=[^\s\d]) - (?=\S)|(?<=\d) - (?=[^\s\d])")
#: Between "and" and its verb, such words may stand beside a study ("and a scan alone would be ...").
_BESIDE_SUBJECT = frozenset(
    {"a", "an", "the", "alone", "itself", "by", "on", "its", "own", "then", "also", "too"}
)
_QUOTE = re.compile(r'"([^"\n]{1,400})"')


_SUBJECT_REACH = 8  # characters from "and" to the study
_MOST_READINGS = 64  # answers are put together from few pieces, and come again; a reading is some 100 kB
_LONGEST_REMEMBERED = 4_000


class Reader:
    """Reads drafts for one guideline. What depends on nothing but a draft is remembered with it."""

    def __init__(self, know: Knowledge) -> None:
        self._know = know
        self._remembered = lru_cache(_MOST_READINGS)(self._read)

    def read(self, draft: str, question: str = "", echoes: str = "") -> Reading:
        """Read a draft that answers `question`; quotations of `echoes`, the user's words, claim nothing."""
        text = _without_echoes(normalise(draft, self._know.claims.characters), echoes)
        made = self._remembered if len(text.text) <= _LONGEST_REMEMBERED else self._read
        return made(text.text, text.lower).about(question, text)

    def _read(self, text: str, lower: str) -> Reading:
        """Read a text as such; offsets into the draft that it comes from are not known."""
        know, units = self._know, parse(text)
        marks: list[Mark] = []
        begin = 0
        for end in [*sorted({unit.end for unit in units}), len(text)]:
            marks += know.marks.find(text[begin:end], begin)
            begin = end
        reading = Reading(NormalText(text, lower, ()), know, units, words_of(lower), marks)
        reading.divide(_clauses(reading, number, unit) for number, unit in enumerate(units))
        return reading


def _without_echoes(text: NormalText, echoes: str) -> NormalText:
    """Cut out quotations of the user's own words: they claim nothing, and the rest is often the same."""
    if not echoes or '"' not in text.text:
        return text
    said, plain = flatten(echoes.lower()), text.text
    spans: list[tuple[int, int]] = []
    for match in _QUOTE.finditer(plain):
        if flatten(match.group(1).lower()) not in said:
            continue
        listed = spans and plain[spans[-1][1] : match.start()] == ", "
        spans.append((spans.pop()[0] if listed else match.start(), match.end()))
    return text.without(spans) if spans else text


def _clauses(reading: Reading, number: int, unit: Unit) -> list[Clause]:
    """Cut a unit where negation and subject end: signs, "but", "whereas", relative and causal clauses."""
    cuts: list[int] = []
    lower = reading.text.lower
    dashes = [dash.start() + 1 for dash in _DASH.finditer(lower, unit.start, unit.end)]
    cuts += dashes[1:] if unit.kind == "item" else dashes  # "- CT - a fair choice" speaks of one thing
    for mark in reading.within(unit.start, unit.end):
        if mark.name == "clause-break" and mark.start > unit.start:
            # A break inside a name or a phrase ("cannot be due to") breaks nothing.
            inside = any(
                m.start < mark.start < m.end and (m.concept or _SIGNS.isdisjoint(lower[m.start : m.end]))
                for m in reading.within(unit.start, unit.end)
            )
            if not inside:
                cuts.append(mark.start)
    cuts += _new_sentences(reading, unit)
    clauses: list[Clause] = []
    begin = unit.start
    for cut in [*sorted(set(cuts)), unit.end]:
        if cut > begin:
            clauses.append(Clause(begin, cut, number))
            begin = cut
    return clauses


def _new_sentences(reading: Reading, unit: Unit) -> list[int]:
    """Where "and" begins a sentence of its own on a study ("it may escape the scan, and MRI is more sensitive")."""
    words = reading.words_in(unit.start, unit.end)
    cuts: list[int] = []
    said = False  # a verb before it; without one, the study is one of a list that has its verb behind it
    for number, word in enumerate(words):
        if word.text == "and" and said:
            study = next(iter(reading.studies((word.end, unit.end))), None)
            if study is None or study.start > word.end + _SUBJECT_REACH:
                continue
            between = [one.text for one in reading.words_in(word.end, study.start)]
            after = [one.text for one in words[number:] if one.start >= study.end]
            verb = next((one for one in after if one not in _BESIDE_SUBJECT), "")
            if _BESIDE_SUBJECT.issuperset(between) and verb.removesuffix("n't") in FINITE:
                cuts.append(word.start)
                said = False
        said = said or word.text.removesuffix("n't") in FINITE
    return cuts
