"""LangChain components: the passages as a retriever, the guard as a runnable, for a chain of one's own."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from pydantic import ConfigDict

from assistant.pipeline import Assistant
from assistant.types import Review


class GuidelineRetriever(BaseRetriever):
    """Returns the guidelines' passages nearest to a query, best first.

    `page_content` is verbatim; the metadata hold guideline, headings, start and end (half-open offsets into
    the source text) and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        """Search; called by `invoke`."""
        del run_manager
        resources = self.assistant.resources
        found = []
        for hit in resources.passage_index.search(query, self.k):
            passage = resources.passages[hit["position"]]
            metadata = {
                "guideline": passage.guideline,
                "headings": list(passage.headings),
                "start": passage.start,
                "end": passage.end,
                "score": hit["score"],
            }
            found.append(Document(page_content=passage.text, metadata=metadata, id=passage.id))
        return found


def guard_runnable(assistant: Assistant) -> RunnableLambda[Any, Review]:
    """Return a runnable from a draft (a text, or {"draft", "question", "history"}) to its Review."""

    def review(value: Any) -> Review:
        if isinstance(value, dict):
            return assistant.review(value["draft"], value.get("question", ""), value.get("history", ()))
        return assistant.review(str(getattr(value, "content", value)))

    return RunnableLambda(review, name="guideline-guard")
