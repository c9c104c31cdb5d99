"""Words turned into their opposites: a clause beside the statement of the source that it is nearest to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.guard.context import GuardContext
from assistant.guard.cues import Word, words_of
from assistant.guard.found import finding
from assistant.guard.knowledge import Knowledge
from assistant.guard.normal import normalise
from assistant.guard.reading import Clause, Mark, Reading
from assistant.guard.stems import stem
from assistant.types import Finding

RULE = "polarity"
#: The share of a clause's weight that a statement must hold to be what the clause is about.
_LEAST_SHARED = 0.5
#: Statements this near to the best one are compared too; one that has the word clears it.
_NEAR = 0.75
_LEAST_KEYS = 4
_NEGATIONS = frozenset({"not", "no", "without", "never", "than", "nor"})


@dataclass(frozen=True, slots=True)
class _Source:
    keys: frozenset[str]
    sides: frozenset[tuple[int, int]]
    quote: str


class Opposites:
    """The statements of a guideline, indexed by content; built once."""

    def __init__(self, know: Knowledge) -> None:
        self._know = know
        self._pairs = know.claims.opposites
        self._sides: dict[str, list[tuple[int, int]]] = {}
        for number, pair in enumerate(self._pairs):
            for side, prefixes in enumerate(pair):
                for prefix in prefixes:
                    self._sides.setdefault(prefix, []).append((number, side))
        self._sources = [self._source(item.quote) for item in know.guideline.statements.values()]
        total = len(self._sources)
        counts: dict[str, int] = {}
        for source in self._sources:
            for key in source.keys:
                counts[key] = counts.get(key, 0) + 1
        self._weights = {key: math.log(1 + total / count) for key, count in counts.items()}
        self._unknown = math.log(1 + total)

    def check(self, reading: Reading, _context: GuardContext) -> list[Finding]:
        """Refuse a word whose opposite stands in the statements that the clause is about."""
        found: list[Finding] = []
        for clause in reading.clauses:
            unit = reading.units[clause.unit]
            if unit.question or reading.quotes_statement(unit):
                continue
            words = reading.words_in(clause.start, clause.end)
            turned = [(word, side) for word in words for side in self.sides_of(word.text)]
            if turned:
                found += self._compare(reading, clause, words, turned)
        return found

    def sides_of(self, word: str) -> list[tuple[int, int]]:
        """The pairs and sides that a word belongs to."""
        found: list[tuple[int, int]] = []
        for length in range(3, len(word) + 1):
            found += self._sides.get(word[:length] + "*", ())
        return [*found, *self._sides.get(word, ())]

    def _compare(
        self, reading: Reading, clause: Clause, words: list[Word], turned: list[tuple[Word, tuple[int, int]]]
    ) -> list[Finding]:
        keys = self._keys(words, {m.name for m in reading.within(clause.start, clause.end) if m.concept})
        keys -= {self._stem(word.text) for word, _ in turned}
        if len(keys) < _LEAST_KEYS:
            return []
        whole = sum(self._weights.get(key, self._unknown) for key in keys)
        scored = [
            (sum(self._weights[key] for key in keys & source.keys) / whole, source)
            for source in self._sources
        ]
        best = max(score for score, _ in scored)
        if best < _LEAST_SHARED:
            return []
        near = [source for score, source in scored if score >= best * _NEAR]
        top = [source for score, source in scored if score >= best * 0.95]
        own = {side for _, side in turned}
        found = []
        for word, (pair, side) in turned:
            if (pair, 1 - side) in own or reading.negated(Mark("", word.start, word.end), clause):
                continue
            if any((pair, side) in source.sides for source in near):
                continue
            against = [source for source in top if (pair, 1 - side) in source.sides]
            if against:
                message = f"the guideline says the opposite: “{against[0].quote}”"
                found.append(finding(reading, RULE, message, word.start, word.end))
        return found

    def _source(self, quote: str) -> _Source:
        text = normalise(quote, self._know.claims.characters)
        words = words_of(text.lower)
        sides = set()
        for number, word in enumerate(words):
            denied = any(one.text in _NEGATIONS for one in words[max(0, number - 3) : number])
            for pair, side in self.sides_of(word.text):
                sides.add((pair, 1 - side if denied else side))
        concepts = {mention.concept for mention in self._know.find(text.text)}
        return _Source(frozenset(self._keys(words, concepts)), frozenset(sides), quote)

    def _keys(self, words: list[Word], concepts: set[str]) -> set[str]:
        stems = {self._stem(word.text) for word in words if len(word.text) > 2 and word.text.isalpha()}
        return {one for one in stems if one not in self._know.stop_words} | {f"#{name}" for name in concepts}

    def _stem(self, word: str) -> str:
        return stem(word, self._know.claims.spelling)
