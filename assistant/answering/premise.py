"""Ratings that a question claims: what the guideline gives otherwise must be said before anything else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.aspects import plain_text
from assistant.guidelines.pack import Guideline
from assistant.vocabulary import Vocabulary

_REACH = 80


class Claim(NamedTuple):
    """The user says that `option` of `guideline` is rated `claimed`; the guideline rates it otherwise."""

    guideline: str
    option: str
    claimed: str


def find_claims(
    text: str, guidelines: Sequence[Guideline], vocabulary: Vocabulary, grades: Sequence[str] = ()
) -> tuple[Claim, ...]:
    """Return the wrong ratings that `text` gives to rated options, in the order of the text.

    `grades` are ratings that no option has to have, and that somebody may claim.
    """
    plain = plain_text(text)
    mentions = vocabulary.find(text)
    claims: dict[Claim, None] = {}
    for guideline in guidelines:
        ratings = {option.rating for option in guideline.options}.union(grades)
        options = {option.concept: option for option in guideline.options}
        named = [mention for mention in mentions if mention.concept in options]
        for start, end, rating in _ratings(plain, ratings):
            near = [m for m in named if min(abs(m.start - end), abs(start - m.end)) <= _REACH]
            before = [m for m in near if m.end <= start]
            if near:
                option = options[(before[-1] if before else near[0]).concept]
                if option.rating != rating:
                    claims.setdefault(Claim(guideline.id, option.id, rating))
    return tuple(claims)


def _ratings(plain: str, ratings: set[str]) -> list[tuple[int, int, str]]:
    """Where a rating's words stand, the longest first so that none is found inside another."""
    found: list[tuple[int, int, str]] = []
    for rating in sorted(ratings, key=lambda one: (-len(one), one)):
        for match in re.finditer(rf"\b{re.escape(rating.lower())}\b", plain):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), rating))
    return sorted(found)
