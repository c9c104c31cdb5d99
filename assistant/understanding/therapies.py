"""What a later turn says of the therapy: its place in time, its intent, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Fact
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.dialogue_rules import Selection
from assistant.understanding.facts import FactReader
from assistant.vocabulary import Vocabulary

_PURPOSES = frozenset({"intent", "plan", "metastasis"})  # what tells what a therapy is for
_SEVERAL = 2


class Therapies:
    """Merges what a turn says of therapies into what is known of them. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue, reader: FactReader) -> None:
        """`reader` tells which concepts a slot selects."""
        self._vocabulary = vocabulary
        self._dialogue = dialogue
        self._reader = reader

    def merge(
        self, slot: Selection, known: Sequence[Fact], new: Sequence[Fact], correcting: bool
    ) -> tuple[list[Fact], list[Fact]]:
        """A later word on the therapy's place in time holds for what was known of it; a new intent replaces the old."""
        old_in = [fact for fact in known if self._in(slot, fact)]
        new_in = [fact for fact in new if self._in(slot, fact) or self._is_course(slot, fact)]
        phases = [fact for fact in new if fact.kind == "phase" and fact.status in {"present", "historical"}]
        left_open = [fact for fact in new if fact.kind in _PURPOSES and fact.status == "possible"]
        if not new_in and not phases and len(left_open) < _SEVERAL:
            return list(known), list(new)
        # "No docetaxel so far" ends no other chemotherapy: it says nothing of what is known.
        new_in = [fact for fact in new_in if not self._is_other(fact, old_in)]
        rest = [fact for fact in known if fact not in old_in]
        intents = [fact for fact in new_in if fact.kind == "intent" and fact.status in {"present", "absent"}]
        doubted = {fact.concept for fact in new_in if fact.kind == "intent" and fact.status == "possible"}
        if doubted and not any(fact.status == "present" for fact in intents):
            # "I don't know if it is neoadjuvant": what it was said of is a therapy of unknown intent again.
            old_in = self._without_intents(old_in)
            known = [*rest, *old_in]
        if len(left_open) >= _SEVERAL:
            # "Could be before surgery, after it or for mets": the intent told before is in doubt.
            doubt = {self._dialogue.file.courses.unsettled}
            old_in = [
                replace(fact, qualifiers=self._without_phases(fact) | doubt)
                if fact.status == "present"
                else fact
                for fact in old_in
            ]
            return [*rest, *old_in], list(new)
        timed = [fact for fact in new_in if self._phases(fact) or fact.status in {"absent", "historical"}]
        if intents and any(fact.status == "present" for fact in intents):
            # The intent is new; the phase stays unless the turn gives one.
            carried = (
                frozenset().union(*(self._phases(fact) for fact in old_in))
                if not timed and not correcting
                else frozenset()
            )
            new = [
                replace(fact, qualifiers=fact.qualifiers | carried) if fact in intents else fact
                for fact in new
            ]
            return rest + [fact for fact in old_in if fact.kind != "intent" and not timed], list(new)
        if timed or phases:
            stated = frozenset().union(
                *(self._phases(fact) for fact in timed), *({fact.concept} for fact in phases)
            )
            if any(fact.status == "historical" for fact in timed) and not stated:
                return rest, list(new)
            if any(fact.status == "absent" for fact in timed):
                return rest, list(new)
            updated = [
                replace(fact, qualifiers=self._without_phases(fact) | stated)
                if phases or self._is_course_of(fact, timed, old_in)
                else fact
                for fact in old_in
            ]
            return rest + updated, list(new)
        return list(known), list(new)

    def _is_course(self, slot: Selection, fact: Fact) -> bool:
        """Whether a word for any treatment tells where the course stands: "she has finished treatment"."""
        above = frozenset().union(*map(self._vocabulary.ancestors, slot.concepts))
        return fact.concept in above and bool(self._phases(fact))

    def _without_intents(self, known: Sequence[Fact]) -> list[Fact]:
        """The therapies without what they were said to be given for."""
        concepts = self._vocabulary.concepts
        return [
            replace(
                fact,
                qualifiers=frozenset(one for one in fact.qualifiers if concepts[one].kind not in _PURPOSES),
            )
            for fact in known
            if fact.kind != "intent"
        ]

    def closed(self, known: Sequence[Fact], new: Sequence[Fact]) -> list[Fact]:
        """The known facts, with the therapy at its end where the turn tells what lies behind it."""
        ends = {
            self._dialogue.file.closes[fact.concept]
            for fact in new
            if fact.concept in self._dialogue.file.closes and fact.status in {"present", "historical"}
        }
        slot = self._dialogue.slot("therapy")
        if not ends or slot is None:
            return list(known)
        return [
            replace(fact, qualifiers=self._without_phases(fact) | ends) if self._in(slot, fact) else fact
            for fact in known
        ]

    def _is_course_of(self, old: Fact, timed: Sequence[Fact], old_in: Sequence[Fact]) -> bool:
        """Whether a time told of therapies holds for a known one: "off tamoxifen" ends no chemotherapy."""
        own = self._classes_of(old)
        given = own.union(*map(self._classes_of, old_in))
        told = [self._classes_of(fact) for fact in timed]
        return any(not names or not given or names & (own or given) for names in told)

    def _is_other(self, fact: Fact, old_in: Sequence[Fact]) -> bool:
        """Whether a single drug is denied that is none of those known."""
        if fact.status != "absent" or fact.kind == "intent" or fact.concept in self._classes_of(fact):
            return False
        slot = self._dialogue.slot("therapy")
        if slot is None or fact.concept in slot.concepts:
            return False
        is_a = self._vocabulary.is_a
        given = [old for old in old_in if old.status == "present" and old.kind != "intent"]
        return bool(given) and not any(is_a(old.concept, fact.concept) for old in given)

    def _classes_of(self, fact: Fact) -> frozenset[str]:
        """The classes of systemic therapy that a fact is of: concepts right below the slot's own."""
        slot = self._dialogue.slot("therapy")
        if slot is None:
            return frozenset()
        concepts = self._vocabulary.concepts
        names = (fact.concept, *self._vocabulary.ancestors(fact.concept))
        return frozenset(name for name in names if any(up in slot.concepts for up in concepts[name].is_a))

    def _phases(self, fact: Fact) -> frozenset[str]:
        return frozenset(name for name in fact.qualifiers if self._vocabulary.concepts[name].kind == "phase")

    def _without_phases(self, fact: Fact) -> frozenset[str]:
        return fact.qualifiers - self._phases(fact)

    def _in(self, slot: Selection, fact: Fact) -> bool:
        return self._reader.selects(slot, fact.concept)
