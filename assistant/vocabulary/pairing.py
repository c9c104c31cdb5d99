"""Neighbouring concepts that make one: a site and a pain, a study and its contrast, a cue and a therapy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.vocabulary.match import Match
from assistant.vocabulary.schema import Concept, Pairing
from assistant.vocabulary.taxonomy import Taxonomy

_ROUNDS = 4  # a study, its region and its contrast are joined one after another
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a modifier makes of its head; with `keeps_head` only the modifier changes."""

    result: str
    keeps_head: bool
    gap: str
    listed: bool


class Pairer:
    """Joins matches by the `pairs` of their concepts, over gaps made of the words that the language allows.

    The side is where the modifier stands: 'left' in "hip pain", 'right' in "pain in the hip". Several
    modifiers of one head ("back and hip pain") each yield a match: the nearest shares its span with the head,
    the others keep their own.
    """

    def __init__(
        self, concepts: Mapping[str, Concept], taxonomy: Taxonomy, pairing: Pairing, separators: str
    ) -> None:
        self._concepts = concepts
        self._taxonomy = taxonomy
        self._pairs: dict[tuple[str, str], Pair | None] = {}
        self._modifiers = {
            one.id for one in concepts.values() if any(concepts[up].pairs for up in taxonomy.lineage(one.id))
        }
        self._joins = frozenset(pairing.joins)
        separate = frozenset(separators) - self._joins  # a slash lists: "hip/back pain" is two pains
        self._gaps: Mapping[Side, frozenset[str]] = {
            "left": frozenset(pairing.before_head) | separate,
            "right": frozenset(pairing.after_head) | frozenset(pairing.links) | separate,
        }
        self._fillers = frozenset(pairing.after_head) | separate
        self._links = frozenset(pairing.links)
        self._sides = frozenset(pairing.sides)
        self._transparent = frozenset(pairing.transparent)
        self._longest = pairing.longest

    def pair(self, matches: list[Match], keys: Sequence[str]) -> list[Match]:
        """The matches, sorted by start, with pairs joined. Linear in the number of matches."""
        settled: set[int] = set()
        for _ in range(_ROUNDS):
            if not any(match.concept in self._modifiers for match in matches):
                break
            joined = self._join(matches, keys, settled)
            if joined is None:
                break
            matches = joined
        return matches

    def pair_of(self, modifier: str, head: str) -> Pair | None:
        """What a modifier makes beside a head, by the nearest ancestors of both; None if nothing."""
        key = (modifier, head)
        if key not in self._pairs:
            self._pairs[key] = self._resolve(modifier, head)
        return self._pairs[key]

    def _resolve(self, modifier: str, head: str) -> Pair | None:
        for up in self._taxonomy.lineage(modifier):
            concept = self._concepts[up]
            for ancestor in self._taxonomy.lineage(head):
                if ancestor in concept.pairs:
                    return Pair(concept.pairs[ancestor], concept.keeps_head, concept.gap, concept.listed)
        return None

    def _join(self, matches: list[Match], keys: Sequence[str], settled: set[int]) -> list[Match] | None:
        """One round; None when nothing was joined. `settled` holds ids of cues that have found their head."""
        gone: set[int] = set()
        heads: set[int] = set()
        changed = False
        # Touching modifiers first ("hip pain"), then those that follow ("pain in the hip"), then the rest.
        for side, touching in (("left", True), ("right", False), ("left", False)):
            for head in range(len(matches)):
                if head not in gone and head not in heads:
                    changed |= self._attach(matches, head, side, touching, keys, gone, heads, settled)  # type: ignore[arg-type]
        changed |= self._lend_all([match for index, match in enumerate(matches) if index not in gone], keys)
        if not changed:
            return None
        return [match for index, match in enumerate(matches) if index not in gone]

    def _attach(
        self,
        matches: list[Match],
        head: int,
        side: Side,
        touching: bool,
        keys: Sequence[str],
        gone: set[int],
        heads: set[int],
        settled: set[int],
    ) -> bool:
        step = -1 if side == "left" else 1
        target = matches[head]
        original = target.concept
        if side == "right" and self._concepts[original].kind in self._transparent:
            return False
        index, between = self._next(matches, head, step, gone)
        if index is None or index in heads or id(matches[index]) in settled:
            return False
        modifier = matches[index]
        pair = self.pair_of(modifier.concept, original) if modifier.concept in self._modifiers else None
        if pair is None or pair.gap not in ("any", side):
            return False
        if not self._near(modifier, target, between, keys, side, touching):
            return False
        if pair.keeps_head:
            modifier.concept = pair.result
            settled.add(id(modifier))
            return True
        heads.add(head)
        gone.update(range(min(head, index) + 1, max(head, index)) if not between else (), (index,))
        target.concept = pair.result
        target.exact = target.exact and modifier.exact
        if not between:
            _stretch(target, modifier)
        self._share(matches, index, step, original, keys, gone, heads)
        return True

    def _share(
        self,
        matches: list[Match],
        index: int,
        step: int,
        head: str,
        keys: Sequence[str],
        gone: set[int],
        heads: set[int],
    ) -> None:
        """Give the modifiers listed beside a joined one the same head."""
        while True:
            other = index + step
            if not 0 <= other < len(matches) or other in gone or other in heads:
                return
            modifier, nearer = matches[other], matches[index]
            if modifier.concept not in self._modifiers:
                return
            pair = self.pair_of(modifier.concept, head)
            low, high = (modifier, nearer) if step < 0 else (nearer, modifier)
            if pair is None or pair.keeps_head or not pair.listed or not self._listed(low, high, keys):
                return
            modifier.concept = pair.result
            heads.add(other)
            index = other

    def _lend_all(self, matches: list[Match], keys: Sequence[str]) -> bool:
        """Give the heads of phrases ("back or hip pain") to the modifiers listed before them."""
        changed = False
        phrase: Match | None = None
        for modifier, following in zip(reversed(matches[:-1]), reversed(matches[1:]), strict=True):
            phrase = phrase or following
            if self._lend(modifier, following, phrase, keys):
                changed = True
            else:
                phrase = None
        return changed

    def _lend(self, modifier: Match, following: Match, phrase: Match, keys: Sequence[str]) -> bool:
        """Let a modifier take the head of a later phrase, if what follows it is listed with it."""
        if modifier.concept not in self._modifiers or phrase.last - phrase.first < 2:
            return False
        pair = self.pair_of(modifier.concept, phrase.concept)
        if pair is None or pair.keeps_head or not pair.listed or not self._listed(modifier, following, keys):
            return False
        modifier.concept = pair.result
        return True

    def _listed(self, low: Match, high: Match, keys: Sequence[str]) -> bool:
        gap = keys[low.last : high.first]
        if len(gap) > self._longest or not any(word in self._joins for word in gap):
            return False
        if gap.count(")") != gap.count("("):  # "letrozole (breast), femur ache": the bracket ends its list
            return False
        return all(word in self._joins or word in self._fillers for word in gap)

    def _next(
        self, matches: list[Match], head: int, step: int, gone: set[int]
    ) -> tuple[int | None, list[Match]]:
        """The next match on a side, and the transparent ones skipped on the way.

        A cue that makes nothing of the head is one of the words between ("pain on the hip").
        """
        between: list[Match] = []
        index = head + step
        while 0 <= index < len(matches) and len(between) < 3:
            match = matches[index]
            concept = self._concepts[match.concept]
            if index in gone:
                return None, between
            if match.concept in self._modifiers:
                if not concept.keeps_head or self.pair_of(match.concept, matches[head].concept):
                    return index, between
            elif concept.kind not in self._transparent:
                return index, between
            else:
                between.append(match)
            index += step
        return None, between

    def _near(
        self,
        modifier: Match,
        head: Match,
        between: Sequence[Match],
        keys: Sequence[str],
        side: Side,
        touching: bool,
    ) -> bool:
        low, high = (modifier, head) if side == "left" else (head, modifier)
        skipped = {token for match in between for token in range(match.first, match.last)}
        gap = [keys[token] for token in range(low.last, high.first) if token not in skipped]
        if len(gap) > self._longest or not all(word in self._gaps[side] for word in gap):
            return False
        if any(one == ")" and not other.isalnum() for one, other in pairwise(gap)):
            return False  # "EC (C3): bone pain": a bracket that closes before a mark ends what stands in it
        empty = all(word in "-" for word in gap)
        if touching:
            return empty
        if side == "left" or empty or keys[head.last - 1] in self._links:
            return True
        return any(word in self._links for word in gap) or all(word in self._sides for word in gap)


def _stretch(target: Match, modifier: Match) -> None:
    if modifier.start < target.start:
        target.start, target.first = modifier.start, modifier.first
    else:
        target.end, target.last = modifier.end, modifier.last
    target.head_start, target.head_end = target.start, target.end
