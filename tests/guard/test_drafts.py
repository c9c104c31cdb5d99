"""The guard passes right drafts in any style and refuses wrong ones, each in a row of tests/guard/data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.guard import Guard, GuardContext
from assistant.guidelines.pack import Guideline

DATA = Path(__file__).parent / "data"
#: Rows of these rest on the scope decision, which the pipeline makes.
DECIDED = {
    "58F breast cancer, completed chemo 3 years ago, new rib pain. Bone scan?": "does_not_apply",
    "45F on neoadjuvant chemo for breast cancer, new seizure": "does_not_apply",
    "70M prostate cancer, back pain": "does_not_apply",
    "40F on adjuvant tamoxifen for breast cancer, new hip pain. Which scan?": "does_not_apply",
    "70M prostate cancer, back pain. Scan?": "does_not_apply",
    "58F breast cancer, completed chemo 3 years ago, asymptomatic. Annual scan?": "does_not_apply",
    "54F newly diagnosed stage I breast cancer, no symptoms, no therapy yet. Scan?": "does_not_apply",
    "45F on neoadjuvant chemo for breast cancer, new seizure. Bone scan?": "does_not_apply",
    "54F newly diagnosed stage II breast cancer, asymptomatic, before therapy. CT?": "does_not_apply",
    "52F neoadjuvant chemo for breast cancer, new back pain, LFTs normal": "applies",
}


def rows(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def context(question: str) -> GuardContext:
    verdict: Any = DECIDED.get(question, "general")
    return GuardContext(question=question, user_texts=(question,), verdict=verdict)


@pytest.mark.parametrize("row", rows("right.yaml"), ids=lambda row: row["d"][:50])
def test_a_right_draft_passes(guard: Guard, row: dict[str, Any]) -> None:
    review = guard.review(row["d"], context(row["q"]))
    assert review.verdict == "pass", [(f.rule, row["d"][f.start : f.end], f.message) for f in review.findings]


@pytest.mark.parametrize("row", rows("wrong.yaml"), ids=lambda row: f"{row['op']}: {row['d'][:50]}")
def test_a_wrong_draft_is_refused(guard: Guard, row: dict[str, Any]) -> None:
    review = guard.review(row["d"], context(row["q"]))
    assert review.verdict == "reject"
    for finding in review.findings:
        assert 0 <= finding.start <= finding.end <= len(row["d"])
        assert finding.message


def test_a_text_without_a_question_may_tell_of_a_patient_of_its_own(guard: Guard) -> None:
    told = (
        "A 62-year-old on neoadjuvant chemotherapy, cycle 4, with new sternal pain: this guidance is for her."
    )
    assert guard.review(told, GuardContext()).verdict == "pass"
    assert guard.review(told, context("who fits?")).verdict == "reject"
    assert (
        guard.review("The sensitivity of the bone scan is put at 62 %.", GuardContext()).verdict == "reject"
    )


def test_every_statement_of_the_source_passes(guard: Guard, guideline: Guideline) -> None:
    refused = {
        item.id: [f.rule for f in guard.review(item.quote, GuardContext()).findings]
        for item in guideline.statements.values()
        if guard.review(item.quote, GuardContext()).verdict != "pass"
    }
    assert refused == {}
