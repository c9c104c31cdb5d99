"""What settles a finding settles it wherever it is named, and so does what its cause is known to be.

"Her usual headache ... the headache" is one headache; "the hip pain is from her arthritis, unchanged for years"
tells of the pain what it tells of the arthritis.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding.dialogue import Dialogue
from assistant.understanding.items import Item
from assistant.vocabulary import Vocabulary


class Sharing:
    """Hands qualifiers from one item to others of the turn. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue) -> None:
        """`dialogue` names the qualifiers that settle a finding, and the words between a finding and its cause."""
        self._vocabulary = vocabulary
        file = dialogue.file
        self._carried = frozenset(file.carried)
        self._excuses = dialogue.excuses
        self._causes = frozenset(file.causes.kinds)
        self._caused = frozenset(file.causes.of)
        self._between = re.compile(file.causes.between or r"(?!)", re.IGNORECASE)
        self._identity = re.compile(file.identity or r"(?!)", re.IGNORECASE)

    def equate(self, text: str, items: Sequence[Item]) -> list[Item]:
        """The items, each finding as past or absent as what it is said to be: "the fit was a febrile one in 1990"."""
        made = list(items)
        for place, item in enumerate(made):
            if item.status != "present" or item.mention.kind not in self._caused:
                continue
            for other in made[place + 1 :]:
                if other.sentence != item.sentence:
                    break
                gap = text[item.mention.end : other.mention.start]
                if self._alike(item.mention.concept, other.mention.concept) and self._identity.fullmatch(gap):
                    made[place] = replace(item, status=other.status)
        return made

    def share(self, text: str, items: Sequence[Item], qualifiers: dict[int, set[str]]) -> None:
        """Add to `qualifiers`, by the place of the item: first what causes tell, then what repetitions do."""
        for position, item in enumerate(items):
            if position and item.mention.kind in self._causes:
                self._from_cause(text, items, position, qualifiers)
        for position, item in enumerate(items):
            for name in list(qualifiers.get(position, ())):
                # Within a sentence they share all that settles a finding, within the turn only what is carried.
                carried = name in self._carried
                if not carried and not self._excuse(name):
                    continue
                for place, other in enumerate(items):
                    same = self._alike(other.mention.concept, item.mention.concept)
                    if place != position and same and (carried or other.sentence == item.sentence):
                        qualifiers.setdefault(place, set()).add(name)

    def _from_cause(
        self, text: str, items: Sequence[Item], position: int, qualifiers: dict[int, set[str]]
    ) -> None:
        settled = {name for name in qualifiers.get(position, ()) if self._excuse(name)}
        finding = next(
            (place for place in range(position - 1, -1, -1) if items[place].mention.kind in self._caused),
            None,
        )
        if not settled or finding is None or items[finding].sentence != items[position].sentence:
            return
        if self._between.fullmatch(text[items[finding].mention.end : items[position].mention.start]):
            qualifiers.setdefault(finding, set()).update(settled)

    def _alike(self, one: str, other: str) -> bool:
        """Whether two findings are one: the same, or a kind of the other ("hemiparesis, unchanged (power 4/5)")."""
        is_a = self._vocabulary.is_a
        return one == other or is_a(one, other) or is_a(other, one)

    def _excuse(self, name: str) -> bool:
        return any(self._vocabulary.is_a(name, excuse) for excuse in self._excuses)
