"""What a question can meet: topics, things left unstated, things elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.aspects import Aspects
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic, Unstated, Wordings

Array = NDArray[np.float32]
#: Stands for a guideline's id where no guideline is meant.
ELSEWHERE = ""


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
    """What the finder needs of an index over the texts of a CompiledBank; a PassageIndex is one."""

    def scores(self, query: str) -> BankScores:
        """Return the scores of every text of the bank."""
        ...

    def words(self, query: str) -> Array:
        """Return the scores of every text by its words alone, float32 (n,)."""
        ...

    def vector(self, query: str) -> Array | None:
        """Return the query's vector, float32 (d,), or None without a model."""
        ...

    def expect(self, queries: Iterable[str]) -> None:
        """Prepare for several queries that are about to be asked."""
        ...


class Near(Protocol):
    """The cosines with all texts of a bank: exact where they are looked at, estimated elsewhere."""

    def cosines(self, vector: Array) -> Array:
        """Return an estimate of all cosines, float32 (n,)."""
        ...

    def chosen(self, scores: Array, dense: Array) -> list[int]:
        """Return the records to look at exactly, by their scores and best estimates, float32 (records,) each."""
        ...

    def settle(self, cosines: Array, vector: Array, rows: Iterable[int]) -> None:
        """Make the cosines of some records exact, in place."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """A topic or an unstated thing of `guideline`; without a guideline, something that none is about.

    `more` are further wordings, which only the compiling of a bank needs.
    """

    guideline: Guideline | None
    item: Topic | Unstated
    more: tuple[str, ...] = ()

    @property
    def topic(self) -> Topic | None:
        """The topic, or None for what is not stated."""
        return self.item if isinstance(self.item, Topic) else None

    @property
    def asks(self) -> tuple[str, ...]:
        """Every wording of it."""
        faq = self.item.faq if isinstance(self.item, Topic) else None
        named = (self.item.name,) if self.guideline else ()
        return (*self.item.asks, *named, *((faq,) if faq else ()), *self.more)

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


def records_of(
    guidelines: Sequence[Guideline], aspects: Aspects, wordings: Mapping[str, Wordings] | None = None
) -> tuple[Record, ...]:
    """Return all topics and unstated things, guideline by guideline, then what stands elsewhere.

    `wordings` are further ways to ask, by guideline (or ELSEWHERE) and record.
    """
    items: list[Record] = []
    for guideline in guidelines:
        more = (wordings or {}).get(guideline.id, {})
        items += [Record(guideline, topic, more.get(topic.id, ())) for topic in guideline.topics]
        items += [Record(guideline, unstated, more.get(unstated.id, ())) for unstated in guideline.unstated]
    more = (wordings or {}).get(ELSEWHERE, {})
    elsewhere = [
        Record(None, Unstated(id=name, name=name, asks=asks), more.get(name, ()))
        for name, asks in aspects.file.elsewhere.items()
    ]
    return (*items, *elsewhere)
