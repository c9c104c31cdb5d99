"""The words that the operators put in, read from words.yaml, and what an operator is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from evals.samples import read_yaml

#: From a right draft to changed ones, each with one place changed.
Operator = Callable[[Reading, random.Random], Iterator[str]]


class Words(BaseModel):
    """What stands in words.yaml; its comments say what each is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certain: dict[str, str]
    units: dict[str, tuple[str, ...]]
    references: tuple[str, ...]
    figures: tuple[str, ...]
    population: tuple[str, ...]
    wider: tuple[str, ...]
    results: dict[str, str]
    flare: tuple[str, ...]
    flare_readings: dict[str, str]


@cache
def words() -> Words:
    """Read words.yaml once."""
    return Words.model_validate(read_yaml(Path(__file__).with_name("words.yaml")))


def put(reading: Reading, mark: Mark, new: str) -> str:
    """The draft with other words at a mark."""
    text = reading.text.text
    return text[: mark.start] + new + text[mark.end :]
