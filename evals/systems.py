"""What the assistant is compared with, in the same run and on the same samples.

The retrieval systems are what a guideline chat is without rules: they show their top passages word for word
and always answer. They put no option forward, so option sets are not compared with theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.types import Answer, Citation, Review
from evals.passages import Retriever
from evals.source import GUIDELINE, source_texts

TOP_K = 4


class PassAll:
    """A guard that refuses nothing."""

    def review(self, *_: Any) -> Review:
        """Pass."""
        return Review(verdict="pass")


class ShowPassages:
    """Answers any question with the passages that a retriever finds."""

    def __init__(self, retriever: Retriever, k: int = TOP_K) -> None:
        self.name = f"{retriever.name}, top {k} shown"
        self.retriever = retriever
        self.k = k
        self._best: dict[str, float] = {}

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        """Search with the user's turns together, as plain retrieval chats do, and show what is found."""
        said = [turn["content"] for turn in history if turn["role"] == "user"]
        query = "\n".join([*said, question])
        found = self.retriever.search(query, self.k)
        self._best[query] = found[0].score if found else 0.0
        return self.answer(found)

    def answer(self, found: Sequence[Any]) -> Answer:
        """Show the spans, each with its citation."""
        text = source_texts()[GUIDELINE]
        citations = tuple(
            Citation(
                number=number,
                guideline=GUIDELINE,
                section="",
                quote=text[hit.span[0] : hit.span[1]],
                start=hit.span[0],
                end=hit.span[1],
            )
            for number, hit in enumerate(found, 1)
        )
        shown = "\n\n".join(f"{citation.quote} [{citation.number}]" for citation in citations)
        return Answer(status="answered" if citations else "not_covered", text=shown, citations=citations)

    def confidence(self, turns: Sequence[str]) -> float:
        """The best passage's score: what a threshold of such a system would be set on."""
        query = "\n".join(turns)
        if query not in self._best:
            self.ask(query)
        return self._best[query]
