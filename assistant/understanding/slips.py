"""Slips that a text takes back on the spot: "T4d... no wait, T4b", "TNBC? no - HR+", "left, no, right hip".

The word that replaces another is of its kind and stands right behind the words of the correction. What it replaces
is blanked together with those words, so that the "no" among them denies nothing, and every offset stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding.blanking_rules import SlipCues
from assistant.understanding.identifiers import blank_spans, merge_spans
from assistant.vocabulary import Mention, Vocabulary

_REACH = 48  # characters before a correction in which the replaced word stands
_MARKS = " \t,;:?(.…–—-"  # what parts a word from its correction
_PART_END = re.compile(r"[.;!?\n](?=\s)")
_BESIDE = re.compile(r"(?:\W*[^\W\d]+){0,2}\W*")  # what may stand between a replaced word and the correction
_NEXT = re.compile(r"[\W_]*")  # the same for a number, whose unit a further word may be


class Slips:
    """Blanks what a turn corrects at once. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, cues: SlipCues) -> None:
        """`cues` say how people correct themselves, and which words replace each other."""
        self._vocabulary = vocabulary
        never = r"(?!)"
        self._strong, self._weak = (
            re.compile(one or never, re.IGNORECASE) for one in (cues.strong, cues.weak)
        )
        self._between = re.compile(cues.between, re.IGNORECASE)
        self._listed, self._negator, self._withdraws = (
            re.compile(one or never, re.IGNORECASE) for one in (cues.listed, cues.negator, cues.withdraws)
        )
        self._words = tuple(
            (
                re.compile(rf"(?<!\w)(?:{one})(?!\w)", re.IGNORECASE),
                re.compile(rf"(?:{one})(?!\w)", re.IGNORECASE),
            )
            for one in cues.words
        )
        self._group = {kind: number for number, kinds in enumerate(cues.kinds) for kind in kinds}
        self._weak_kinds = frozenset(cues.weak_kinds)

    def without(self, text: str, mentions: Sequence[Mention]) -> tuple[str, tuple[str, ...]]:
        """Return the text, as long as before, without what it takes back on the spot.

        Beside it stand the concepts that it takes back from what was said before it.
        """
        spans = []
        for cues, weak in ((self._strong, False), (self._weak, True)):
            for match in cues.finditer(text):
                cue = len(text[: match.start()].rstrip(_MARKS)), match.end()
                old = self._replaced(text, mentions, cue, weak)
                if old is not None:
                    spans += [old, cue]
        if not spans:
            return text, ()
        taken = tuple(one.concept for one in mentions if (one.start, one.end) in spans)
        return blank_spans(text, merge_spans(spans)), taken if self._withdraws.search(text) else ()

    def _replaced(
        self, text: str, mentions: Sequence[Mention], cue: tuple[int, int], weak: bool
    ) -> tuple[int, int] | None:
        """The span of the word that the cue takes back, if another of its kind stands behind the cue."""
        low = max(0, cue[0] - _REACH)
        low = max((edge.end() for edge in _PART_END.finditer(text, low, cue[0])), default=low)
        gap = self._between.match(text, cue[1])
        begin = gap.end() if gap else cue[1]
        for before, behind in self._words:
            if behind.match(text, begin) is not None:
                found = [one.span() for one in before.finditer(text, low, cue[0])]
                if found and _is_beside(text, found[-1], cue[0]):
                    return found[-1]
        denied = self._negator.match(text, begin)
        begin = denied.end() if denied else begin
        new = next(
            (one for one in mentions if cue[1] <= one.start <= begin and one.kind in self._group), None
        )
        if new is None or (weak and (new.kind not in self._weak_kinds or self._listed.match(text, new.end))):
            return None
        for old in reversed([one for one in mentions if low <= one.start and one.end <= cue[0]]):
            if self._group.get(old.kind) != self._group[new.kind]:
                continue
            if denied and not self._vocabulary.is_a(old.concept, new.concept):
                return None
            # "TNBC breast cancer, sorry, ER+": that it is a breast cancer holds for both.
            if old.concept == new.concept or not self._vocabulary.is_a(new.concept, old.concept):
                return old.start, old.end
        return None


def _is_beside(text: str, old: tuple[int, int], cue: int) -> bool:
    """Whether next to nothing stands between a word and the correction."""
    gap = _NEXT if any(char.isdecimal() for char in text[slice(*old)]) else _BESIDE
    return gap.fullmatch(text, old[1], cue) is not None
