"""An answer that leaves half of what it says to the question, as the sentence that it stands for.

"Yes." says what the question asks, and "it" is what the question names: the rules read "a bone scan is enough with a
cough", not "it is". The first sentence of a draft is put together so with the user's question, and each sentence that
follows a question of the draft's own with that one; what is found in it is found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.guard import chosen, courtesy, polar_questions, ratedlow
from assistant.guard.knowledge import Knowledge
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

_POLAR = re.compile(
    r"\W*(?:(?:well|hi|hey|hello|dear|so|a|answer|short answer)\W+)?(yes|yep|yeah|no|nope|[yn](?=\W*$))\b\W*"
)
_ECHO = re.compile(
    r"(?:it|they|that|this|these|you|we|she|he|one|i)\s+"
    r"(is|are|does|do|can|could|may|might|should|would|will|must|has)(n't| not)?\s*(?=$|[.;,:!])"
)
_PRONOUN = re.compile(r"(it's|it is|its|it|they're|they|their|that's|that|this|these)\b\s*")
_INSTEAD = {
    "it's": "{} is ",
    "it is": "{} is ",
    "its": "{}'s ",
    "they're": "{} are ",
    "their": "{}'s ",
    "that's": "{} is ",
}
#: What marks a line as question or answer ("Q1: ...", "A. ...").
_OWN = re.compile(r"^(?:q|a|question|answer|ans)\s?\d{0,2}\s?[.:)-]+[\s*_]*")
_ALONE = re.compile(r"\b(?:alone|only|sole|solely|just)\b")
_SIGNS = " *_>-#"
_HEADER = "header"
_DENYING = ("negator", "silence", "avoid")
_ANSWERS = ("sentence", "item", "cell")
_LONGEST_QUESTION = 16  # words
_LONGEST_TOPIC = 8
_ADDED = 2  # words behind "yes" that only weigh it
_SENTENCES = re.compile(r"[^.?!;\n]+[?]?")
_FULL = re.compile(r"[^.?!\n]+[?]?")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The sentence that a unit stands for, whether it denies what was asked, and whether it asks nothing at all."""

    unit: Unit
    text: str
    denied: bool = False
    told: bool = False


def resolve(reading: Reading) -> list[Resolved]:
    """Return what the sentences of a draft that answer a question, the user's or its own, say together with it."""
    found: list[Resolved] = []
    for question, unit in answered(reading):
        asked, whole = last_question(question, _SENTENCES), last_question(question)
        if asked and len(asked.split()) <= _LONGEST_QUESTION:
            found += _together(reading, asked, whole, unit)
    return found


def headers(reading: Reading) -> list[Resolved]:
    """Return what the first line of each table says by itself ("| First study | x |" over its rule)."""
    found: list[Resolved] = []
    blocks = {unit.block for unit in reading.units if unit.kind == _HEADER}
    for block in sorted(blocks):
        label, *cells = [one for one in reading.units if one.block == block and one.kind == _HEADER]
        own = reading.text.lower[label.start : label.end]
        found += [
            Resolved(cell, f"{own}: {reading.text.lower[cell.start : cell.end]}.", told=True)
            for cell in cells
            if not _is_put_down(reading, cell) and not reading.text.lower[cell.start : cell.end].endswith("?")
        ]
    return found


def _is_put_down(reading: Reading, header: Unit) -> bool:
    """Whether the cells of a column rate low, or deny, what its header names."""
    column = (header.start, header.end)
    return bool(reading.studies(column)) and any(
        ratedlow.is_told_here(reading, one) or reading.has((one.start, one.end), _DENYING)
        for one in reading.units
        if one.column == column
    )


def answered(reading: Reading) -> Iterator[tuple[str, Unit]]:
    """Return each question with the sentence that answers it: the user's, and those that the draft asks itself."""
    greeted = courtesy.spans(reading)
    plain = [
        one
        for one in reading.units
        if not any(start <= one.start and one.end <= end + 1 for start, end in greeted)
    ]
    for place, unit in enumerate(plain):
        if unit.question or unit.kind not in _ANSWERS:
            continue
        before = plain[place - 1] if place else None
        if unit.kind == "cell":
            before = next((one for one in plain if (one.start, one.end) == unit.label), None)
        if before is not None and before.question:
            yield said_in(reading, before), unit
        elif not place and reading.question:
            yield reading.question.lower(), unit


def said_in(reading: Reading, unit: Unit) -> str:
    """What a line says, without what marks it as question or answer."""
    return _OWN.sub("", reading.text.lower[unit.start : unit.end].strip(_SIGNS))


def _together(reading: Reading, asked: str, whole: str, unit: Unit) -> Iterator[Resolved]:
    said = said_in(reading, unit)
    polar = _POLAR.match(said)
    rest = said[polar.end() :] if polar else said
    echo = _ECHO.match(rest)
    if polar or echo:
        denied = (polar is not None and polar[1].startswith("n")) or (
            echo is not None and echo[2] is not None
        )
        alone = denied and _ALONE.search(asked) is not None  # "is x alone in y?": "no" denies that, and not y
        statement = "" if alone else polar_questions.told(asked, reading.know, denied=denied)
        if statement:
            added = rest.strip(" .!,;:")
            if added and len(added.split()) <= _ADDED and not echo:
                statement = f"{statement.rstrip('.')}, {added}."  # "Yes, likely."
            yield Resolved(unit, statement, denied)
    for statement in chosen.statements(reading, unit, whole, said):
        yield Resolved(unit, statement)
    pronoun = None if reading.studies((unit.start, unit.end)) else _PRONOUN.match(rest)
    short = len(asked.split()) <= _LONGEST_TOPIC
    topic = _topic(asked, reading.know) if pronoun and not echo and short else ""
    if pronoun and topic:
        yield Resolved(unit, _INSTEAD.get(pronoun[1], "{} ").format(topic) + rest[pronoun.end() :])


def last_question(text: str, sentence: re.Pattern[str] = _FULL) -> str:
    """Return what a text asks at last, without its sign; its last sentence where it asks nothing."""
    parts = [part.strip() for part in sentence.findall(text) if part.strip(" ?")]
    asked = [part for part in parts if part.endswith("?")] or parts[-1:]
    return asked[-1].rstrip("? ") if asked else ""


def _topic(asked: str, know: Knowledge) -> str:
    """The one study that a question names, in its own words."""
    named = [
        one for one in know.find(asked) if know.is_study(one.concept) and know.speaks_of_study(one.concept)
    ]
    if len({one.concept for one in named}) != 1:
        return ""
    return asked[named[0].start : named[0].end]
