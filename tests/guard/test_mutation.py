"""Of thousands of wrong drafts made from right ones nearly all are refused; of the gravest kinds, all."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.guard import Guard, GuardContext
from assistant.guidelines.pack import Guideline
from evals.mutation import OPERATORS, MutationReport, measure, mutate

GRAVE = ("insert-study", "change-number", "change-unit", "insert-figure", "insert-reference")


@pytest.fixture(scope="module")
def report(guard: Guard, guideline: Guideline) -> MutationReport:
    rows = yaml.safe_load((Path(__file__).parent / "data" / "right.yaml").read_text(encoding="utf-8"))
    drafts = [(row["d"], GuardContext(question=row["q"], user_texts=(row["q"],))) for row in rows]
    drafts += [(item.quote, GuardContext()) for item in guideline.statements.values()]
    return measure(guard, mutate(guard, drafts, at_least=2_000))


def test_the_generator_makes_the_same_drafts_for_the_same_seed(guard: Guard) -> None:
    drafts = [("A bone scan is rated Usually Appropriate and often used first.", GuardContext())]
    assert mutate(guard, drafts, seed=3) == mutate(guard, drafts, seed=3)


def test_every_operator_makes_drafts(report: MutationReport) -> None:
    assert set(report.made) >= set(OPERATORS)


def test_at_least_98_percent_are_refused(report: MutationReport) -> None:
    assert report.rate >= 0.98, report.lines()


@pytest.mark.parametrize("operator", GRAVE)
def test_all_of_the_gravest_are_refused(report: MutationReport, operator: str) -> None:
    assert report.caught[operator] == report.made[operator]
