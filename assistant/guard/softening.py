"""Whether what a sign says is hedged where it stands, or only told as the purpose of something."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Clause

#: So few words make no clause of their own, nor do so many without a verb.
_BARE = 2
_SHORT = 12
_SERVES = frozenset(
    {"in", "used", "order", "meant", "way", "help", "helps", "serve", "serves", "try", "later", "only"}
)
_FINITE = frozenset(
    {"is", "are", "was", "were", "be", "been", "has", "have", "does", "do", "will", "shall", "must", "should",
     "means", "shows", "show", "gives", "makes", "confirms", "proves", "then", "therefore"}
)  # fmt: skip


def is_softened(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether a sign is hedged, or stands in a bare end of the clause before ("intent likely curative; palliative")."""
    if any(not _of_next_sentence(reading, clause, mark, one) for one in reading.hedges(clause)):
        return True
    words = [word.text for word in reading.words_in(clause.start, clause.end) if word.text.isalnum()]
    bare = len(words) <= _BARE or (len(words) <= _SHORT and _FINITE.isdisjoint(words))
    earlier = [one for one in reading.clauses_of(clause.unit) if one.end <= clause.start]
    if bare and bool(earlier) and reading.hedged(earlier[-1]):
        return True
    return _hedged_by_verb(reading, clause, words)


def is_purpose(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether a sign only tells what something is for ("they come in to clarify a focus")."""
    before = [word.text for word in reading.words_in(clause.start, mark.start)][-2:]
    return before[1:] == ["to"] and before[0] in _SERVES


def _of_next_sentence(reading: Reading, clause: Clause, mark: Mark, hedge: Mark) -> bool:
    """Whether "and" begins what is said anew between a sign and the hedge ("it is x, and y may be left out")."""
    if hedge.start < mark.end:
        return False
    words = reading.words_in(mark.end, hedge.start)
    joined = [word for word in words if word.text in ("and", "so")]
    if not joined:
        return False
    said = {word.text for word in reading.words_in(clause.start, joined[-1].start)}
    return not said.isdisjoint(FINITE)


def _hedged_by_verb(reading: Reading, clause: Clause, words: list[str]) -> bool:
    """Whether the verb of the sentence stands in a later clause, with its hedge ("a shift, with x, is likely")."""
    if not FINITE.isdisjoint(words) or not words:
        return False
    for later in reading.clauses_of(clause.unit):
        if later.start < clause.end:
            continue
        if reading.opens_with(later.start, ";:("):
            return False
        if not FINITE.isdisjoint(word.text for word in reading.words_in(later.start, later.end)):
            return reading.hedged(later)
    return False
