"""What a later clause or sentence says is over: "some hip pain in March. It settled within a week."

A cue that a finding is over reaches no further than its clause; people say it in the next one, of "it" or of
nothing at all. Such a clause settles the finding that was told last before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.types import Fact
from assistant.understanding.assertion import sentences
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.items import Item, ItemReader, are_listed

_PERSONAL = "demographic"
_WORD = re.compile(r"[^\W\d_]+")
# Characters behind a clause that gives a finding to another, in which it may name the finding.
_NAMED_BEHIND = 24


class ResolutionReader:
    """Finds the findings of a turn that it says are over. Stateless between calls."""

    def __init__(self, dialogue: Dialogue, reader: ItemReader, folder: Path) -> None:
        """`reader` tells which concepts are findings; `folder` holds the marks of sentences."""
        self._dialogue = dialogue
        self._rule = dialogue.file.resolution
        self._others = frozenset(dialogue.file.diagnoses.kinds)
        self._reader = reader
        self._relatives = frozenset(self._rule.relatives.split())
        self._folder = folder

    def settle(self, text: str, items: list[Item], qualifiers: dict[int, set[str]]) -> None:
        """Add the qualifier of what is over to `qualifiers`, by the place of the item; what is back is present."""
        spans = sentences(text, self._folder)
        starts = [start for start, _ in spans]
        for start, end in self.told(text):
            behind = self._behind(items, start, bisect_right(starts, start)) or self._inside(
                items, start, end
            )
            if not behind:
                continue
            if not self._dialogue.resolution_all.search(text[start:end]):
                behind = self._listed(text, items, behind)
            named = {items[place].mention.concept for place in behind}
            for place, item in enumerate(items):
                if self._reader.selects(self._rule.lasting, item.mention.concept):
                    continue
                if place in behind or (item.mention.concept in named and place < behind[0]):
                    qualifiers.setdefault(place, set()).add(self._rule.qualifier)
        for start, end in self._dialogue.resolution_another.spans(text):
            if any(
                end <= item.mention.start < self._named_until(text, end)
                and self._reader.selects(self._rule.targets, item.mention.concept)
                for item in items
            ):  # "that's her mother's headache" names what it gives away
                continue
            behind = self._behind(items, start, bisect_right(starts, start))
            behind = [place for place in behind if items[place].status == "present"]
            if not behind or any(
                items[behind[-1]].sentence < item.sentence
                and item.mention.start < start
                and item.status == "present"
                and item.mention.kind in self._others
                for item in items
            ):  # "radiotherapy as a girl? no, that was her sister" is said of the therapy
                continue
            for place in self._listed(text, items, behind):
                items[place] = replace(items[place], status="family")
        for start, end in self._dialogue.resolution_cleft.spans(text):
            for place, item in enumerate(items):
                if start <= item.mention.start < end:
                    items[place] = replace(item, status="family")
        self._give_away(text, items, spans)
        for start, _ in self._dialogue.resolution_back.spans(text):
            for place in self._behind(items, start, bisect_right(starts, start))[-1:]:
                if items[place].status not in {"absent", "historical"}:
                    continue
                items[place] = replace(items[place], status="present")
                qualifiers[place] = (qualifiers.get(place, set()) - {self._rule.qualifier}) | {
                    self._rule.returned
                }

    def _give_away(self, text: str, items: list[Item], spans: Sequence[tuple[int, int]]) -> None:
        """Give another person all that a sentence tells, therapies and diagnoses too, where it says so at its end."""
        if self._relatives.isdisjoint(_WORD.findall(text.casefold())):
            return
        ends = [(start, False) for start, _ in self._dialogue.resolution_whole.spans(text)]
        ends += [(start, True) for start, _ in self._dialogue.resolution_beside.spans(text)]
        for end, beside in ends:
            low = max((start for start, _ in spans if start <= end), default=0)
            if not text[low:end].strip():  # it begins its sentence, and is said of the one before
                low = max((start for start, _ in spans if start < low), default=0)
            told = [place for place, item in enumerate(items) if low <= item.mention.start < end]
            if beside and not any(items[place].mention.end == end for place in told):
                continue
            for place in told:
                if items[place].status != "absent" and items[place].mention.kind != _PERSONAL:
                    items[place] = replace(items[place], status="family")

    def told(self, text: str) -> list[tuple[int, int]]:
        """The spans of clauses that say so, without those after which it is said to be back."""
        found = []
        for start, end in self._dialogue.resolution_said.spans(text):
            if not self._dialogue.resolution_back.search(text[end : end + self._rule.reach]):
                found.append((start, end))
        return found

    def ends(self, text: str, new: Sequence[Fact], known: Sequence[Fact]) -> tuple[Fact, ...]:
        """The known facts, with the last told findings over, or back, where a later turn says so and names none."""
        targets = self._rule.targets
        another = list(self._dialogue.resolution_another.spans(text))
        if another and not any(
            fact.kind != _PERSONAL and fact.start < self._named_until(text, another[0][1]) for fact in new
        ):
            turns = [fact.turn for fact in known if self._reader.selects(targets, fact.concept)]
            return tuple(
                fact
                for fact in known
                if fact.turn != max(turns, default=None) or not self._reader.selects(targets, fact.concept)
            )
        last = max((fact.turn for fact in known if self._is_finding(fact)), default=None)
        if last is None:
            return tuple(known)
        told = self.told(text)
        spans = told or list(self._dialogue.resolution_back.spans(text))
        named = [fact for fact in new if self._reader.selects(targets, fact.concept)]
        if not spans or any(fact.start < spans[0][1] for fact in named):
            return tuple(known)
        over = {self._rule.qualifier}
        return tuple(
            replace(fact, qualifiers=fact.qualifiers | over if told else fact.qualifiers - over)
            if fact.turn == last and self._is_finding(fact) and fact.status == "present"
            else fact
            for fact in known
        )

    def _named_until(self, text: str, end: int) -> int:
        """Up to where a clause that ends there may name what it gives away ("that's her mother's headache")."""
        stop = next((high for _, high in sentences(text, self._folder) if high >= end), len(text))
        return min(stop, end + _NAMED_BEHIND)

    def _is_finding(self, fact: Fact) -> bool:
        if self._reader.selects(self._rule.lasting, fact.concept):
            return False
        return self._reader.selects(self._rule.targets, fact.concept)

    def _behind(self, items: Sequence[Item], start: int, sentence: int) -> list[int]:
        """The places of the findings that stand before an offset, in its sentence or the one before."""
        return [
            place
            for place, item in enumerate(items)
            if item.mention.end <= start
            and item.sentence in {sentence, sentence - 1}
            and self._reader.selects(self._rule.targets, item.mention.concept)
        ]

    def _inside(self, items: Sequence[Item], start: int, end: int) -> list[int]:
        """The places of the findings that a clause names itself: "the pain has gone"."""
        return [
            place
            for place, item in enumerate(items)
            if start <= item.mention.start < end
            and item.status == "present"
            and self._reader.selects(self._rule.targets, item.mention.concept)
        ]

    @staticmethod
    def _listed(text: str, items: Sequence[Item], behind: Sequence[int]) -> list[int]:
        """The last finding, and those that are enumerated with it."""
        chain = [behind[-1]]
        for place in reversed(behind[:-1]):
            if not are_listed(text, items, place, chain[0]):
                break
            chain.insert(0, place)
        return chain
