"""Claims that a draft makes in plain words of its own: many new words, or a condition, that no statement holds."""

from __future__ import annotations

import re

from assistant.guard import silence
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Clause, Span, Unit
from assistant.types import Finding

RULE = "support"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
#: From so many words on that are new to the text, a sentence claims something of its own, unless a statement
#: holds this share of what it speaks of.
_MOST_NEW = 2
_TITLE = 12  # characters before a name in which its title stands
_LEAST_SHARED = 0.25
#: A condition of the text's own shares so much with one statement.
_LEAST_PROVISO = 0.3
_CONTRACTED = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is"}


def new_claims(reading: Reading, number: int, unit: Unit, echoed: set[str]) -> list[Finding]:
    """Plain words claim nothing; many that neither the text nor talk of a text uses are a claim of their own."""
    know = reading.know
    if unit.question or unit.kind in ("heading", "header"):
        return []
    whole: list[Span] = []
    for clause in reading.clauses_of(number):
        new: list[Span] = []
        if is_silent(reading, clause):
            continue
        mentions = [m for m in reading.within(clause.start, clause.end) if m.concept and m.exact]
        for match in _WORD.finditer(reading.text.lower, clause.start, clause.end):
            word = base(match.group())
            stemmed = stem(word, know.claims.spelling)
            if unit.label is not None and unit.label[0] <= match.start() < unit.label[1]:
                continue
            if len(word) < 3 or know.is_spoken(word) or stemmed in echoed:
                continue
            if _is_name(reading, match.start()):
                continue
            if any(m.start <= match.start() and match.end() <= m.end for m in mentions):
                continue
            if know.claims.numbers.get(word) is None:
                new.append(match.span())
        whole += new if not _is_image(reading, unit, new) else []
    if len(whole) < _MOST_NEW or share(reading, unit) >= _LEAST_SHARED:
        return []
    return [finding(reading, RULE, "the guideline does not speak of this", whole[0][0], whole[-1][1])]


def _is_name(reading: Reading, start: int) -> bool:
    """Whether a word with a capital stands after a title ("Dr Patel")."""
    before = [word.text for word in reading.words_in(max(0, start - _TITLE), start) if word.text.isalpha()]
    return (
        reading.text.text[start].isupper()
        and bool(before)
        and before[-1] in reading.know.claims.courtesy.titles
    )


def _is_image(reading: Reading, unit: Unit, new: list[Span]) -> bool:
    """Whether the words only paint a picture ("think of it as a pen that marks ..."), which claims nothing."""
    return bool(new) and reading.has((unit.start, new[0][0]), ("analogy-cue",))


def conditions(reading: Reading, number: int, echoed: set[str]) -> list[Finding]:
    """A condition ("provided that ...") of which no statement of the text speaks."""
    know = reading.know
    found: list[Finding] = []
    for clause in reading.clauses_of(number):
        text = reading.text.lower[clause.start : clause.end].lstrip(" ,;:(-")
        opening = next((one for one in know.claims.provisos if text.startswith(one)), None)
        if opening is None or reading.silent_clause(clause):
            continue
        if _decides_nothing(reading, reading.units[number], clause):
            message = "the guideline does not make it depend on this"
            found.append(finding(reading, RULE, message, clause.start, clause.end))
            continue
        if reading.has((clause.start, clause.end), ("criteria-met", "entry-condition")):
            continue  # "provided the other criteria are met": the text's own, whatever they are
        keys = know.evidence.keys_in(reading, (clause.start, clause.end))
        keys -= {stem(word, know.claims.spelling) for word in opening.split()} | echoed
        best = max((score for score, _ in know.evidence.nearest(keys)), default=0.0)
        if keys and best < _LEAST_PROVISO:
            message = "the guideline sets no such condition"
            found.append(finding(reading, RULE, message, clause.start, clause.end))
    return found


def _decides_nothing(reading: Reading, unit: Unit, clause: Clause) -> bool:
    """Whether a condition to a rating or to the guidance is one that by the records never puts anybody out."""
    people = reading.know.claims.population
    never = [one for one in people.never_outside if one not in people.inside]
    whole = (unit.start, unit.end)
    comma = reading.text.lower.find(",", clause.start + 1, clause.end)
    set_ = (clause.start, comma if comma > 0 else clause.end)
    return (
        reading.has(set_, never)
        and not reading.has(set_, ("long-known",))
        and all(reading.is_named(one, set(never)) for one in reading.find(set_, people.wanted))
        and reading.has(whole, ("in-scope", *reading.know.rating_names))
    )


def share(reading: Reading, unit: Unit) -> float:
    """How much of what a unit speaks of stands in one statement of the text."""
    evidence = reading.know.evidence
    keys = evidence.keys_in(reading, (unit.start, unit.end))
    return max((score for score, _ in evidence.nearest(keys)), default=0.0)


def base(word: str) -> str:
    """A word without its clitic: "patient's", "doesn't", "we'll"."""
    if word in _CONTRACTED:
        return _CONTRACTED[word]
    return word.removesuffix("n't") if word.endswith("n't") else word.split("'")[0]


def is_silent(reading: Reading, clause: Clause) -> bool:
    """Whether the clause says that the text does not speak of something."""
    for mark in reading.within(clause.start, clause.end):
        if mark.name in ("silence", "not-covered", "no-rating"):
            return True
        if mark.name == "speak" and reading.negated(mark, clause):
            return True
    return silence.is_told_after(reading, clause) or silence.is_title(reading, clause)
