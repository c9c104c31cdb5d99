"""Words turned into their opposites: a clause beside the statement of the source that it is nearest to."""

from __future__ import annotations

from itertools import takewhile

from assistant.guard.context import GuardContext
from assistant.guard.cues import Word
from assistant.guard.evidence import Source
from assistant.guard.found import finding
from assistant.guard.knowledge import Knowledge
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Clause
from assistant.types import Finding

RULE = "polarity"
#: The share of a clause's weight that a statement must hold to be what the clause is about.
_LEAST_SHARED = 0.5
#: Statements this near to the best one are compared too; one that has the word clears it.
_NEAR = 0.75
_BEST = 0.95
#: A statement on the same matter, though nearer to what it says of another finding.
_KIN = 0.4
_LEAST_KEYS = 4
_SHUN_REACH = 4
_WINDOW = 5  # words around a word in which what it is said of stands
#: Words between a modal verb and its own verb ("cannot also be told").
_AUXILIARY = frozenset(
    {
        "be",
        "been",
        "have",
        "also",
        "always",
        "ever",
        "even",
        "in",
        "fact",
        "itself",
        "really",
        "safely",
        "simply",
    }
)
_CONDITIONS = frozenset({"if", "when", "where", "once", "whenever", "wherever"})
_MODALS = frozenset({"can", "cannot"})
_NEGATIONS = frozenset({"not", "no", "never", "than", "nor"})
_VERBS = frozenset(
    {"is", "are", "was", "were", "be", "has", "have", "can", "may", "should", "must", "will", "do", "does"}
)
_BARE = 8  # so few words without a verb only note findings
#: Cue groups of verbs that put somebody in or out, whatever they mean elsewhere.
_PLACING = ("placed-within", "in-scope")
_ALWAYS = "always"
_ALONE = frozenset({"before", "after"})
_SHORT_OF = frozenset(
    {"insufficient", "inadequate"}
)  # "insufficient for a complete ..." may be said either way


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
        self._turned = {source.id: self._sides_in(source) for source in know.evidence.sources}

    def check(self, reading: Reading, _context: GuardContext) -> list[Finding]:
        """Refuse a word whose opposite stands in the statements that the clause is about."""
        found: list[Finding] = []
        for clause in reading.clauses:
            unit = reading.units[clause.unit]
            if unit.question or reading.quotes_statement(unit) or _is_circumstance(reading, clause):
                continue
            words = reading.words_in(clause.start, clause.end)
            turned = [
                (word, side)
                for word in words
                if not _has_no_object(reading, word)
                for side in self.sides_of(word.text)
            ]
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
        start = _antecedent(reading, clause, words)
        keys = self._know.evidence.keys_in(reading, (start, clause.end))
        keys -= {self._stem(word.text) for word, _ in turned}
        if len(keys) < _LEAST_KEYS:
            return []
        scored = self._know.evidence.nearest(keys)
        best = max((score for score, _ in scored), default=0.0)
        if best < _LEAST_SHARED:
            return []
        near = [source for score, source in scored if score >= best * _NEAR]
        top = [source for score, source in scored if score >= best * _BEST]
        compared = reading.has((clause.start, clause.end), ("than",)) or self._is_ranked(reading, clause)
        own = {side for _, side in turned}
        placed = reading.find((clause.start, clause.end), _PLACING)
        found = []
        for word, (pair, side) in turned:
            finding_of = word.text in self._know.claims.patient_facts
            if finding_of and (word.text in reading.question.lower() or not _relates(reading, clause)):
                continue  # a finding of the patient, and nothing said of it
            if reading.has((clause.start, clause.end), ("mistaken-cue",)) and not (
                finding_of or reading.has((clause.start, clause.end), ("negator",))
            ):
                continue  # what a thing is taken for by mistake is not what it is
            if finding_of and self._concludes_otherwise(reading, clause, words, scored, best, (pair, side)):
                continue
            if any(one.start <= word.start < one.end for one in placed):
                continue  # "falls within the guidance" tells of no fall
            if compared and word.text in self._know.claims.comparatives:
                continue  # the comparison itself is judged, with its two sides
            if (pair, 1 - side) in own:
                continue
            if not _shuns(words, word) and reading.negated(Mark("", word.start, word.end), clause):
                continue
            if any((pair, side) in self._turned[source.id] for source in near):
                continue
            against = [
                source
                for source in top
                if (pair, 1 - side) in self._turned[source.id]
                and self._speaks_of_same(words, word, source, (pair, 1 - side))
            ]
            if _MODALS & {one for group in self._pairs[pair] for one in group}:
                against = [source for source in against if self._same_verb(words, word, source)]
            if against:
                message = f"the guideline says the opposite: “{against[0].quote}”"
                found.append(finding(reading, RULE, message, word.start, word.end))
        return found

    def _concludes_otherwise(
        self,
        reading: Reading,
        clause: Clause,
        words: list[Word],
        scored: list[tuple[float, Source]],
        best: float,
        side: tuple[int, int],
    ) -> bool:
        """Whether a finding that differs from the text's leads to something else than there ("abnormal: not enough").

        So it does where the rest of the clause is turned too, and a statement on the same matter has the finding.
        """
        turned = reading.has((clause.start, clause.end), ("negator", "turns")) or any(
            word.text in _SHORT_OF for word in words
        )
        return turned and any(
            score >= best * _KIN and side in self._turned[source.id] for score, source in scored
        )

    def _is_ranked(self, reading: Reading, clause: Clause) -> bool:
        """Whether the clause sets a study lower or higher on a dimension that has an order of its own."""
        spans = [(clause.start, clause.end), *reading.above(reading.units[clause.unit])]
        return any(
            any(reading.has(span, one.dimension) for span in spans)
            and reading.has(spans[0], (*one.more, *one.less))
            for one in self._know.claims.comparisons
            if one.dimension
        )

    def _speaks_of_same(
        self, words: list[Word], word: Word, source: Source, opposite: tuple[int, int]
    ) -> bool:
        """Whether the word and its opposite in the source have something near them in common, that they are said of."""
        own = self._around([one.text for one in words], words.index(word))
        told = [one.text for one in source.words]
        return any(
            not own.isdisjoint(self._around(told, place))
            for place, text in enumerate(told)
            if {opposite, (opposite[0], 1 - opposite[1])} & set(self.sides_of(text))
        )

    def _around(self, words: list[str], place: int) -> set[str]:
        before = takewhile(_is_word, reversed(words[max(0, place - _WINDOW) : place]))
        after = takewhile(_is_word, words[place + 1 : place + 1 + _WINDOW])
        return {self._stem(one) for one in (*before, *after)} - self._know.stop_words

    def _same_verb(self, words: list[Word], modal: Word, source: Source) -> bool:
        """Whether the source may do what the clause says that it cannot: a modal denies its own verb alone."""
        verb = next((one.text for one in words if one.start >= modal.end and one.text not in _AUXILIARY), "")
        return not verb.isalpha() or self._stem(verb) in {self._stem(one.text) for one in source.words}

    def _sides_in(self, source: Source) -> frozenset[tuple[int, int]]:
        sides = set()
        for number, word in enumerate(source.words):
            before = [one.text for one in source.words[max(0, number - 3) : number]]
            # "without a gap it can be seen": "without" denies the next word alone.
            # "not all new pain is cancer" denies "all" and not "new".
            denied = any(one in _NEGATIONS for one in before) and "all" not in before
            denied = denied or before[-1:] == ["without"]
            # "not always" leaves room for "often" and for "sometimes".
            short = not _SHORT_OF.isdisjoint(before) or (denied and word.text == _ALWAYS)
            for pair, side in self.sides_of(word.text):
                sides |= {(pair, 0), (pair, 1)} if short else {(pair, 1 - side if denied else side)}
        return frozenset(sides)

    def _stem(self, word: str) -> str:
        return stem(word, self._know.claims.spelling)


