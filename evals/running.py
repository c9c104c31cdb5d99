"""Asks an assistant the samples, one conversation each, and scores what comes back."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from assistant.types import Answer
from evals.samples import Sample
from evals.scoring import Result, Score, score_answer


class System(Protocol):
    """Whatever answers questions: the assistant, or one that it is compared with."""

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        """Answer the question; `history` is a list of {"role", "content"}."""
        ...


def converse(system: System, turns: Sequence[str]) -> tuple[Answer, list[dict[str, str]], float]:
    """Put all turns, with the real answers between; return the last answer, its history and its seconds."""
    history: list[dict[str, str]] = []
    for number, turn in enumerate(turns):
        begun = time.perf_counter()
        answer = system.ask(turn, history=list(history))
        seconds = time.perf_counter() - begun
        if number == len(turns) - 1:
            return answer, history, seconds
        history += [{"role": "user", "content": turn}, {"role": "assistant", "content": answer.text}]
    raise ValueError("a conversation has at least one turn")


def run_sample(
    system: System,
    sample: Sample,
    score: Callable[[Sample, Answer], tuple[Score, ...]] = score_answer,
) -> Result:
    """Ask and score one sample; an exception is a result, not an end."""
    try:
        answer, history, seconds = converse(system, sample.turns)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"
        return Result(sample, None, (Score("status", 0.0, None, text, "crashed"),), error=text)
    return Result(sample, answer, score(sample, answer), seconds, tuple(history))


def run_samples(system: System, samples: Sequence[Sample]) -> Iterator[Result]:
    """Ask and score each sample, in order."""
    for sample in samples:
        yield run_sample(system, sample)
