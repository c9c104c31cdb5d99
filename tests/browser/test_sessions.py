"""Twenty browsers at once on one server: each gets the answer that it would get alone, and sees nobody's patient."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.steps import cards, field, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

SESSIONS = 20
LONGEST_MS = 180_000
AGES = range(40, 40 + SESSIONS)
QUESTIONS = (
    "{age}F with breast cancer on neoadjuvant chemo, new back pain for 3 weeks, denies headache. Which scan?",
    "{age}-year-old woman, TNBC on neoadjuvant chemotherapy, new seizures. Which study?",
    "{age}F, stage I breast cancer on neoadjuvant chemotherapy, no symptoms. Bone scan?",
    "{age}F on neoadjuvant chemo for breast cancer, raised liver enzymes. Which scan?",
)


def question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)].format(age=AGES[number])


def shown(page: Page, number: int) -> str:
    """The card without the patient's age, which differs."""
    return page.locator(".st-key-card-0").inner_text().replace(str(AGES[number]), "AGE")


def test_twenty_sessions_get_what_each_would_get_alone(
    visit: Callable[..., Page], real_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = []
    for number in range(len(QUESTIONS)):
        page = visit(real_server)
        settle(page)
        field(page).fill(question(number))
        field(page).press("Enter")
        cards(page).get_by_text("Copy or save").first.wait_for(timeout=LONGEST_MS)
        settle(page)
        alone.append(shown(page, number))
        page.context.close()
    assert len(set(alone)) == len(QUESTIONS), "the questions must tell one another apart"
    pages = [visit(real_server) for _ in range(SESSIONS)]
    for number, page in enumerate(pages):
        settle(page)
        field(page).fill(question(number))
    begun = time.perf_counter()
    for page in pages:
        field(page).press("Enter")
    for page in pages:
        cards(page).get_by_text("Copy or save").first.wait_for(timeout=LONGEST_MS)
    took = time.perf_counter() - begun
    for number, page in enumerate(pages):
        settle(page)
        assert shown(page, number) == alone[number % len(QUESTIONS)]
        body = page.inner_text("body")
        others = {str(age) for age in AGES} - {str(AGES[number])}
        assert not [age for age in others if f"{age}F" in body or f"{age}-year-old" in body]
    with capsys.disabled():
        print(
            f"\n{SESSIONS} browsers at once: the last answer after {took:.1f} s, {SESSIONS / took:.1f} a second"
        )
