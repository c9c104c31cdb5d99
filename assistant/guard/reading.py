"""A draft, read: units, clauses, and the signs in them with negation and subject."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from assistant.guard import leaning, silence
from assistant.guard.cues import Word
from assistant.guard.knowledge import Knowledge, flatten
from assistant.guard.marks import Mark
from assistant.guard.negation import is_negated
from assistant.guard.normal import NormalText
from assistant.guard.subjects import find_subject
from assistant.guard.units import Clause, Span, Unit

_MARKER = re.compile(r"\[\d{1,3}(?:\s*[,;-]\s*\d{1,3})*\]")
_PRONOUNS = frozenset({"it", "they", "them", "these", "this", "such", "those", "that", "its", "their"})
T = TypeVar("T")
#: An opening phrase of so few words, and the pronouns that may be the subject behind it.
_OPENING = 6
_PLACING = frozenset({"on", "in", "at", "during", "with"})
_SUBJECTS = frozenset({"it", "they", "these"})
_LABEL_WORDS = 8  # a longer "label" before a quote is a sentence, which is judged


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
    _starts: list[int] = field(init=False)
    _word_starts: list[int] = field(init=False)
    _clause_starts: list[int] = field(default_factory=list)
    # Where in `marks` each name stands, itself or through the taxonomy: rules ask for many names, few are there.
    _places: dict[str, list[int]] = field(default_factory=dict)
    _cache: dict[tuple[int, int], tuple[Mark, ...]] = field(default_factory=dict)
    _studies: dict[Span, tuple[Mark, ...]] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)
    _negated: dict[tuple[Mark, Clause | None], bool] = field(default_factory=dict)
    _verbatim: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    _by_unit: list[list[Clause]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [mark.start for mark in self.marks]
        self._word_starts = [word.start for word in self.words]
        own: dict[tuple[str, bool], list[int]] = {}
        for place, mark in enumerate(self.marks):
            own.setdefault((mark.name, mark.concept), []).append(place)
        for (name, concept), places in own.items():
            for above in self.know.lineage(name) if concept else (name,):
                self._places.setdefault(above, []).extend(places)
        for places in self._places.values():
            places.sort()

    def about(self, question: str, text: NormalText) -> Reading:
        """The same reading, as the answer to a question; `text` knows where in its draft each character stands.

        What was found in the words is shared.
        """
        other = copy(self)
        other.question, other.text = question, text
        return other

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` makes of the draft alone, whatever it answers: made once."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    def divide(self, clauses: Iterable[list[Clause]]) -> None:
        """Take the clauses of every unit."""
        self._by_unit = list(clauses)
        self.clauses = [clause for own in self._by_unit for clause in own]
        self._clause_starts = [clause.start for clause in self.clauses]

    # ------------------------------------------------------------ spans

    def within(self, start: int, end: int) -> tuple[Mark, ...]:
        """Return the marks that lie in [start, end)."""
        key = (start, end)
        found = self._cache.get(key)
        if found is None:
            first = bisect_left(self._starts, start)
            last = bisect_left(self._starts, end)
            # A cue may take the sign that ends the stretch with it ("first;").
            reach = end + 2
            found = tuple([mark for mark in self.marks[first:last] if mark.end <= reach])
            self._cache[key] = found
        return found

    def words_in(self, start: int, end: int) -> list[Word]:
        """Return the words that begin in [start, end)."""
        return self.words[bisect_left(self._word_starts, start) : bisect_left(self._word_starts, end)]

    def has(self, span: Span, names: Iterable[str]) -> bool:
        """Whether one of the names is marked in the span."""
        places, marks, most = self._places, self.marks, span[1] + 2
        first = last = -1
        for name in names:
            found = places.get(name)
            if found is None:
                continue
            if last < 0:
                first, last = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
            for place in found[bisect_left(found, first) :]:
                if place >= last:
                    break
                if marks[place].end <= most:
                    return True
        return False

    def find(self, span: Span, names: Iterable[str]) -> list[Mark]:
        """Return the marks in the span that bear one of the names, or a concept below one."""
        known = [found for name in names if (found := self._places.get(name)) is not None]
        if not known:
            return []
        first, last = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
        places = {place for found in known for place in found if first <= place < last}
        most = span[1] + 2
        return [mark for place in sorted(places) if (mark := self.marks[place]).end <= most]

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
        index = bisect_right(self._clause_starts, position) - 1
        return self.clauses[index] if index >= 0 and position < self.clauses[index].end else None

    def claiming_clause(self, position: int) -> Clause | None:
        """Return the clause there, unless its sentence is a question or a statement of the text, word for word."""
        clause = self.clause_at(position)
        if clause is None or self.units[clause.unit].question:
            return None
        return None if self.quotes_statement(self.units[clause.unit]) else clause

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
        if self.has((unit.start, unit.end), wanted) or any(
            self.has(span, wanted) for span in self.above(unit)
        ):
            return True
        if near != "context":
            previous = self.units[index - 1] if index else None
            if (
                previous is not None
                and previous.block == unit.block
                and self.starts_with_pronoun(unit)
                and self.has((previous.start, previous.end), wanted)
            ):
                return True
            return self.leans_on_question(index) and any(
                self.know.mentions(self.question, name) for name in wanted
            )
        if any(
            self.has((other.start, other.end), wanted)
            for other in self.units[max(0, index - 2) : index]
            if other.kind != "heading" or other.block == unit.block
        ):
            return True
        return any(self.know.mentions(self.question, name) for name in wanted)

    def leans_on_question(self, index: int) -> bool:
        """Whether a unit opens the answer and leaves its subject to the question ("Yes, even with ...")."""
        return self.once(f"leans {index} {self.question}", lambda: leaning.on_question(self, index))

    def just_before(self, mark: Mark, reach: int) -> Span:
        """The stretch before a mark, within its own sentence."""
        clause = self.clause_at(mark.start)
        begin = self.units[clause.unit].start if clause is not None else 0
        return max(begin, mark.start - reach), mark.start

    def opens_with(self, position: int, signs: str) -> bool:
        """Whether one of the signs stands at a position."""
        return self.text.lower.startswith(tuple(signs), position)

    def below(self, unit: Unit) -> list[Span]:
        """Return the items of the list, or the sentences, that a unit stands over as their lead-in."""
        own = unit.start
        return [(one.start, one.end) for one in self.units if own in {begin for begin, _ in one.above}]

    def says_first(self, span: Span) -> bool:
        """Whether a heading speaks of what comes first."""
        return any(word.text in ("first", "initial") for word in self.words_in(*span))

    def line_of(self, unit: Unit) -> int:
        """Where the line of a unit begins."""
        return self.text.text.rfind("\n", 0, unit.start) + 1

    def starts_with_pronoun(self, unit: Unit) -> bool:
        """Whether the unit begins with a word that stands for what was named before."""
        first = self.words_in(unit.start, unit.end)[:_OPENING]
        if first and first[0].text in _PLACING:
            # "On a scan they ..."
            return any(one.text in _SUBJECTS for one in first)
        first = first[:2]
        if first and first[0].text.endswith("ing"):
            first = first[1:]  # "telling them apart is ..."
        return bool(first) and first[0].text in _PRONOUNS

    # ------------------------------------------------------------ negation

    def negated(self, mark: Mark, clause: Clause | None = None) -> bool:
        """Whether the mark is denied in its clause ("not x", "rather than x", "without a or x")."""
        key = mark, clause
        found = self._negated.get(key)
        if found is None:
            found = self._negated[key] = is_negated(self, mark, clause)
        return found

    def hedges(self, clause: Clause) -> list[Mark]:
        """Return the signs that soften the clause ("may", "often", "is considered")."""
        return [mark for mark in self.within(clause.start, clause.end) if mark.name == "hedge"]

    def hedged(self, clause: Clause) -> bool:
        """Whether the clause is softened."""
        return bool(self.hedges(clause))

    def verbatim(self, unit: Unit) -> bool:
        """Whether the unit is a whole statement of the source, word for word."""
        return self._quoted(unit)[0]

    def quotes_statement(self, unit: Unit) -> bool:
        """Whether the unit is such a statement, or a label with one after it."""
        return self._quoted(unit)[1]

    def _quoted(self, unit: Unit) -> tuple[bool, bool]:
        known = self._verbatim.get(unit.start)
        if known is None:
            text = _MARKER.sub(" ", self.text.lower[unit.start : unit.end])
            whole = flatten(text) in self.know.verbatim
            label, _, rest = text.partition(": ")
            labelled = len(label.split()) <= _LABEL_WORDS and flatten(rest) in self.know.verbatim
            known = whole, whole or labelled
            self._verbatim[unit.start] = known
        return known

    def repeats(self, unit: Unit) -> bool:
        """Whether a sentence opens with thanks for, or a word on, what was asked: it puts nothing forward."""
        return any(
            mark.start <= unit.start + 1 for mark in self.find((unit.start, unit.end), ("thanks-cue",))
        )

    def silent_clause(self, clause: Clause) -> bool:
        """Whether the clause says that the text is silent, or its sentence asks what the text does not say."""
        return silence.in_clause(self, clause)

    def silent(self, unit: Unit) -> bool:
        """Whether the unit says that the text is silent ("does not state", "has no rating")."""
        return silence.in_unit(self, unit)

    # ------------------------------------------------------------ studies

    def studies(self, span: Span) -> list[Mark]:
        """Return the marks of studies and procedures in the span."""
        found = self._studies.get(span)
        if found is None:
            is_study = self.know.is_study
            found = tuple(mark for mark in self.within(*span) if mark.concept and is_study(mark.name))
            self._studies[span] = found
        return list(found)

    def subject(self, clause: Clause, position: int) -> list[Mark]:
        """Return the studies that a sign at `position` is said of; empty when it cannot be told."""
        return find_subject(self, clause, position)

    def asks_exclusions(self) -> bool:
        """Whether the question is who is left out."""
        return any(self.know.mentions(self.question, name) for name in ("not-in-scope", "asks-exclusions"))

    def asks_who_fits(self) -> bool:
        """Whether the question is who belongs to the population."""
        return self.know.mentions(self.question, "asks-who-fits") and not self.asks_exclusions()

    def asked_study(self) -> list[Mark]:
        """Return the one study that the question names, if it is one."""
        asked = {m.concept for m in self.know.find(self.question) if self.know.is_study(m.concept)}
        return [Mark(name, 0, 0, True) for name in asked] if len(asked) == 1 else []
