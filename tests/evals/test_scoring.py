"""What the scorers call right, wrong, refused and incomplete."""

from __future__ import annotations

from assistant.types import Answer, CriterionRecord, Finding, Review, ScopeRecord
from evals.drafts import DraftResult
from evals.running import converse, run_sample
from evals.samples import ExpectedOptions, load_drafts
from evals.scoring import KINDS, Result, find, score_answer, set_f1, verbatim
from tests.evals.conftest import SAFE, FakeAssistant, cite, option, sample


def judged(sample_, answer: Answer) -> Result:
    return Result(sample_, answer, score_answer(sample_, answer))


def test_an_answer_with_all_that_is_expected_is_right(good_answer):
    assert judged(sample(), good_answer).kind == "right"


def test_markup_does_not_hide_a_fact_or_a_forbidden_word():
    text = "It is rated **Usually** Appropriate [1], and `safe`."
    assert find("usually appropriate,", text) == "Usually Appropriate,"
    assert find(r"\[1\]", text) == "[1]"


def test_answering_where_one_must_not_is_wrong_and_refusing_is_a_refusal(good_answer):
    assert judged(sample(statuses=("not_covered",)), good_answer).kind == "wrong"
    refusal = good_answer.model_copy(update={"status": "not_covered"})
    assert judged(sample(), refusal).kind == "refused"


def test_saying_that_the_guidance_does_not_apply_where_it_does_is_wrong(good_answer):
    denial = good_answer.model_copy(update={"status": "does_not_apply"})
    assert judged(sample(), denial).kind == "wrong"
    assert judged(sample(statuses=("needs_information",)), denial).kind == "refused"


def test_forbidden_words_are_wrong_and_named(good_answer):
    result = judged(sample(absent=("generally considered",)), good_answer)
    assert result.kind == "wrong"
    assert "'generally considered'" in result.score("absent").explanation


def test_a_missing_fact_is_incomplete_and_named(good_answer):
    result = judged(sample(facts=(("safe",), ("image quality", "suboptimal"))), good_answer)
    assert result.kind == "incomplete"
    assert result.score("facts").value == 0.5
    assert "image quality | suboptimal" in result.score("facts").explanation


def test_a_missing_citation_is_incomplete():
    assert judged(sample(), Answer(status="answered", text="safe")).kind == "incomplete"


def test_a_citation_that_is_not_verbatim_is_wrong():
    false = cite().model_copy(update={"quote": SAFE.replace("generally", "always")})
    assert judged(sample(), Answer(status="answered", text="safe", citations=(false,))).kind == "wrong"
    assert not verbatim("another-guideline", 0, 3, "Bre")


def test_option_sets_are_exact_and_an_extra_recommendation_is_wrong():
    expected = sample(options=ExpectedOptions(recommended=("bone-scan", "fdg-pet-ct")), facts=(), cited=())

    def kind(*options):
        return judged(expected, Answer(status="answered", text="x", options=options)).kind

    assert kind(option("bone-scan"), option("fdg-pet-ct")) == "right"
    assert kind(option("bone-scan")) == "incomplete"
    assert kind(option("bone-scan"), option("fdg-pet-ct"), option("mri-cap")) == "wrong"
    assert kind(option("bone-scan"), option("fdg-pet-ct", "not_recommended")) == "wrong"


def test_an_option_that_is_advised_against_though_due_is_wrong():
    expected = sample(options=ExpectedOptions(not_recommended=("mri-cap",)), facts=(), cited=())
    clutter = (option("mri-cap", "not_recommended"), option("ct-without-contrast", "not_recommended"))
    assert judged(expected, Answer(status="answered", text="x", options=clutter)).kind == "incomplete"


def test_a_role_that_the_sample_leaves_out_is_not_judged():
    expected = sample(options=ExpectedOptions(preferred=("bone-scan",)), facts=(), cited=())
    answer = Answer(
        status="answered", text="x", options=(option("bone-scan", preferred=True), option("mri-cap"))
    )
    assert judged(expected, answer).kind == "right"


def test_an_exception_is_a_crash_with_its_place():
    def reply(question):
        raise ValueError("boom")

    result = run_sample(FakeAssistant(reply), sample())
    assert result.kind == "crashed"
    assert "ValueError: boom (test_scoring.py:" in result.error


def test_the_real_answers_stand_between_the_turns():
    fake = FakeAssistant(lambda question: Answer(status="answered", text=f"re {question}"))
    answer, history, _ = converse(fake, ("one", "two", "three"))
    assert answer.text == "re three"
    assert [turn["content"] for turn in history] == ["one", "re one", "two", "re two"]
    assert [turn["role"] for turn in history] == ["user", "assistant"] * 2
    assert [len(history) for _, history in fake.asked] == [0, 2, 4]


def test_the_worst_kind_names_a_result():
    assert KINDS == ("wrong", "crashed", "refused", "incomplete", "right")


def test_f1_of_sets():
    assert set_f1(frozenset(), frozenset()) == 1
    assert set_f1(frozenset("ab"), frozenset("bc")) == 0.5
    assert set_f1(frozenset("a"), frozenset()) == 0


def test_a_basis_must_show_the_words_that_a_sample_names(good_answer):
    criterion = CriterionRecord(id="adult", name="adult", state="met", quote=SAFE)
    shown = good_answer.model_copy(update={"scope": ScopeRecord(criteria=(criterion,))})
    named = sample(basis=((SAFE,),))
    assert run_sample(FakeAssistant(lambda question: shown), named).kind == "right"
    assert run_sample(FakeAssistant(lambda question: good_answer), named).kind == "incomplete"


def test_a_refusal_that_shows_other_words_is_incomplete_and_still_a_refusal():
    draft = load_drafts()[0].model_copy(update={"verdict": "reject", "shows": (SAFE,)})
    for message, kind in ((f"not so: “{SAFE}”", "right"), ("not so", "incomplete")):
        finding = Finding(rule="polarity", message=message, start=0, end=1)
        result = DraftResult(draft, Review(verdict="reject", findings=(finding,)))
        assert (result.kind, result.verdict) == (kind, "reject")
