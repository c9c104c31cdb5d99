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
    assert [RIGHT[found.start : found.end] for found in review.findings] == model.asked


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
