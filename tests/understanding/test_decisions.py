"""Each row of data/decisions.yaml is one claim: this patient fits, does not, or one fact is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.guidelines.decision import Decision
from assistant.guidelines.pack import Guideline
from assistant.scope.decision import decide, example_fact
from assistant.types import Fact, Turn
from assistant.understanding import Reader
from assistant.understanding.assertion import write_marks
from assistant.understanding.reader import ReplyFacts
from assistant.vocabulary import Vocabulary

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "decisions.yaml").read_text(encoding="utf-8")
)
PAIRS = DATA["pairs"]
Tools = tuple[Guideline, Vocabulary, Reader]


def decision(turns: list[str], tools: Tools, reply: ReplyFacts | None = None) -> Decision:
    guideline, vocabulary, reader = tools
    history = [Turn("user", text) for text in turns[:-1]]
    facts = reader.read(turns[-1], history, reply=reply).facts
    return decide(guideline.scope, facts, vocabulary)


def replies(tools: Tools) -> ReplyFacts:
    """What a yes or no states, as the question asked back has it."""
    guideline, vocabulary, _ = tools

    def reply(facts: tuple[Fact, ...], yes: bool, text: str, turn: int) -> tuple[Fact, ...]:
        missing = decide(guideline.scope, facts, vocabulary).missing
        if missing is None:
            return ()
        examples = missing.criterion.if_yes if yes else missing.criterion.if_no
        made = (example_fact(one, text, turn) for one in examples)
        return tuple(replace(one, kind=vocabulary.concepts[one.concept].kind) for one in made)

    return reply


@pytest.mark.parametrize("row", DATA["vignettes"], ids=lambda row: f"{row['class']}: {row['turns'][-1][:40]}")
def test_a_patient_is_decided_as_the_row_says(row: dict[str, Any], tools: Tools) -> None:
    made = decision(row["turns"], tools)
    assert made.verdict == row["verdict"]
    if "preferred" in row:
        assert made.preference is not None
        assert sorted(made.preference.options) == sorted(row["preferred"])


@pytest.mark.parametrize("row", DATA["replies"], ids=lambda row: f"{row['class']}: {row['turns'][-1][:40]}")
def test_a_reply_answers_what_was_asked_back(row: dict[str, Any], tools: Tools) -> None:
    assert decision(row["turns"], tools, replies(tools)).verdict == row["verdict"]


def case(finding: str, tools: Tools) -> Decision:
    return decision([PAIRS["base"].format(finding=finding)], tools)


@pytest.mark.parametrize("finding", PAIRS["same"])
def test_a_paraphrase_or_an_innocent_addition_changes_nothing(finding: str, tools: Tools) -> None:
    base, changed = case(PAIRS["finding"], tools), case(finding, tools)
    assert base.verdict == changed.verdict == "applies"
    assert base.preference == changed.preference


@pytest.mark.parametrize("finding", PAIRS["excluded"])
def test_a_sign_a_denial_or_another_time_flips_the_decision(finding: str, tools: Tools) -> None:
    assert case(finding, tools).verdict == "does_not_apply"


@pytest.mark.parametrize("row", DATA["vignettes"], ids=lambda row: row["turns"][-1][:40])
def test_writing_spoken_marks_moves_no_offset(row: dict[str, Any]) -> None:
    for text in row["turns"]:
        assert len(write_marks(text)) == len(text)


def test_a_spoken_comma_is_written() -> None:
    assert write_marks("breast cancer comma new pain period") == "breast cancer,      new pain.      "


def test_facts_keep_the_words_as_typed(tools: Tools) -> None:
    text = "breast cancer comma new pain in the left hip comma which scan question mark"
    for fact in tools[2].read(text).facts:
        assert fact.words == text[fact.start : fact.end]


@pytest.mark.parametrize(
    ("text", "waits"), [("no idea", True), ("not sure, will check", True), ("thanks", False)]
)
def test_who_does_not_know_what_was_asked_back_still_waits_for_the_study(
    text: str, waits: bool, tools: Tools
) -> None:
    history = [Turn("user", "breast cancer on chemo, new back pain. which scan?")]
    assert tools[2].read(text, history).recommendation is waits


def test_a_corrected_age_keeps_the_words_that_corrected_it(tools: Tools) -> None:
    history = [Turn("user", "16 yo with breast cancer on neoadjuvant chemo, new arm pain. study?")]
    facts = tools[2].read("oops, sixty-one not sixteen", history).facts
    assert [(fact.value, fact.words, fact.turn) for fact in facts if fact.concept == "age"] == [
        (61.0, "sixty-one", 1)
    ]
