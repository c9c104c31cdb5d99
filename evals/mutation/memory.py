"""What an assistant found and read while it answered, so that it can be asked again quickly with one record changed.

What is found depends on the wordings and not on what a record says, and what is read on the vocabulary alone: both
are remembered from the run, and for a changed record only the decision and the answer are made anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant import Assistant
from assistant.answering.evidence_reader import Asked
from assistant.answering.evidence_records import Array
from assistant.answering.finder import Found, TopicFinder
from assistant.answering.ranking import Ranker
from assistant.guidelines.schema import Topic
from assistant.types import Turn, Understanding
from assistant.understanding import Reader
from evals.scoring import Result

_FAR = -1e6


class RememberingFinder(TopicFinder):
    """A finder that remembers; its topics can be replaced, and one of its records can be out of reach."""

    topics: Mapping[str, Topic]
    gone: int | None
    dropped: str
    known: dict[tuple[str, tuple[str, ...], str], Found]
    lately: set[str]

    @classmethod
    def of(cls, finder: TopicFinder) -> RememberingFinder:
        """Take over a finder that is opened: nothing is read or fitted again."""
        finder.__class__ = cls
        if not isinstance(finder, cls):
            raise TypeError("a finder did not become one that remembers")
        finder.known, finder.lately = {}, set()
        finder.ranker = _Without(finder)
        finder.change({}, "")
        return finder

    def change(self, topics: Mapping[str, Topic], dropped: str) -> None:
        """From now on find these topics in place of those with the same ids, and never the one that is dropped."""
        rows = [record.item.id if record.guideline else "" for record in self.records]
        self.topics, self.dropped = topics, dropped
        self.gone = rows.index(dropped) if dropped else None

    def find(self, question: str, *, studies: Sequence[str] = (), before: str = "") -> Found:
        """What is found, in its changed form; what had not found the dropped record finds what it found."""
        key = (question, tuple(studies), before)
        found = self.known.get(key)
        if found is None:
            gone, self.gone = self.gone, None
            found = self.known[key] = super().find(question, studies=studies, before=before)
            self.gone = gone
        self.lately |= ids_of(found)
        if self.gone is not None and self.dropped in ids_of(found):
            found = super().find(question, studies=studies, before=before)

        def changed(topics: Iterable[Topic]) -> tuple[Topic, ...]:
            return tuple(self.topics.get(topic.id, topic) for topic in topics)

        return dataclasses.replace(
            found,
            topics=changed(found.topics),
            nearest=changed(found.nearest),
            beside=changed(found.beside),
        )


class _Without(Ranker):
    """A ranker with the record that is gone behind all others."""

    def __init__(self, finder: RememberingFinder) -> None:
        self.__dict__.update(vars(finder.ranker))
        self._finder = finder

    def features(self, asked: Asked) -> Array:
        """The evidence for each record."""
        table = super().features(asked)
        if self._finder.gone is not None:
            table[self._finder.gone, 0] = _FAR
        return table


def ids_of(found: Found) -> frozenset[str]:
    """The ids of all topics and unstated things that were found."""
    unstated = (item if isinstance(item, str) else item.id for item in found.unstated)
    return frozenset([*unstated, *(topic.id for topic in (*found.topics, *found.nearest, *found.beside))])


class RememberingReader(Reader):
    """A reader that remembers what it read where there was no conversation before it."""

    remembered: dict[str, Understanding]

    @classmethod
    def of(cls, reader: Reader) -> RememberingReader:
        """Take over a reader that is opened."""
        reader.__class__ = cls
        if not isinstance(reader, cls):
            raise TypeError("a reader did not become one that remembers")
        reader.remembered = {}
        return reader

    def read(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        without: Collection[tuple[int, str]] = (),
        reply: Any = None,
    ) -> Understanding:
        """What is read; a bare yes or no after a question hangs on the scope records and is read anew."""
        if history or without:
            return super().read(question, history, without=without, reply=reply)
        if question not in self.remembered:
            self.remembered[question] = super().read(question, reply=reply)
        return self.remembered[question]


@dataclasses.dataclass(slots=True)
class Memory:
    """An assistant, and by sample what it found; it is told of each result as it is made."""

    assistant: Assistant
    finder: RememberingFinder
    reader: RememberingReader
    found: dict[str, frozenset[str]]

    @classmethod
    def of(cls, assistant: Assistant) -> Memory:
        """Let an assistant remember; its answers stay the same."""
        resources = assistant.resources
        return cls(
            assistant, RememberingFinder.of(resources.finder), RememberingReader.of(resources.reader), {}
        )

    def following(self, results: Iterable[Result]) -> Iterator[Result]:
        """Pass results on and note what was found for each."""
        for result in results:
            self.found[result.sample.id] = frozenset(self.finder.lately)
            self.finder.lately.clear()
            yield result
