"""What a question found: the topics that answer it, what is not stated, and what is asked at all."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.answering.premise import Claim
from assistant.guidelines.schema import Topic, Unstated


@dataclass(frozen=True, slots=True)
class Found:
    """The topics that answer a question, best first or one per part in the order asked; or what is not stated.

    `unstated` is what was asked and the text does not state (a record, or a plain name), `nearest` what it
    states nearest, `beside` a topic that came close to the one that answers. `in_domain` is False for what no
    guideline is about. `premise` are ratings that the question claims and the guideline does not give. `fact`
    says that all its parts surely ask for facts, and none for a study; `loose` are ids of topics of which no
    aspect is asked, and of what is not stated where only the like of a table is asked; `aspects` all that is asked.
    """

    topics: tuple[Topic, ...] = ()
    unstated: tuple[Unstated | str, ...] = ()
    nearest: tuple[Topic, ...] = ()
    guideline: str | None = None
    in_domain: bool = True
    premise: tuple[Claim, ...] = ()
    beside: tuple[Topic, ...] = ()
    fact: bool = False
    loose: frozenset[str] = frozenset()
    aspects: frozenset[str] = frozenset()


@dataclass(slots=True)
class Heard:
    """What the parts of a question found so far."""

    topics: dict[tuple[str, str], Topic] = field(default_factory=dict)
    unstated: dict[str, Unstated | str] = field(default_factory=dict)
    nearest: dict[str, Topic] = field(default_factory=dict)
    beside: dict[tuple[str, str], Topic] = field(default_factory=dict)
    guideline: str | None = None
    elsewhere: bool = False
    weak: bool = False
    facts: list[bool] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)
    aspects: set[str] = field(default_factory=set)
