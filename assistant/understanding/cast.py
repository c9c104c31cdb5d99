"""The patients of one conversation, one after another: whom a turn begins with, and to whom it comes back.

What is known of one is never known of the next. "Back to the first lady" takes up again what was known of her.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.types import Fact
from assistant.understanding.dialogue import Dialogue

_PART_END = re.compile(r"[,;:!?\n]|\.(?=\s|\Z)|\b(?=(?:this one|she|he)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class State:
    """What is known after some turns of the patient spoken of; `last` are the facts that the last turn states.

    `real` is what was known before a scene was made up ("what if ..."), as long as that is spoken of. `others` are
    what was known of the patients spoken of before, the last one last; `place` counts the patients.
    """

    facts: tuple[Fact, ...] = ()
    patient: bool = False
    contradictions: tuple[str, ...] = ()
    last: tuple[Fact, ...] = ()
    studies: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    label: str = ""
    others: tuple[State, ...] = ()
    place: int = 0
    real: tuple[Fact, ...] | None = None


class Cast:
    """Tells which patient a turn is about. Stateless between calls."""

    def __init__(self, dialogue: Dialogue) -> None:
        """`dialogue` holds the cues by which a turn begins with a patient or comes back to one."""
        self._dialogue = dialogue
        self._returning = tuple(re.compile(one, re.IGNORECASE) for one in dialogue.file.returning.patterns)
        self._values = frozenset(dialogue.file.values.concepts)
        self._order = dialogue.file.persons.order

    def follow(self, state: State, text: str, new: Sequence[Fact], *, portrait: bool, seen: str) -> State:
        """Return what is known of the patient whom the turn `text` is about, before the turn.

        `new` are the facts that it states; `portrait`: they draw a whole patient. `seen` is the turn with names
        in it; a name before the age that is known is that of the same patient.
        """
        named = self.label(text, "" if self._is_of_age(state, new) else seen)
        back = self._earlier(state, text, seen, named)
        if back is not None:
            others = tuple(one for one in state.others if one is not back)
            return replace(back, others=(*others, replace(state, others=())))
        if self._resets(text, state.label, named) or (portrait and self._differs(state, text, new)):
            # Who was never spoken of as a patient is nobody to come back to.
            others = (*state.others, replace(state, others=())) if state.facts else state.others
            return State(label=named, others=others, place=len(others))
        return self._awake(replace(state, label=named or state.label), text)

    def _awake(self, state: State, text: str) -> State:
        """The state without what was only made up before, or with what it was before something is made up."""
        if self._dialogue.supposes(text):
            return state if state.real is not None or not state.facts else replace(state, real=state.facts)
        if state.real is None or self._dialogue.supposed_on.search(text):
            return state
        return replace(state, facts=state.real, real=None)

    def of_kin(self, text: str, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """Return the facts of a first turn, as those of the patient where it asks for a relative alone.

        "My mum is on neoadjuvant chemo ..., which scan should she have?"
        """
        told = [fact for fact in facts if fact.kind != "demographic"]
        if not told or not self._dialogue.kin.search(text) or any(fact.status != "family" for fact in told):
            return facts
        return tuple(replace(fact, status="present") if fact.status == "family" else fact for fact in facts)

    def of_the_patient(self, text: str, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        """Return the facts without those in parts of the text that speak of other people.

        What is said to be another's stays: it may take back what was told before.
        """
        parts = [
            (start, end) for start, end in _parts(text) if self._dialogue.elsewhere.search(text[start:end])
        ]
        return tuple(
            fact
            for fact in facts
            if fact.status == "family" or not any(start <= fact.start < end for start, end in parts)
        )

    def label(self, text: str, seen: str) -> str:
        """The label under which a turn tells of a patient ("case 9:", a name in `seen`), or ""."""
        for patterns, where in ((self._dialogue.labels, text), (self._dialogue.named, seen)):
            for pattern in patterns:
                found = pattern.search(where)
                if found:
                    return found["label"].casefold()
        return ""

    def _is_of_age(self, state: State, new: Sequence[Fact]) -> bool:
        """Whether the turn tells the age that is known of a patient who has no label yet."""
        ages, told = self._ages(state.facts), self._ages(new)
        return not state.label and not ages.isdisjoint(told)

    def _ages(self, facts: Sequence[Fact]) -> frozenset[float]:
        return frozenset(
            fact.value for fact in facts if fact.concept in self._values and fact.value is not None
        )

    def _resets(self, text: str, label: str, named: str) -> bool:
        """Whether a turn begins with another patient than the one that was labelled `label` ("" for none)."""
        if self._dialogue.reset.search(text):
            return True
        first = self._dialogue.file.first_labels
        return bool(named) and named != label and (bool(label) or named not in first)

    def _differs(self, state: State, text: str, new: Sequence[Fact]) -> bool:
        """Whether a whole patient is drawn whose age is not the known one, without a word of correction."""
        ages = [self._ages(facts) for facts in (state.facts, new)]
        return all(ages) and ages[0].isdisjoint(ages[1]) and not self._dialogue.correction.search(text)

    def _earlier(self, state: State, text: str, seen: str, named: str) -> State | None:
        """The patient to whom the turn comes back, if it does."""
        if not state.others:
            return None
        if named and named != state.label:
            return next((one for one in state.others if self._is_labelled(one, named)), None)
        places = ((one, where) for where in (text, seen) for one in self._returning)
        match = next((found for one, where in places if (found := one.search(where))), None)
        if match is None:
            return None
        which = match["which"].casefold()
        called = next((one for one in state.others if which == one.label), None)
        if called is not None:
            return called
        if which.isdecimal():
            value = float(which)
            return next(
                (
                    one
                    for one in state.others
                    if any(fact.concept in self._values and fact.value == value for fact in one.facts)
                ),
                None,
            )
        place = self._order.get(which)
        if place is None:
            return state.others[-1]
        return next((one for one in state.others if one.place == place), None)

    def _is_labelled(self, state: State, named: str) -> bool:
        return state.label == named or (
            not state.label and not state.place and named in self._dialogue.file.first_labels
        )


def _parts(text: str) -> list[tuple[int, int]]:
    edges = [0, *(match.end() for match in _PART_END.finditer(text)), len(text)]
    return list(pairwise(edges))
