"""What a question can meet: topics, things left unstated, things elsewhere, and the texts that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.aspects import Aspects
from assistant.answering.evidence_reader import Reader
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic, Unstated

Array = NDArray[np.float32]


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
    """What the finder needs of an index over `bank_texts`; a PassageIndex is one."""

    def scores(self, query: str) -> BankScores:
        """Return the scores of every text of the bank."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """A topic or an unstated thing of `guideline`; without a guideline, something that none is about."""

    guideline: Guideline | None
    item: Topic | Unstated

    @property
    def topic(self) -> Topic | None:
        """The topic, or None for what is not stated."""
        return self.item if isinstance(self.item, Topic) else None

    @property
    def asks(self) -> tuple[str, ...]:
        """Every wording of it."""
        faq = self.item.faq if isinstance(self.item, Topic) else None
        return (*self.item.asks, *((self.item.name,) if self.guideline else ()), *((faq,) if faq else ()))

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


def records_of(guidelines: Sequence[Guideline], aspects: Aspects) -> tuple[Record, ...]:
    """Return all topics and unstated things, guideline by guideline, then what stands elsewhere."""
    items: list[Record] = []
    for guideline in guidelines:
        items += [Record(guideline, topic) for topic in guideline.topics]
        items += [Record(guideline, unstated) for unstated in guideline.unstated]
    elsewhere = [
        Record(None, Unstated(id=name, name=name, asks=asks)) for name, asks in aspects.file.elsewhere.items()
    ]
    return (*items, *elsewhere)


def bank_texts(guidelines: Sequence[Guideline], reader: Reader) -> tuple[str, ...]:
    """Return the texts that the bank must index, in order: all wordings, then all statements."""
    asks = [ask for record in records_of(guidelines, reader.aspects) for ask in record.asks]
    quotes = [statement.quote for guideline in guidelines for statement in guideline.statements.values()]
    return tuple(reader.canonical(text) for text in (*asks, *quotes))
