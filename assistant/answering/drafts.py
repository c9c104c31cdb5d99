"""An answer while it is composed, and what the composer needs to know of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.guidelines.schema import Topic
from assistant.types import AnswerStatus, Citation, Option

_LISTING = frozenset({"rating", "recommendation", "first-choice", "list"})
_BREAK = "\n\n"


@dataclass(slots=True)
class Draft:
    """An answer while it is composed; `options` are in the order in which they are shown."""

    status: AnswerStatus
    parts: list[str] = field(default_factory=list)
    options: dict[str, Option] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    follow_ups: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The parts as Markdown paragraphs."""
        return _BREAK.join(part for part in self.parts if part)

    def without(self, spans: Sequence[tuple[int, int]]) -> Draft:
        """Return the draft without the parts that any of the spans [start, end) of `text` touches.

        Where the first part falls, nothing of the answer stands, and no part is kept.
        """
        kept: list[str] = []
        position = 0
        for number, part in enumerate(part for part in self.parts if part):
            end = position + len(part)
            if all(stop <= position or start >= end for start, stop in spans):
                kept.append(part)
            elif number == 0:
                kept = []
                break
            position = end + len(_BREAK)
        return replace(self, parts=kept)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the composer needs of the question: the topics that answer it, one `beside` them, what is not stated.

    `loose` are ids of topics of which nothing was asked in words, `rated` of options whose rating matters beside
    what is not stated.
    """

    topics: tuple[Topic, ...] = ()
    unstated: tuple[str, ...] = ()
    nearest: tuple[Topic, ...] = ()
    premises: tuple[tuple[str, str], ...] = ()
    beside: tuple[Topic, ...] = ()
    loose: frozenset[str] = frozenset()
    rated: tuple[str, ...] = ()


def is_listing(topic: Topic) -> bool:
    """Whether a topic is about the rating or choice of studies, which a patient's answer gives anyway."""
    return bool(topic.options) and bool(_LISTING & set(topic.aspects))


def topic_question(topic: Topic) -> str:
    """Return how a topic is asked for: the text's own words where it is one of its FAQs."""
    return topic.faq or (topic.asks[0] if topic.asks else topic.name)
