"""A bare "Yes." or "No.": it must be settled, for nothing can be checked in it but the question.

The question makes two statements, the one that is asked and its contrary. A yes stands if the rules refute the
contrary, or a statement of the text holds what is asked; a no stands if they refute what is asked. Nothing else stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.guard import polar_questions
from assistant.guard.evidence import Source
from assistant.guard.reading import Reading
from assistant.guard.resolved import OWN, answered, last_question
from assistant.guard.units import Unit

_BARE = re.compile(
    r"\W*(?:(?P<no>(?:no|nope|n|false|wrong|incorrect|not (?:so|true|correct|right|at all|really))"
    r"(?:\W+(?:it|they|that) (?:does|is|can|are|do|has)(?:n't| not))?)"
    r"|(?:yes|yep|yeah|y|true|right|correct|indeed|exactly|absolutely|certainly|definitely|of course"
    r"|that(?: is|'s) (?:right|correct|true|so))(?:\W+(?:it|they|that) (?:does|is|can|are|do|has|may))?)\W*"
)
_SENTENCES = re.compile(r"[^.?!;\n]+[?]?")
_LONGEST = 30  # words of a question
#: The share of what is asked that a statement must hold, and by how many content words at least.
_HELD = 0.7
_LEAST_KEYS = 2
_NEGATIONS = frozenset({"not", "no", "never", "without", "rather", "nor", "cannot"})
_NEGATOR, _CERTAIN = "negator", "certain:"
#: Words of a question in which it says that it asks what the text states, and the cue groups for that.
_OPENING = 6
_OF_TEXT = ("guidance", "speak")


@dataclass(frozen=True, slots=True)
class Bare:
    """A bare answer, what is asked as a statement, and the contrary of that."""

    unit: Unit
    asked: str
    contrary: str
    denied: bool
    of_text: bool
    alone: bool


def find(reading: Reading) -> Iterator[Bare]:
    """Return the bare answers of a draft to a question of yes or no, the user's or its own."""
    alone = sum(not unit.question for unit in reading.units) == 1
    for question, unit in answered(reading):
        match = _BARE.fullmatch(OWN.sub("", reading.text.lower[unit.start : unit.end].strip(" *_>-#")))
        if match is None:
            continue
        asked = last_question(question, _SENTENCES)
        if not asked or len(asked.split()) > _LONGEST:
            continue
        told = polar_questions.told_bare(asked, reading.know, denied=False)
        contrary = polar_questions.told_bare(asked, reading.know, denied=True)
        if told and contrary:
            opening = " ".join(asked.split()[:_OPENING])
            of_text = all(reading.know.mentions(opening, name) for name in _OF_TEXT)
            yield Bare(unit, told, contrary, match["no"] is not None, of_text, alone)


def stands(
    bare: Bare, read: Callable[[str], Reading], is_refuted: Callable[[Reading, bool, bool], bool]
) -> bool:
    """Whether an answer stands: where it is all of the draft it must be settled, else only not be wrong."""
    asked = read(bare.asked)
    wrong, right = is_refuted(asked, False, bare.denied), is_refuted(read(bare.contrary), True, False)
    if wrong != right:
        return wrong if bare.denied else right
    if not bare.alone or wrong:
        return not bare.alone
    held = is_held(asked)
    return (bare.of_text and not held) if bare.denied else held


def is_held(reading: Reading) -> bool:
    """Whether one statement of the text holds nearly all that a sentence says, to the same side and no more firmly."""
    know = reading.know
    keys = _keys(reading)
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


def _keys(reading: Reading) -> frozenset[str]:
    """What a sentence speaks of: a thing under the name that the text has for it, and every other content word."""
    know = reading.know
    named: set[str] = set()
    inside: list[tuple[int, int]] = []
    for mark in reading.marks:
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
