"""How a part of a question leans on what was said before it: on its subject, its facts, or on what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.aspects import plain_text
from assistant.answering.evidence_reader import Asked, Reader
from assistant.answering.evidence_records import Record

# Records as (row, score), best first.
Ranked = list[tuple[int, float]]
FEW_WORDS = 1
_NAMING = 6
_COMPARING = 9
_LEAN_MARGIN = 1.0
_TOLD_MARGIN = 0.5
_STATED = 0.3  # of two readings that fit as well, the one that something is stated on
_SAID_BEFORE = 4.0  # a record that was given, and fits so much better than any other, is what is asked again
_SAID_RATHER = 2.5  # or so much better than what is stated nowhere
_DECLARING = 3.0  # a topic so little behind that is asked the same as a part without a subject answers it


@dataclass(frozen=True, slots=True)
class Context:
    """What a part may lean on: concepts `carried`, facts `told` for it, and what was asked `earlier`.

    `given` are the records that the earlier parts and the turn before were answered with. A part `follows`
    if it is not the first one that asks.
    """

    carried: tuple[str, ...] = ()
    told: str = ""
    earlier: Asked | None = None
    given: frozenset[int] = frozenset()
    follows: bool = False


class Leaning:
    """Reads and ranks a part alone and with what it may take from what was said before it."""

    def __init__(self, reader: Reader, records: Sequence[Record], rank: Callable[[Asked], Ranked]) -> None:
        """`rank` gives all records for what is asked, best first."""
        file = reader.aspects.file
        self._reader = reader
        self._records = records
        self._rank = rank
        self._references = re.compile(rf"\b(?:{'|'.join(file.references) or '(?!)'})\b")
        self._compared = re.compile(file.halves)

    def lean(self, asked: Asked, context: Context) -> tuple[Asked, Ranked]:
        """Read and rank a part alone, and with what it may take from what was said before; the best fit counts.

        With what was asked before, a part is not about what that was answered with.
        """
        earlier, own = context.earlier, self._subject(asked)
        if earlier is not None and own and self._only_names(asked, earlier):
            framed = self._reader.read(self._framed(earlier.text, asked))
            return framed, self._rank(framed)
        if earlier is not None and earlier.aspects and self._only_compares(asked):
            whole = self._reader.read(f"{earlier.text} {asked.text}")
            return whole, self._other(self._rank(whole), context.given)
        if self._half_compares(asked, context.carried):
            asked = self._reader.read(f"{asked.text.rstrip(' ?.')} {self._called(context.carried)}")
            return asked, self._rank(asked)
        readings = [(0.0, (asked, self._rank(asked)))]
        if context.told:
            whole = self._reader.read(f"{context.told} {asked.text}")
            readings.append((_TOLD_MARGIN, (whole, self._rank(whole))))
        if earlier is not None and (not own or len(asked.text.split()) <= _NAMING or self.refers(asked)):
            whole = self._reader.read(f"{earlier.text} {asked.text}")
            margin = 0.0 if own or not self.refers(asked) else _LEAN_MARGIN
            rest = self._other(self._rank(whole), context.given)
            readings.append((margin, (whole, rest if own else self._declaring(rest, asked))))
        if context.carried and not own:
            leaning = self._reader.read(f"{asked.text.rstrip(' ?.')} {self._called(context.carried)}")
            ranked = self._rank(leaning)
            rest = self._other(ranked, context.given)
            surely = ranked[0][1] - rest[0][1] >= _SAID_BEFORE
            readings.append((_LEAN_MARGIN, (leaning, ranked if surely else self._declaring(rest, asked))))
        return max(readings, key=lambda one: one[0] + self._fit(one[1][1]))[1]

    def _framed(self, frame: str, asked: Asked) -> str:
        """What was asked before (`frame`), of the studies that are named in place of those."""
        concepts = self._reader.vocabulary.concepts
        named = frozenset(concepts[one].kind for one in self._subject(asked) if one in concepts)
        kinds = named or self._reader.aspects.file.facts
        rest = self._reader.without(frame, lambda one: one in concepts and concepts[one].kind in kinds)
        return f"{rest.rstrip(' ?.')} {asked.text}"

    def refers(self, asked: Asked) -> bool:
        """Whether a part points back to something ("such lesions", "its price")."""
        return self._references.search(plain_text(asked.text)) is not None

    def _studies(self, concepts: Iterable[str]) -> list[str]:
        """Those of some concepts that are studies."""
        known, kinds = self._reader.vocabulary.concepts, self._reader.aspects.file.studies
        return [one for one in concepts if one in known and known[one].kind in kinds]

    def _subject(self, asked: Asked) -> list[str]:
        """The first concepts that a later part may lean on."""
        return [concept for concept in asked.concepts if self._is_subject(concept)][:2]

    def _fit(self, ranked: Ranked) -> float:
        """How well a reading fits; of two that fit as well, the one that something is stated on."""
        row, score = ranked[0]
        return score if self._records[row].topic is None else score + _STATED

    def _called(self, concepts: Iterable[str]) -> str:
        """The names of some concepts."""
        known = self._reader.vocabulary.concepts
        return " ".join(known[one].name for one in concepts if one in known)

    def _half_compares(self, asked: Asked, carried: Sequence[str]) -> bool:
        """Whether a part compares the study named before with the one that it names ("is it dearer than CT?")."""
        file, own = self._reader.aspects.file, self._studies(asked.concepts)
        if (
            len(own) != 1
            or asked.aspects.isdisjoint(file.comparing)
            or set(own) & set(self._studies(carried))
        ):
            return False
        return bool(self._studies(carried)) and self._compared.search(plain_text(asked.text)) is not None

    def _names(self, asked: Asked) -> bool:
        """Whether a part names a concept of the vocabulary, of whatever kind."""
        return any(concept in self._reader.vocabulary.concepts for concept in asked.concepts)

    def _only_names(self, asked: Asked, earlier: Asked | None = None) -> bool:
        """Whether a part names a study, or a thing of a kind named earlier, and asks nothing of it ("and the CT?")."""
        kinds, concepts = self._reader.aspects.file.studies, self._reader.vocabulary.concepts
        if earlier is not None and earlier.aspects:
            kinds = kinds.union(concepts[one].kind for one in self._subject(earlier))
        names = any(concept in concepts and concepts[concept].kind in kinds for concept in asked.concepts)
        return names and not asked.words and not asked.aspects and len(asked.text.split()) <= _NAMING

    def _only_adds(self, asked: Asked, earlier: Asked) -> bool:
        """Whether a part only names another kind of patient than one whom the guidance may be for ("and children?")."""
        concepts, file = self._reader.vocabulary.concepts, self._reader.aspects.file
        named = [one for one in asked.concepts if one in concepts]
        facts = all(concepts[one].kind in file.facts and not self._is_subject(one) for one in named)
        scoping = not earlier.aspects.isdisjoint(file.scoping)
        return scoping and facts and bool(named) and not (asked.words or asked.aspects)

    def _only_compares(self, asked: Asked) -> bool:
        """Whether a part only compares a study with what was asked before ("and the CT, more or less?")."""
        compares = self._reader.aspects.file.comparing
        few = len(asked.words) <= FEW_WORDS and len(asked.text.split()) <= _COMPARING
        return few and bool(asked.aspects) and asked.aspects <= compares and self.refers(asked)

    def _declaring(self, ranked: Ranked, asked: Asked) -> Ranked:
        """The records, first a topic that is asked what a part asks, if it comes near the best ("what instead?")."""
        file = self._reader.aspects.file
        if self._records[ranked[0][0]].topic is None:
            return ranked
        wanted = asked.aspects.union(file.choosing if asked.aspects & file.deciding else ())
        for place, (row, score) in enumerate(ranked):
            if ranked[0][1] - score > _DECLARING:
                break
            topic = self._records[row].topic
            if topic is not None and not wanted.isdisjoint(topic.aspects):
                return [(row, ranked[0][1]), *ranked[:place], *ranked[place + 1 :]]
        return ranked

    def _other(self, ranked: Ranked, given: frozenset[int]) -> Ranked:
        """The records that were not given yet; all if none is left, or nothing but what is stated nowhere."""
        rest = [one for one in ranked if one[0] not in given]
        if not rest or (
            self._records[rest[0][0]].topic is None and ranked[0][1] - rest[0][1] >= _SAID_RATHER
        ):
            return ranked
        return rest

    def _is_subject(self, concept: str) -> bool:
        """Whether a concept is something that a question can be about."""
        known = self._reader.vocabulary.concepts.get(concept)
        return known is not None and known.kind in self._reader.aspects.file.subjects
