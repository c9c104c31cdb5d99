"""A list in a part of a question: one thing asked of several studies, or in several conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from assistant.answering.evidence_reader import Asked, Reader
from assistant.vocabulary import Mention

_LISTED = re.compile(r"[,;+&/]|\b(?:and|plus|also)\b", re.IGNORECASE)
# What may stand between two conditions of a list: no more, or the second belongs to another clause.
_JOINED = re.compile(
    r"^\W*(?:and|or|plus|also|vs|versus|\+|&|/|,)+\W*(?:(?:and|or|in|with|during|for|also|on|of) )*\W*$",
    re.IGNORECASE,
)


class Lists:
    """Takes lists apart, where what the guidelines say of one thing must not pass for another."""

    def __init__(self, reader: Reader, mentioned: Callable[[str], bool]) -> None:
        """`mentioned` says if a guideline names a concept."""
        self._reader = reader
        self._mentioned = mentioned

    def apart(self, asked: Asked) -> list[Asked]:
        """A part that asks one thing of several studies, or in several conditions, one by one; empty if not.

        Where a guideline names one of them only, what it says of that one must not pass for the other.
        """
        file, vocabulary = self._reader.aspects.file, self._reader.vocabulary
        found = vocabulary.find(asked.text)
        studies = [one for one in found if one.kind in file.studies]
        conditions = [one for one in found if one.kind in file.conditioning]
        if not asked.aspects & file.joining and self._separate(asked, studies, _LISTED):
            return self._one_by_one(asked, studies, bool(asked.aspects & file.each))
        if self._separate(asked, conditions, _JOINED):
            return self._one_by_one(asked, conditions, False)
        sites = [one for one in found if one.kind in file.sites]
        if asked.aspects & file.sited and self._separate(asked, sites, _JOINED):
            return self._one_by_one(asked, sites, True)
        return []

    @staticmethod
    def _separate(asked: Asked, mentions: Sequence[Mention], sign: re.Pattern[str]) -> bool:
        """Whether several things are named, with the `sign` of a list between each and the next."""
        return len(mentions) > 1 and all(
            sign.search(asked.text[one.end : other.start]) for one, other in pairwise(mentions)
        )

    def _one_by_one(self, asked: Asked, mentions: Sequence[Mention], each: bool) -> list[Asked]:
        """The part with one thing at a time, if a guideline names only some of them, or if `each` has an own."""
        above = self._reader.vocabulary.ancestors
        named = list(dict.fromkeys(one.concept for one in mentions))
        several = [one for one in named if not any(one in above(other) for other in named)]
        unlike = {self._mentioned(one) for one in several}
        if len(several) < 2 or (len(unlike) == 1 and not each) or unlike == {False}:
            return []
        return [
            self._reader.read(
                self._reader.without(asked.text, lambda one, kept=kept: one in named and one != kept)  # type: ignore[misc]
            )
            for kept in several
        ]
