"""Of the studies before a rating, those that it is said of: where its own sentence begins."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

#: Words that may stand before a study that opens its sentence.
BEFORE_SUBJECT = frozenset(
    {"a", "an", "the", "both", "three", "two", "all", ":", "only", "these", "also", "*"}
)
#: Before a clause that gives a reason or an aside, and those of them that do so only behind a label with its study.
_REASONS = frozenset({"as", "because", "since", "(", ";"})
_LABELLED = frozenset({"(", ";"})
_LABEL = "choice-label"
#: Words that set what follows against what stands before: a rating behind them is said of what follows.
_SETS_AGAINST = frozenset({"whereas", "but"})


def contrast(reading: Reading, studies: list[Mark]) -> list[Mark]:
    """Return, of the studies before a rating, those behind the last "whereas" ("a step after X, whereas Y is R")."""
    for place in range(len(studies) - 1, 0, -1):
        words = [word.text for word in reading.words_in(studies[place - 1].end, studies[place].start)]
        cuts = [number for number, word in enumerate(words) if word in _SETS_AGAINST]
        if cuts and words[cuts[-1] + 1 : cuts[-1] + 2] != ["not"]:
            return studies[place:]
    return studies


def reason(reading: Reading, studies: list[Mark], unit: Unit, rating: Mark) -> list[Mark]:
    """Return, of the studies before a rating, those of the clause that gives a reason ("first study: x, as y is R")."""
    for place in range(len(studies) - 1, 0, -1):
        words = [word.text for word in reading.words_in(studies[place - 1].end, studies[place].start)]
        opening = [number for number, word in enumerate(words) if word in _REASONS]
        if not opening or not BEFORE_SUBJECT.issuperset(words[opening[-1] + 1 :]):
            continue
        verbs = [word.text for word in reading.words_in(studies[-1].end, rating.start)]
        labelled = reading.has((unit.start, studies[place - 1].start), (_LABEL,))
        if (
            verbs[:1] == [","]
            or FINITE.isdisjoint(verbs)
            or (words[opening[-1]] in _LABELLED and not labelled)
        ):
            continue
        return studies[place:]
    return studies


def sentence(reading: Reading, studies: list[Mark], begin: int, rating: Mark) -> list[Mark]:
    """Return, of the studies before a rating, those of its sentence, where ";" ends another that has a verb."""
    words = reading.words_in(begin, rating.start)
    cut = max((word.start for word in words if word.text == ";"), default=-1)
    behind = [study for study in studies if study.start > cut]
    if cut < 0 or not behind or len(behind) == len(studies):
        return studies
    said = {word.text.removesuffix("n't") for word in words if word.start < cut}
    return studies if said.isdisjoint(FINITE) else behind
