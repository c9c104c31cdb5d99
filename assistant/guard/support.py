"""Rule `support`: every word and thing that a draft names stands in the guideline or was said by the user."""

from __future__ import annotations

import re

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.reading import Clause, Reading
from assistant.guard.stems import stem
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "support"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NAME_AFTER = re.compile(r"[.!?:|\n]\W*$")


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Refuse concepts and words that nothing supports."""
    texts = context.user_texts or (context.question,)
    said = " ".join((*texts, context.question)).lower()
    spelling = reading.know.claims.spelling
    echoed = {stem(word.removesuffix("'s"), spelling) for word in _WORD.findall(said)}
    asked = {
        ancestor
        for text in texts
        for mention in reading.know.find(text)
        for ancestor in reading.know.lineage(mention.concept)
    }
    asked |= {fact.concept for fact in context.facts}
    found: list[Finding] = []
    for number, unit in enumerate(reading.units):
        if reading.quotes_statement(unit):
            continue
        found += _concepts(reading, number, unit, asked, echoed)
        found += _words(reading, number, unit, echoed)
    return found


def _concepts(reading: Reading, number: int, unit: Unit, asked: set[str], echoed: set[str]) -> list[Finding]:
    know = reading.know
    found: list[Finding] = []
    for mark in reading.within(unit.start, unit.end):
        if not mark.concept or _is_supported(reading, mark.name, asked):
            continue
        said = _WORD.findall(reading.text.lower[mark.start : mark.end])
        if said and all(stem(word, know.claims.spelling) in echoed for word in said):
            continue
        if know.is_study(mark.name) and know.is_unrated(mark.name):
            continue  # the rule `option` speaks of these
        if know.is_plain(reading.text.lower[mark.start : mark.end]) or _excused(reading, number, mark.start):
            continue
        name = know.vocabulary.concepts[mark.name].name
        found.append(finding(reading, RULE, f"the guideline says nothing of {name}", mark.start, mark.end))
    return found


def _is_supported(reading: Reading, concept: str, asked: set[str]) -> bool:
    know = reading.know
    if concept in know.source_concepts or concept in asked:
        return True
    found = know.vocabulary.concepts.get(concept)
    if found is None or found.kind in know.claims.neutral_kinds or concept in know.claims.neutral_concepts:
        return True
    # A kind of something that may be named by its kinds ("rib pain" is bone pain).
    return any(parent in know.lineage(concept) for parent in know.claims.specific)


def _words(reading: Reading, number: int, unit: Unit, echoed: set[str]) -> list[Finding]:
    know = reading.know
    found: list[Finding] = []
    lower = reading.text.lower
    ratings = [m for m in reading.within(unit.start, unit.end) if m.name in know.rating_names]
    mentions = [m for m in reading.within(unit.start, unit.end) if m.concept and m.exact]
    for match in _WORD.finditer(lower, unit.start, unit.end):
        word = match.group().removesuffix("'s").split("'")[0]
        if len(word) < 2 or know.knows(word) or stem(word, know.claims.spelling) in echoed:
            continue
        if any(m.start <= match.start() and match.end() <= m.end for m in (*mentions, *ratings)):
            continue
        if word.isalpha() and know.claims.numbers.get(word) is not None:
            continue
        if _excused(reading, number, match.start()):
            continue
        found.append(
            finding(reading, RULE, f"nothing in the guideline supports {match.group()!r}", *match.span())
        )
    return found


def _excused(reading: Reading, number: int, position: int) -> bool:
    """Whether the clause only says that the text is silent on it, or asks."""
    clause = reading.clause_at(position)
    if clause is None:
        return False
    earlier = [one for one in reading.clauses_of(number) if one.start < clause.start]
    if earlier and reading.text.lower[clause.start] == ":" and _is_silent(reading, earlier[-1]):
        return True
    return _is_silent(reading, clause)


def _is_silent(reading: Reading, clause: Clause) -> bool:
    for mark in reading.within(clause.start, clause.end):
        if mark.name in ("silence", "not-covered", "no-rating"):
            return True
        if mark.name == "speak" and reading.negated(mark, clause):
            return True
    return False
