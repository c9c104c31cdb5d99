"""What settles a finding settles it wherever it is named, and so does what its cause is known to be.

"Her usual headache ... the headache" is one headache; "the hip pain is from her arthritis, unchanged for years"
tells of the pain what it tells of the arthritis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.types import Fact
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.items import Item
from assistant.vocabulary import Vocabulary

_TRAIL_SENTENCES = 2  # how many sentences back a finding may have been told


class Sharing:
    """Hands qualifiers from one item to others of the turn. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue) -> None:
        """`dialogue` names the qualifiers that settle a finding, and the words between a finding and its cause."""
        self._vocabulary = vocabulary
        file = dialogue.file
        self._carried = frozenset(file.carried)
        self._trailing = frozenset(file.trailing)
        self._retold = file.retold
        self._behind = re.compile(file.retold.behind or r"(?!)", re.IGNORECASE)
        self._opening = re.compile(file.retold.opening or r"(?!)", re.IGNORECASE)
        self._alone = re.compile(file.retold.alone, re.IGNORECASE)
        self._findings = file.resolution.targets
        self._recent = frozenset(file.lasting.get("unchanged", ()))
        self._excuses = dialogue.excuses
        self._causes = frozenset(file.causes.kinds)
        self._caused = frozenset(file.causes.of)
        self._between = re.compile(file.causes.between or r"(?!)", re.IGNORECASE)
        self._explained = file.causes.explains
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
                    # "Old bad back since 2006, but this is a different pain": what is new is not as old as its like.
                    if not carried and not self._recent.isdisjoint(qualifiers.get(place, ())):
                        continue
                    if place != position and same and (carried or other.sentence == item.sentence):
                        qualifiers.setdefault(place, set()).add(name)

    def trail(self, items: Sequence[Item], attached: set[int], qualifiers: dict[int, set[str]]) -> None:
        """Give what is asked in a sentence without findings to the finding told last before it."""
        for position, item in enumerate(items):
            if position in attached or not self._is_trailing(item):
                continue
            for place in range(position - 1, -1, -1):
                if item.sentence - items[place].sentence > _TRAIL_SENTENCES:
                    break
                if items[place].status == "present" and self._is_finding(items[place]):
                    qualifiers.setdefault(place, set()).add(item.mention.concept)
                    attached.add(position)
                    break

    def retold(
        self,
        text: str,
        items: Sequence[Item],
        attached: set[int],
        turn: int,
        spans: Sequence[tuple[int, int]],
    ) -> list[Fact]:
        """What a later turn without findings of its own says of those told before it, as facts of the qualifiers."""
        rule = self._retold
        if not turn or any(self._is_finding(item) for item in items):
            return []
        found = []
        for position, item in enumerate(items):
            one = item.mention
            if position in attached or item.status in {"absent", "family"}:
                continue
            start, end = spans[item.sentence - 1] if item.sentence else (0, len(text))
            opens = self._is_one(one.concept, rule.opened) and self._opening.match(text[start:end])
            if not opens and not self._is_one(one.concept, rule.concepts):
                continue
            alone = self._alone.fullmatch(text[start : one.start]) and self._alone.fullmatch(
                text[one.end : end]
            )
            said = opens or alone or self._behind.search(text[start : one.start])
            if not said and not self._is_one(one.concept, rule.free):
                continue
            if "?" in text[start : end + 1]:
                continue
            if any(o.sentence == item.sentence and o.mention.kind in rule.unless_kinds for o in items):
                continue
            found.append(Fact(one.concept, one.kind, "present", one.text, turn, one.start, one.end))
        return found

    def _is_one(self, concept: str, names: Iterable[str]) -> bool:
        return any(self._vocabulary.is_a(concept, name) for name in names)

    def _is_trailing(self, item: Item) -> bool:
        return any(self._vocabulary.is_a(item.mention.concept, name) for name in self._trailing)

    def _is_finding(self, item: Item) -> bool:
        if item.mention.kind in self._findings.kinds:
            return item.mention.reading is None
        return any(self._vocabulary.is_a(item.mention.concept, name) for name in self._findings.concepts)

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
        explained = self._explained.get(items[position].mention.concept, ())
        if self._is_one(items[finding].mention.concept, explained) or self._between.fullmatch(
            text[items[finding].mention.end : items[position].mention.start]
        ):
            qualifiers.setdefault(finding, set()).update(settled)

    def _alike(self, one: str, other: str) -> bool:
        """Whether two findings are one: the same, or a kind of the other ("hemiparesis, unchanged (power 4/5)")."""
        is_a = self._vocabulary.is_a
        return one == other or is_a(one, other) or is_a(other, one)

    def _excuse(self, name: str) -> bool:
        return any(self._vocabulary.is_a(name, excuse) for excuse in self._excuses)
