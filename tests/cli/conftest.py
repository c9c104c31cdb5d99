"""A stand-in for the assistant, where the command line itself is the point, and ways to run a command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import ClassVar

import pytest

import assistant
from assistant.errors import QuestionError
from assistant.types import Answer, Citation, Finding, Notice, Option, Review

ANSWER = Answer(
    status="answered",
    text="A reef knot joins two ropes [1].\n\n- It is “quick” — ☢ free [1]",
    options=(Option(id="reef", name="Reef knot", rating="Good", radiation="☢ 1-10 mSv", role="recommended", preferred=True),),
    citations=(Citation(number=1, guideline="knots", section="When › to tie", quote="A reef knot…", start=3, end=15),),
    notices=(Notice(kind="reading", text="read as asked"),),
)  # fmt: skip


class FakeAssistant:
    """Answers everything the same way and remembers how it was asked."""

    asked: ClassVar[list[tuple[str, list[dict[str, str]]]]] = []
    opened: ClassVar[list[dict[str, object]]] = []
    guidelines = (SimpleNamespace(id="knots", title="Knots"),)

    @classmethod
    def open(cls, **options: object) -> FakeAssistant:
        cls.opened.append(options)
        return cls()

    def ask(self, question: str, history: object = ()) -> Answer:
        turns = [dict(turn) for turn in history]  # type: ignore[attr-defined]
        self.asked.append((question, turns))
        if not question.strip():
            raise QuestionError("The question is empty.")
        return ANSWER

    def faq(self, query: str = "") -> list[tuple[str, Answer]]:
        return [] if query == "unknown" else [("Can a child tie it?", ANSWER)]


def fake_review(draft: str, question: str = "", history: object = ()) -> Review:
    start = draft.find("bad")
    if start < 0:
        return Review(verdict="pass")
    finding = Finding(
        rule="unsupported", message="the guideline does not say this", start=start, end=start + 3
    )
    return Review(verdict="reject", findings=(finding,))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeAssistant]:
    FakeAssistant.asked, FakeAssistant.opened = [], []
    monkeypatch.setitem(vars(assistant), "Assistant", FakeAssistant)
    monkeypatch.setitem(vars(assistant), "review_draft", fake_review)
    return FakeAssistant


@pytest.fixture
def shell() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the real command line in a process of its own."""

    def run(
        *arguments: str | bytes, input: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "assistant.cli", *arguments],
            input=input,
            capture_output=True,
            env={**os.environ, **environment},
            timeout=120,
            check=False,
        )

    return run
