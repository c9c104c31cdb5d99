"""A fake assistant, so that the evaluation is tested apart from what it evaluates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from assistant.types import Answer, Citation, Option
from evals.samples import ExpectedOptions, Sample
from evals.source import GUIDELINE, quote_spans

SAFE = "Yes, a radionuclide bone scan is generally considered safe in patients with renal insufficiency."


class FakeAssistant:
    """Answers with whatever `reply` gives and keeps what it was asked."""

    def __init__(self, reply: Callable[[str], Answer]) -> None:
        self.reply = reply
        self.asked: list[tuple[str, list[dict[str, str]]]] = []

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        self.asked.append((question, list(history)))
        return self.reply(question)


def cite(quote: str = SAFE, number: int = 1) -> Citation:
    ((start, end),) = quote_spans(quote)
    return Citation(number=number, guideline=GUIDELINE, section="s", quote=quote, start=start, end=end)


def option(id: str, role: str = "recommended", preferred: bool = False) -> Option:
    return Option.model_validate(
        {"id": id, "name": id, "rating": "r", "radiation": "", "role": role, "preferred": preferred}
    )


def sample(**changes: Any) -> Sample:
    base: dict[str, Any] = {
        "id": "own-001",
        "set": "own",
        "category": "kidney",
        "voice": "chat",
        "severity": "high",
        "split": "dev",
        "turns": ("is a bone scan safe in CKD?",),
        "statuses": ("answered",),
        "options": ExpectedOptions(),
        "facts": (("safe",),),
        "absent": ("nephrotoxic",),
        "cited": ((SAFE,),),
        "why": "stated",
    }
    return Sample(**{**base, **changes})


@pytest.fixture
def good_answer() -> Answer:
    return Answer(
        status="answered", text="A bone scan is generally considered **safe** [1].", citations=(cite(),)
    )
