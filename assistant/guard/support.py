"""Rule `support`: every word and thing that a draft names stands in the guideline or was said by the user."""

from __future__ import annotations

import re

from assistant.guard import courtesy
from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.knowledge import flatten
from assistant.guard.marks import Mark
from assistant.guard.newclaims import base, conditions, is_silent, new_claims
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Clause, Span, Unit
from assistant.types import Finding

RULE = "support"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_CAPITAL = re.compile(r"(?<![\w'-])[A-Z][A-Za-z']+")
_SMALL = re.compile(r"(?<![\w'-])[a-z]{3,}")
_LEAST_SMALL = 2
_SUBJECT_WORDS = 3
_EITHER = " / "
_ASIDE = 8  # characters after a thing in which "aside" may stand
_CIRCUMSTANCE = frozenset(
    {"at", "with", "in", "on", "for", "despite", "given", "if", "when", "as", "under", "after"}
)
_OF_PATIENT = ("patient-cue", "not-in-scope", "in-scope", "asks")
#: Before a capital letter that begins something and so marks no name.
_BEGINNING = re.compile(
    r"(?:[.!?:;|\n(\[\"*_/=>☐☑☒□■▢◻◼○●◆◇➢➤✗✘•\]]|^|(?:^|\s)-|\d[.)]|\b[A-Za-z][.)])[\s*_\"'(\[-]*$"
)


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
    asked |= _places(reading, texts, context)
    found: list[Finding] = []
    polite = courtesy.spans(reading)
    for number, unit in enumerate(reading.units):
        if reading.quotes_statement(unit):
            continue
        found += _concepts(reading, number, unit, asked, echoed)
        found += _words(reading, number, unit, echoed)
        found += _names(reading, number, unit, echoed)
        found += new_claims(reading, number, unit, echoed)
        found += _echoes(reading, unit, asked)
        found += conditions(reading, number, echoed)
    spans = _offsets(reading, polite)
    return [one for one in found if not any(a <= one.start and one.end <= b for a, b in spans)]


def _places(reading: Reading, texts: tuple[str, ...], context: GuardContext) -> set[str]:
    """The sites that what the user told makes one speak of ("sacral pain": the sacrum), under whatever name.

    What the text itself speaks of in general ("bone pain") is told of no site.
    """
    know = reading.know
    told = {mention.concept for text in texts for mention in know.find(text)}
    told |= {fact.concept for fact in context.facts}
    told -= know.source_concepts
    return {place for one in told for place in know.sites_of(one)}


def _offsets(reading: Reading, spans: list[Span]) -> list[Span]:
    return [reading.text.original(start, end) for start, end in spans]


def _concepts(reading: Reading, number: int, unit: Unit, asked: set[str], echoed: set[str]) -> list[Finding]:
    know = reading.know
    found: list[Finding] = []
    for mark in reading.within(unit.start, unit.end):
        if not mark.concept or _is_supported(reading, mark.name, asked):
            continue
        words = reading.text.lower[mark.start : mark.end]
        said = _WORD.findall(words)
        if flatten(words) in know.source_flat:
            continue  # the text itself has these words, whatever else they may mean
        stems = {stem(word, know.claims.spelling) for word in said}
        if stems & echoed and stems <= echoed | know.source_words:
            continue  # the user's word, with one of the text's ("endocrine therapy")
        if know.is_study(mark.name) and know.is_unrated(mark.name):
            continue  # the rule `option` speaks of these
        plain = know.is_plain(reading.text.lower[mark.start : mark.end])
        if (plain and not _is_term(reading, mark)) or _excused(reading, number, mark.start):
            continue
        name = know.vocabulary.concepts[mark.name].name
        found.append(finding(reading, RULE, f"the guideline says nothing of {name}", mark.start, mark.end))
    return found


def _is_term(reading: Reading, mark: Mark) -> bool:
    """Whether several plain words together name a thing of its own ("tumour markers")."""
    kind = reading.know.vocabulary.concepts[mark.name].kind
    return (
        mark.exact
        and kind in reading.know.claims.term_kinds
        and len(reading.words_in(mark.start, mark.end)) > 1
    )


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
        word = base(match.group())
        if len(word) < 2 or know.knows(word) or stem(word, know.claims.spelling) in echoed:
            continue
        if any(m.start <= match.start() and match.end() <= m.end for m in (*mentions, *ratings)):
            continue
        if word.isalpha() and know.claims.numbers.get(word) is not None:
            continue
        if _excused(reading, number, match.start()) or _is_person(reading, unit, match.span()):
            continue
        if _is_translation(reading, unit, match.start()):
            continue
        found.append(
            finding(reading, RULE, f"nothing in the guideline supports {match.group()!r}", *match.span())
        )
    return found


def _is_translation(reading: Reading, unit: Unit, start: int) -> bool:
    """Whether a word stands in a heading or label that says the same in English beside it ("Limites / Limits")."""
    span = (unit.start, unit.end) if unit.kind == "heading" else unit.label
    if span is None or not span[0] <= start < span[1]:
        return False
    begin, parts = span[0], []
    for part in reading.text.lower[slice(*span)].split(_EITHER):
        parts.append((begin, begin + len(part)))
        begin += len(part) + len(_EITHER)
    return any(
        not first <= start < last and reading.know.is_plain(reading.text.lower[first:last])
        for first, last in parts
    )