def _antecedent(reading: Reading, clause: Clause, words: list[Word]) -> int:
    """Where what a clause speaks of begins: before it, if what its verb does is done to what stands there.

    "The viscera, which a scan cannot show" speaks of the viscera; "the scan, which cannot show x", of x.
    """
    opening = [word.text for word in words[:2]]
    if clause.start == reading.units[clause.unit].start or opening[:1] != ["which"] or opening[-1] in FINITE:
        return clause.start
    before = reading.clause_at(clause.start - 1)
    return before.start if before is not None else clause.start


def _is_circumstance(reading: Reading, clause: Clause) -> bool:
    """Whether the clause only sets a condition ("where liver tests are abnormal, ..."): it states nothing."""
    words = [word.text for word in reading.words_in(clause.start, clause.end)]
    rest = words[: max((n for n, word in enumerate(words) if word.isalnum()), default=-1) + 1]
    follows = clause.end < reading.units[clause.unit].end
    return follows and bool(rest) and rest[0] in _CONDITIONS and "," not in rest


def _relates(reading: Reading, clause: Clause) -> bool:
    """Whether a clause says something of a finding: it has a verb, or a study beside it."""
    words = {word.text for word in reading.words_in(clause.start, clause.end)}
    return (
        not words.isdisjoint(_VERBS)
        or bool(reading.studies((clause.start, clause.end)))
        or len(words) > _BARE
    )


def _is_word(text: str) -> bool:
    return text[0].isalnum()


def _has_no_object(reading: Reading, word: Word) -> bool:
    """Whether a preposition stands alone, as an adverb ("begun shortly before, ..."): it sets nothing in order."""
    following = reading.text.lower[word.end : word.end + 2].strip()
    return word.text in _ALONE and not following[:1].isalnum()


def _shuns(words: list[Word], word: Word) -> bool:
    """Whether the word is what is to be avoided: the text says so too, and so denies nothing."""
    before = [one.text for one in words if one.end <= word.start][-_SHUN_REACH:]
    return any(one.startswith("avoid") for one in before) and not _NEGATIONS & set(before)
