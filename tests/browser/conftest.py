"""What browser tests share: Chromium, servers, and a page that reports whatever it does wrong."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.server import FAKE, FLAGS, REAL, find_chromium, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant import Assistant

MISSING = (
    "no browser tests: Chromium is not installed (apt-get install chromium)"
    if find_chromium() is None
    else "no browser tests: playwright is not installed (pip install playwright)"
    if importlib.util.find_spec("playwright") is None
    else ""
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            if MISSING:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def fake_server() -> Iterator[str]:
    """The app on hand-made answers."""
    with serve(FAKE) as address:
        yield address


@pytest.fixture(scope="session")
def real_assistant() -> Assistant:
    """The real assistant in this process; it builds the index into the tests' own folder."""
    from assistant import Assistant

    found = Assistant.open()
    found.ask("Is the index built?")
    return found


@pytest.fixture(scope="session")
def real_server(real_assistant: Assistant) -> Iterator[str]:
    """The app on the real assistant and the real guideline."""
    with serve(REAL) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a session of its own.

    A request that leaves the machine, a dialog or a script error fails the test.
    """
    wrong: list[str] = []
    contexts = []

    def start(address: str, *, width: int = 1280, height: int = 860, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _check(request.url, wrong))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        page.goto(address)
        page.locator("h1").first.wait_for(timeout=60_000)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not wrong, wrong


def _check(url: str, wrong: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
        wrong.append(f"request to {url}")
