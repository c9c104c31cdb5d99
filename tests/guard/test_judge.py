"""The learned judge: what it is asked about, what it refuses, and that it fails closed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.errors import ModelError
from assistant.guard import Guard, GuardContext
from assistant.guard.judge import RULE, Judge
from assistant.guidelines.pack import Guideline

RIGHT = "A bone scan only evaluates the skeleton. It is rated Usually Appropriate."


class Fake:
    """Calls every text false with the probability `share`, and remembers the texts."""

    threshold = 0.8

    def __init__(self, share: float) -> None:
        self.share = share
        self.asked: list[str] = []

    def score(self, texts: Sequence[str]) -> list[float]:
        self.asked += texts
        return [self.share] * len(texts)


class Broken(Fake):
    def score(self, texts: Sequence[str]) -> list[float]:
        raise ModelError("no model")


def judged_by(guard: Guard, guideline: Guideline, model: Fake) -> Guard:
    return Guard(guideline, guard.knowledge.vocabulary, Judge(model))


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(0.79, "pass"), (0.8, "reject"), (1.0, "reject"), (0.0, "pass"), (float("nan"), "reject")],
)
def test_refuses_from_the_threshold_on(
    guard: Guard, guideline: Guideline, share: float, verdict: str
) -> None:
    review = judged_by(guard, guideline, Fake(share)).review(RIGHT)
    assert review.verdict == verdict
    assert {found.rule for found in review.findings} == ({RULE} if verdict == "reject" else set())


def test_a_finding_marks_the_sentence(guard: Guard, guideline: Guideline) -> None:
    model = Fake(0.9)
    review = judged_by(guard, guideline, model).review(RIGHT)
    marked = [RIGHT[found.start : found.end] for found in review.findings]
    assert marked
    assert [text.rpartition(" [SEP] ")[2] for text in model.asked] == marked


def test_a_sentence_is_read_beside_the_statement_that_shares_most_with_it(
    guard: Guard, guideline: Guideline
) -> None:
    model = Fake(0.0)
    judged_by(guard, guideline, model).review(
        "Flare is a sign of healing, soon after a treatment has begun to work."
    )
    (text,) = model.asked
    nearest, _, said = text.rpartition(" [SEP] ")
    assert nearest in {one.quote for one in guideline.statements.values()}
    assert "healing" in nearest
    assert said.startswith("Flare is a sign")


def test_a_short_answer_is_read_after_its_question_and_a_long_one_is_not(
    guard: Guard, guideline: Guideline
) -> None:
    question = "Which study looks at the bones alone?"
    model = Fake(0.0)
    judge = judged_by(guard, guideline, model)
    judge.review("The bone scan, as a rule.", GuardContext(question=question))
    judge.review("A bone scan only evaluates the skeleton.", GuardContext(question=question))
    assert question in model.asked[0]
    assert not any(question in text for text in model.asked[1:])


def test_the_mark_between_two_texts_is_taken_out_of_a_draft(guard: Guard, guideline: Guideline) -> None:
    model = Fake(0.0)
    judged_by(guard, guideline, model).review(
        "Flare [SEP] means that bone is healing after a treatment began."
    )
    assert all(text.count("[SEP]") == 1 for text in model.asked)


@pytest.mark.parametrize(("share", "verdict"), [(0.4, "pass"), (0.6, "reject"), (float("nan"), "reject")])
def test_a_bare_answer_that_no_rule_settles_must_be_believed(
    guard: Guard, guideline: Guideline, share: float, verdict: str
) -> None:
    context = GuardContext(question="Can degenerative joint disease raise uptake?")
    assert judged_by(guard, guideline, Fake(share)).review("Yes.", context).verdict == verdict


def test_is_asked_last_and_only_where_no_rule_finds_anything(guard: Guard, guideline: Guideline) -> None:
    model = Fake(0.9)
    review = judged_by(guard, guideline, model).review("MRI is rated Usually Appropriate.")
    assert review.verdict == "reject"
    assert RULE not in {found.rule for found in review.findings}
    assert model.asked == []


def test_questions_titles_and_quotes_are_not_judged(guard: Guard, guideline: Guideline) -> None:
    quote = next(one.quote for one in guideline.statements.values() if len(one.quote) > 60)
    model = Fake(0.0)
    judged_by(guard, guideline, model).review(f"# Bone scan\n\nWhich study first?\n\n{quote}\n\n{RIGHT}")
    assert quote not in model.asked
    assert "Bone scan" not in model.asked
    assert not any(text.endswith("?") for text in model.asked)
    assert model.asked


def test_a_cell_is_judged_with_what_it_stands_under(guard: Guard, guideline: Guideline) -> None:
    model = Fake(0.0)
    table = "| Study | Rating |\n|---|---|\n| Bone scan | Usually Appropriate |\n"
    judged_by(guard, guideline, model).review(table)
    assert any("Bone scan" in text and "Rating" in text and "Appropriate" in text for text in model.asked)


@pytest.mark.parametrize(
    ("question", "draft", "settled"),
    [
        ("first study?", "Skip: MRI chest/abdomen/pelvis.", True),
        ("first study?", "Do: MRI chest/abdomen/pelvis or not.", False),
        ("bone scan, eGFR 28?", "eGFR 28: bone scan generally considered safe in renal insufficiency.", True),
        ("bone scan, eGFR 28?", "eGFR 28: bone scan generally harmless to transplants.", False),
        ("new headaches", "New headaches raise strong concern for spread to the CNS.", True),
        ("new headaches", "New headaches raise little concern for spread to the CNS.", False),
        ("scan negative, focal pain persists, next?", "Next step: targeted MRI", True),
    ],
)
def test_is_not_asked_of_what_the_records_have_settled(
    guard: Guard, guideline: Guideline, question: str, draft: str, settled: bool
) -> None:
    context = GuardContext(question=question, user_texts=(question,))
    review = judged_by(guard, guideline, Fake(1.0)).review(draft, context)
    assert review.verdict == ("pass" if settled else "reject")


def test_what_the_rules_compose_of_quotes_is_not_judged(guard: Guard, guideline: Guideline) -> None:
    model = Fake(1.0)
    judged_by(guard, guideline, model).review(RIGHT, GuardContext(composed=True))
    assert model.asked == []


def test_fails_closed(guard: Guard, guideline: Guideline) -> None:
    review = judged_by(guard, guideline, Broken(0.0)).review(RIGHT)
    assert review.verdict == "reject"
    assert [found.rule for found in review.findings] == ["guard-failure"]
