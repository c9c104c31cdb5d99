"""What a turn asks: for a study, for anything, for the same again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.understanding.assertion import sentences, write_marks
from assistant.understanding.dialogue import Dialogue
from assistant.understanding.identifiers import blank_spans
from assistant.vocabulary import Mention

_STUDY_KINDS = frozenset({"study", "study-group", "modifier", "tracer"})


class Asking:
    """Tells what single turns ask. Stateless between calls."""

    def __init__(self, dialogue: Dialogue, folder: Path) -> None:
        """`folder` holds the marks of sentences."""
        self._dialogue = dialogue
        self._folder = folder

    def questions(self, text: str) -> str:
        """Return the sentences of a text with a question mark; without any, those that ask for a study, or ""."""
        parts = [text[start : end + 1].strip() for start, end in sentences(text, self._folder)]
        asked = [part for part in parts if "?" in part]
        return " ".join(asked or [part for part in parts if self._dialogue.recommendation.search(part)])

    def asks_again(self, text: str) -> bool:
        """Whether a text asks for a study and names nothing else: "so which one for her?", "for bed 6?"."""
        words = [word for word in re.findall(r"\w+", self.questions(text).casefold()) if not word.isdecimal()]
        return bool(words) and self._dialogue.again_words.issuperset(words)

    def is_courtesy(self, text: str) -> bool:
        """Whether a text is nothing but thanks, assent or farewell: "ok great, thanks a lot"."""
        words = re.findall(r"\w+", text.casefold())
        courteous = self._dialogue.courtesy_words.issuperset(words) and "?" not in text
        return courteous and not self._dialogue.courtesy_heads.isdisjoint(words)

    def asks(self, text: str) -> bool:
        """Whether a sentence of the text asks something; a mark that opens one only doubts ("? bone mets")."""
        text = write_marks(text, self._folder)
        return any(
            self._dialogue.asks(text[start : end + 1].lstrip("? "))
            for start, end in sentences(text, self._folder)
        )

    def recommends(self, text: str, mentions: Sequence[Mention]) -> bool:
        """Whether a turn asks for a study."""
        return self._dialogue.recommendation.search(text) or self._names_only_studies(text, mentions)

    def _names_only_studies(self, text: str, mentions: Sequence[Mention]) -> bool:
        """Whether a question ends in nothing but studies to choose from ("... bone scan vs PET-CT?")."""
        for start, end in sentences(text, self._folder):
            if "?" not in text[start : end + 1]:
                continue
            inside = [one for one in mentions if start <= one.start < end]
            others = [one.end for one in inside if one.kind not in _STUDY_KINDS]
            begin = max(others, default=start)
            studies = [(one.start, one.end) for one in inside if one.start >= begin]
            words = re.findall(r"\w+", blank_spans(text, studies)[begin:end].casefold())
            if studies and all(word in self._dialogue.choice_words for word in words):
                return True
        return False