def _echoes(reading: Reading, unit: Unit, asked: set[str]) -> list[Finding]:
    """A thing that only the user named may be spoken of, but nothing may be claimed of it."""
    know = reading.know
    if unit.kind in ("header", "heading") or unit.question:
        return []
    found: list[Finding] = []
    for mark in reading.within(unit.start, unit.end):
        if not mark.concept or mark.name not in asked or _is_supported(reading, mark.name, set()):
            continue
        clause = reading.clause_at(mark.start)
        if (
            clause is None
            or know.is_study(mark.name)
            or know.is_plain(reading.text.lower[mark.start : mark.end])
        ):
            continue
        span = (unit.start, unit.end)
        if reading.silent(unit) or reading.negated(mark, clause) or reading.has(span, _OF_PATIENT):
            continue
        if not reading.has((clause.start, clause.end), ("asserts",)) or not _leads(reading, clause, mark):
            continue
        if _is_placed(reading, clause, mark):
            continue
        if reading.has((mark.end, mark.end + _ASIDE), ("set-aside",)) or _is_classed(reading, clause, mark):
            continue
        name = know.vocabulary.concepts[mark.name].name
        found.append(finding(reading, RULE, f"the guideline says nothing of {name}", mark.start, mark.end))
    return found


def _is_placed(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether all that is said of the user's drug is that it is of the therapy that the guidance asks for."""
    kind = reading.know.vocabulary.concepts[mark.name].kind
    verbs = reading.find((mark.end, clause.end), ("placed-within",))
    return (
        kind in reading.know.claims.placed_kinds
        and bool(verbs)
        and not any(reading.negated(one, clause) for one in verbs)
    )


def _is_classed(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether all that is claimed of a thing is its kind, of which the text speaks ("x is a neurological symptom")."""
    above = reading.know.lineage(mark.name) - {mark.name}
    kinds = [one for one in reading.within(mark.end, clause.end) if one.concept and one.name in above]
    return any(one.name in reading.know.source_concepts for one in kinds)


def _leads(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether a clause is about the mark: it stands first, or as what is to be done."""
    before = reading.words_in(clause.start, mark.start)
    if len([word for word in before if word.text.isalnum()]) <= _SUBJECT_WORDS:
        return not any(word.text in _CIRCUMSTANCE for word in before)
    return reading.has((max(clause.start, mark.start - 16), mark.start), ("directive",))


def _is_person(reading: Reading, unit: Unit, span: Span) -> bool:
    """Whether a name stands after a title, of somebody who is said to claim nothing ("a note on Mrs Jones")."""
    before = reading.words_in(max(unit.start, span[0] - 16), span[0])
    names = [word.text for word in before if word.text.isalpha() and len(word.text) > 1]
    if not names or names[-1] not in reading.know.claims.courtesy.titles:
        return False
    return not reading.has((span[1], min(unit.end, span[1] + 24)), ("asserts", "speak", "attribution"))


def _names(reading: Reading, number: int, unit: Unit, echoed: set[str]) -> list[Finding]:
    """A plain word with a capital in running text is a name, and the guideline must have it."""
    know = reading.know
    if unit.kind not in ("sentence", "item"):
        return []
    text = reading.text.text
    capitals = list(_CAPITAL.finditer(text, unit.start, unit.end))
    if len(_SMALL.findall(text, unit.start, unit.end)) < _LEAST_SMALL:
        return []  # a title or label: hardly a word begins small
    mentions = [m for m in reading.within(unit.start, unit.end) if m.concept or m.name in know.rating_names]
    found: list[Finding] = []
    for match in capitals:
        word = match.group().removesuffix("'s")
        lower = word.lower()
        shouted = word.removesuffix("s").isupper() and lower not in know.claims.courtesy.acronyms
        if _BEGINNING.search(text, max(0, match.start() - 12), match.start()) or shouted:
            continue
        stemmed = stem(base(lower), know.claims.spelling)
        if stemmed in know.source_words or stemmed in echoed or (len(lower) < 3 and know.is_spoken(lower)):
            continue
        if lower in know.claims.courtesy.titles:
            continue
        if any(m.start <= match.start() and match.end() <= m.end for m in mentions):
            continue
        if _excused(reading, number, match.start()):
            continue
        found.append(finding(reading, RULE, f"the guideline does not name {match.group()!r}", *match.span()))
    return found


def _excused(reading: Reading, number: int, position: int) -> bool:
    """Whether the clause only says that the text is silent on it, or asks."""
    clause = reading.clause_at(position)
    if clause is None:
        return False
    unit = reading.units[number]
    if reading.silent(unit) and reading.has((clause.start, clause.end), _OF_PATIENT):
        return not reading.has((clause.start, clause.end), ("put-forward", "advice"))
    earlier = [one for one in reading.clauses_of(number) if one.start < clause.start]
    if earlier and reading.text.lower[clause.start] == ":" and is_silent(reading, earlier[-1]):
        return True
    return is_silent(reading, clause)
