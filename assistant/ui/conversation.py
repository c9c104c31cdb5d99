"""A conversation of one person in one tab: exchanges, what was removed, and how an answer is given again.

Nothing here is shared or written anywhere; it lives as long as the object that holds it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.errors import AssistantError
from assistant.types import Answer, FactRecord
from assistant.ui import wording

_log = logging.getLogger(__name__)


class Asker(Protocol):
    """What answers: `assistant.Assistant`, or a double of it in a test."""

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] = (),
        *,
        without: Collection[tuple[int, str]] = (),
    ) -> Answer:
        """Answer `question` after `history`; `without` are facts withdrawn, by user turn and concept."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; `answer` is None where `error` says why there is none."""

    question: str
    answer: Answer | None = None
    error: str = ""
    edited: bool = False


@dataclass(slots=True)
class Conversation:
    """The exchanges in order; `removed` are facts that the person took out, with their user turn."""

    exchanges: list[Exchange] = field(default_factory=list)
    removed: list[FactRecord] = field(default_factory=list)

    @property
    def last(self) -> Answer | None:
        """The newest answer, or None."""
        return next((item.answer for item in reversed(self.exchanges) if item.answer), None)

    def history(self, before: int | None = None) -> list[dict[str, str]]:
        """Return the answered exchanges before exchange `before` as turns."""
        turns: list[dict[str, str]] = []
        for item in self.exchanges[:before]:
            if item.answer:
                turns.append({"role": "user", "content": item.question})
                turns.append({"role": "assistant", "content": item.answer.text})
        return turns

    def exchange_of(self, turn: int) -> int | None:
        """Return which exchange holds user turn `turn`."""
        answered = [number for number, item in enumerate(self.exchanges) if item.answer]
        return answered[turn] if 0 <= turn < len(answered) else None

    def ask(self, asker: Asker, question: str) -> Exchange:
        """Ask, and add the exchange; a failure becomes an exchange that says so."""
        exchange = self._answered(asker, question, len(self.exchanges))
        self.exchanges.append(exchange)
        return exchange

    def edit(self, asker: Asker, number: int, question: str) -> Exchange:
        """Ask exchange `number` in other words; what came after it is dropped."""
        turn = len(self.history(number)) // 2
        self.removed = [fact for fact in self.removed if fact.turn < turn]
        del self.exchanges[number:]
        exchange = replace(self._answered(asker, question, number), edited=True)
        self.exchanges.append(exchange)
        return exchange

    def remove(self, asker: Asker, fact: FactRecord) -> None:
        """Take a fact out and give the last answer again without it."""
        if all(_key(fact) != _key(item) for item in self.removed):
            self.removed.append(fact)
        self._give_again(asker)

    def restore(self, asker: Asker, fact: FactRecord) -> None:
        """Put a removed fact back and give the last answer again."""
        self.removed = [item for item in self.removed if _key(item) != _key(fact)]
        self._give_again(asker)

    def correct(self, asker: Asker, fact: FactRecord, words: str) -> bool:
        """Replace a fact's own words in its question, and give all answers from there on again.

        False when the words are not in that question as they stand, so that nothing was changed.
        """
        number = self.exchange_of(fact.turn)
        words = " ".join(words.split())
        if number is None or not words or fact.words not in self.exchanges[number].question:
            return False
        questions = [item.question for item in self.exchanges[number:]]
        questions[0] = questions[0].replace(fact.words, words, 1)
        self.removed = [item for item in self.removed if item.turn < fact.turn]
        marks = [item.edited for item in self.exchanges[number:]]
        del self.exchanges[number:]
        for position, question in enumerate(questions):
            exchange = self.ask(asker, question)
            self.exchanges[-1] = replace(exchange, edited=marks[position] or position == 0)
        return True

    def _give_again(self, asker: Asker) -> None:
        for number in range(len(self.exchanges) - 1, -1, -1):
            item = self.exchanges[number]
            if item.answer:
                fresh = self._answered(asker, item.question, number)
                self.exchanges[number] = replace(fresh, edited=item.edited)
                return

    def _answered(self, asker: Asker, question: str, number: int) -> Exchange:
        without = tuple(_key(fact) for fact in self.removed)
        try:
            answer = asker.ask(question, history=self.history(number), without=without)
        except AssistantError as error:
            return Exchange(question, error=str(error))
        except Exception:
            _log.exception("a question could not be answered")
            return Exchange(question, error=wording.UNEXPECTED)
        refused = [item.text for item in answer.notices if item.kind == "input"]
        if refused and not answer.citations:  # empty or overlong: nothing that a later turn should rest on
            return Exchange(question, error=" ".join(refused))
        return Exchange(question, answer)


def _key(fact: FactRecord) -> tuple[int, str]:
    return fact.turn, fact.concept
