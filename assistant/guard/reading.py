"""A draft, read: units, clauses, and the signs in them with negation and subject."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.guard.cues import Cue, Word, words_of
from assistant.guard.knowledge import Knowledge, flatten
from assistant.guard.normal import NormalText, normalise
from assistant.guard.units import Span, Unit, parse
from assistant.vocabulary import Mention

_MARKER = re.compile(r"\[\d{1,3}(?:\s*[,;-]\s*\d{1,3})*\]")
_QUOTE = re.compile(r'"([^"\n]{1,400})"')
_NEGATION_REACH = 9  # words between a negator and what it denies


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign in the text: a cue group or a vocabulary concept (`concept` True)."""

    name: str
    start: int
    end: int
    concept: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a unit that is affirmed or denied as one."""

    start: int
    end: int
    unit: int


@dataclass(slots=True)
class Reading:
    """All that the rules look at. Positions are those of `text.lower`."""

    text: NormalText
    know: Knowledge
    units: list[Unit]
    words: list[Word]
    marks: list[Mark]
    question: str = ""
    clauses: list[Clause] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _word_starts: list[int] = field(default_factory=list)
    _cache: dict[tuple[int, int], tuple[Mark, ...]] = field(default_factory=dict)
    _by_unit: list[list[Clause]] = field(default_factory=list)

    # ------------------------------------------------------------ spans

    def within(self, start: int, end: int) -> tuple[Mark, ...]:
        """Return the marks that lie in [start, end)."""
        key = (start, end)
        found = self._cache.get(key)
        if found is None:
            first = bisect_left(self._starts, start)
            last = bisect_left(self._starts, end)
            # A cue may take the sign that ends the stretch with it ("first;").
            found = tuple(mark for mark in self.marks[first:last] if mark.end <= end + 2)
            self._cache[key] = found
        return found

    def words_in(self, start: int, end: int) -> list[Word]:
        """Return the words that begin in [start, end)."""
        return self.words[bisect_left(self._word_starts, start) : bisect_left(self._word_starts, end)]

    def has(self, span: Span, names: Iterable[str]) -> bool:
        """Whether one of the names is marked in the span."""
        wanted = set(names)
        return any(self.is_named(mark, wanted) for mark in self.within(*span))

    def find(self, span: Span, names: Iterable[str]) -> list[Mark]:
        """Return the marks in the span that bear one of the names, or a concept below one."""
        wanted = set(names)
        return [mark for mark in self.within(*span) if self.is_named(mark, wanted)]

    def is_named(self, mark: Mark, wanted: set[str]) -> bool:
        """Whether the mark bears a wanted name, itself or through the taxonomy."""
        if mark.name in wanted:
            return True
        return mark.concept and not wanted.isdisjoint(self.know.lineage(mark.name))

    def clauses_of(self, unit: int) -> list[Clause]:
        """Return the clauses of a unit."""
        return self._by_unit[unit]

    def clause_at(self, position: int) -> Clause | None:
        """Return the clause that holds a position."""
        index = bisect_right(self.clauses, position, key=lambda clause: clause.start) - 1
        return self.clauses[index] if index >= 0 and position < self.clauses[index].end else None

    # ------------------------------------------------------------ context

    def above(self, unit: Unit) -> list[Span]:
        """Return what stands over a unit, nearest first: column, label, headings from the inside out."""
        spans = [span for span in (unit.label, unit.column) if span is not None and span[0] != unit.start]
        if unit.label is not None and unit.label[0] == unit.start:
            spans = [unit.label, *spans]
        return [*spans, *reversed(unit.above)]

    def in_context(self, index: int, clause: Clause, names: Iterable[str], near: str) -> bool:
        """Whether a name stands in the clause, its unit, what is above it, or (context) just before it."""
        wanted = tuple(names)
        if self.has((clause.start, clause.end), wanted):
            return True
        if near == "clause":
            return False
        unit = self.units[index]
        if self.has((unit.start, unit.end), wanted) or any(self.has(span, wanted) for span in self.above(unit)):
            return True
        if near != "context":
            return False
        if any(
            self.has((other.start, other.end), wanted)
            for other in self.units[max(0, index - 2) : index]
            if other.kind != "heading" or other.block == unit.block
        ):
            return True
        return any(self.know.mentions(self.question, name) for name in wanted)

    # ------------------------------------------------------------ negation

    def negated(self, mark: Mark, clause: Clause | None = None) -> bool:
        """Whether the mark is denied in its clause ("not x", "rather than x", "without a or x")."""
        clause = clause or self.clause_at(mark.start)
        if clause is None:
            return False
        count = 0
        for cue in self.within(clause.start, clause.end):
            if cue.name == "negator" and cue.end <= mark.start and self._reaches(cue, mark, clause):
                count += 1
            elif cue.name == "negator-after" and mark.end <= cue.start <= mark.end + 12:
                count += 1
        before = self.words_in(max(0, clause.start - 8), clause.start)
        if before and before[-1].text == "not" and clause.start > self.units[clause.unit].start:
            count += 1  # "not because it lacks sensitivity": the clause as a whole is denied
        return count % 2 == 1

    def _reaches(self, negator: Mark, mark: Mark, clause: Clause) -> bool:
        between = self.words_in(negator.end, mark.start)
        if len(between) > _NEGATION_REACH + 4:
            return False
        for number, word in enumerate(between):
            if word.text == ",":
                rest = {one.text for one in self.words_in(word.end, clause.end)}
                if not rest & {"or", "nor"}:
                    return False
            elif word.text in ("but", "only") and number:
                return False
        return True

    def hedged(self, clause: Clause) -> bool:
        """Whether the clause is softened ("may", "often", "is considered")."""
        return any(mark.name == "hedge" for mark in self.within(clause.start, clause.end))

    def verbatim(self, unit: Unit) -> bool:
        """Whether the unit is a whole statement of the source, word for word: its meaning is the source's own."""
        return flatten(self._unmarked(unit)) in self.know.verbatim

    def quotes_statement(self, unit: Unit) -> bool:
        """Whether the unit is such a statement, or a label with one after it."""
        text = self._unmarked(unit)
        return self.verbatim(unit) or flatten(text.partition(": ")[2]) in self.know.verbatim

    def _unmarked(self, unit: Unit) -> str:
        return _MARKER.sub(" ", self.text.lower[unit.start : unit.end])

    def silent(self, unit: Unit) -> bool:
        """Whether the unit says that the text is silent ("does not state", "has no rating")."""
        return any(
            mark.name == "silence" or (mark.name == "speak" and self.negated(mark))
            for mark in self.within(unit.start, unit.end)
        )

    # ------------------------------------------------------------ studies

    def studies(self, span: Span) -> list[Mark]:
        """Return the marks of studies and procedures in the span."""
        return [mark for mark in self.within(*span) if mark.concept and self.know.is_study(mark.name)]

    def subject(self, clause: Clause, position: int) -> list[Mark]:
        """Return the studies that a sign at `position` is said of; empty when it cannot be told."""
        before = [m for m in self.studies((clause.start, position))]
        if before:
            return _joined(self, before)
        unit = self.units[clause.unit]
        earlier = [m for m in self.studies((unit.start, clause.start))]
        after = self.studies((position, clause.end))
        if earlier:
            return _joined(self, earlier[:1] if len(earlier) == 1 else earlier)
        for span in self.above(unit):
            named = self.studies(span)
            if named:
                return named
        if after and unit.kind in ("item", "cell", "heading"):
            return after[:1]
        if clause.unit and self.units[clause.unit - 1].block == unit.block:
            previous = self.units[clause.unit - 1]
            named = self.studies((previous.start, previous.end))
            if named:
                return named[:1]
        return []


