"""How well each topic of the guidelines fits a question: meaning, words, concepts and aspects, as numbers.

A record is a topic, or something that the text leaves unstated. Its profile is counted from the ways to
ask it (`asks`) and its statements. All arrays have one row per record, in the order of `Evidence.records`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from assistant.answering.aspects import Aspects, plain_text
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic, Unstated
from assistant.vocabulary import Vocabulary

Array = NDArray[np.float32]
_WORD = re.compile(r"[a-z][a-z0-9]+")
_PAIR = "@"


@runtime_checkable
class BankScores(Protocol):
    """Scores of all texts of a bank, float32 (n,) each; `dense` is None without a model."""

    @property
    def dense(self) -> Array | None:
        """Cosines."""
        ...

    @property
    def lexical(self) -> Array:
        """Shares of BM25."""
        ...


class Bank(Protocol):
    """What the finder needs of an index over `bank_texts`."""

    def scores(self, query: str) -> BankScores:
        """Return the scores of every text of the bank."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """A topic or an unstated thing, with the guideline that it belongs to."""

    guideline: Guideline
    item: Topic | Unstated

    @property
    def topic(self) -> Topic | None:
        """The topic, or None for an unstated thing."""
        return self.item if isinstance(self.item, Topic) else None

    @property
    def asks(self) -> tuple[str, ...]:
        """Every wording of it."""
        faq = self.item.faq if isinstance(self.item, Topic) else None
        return (*self.item.asks, self.item.name, *((faq,) if faq else ()))

    @property
    def answers(self) -> tuple[str, ...]:
        """Ids of the statements that answer it."""
        return self.item.answer if isinstance(self.item, Topic) else ()

    @property
    def quotes(self) -> tuple[str, ...]:
        """Ids of all its statements."""
        if isinstance(self.item, Topic):
            return (*self.item.answer, *self.item.because, *self.item.next)
        return ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of a question, read: `concepts` named (with pairs "result@study"), `closure` with what
    they are and imply, `aspects` asked, content `words` that belong to no concept."""

    text: str
    canonical: str
    concepts: tuple[str, ...]
    closure: frozenset[str]
    aspects: frozenset[str]
    words: tuple[str, ...]


def records_of(guidelines: Sequence[Guideline]) -> tuple[Record, ...]:
    """Return all topics and unstated things, guideline by guideline."""
    return tuple(
        Record(guideline, item) for guideline in guidelines for item in (*guideline.topics, *guideline.unstated)
    )


