"""The browser benchmark: how long a person waits, in Chromium, on a warm server with the real guideline.

First answer: from the press of Enter until the first words of the answer are painted, measured inside the
page; each question in a conversation of its own. Page ready: from the address until the field can be typed in,
each time in a browser profile without a cache.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from evals.samples import ANSWER_SETS, DATASETS, load_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTIONS, PAGES = 30, 5
GOAL_ANSWER_S, GOAL_READY_S = 0.5, 3.0
WIDE = {"width": 1280, "height": 860}
#: The first paragraph of a card is its status; the second is where the answer begins.
WATCH = """
() => {
  const state = window.measured = { start: 0, shown: 0 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { state.start = performance.now(); state.shown = 0; }
  }, true);
  new MutationObserver(() => {
    if (!state.start || state.shown) return;
    const lines = document.querySelectorAll('.st-key-card-0 [data-testid="stMarkdownContainer"] p');
    const refused = document.querySelector('.st-key-card-0 [data-testid="stAlert"]');
    if (refused || (lines.length > 1 && lines[1].textContent.trim())) {
      state.shown = -1;
      requestAnimationFrame(() => setTimeout(() => { state.shown = performance.now(); }, 0));
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}
"""


def browser() -> int:
    """Measure and print; without Chromium say so plainly."""
    # The server of the browser tests is the one way to start the app that is known to end again.
    from tests.browser.server import FLAGS, REAL, find_chromium, serve

    path = find_chromium()
    if path is None:
        print("the browser benchmark was skipped: Chromium is not installed (apt-get install chromium)")
        return 0
    from playwright.sync_api import sync_playwright

    from assistant import Assistant

    Assistant.open().ask("Is the index built?")
    with serve(REAL) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        ready = [page_ready(chromium, address) for _ in range(PAGES + 1)][1:]  # the first warms the server
        answers = first_answers(chromium, address, questions())
        chromium.close()
    print(told("first answer on screen after Enter", answers, GOAL_ANSWER_S))
    print(told("page ready", ready, GOAL_READY_S))
    return 0


def questions(count: int = QUESTIONS) -> list[str]:
    """Different questions from all sets of the development split, at even distances: every status among them."""
    found: list[str] = []
    each = -(-count // len(ANSWER_SETS))
    for name in ANSWER_SETS:
        asked = [
            sample.turns[0]
            for sample in load_samples(Path(DATASETS) / f"{name}.yaml")
            if sample.split == "dev" and len(sample.turns) == 1 and sample.turns[0].strip()
        ]
        found += asked[:: max(1, len(asked) // each)][:each]
    return found[:count]


def page_ready(chromium: Browser, address: str) -> float:
    """Return the seconds until the field can be typed in."""
    context = chromium.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.get_by_test_id("stChatInputTextArea").click()
    found = time.perf_counter() - begun
    context.close()
    return found


def first_answers(chromium: Browser, address: str, asked: Sequence[str]) -> list[float]:
    """Return the seconds from Enter to the first words of each answer."""
    context = chromium.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.get_by_test_id("stChatInputTextArea").click()
    page.evaluate(WATCH)
    times = [first_answer(page, question) for question in (asked[0], *asked)][1:]  # the first is warm-up
    context.close()
    return times


def first_answer(page: Page, question: str) -> float:
    """Ask one question as a new patient's."""
    still(page)
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(question)
    field.press("Enter")
    page.wait_for_function("window.measured.shown > 0", timeout=60_000)
    found: float = page.evaluate("(window.measured.shown - window.measured.start) / 1000")
    still(page)
    page.get_by_role("button", name="New patient").click()
    page.locator(".st-key-examples").wait_for()
    return found


def still(page: Page) -> None:
    """Wait until the server has nothing more to send."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(200)


def told(name: str, times: Sequence[float], goal_s: float) -> str:
    """Return a line for the terminal."""
    ordered = sorted(times)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    return (
        f"{name}: median {median(ordered):.2f} s over {len(ordered)} (p95 {p95:.2f} s, "
        f"slowest {ordered[-1]:.2f} s; goal {goal_s:g} s)"
    )
