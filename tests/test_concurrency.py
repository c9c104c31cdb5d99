"""One assistant, many people at once: everyone gets the answer that they would get alone, and nobody's patient."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from assistant import Assistant
from evals.samples import Sample, load_questions

THREADS = 50
QUESTIONS = 2_000
DISTINCT = 40

pytestmark = [pytest.mark.model, pytest.mark.slow]


def conversations() -> list[Sample]:
    """Samples of every set, those of several turns first: they have the most to mix up."""
    samples = load_questions()
    samples.sort(key=lambda sample: (-len(sample.turns), sample.id))
    return samples[: DISTINCT // 2] + samples[-DISTINCT // 2 :]


def answer(assistant: Assistant, sample: Sample) -> str:
    history = [{"role": "user", "content": turn} for turn in sample.turns[:-1]]
    return assistant.ask(sample.turns[-1], history=history).model_dump_json()


def test_fifty_threads_get_the_answers_that_each_would_get_alone() -> None:
    assistant, samples = Assistant.open(), conversations()
    alone = [answer(assistant, sample) for sample in samples]
    assert len(set(alone)) > DISTINCT // 2, "the questions must tell one another apart"
    together = Barrier(THREADS)

    def ask_many(thread: int) -> list[int]:
        together.wait()
        wrong = []
        for number in range(thread, QUESTIONS, THREADS):
            place = (number * 7 + thread) % len(samples)  # neighbours ask different things at the same time
            if answer(assistant, samples[place]) != alone[place]:
                wrong.append(place)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        wrong = [place for found in pool.map(ask_many, range(THREADS)) for place in found]
    assert wrong == []
