"""Intervals, statement support, retrieval metrics, summaries: known cases with known numbers."""

from __future__ import annotations

import pytest

from assistant.types import Answer, Finding, Review
from evals.assertions import run_assertions
from evals.drafts import run_drafts
from evals.passages import metrics_of, ranked
from evals.running import run_samples
from evals.samples import AssertionSample, DatasetError, Draft
from evals.statistics import Rate, mean_record, rate_of
from evals.summary import confusion, risk_coverage, summarise_answers, summarise_assertions, summarise_drafts
from evals.support import statements_of
from tests.evals.conftest import SAFE, FakeAssistant, cite, sample


def test_wilson_interval_of_a_known_case():
    low, high = Rate(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_no_error_in_100_still_leaves_an_upper_bound():
    assert Rate(0, 100).upper_exact == pytest.approx(0.0362, abs=1e-4)


def test_nothing_to_count_has_no_rate():
    assert Rate(0, 0).record() == {"count": 0, "total": 0, "value": None, "low": None, "high": None}
    assert str(Rate(0, 0)) == "-"
    assert mean_record([])["value"] is None
    assert rate_of([1, 2, 3, 4], lambda n: n > 3).value == 0.25


def test_the_bootstrap_gives_the_same_interval_every_time():
    values = [0.0, 0.5, 1.0, 1.0, 0.25] * 8
    assert mean_record(values) == mean_record(values)
    assert mean_record(values)["low"] < 0.55 < mean_record(values)["high"]
    assert mean_record([1.0, 1.0]) == {"total": 2, "value": 1.0, "low": 1.0, "high": 1.0}


def test_a_statement_is_supported_by_the_words_that_it_cites():
    answer = Answer(
        status="answered",
        text="A radionuclide bone scan is generally considered safe in renal insufficiency [1].",
        citations=(cite(),),
    )
    (statement,) = statements_of(answer, ("eGFR 25?",))
    assert statement.supported


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A radionuclide bone scan is considered safe below eGFR 15 in renal insufficiency [1].", "figure"),
        ("A radionuclide bone scan is Usually Appropriate in renal insufficiency patients [1].", "rating"),
        ("Radionuclide treatment cures most vertebral fractures within several months [1].", "only"),
        ("A radionuclide bone scan is generally considered safe in renal insufficiency [2].", "no citation"),
    ],
)
def test_what_the_citation_does_not_hold_is_not_supported(text, reason):
    (statement,) = statements_of(Answer(status="answered", text=text, citations=(cite(),)), ())
    assert statement.supported is False
    assert statement.reason.startswith(reason)


def test_a_statement_without_a_marker_is_counted_apart():
    (statement,) = statements_of(
        Answer(status="answered", text="Bone scintigraphy surveys the entire skeleton."), ()
    )
    assert statement.supported is None


def test_retrieval_metrics_of_a_known_ranking():
    qrels = {"q1": {"a": 2}, "q2": {"b": 1}}
    run = {"q1": ranked(["a", "x"]), "q2": ranked(["x", "y", "b"])}
    found = {name: record["value"] for name, record in metrics_of(qrels, run).items()}
    assert found["recall@1"] == 0.5
    assert found["recall@3"] == 1
    assert found["mrr@10"] == pytest.approx((1 + 1 / 3) / 2, abs=1e-4)


def test_a_query_without_any_result_counts_as_zero():
    assert metrics_of({"q1": {"a": 1}, "q2": {"b": 1}}, {"q1": ranked(["a"])})["recall@1"]["value"] == 0.5


def test_the_risk_coverage_curve_falls_from_sure_to_unsure():
    curve = risk_coverage([(0.9, False), (0.5, True), (0.5, False), (0.1, True)])
    assert curve == [(0.25, 0.0), (0.75, 0.3333), (1.0, 0.5)]


def test_summary_tells_unsafe_accepts_from_over_refusals(good_answer):
    refusal = good_answer.model_copy(update={"status": "not_covered"})
    fake = FakeAssistant(lambda question: refusal if "refuse" in question else good_answer)
    rows = [
        sample(id="own-1"),
        sample(id="own-2", turns=("refuse",), severity="low"),
        sample(id="own-3", statuses=("does_not_apply",), split="held"),
    ]
    summary = summarise_answers(list(run_samples(fake, rows)))
    assert summary["all"]["exact_answers"]["count"] == 1
    assert summary["all"]["unsafe_accepts"]["count"] == 1
    assert summary["all"]["over_refusals"] == {**Rate(1, 2).record()}
    assert summary["held"]["high_severity_errors"]["count"] == 1
    assert summary["dev"]["high_severity_errors"]["count"] == 0
    assert summary["all"]["high_severity_errors"]["upper_95_exact"] > 0.5


def test_confusion_counts_an_accepted_status_as_expected(good_answer):
    rows = [sample(statuses=("not_covered", "answered")), sample(id="own-2", statuses=("not_covered",))]
    table = confusion(list(run_samples(FakeAssistant(lambda q: good_answer), rows)))
    assert table["answered"]["answered"] == 1
    assert table["not_covered"]["answered"] == 1


def draft(**changes):
    base = {
        "id": "dra-1", "set": "drafts", "severity": "high", "split": "dev", "why": "w", "verdict": "reject",
        "operator": "rating", "style": "prose", "question": "q", "draft": "MRI is Usually Appropriate.",
        "span": "Usually Appropriate",
    }  # fmt: skip
    return Draft(**{**base, **changes})


def test_a_wrong_draft_that_passes_is_wrong_and_a_right_one_refused_is_not():
    def review(text, question, history):
        if "right" in text:
            return Review(verdict="reject", findings=(Finding(rule="r", message="m", start=0, end=1),))
        return Review(verdict="pass")

    drafts = [draft(), draft(id="dra-2", verdict="pass", operator="none", draft="right", span=None)]
    results = list(run_drafts(drafts, review))
    assert [r.kind for r in results] == ["wrong", "refused"]
    summary = summarise_drafts(results)["all"]
    assert summary["wrong_refused"]["count"] == 0
    assert summary["high_severity_missed"]["count"] == 1
    assert summary["rules_by_operator"] == {"rating": {"(passed)": 1}}


def test_a_finding_is_located_when_it_touches_the_marked_words():
    def review(text, question, history):
        return Review(verdict="reject", findings=(Finding(rule="r", message="m", start=7, end=9),))

    assert next(run_drafts([draft()], review)).located
    assert not next(run_drafts([draft(draft="Perhaps that MRI is Usually Appropriate.")], review)).located


def test_a_guard_that_crashes_is_neither_right_nor_a_refusal():
    def review(text, question, history):
        raise RuntimeError("boom")

    (result,) = run_drafts([draft()], review)
    assert (result.kind, result.verdict) == ("crashed", "crashed")


def test_a_mention_is_found_by_its_occurrence():
    base = {
        "id": "ass-1",
        "set": "assertion",
        "severity": "high",
        "split": "dev",
        "why": "w",
        "category": "c",
    }
    row = AssertionSample(**base, text="no pain, pain", target="pain", occurrence=2, statuses=("present",))
    assert row.span == (9, 13)
    results = list(run_assertions([row], lambda text, start, end: "absent" if start < 9 else "present"))
    assert summarise_assertions(results)["dev"]["exact"]["value"] == 1
    with pytest.raises(ValueError, match="target is not part"):
        AssertionSample(**base, text="pain", target="pain", occurrence=2, statuses=("present",))


def test_the_fixture_quote_is_verbatim():
    assert cite().quote == SAFE
    assert issubclass(DatasetError, Exception)
