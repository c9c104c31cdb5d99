"""What a person does in the chat, as functions over a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENT = (
    "52F with breast cancer on neoadjuvant chemo, new back pain for 3 weeks, denies headache. Which scan?"
)


def field(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def cards(page: Page) -> Locator:
    return page.locator('[class*="st-key-card-"]')


def settle(page: Page) -> None:
    """Wait until the server has nothing more to send, and nothing fades in or out."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(250)
    page.wait_for_function(
        """() => !document.querySelector('[data-stale="true"]')
            && document.getAnimations().every(item => item.playState !== 'running')"""
    )


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, and return its card once it is complete."""
    settle(page)
    number = cards(page).count()
    field(page).fill(question)
    field(page).press("Enter")
    card = page.locator(f".st-key-card-{number}")
    card.get_by_text("Copy or save").or_(card.get_by_test_id("stAlert")).first.wait_for(timeout=30_000)
    settle(page)
    return card


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    found: int = page.evaluate(
        """() => Math.max(0, ...['html', '[data-testid="stMain"]', '[data-testid="stMainBlockContainer"]']
            .map(s => document.querySelector(s)).map(e => e.scrollWidth - e.clientWidth))"""
    )
    return found
