"""TopicFinder: from a question to the topics that answer it, or to what the text does not state.

    question -> parts (instructions stripped, several questions split) -> what each names and asks
             -> evidence for every topic and every unstated thing -> the best one, or silence

Nothing here is generated and nothing is learned at run time: the same question gives the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.aspects import Aspects
from assistant.answering.evidence import Evidence
from assistant.answering.evidence_reader import Asked, Reader
from assistant.answering.evidence_records import Bank, bank_texts
from assistant.answering.parts import Splitter
from assistant.answering.parts_patient import PatientMask
from assistant.answering.premise import Claim, find_claims
from assistant.answering.silence import Silence
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic, Unstated
from assistant.vocabulary import Vocabulary

__all__ = ["Bank", "Claim", "Found", "TopicFinder", "bank_texts"]

# Weights of Evidence.FEATURES, fitted on the development questions with a penalty on size.
WEIGHTS = np.array(
    [
        5.72,
        5.24,
        2.72,
        0.68,
        1.60,
        2.50,
        -1.93,
        0.51,
        -0.55,
        1.13,
        1.74,
        -1.32,
        0.82,
        -1.72,
        -1.47,
        -0.78,
        -1.11,
        -0.48,
        -0.66,
        1.12,
    ],
    np.float32,
)
_FAQ_COSINE = 0.45
_FAQ_MARGIN = 5.0
_NEAREST = 3
_REST_WEIGHT = 0.35
_REST_MARGIN = 6.0
_FEW_WORDS = 1
_SHORT = 4
_LEAN_MARGIN = 1.0
_SAME_WORDING = 4.0
_TOLD_WORDS = 25
_SAID = 0.6  # what stands only in a topic's statements is not what it is about


@dataclass(frozen=True, slots=True)
class Found:
    """The topics that answer a question, best first or one per part in the order asked; or what is not stated.

    `unstated` is what was asked and the text does not state (a record, or a plain name), `nearest` what it
    states nearest. `in_domain` is False for what no guideline is about. `premise` are ratings that the
    question claims and the guideline does not give.
    """

    topics: tuple[Topic, ...] = ()
    unstated: tuple[Unstated | str, ...] = ()
    nearest: tuple[Topic, ...] = ()
    guideline: str | None = None
    in_domain: bool = True
    premise: tuple[Claim, ...] = ()


class TopicFinder:
    """Finds topics by concepts, aspects, words and meaning. `bank` indexes `bank_texts(guidelines, vocabulary)`."""

    def __init__(
        self, guidelines: Sequence[Guideline], vocabulary: Vocabulary, bank: Bank, aspects: Aspects
    ) -> None:
        self._guidelines = tuple(guidelines)
        self._bank = bank
        self._reader = Reader(vocabulary, aspects)
        self._evidence = Evidence(guidelines, self._reader)
        self._splitter = Splitter(aspects)
        self._silence = Silence(self._evidence)
        self._patients = PatientMask(vocabulary, aspects)

    def find(self, question: str, *, studies: Sequence[str] = (), context: Sequence[str] = ()) -> Found:
        """Return what answers `question`; `studies` and `context` are concepts that earlier turns named."""
        text = self._splitter.clean(question)
        whole = self._reader.read(text)
        if not self._silence.readable(text, len(whole.concepts)):
            return Found(in_domain=False)
        topics: dict[tuple[str, str], Topic] = {}
        unstated: dict[str, Unstated | str] = {}
        nearest: dict[str, Topic] = {}
        guideline: str | None = None
        carried = [*studies, *context] or self._subject(whole)
        elsewhere = False
        described, told = self._patients.describes(text), ""
        for part in self._splitter.split(text):
            asked = self._reader.read(part.text)
            if not part.asks and not described:
                told = f"{told} {part.text}".strip()
            if part.asks:
                full = f"{told} {part.text}".strip()
                if told and len(full.split()) <= _TOLD_WORDS:
                    asked, told = self._reader.read(full), ""
                asked, ranked = self._read_part(asked, whole, carried, described)
                row = ranked[0][0]
                record = self._evidence.records[row]
                if record.guideline is None:
                    elsewhere = True
                    continue
                guideline = guideline or record.guideline.id
                lacking = self._silence.lacking(asked, row)
                if lacking:
                    for item in lacking:
                        unstated.setdefault(item if isinstance(item, str) else item.id, item)
                    for topic in self._near(ranked, lacking):
                        nearest.setdefault(topic.id, topic)
                elif record.topic is not None:
                    topics.setdefault((record.guideline.id, record.topic.id), record.topic)
                    for name in self._silence.particular(asked):
                        unstated.setdefault(name, name)
                    for also in self._rest(asked, ranked):
                        topics.setdefault((record.guideline.id, also.id), also)
            carried = self._subject(asked) or carried
        if elsewhere and not topics and not unstated:
            return Found(in_domain=False)
        premise = find_claims(text, self._guidelines, self._reader.vocabulary)
        return Found(
            tuple(topics.values()),
            tuple(unstated.values()),
            tuple(nearest.values())[:_NEAREST],
            guideline,
            True,
            premise,
        )

    def faq(self, query: str, k: int = 3) -> tuple[Topic, ...]:
        """Return up to `k` FAQ topics near `query`, best first; none when none is near.

        Near is what its wordings come close to, and what falls not far behind the best answer of all.
        """
        asked = self._reader.read(query)
        table = self._evidence.features(asked, self._bank.scores(asked.canonical))
        scores = np.round(table @ WEIGHTS, 5)
        near: list[Topic] = []
        for row in np.argsort(-scores, kind="stable"):
            topic = self._evidence.records[row].topic
            if scores[row] < scores.max() - _FAQ_MARGIN:
                break
            if topic is not None and topic.faq and table[row, 0] >= _FAQ_COSINE:
                near.append(topic)
        return tuple(near[:k])

    def rank(self, asked: Asked) -> list[tuple[int, float]]:
        """Return all records as (row, score), best first, ties in the order of the files."""
        table = self._evidence.features(asked, self._bank.scores(asked.canonical))
        scores = np.round(table @ WEIGHTS, 5)
        same = self._evidence.wording(asked)
        if same is not None:
            scores[same] += _SAME_WORDING
        order = np.argsort(-scores, kind="stable")
        return [(int(row), float(scores[row])) for row in order]

    def _read_part(
        self, asked: Asked, whole: Asked, carried: Sequence[str], described: bool
    ) -> tuple[Asked, list[tuple[int, float]]]:
        """Return a part as it is to be read, and the records ranked for it.

        A patient's facts are no question: what stands beside them is asked. If nothing does, a study is
        asked for, and the text is never silent on that.
        """
        if described and self._bare(asked):
            return asked, self._choices(whole)
        if self._empty(asked):
            asked = whole
        beside = self._patients.mask(asked.text)
        if beside is None:
            return self._lean(asked, carried)
        reduced = self._reader.read(beside)
        if self._bare(reduced):
            return reduced, self._choices(asked)
        return self._lean(reduced, carried)

    def _choices(self, asked: Asked) -> list[tuple[int, float]]:
        """The ranked topics on which study to choose; all records where no guideline has one."""
        ranked, choice = self.rank(asked), self._reader.aspects.file.choice
        topics = [(row, score) for row, score in ranked if self._evidence.records[row].topic is not None]
        return [one for one in topics if choice in self._evidence.records[one[0]].item.aspects] or ranked

    def _bare(self, asked: Asked) -> bool:
        """Whether nothing is asked beyond which study to order."""
        file, concepts = self._reader.aspects.file, self._reader.vocabulary.concepts
        about = [
            one for one in asked.concepts if self._is_subject(one) and concepts[one].kind not in file.studies
        ]
        chooses = len(asked.text.split()) <= _SHORT or not asked.aspects.isdisjoint(file.choosing)
        plain = self._reader.aspects.vague.union(file.choosing)
        return chooses and not about and len(asked.words) <= _FEW_WORDS and asked.aspects <= plain

    def _rest(self, asked: Asked, ranked: list[tuple[int, float]]) -> list[Topic]:
        """Topics for what the question names and its best topic does not speak of, if they come near."""
        evidence = self._evidence
        best, score = ranked[0]
        found: list[Topic] = []
        for concept in asked.concepts:
            explains = evidence.explains(concept)
            if evidence.weight(concept) < _REST_WEIGHT or explains[best] > _SAID:
                continue
            for row, other in ranked[1:]:
                if other < score - _REST_MARGIN:
                    break
                topic = evidence.records[row].topic
                if (
                    topic is not None
                    and explains[row] == 1.0
                    and evidence.records[row].guideline is evidence.records[best].guideline
                ):
                    found.append(topic)
                    break
        return found

    def _subject(self, asked: Asked) -> list[str]:
        """The first concepts that a later part may lean on."""
        return [concept for concept in asked.concepts if self._is_subject(concept)][:2]

    def _empty(self, asked: Asked) -> bool:
        """Whether a part says nothing of its own ("what does the guidance say on this?")."""
        return (
            not asked.words
            and not any(self._is_subject(concept) for concept in asked.concepts)
            and not (asked.aspects - self._reader.aspects.vague)
        )

    def _lean(self, asked: Asked, carried: Sequence[str]) -> tuple[Asked, list[tuple[int, float]]]:
        """Read and rank a part; what it names none of itself it may take from what was said before."""
        ranked = self.rank(asked)
        if not carried or any(self._is_subject(concept) for concept in asked.concepts):
            return asked, ranked
        concepts = self._reader.vocabulary.concepts
        names = " ".join(concepts[concept].name for concept in carried if concept in concepts)
        leaning = self._reader.read(f"{asked.text.rstrip(' ?.')} {names}")
        leaned = self.rank(leaning)
        return (leaning, leaned) if leaned[0][1] >= ranked[0][1] - _LEAN_MARGIN else (asked, ranked)

    def _is_subject(self, concept: str) -> bool:
        """Whether a concept is something that a question can be about."""
        known = self._reader.vocabulary.concepts.get(concept)
        return known is not None and known.kind in self._reader.aspects.file.subjects

    def _near(self, ranked: list[tuple[int, float]], lacking: Sequence[Unstated | str]) -> list[Topic]:
        """What the text does state nearest: named by the unstated record, else the best topics."""
        records = self._evidence.records
        first = next((item for item in lacking if isinstance(item, Unstated)), None)
        guideline = records[ranked[0][0]].guideline
        if first is not None and first.nearest and guideline is not None:
            return [topic for name in first.nearest if (topic := guideline.topic(name)) is not None]
        return [topic for row, _ in ranked[:8] if (topic := records[row].topic) is not None][:_NEAREST]
