"""Signs that belong together: each stands with its own counterpart."""

from __future__ import annotations

from assistant.guard import quotes
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.poles import in_finding
from assistant.guard.reading import Reading
from assistant.guard.records import Pairing
from assistant.guard.units import Unit
from assistant.types import Finding

#: The cue group of words between a sign and what it comes from.
_SIGN_OF = "symptom-of"
_ANSWER = 2  # units of an answer that may still speak of what was asked
_FRAGMENT = 5


def check(reading: Reading, pairing: Pairing) -> list[Finding]:
    """Check that a sign stands with its own counterpart: the first after it, else the last before."""
    found: list[Finding] = []
    left, among, right = set(pairing.left), set(pairing.among), set(pairing.right)
    for mark in reading.marks:
        if mark.name not in left:
            continue
        clause = reading.claiming_clause(mark.start)
        if clause is None:
            continue
        if not all(reading.in_context(clause.unit, clause, names, "unit") for names in pairing.about):
            continue
        # "abnormal liver tests and a cough" lists findings and says nothing of where they come from.
        others = [
            one
            for one in reading.within(clause.start, clause.end)
            if reading.is_named(one, among)
            and (one.end <= mark.start or one.start >= mark.end)
            and not in_finding(reading, one)
        ]
        after = [one for one in others if one.start >= mark.end]
        near = after[0] if after else (others[-1] if others else None)
        if near is None:
            near = _labelled(reading, mark, among) or _beside(reading, mark, among)
        if near is not None and not after and _coordinated(reading, near, mark):
            continue
        if near is not None and after and reading.has((mark.end, near.start), _rivals(reading, pairing)):
            continue  # "can also cause x, usually y": the nearer word takes it
        if near is not None and not reading.is_named(near, right) and not reading.negated(near, clause):
            message = "the guideline does not put these together" + quotes.tail(reading, pairing.statements)
            found.append(finding(reading, "polarity", message, mark.start, max(mark.end, near.end)))
    return found or _asked(reading, pairing)


def _asked(reading: Reading, pairing: Pairing) -> list[Finding]:
    """The counterpart that an answer gives to the one sign that the question names ("It points to ...")."""
    know = reading.know
    rivals = _rivals(reading, pairing)
    if not any(know.mentions(reading.question, name) for name in pairing.left):
        return []
    if any(know.mentions(reading.question, name) for name in rivals):
        return []
    for number, unit in enumerate(reading.units[:_ANSWER]):
        span = (unit.start, unit.end)
        if unit.question or reading.silent(unit) or reading.has(span, (*pairing.left, *rivals)):
            continue
        points = [one for one in reading.find(span, (_SIGN_OF,)) if not reading.negated(one)]
        begin = points[-1].end if points else unit.start
        others = [one for one in reading.within(begin, unit.end) if reading.is_named(one, set(pairing.among))]
        if not others or not (points or (not number and _is_fragment(reading, unit))):
            continue
        if points and not (reading.starts_with_pronoun(unit) or _is_fragment(reading, unit)):
            continue
        near = others[0]
        right = reading.find((begin, near.start), pairing.right)
        if not right and not reading.is_named(near, set(pairing.right)) and not reading.negated(near):
            message = "the guideline does not put these together" + quotes.tail(reading, pairing.statements)
            return [finding(reading, "polarity", message, near.start, near.end)]
    return []


def _is_fragment(reading: Reading, unit: Unit) -> bool:
    """Whether a unit is a few words without a verb ("Lung metastases.")."""
    words = [word.text for word in reading.words_in(unit.start, unit.end) if word.text.isalpha()]
    return (
        len(words) <= _FRAGMENT and FINITE.isdisjoint(words) and not reading.studies((unit.start, unit.end))
    )


def _labelled(reading: Reading, mark: Mark, among: set[str]) -> Mark | None:
    """The counterpart that stands before a colon in the unit of a sign ("Liver: jaundice"), if it is one."""
    clause = reading.clause_at(mark.start)
    if clause is None or not reading.opens_with(clause.start, ":"):
        return None
    start = reading.units[clause.unit].start
    named = [one for one in reading.within(start, clause.start) if reading.is_named(one, among)]
    return named[-1] if len({(one.start, one.end) for one in named}) == 1 else None


def _beside(reading: Reading, mark: Mark, among: set[str]) -> Mark | None:
    """The counterpart that a row sets beside a sign, or a colon behind it ("jaundice: liver"), if it is one."""
    clause = reading.clause_at(mark.start)
    if clause is None:
        return None
    unit = reading.units[clause.unit]
    spans = [(one.start, one.end) for one in reading.units if one.kind == "cell" and _are_of_row(one, unit)]
    if unit.kind == "cell" and unit.label is not None and not spans:
        spans = [unit.label]
    rest = reading.text.lower[mark.end : unit.end].strip(" *_")
    if unit.kind != "cell" and rest.startswith(":"):
        spans = [(mark.end, unit.end)]
    named = [one for span in spans for one in reading.find(span, among) if not reading.negated(one)]
    places = {(one.start, one.end) for one in named}
    return named[0] if len(places) == 1 and len(spans) == 1 else None


def _are_of_row(cell: Unit, label: Unit) -> bool:
    """Whether a cell stands in the row that a label opens."""
    return cell.label == (label.start, label.end) and cell is not label


def _rivals(reading: Reading, pairing: Pairing) -> set[str]:
    """The signs of the other records that pair with the same things."""
    others = [one for one in reading.know.claims.pairings if one.among == pairing.among]
    return {name for one in others for name in one.left} - set(pairing.left)


def _coordinated(reading: Reading, first: Mark, second: Mark) -> bool:
    between = {word.text for word in reading.words_in(first.end, second.start)}
    return bool(between & {"and", "or", ",", "plus", "+", "&", "with", ";"})
