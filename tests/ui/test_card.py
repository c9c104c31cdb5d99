"""What a card shows is what the answer and the guideline hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.types import Counterfactual, CriterionRecord, ScopeRecord
from assistant.ui import about, card, export, pdf, source, wording
from assistant.ui.conversation import Conversation
from assistant.ui.elements import Image, Notice, Plot, Table, Text
from assistant.ui.feedback import scrub
from assistant.ui.pages import about_page, evaluation_page, guideline_page
from tests.ui.fake import Fake
from tests.ui.pdf_text import pdf_text

PATIENT = "52F with breast cancer on neoadjuvant chemo, new back pain for 3 weeks. Which scan?"
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def talk(fake: Fake) -> Conversation:
    found = Conversation()
    found.ask(fake, PATIENT)
    found.ask(fake, "What is the dose of chemo?")
    found.ask(fake, "refuse <b>this</b>")
    return found


def test_the_preferred_option_comes_first_and_ratings_have_words_icon_and_colour(fake: Fake) -> None:
    columns = card.option_table(fake.ask(PATIENT), fake.guidelines)
    assert wording.PREFERRED in columns["Study"][0]
    assert columns["Rating"][0] == ":green-badge[:material/check: Usually Appropriate]"
    assert columns["Rating"][-1] == ":orange-badge[:material/close: Usually Not Appropriate]"


def test_the_radiation_symbols_are_explained_from_the_guidelines_own_levels(fake: Fake) -> None:
    told = card.radiation_help(fake.guidelines[0])
    assert "☢☢☢ 1-10 mSv" in told
    assert "☢☢☢☢ 10-30 mSv" in told


def test_a_source_opens_exactly_the_cited_words(fake: Fake) -> None:
    answer = fake.ask(PATIENT)
    text = fake.guidelines[0].source_text
    numbers = [citation.number for citation in answer.citations]
    for citation, shown in zip(
        answer.citations, card.sources(answer, fake.guidelines, "0", numbers), strict=True
    ):
        assert text[citation.start : citation.end] == citation.quote
        (words,) = re.findall(r":yellow-background\[((?:[^\]\\]|\\.)*)\]", " ".join(shown.passage))
        assert re.sub(r"\\(.)", r"\1", words) == citation.quote
        assert shown.link["cite"] == f"{citation.start}-{citation.end}"


def test_what_decides_against_comes_first_among_the_criteria(fake: Fake) -> None:
    criteria = tuple(
        CriterionRecord(id=name, name=name, state=state, words=("w",))  # type: ignore[arg-type]
        for name, state in (("one", "met"), ("two", "unknown"), ("three", "failed"))
    )
    answer = fake.ask(PATIENT).model_copy(update={"scope": ScopeRecord(criteria=criteria)})
    assert [item.name for item in card.criteria(answer, fake.guidelines)] == ["Three", "Two", "One"]


def test_a_counterfactual_says_what_would_be_then(fake: Fake) -> None:
    scope = ScopeRecord(counterfactuals=(Counterfactual(change="x were so", verdict="applies"),))
    answer = fake.ask(PATIENT).model_copy(update={"scope": scope})
    assert card.changes(answer) == ("If x were so: the guidance applies",)


def test_every_chip_has_the_users_own_words(fake: Fake) -> None:
    chips = card.chips(fake.ask(PATIENT + " denies headache"))
    assert [chip.fact.words for chip in chips] == [
        "52F", "breast cancer", "neoadjuvant chemo", "new back pain for 3 weeks", "denies headache",
    ]  # fmt: skip
    assert "absent" in chips[-1].label


def test_plain_text_for_the_record_has_every_citation_word_for_word(fake: Fake) -> None:
    answer = fake.ask(PATIENT)
    text = export.answer_text(PATIENT, answer, fake.guidelines)
    for citation in answer.citations:
        assert f"[{citation.number}] {citation.section}: “{citation.quote}”" in text
    assert "2026-05-26" in text
    assert (
        "Whole-body bone scan (Tc-99m MDP) (put first by the text): Usually Appropriate; ☢☢☢ 1-10 mSv" in text
    )
    assert "**" not in text


def test_json_of_a_conversation_is_what_the_python_interface_gives(fake: Fake, talk: Conversation) -> None:
    data = json.loads(export.conversation_json(talk, fake.guidelines))
    assert [item["question"] for item in data["exchanges"]] == [item.question for item in talk.exchanges]
    assert data["exchanges"][0]["answer"] == talk.exchanges[0].answer.model_dump(mode="json")  # type: ignore[union-attr]
    assert data["exchanges"][2]["answer"] is None


def test_markdown_of_a_conversation_holds_all_and_no_html(fake: Fake, talk: Conversation) -> None:
    text = export.conversation_markdown(talk, fake.guidelines)
    assert "refuse \\<b\\>this\\</b\\>" in text
    assert "For this specific scenario" in text


@pytest.mark.skipif(not pdf.can_write(), reason="fonts-dejavu-core or fpdf2 is not installed")
def test_a_pdf_can_be_made_with_all_characters_of_the_guideline(
    fake: Fake, talk: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    data = pdf.conversation_pdf(talk, fake.guidelines)
    assert data.startswith(b"%PDF-")
    told = pdf_text(data)
    for exchange in talk.exchanges:
        assert exchange.question in told
        for citation in exchange.answer.citations if exchange.answer else ():
            assert " ".join(citation.quote.split()) in told
    assert "missing" not in caplog.text, "the font has every character"


def test_a_link_to_a_question_survives_any_character() -> None:
    link = export.question_link("http://127.0.0.1:8501/chat?x=1", "a & b? 100% #1")
    assert link == "http://127.0.0.1:8501/chat/?q=a%20%26%20b%3F%20100%25%20%231"


@pytest.mark.parametrize("value", ["", None, "5", "9-3", "0-99999999", "a-b", "-1-4", "1-2-3", "3-3"])
def test_a_link_to_no_passage_is_none(fake: Fake, value: str | None) -> None:
    assert source.parse_cite(fake.guidelines[0], value) is None


def test_the_guideline_page_holds_the_whole_text_in_order(fake: Fake) -> None:
    guideline = fake.guidelines[0]
    blocks = source.document(guideline)
    said = " ".join(re.sub(r"\\(.)", r"\1", block.markdown.removeprefix("- ")) for block in blocks)
    wanted = guideline.source_text.replace("•", " ")
    assert " ".join(said.replace("\u2060", "").split()) == " ".join(wanted.split())


def test_the_guideline_page_marks_the_cited_passage_alone(fake: Fake) -> None:
    guideline = fake.guidelines[0]
    found = guideline.statements["scenario-acr-rating"]
    items = list(guideline_page(guideline, f"{found.start}-{found.end}", TODAY))
    cited = [item for item in items if isinstance(item, Text) and item.key == "cited"]
    assert len(cited) == 1
    assert ":yellow-background[For this specific scenario" in cited[0].markdown


def test_a_passage_over_two_paragraphs_is_marked_in_both(fake: Fake) -> None:
    guideline = fake.guidelines[0]
    start = guideline.source_text.index("Usually Appropriate.\n")
    shown = source.passage(guideline, start, guideline.source_text.index("adult patients"))
    assert sum(":yellow-background" in item for item in shown) >= 2


def test_a_bad_link_says_so(fake: Fake) -> None:
    items = list(guideline_page(fake.guidelines[0], "1-x", TODAY))
    assert Notice(wording.CITE_BAD, warning=True) in items


def test_a_review_over_a_year_old_is_warned_of(fake: Fake) -> None:
    old = date(2028, 1, 1)
    assert not about.is_stale(fake.guidelines[0], TODAY)
    assert Notice(wording.STALE, warning=True) in list(about_page(fake.guidelines, "0.1", old))
    assert Notice(wording.STALE, warning=True) in list(guideline_page(fake.guidelines[0], None, old))
    assert Notice(wording.STALE, warning=True) not in list(about_page(fake.guidelines, "0.1", TODAY))


def test_examples_come_from_all_guidelines_in_turn(fake: Fake) -> None:
    one = fake.guidelines[0]
    two = replace(one, metadata=one.metadata.model_copy(update={"examples": ("x?", "y?")}))
    assert about.examples((one, two))[:4] == (one.metadata.examples[0], "x?", one.metadata.examples[1], "y?")
    assert len(about.examples((one, two))) == 6


def test_without_a_report_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    assert any(getattr(item, "text", "") == "make eval" for item in evaluation_page(tmp_path))


def test_a_report_is_shown_with_its_tables_and_plots(tmp_path: Path) -> None:
    data = {
        "version": "1",
        "metrics": {
            "accuracy": 0.98765,
            "by_set": {"a": {"n": 3, "score": 1.0}, "b": {"n": 4, "score": 0.5}},
        },
        "failures": [{"question": "<b>x</b>", "why": "y"}],
    }
    (tmp_path / "report.json").write_text(json.dumps(data))
    (tmp_path / "plot.png").write_bytes(b"x")
    items = list(evaluation_page(tmp_path))
    tables = [item for item in items if isinstance(item, Table)]
    assert [table.alt for table in tables] == ["Metrics", "Metrics › By set", "Failures", "The run"]
    assert tables[0].columns["Value"] == ["0.988"]
    assert tables[1].columns["Name"] == ["A", "B"]
    assert tables[2].columns["Question"] == ["\\<b\\>x\\</b\\>"]
    assert [item.alt for item in items if isinstance(item, Image)] == ["plot"]


def test_a_report_puts_the_rates_by_split_first_and_plots_those_by_group(tmp_path: Path) -> None:
    def rate(count: int, total: int) -> dict[str, float]:
        return {"count": count, "total": total, "value": count / total, "low": 0.1, "high": 0.9}

    part = {"exact_answers": rate(1, 2), "by_set": {"a": rate(1, 2), "b_c": rate(3, 4)}}
    samples = [
        {"id": "x-1", "split": "dev", "kind": "wrong", "severity": "high", "turns": ["secret?", "dev"]},
        {"id": "x-2", "split": "held", "kind": "wrong", "severity": "high", "turns": ["kept from tuning"]},
        {"id": "x-3", "split": "dev", "kind": "right", "severity": "low", "turns": ["fine"]},
    ]
    data = {"fast": True, "answers": dict.fromkeys(("dev", "held", "all"), part), "results": samples}
    (tmp_path / "report.json").write_text(json.dumps(data))
    (tmp_path / "timings.json").write_text('{"started": "2026-01-02 03:04:05"}')
    items = list(evaluation_page(tmp_path))
    first, failed, _run = [item for item in items if isinstance(item, Table)]
    assert first.columns == {
        "Measure": ["Exact answers"],
        **{split: ["50.0% (1 of 2)"] for split in ("dev", "held", "all")},
    }
    (plot,) = [item for item in items if isinstance(item, Plot)]
    assert "B c 75.0% of 4" in plot.spec["description"], "a screen reader hears the values"
    assert [value["high"] for value in plot.spec["data"]["values"]] == [0.9, 0.9]
    assert failed.columns["Sample"] == ["x-1"], "held samples are not shown, so that nobody tunes on them"
    assert failed.columns["Asked"] == ["secret? / dev"]
    assert any("2026-01-02" in getattr(item, "markdown", "") for item in items)


@pytest.mark.parametrize("content", ["{", "[]", '"x"'])
def test_a_broken_report_is_a_message(tmp_path: Path, content: str) -> None:
    (tmp_path / "report.json").write_text(content)
    assert any(isinstance(item, Notice) and item.warning for item in evaluation_page(tmp_path))


@pytest.mark.parametrize(
    "text",
    ["Mrs Jane Doe", "jane@x.org", "MRN 0012345", "born 03/04/1970", "tel +1 555 123 4567", "12 May 1970"],
)
def test_identifiers_are_taken_out(text: str) -> None:
    assert "[removed]" in scrub(f"a {text} b")


@pytest.mark.parametrize("text", ["52F, eGFR 25, ALP 310", "stage IV, 1-10 mSv", "pain x3wk, worse at night"])
def test_clinical_numbers_are_not_identifiers(text: str) -> None:
    assert scrub(text) == text
