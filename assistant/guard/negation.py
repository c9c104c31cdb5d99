"""Whether a sign is denied where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.guard.marks import Mark

if TYPE_CHECKING:
    from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Unit

#: These deny the noun after them and not the verb that follows ("without symptoms imaging is required").
_OF_NOUNS = frozenset(
    {"without", "w o", "free of", "free from", "lack of", "lacking", "absence of", "absent", "rather than",
     "instead of", "as opposed to", "in place of", "omitting", "omit", "falls short of", "fall short of",
     "short of"}
)  # fmt: skip
_VERBS = frozenset(
    {"is", "are", "was", "were", "may", "can", "will", "should", "has",
     "have", "must", "shows", "show", "limits", "limit"}
)  # fmt: skip
#: After "and" these begin what is said anew.
_FINITE = frozenset(
    {"is", "are", "has", "uses", "carries", "gives", "costs", "delivers", "brings", "involves", "means", "shows",
     "takes", "needs", "exposes", "comes", "adds", "may", "can", "might", "will", "does", "remains", "stays"}
)  # fmt: skip
#: A verb that needs no object to be one: what stands before it is its subject, or all that was said before.
FINITE = _VERBS | _FINITE | {"could", "would", "cannot", "does", "do", "did", "needs", "covers"}
_PRONOUNS = frozenset({"it", "they", "she", "he", "this", "these"})
_STANDING = frozenset({"it", "them", "that", "this", "these"})
_COPULAS = frozenset({"is", "are", "was", "were"})
_ARTICLES = frozenset({"a", "an", "the"})
_PREFIX = "non"
_NOTHING = frozenset({"none", "nothing"})
#: A cell of so few words that begins with one of these denies what its row is about.
_NONE = frozenset({"none", "nothing", "nil", "no", "never"})
_SHORT_CELL = 2
_NEGATION_REACH = 9  # words between a negator and what it denies


def is_negated(reading: Reading, mark: Mark, clause: Clause | None = None) -> bool:
    """Whether the mark is denied in its clause ("not x", "rather than x", "without a or x")."""
    clause = clause or reading.clause_at(mark.start)
    if clause is None:
        return False
    count = 0
    last = -1
    for cue in reading.within(clause.start, clause.end):
        if cue.name == "negator" and cue.end <= mark.start and _reaches(reading, cue, mark, clause):
            # Only negators side by side undo each other ("not without"); two verbs are denied each.
            double = count and len(reading.words_in(last, cue.start)) <= 1
            count, last = (0 if double else 1), cue.end
        elif cue.name == "negator-after" and mark.end <= cue.start <= mark.end + 1:
            count = 1
        elif cue.name == "negator" and cue.start == mark.end + 1 and _takes_nothing(reading, cue, mark):
            count = 1 - count
    before = reading.words_in(max(0, clause.start - 8), clause.start)
    carries_on = clause.start > reading.units[clause.unit].start and not reading.opens_with(
        clause.start, ":;"
    )
    if before and before[-1].text == "not" and carries_on:
        count = 1  # "not because it lacks sensitivity": the clause as a whole is denied
    if not count and (_is_made_no_reason(reading, clause) or _is_denied_row(reading, clause)):
        count = 1
    return count == 1


def _is_made_no_reason(reading: Reading, clause: Clause) -> bool:
    """Whether a clause only tells what changes nothing ("the text does not make x R because of y")."""
    unit = reading.units[clause.unit]
    if clause.start == unit.start:
        return False
    opening = [word.text for word in reading.words_in(clause.start, clause.end)][:1]
    before = reading.clause_at(clause.start - 1)
    return (
        opening == ["because"]
        and before is not None
        and reading.has((before.start, before.end), ("changes-nothing",))
    )


def _is_denied_row(reading: Reading, clause: Clause) -> bool:
    """Whether all that stands beside the first cell of a row, or behind a label, denies it ("Direct risk: none")."""
    unit = reading.units[clause.unit]
    if unit.kind == "cell":
        own = (unit.start, unit.end)
        row = [one for one in reading.units if one.kind == "cell" and one.label == own and one is not unit]
        return bool(row) and all(_says_none(reading, one) for one in row)
    last = reading.clauses_of(clause.unit)[-1]
    labels = last.start == clause.end and reading.opens_with(last.start, ":")
    return labels and clause.start == unit.start and _says_none(reading, last)


def _says_none(reading: Reading, told: Unit | Clause) -> bool:
    words = [word.text for word in reading.words_in(told.start, told.end) if word.text.isalpha()]
    return words[:1] != [] and words[0] in _NONE and len(words) <= _SHORT_CELL


def _takes_nothing(reading: Reading, negator: Mark, mark: Mark) -> bool:
    """Whether a verb has nothing as its object ("provokes none")."""
    return not mark.concept and reading.text.lower[negator.start : negator.end] in _NOTHING


def _reaches(reading: Reading, negator: Mark, mark: Mark, clause: Clause) -> bool:
    between = reading.words_in(negator.end, mark.start)
    if reading.text.lower[negator.start : negator.end] == _PREFIX and len(between) > 1:
        return False  # "non-bone disease": the prefix denies its own word
    own = reading.words_in(mark.start, mark.end)
    if reading.text.lower[negator.start : negator.end] in _OF_NOUNS and any(
        w.text in _VERBS for w in (*between, *own)
    ):
        return False
    said = reading.text.lower[negator.start : negator.end]
    texts = [word.text for word in between]
    if said in _OF_NOUNS and texts[:1] and texts[0] in _STANDING:
        return False  # "with x R, without it Q": what is left out is named by the pronoun
    if said in _OF_NOUNS and not _PRONOUNS.isdisjoint(texts[1:]):
        return False  # "rather than x it shows y"
    if said == "not" and texts[:1] == ["to"] and not _COPULAS.isdisjoint(texts[2:]):
        return False  # "the reasons not to order it are ..."
    if len(between) > _NEGATION_REACH + 4 or _answers_no(reading, negator):
        return False
    for number, word in enumerate(between):
        if word.text == "," and said in _NOTHING and number > 1:
            return False  # "nothing points past the bones, an x or a y is ...": a sentence of its own
        if word.text == ":" and not FINITE.isdisjoint(texts[number + 1 :]):
            return False  # "not wrong: x is R": what follows has a verb of its own
        if word.text == ",":
            rest = {one.text for one in reading.words_in(word.end, clause.end)}
            if not rest & {"or", "nor"} or _begins_anew(reading, texts[number + 1 :], mark, clause):
                return False
        elif word.text in ("but", "only", "just", "merely", "simply") and number:
            return False
        elif word.text == "and" and number and {w.text for w in between[number + 1 : number + 2]} & _FINITE:
            return False  # "is not sold everywhere and uses more ...": a verb of its own
    return True


def _begins_anew(reading: Reading, texts: list[str], mark: Mark, clause: Clause) -> bool:
    """Whether a comma ends an opening phrase ("with no x, a y or z is ..."): an article, and a verb behind the mark."""
    if texts[:1] and texts[0] not in _ARTICLES:
        return False
    behind = {word.text for word in reading.words_in(mark.end, clause.end)}
    return bool(texts) and not FINITE.isdisjoint(behind)


def _answers_no(reading: Reading, negator: Mark) -> bool:
    """Whether a "no" answers a question ("No - it is ..."), and denies nothing that follows."""
    return (
        reading.text.lower[negator.start : negator.end] == "no"
        and reading.text.lower[negator.end : negator.end + 2].strip()[:1] in tuple("-,;:.")
        and any(unit.start == negator.start for unit in reading.units)
    )
