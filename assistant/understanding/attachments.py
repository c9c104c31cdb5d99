"""What is said of what: words of time and intent attach to the findings and therapies that they qualify."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding.dialogue import Dialogue
from assistant.understanding.dialogue_rules import Attachment
from assistant.understanding.items import Item, ItemReader, are_listed
from assistant.vocabulary import Vocabulary

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_CHUNK = re.compile(r"[,;:\n()]|\s[-–—]\s")
_LINKING = re.compile(r"\b(?:with|and|but|has|plus)\s*\Z", re.IGNORECASE)
_INTENT = "intent"
_ADJACENT_WORDS = 3
_OPENING_WORDS = 1


class Attachments:
    """Attaches qualifiers to their targets. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue, reader: ItemReader) -> None:
        """`reader` tells which concepts a rule selects."""
        self._vocabulary = vocabulary
        self._dialogue = dialogue
        self._reader = reader

    def attach(
        self,
        text: str,
        items: Sequence[Item],
        rule: Attachment,
        found: dict[int, set[str]],
        attached: set[int],
    ) -> None:
        """Add to `found`, by the place of the target; the places of qualifiers that reach one go to `attached`."""
        is_target = [self._reader.selects(rule.targets, item.mention.concept) for item in items]
        is_qualifier = [self._reader.selects(rule.qualifiers, item.mention.concept) for item in items]
        said = _Said()
        for position, item in enumerate(items):
            if not is_qualifier[position] or item.status in {"absent", "family"}:
                continue
            if item.status == "possible" and item.mention.kind == _INTENT:  # "not sure if it is neoadjuvant"
                continue
            concept = item.mention.concept
            backward = any(self._vocabulary.is_a(concept, name) for name in rule.backward)
            close = any(self._vocabulary.is_a(concept, name) for name in rule.close)
            reached = self._reached(text, items, position, is_target, backward, close)
            if rule.linked:
                reached = [place for place in reached if self._beside(text, items, place, position)]
            names = {item.mention.concept, *self._vocabulary.implied(item.mention.concept)}
            for target in said.kept(text, items, reached, position):
                if target == reached[0]:
                    found.setdefault(target, set()).difference_update(said.lent.pop(target, ()))
                    said.own.add(target)
                else:
                    said.lend(text, items, target, names)
                found.setdefault(target, set()).update(names)
            if reached:
                attached.add(position)

    def _reached(
        self,
        text: str,
        items: Sequence[Item],
        position: int,
        is_target: Sequence[bool],
        backward: bool,
        close: bool,
    ) -> list[int]:
        """The targets of a qualifier: the next one if close, else the one it is said of, else the nearest.

        What stands further away is none where the qualifier must be `close`.
        """
        item = items[position]
        after = self._next(items, position, is_target, 1)
        before = self._next(items, position, is_target, -1)
        ahead = text[item.mention.end : items[after].mention.start] if after is not None else ""
        behind = text[items[before].mention.end : item.mention.start] if before is not None else ""
        same_after = after is not None and items[after].clause == item.clause
        same_before = before is not None and items[before].clause == item.clause
        if backward and same_after and (_opens(ahead, behind) or _introduced(ahead, behind)):
            return self._list(text, items, after, is_target, 1)  # type: ignore[arg-type]
        if same_before and (backward or (ahead.strip() and self._linked(behind))):
            return self._list(text, items, before, is_target, -1)  # type: ignore[arg-type]
        if same_after and _words(ahead) <= _ADJACENT_WORDS and not _CHUNK.search(ahead):
            return self._list(text, items, after, is_target, 1)  # type: ignore[arg-type]
        if same_before and _words(behind) <= _ADJACENT_WORDS:
            return self._list(text, items, before, is_target, -1)  # type: ignore[arg-type]
        beside = not behind.strip(" ,;–-") or self._linked(behind)
        if backward and beside and before is not None and items[before].sentence == item.sentence:
            # "her spondylosis, there since 1998": an item of its own right behind what it is said of.
            return self._list(text, items, before, is_target, -1)
        if close:
            return []
        if same_after and same_before:
            return [after if len(ahead) <= len(behind) else before]  # type: ignore[list-item]
        if same_after:
            return self._list(text, items, after, is_target, 1)  # type: ignore[arg-type]
        if same_before:
            return [before]  # type: ignore[list-item]
        if before is not None and items[before].sentence == item.sentence:
            return [before]
        if after is not None and items[after].sentence == item.sentence:
            return [after]
        return []

    def _beside(self, text: str, items: Sequence[Item], place: int, position: int) -> bool:
        """Whether only linking words stand between a qualifier and its target."""
        left, right = sorted((place, position))
        return self._linked(text[items[left].mention.end : items[right].mention.start])

    def _linked(self, gap: str) -> bool:
        """Whether only words such as "is now" stand in a gap."""
        if not gap.strip(" ,:("):
            return False
        covered = sum(end - start for start, end in self._dialogue.links.spans(gap))
        return covered >= len(re.sub(r"[\s,:(]", "", gap)) * 0.8

    @staticmethod
    def _next(items: Sequence[Item], position: int, is_target: Sequence[bool], step: int) -> int | None:
        place = position + step
        while 0 <= place < len(items) and items[place].sentence == items[position].sentence:
            if is_target[place]:
                return place
            place += step
        return None

    @staticmethod
    def _list(
        text: str, items: Sequence[Item], first: int, is_target: Sequence[bool], step: int
    ) -> list[int]:
        """A target and those that are enumerated with it ("new back pain, jaundice and cough")."""
        reached = [first]
        place = first + step
        while 0 <= place < len(items) and is_target[place] and items[place].clause == items[first].clause:
            if items[place].status != items[first].status or not are_listed(text, items, reached[-1], place):
                break
            reached.append(place)
            place += step
        return reached


class _Said:
    """What a rule has said of each target itself, and of those that are only strung behind it by a comma.

    "Has developed rib pain, migraine for years, unchanged": the pain keeps its own time, and so does the migraine.
    """

    def __init__(self) -> None:
        self.own: set[int] = set()
        self.lent: dict[int, set[str]] = {}

    def kept(self, text: str, items: Sequence[Item], reached: Sequence[int], position: int) -> list[int]:
        """Return those of `reached` that a qualifier at `position` is said of."""
        return [
            place
            for place in reached
            if place == reached[0]
            or place > position
            or place not in self.own
            or not _strung(text, items, place, place + 1)
        ]

    def lend(self, text: str, items: Sequence[Item], place: int, names: set[str]) -> None:
        """Note what a target has only as one of a list."""
        if _strung(text, items, place - 1, place):
            self.lent.setdefault(place, set()).update(names)


def _strung(text: str, items: Sequence[Item], left: int, right: int) -> bool:
    """Whether nothing but a comma stands between two items."""
    return text[items[left].mention.end : items[right].mention.start].strip() == ","


def _opens(ahead: str, behind: str) -> bool:
    """Whether a qualifier opens an item of a list whose finding follows: "sclerosis, unchanged left leg weakness"."""
    if not _CHUNK.search(behind) or behind.rstrip().endswith(("(", ":", "-")):
        return False
    return _words(ahead) <= _OPENING_WORDS and not _CHUNK.search(ahead)


def _introduced(ahead: str, behind: str) -> bool:
    """Whether a linking word introduces a qualifier whose finding follows: "a stroke, with unchanged mild weakness"."""
    return bool(_LINKING.search(behind)) and _words(ahead) <= _ADJACENT_WORDS and not _CHUNK.search(ahead)


def _words(gap: str) -> int:
    return len(_WORD.findall(gap))