def bank_texts(guidelines: Sequence[Guideline], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the texts that the bank must index, in order: all wordings, then all statements."""
    asks = [ask for record in records_of(guidelines) for ask in record.asks]
    quotes = [statement.quote for guideline in guidelines for statement in guideline.statements.values()]
    return tuple(vocabulary.canonical(text) for text in (*asks, *quotes))


class Reader:
    """Reads a question, a wording or a statement into what it names and asks."""

    def __init__(self, vocabulary: Vocabulary, aspects: Aspects) -> None:
        self.vocabulary = vocabulary
        self.aspects = aspects

    def read(self, text: str, carried: Iterable[str] = ()) -> Asked:
        """Read `text`; `carried` are concepts that an earlier turn named."""
        vocabulary = self.vocabulary
        mentions = vocabulary.find(text)
        concepts = dict.fromkeys(mention.concept for mention in mentions)
        for mention, study in self._results(text):
            concepts[f"{mention}{_PAIR}{study}"] = None
        for concept in carried:
            concepts.setdefault(concept)
        closure = self.close(concepts)
        canonical = vocabulary.canonical(text)
        rest = list(text)
        for mention in mentions:
            rest[mention.start : mention.end] = " " * (mention.end - mention.start)
        words = tuple(
            dict.fromkeys(
                stem
                for word in _WORD.findall(plain_text("".join(rest)))
                if word not in self.aspects.fillers and (stem := fold(word)) not in self.aspects.fillers
            )
        )
        return Asked(
            text, canonical, tuple(concepts), closure, self.aspects.find(f"{text} | {canonical}", tuple(concepts)), words
        )

    def close(self, concepts: Iterable[str]) -> frozenset[str]:
        """Return the concepts with all that they are and imply; pairs stay as they are."""
        closure: set[str] = set()
        for concept in concepts:
            closure.add(concept)
            if concept in self.vocabulary.concepts:
                implied = self.vocabulary.implied(concept)
                closure |= self.vocabulary.ancestors(concept) | implied
                for other in implied:
                    closure |= self.vocabulary.ancestors(other)
        return frozenset(closure)

    def _results(self, text: str) -> Iterable[tuple[str, str]]:
        """Each result with the study whose it is: the one inside its words, else the nearest named one."""
        mentions = self.vocabulary.find(text)
        file = self.aspects.file
        studies = [mention for mention in mentions if mention.kind in file.studies]
        for mention in mentions:
            if mention.kind in file.results and studies:
                nearest = min(studies, key=lambda one: _gap(mention.start, mention.end, one.start, one.end))
                if _gap(mention.start, mention.end, nearest.start, nearest.end) <= file.reach:
                    yield mention.concept, nearest.concept


class Evidence:
    """The profiles of all records, and how well each fits what is asked."""

    FEATURES = (
        "dense", "dense_mean", "lexical", "quote_dense", "quote_lexical", "concepts", "unexplained", "about",
        "not_about", "aspects", "aspect_profile", "missing", "words", "unexplained_words",
    )

    def __init__(self, guidelines: Sequence[Guideline], reader: Reader) -> None:
        self.records = records_of(guidelines)
        self.reader = reader
        self._index_bank(guidelines)
        self._count(guidelines)

    def features(self, asked: Asked, scores: BankScores) -> Array:
        """Return one row of FEATURES per record, float32 (records, features)."""
        table = np.zeros((len(self.records), len(self.FEATURES)), np.float32)
        lexical = scores.lexical
        dense = lexical if scores.dense is None else scores.dense
        table[:, 0] = self._best(dense)
        table[:, 1] = self._mean(dense)
        table[:, 2] = self._best(lexical)
        table[:, 3] = self._best_quote(dense)
        table[:, 4] = self._best_quote(lexical)
        table[:, 5], table[:, 6] = self.explained(asked)
        table[:, 7], table[:, 8] = self._about(asked)
        table[:, 9], table[:, 10] = self._aspects(asked)
        table[:, 11] = self._missing(asked)
        table[:, 12], table[:, 13] = self._words(asked)
        return table

    # ------------------------------------------------------------ building

    def _index_bank(self, guidelines: Sequence[Guideline]) -> None:
        counts = [len(record.asks) for record in self.records]
        self._starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
        self._asks = int(sum(counts))
        position = self._asks
        places: dict[tuple[str, str], int] = {}
        for guideline in guidelines:
            for statement in guideline.statements:
                places[guideline.id, statement] = position
                position += 1
        self.size = position
        self._quotes = [
            np.array([places[record.guideline.id, name] for name in record.answers if (record.guideline.id, name) in places], np.int64)
            for record in self.records
        ]

    def _count(self, guidelines: Sequence[Guideline]) -> None:
        """Count in how many wordings of each record a concept, an aspect and a word stand."""
        reader = self.reader
        shares: list[dict[str, float]] = []
        aspect_shares: list[dict[str, float]] = []
        words: list[set[str]] = []
        quoted: dict[tuple[str, str], Asked] = {
            (guideline.id, name): reader.read(statement.quote)
            for guideline in guidelines
            for name, statement in guideline.statements.items()
        }
        self.mentioned = frozenset(
            concept
            for guideline in guidelines
            for concept in reader.close(mention.concept for mention in reader.vocabulary.find(guideline.source_text))
        )
        explicit: list[set[str]] = []
        for record in self.records:
            read = [reader.read(ask) for ask in record.asks]
            named = Counter(concept for one in read for concept in one.closure)
            share = {concept: count / len(read) for concept, count in named.items()}
            own = {concept for one in read for concept in one.concepts}
            for group in record.item.about:
                for concept in group:
                    share.setdefault(concept, 0.1)
                    own.add(concept)
            text = {word for one in read for word in one.words}
            for name in record.quotes:
                if (record.guideline.id, name) in quoted:
                    one = quoted[record.guideline.id, name]
                    for concept in one.closure:
                        share.setdefault(concept, 0.05)
                    text.update(one.words)
            shares.append(share)
            explicit.append(own)
            words.append(text)
            found = Counter(aspect for one in read for aspect in one.aspects)
            aspect_shares.append({aspect: count / len(read) for aspect, count in found.items()})
        self.shares = shares
        self.explicit = explicit
        self._core = [
            {concept: share for concept, share in one.items() if share >= 0.5 and concept in own}
            for one, own in zip(shares, explicit, strict=True)
        ]
        size = len(self.records)
        frequency = Counter(concept for one in shares for concept, share in one.items() if share > 0.06)
        self._concept_weight = {c: rarity(n, size) for c, n in frequency.items()}
        frequency = Counter(word for one in words for word in one)
        self._word_weight = {word: rarity(count, size) for word, count in frequency.items()}
        self._vocabulary_words = words
        spread: Counter[str] = Counter()
        for one in aspect_shares:
            for aspect, share in one.items():
                spread[aspect] += share  # type: ignore[assignment]
        self._aspect_weight = {a: rarity(spread.get(a, 0.0), size) for a in reader.aspects.by_id}
        self._aspect_shares = aspect_shares

    # ------------------------------------------------------------ features

    def _best(self, scores: Array) -> Array:
        return np.maximum.reduceat(scores[: self._asks], self._starts)

    def _mean(self, scores: Array) -> Array:
        """Mean of the three best wordings of each record."""
        ends = np.append(self._starts[1:], self._asks)
        return np.array(
            [np.sort(scores[a:b])[-3:].mean() for a, b in zip(self._starts, ends, strict=True)], np.float32
        )

    def _best_quote(self, scores: Array) -> Array:
        return np.array([scores[place].max() if len(place) else 0.0 for place in self._quotes], np.float32)

    def weight(self, concept: str) -> float:
        """How much a concept tells one record from another, by rarity and kind."""
        head = concept.partition(_PAIR)[0]
        known = self.reader.vocabulary.concepts.get(head)
        kind = 1.0 if known is None else self.reader.aspects.file.weights.get(known.kind, 1.0)
        return kind * self._concept_weight.get(concept, 1.0)

    def explains(self, row: int, concept: str) -> float:
        """How far record `row` speaks of `concept`, from 0 to 1."""
        share = self.shares[row].get(concept, 0.0)
        if share > 0.0:
            return 1.0 if share > 0.06 else 0.6
        known = self.reader.vocabulary.concepts.get(concept)
        if known is None or known.kind in self.reader.aspects.file.strict:
            return 0.0
        own = self.explicit[row]
        return 0.8 if any(parent in own for parent in self.reader.vocabulary.ancestors(concept)) else 0.0

    def explained(self, asked: Asked) -> tuple[Array, Array]:
        """Weighted share of the concepts that each record explains, and the weight of the others."""
        size = len(self.records)
        total = 0.0
        got = np.zeros(size, np.float32)
        for concept in asked.concepts:
            weight = self.weight(concept)
            total += weight
            got += weight * np.array([self.explains(row, concept) for row in range(size)], np.float32)
        if not total:
            return np.full(size, 0.5, np.float32), np.zeros(size, np.float32)
        return got / total, np.minimum(total - got, 3.0)

    def _about(self, asked: Asked) -> tuple[Array, Array]:
        held = np.zeros(len(self.records), np.float32)
        lacking = np.zeros(len(self.records), np.float32)
        for row, record in enumerate(self.records):
            groups = record.item.about
            if groups:
                met = sum(any(concept in asked.closure for concept in group) for group in groups) / len(groups)
                held[row] = met
                lacking[row] = 1.0 - met
        return held, lacking

    def _aspects(self, asked: Asked) -> tuple[Array, Array]:
        declared = np.zeros(len(self.records), np.float32)
        counted = np.zeros(len(self.records), np.float32)
        total = sum(self._aspect_weight[aspect] for aspect in asked.aspects)
        if not total:
            return declared, counted
        for row, record in enumerate(self.records):
            shares = self._aspect_shares[row]
            declared[row] = sum(self._aspect_weight[a] for a in asked.aspects if a in record.item.aspects) / total
            counted[row] = sum(self._aspect_weight[a] * shares.get(a, 0.0) for a in asked.aspects) / total
        return declared, counted

    def _missing(self, asked: Asked) -> Array:
        """Weight of what most wordings of a record name and the question does not."""
        return np.array(
            [
                sum(share * self.weight(c) for c, share in core.items() if c not in asked.closure)
                for core in self._core
            ],
            np.float32,
        )

    def _words(self, asked: Asked) -> tuple[Array, Array]:
        size = len(self.records)
        got = np.zeros(size, np.float32)
        total = 0.0
        for word in asked.words:
            weight = self._word_weight.get(word, 1.0)
            total += weight
            got += weight * np.array([word in words for words in self._vocabulary_words], np.float32)
        if not total:
            return np.full(size, 0.5, np.float32), np.zeros(size, np.float32)
        return got / total, np.minimum(total - got, 4.0)


def rarity(count: float, size: int) -> float:
    """Return a weight in [0, 1]: 1 for what none of `size` records has, near 0 for what all have."""
    return math.log((size + 1) / (count + 1)) / math.log(size + 1)


def fold(word: str) -> str:
    """Cut the commonest English endings, so that "weighs" and "weighing" meet."""
    for ending in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: len(word) - len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _gap(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(0, other_start - end, start - other_end)
