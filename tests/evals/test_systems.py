"""What the assistant is compared with: plain retrieval over the same text, measured by the same rule."""

from __future__ import annotations

import pytest

from assistant.types import Answer, Review
from evals.llm import Drafts, Guarded, Unguarded
from evals.passages import Found, Retriever, grade, langchain_retriever, measure_retriever, own_retrievers
from evals.running import run_sample
from evals.samples import load_retrieval
from evals.source import GUIDELINE, quote_spans, source_texts
from evals.systems import ShowPassages
from tests.evals.conftest import SAFE, FakeAssistant, sample


def only(quote: str) -> Retriever:
    (span,) = quote_spans(quote)
    return Retriever("one", (span, (0, 10)), lambda query, k: [Found(span, 0.9)])


def test_shown_passages_are_cited_word_for_word():
    answer = ShowPassages(only(SAFE)).ask("safe?", [])
    assert answer.status == "answered"
    assert [citation.quote for citation in answer.citations] == [SAFE]
    assert run_sample(ShowPassages(only(SAFE)), sample()).kind == "right"


def test_relevance_is_an_overlap_with_a_marked_quote():
    query = load_retrieval()[0].model_copy(update={"relevant": (SAFE,)})
    (span,) = quote_spans(SAFE)
    assert grade(only(SAFE), [query]) == {query.id: {f"{span[0]}-{span[1]}": 2}}
    assert measure_retriever(only(SAFE), [query])["metrics"]["recall@1"]["value"] == 1


def test_a_language_model_is_shown_unless_the_guard_refuses_it():
    from langchain_core.language_models import FakeListChatModel

    raw = "A bone scan is safe [1].\nSTATUS: answered\nRECOMMENDED: bone-scan"
    drafts = Drafts(FakeListChatModel(responses=[raw, "must not be asked twice"]), only(SAFE), ["bone-scan"])
    own = FakeAssistant(lambda question: Answer(status="not_covered", text="own"))
    shown = Unguarded(drafts).ask("safe?")
    assert (shown.status, shown.text) == ("answered", "A bone scan is safe [1].")
    assert [option.id for option in shown.options] == ["bone-scan"]
    assert [citation.quote for citation in shown.citations] == [SAFE]
    for verdict, expected in (("pass", "A bone scan is safe [1]."), ("reject", "own")):
        guarded = Guarded(drafts, lambda draft, verdict=verdict, **context: Review(verdict=verdict), own)
        assert guarded.ask("safe?").text == expected


@pytest.mark.model
def test_every_retriever_returns_spans_of_the_text_and_the_same_on_every_run():
    length = len(source_texts()[GUIDELINE])
    for retriever in (*own_retrievers(), langchain_retriever()):
        found = retriever.search("bone scan in kidney disease", 4)
        assert len(found) == 4
        assert all(0 <= hit.span[0] < hit.span[1] <= length for hit in found)
        assert found == retriever.search("bone scan in kidney disease", 4)


@pytest.mark.model
def test_building_the_langchain_index_twice_doubles_nothing():
    assert [len({hit.span for hit in langchain_retriever().search("flare", 10)}) for _ in range(2)] == [
        10,
        10,
    ]
