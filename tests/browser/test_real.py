"""The app on the real assistant and the real guideline: what a clinician asks, and how fast it answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

import pytest

from assistant.guidelines.loader import load_corpus
from tests.browser.server import ROOT
from tests.browser.steps import ask, cards, field, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
GUIDELINE = load_corpus(ROOT / "corpus")[0]
FAQS = [topic.faq for topic in GUIDELINE.topics if topic.faq]
PATIENT = GUIDELINE.metadata.examples[0]
QUESTIONS = 30
MEDIAN_S, READY_S = 0.5, 3.0


@pytest.fixture
def page(visit: Visit, real_server: str) -> Page:
    opened = visit(real_server)
    settle(opened)
    return opened


@pytest.mark.parametrize("question", FAQS)
def test_each_frequent_question_is_answered_with_words_that_can_be_read_in_place(
    page: Page, question: str
) -> None:
    card = ask(page, question)
    assert "Answered from the guideline" in card.inner_text() or "does not apply" in card.inner_text()
    card.get_by_role("link", name="[1]").first.click()
    words = page.get_by_test_id("stPopoverBody").locator(".stMarkdownColoredBackground").first
    words.wait_for()
    assert words.inner_text().strip() in " ".join(GUIDELINE.source_text.split())


def test_a_conversation_of_several_turns_with_a_missing_fact_and_a_correction(page: Page) -> None:
    card = ask(page, "52F with breast cancer on chemo, new back pain. Which scan?")
    assert "One fact is missing" in card.inner_text()
    card.get_by_role("button", name="Yes").click()
    page.locator(".st-key-card-1").get_by_text("Answered from the guideline").wait_for()
    settle(page)
    assert "Whole-body bone scan" in page.locator(".st-key-card-1").inner_text()
    card = ask(page, "She also has new seizures. Which scan?")
    assert "The guidance does not apply" in card.inner_text()
    page.get_by_role("button", name="Remove: Seizure").click()
    page.locator(".st-key-card-2").get_by_text("Answered from the guideline").wait_for()


def test_what_the_text_does_not_state_is_said_to_be_not_in_it(page: Page) -> None:
    assert "Not in the guideline" in ask(page, "What is the chemotherapy dose?").inner_text()


def test_the_faq_page_finds_while_one_types(visit: Visit, real_server: str) -> None:
    page = visit(f"{real_server}/faq")
    settle(page)
    assert page.locator('[class*="st-key-faq-"][class*="-False"]').count() >= len(FAQS)
    page.get_by_role("searchbox").press_sequentially("kidney", delay=40)
    page.locator('[class*="st-key-faq-0-True"]').get_by_text("kidney").first.wait_for()


def test_benchmark_of_the_first_answer(
    visit: Visit, real_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prints the median; fails only when it is far off, since a busy machine is not a defect."""
    page = visit(real_server)
    ask(page, PATIENT)
    start = time.perf_counter()
    page.goto(real_server)
    field(page).wait_for()
    ready = time.perf_counter() - start
    asks = [text for topic in GUIDELINE.topics for text in topic.asks[:1]][:QUESTIONS]
    times: list[float] = []
    for text in asks:
        if cards(page).count() >= 5:
            page.get_by_role("button", name="New patient").click()
            page.locator(".st-key-examples").wait_for()
        settle(page)
        number = cards(page).count()
        field(page).fill(text)
        start = time.perf_counter()
        field(page).press("Enter")
        page.locator(f".st-key-card-{number} p").nth(1).wait_for()
        times.append(time.perf_counter() - start)
    found = median(times)
    with capsys.disabled():
        slowest = max(times)
        print(
            f"\nfirst answer on screen: median {found:.2f} s over {len(times)} questions (slowest {slowest:.2f} s; "
            f"goal {MEDIAN_S} s); page ready in {ready:.2f} s (goal {READY_S:.0f} s)"
        )
    assert found < 6 * MEDIAN_S
    assert ready < 6 * READY_S
