"""A question about a patient, without the patient: what is asked is told apart from what is known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.aspects import Aspects, plain_text
from assistant.vocabulary import Mention, Vocabulary

_MIN_FACTS = 3
_MANY_FACTS = 5
_MANY_KINDS = 5


class PatientMask:
    """Finds descriptions of patients in a question and takes them out."""

    def __init__(self, vocabulary: Vocabulary, aspects: Aspects) -> None:
        self._vocabulary = vocabulary
        self._aspects = aspects
        self._file = aspects.file
        self._factual = self._file.factual | aspects.unstated
        self._behind = self._factual | self._file.deciding
        self._breaks = re.compile(aspects.file.breaks)
        self._opens = re.compile(rf"\b(?:{'|'.join(aspects.file.interrogatives.split())})\b")

    def mask(self, text: str) -> str | None:
        """Return what `text` says beside its patient's facts, perhaps nothing; None if it describes no patient."""
        facts = self._facts(text)
        return None if facts is None else " ".join(self._beside(text, facts))

    def opens(self, text: str) -> bool:
        """Whether a text has a question word."""
        return self._opens.search(plain_text(text)) is not None

    def describes(self, text: str) -> bool:
        """Whether `text` tells facts of a patient."""
        return self._facts(text) is not None

    def _facts(self, text: str) -> list[Mention] | None:
        """The facts in a text; None if they are too few to be a patient's."""
        facts = [one for one in self._vocabulary.find(text) if one.kind in self._file.facts]
        person = any(one.kind in self._file.persons for one in facts)
        enough = person or len({one.kind for one in facts}) >= _MANY_KINDS
        return facts if enough and len(facts) >= (_MIN_FACTS if person else _MANY_FACTS) else None

    def _beside(self, text: str, facts: Sequence[Mention]) -> Iterator[str]:
        """The clauses without facts; of one with facts, what stands before them and asks, and after them.

        What stands behind the facts ends the question that was opened before them ("is a man within its scope?").
        A fact is asked for without a question word, too ("convert the dose ... for a woman of 40").
        """
        start = 0
        ends = [match.span() for match in self._breaks.finditer(text)]
        for end, after in (*ends, (len(text), len(text))):
            inside = [one for one in facts if one.start < end and one.end > start]
            if not inside:
                yield text[start:end].strip()
            else:
                before, behind = text[start : inside[0].start], text[inside[-1].end : end]
                opened = self._asks(before, self._factual)
                if opened:
                    yield before.strip()
                if opened or self._asks(behind, self._behind):
                    yield behind.strip()
            start = after

    def _asks(self, text: str, wanted: frozenset[str]) -> bool:
        """Whether a piece of a clause has a question word, or asks something of the `wanted` aspects."""
        if not text.strip():
            return False
        return self._opens.search(plain_text(text)) is not None or not wanted.isdisjoint(
            self._aspects.find(text)
        )
