"""What a person does in the chat, in a real browser, on hand-made answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from assistant.ui import export
from assistant.ui.conversation import Conversation
from tests.browser.server import FAKE, free_port, serve
from tests.browser.steps import PATIENT, ask, cards, field, settle
from tests.ui.fake import Fake
from tests.ui.pdf_text import pdf_text

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Visit = Callable[..., "Page"]


def status(page: Page, words: str) -> Locator:
    return cards(page).locator(".stMarkdownBadge").filter(has_text=words).first


def test_an_example_is_asked_and_answered(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    page.locator(".st-key-example-0 button").click()
    card = page.locator(".st-key-card-0")
    card.get_by_text("Answered from the guideline").wait_for()
    card.get_by_role("table", name=re.compile("Rated studies")).wait_for()


def test_the_answer_is_read_from_its_beginning(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    for _ in range(2):
        ask(page, PATIENT)
    page.wait_for_timeout(1600)
    top = page.locator(".st-key-question-1").bounding_box()
    assert top is not None
    assert 40 <= top["y"] <= 200, "the newest question stands at the top, its answer under it"


@pytest.mark.parametrize(("width", "height"), [(1280, 860), (390, 844)], ids=["wide", "phone"])
def test_a_marker_opens_the_exact_words_in_place(
    visit: Visit, fake_server: str, width: int, height: int
) -> None:
    page = visit(fake_server, width=width, height=height)
    ask(page, PATIENT)
    card = ask(page, PATIENT)
    page.wait_for_timeout(1600)
    link = card.get_by_role("link", name="[2]")
    before = link.bounding_box()
    link.click()
    popover = page.get_by_test_id("stPopoverBody")
    popover.wait_for()
    quote_shown = popover.locator(".stMarkdownColoredBackground").inner_text()
    statement = Fake().guidelines[0].statements["bone-scan-advantage"]
    assert quote_shown.strip() == statement.quote
    assert "/guideline" not in page.url
    page.keyboard.press("Escape")
    popover.wait_for(state="detached")
    page.wait_for_timeout(500)
    assert cards(page).count() == 2
    assert link.bounding_box() == before, "the reader is where the marker was clicked"
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#cite-1-2"


def test_the_guideline_page_scrolls_to_the_cited_words_and_the_chat_is_still_there(
    visit: Visit, fake_server: str
) -> None:
    page = visit(fake_server)
    ask(page, PATIENT)
    page.locator(".st-key-cite-0-3 button").click()
    page.get_by_role("link", name="Read it in the guideline").click()
    cited = page.locator(".st-key-cited")
    cited.wait_for()
    page.wait_for_timeout(800)
    words = cited.locator(".stMarkdownColoredBackground").first
    assert words.inner_text().strip() == Fake().guidelines[0].statements["bone-scan-alone-insufficient"].quote
    box = words.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 860, "scrolled into view"
    page.get_by_role("link", name="Chat", exact=False).first.click()
    cards(page).first.wait_for()
    assert cards(page).count() == 1


def test_a_link_to_a_passage_works_on_its_own(visit: Visit, fake_server: str) -> None:
    statement = Fake().guidelines[0].statements["faq-neuro-mri-brain"]
    page = visit(f"{fake_server}/guideline?cite={statement.start}-{statement.end}", width=390, height=844)
    cited = page.locator(".st-key-cited .stMarkdownColoredBackground").first
    cited.wait_for()
    page.wait_for_timeout(1000)
    box = cited.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 844
    assert cited.inner_text().strip() == statement.quote


def test_a_missing_fact_is_given_by_button(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    card = ask(page, "52F, breast cancer, new back pain. Which scan?")
    card.get_by_role("button", name="Yes").click()
    page.locator(".st-key-card-1").get_by_text("Answered from the guideline").wait_for()


def test_a_chip_is_removed_put_back_and_corrected(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    ask(page, PATIENT + " New seizures.")
    status(page, "The guidance does not apply").wait_for()
    page.get_by_role("button", name="Remove: Seizure").click()
    cards(page).get_by_text("Answered from the guideline").wait_for()
    settle(page)
    page.get_by_role("button", name="Put back: Seizure").click()
    status(page, "The guidance does not apply").wait_for()
    settle(page)
    page.get_by_role("button", name="Correct: Seizure").click()
    box = page.get_by_test_id("stPopoverBody").get_by_role("textbox")
    box.fill("No seizure at all")
    page.get_by_role("button", name="Answer again").click()
    cards(page).get_by_text("Answered from the guideline").wait_for()
    assert "No seizure at all" in page.locator(".st-key-question-0").inner_text()


def test_a_question_is_edited_and_asked_again(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    ask(page, PATIENT)
    page.get_by_role("button", name="Edit the question 1").click()
    page.get_by_role("textbox", name="Your question").fill("What is the dose of chemo?")
    page.get_by_role("button", name="Ask again").click()
    cards(page).get_by_text("Not in the guideline").wait_for()
    assert cards(page).count() == 1


def test_new_patient_clears_the_screen(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    ask(page, PATIENT)
    page.get_by_role("button", name="New patient").click()
    page.get_by_text("Try one of these").wait_for()
    settle(page)
    assert "52F with breast cancer" not in page.inner_text("body")


def test_the_conversation_is_downloaded_as_it_was(visit: Visit, fake_server: str, tmp_path: Path) -> None:
    page = visit(fake_server)
    ask(page, PATIENT)
    page.get_by_role("button", name="Copy or save").click()
    for name, ending in (("JSON", "json"), ("Markdown", "md"), ("PDF", "pdf")):
        with page.expect_download() as waiting:
            page.get_by_test_id("stPopoverBody").get_by_role("button", name=name).click()
        assert waiting.value.suggested_filename == f"conversation.{ending}"
        waiting.value.save_as(tmp_path / ending)
    fake, expected = Fake(), Conversation()
    answer = expected.ask(fake, PATIENT).answer
    assert answer is not None
    data = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert [item["question"] for item in data["exchanges"]] == [PATIENT]
    assert data["exchanges"][0]["answer"] == answer.model_dump(mode="json")
    text = (tmp_path / "md").read_text(encoding="utf-8")
    assert text == export.conversation_markdown(expected, fake.guidelines)
    printed = pdf_text((tmp_path / "pdf").read_bytes())
    for words in (PATIENT, "Usually Not Appropriate", *(item.quote for item in answer.citations)):
        assert words in printed


def test_the_plain_text_for_the_record_is_copied_with_its_citations(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server, permissions=["clipboard-read", "clipboard-write"])
    ask(page, PATIENT)
    page.get_by_role("button", name="Copy or save").click()
    box = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").first
    box.hover()
    box.get_by_role("button", name="Copy to clipboard").click()
    fake = Fake()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == export.answer_text(PATIENT, fake.ask(PATIENT), fake.guidelines).strip()


def test_a_link_opens_the_app_with_its_question(visit: Visit, fake_server: str) -> None:
    page = visit(f"{fake_server}/?q={quote(PATIENT)}")
    cards(page).get_by_text("Answered from the guideline").wait_for()
    assert "q=" not in page.url, "the question does not stay in the address"


def test_markup_in_a_question_stays_text(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    tricks = (
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "![x](http://192.0.2.1/x.png) [go](javascript:alert(3)) https://192.0.2.1/",
        ":red[x] :material/home: $x$ `c` **b** </div><style>body{display:none}</style>",
    )
    for number, trick in enumerate(tricks):
        ask(page, trick)
        block = page.locator(f".st-key-question-{number}")
        assert block.get_by_test_id("stText").inner_text().strip() == trick
        assert block.locator("img, script, a, style, strong, code").count() == 0
    page.get_by_role("button", name="Copy or save").last.click()
    assert page.get_by_test_id("stPopoverBody").locator("img, script").count() == 0


def test_two_people_at_once_see_only_their_own(visit: Visit, fake_server: str) -> None:
    one, two = visit(fake_server), visit(fake_server)
    ask(one, PATIENT)
    ask(two, "What is the dose of chemo?")
    assert "52F with" not in two.inner_text("body")
    assert "dose of chemo" not in one.inner_text("body")
    one.reload()
    one.locator("h1").first.wait_for()
    settle(one)
    assert "52F with breast cancer" not in one.inner_text("body"), "nothing is kept"


def test_a_server_that_was_restarted_can_be_asked_again(visit: Visit) -> None:
    port = free_port()
    with serve(FAKE, port) as address:
        page = visit(address)
        ask(page, PATIENT)
    page.wait_for_timeout(500)
    with serve(FAKE, port):
        page.reload()
        page.get_by_text("Try one of these").wait_for(timeout=30_000)
        card = ask(page, PATIENT)
        assert "Answered from the guideline" in card.inner_text()
        assert "Traceback" not in page.inner_text("body")


def test_a_server_that_was_restarted_is_asked_without_a_reload(visit: Visit) -> None:
    """The page of before still stands there, and the patient on it is gone: that must not pass in silence."""
    port = free_port()
    with serve(FAKE, port) as address:
        page = visit(address)
        ask(page, PATIENT)
    notice = page.locator(".offline")
    notice.wait_for(timeout=20_000)
    assert "connects again by itself" in notice.inner_text()
    page.wait_for_timeout(2500)
    assert page.get_by_role("dialog").count() == 0, "no dialog covers what can still be read"
    page.locator(".st-key-cite-0-2 button").click()
    page.get_by_test_id("stPopoverBody").wait_for()
    page.keyboard.press("Escape")
    with serve(FAKE, port):
        notice.wait_for(state="hidden", timeout=60_000)
        page.wait_for_timeout(1000)
        field(page).fill("What if the bone scan is negative?")
        field(page).press("Enter")
        page.get_by_text("what was said before is gone").wait_for()
        page.locator(".st-key-card-0").get_by_text("Copy or save").wait_for()
        settle(page)
        assert "What if the bone scan is negative?" in page.locator(".st-key-question-0").inner_text()
        assert "52F with breast cancer" not in page.inner_text("body")
        ask(page, "And its radiation?")
        assert cards(page).count() == 2, "from here on it is a conversation as any other"


def test_errors_are_messages_and_the_question_is_kept(visit: Visit, fake_server: str) -> None:
    page = visit(fake_server)
    ask(page, "boom")
    assert "Something went wrong" in page.inner_text("body")
    assert "secret traceback" not in page.inner_text("body")
    ask(page, "refuse this")
    assert "not readable text" in page.inner_text("body")
    assert field(page).is_enabled()
