"""The concepts of one turn in their sentences and clauses, each with the assertion status that counts for a patient."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.types import AssertionStatus
from assistant.understanding.assertion import Assertion, assert_spans, clauses, sentences
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.dialogue_rules import Selection
from assistant.vocabulary import Mention, Vocabulary

_SOUGHT_REACH = 48  # characters beside a finding in which a text says that it is only looked for
_ALWAYS_PRESENT = frozenset({"demographic"})
_OPEN_REACH = 80  # characters around a word in which it is left open
_BESIDE = 24  # characters behind the words that leave it so
_NEAR = re.compile(r"[\W_]*(?:\w+[\W_]+)?")  # what may stand before them
_INTENT = "intent"
_NAMED_KINDS = frozenset({"intent", "therapy"})
_LIST_MARK = re.compile(r"[,;/|\n]")
_ALTERNATIVE = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_LIST_GAP = re.compile(r"[\s,/&+]*(?:(?:and|or|with|plus)[\s,]*)?", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Item:
    """A mention in its sentence and clause (numbers of them), with its status."""

    mention: Mention
    status: AssertionStatus
    sentence: int
    clause: int


def are_listed(text: str, items: Sequence[Item], one: int, other: int) -> bool:
    """Whether two neighbours, by their places, are enumerated: "jaundice and cough"."""
    left, right = sorted((one, other))
    gap = text[items[left].mention.end : items[right].mention.start]
    return _LIST_GAP.fullmatch(gap) is not None


class ItemReader:
    """Reads the items of single turns. Stateless between calls."""

    def __init__(self, vocabulary: Vocabulary, dialogue: Dialogue, folder: Path) -> None:
        """`folder` holds the context cues."""
        self._vocabulary = vocabulary
        self._dialogue = dialogue
        self._folder = folder
        file = dialogue.file
        self._cue_kinds = frozenset(file.cue_kinds)
        self._cue_concepts = frozenset(file.cue_concepts)
        self._worded = frozenset(file.worded)
        self._denials = frozenset(file.denials)
        self._doubts = Selection(concepts=file.doubts)

    def read(self, text: str, mentions: Sequence[Mention]) -> list[Item]:
        """Return the items of a text, in the order of its mentions."""
        if not mentions:
            return []
        found = self._assertions(text, mentions)
        whole = sentences(text, self._folder)
        starts = [start for start, _ in whole]
        parts = [start for start, _ in clauses(text, self._folder)]
        supposed = {bisect_right(starts, start) for start in self._supposed(text)}
        items = []
        for position, (mention, one) in enumerate(zip(mentions, found, strict=True)):
            sentence = bisect_right(starts, mention.start)
            span = whole[sentence - 1] if sentence else (0, len(text))
            status = one.status
            if mention.concept in self._denials and status == "absent":
                status = "present"
            elif mention.kind in _ALWAYS_PRESENT:
                status = self._demographic(mention, status)
            elif self.selects(self._dialogue.file.diagnoses, mention.concept):
                status = self._diagnosis(text, mentions, position, one, span)
            if self._titled(text, mention, span) or (status == "absent" and self._asked(text, mention, span)):
                status = "hypothetical"
            elif status == "hypothetical" and sentence in supposed and self._is_supposable(mention):
                status = "present"
            elif status == "present" and self._sought(text, mention, span):
                status = "hypothetical"
            elif status == "present" and (
                self._reported(text, mention, span) or self._is_open(text, mention, span)
            ):
                status = "possible"
            if status != "family" and self.selects(self._doubts, mention.concept):
                status = "present"
            items.append(Item(mention, status, sentence, bisect_right(parts, mention.start)))
        return items

    def _supposed(self, text: str) -> list[int]:
        """Where a scene is made up, save for one of which the text then says that it is not so yet."""
        until = max((start for start, _ in self._dialogue.unsupposed.spans(text)), default=-1)
        cues = (self._dialogue.suppose, self._dialogue.weighed)
        return [start for one in cues for start, end in one.spans(text) if end > until]

    def selects(self, selection: Selection, concept: str) -> bool:
        """Whether a concept is of the selection."""
        if self._vocabulary.concepts[concept].kind in selection.kinds:
            return True
        return any(self._vocabulary.is_a(concept, name) for name in selection.concepts)

    def _assertions(self, text: str, mentions: Sequence[Mention]) -> list[Assertion]:
        # The words of one finding are no cue for another; those of a qualifier ("suspected", "resolved") may be one.
        found: dict[Mention, Assertion] = {}
        for cues in (False, True):
            group = [
                one
                for one in mentions
                if (one.kind in self._cue_kinds or one.concept in self._cue_concepts) is cues
            ]
            made = assert_spans(text, [(one.start, one.end) for one in group], self._folder)
            found.update(zip(group, made, strict=True))
        return [found[one] for one in mentions]

    def _demographic(self, mention: Mention, status: AssertionStatus) -> AssertionStatus:
        """Who the patient is holds whatever cues stand near, unless it is said of another person or time."""
        if mention.concept in self._worded:
            return status
        return "family" if status == "family" and mention.value is not None else "present"

    def _is_supposable(self, mention: Mention) -> bool:
        """Whether a made-up scene makes it a fact: a finding or the patient, not what a scan may yet show."""
        return not self.selects(self._dialogue.file.outcomes, mention.concept)

    def _diagnosis(
        self, text: str, mentions: Sequence[Mention], position: int, one: Assertion, sentence: tuple[int, int]
    ) -> AssertionStatus:
        """The status of a diagnosis or a therapy, which is no member of a list of symptoms.

        "No symptoms, breast cancer on chemotherapy" denies no cancer, "?mets 38F breast cancer" asks about
        none, and in "NACT 4/6, neuro: negative" the answer is another item's.
        """
        if one.cue is None or one.status not in {"absent", "possible"}:
            return one.status
        mention = mentions[position]
        if (
            one.status == "absent"
            and mention.kind == _INTENT
            and self._dialogue.withdrawn.search(text, *one.cue)
        ):
            return "possible"
        if one.cue[1] <= mention.start:
            gap = text[one.cue[1] : mention.start]
            nearer = any(
                one.cue[1] <= other.start < mention.start
                and not self._is_said_of(text[other.end : mention.start])
                for other in mentions
            )
            parted = bool(_LIST_MARK.search(gap)) or (one.status == "possible" and nearer)
            listed = _ALTERNATIVE.search(text, one.cue[1], sentence[1]) is not None
            return "present" if parted and not listed else one.status
        if one.cue[0] >= mention.end and one.status == "absent":
            gap = text[mention.end : one.cue[0]]
            return "present" if _LIST_MARK.search(gap) and _LETTERS.search(gap) else one.status
        return one.status

    def _is_said_of(self, gap: str) -> bool:
        """Whether only a linking word parts two mentions: the one is what the other is said to be."""
        words = gap.split()
        return bool(words) and any(
            end - start == len(gap.strip()) for start, end in self._dialogue.links.spans(gap.strip())
        )

    def _is_open(self, text: str, mention: Mention, sentence: tuple[int, int]) -> bool:
        """Whether the sentence names it as one of several that may be so."""
        if not self.selects(self._dialogue.file.open.targets, mention.concept):
            return False
        low, high = max(sentence[0], mention.start - _OPEN_REACH), min(sentence[1], mention.end + _OPEN_REACH)
        return any(
            _NEAR.fullmatch(text[mention.end : low + start])
            if mention.end <= low + start
            else mention.start - low <= end + _BESIDE
            for start, end in self._dialogue.left_open.spans(text[low:high])
        )

    def _titled(self, text: str, mention: Mention, sentence: tuple[int, int]) -> bool:
        """Whether a therapy only names what somebody's rules are about."""
        return mention.kind in _NAMED_KINDS and self._dialogue.titled.search(text[mention.end : sentence[1]])

    def _asked(self, text: str, mention: Mention, sentence: tuple[int, int]) -> bool:
        """Whether what is denied is only asked: "is she then not on neoadjuvant therapy any more?"."""
        start, end = sentence
        return (
            self.selects(self._dialogue.file.asked_denials, mention.concept)
            and "?" in text[mention.end : end + 1]
            and self._dialogue.denial_asked.search(text[start : mention.start]) is not None
        )

    def _reported(self, text: str, mention: Mention, sentence: tuple[int, int]) -> bool:
        """Whether a spread of the disease is what a report says that findings look like."""
        rule, cues = self._dialogue.file.sought, self._dialogue.sought_reported
        if rule is None or cues is None or not self.selects(rule, mention.concept):
            return False
        return cues.search(text[max(0, mention.start - _SOUGHT_REACH, sentence[0]) : mention.start])

    def _sought(self, text: str, mention: Mention, sentence: tuple[int, int]) -> bool:
        """Whether a spread of the disease is only what a study is to look for ("scan for mets", "mets survey")."""
        before, after = self._dialogue.sought_before, self._dialogue.sought_after
        rule = self._dialogue.file.sought
        if rule is None or before is None or after is None or not self.selects(rule, mention.concept):
            return False
        behind = text[max(0, mention.start - _SOUGHT_REACH, sentence[0]) : mention.start]
        start, end = sentence
        asked = "?" in text[start : end + 1] and self._dialogue.asking.search(text[start:end])
        if asked and self._dialogue.sought_asked and self._dialogue.sought_asked.search(behind):
            return True
        return before.search(behind) or after.search(text[mention.end : mention.end + _SOUGHT_REACH])
