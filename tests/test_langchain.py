"""The LangChain components work behind a chain of one's own, as the README shows."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.langchain import GuidelineRetriever, guard_runnable


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return Assistant.open()


def test_the_retriever_returns_verbatim_passages_with_their_offsets(assistant: Assistant) -> None:
    documents = GuidelineRetriever(assistant=assistant, k=3).invoke("What is the flare phenomenon?")
    source = assistant.guidelines[0].source_text
    assert len(documents) == 3
    assert "flare" in documents[0].page_content
    for document in documents:
        assert source[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_guard_refuses_a_wrong_rating_and_passes_the_right_one(assistant: Assistant) -> None:
    guard = guard_runnable(assistant)
    question = "What is the rating of MRI chest, abdomen and pelvis?"
    wrong = guard.invoke(
        {"draft": "MRI chest, abdomen and pelvis is Usually Appropriate.", "question": question}
    )
    right = guard.invoke(
        {"draft": "MRI chest, abdomen and pelvis is Usually Not Appropriate.", "question": question}
    )
    assert (wrong.verdict, right.verdict) == ("reject", "pass")
    assert "rating" in {finding.rule for finding in wrong.findings}
