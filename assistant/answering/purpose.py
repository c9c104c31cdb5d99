"""What a question is after: a fact that stands in the text or not, or which study somebody is to have."""

from __future__ import annotations

from assistant.answering.evidence import Evidence
from assistant.answering.evidence_reader import Asked
from assistant.guidelines.schema import Topic

# So sure must be what is asked that a patient beside it does not count. Most wrong topics score less.
_SURE = 8.0
_FEW_WORDS = 3


class Purpose:
    """Tells questions for a fact from those for a study, by what they name and ask and by what answers them."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._file = evidence.reader.aspects.file
        self._factual = self._file.factual | evidence.reader.aspects.unstated

    def asks_fact(self, asked: Asked, row: int, score: float) -> bool:
        """Whether a part surely asks for a fact, if record `row` is its best with `score`.

        A part that names a study asks for it, unless it asks something of it that is no choice, or tells
        what it showed.
        """
        record = self._evidence.records[row]
        if record.guideline is None or score < _SURE:
            return False
        facts = asked.aspects & self._factual
        if isinstance(record.item, Topic):
            facts &= frozenset(record.item.aspects)
            if not facts and not self._file.deciding.isdisjoint(record.item.aspects):
                return False
        names = self._names_study(asked)
        if names and not asked.aspects.isdisjoint(self._file.choosing):
            return False
        if facts and asked.names_each(self._evidence.records[row].item.about):
            return True
        if names and not self._tells_result(asked):
            return False
        return len(asked.text.split()) > _FEW_WORDS

    def only_chooses(self, asked: Asked) -> bool:
        """Whether a request names and asks nothing that the decision on a patient does not tell by itself.

        So are "which staging scan first for her?" and "scan?". What names no choice says nothing more at all.
        """
        plain, concepts = self._file.plain, self._evidence.reader.vocabulary.concepts
        chooses = not asked.aspects.isdisjoint(self._file.choosing)
        return (
            asked.aspects <= (plain.aspects if chooses else frozenset())
            and len(asked.words) <= (_FEW_WORDS if chooses else 0)
            and all(
                one in plain.concepts or (one in concepts and concepts[one].kind in plain.kinds)
                for one in asked.concepts
            )
        )

    def only_tabled(self, asked: Asked) -> bool:
        """Whether a part asks for what the table of rated studies says, and names nothing else ("and the dose?")."""
        tabled, concepts = self._file.tabled, self._evidence.reader.vocabulary.concepts
        return (
            bool(asked.aspects)
            and asked.aspects <= tabled.aspects
            and len(asked.words) <= 1
            and all(
                one in tabled.concepts or (one in concepts and concepts[one].kind in tabled.kinds)
                for one in asked.concepts
            )
        )

    def _names_study(self, asked: Asked) -> bool:
        concepts = self._evidence.reader.vocabulary.concepts
        return any(
            one in concepts and (concepts[one].kind in self._file.requested or one in self._file.requests)
            for one in asked.concepts
        )

    def _tells_result(self, asked: Asked) -> bool:
        """Whether the part tells what a study showed."""
        concepts = self._evidence.reader.vocabulary.concepts
        return any(
            one in self._file.told or (one in concepts and concepts[one].kind in self._file.results)
            for one in asked.concepts
        )
