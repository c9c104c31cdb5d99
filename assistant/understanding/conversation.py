"""The patient over the turns: each turn adds facts, corrects earlier ones, or begins with a new patient."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Fact
from assistant.understanding.corrections import Corrections
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.dialogue_rules import Selection
from assistant.understanding.facts import FactReader
from assistant.understanding.therapies import Therapies
from assistant.vocabulary import Mention, Vocabulary

_BEFORE_ITEM = re.compile(r"(?:^|[.,;:(\n])\s*\Z")
_AFTER_ITEM = re.compile(r"\s*(?:[.,;)\n]|\Z)")


_AGE_KIND = "onset"  # the kind of words that tell how old a finding is; such a fact is about one told before


class Conversation:
    """Merges the facts of a turn into those known before it. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue, reader: FactReader) -> None:
        """`reader` tells which concepts a slot selects."""
        self._vocabulary = vocabulary
        self._dialogue = dialogue
        self._reader = reader
        self._corrections = Corrections(vocabulary, dialogue)
        self._therapies = Therapies(vocabulary, dialogue, reader)

    def merge(self, known: Sequence[Fact], new: Sequence[Fact], text: str) -> tuple[Fact, ...]:
        """Return what is known after the turn `text`, which states the facts `new`."""
        if not known:
            return tuple(new)
        correcting = self._dialogue.correction.search(text)
        kept = self._retold(known, new)
        new = [
            fact
            for fact in new
            if fact.kind != _AGE_KIND and (correcting or not self._is_overtaken(fact, known))
        ]
        taken: set[Fact] = set()
        for slot in self._dialogue.file.slots:
            old_in = [fact for fact in kept if self._in(slot, fact)]
            new_in = [fact for fact in new if self._in(slot, fact) and fact.status == "present"]
            if slot.id == "therapy":
                kept, new = self._therapies.merge(slot, kept, new, correcting)
                taken.update(fact for fact in new if self._in(slot, fact))
                continue
            if not new_in:
                continue
            taken.update(new_in)
            for fact in old_in:
                if not any(self._refines(one, fact, slot) for one in new_in):
                    kept.remove(fact)
        cancelled = [
            name
            for fact in new
            if fact.status == "present" and (correcting or self._dialogue.supposes(text))
            for name in self._dialogue.file.cancels.get(fact.concept, ())
        ]
        if cancelled:
            # What is named only in order to withdraw it is no finding either.
            named_before = {
                name for old in kept for name in (old.concept, *self._vocabulary.ancestors(old.concept))
            }
            new = [
                fact for fact in new if not (fact.concept in named_before and self._below(fact, cancelled))
            ]
            kept = [old for old in kept if not self._below(old, cancelled)]
        kept = self._settled(self._therapies.closed(kept, new), new)
        others = correcting or self._dialogue.others.search(text)
        for fact in new:
            left = []
            for old in kept:
                lasts = fact.status == old.status == "present" and self._lasts(old, self._onset(fact))
                if lasts or fact in taken or not self._replaces(fact, old, correcting, others):
                    left.append(old)
                else:
                    left += self._generalised(fact, old)
            kept = left
        return (*kept, *new)

    def without_guesses(
        self, text: str, known: Sequence[Fact], new: Sequence[Fact]
    ) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """Return what is known and what is new without the findings that the turn says were only a guess."""
        spans = list(self._dialogue.guessed.spans(text))
        guessed = {
            fact
            for fact in new
            if any(start <= fact.start < end for start, end in spans)
            and self._in(self._dialogue.file.guessed, fact)
        }
        names = {fact.concept for fact in guessed}
        left = (fact for fact in known if not any(self._covers(name, fact.concept) for name in names))
        return tuple(left), tuple(fact for fact in new if fact not in guessed)

    def without(self, known: Sequence[Fact], concepts: Sequence[str]) -> tuple[Fact, ...]:
        """Return the known findings without those of `concepts`, which a turn takes back."""
        targets = self._dialogue.file.resolution.targets
        return tuple(
            fact
            for fact in known
            if not (
                self._in(targets, fact) and any(self._covers(concept, fact.concept) for concept in concepts)
            )
        )

    def values(self, text: str, known: Sequence[Fact], new: Sequence[Fact], turn: int) -> tuple[Fact, ...]:
        """Return the values of known facts that a number alone corrects ("61, not 16")."""
        return self._corrections.values(text, known, new, turn)

    def without_old_values(self, text: str, known: Sequence[Fact], new: Sequence[Fact]) -> tuple[Fact, ...]:
        """Return the facts of a turn without the values that it takes back ("14F, not 24F")."""
        return self._corrections.without_old(text, known, new)

    def sites(
        self, text: str, mentions: Sequence[Mention], known: Sequence[Fact], new: Sequence[Fact], turn: int
    ) -> tuple[Fact, ...]:
        """Return the cancer that a site alone names in a correction ("breast, not lung"), or in an answer."""
        slot = self._dialogue.slot("cancer")
        if slot is None or any(self._names(slot, fact) for fact in new):
            return ()
        answer = bool(turn) and bool(known) and not any(self._names(slot, fact) for fact in known)
        correcting = self._corrections.corrects(text) or "not" in text.casefold().split()
        facts = self._reader.read_sites(text, turn, mentions, self._dialogue.file.sites)
        if not (answer or correcting or self._corrections.swaps(text, facts)):
            return ()
        facts = self._corrections.sites(text, facts, answer=answer)
        return facts if any(fact.status == "present" for fact in facts) else ()

    def _names(self, slot: Selection, fact: Fact) -> bool:
        """Whether a fact of the slot names one, and does not only say that it is not known."""
        return self._in(slot, fact) and not self._below(fact, self._dialogue.file.doubts)

    def lone_sites(
        self, text: str, mentions: Sequence[Mention], known: Sequence[Fact], new: Sequence[Fact], turn: int
    ) -> tuple[Fact, ...]:
        """Return the cancer that a site names where a stage or therapy is given and no cancer ("NACT, breast").

        A cancer that is only called a cancer gets its kind from a site that stands by itself ("breast. 61F").
        """
        sites = self._dialogue.file.lone_sites
        slots = self._dialogue.file.slots
        cancer = self._dialogue.slot("cancer")
        if cancer is None or not sites:
            return ()
        named = [
            fact
            for fact in (*known, *new)
            if self._in(cancer, fact) and fact.status not in {"absent", "family"}
        ]
        if any(fact.concept not in cancer.concepts for fact in named):
            return ()
        if named:
            return tuple(
                fact
                for fact in self._reader.read_sites(text, turn, mentions, self._dialogue.file.sites)
                if fact.status == "present" and _stands_alone(text, fact)
            )
        context = [one for one in slots if one.id in {"therapy", "stage"}]
        if not any(
            self._in(slot, fact) for slot in context for fact in (*known, *new) if fact.status == "present"
        ):
            return ()
        return tuple(
            fact for fact in self._reader.read_sites(text, turn, mentions, sites) if fact.status == "present"
        )

    def _retold(self, known: Sequence[Fact], new: Sequence[Fact]) -> list[Fact]:
        """The known findings, the last of them as old as the turn says that it is, if there is only one."""
        told = frozenset(fact.concept for fact in new if fact.kind == _AGE_KIND)
        targets = self._dialogue.file.resolution.targets
        findings = [fact for fact in known if fact.status == "present" and self._in(targets, fact)]
        last = [fact for fact in findings if fact.turn == max(one.turn for one in findings)]
        if not told or len({fact.concept for fact in last}) != 1:
            return list(known)
        recent = frozenset().union(*self._dialogue.file.lasting.values())
        return [
            replace(fact, qualifiers=self._without_doubt(fact.qualifiers - recent) | told)
            if fact in last and not self._lasts(fact, told)
            else fact
            for fact in known
        ]

    def _without_doubt(self, qualifiers: frozenset[str]) -> frozenset[str]:
        """Qualifiers without those by which nobody knows how old a finding is."""
        doubts = self._dialogue.file.trailing
        return frozenset(
            name for name in qualifiers if not any(self._vocabulary.is_a(name, doubt) for doubt in doubts)
        )

    def _is_overtaken(self, fact: Fact, known: Sequence[Fact]) -> bool:
        """Whether a plan is told of what was told as done before, and was never told as a plan."""
        is_a = self._vocabulary.is_a
        return any(
            is_a(fact.concept, plan)
            and any(is_a(old.concept, done) and old.status in {"present", "historical"} for old in known)
            and not any(is_a(old.concept, plan) for old in known)
            for plan, done in self._dialogue.file.overtaken.items()
        )

    def _settled(self, known: Sequence[Fact], new: Sequence[Fact]) -> list[Fact]:
        """The known findings, as old as a later turn says what they are kinds of to be: "the pain is her usual one"."""
        told = [
            (fact.concept, onset)
            for fact in new
            if fact.status in {"present", "historical"}
            and (onset := self._onset(fact)) & self._dialogue.excuses
        ]
        made = []
        for fact in known:
            for concept, onset in told:
                if self._lasts(fact, onset):
                    continue
                if fact.concept != concept and self._vocabulary.is_a(fact.concept, concept):
                    fact = replace(fact, qualifiers=(fact.qualifiers - self._onset(fact)) | onset)
            made.append(fact)
        return made

    def _lasts(self, old: Fact, onset: frozenset[str]) -> bool:
        """Whether a new finding is only said to be as it was: it stays new ("new pain ... is unchanged, severe")."""
        lasting = self._dialogue.file.lasting
        stays = any(name in onset and not lasting[name].isdisjoint(old.qualifiers) for name in lasting)
        return stays and (onset & self._dialogue.excuses) <= lasting.keys()

    def _onset(self, fact: Fact) -> frozenset[str]:
        return frozenset(
            name for name in fact.qualifiers if self._vocabulary.concepts[name].kind == _AGE_KIND
        )

    def _below(self, fact: Fact, names: Sequence[str]) -> bool:
        return any(self._vocabulary.is_a(fact.concept, name) for name in names)

    def _in(self, slot: Selection, fact: Fact) -> bool:
        return self._reader.selects(slot, fact.concept)

    def _refines(self, new: Fact, old: Fact, slot: Selection) -> bool:
        """Whether two facts of one slot can both hold: one is a kind of the other, or both of the same thing."""
        is_a = self._vocabulary.is_a
        if is_a(new.concept, old.concept) or is_a(old.concept, new.concept):
            return new.concept != old.concept
        roots = set(slot.concepts) | {name for name in self._vocabulary.concepts if name in slot.concepts}
        shared = (self._vocabulary.ancestors(new.concept) & self._vocabulary.ancestors(old.concept)) - roots
        return bool(shared) and old.status == "present"

    def _generalised(self, new: Fact, old: Fact) -> list[Fact]:
        """What stays of a cancer whose kind is withdrawn: "not inflammatory" leaves it a breast cancer."""
        concepts = self._vocabulary.concepts
        slot = self._dialogue.slot("cancer")
        if new.status != "absent" or old.status != "present" or slot is None or not self._in(slot, old):
            return []
        parents = [name for name in concepts[old.concept].is_a if name not in slot.concepts]
        return [
            replace(old, concept=name, kind=concepts[name].kind)
            for name in parents
            if not concepts[name].unnamed and self._reader.selects(slot, name)
        ]

    def _replaces(self, new: Fact, old: Fact, correcting: bool, others: bool) -> bool:
        below = self._covers(new.concept, old.concept)
        if new.status == "family":
            # "Her mother has hip pain too" takes nothing back; "those bloods were the next bed's" does.
            return others and below
        if new.concept == old.concept:
            return True
        # A corrected reading of a whole panel withdraws what was said of each of its tests.
        if correcting and new.reading is not None and old.reading is not None:
            return below
        # "Actually no pain" withdraws every kind of pain.
        return new.status == "absent" and old.status == "present" and below

    def _covers(self, concept: str, old: str) -> bool:
        """Whether what is said of a concept is said of the old one: a kind of it, or of what it stands for."""
        names = (concept, *self._dialogue.file.covers.get(concept, ()))
        return any(self._vocabulary.is_a(old, name) for name in names)


def _stands_alone(text: str, fact: Fact) -> bool:
    """Whether a fact's words are an item of their own between marks."""
    return bool(_BEFORE_ITEM.search(text[: fact.start]) and _AFTER_ITEM.match(text, fact.end))
