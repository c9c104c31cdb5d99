"""Reads a draft: signs and concepts, units and clauses, put together as a `Reading`."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.guard.cues import Word, words_of
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
_JOINING = frozenset({"or", "and", ",", "a", "an", "the", "/"})
_IF = frozenset({"if", "when", "where", "once"})
#: "That" before one of these stands for a thing ("and that of a scan").
_NO_REPORT = FINITE | {"of", "for", "in", "from", "with"}
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
        if mark.name == "clause-break" and mark.start > unit.start and not _is_aside(reading, mark):
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


def _behind_list(reading: Reading, study: Mark, end: int) -> list[str]:
    """The words behind a study and those joined to it ("x or y, if ...")."""
    for other in reading.studies((study.end, end)):
        if not {word.text for word in reading.words_in(study.end, other.start)} <= _JOINING:
            break
        study = other
    return [word.text for word in reading.words_in(study.end, end)]


def _sets_own_condition(before: list[Word], after: list[str]) -> bool:
    """Whether each of two studies has its condition behind it ("x, if the bones ..., and y, if the organs ...")."""
    rest = after[1:] if after[:1] == [","] else after
    told = {word.text for word in before}
    return before[-1].text == "," and not told.isdisjoint(_IF) and not _IF.isdisjoint(rest[:1])


def _opens_report(words: list[Word], place: int) -> bool:
    """Whether "and that" goes on to a second thing that is told ("it states that x ..., and that y ...")."""
    after = [word.text for word in words[place + 1 : place + 3]]
    before = {word.text for word in words[:place]}
    return len(after) > 1 and after[0] == "that" and after[1] not in _NO_REPORT and "that" in before


def _is_aside(reading: Reading, mark: Mark) -> bool:
    """Whether a conjunction stands between two commas by itself ("x alone, though, would ..."): it joins nothing."""
    before = reading.words_in(max(0, mark.start - 2), mark.start)[-1:]
    after = reading.words_in(mark.end, mark.end + 1)
    return bool(before and after) and before[0].text == after[0].text == "," and mark.end > mark.start + 1


def _new_sentences(reading: Reading, unit: Unit) -> list[int]:
    """Where "and" begins a sentence of its own on a study ("it may escape the scan, and MRI is more sensitive")."""
    words = reading.words_in(unit.start, unit.end)
    cuts: list[int] = []
    said = False  # a verb before it; without one, the study is one of a list that has its verb behind it
    for number, word in enumerate(words):
        if word.text == "and" and said and _opens_report(words, number):
            cuts.append(word.start)
            said = False
        elif word.text == "and" and said:
            study = next(iter(reading.studies((word.end, unit.end))), None)
            if study is None or study.start > word.end + _SUBJECT_REACH:
                continue
            between = [one.text for one in reading.words_in(word.end, study.start)]
            after = [one.text for one in words[number:] if one.start >= study.end]
            behind = _behind_list(reading, study, unit.end)
            if _BESIDE_SUBJECT.issuperset(between) and _sets_own_condition(words[:number], behind):
                cuts.append(word.start)
                continue
            verb = next((one for one in after if one not in _BESIDE_SUBJECT), "")
            if _BESIDE_SUBJECT.issuperset(between) and verb.removesuffix("n't") in FINITE:
                cuts.append(word.start)
                said = False
        said = said or word.text.removesuffix("n't") in FINITE
    return cuts
