"""The studies that a sign is said of: named before it, above it, or in the sentence before."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE

if TYPE_CHECKING:
    from assistant.guard.reading import Reading
    from assistant.guard.units import Clause, Unit

#: Words that pick one of a list: the last of it (True) or an earlier one.
_PICKS = {"last": True, "latter": True, "former": False}
_JOINING = frozenset({"or", "and", ",", "a", "an", "the", "both", "either", "/", "&"})
_CONJUNCTIONS = frozenset({"whereas"})
_ARTICLES = frozenset({"a", "an", "the", "that", "of"})
_NEAR, _FAR = 14, 30  # characters before a study in which a word of comparison may stand
_CIRCUMSTANCES = frozenset({"given", "with", "after", "despite", "if", "when", "as", "since"})
_UPON = 40  # characters before a study in which "after" may stand
_SUBJECT_REACH = 3  # units back to which a pronoun may point


def find_subject(reading: Reading, clause: Clause, position: int) -> list[Mark]:
    """Return the studies that a sign at `position` is said of; empty when it cannot be told."""
    relative = reading.words_in(clause.start, clause.end)[:2]
    if any(word.text in ("which", "that", "who") for word in relative):
        nearest = reading.studies((reading.units[clause.unit].start, clause.start))
        if nearest and not _subjects(reading, reading.studies((clause.start, position))):
            return nearest[-1:]
    unit = reading.units[clause.unit]
    listed = _one_of_list(reading, unit, position)
    if listed:
        return listed
    before = _subjects(reading, reading.studies((clause.start, position)))
    if before:
        return _joined(reading, before)
    earlier = _subjects(reading, reading.studies((unit.start, clause.start)))
    after = _subjects(reading, reading.studies((position, clause.end)))
    if earlier:
        return _joined(reading, earlier[:1] if len(earlier) == 1 else earlier)
    for span in reading.above(unit):
        named = reading.studies(span)
        if named:
            return named
    if after and unit.kind in ("item", "cell", "heading"):
        return after[:1]
    if unit.kind in ("item", "cell") and clause.start == unit.start and reading.opens_with(clause.end, ":;"):
        later = _subjects(reading, reading.studies((clause.end, unit.end)))
        if later:
            return later[:1]  # "Skeleton only: bone scan"
    for previous in reversed(reading.units[max(0, clause.unit - _SUBJECT_REACH) : clause.unit]):
        if previous.block != unit.block or (unit.kind == "cell" and previous.label != unit.label):
            break  # another paragraph, or another row
        if reading.starts_with_pronoun(previous):
            continue  # its subject stands further back
        named = _subjects(reading, reading.studies((previous.start, previous.end)))
        if named:
            return _behind_circumstance(reading, previous, named)[:1]
    first = reading.studies((0, position))
    if not _subjects(reading, first):
        return reading.asked_study()
    return []


def _behind_circumstance(reading: Reading, unit: Unit, named: list[Mark]) -> list[Mark]:
    """The studies behind the circumstance that opens a sentence ("Given a clean scan, we suggest an MRI")."""
    words = reading.words_in(unit.start, unit.end)
    if not words or words[0].text not in _CIRCUMSTANCES:
        return named
    commas = [word.start for word in words if word.text == "," and word.start > named[0].start]
    behind = [one for one in named if commas and one.start > commas[0]]
    return behind or named


def _one_of_list(reading: Reading, unit: Unit, position: int) -> list[Mark]:
    """Return the study that "the last", "the latter" or "the former" picks out of those named before."""
    words = reading.words_in(unit.start, position)
    for word, after in reversed(list(pairwise(words))):
        if word.text != "the" or after.text not in _PICKS:
            continue
        begin = reading.units[max(0, reading.units.index(unit) - 1)].start
        named = _subjects(reading, reading.studies((begin, word.start)))
        if len({one.name for one in named}) > 1:
            return [named[-1] if _PICKS[after.text] else named[-2 if after.text == "former" else 0]]
    return []


def _subjects(reading: Reading, marks: list[Mark]) -> list[Mark]:
    """Without those after "than" or "unlike", nor those joined to them: they are no subject."""
    upon = [one for one in marks if _is_upon(reading, one)]
    if upon and len(upon) < len(marks):
        marks = [one for one in marks if one not in upon]
    kept: list[Mark] = []
    object_end = -1
    for mark in marks:
        joined = object_end >= 0 and {w.text for w in reading.words_in(object_end, mark.start)} <= _JOINING
        if joined or _is_object(reading, mark):
            object_end = mark.end
        else:
            kept.append(mark)
            object_end = -1
    return kept


def _is_upon(reading: Reading, mark: Mark) -> bool:
    """Whether a study is only what another follows upon ("comes in after a negative or an equivocal scan")."""
    before = [word.text for word in reading.words_in(*reading.just_before(mark, _UPON))]
    place = max((n for n, text in enumerate(before) if text == "after"), default=-1)
    return place >= 0 and FINITE.isdisjoint(before[place:]) and "," not in before[place:]


def _is_object(reading: Reading, mark: Mark) -> bool:
    """Whether a word of comparison stands before the study ("than CT", "set against the radionuclide scan")."""
    if any(
        not _opens(reading, one) for one in reading.find(reading.just_before(mark, _NEAR), ("object-cue",))
    ):
        return True
    cues = [
        one
        for one in reading.find(reading.just_before(mark, _FAR), ("object-cue",))
        if not _opens(reading, one)
    ]
    return any({word.text for word in reading.words_in(cue.end, mark.start)} <= _ARTICLES for cue in cues)


def _opens(reading: Reading, cue: Mark) -> bool:
    """Whether the cue opens a clause of its own, whose subject follows it ("whereas a bone scan shows ...")."""
    return reading.text.lower[cue.start : cue.end] in _CONJUNCTIONS


def _joined(reading: Reading, marks: list[Mark]) -> list[Mark]:
    """The last study and those it is coordinated with."""
    group = [marks[-1]]
    for mark in reversed(marks[:-1]):
        between = [word.text for word in reading.words_in(mark.end, group[0].start)]
        if len(between) <= 3 and set(between) <= {"and", ",", "or", "both", "a", "the", "nor", "&"}:
            group.insert(0, mark)
        else:
            break
    return group
