"""A request for a study, told from one that asks something beside it: only the first is answered by the decision alone."""

from __future__ import annotations

import pytest

from assistant import Assistant

pytestmark = pytest.mark.model

PATIENT = "52F, breast cancer, cycle 3 of neoadjuvant AC-T, new rib pain, LFTs normal. "


@pytest.mark.parametrize(
    "request_",
    [
        "Which scan first?",
        "what imaging should I order",
        "Which initial staging study does the guidance put first?",
        "best first scan for her bone mets?",
        "which scan does the guideline list for her?",
        "scan?",
    ],
)
def test_a_bare_request_is_answered_by_the_decision_alone(assistant: Assistant, request_: str) -> None:
    assert assistant.resources.finder.only_chooses(request_)
    answer = assistant.ask(PATIENT + request_)
    assert answer.status == "answered"
    assert "does not state anything" not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Which scan first, and why?",
        "Which scan, and what if it is negative?",
        "Which scan first, and is it safe with her kidneys?",
        "PET or bone scan first?",
        "Which scan, and how soon must it be done?",
        "Which scan gives the least radiation?",
        "What does it cost?",
        "MRI first?",
        "Which ranges?",
        "which scan in pregnancy?",
    ],
)
def test_what_asks_for_more_is_looked_up(assistant: Assistant, question: str) -> None:
    assert not assistant.resources.finder.only_chooses(question)
