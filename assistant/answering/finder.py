"""TopicFinder: from a question to the topics that answer it, or to what the text does not state.

    question -> parts (instructions stripped, several questions split) -> what each names and asks
             -> evidence for every topic and every unstated thing -> the best one, or silence

Nothing here is generated and nothing is learned at run time: the same question gives the same result.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

import numpy as np

from assistant.answering.bank import CompiledBank
from assistant.answering.classifier import Classifier
from assistant.answering.evidence import Evidence
from assistant.answering.evidence_reader import Asked, Reader
from assistant.answering.evidence_records import Bank, Near, Record
from assistant.answering.found import Found, Heard
from assistant.answering.leaning import Ranked
from assistant.answering.part_reader import LEAST, PartReader
from assistant.answering.premise import Claim, find_claims
from assistant.answering.purpose import Purpose
from assistant.answering.ranking import Ranker
from assistant.answering.rivals import NEAREST, NEARLY, Rivals
from assistant.answering.silence import Silence
from assistant.answering.spelling import Spelling
from assistant.answering.weights import WEIGHTS
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic, Unstated

__all__ = ["Bank", "Claim", "Found", "TopicFinder"]

_FAQ_COSINE = 0.45
_FAQ_MARGIN = 5.0
_SAYING = 5.0  # a part without a word that any record holds fits so well only by chance


class TopicFinder:
    """Finds topics by concepts, aspects, words and meaning. `bank` indexes the texts of `compiled`."""

    def __init__(
        self,
        guidelines: Sequence[Guideline],
        reader: Reader,
        compiled: CompiledBank,
        bank: Bank,
        classifier: Classifier | None = None,
        valid: Container[str] = frozenset(),
        near: Near | None = None,
    ) -> None:
        """`valid` are further words that are no slips of the pen; for `near` see Ranker."""
        self._guidelines = tuple(guidelines)
        self._bank = bank
        self._reader = reader
        self._evidence = Evidence(guidelines, reader, compiled)
        #: Ranks the records for what is asked.
        self.ranker = Ranker(self._evidence, bank, classifier, near)
        vocabulary, aspects = reader.vocabulary, reader.aspects
        spelling = Spelling(
            compiled.word_counts, valid, aspects.file.shorthand, aspects.file.spoken,
            lambda word: bool(vocabulary.find(word)),
        )  # fmt: skip
        self._silence = Silence(self._evidence)
        self._rivals = Rivals(self._evidence, self._silence)
        self._purpose = Purpose(self._evidence)
        self._parts = PartReader(
            reader,
            self._evidence.records,
            lambda asked: self.ranker.rank(asked),
            spelling,
            self._evidence.is_mentioned,
        )

    def find(self, question: str, *, studies: Sequence[str] = (), before: str = "") -> Found:
        """Return what answers `question`; `studies` are those that earlier turns named, `before` the last of them."""
        text = self._parts.clean(question)
        whole = self._reader.read(text)
        if not self._silence.readable(text, self._named(whole), bool(before)):
            return Found(in_domain=False)
        heard = Heard()
        self._bank.expect(self._parts.expected(text, whole, studies, before))
        answers = False
        for asked, ranked in self._parts.ranked_parts(text, whole, studies, before):
            told, known = dict(heard.topics), len(heard.unstated)
            self._hear(heard, asked, ranked)
            interrogates = self._parts.interrogates(asked.text)
            new = heard.topics.keys() != told.keys()
            silent = len(heard.unstated) > known and not new
            if told and not answers and interrogates and silent:
                # "Despite a negative scan, which dose of morphine?": what only led to the question is no answer.
                heard.nearest = {**{topic.id: topic for topic in told.values()}, **heard.nearest}
                heard.topics.clear()
            answers = answers or (interrogates and new)
        if heard.elsewhere and not heard.topics and not heard.unstated and not heard.weak:
            return Found(in_domain=False)
        beside = [topic for key, topic in heard.beside.items() if key not in heard.topics]
        return Found(
            tuple(heard.topics.values()),
            tuple(heard.unstated.values()),
            tuple(heard.nearest.values())[:NEAREST],
            heard.guideline,
            True,
            find_claims(
                question, self._guidelines, self._reader.vocabulary, self._reader.aspects.file.grades
            ),
            tuple(beside[:1]),
            bool(heard.facts) and all(heard.facts),
            frozenset(heard.loose),
            frozenset(heard.aspects),
        )

    def refers(self, question: str) -> bool:
        """Whether a question points back to what was said before it ("does it hurt them?")."""
        return self._parts.refers(self._reader.read(question))

    def only_chooses(self, question: str) -> bool:
        """Whether a request for a study, without the patient whom it is for, asks for nothing beside it."""
        return self._purpose.only_chooses(self._reader.read(self._parts.clean(question)))

    def before(self, texts: Sequence[str]) -> str:
        """Return what the last of some earlier questions asks: `find` takes it for what stands before a question."""
        return self._parts.before(texts)

    def _named(self, whole: Asked) -> int:
        """How much a question names: concepts, and whom the guidance is not for ("who is in and who is out?").

        One that is a record's wording, word for word, asks something, whatever its words are.
        """
        file, same = self._reader.aspects.file, self._evidence.wording(whole)
        if same is not None and self._evidence.records[same].guideline is not None:
            return len(whole.text.split())
        return len(whole.concepts) + len((whole.aspects & file.scoping) - set(file.vague))

    def _hear(self, heard: Heard, asked: Asked, ranked: Ranked) -> None:
        """Add what one part finds."""
        ranked = self._rivals.led(asked, ranked)
        row, score = ranked[0]
        heard.aspects |= asked.aspects
        record = self._evidence.records[row]
        heard.facts.append(self._purpose.asks_fact(asked, row, score))
        if record.guideline is None or score < 0:
            heard.elsewhere = True
            return
        heard.guideline = heard.guideline or record.guideline.id
        lacking = self._silence.lacking(asked, row)
        if (score < LEAST and record.topic is None) or (
            score < _SAYING and (self._silence.says_nothing(asked) or self._silence.unnamed(asked, row))
        ):
            heard.weak = True
        elif lacking:
            self._lack(heard, asked, lacking)
            for topic in self._rivals.near(ranked, lacking):
                heard.nearest.setdefault(topic.id, topic)
        elif score < LEAST and self._rivals.doubt(ranked):
            heard.weak = True
            for topic in self._rivals.near(ranked, ()):
                heard.nearest.setdefault(topic.id, topic)
        elif record.topic is not None:
            heard.topics.setdefault((record.guideline.id, record.topic.id), record.topic)
            if asked.aspects.isdisjoint(record.topic.aspects):
                heard.loose.add(record.topic.id)
            for name in self._silence.particular(asked):
                heard.unstated.setdefault(name, name)
            self._lack(
                heard, asked, (*self._rivals.besides(asked, ranked), *self._silence.beside(asked, row))
            )
            for also in self._rivals.rest(asked, ranked):
                heard.topics.setdefault((record.guideline.id, also.id), also)
            for other, behind in ranked[1:2]:
                near = self._evidence.records[other]
                if (
                    near.topic is not None
                    and near.guideline is not None
                    and score - behind < NEARLY
                    and not self._silence.of_another(asked, near.topic)
                ):
                    heard.beside.setdefault((near.guideline.id, near.topic.id), near.topic)

    def _lack(self, heard: Heard, asked: Asked, items: Sequence[Unstated | str]) -> None:
        """Add what is not stated; loosely, where what the part asks stands in the table of studies."""
        tabled = self._purpose.only_tabled(asked)
        for item in items:
            name = item if isinstance(item, str) else item.id
            if not tabled:
                heard.loose.discard(name)
            elif name not in heard.unstated:
                heard.loose.add(name)
            heard.unstated.setdefault(name, item)

    def is_mentioned(self, concept: str) -> bool:
        """Whether some guideline names `concept`, or what it is a particular case of."""
        return self._evidence.is_mentioned(concept)

    @property
    def records(self) -> tuple[Record, ...]:
        """What a question can meet, in the order of the ranker's `features`."""
        return self._evidence.records

    def asked(self, question: str) -> list[Asked]:
        """Return the parts of a question as they are looked up."""
        text = self._parts.clean(question)
        whole = self._reader.read(text)
        if not self._silence.readable(text, self._named(whole)):
            return []
        return [asked for asked, _ in self._parts.ranked_parts(text, whole, (), "")]

    def faq(self, query: str, k: int = 3) -> tuple[Topic, ...]:
        """Return up to `k` FAQ topics near `query`, best first; none when none is near.

        Near is what its wordings come close to, and what falls not far behind the best answer of all.
        """
        asked = self._reader.read(query)
        table = self.ranker.features(asked)
        scores = np.round(table @ WEIGHTS, 5)
        near: list[Topic] = []
        for row in np.argsort(-scores, kind="stable"):
            topic = self._evidence.records[row].topic
            if scores[row] < scores.max() - _FAQ_MARGIN:
                break
            if topic is not None and topic.faq and table[row, 0] >= _FAQ_COSINE:
                near.append(topic)
        return tuple(near[:k])