def _joined(reading: Reading, marks: list[Mark]) -> list[Mark]:
    """The last study and those it is coordinated with; one after "than" or "unlike" is no subject."""
    kept = [mark for mark in marks if not reading.has((max(0, mark.start - 14), mark.start), ("object-cue",))]
    marks = kept or marks
    group = [marks[-1]]
    for mark in reversed(marks[:-1]):
        between = [word.text for word in reading.words_in(mark.end, group[0].start)]
        if len(between) <= 3 and set(between) <= {"and", ",", "or", "both", "a", "the", "nor", "&"}:
            group.insert(0, mark)
        else:
            break
    return group


def read(draft: str, know: Knowledge, question: str = "", echoes: str = "") -> Reading:
    """Read a draft."""
    text = normalise(draft, know.claims.characters)
    shown = _without_echoes(text.text, echoes)
    words = words_of(text.lower if shown is text.text else shown.lower())
    marks = _marks(know, know.find(shown), know.cues.find(words))
    units = parse(text.text)
    reading = Reading(text, know, units, words, marks, question)
    reading._starts = [mark.start for mark in marks]
    reading._word_starts = [word.start for word in words]
    for number, unit in enumerate(units):
        own = _clauses(reading, number, unit)
        reading._by_unit.append(own)
        reading.clauses.extend(own)
    return reading


def _without_echoes(text: str, echoes: str) -> str:
    """Blank out quotations of the user's own words: they claim nothing."""
    if not echoes or '"' not in text:
        return text
    said = flatten(echoes.lower())
    return _QUOTE.sub(
        lambda match: " " * len(match.group()) if flatten(match.group(1).lower()) in said else match.group(), text
    )


def _marks(know: Knowledge, mentions: Sequence[Mention], cues: Sequence[Cue]) -> list[Mark]:
    covered = [(cue.start, cue.end) for cue in cues if cue.group == "no-negator"]
    # "CT without contrast" and "usually not appropriate" are names; their "not" denies nothing else.
    covered += [(mention.start + 1, mention.end) for mention in mentions if know.is_study(mention.concept)]
    covered += [(cue.start + 1, cue.end) for cue in cues if cue.group in know.rating_names]
    marks = [
        Mark(cue.group, cue.start, cue.end)
        for cue in cues
        if cue.group != "negator" or not any(start <= cue.start < end for start, end in covered)
    ]
    marks += [
        Mark(mention.concept, mention.start, mention.end, True, mention.exact)
        for mention in mentions
        if mention.exact or not know.is_plain(mention.text)
    ]
    marks.sort(key=lambda mark: (mark.start, mark.end))
    return marks


def _clauses(reading: Reading, number: int, unit: Unit) -> list[Clause]:
    """Cut a unit where negation and subject end: signs, "but", "whereas", relative and causal clauses."""
    cuts: list[int] = []
    for mark in reading.within(unit.start, unit.end):
        if mark.name == "clause-break" and mark.start > unit.start:
            inside = any(
                m.concept and m.start < mark.start < m.end for m in reading.within(unit.start, unit.end)
            )
            if not inside:
                cuts.append(mark.start)
    clauses: list[Clause] = []
    begin = unit.start
    for cut in [*sorted(set(cuts)), unit.end]:
        if cut > begin:
            clauses.append(Clause(begin, cut, number))
            begin = cut
    return clauses


Rule = Callable[..., list[object]]
