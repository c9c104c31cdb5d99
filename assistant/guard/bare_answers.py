"""A bare "Yes." or "No.": it must be settled, for nothing can be checked in it but the question.

The question makes two statements, the one that is asked and its contrary. A yes stands if the rules refute the
contrary, or a statement of the text holds what is asked; a no stands if they refute what is asked. What they refute
falls, and what is left is for the judge, who must be surer than of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.guard import polar_questions
from assistant.guard.held import is_held
from assistant.guard.reading import Reading
from assistant.guard.resolved import answered, last_question, said_in
from assistant.guard.units import Unit

_BARE = re.compile(
    r"\W*(?:(?P<no>(?:no|nope|n|false|wrong|incorrect|not (?:so|true|correct|right|at all|really))"
    r"(?:\W+(?:it|they|that) (?:does|is|can|are|do|has)(?:n't| not))?)"
    r"|(?:yes|yep|yeah|y|true|right|correct|indeed|exactly|absolutely|certainly|definitely|of course"
    r"|that(?: is|'s) (?:right|correct|true|so))(?:\W+(?:it|they|that) (?:does|is|can|are|do|has|may))?)\W*"
)
_SENTENCES = re.compile(r"[^.?!;\n]+[?]?")
_LONGEST = 30  # words of a question
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


def find(reading: Reading) -> Iterator[Bare]:
    """Return the bare answer that is all of a draft, to a question of yes or no."""
    if sum(not unit.question for unit in reading.units) != 1:
        return  # what stands beside it says more, and is checked itself
    for question, unit in answered(reading):
        match = _BARE.fullmatch(said_in(reading, unit))
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
            yield Bare(unit, told, contrary, match["no"] is not None, of_text)


def stands(
    bare: Bare, read: Callable[[str], Reading], is_refuted: Callable[[Reading, bool, bool], bool]
) -> bool | None:
    """Whether an answer stands; None where neither the rules nor a statement of the text settle it."""
    asked = read(bare.asked)
    wrong, right = is_refuted(asked, False, bare.denied), is_refuted(read(bare.contrary), True, False)
    if wrong != right:
        return wrong if bare.denied else right
    if wrong:
        return False
    held = is_held(asked)
    if bare.denied:
        return False if held else True if bare.of_text else None
    return True if held else None
