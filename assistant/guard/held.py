"""What a statement of the text holds: nearly all that a stretch of a draft says, to the same side or to the other."""

from __future__ import annotations

from assistant.guard.bonds import ratings_in
from assistant.guard.context import GuardContext
from assistant.guard.evidence import Source
from assistant.guard.found import finding
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Span
from assistant.types import Finding

RULE = "polarity"
#: The share of what is said that a statement must hold, and of how many content words at least.
_HELD = 0.7
_TURNED = 0.75
_LEAST_KEYS = 2
_LEAST_TURNED = 4
_NEGATIONS = frozenset({"not", "no", "never", "without", "rather", "nor", "cannot"})
#: What a statement that has one of these denies is told otherwise too ("only", "evidence against").
_LIMITS = frozenset({"against", "only", "insufficient"})
_ELSEWHERE = ("guidance", "in-scope", "not-in-scope", "preference-noun")
_NEGATOR, _CERTAIN = "negator", "certain:"
#: What a verb is denied with, and behind which auxiliaries.
_DENYING = frozenset({"not", "never", "cannot"})
_AUXILIARIES = frozenset(
    {"is", "are", "does", "do", "can", "may", "will", "should", "could", "would", "has", "have"}
)
#: Words that narrow a denial, or set something beside it.
_NARROWING = frozenset({"only", "always", "all", "just", "necessarily", "every", "but", "than", "alone", "without",
                        "no", "rather", "unless", "if", "yet", "merely"})  # fmt: skip


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Refuse a clause that denies what a statement says, in the statement's own terms."""
    found: list[Finding] = []
    for clause in reading.clauses:
        span = (clause.start, clause.end)
        if not reading.has(span, (_NEGATOR,)) or not _denies_verb(reading, clause):
            continue
        unit = reading.units[clause.unit]
        if unit.question or reading.quotes_statement(unit) or reading.silent_clause(clause):
            continue
        if ratings_in(reading, (unit.start, unit.end)) or reading.has((unit.start, unit.end), _ELSEWHERE):
            continue  # which the rules `rating` and `scope` know
        against = _denied(reading, span)
        if against is not None:
            message = f"the guideline says the opposite: “{against.quote}”"
            found.append(finding(reading, RULE, message, clause.start, clause.end))
    return found


def _denies_verb(reading: Reading, clause: Clause) -> bool:
    """Whether a clause denies its verb, once and without more."""
    words = [word.text for word in reading.words_in(clause.start, clause.end)]
    places = [n for n, word in enumerate(words) if word in _DENYING or word.endswith("n't")]
    if len(places) != 1 or not _NARROWING.isdisjoint(words):
        return False
    place = places[0]
    whole = words[place] != "not" or (place > 0 and words[place - 1] in _AUXILIARIES)
    return whole and any(word.isalpha() for word in words[place + 1 :])


def _denied(reading: Reading, span: Span) -> Source | None:
    """The statement that holds what a clause denies, and denies nothing itself."""
    keys = _keys(reading, span)
    if len(keys) < _LEAST_TURNED:
        return None
    near = [(share, source) for share, source in reading.know.evidence.nearest(keys) if share >= _TURNED]
    studies = {f"#{one.name}" for one in reading.studies(span)} & keys
    if not near or any(
        _denies(source) or not _LIMITS.isdisjoint(w.text for w in source.words) for _, source in near
    ):
        return None
    best = max(near, key=lambda one: one[0])[1]
    return best if studies <= best.keys else None


def is_held(reading: Reading) -> bool:
    """Whether one statement of the text holds nearly all that a sentence says, to the same side and no more firmly."""
    know = reading.know
    keys = _keys(reading, (0, len(reading.text.lower)))
    if len(keys) < _LEAST_KEYS:
        return False
    denied = any(mark.name == _NEGATOR for mark in reading.marks)
    firm = {
        word.text
        for mark in reading.marks
        if mark.name.startswith(_CERTAIN)
        for word in reading.words_in(mark.start, mark.end)
    }
    return any(
        share >= _HELD and denied == _denies(source) and firm <= {word.text for word in source.words}
        for share, source in know.evidence.nearest(keys)
    )


def _denies(source: Source) -> bool:
    return any(word.text in _NEGATIONS or word.text.endswith("n't") for word in source.words)


def _keys(reading: Reading, span: Span) -> frozenset[str]:
    """What a stretch speaks of: a thing under the name that the text has for it, and every other content word."""
    know = reading.know
    named: set[str] = set()
    inside: list[tuple[int, int]] = []
    for mark in reading.within(*span):
        if not mark.concept:
            continue
        known = [f"#{name}" for name in know.lineage(mark.name)]
        found = know.evidence.known(frozenset(known))
        if found:
            own = f"#{mark.name}"
            named.add(own if own in found else min(found))
            inside.append((mark.start, mark.end))
    words = [word for word in reading.words if not any(start <= word.start < end for start, end in inside)]
    return frozenset(named) | know.evidence.keys(words, ())
