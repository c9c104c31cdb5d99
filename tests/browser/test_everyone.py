"""It works for all: keyboard, screen reader, phone, dark, zoomed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.steps import PATIENT, ask, cards, field, overflow, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
PAGES = ("faq", "guideline", "evaluation", "about")
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}

needs_axe = pytest.mark.skipif(
    importlib.util.find_spec("axe_playwright_python") is None,
    reason="axe-core is not installed (pip install axe-playwright-python)",
)


def violations(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical against WCAG 2.2 A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{item['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_serious_violation_in_the_chat(
    visit: Visit, fake_server: str, scheme: str, size: dict[str, int]
) -> None:
    page = visit(fake_server, color_scheme=scheme, **size)
    settle(page)
    assert violations(page) == []
    ask(page, PATIENT)
    page.get_by_text("Why this answer").click()
    page.wait_for_timeout(500)
    assert violations(page) == []
    page.locator(".st-key-cite-0-1 button").click()
    page.get_by_test_id("stPopoverBody").wait_for()
    page.wait_for_timeout(500)
    assert violations(page) == []
    page.keyboard.press("Escape")
    for question in ("52F, new back pain. Which scan?", "New seizures", "What is the dose of chemo?", "boom"):
        page.get_by_role("button", name="New patient").click()
        page.get_by_text("Try one of these").wait_for()
        ask(page, question)
        assert violations(page) == []


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_serious_violation_on_the_other_pages(
    visit: Visit, fake_server: str, name: str, scheme: str
) -> None:
    page = visit(f"{fake_server}/{name}?cite=1000-1200", color_scheme=scheme)
    settle(page)
    assert violations(page) == []


@pytest.mark.parametrize(
    ("width", "height"),
    [(390, 844), (320, 640), (768, 1024), (640, 430)],
    ids=["phone", "small", "tablet", "zoomed"],
)
def test_nothing_is_wider_than_the_window(visit: Visit, fake_server: str, width: int, height: int) -> None:
    """640 px is a window of 1280 px zoomed to 200 %."""
    page = visit(fake_server, width=width, height=height)
    assert overflow(page) == 0
    ask(page, PATIENT)
    assert overflow(page) == 0
    table = page.get_by_test_id("stTable").first
    assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 1
    for name in PAGES:
        page.goto(f"{fake_server}/{name}")
        page.locator("h1").first.wait_for()
        settle(page)
        assert overflow(page) == 0, name


def test_the_keyboard_alone_is_enough(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    settle(page)
    _tab_to(page, "textarea")
    page.keyboard.type(PATIENT)
    page.keyboard.press("Enter")
    cards(page).get_by_text("Copy or save").wait_for()
    settle(page)
    page.locator(".st-key-question-0 button").focus()
    _tab_to(page, '.st-key-card-0 a[href="#cite-0-1"]')
    page.keyboard.press("Enter")
    page.get_by_test_id("stPopoverBody").wait_for()
    page.keyboard.press("Escape")
    page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    _tab_to(page, ".st-key-next-0-0 button")
    page.keyboard.press("Enter")
    page.locator(".st-key-card-1").get_by_text("Copy or save").wait_for()


def _tab_to(page: Page, selector: str, limit: int = 60) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {limit} tabs")


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_colours_are_those_that_the_system_asks_for(
    visit: Visit, fake_server: str, scheme: str, dark: bool
) -> None:
    page = visit(fake_server, color_scheme=scheme)
    ask(page, PATIENT)
    for selector in (
        '[data-testid="stApp"]',
        '[data-testid="stLayoutWrapper"]:has(> .st-key-ask)',
    ):
        red, green, blue = page.locator(selector).first.evaluate(
            "e => getComputedStyle(e).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
        )
        assert (red + green + blue < 200) is dark, selector


def test_buttons_with_an_icon_alone_have_names(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    ask(page, PATIENT)
    for name in ("Remove: Bone pain", "Correct: Bone pain", "Edit the question 1"):
        assert page.get_by_role("button", name=name).count() == 1


def test_nothing_jumps_while_an_answer_streams(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    settle(page)
    ask(page, PATIENT)
    page.wait_for_timeout(600)
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
        }).observe({type: 'layout-shift'}); }"""
    )
    field(page).fill("What is the rating?")
    page.wait_for_timeout(600)
    ask(page, "What is the rating?")
    page.wait_for_timeout(600)
    assert page.evaluate("window.shift") < 0.1
