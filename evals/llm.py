"""A configured language model on the found passages, with and without the guard, on the same drafts.

Without the guard its words are shown as they are. With it, a draft that the guard refuses is replaced by the
assistant's own answer. A model varies from run to run, so these numbers gate nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from assistant.types import Answer, Citation, Option
from evals.passages import Found, Retriever
from evals.running import System
from evals.source import GUIDELINE, source_texts
from evals.summary import STATUSES
from evals.systems import TOP_K

PROMPT = """You answer questions of clinicians from the numbered passages of a guideline and nothing else.
Mark each statement with the number of its passage, as [1]. Then end with two lines:
STATUS: answered | does_not_apply | needs_information | not_covered
RECOMMENDED: the ids of the studies that you recommend, of {options}; or none

Passages:
{passages}

Conversation:
{conversation}
"""
_STATUS = re.compile(r"^\W*STATUS:\W*(\w+).*$", re.MULTILINE | re.IGNORECASE)
_RECOMMENDED = re.compile(r"^\W*RECOMMENDED:(.*)$", re.MULTILINE | re.IGNORECASE)


class Drafts:
    """The model's drafts, one per conversation, so that both systems below judge the same words."""

    def __init__(self, model: Any, retriever: Retriever, options: Sequence[str]) -> None:
        self.model = model
        self.retriever = retriever
        self.options = tuple(options)
        self._made: dict[str, Answer] = {}

    def draft(self, question: str, history: Sequence[Any]) -> Answer:
        """Ask the model once per conversation."""
        turns = [*(f"{turn['role']}: {turn['content']}" for turn in history), f"user: {question}"]
        conversation = "\n".join(turns)
        if conversation not in self._made:
            said = [turn["content"] for turn in history if turn["role"] == "user"]
            found = self.retriever.search("\n".join([*said, question]), TOP_K)
            self._made[conversation] = self._ask(conversation, found)
        return self._made[conversation]

    def _ask(self, conversation: str, found: Sequence[Found]) -> Answer:
        source = source_texts()[GUIDELINE]
        quotes = [source[hit.span[0] : hit.span[1]] for hit in found]
        passages = "\n\n".join(f"[{number}] {quote}" for number, quote in enumerate(quotes, 1))
        prompt = PROMPT.format(options=", ".join(self.options), passages=passages, conversation=conversation)
        raw = "".join(_words(chunk.content) for chunk in self.model.stream(prompt))
        text = _RECOMMENDED.sub("", _STATUS.sub("", raw)).strip()
        status = match.group(1).lower() if (match := _STATUS.search(raw)) else "answered"
        named = match.group(1) if (match := _RECOMMENDED.search(raw)) else ""
        return Answer.model_validate(
            {
                "status": status if status in STATUSES else "answered",
                "text": text,
                "options": tuple(_option(name) for name in self.options if name in named),
                "citations": tuple(
                    Citation(number=number, guideline=GUIDELINE, section="", quote=quote, start=s, end=e)
                    for number, (quote, (s, e)) in enumerate(
                        zip(quotes, (hit.span for hit in found), strict=True), 1
                    )
                    if f"[{number}]" in text
                ),
                "source": "llm",
            }
        )


class Unguarded:
    """Shows the model's draft as it is."""

    def __init__(self, drafts: Drafts) -> None:
        self.drafts = drafts

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        """Return the draft."""
        return self.drafts.draft(question, history)


class Guarded:
    """Shows the draft if the guard passes it, else the assistant's own answer."""

    def __init__(self, drafts: Drafts, review: Callable[..., Any], fallback: System) -> None:
        self.drafts = drafts
        self.review = review
        self.fallback = fallback
        self.refused = 0

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        """Return the draft or, where it is refused, the fallback."""
        draft = self.drafts.draft(question, history)
        if self.review(draft.text, question=question, history=list(history)).verdict == "pass":
            return draft
        self.refused += 1
        return self.fallback.ask(question, history=list(history))


def llm_systems(model: Any, review: Callable[..., Any], fallback: System) -> dict[str, System]:
    """Return both systems for a chat model or a "provider:model" string."""
    from evals.passages import own_retrievers
    from evals.samples import load_questions

    if isinstance(model, str):
        from langchain.chat_models import init_chat_model

        model = init_chat_model(model, temperature=0)
    samples = load_questions()
    options = sorted({option for s in samples for option in s.options.recommended or ()})
    avoided = sorted({option for s in samples for option in s.options.not_recommended or ()})
    drafts = Drafts(model, own_retrievers()[0], sorted({*options, *avoided}))
    return {
        "LLM on passages, no guard": Unguarded(drafts),
        "LLM on passages, guard": Guarded(drafts, review, fallback),
    }


def _option(name: str) -> Option:
    return Option(id=name, name=name, rating="", radiation="", role="recommended")


def _words(content: Any) -> str:
    """The text of a message or of a part of one; reasoning and the like are left out."""
    if isinstance(content, str):
        return content
    return "".join(str(block.get("text", "")) for block in content if isinstance(block, dict))
