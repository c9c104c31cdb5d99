"""The app on the real assistant and the real guideline: what a clinician asks, whoever else asks at the same time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant.guidelines.loader import load_corpus
from tests.browser.server import ROOT
from tests.browser.steps import ask, field, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from assistant import Assistant

Visit = Callable[..., "Page"]
GUIDELINE = load_corpus(ROOT / "corpus")[0]
FAQS = [topic.faq for topic in GUIDELINE.topics if topic.faq]


@pytest.fixture
def page(visit: Visit, real_server: str) -> Page:
    opened = visit(real_server)
    settle(opened)
    return opened


@pytest.mark.parametrize("question", FAQS)
def test_each_frequent_question_is_answered_with_words_that_can_be_read_in_place(
    page: Page, real_assistant: Assistant, question: str
) -> None:
    card = ask(page, question)
    assert "Answered from the guideline" in card.inner_text() or "does not apply" in card.inner_text()
    card.get_by_role("link", name="[1]").first.click()
    words = page.get_by_test_id("stPopoverBody").locator(".stMarkdownColoredBackground").first
    words.wait_for()
    cited = real_assistant.ask(question).citations[0]
    assert words.inner_text().strip() == " ".join(cited.quote.split())


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


def test_twenty_people_at_once_see_only_their_own_patient(visit: Visit, real_server: str) -> None:
    ages = range(31, 31 + 20)
    pages = {age: visit(real_server) for age in ages}
    for age, page in pages.items():
        settle(page)
        field(page).fill(f"{age}F, breast cancer on neoadjuvant chemo, new back pain. Which scan?")
    for page in pages.values():
        field(page).press("Enter")  # all of them wait at the same time
    for page in pages.values():
        page.locator(".st-key-card-0").get_by_text("Copy or save").wait_for(timeout=120_000)
    for age, page in pages.items():
        settle(page)
        ask(page, "What if the bone scan is negative?")
        shown = set(re.findall(r"\b(\d\d)F?\b", page.locator(".st-key-patient").inner_text()))
        assert shown == {str(age)}, "the second answer rests on this person's patient"
        asked = page.locator(".st-key-question-0").inner_text()
        assert asked.startswith(f"{age}F,")
