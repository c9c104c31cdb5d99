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
from tests.answering.scripted_server import serve
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


def test_a_model_behind_a_server_is_compared_with_and_without_the_guard():
    raw = "A bone scan is never safe [1].\nSTATUS: answered\nRECOMMENDED: none"
    own = FakeAssistant(lambda question: Answer(status="not_covered", text="own"))
    with serve(raw) as (client, script):
        drafts = Drafts(client(), only(SAFE), ["bone-scan"])
        unguarded = run_sample(Unguarded(drafts), sample())
        guarded = run_sample(
            Guarded(drafts, lambda draft, **context: Review(verdict="reject"), own), sample()
        )
    assert unguarded.answer.text == "A bone scan is never safe [1]."
    assert guarded.answer.text == "own"
    assert len(script.requests) == 1
    assert SAFE in script.requests[0]["messages"][-1]["content"]


def test_a_server_that_fails_is_a_crash_and_not_the_end_of_the_run():
    with serve(500) as (client, _):
        result = run_sample(Unguarded(Drafts(client(), only(SAFE), [])), sample())
    assert result.kind == "crashed"


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
