"""What a turn takes back in few words: "oops, 61 not 16", "breast, not lung".

A number alone has no meaning but that of the value it replaces; a site alone names a cancer only where nothing
else stands beside it. Both are read against the cues of the data, and anything more said leaves them unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.types import Fact
from assistant.understanding.dialogue import Dialogue
from assistant.vocabulary import Vocabulary

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_PART_END = re.compile(r"[.,;:!?\n()]|\s[-–—]\s|\b(?:and|but)\b", re.IGNORECASE)
_TENS, _ONES = 20, 10
_STAR = re.compile(r"\s*\*")


class Corrections:
    """Reads numbers and sites that stand alone. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue) -> None:
        """`dialogue` holds the cues and the plain words."""
        self._vocabulary = vocabulary
        self._dialogue = dialogue
        rule = dialogue.file.values
        self._concepts = frozenset(rule.concepts)
        self._bounds = rule.bounds
        self._instead = re.compile(rule.instead or r"(?!)", re.IGNORECASE)
        self._plain = frozenset(rule.plain.split())
        self._site_words = frozenset(dialogue.file.site_words.split())
        self._swap = re.compile(dialogue.file.site_swap or r"(?!)", re.IGNORECASE)
        self._edit = re.compile(dialogue.file.site_edit or r"(?!)", re.IGNORECASE)

    def values(self, text: str, known: Sequence[Fact], new: Sequence[Fact], turn: int) -> tuple[Fact, ...]:
        """Return the values that the turn corrects by a number alone."""
        if any(fact.concept in self._concepts for fact in new):
            return ()
        old = [fact for fact in known if fact.concept in self._concepts and fact.value is not None]
        if not old:
            return ()
        span = self._beside(text, {fact.value for fact in old if fact.value is not None})
        if span is None and sum(fact.value is not None for fact in known) == 1:
            span = self._alone(text)
        if span is None:
            return ()
        start, end, value = span
        return (
            replace(
                old[-1], value=value, words=text[start:end], turn=turn, start=start, end=end, status="present"
            ),
        )

    def without_old(self, text: str, known: Sequence[Fact], new: Sequence[Fact]) -> tuple[Fact, ...]:
        """Return the facts of a turn without the values that it only names to take them back ("14F, not 24F")."""
        valued = [fact for fact in new if fact.concept in self._concepts and fact.value is not None]
        before = {fact.value for fact in known if fact.concept in self._concepts}
        denied = [fact for fact in valued if self._is_denied(text, fact)]
        kept = {fact.value for fact in valued if fact not in denied}
        gone = [fact for fact in denied if fact.value in before or kept - {fact.value}]
        return tuple(fact for fact in new if fact not in gone)

    def _is_denied(self, text: str, fact: Fact) -> bool:
        """Whether a word of `instead` stands right before a value."""
        return any(
            match.end() <= fact.start and not text[match.end() : fact.start].strip(" '\"‘“")
            for match in self._instead.finditer(text)
        )

    def sites(self, text: str, facts: Sequence[Fact], *, answer: bool = False) -> tuple[Fact, ...]:
        """Return those of the sites that stand alone beside words of a correction, if they correct anything.

        In an `answer` to the question for the cancer they need not.
        """
        alone = self._without_swapped(text, [fact for fact in facts if self._stands_alone(text, fact, facts)])
        if answer and not text.rstrip().endswith("?"):
            return tuple(alone)
        contrast = len({fact.concept for fact in alone}) > 1 or self.corrects(text)
        return tuple(alone) if contrast else ()

    def corrects(self, text: str) -> bool:
        """Whether a turn says that it corrects something, or begins with the star that says so ("*pancreatic")."""
        return self._dialogue.correction.search(text) or _STAR.match(text) is not None

    def swaps(self, text: str, facts: Sequence[Fact]) -> bool:
        """Whether one of the sites takes the place of another: "breast -> bowel", "s/breast/lung"."""
        return any(self._takes_place(text, old, new) for old, new in pairwise(facts))

    def _without_swapped(self, text: str, facts: Sequence[Fact]) -> list[Fact]:
        gone = {old for old, new in pairwise(facts) if self._takes_place(text, old, new)}
        return [replace(fact, status="absent") if fact in gone else fact for fact in facts]

    def _takes_place(self, text: str, old: Fact, new: Fact) -> bool:
        between = text[old.end : new.start]
        edited = between == "/" and self._edit.search(text, 0, new.end) is not None
        return old.concept != new.concept and (edited or self._swap.fullmatch(between) is not None)

    def _beside(self, text: str, old: set[float]) -> tuple[int, int, float] | None:
        """The number before or behind "not 16", where 16 is the old value."""
        numbers = self._numbers(text)
        for match in self._instead.finditer(text):
            after = next((one for one in numbers if one[0] >= match.end()), None)
            before = next((one for one in reversed(numbers) if one[1] <= match.start()), None)
            if after is None or after[2] not in old or text[match.end() : after[0]].strip(" '\""):
                continue
            following = next((one for one in numbers if one[0] >= after[1]), None)
            near = before or following
            if near is not None and self._fits(near[2]) and near[2] not in old:
                return near
        return None

    def _alone(self, text: str) -> tuple[int, int, float] | None:
        """The only number of a turn that says nothing else but that it corrects."""
        numbers = self._numbers(text)
        if len(numbers) != 1 or not self._fits(numbers[0][2]):
            return None
        if not self.corrects(text):
            return None
        start, end, _ = numbers[0]
        rest = self._without_cues(text[:start] + " " * (end - start) + text[end:])
        return numbers[0] if all(word in self._plain for word in rest) else None

    def _fits(self, value: float) -> bool:
        return self._bounds[0] <= value <= self._bounds[1]

    def _numbers(self, text: str) -> list[tuple[int, int, float]]:
        """Numbers in digits and in words up to 99, with their spans."""
        words: Mapping[str, int] = self._vocabulary.numbers
        found: list[tuple[int, int, float]] = []
        for match in _TOKEN.finditer(text.casefold()):
            token = match.group()
            value = float(token) if token[0].isdecimal() else words.get(token)
            if value is None:
                continue
            last = found[-1] if found else None
            joined = last is not None and text[last[1] : match.start()] in {" ", "-"}
            tens = last is not None and joined and last[2] >= _TENS and not last[2] % _ONES
            if last is not None and tens and 0 < value < _ONES and not token[0].isdecimal():
                found[-1] = (last[0], match.end(), last[2] + value)
                continue
            found.append((match.start(), match.end(), float(value)))
        return found

    def _without_cues(self, text: str) -> list[str]:
        rest = list(text)
        for start, end in self._dialogue.correction.spans(text):
            rest[start:end] = " " * (end - start)
        return [match.group() for match in _TOKEN.finditer("".join(rest).casefold())]

    def _stands_alone(self, text: str, fact: Fact, sites: Sequence[Fact]) -> bool:
        low = max((one.end() for one in _PART_END.finditer(text, 0, fact.start)), default=0)
        ends = _PART_END.search(text, fact.end)
        high = ends.start() if ends else len(text)
        part = list(text[low:high])
        for one in sites:
            for index in range(max(one.start, low), min(one.end, high)):
                part[index - low] = " "
        return all(word in self._site_words for word in self._without_cues("".join(part)))
