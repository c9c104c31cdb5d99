"""What the question itself tells of its patients: several of them, or a sign that each knows for years."""

from __future__ import annotations

import re

from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit

#: "A: ...", "pt 2) ...": the patients of a question that asks about several.
_LABEL = re.compile(r"(?<![\w/.-])(?:pts?|patients?|case|no\.?)?\s?#?([a-e1-5])\s?[:.)=]\s", re.IGNORECASE)
_LEAD = re.compile(r"[\s>*_-]*\(?(?:pts?|patients?|case)?\s?([a-e1-5])\s?[:.)=]")
_LEAST_PATIENTS = 2
#: Where one finding of a question ends and another begins.
_BREAK = re.compile(r"[.,;:&+\n]|\b(?:and|with|plus|but)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.?!\n]+[.?!]?")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NEW = re.compile(r"\bnew(?:ly)?\b", re.IGNORECASE)
_NEUROLOGICAL = ("neurological-sign", "neuro-cue", "migraine")
_OLD, _ABSENT = "long-known", "sign-absent"
_YES, _NO = frozenset({"yes", "in", "included", "y"}), frozenset({"no", "out", "excluded", "n"})


def patients(question: str) -> dict[str, str]:
    """What is told of each patient, by label; empty where the question has but one."""
    labels = list(_LABEL.finditer(question))
    if len({match[1].lower() for match in labels}) < _LEAST_PATIENTS:
        return {}
    ends = [match.start() for match in labels[1:]] + [len(question)]
    return {match[1].lower(): question[match.end() : end] for match, end in zip(labels, ends, strict=True)}


def row(reading: Reading, unit: Unit) -> list[Span]:
    """The cells of the row that a cell stands in."""
    if unit.kind != "cell" or unit.label is None:
        return []
    return [(one.start, one.end) for one in reading.units if one.kind == "cell" and one.label == unit.label]


def decided(reading: Reading, unit: Unit) -> str:
    """Whether the row of a cell says "in" or "out" of its patient, or nothing."""
    for start, end in row(reading, unit):
        first = next((word.text for word in reading.words_in(start, end) if word.text.isalpha()), "")
        if first in _YES | _NO:
            return "in" if first in _YES else "out"
    return ""


def fits_own_patient(reading: Reading, unit: Unit) -> bool:
    """Whether a row speaks of one of several patients whom nothing in the question leaves out."""
    told = patients(reading.question)
    if not told:
        return False
    lead = _LEAD.match(reading.text.lower, reading.line_of(unit))
    if lead is not None and unit.kind != "cell":
        own = told.get(lead[1])
    else:
        if unit.label is None or decided(reading, unit) != "in":
            return False
        words = [word.text for word in reading.words_in(*unit.label) if word.text.isalnum()]
        own = told.get(words[-1]) if words else None
    if own is None:
        return False
    know = reading.know
    return not any(
        all(know.mentions(own, name) for name in names) for names in know.claims.population.never
    ) and not any(know.mentions(own, name) for name in know.claims.population.asked_outside)


def is_long_known(reading: Reading) -> bool:
    """Whether all neurological signs of the question are old by its own words, and the draft says so too."""
    know = reading.know
    spans = [(unit.start, unit.end) for unit in reading.units]
    if not any(reading.has(span, _NEUROLOGICAL) and reading.has(span, (_OLD,)) for span in spans):
        return False
    parts: list[str] = []
    rest: list[str] = []
    for sentence in _SENTENCE.findall(reading.question):
        for part in _BREAK.split(sentence):
            neurological = any(know.mentions(part, name) for name in _NEUROLOGICAL)
            if neurological and know.mentions(part, _ABSENT) and not know.mentions(part, _OLD):
                continue
            if neurological and parts and sentence.endswith("?"):
                continue  # "Does the headache rule her out?" speaks of the one told before
            (parts if neurological else rest).append(part)
    if not parts or any(_NEW.search(part) for part in parts):
        return False
    if not all(know.mentions(part, _OLD) or _YEAR.search(part) for part in parts):
        return False
    others = " . ".join(rest)
    return not any(know.mentions(others, name) for name in know.claims.population.asked_outside)
