"""Has a language model phrase an answer that the rules have made; the guard decides whether it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.answering.composition import Draft
from assistant.answering.llm import ask_model
from assistant.errors import CorpusNotFoundError, DraftingError
from assistant.types import Finding, Review

PROMPT = Path("prompts") / "draft-v1.md"

_MARKER = re.compile(r"\[\d+\]")

Reviewer = Callable[[str], Review]


@lru_cache(maxsize=8)
def load_prompt(corpus: Path) -> str:
    """Read the versioned prompt; CorpusNotFoundError without it."""
    path = corpus / PROMPT
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CorpusNotFoundError(
            f"{path}: the prompt is not there; reinstall, or unset ASSISTANT_LLM"
        ) from error


class Drafter:
    """Asks the model for a draft, and once more with the guard's findings if it is refused."""

    def __init__(self, model: Any, prompt: str, timeout_s: float) -> None:
        """`timeout_s` bounds each of the two attempts."""
        self._model = model
        self._prompt = prompt
        self._timeout_s = timeout_s

    def draft(self, question: str, rules: Draft, review: Reviewer) -> str:
        """Return a text that the guard passed. DraftingError if the model fails or both drafts are refused."""
        messages = [("system", self._instructions(rules)), ("human", question)]
        text = ask_model(self._model, messages, self._timeout_s)
        first = _reviewed(text, review)
        if first.verdict == "pass":
            return text
        findings = "\n".join(f"- {text[one.start : one.end]!r}: {one.message}" for one in first.findings[:8])
        messages += [
            ("ai", text),
            ("human", f"Not supported by the evidence:\n{findings}\nWrite the answer again without it."),
        ]
        text = ask_model(self._model, messages, self._timeout_s)
        if _reviewed(text, review).verdict == "pass":
            return text
        raise DraftingError("The language model's draft did not pass the check against the guideline.")

    def _instructions(self, rules: Draft) -> str:
        """The prompt. The evidence in it is exactly the evidence that the answer shows."""
        fields = {
            "decision": rules.status,
            "options": _lines(
                f"- {one.name}: {one.rating}; radiation: {one.radiation}" for one in rules.options.values()
            ),
            "evidence": _lines(f"[{one.number}] {one.quote}" for one in rules.citations),
            "answer": rules.text,
        }
        text = self._prompt
        for name, value in fields.items():
            text = text.replace("{" + name + "}", value)
        return text


def _reviewed(text: str, review: Reviewer) -> Review:
    """The guard's verdict; a text that cites nothing is no answer, such as a stream that broke off."""
    if _MARKER.search(text):
        return review(text)
    message = "no sentence carries the marker of its evidence"
    return Review(
        verdict="reject", findings=(Finding(rule="citation", message=message, start=0, end=len(text)),)
    )


def _lines(lines: Any) -> str:
    found: Sequence[str] = tuple(lines)
    return "\n".join(found) or "(none)"
