"""Whatever happens, the guard gives a verdict in bounded time, and refuses what it cannot check."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.guard import Guard, GuardContext
from assistant.guard import guard as module

RIGHT = "A whole-body bone scan is rated Usually Appropriate."
WRONG = "A whole-body bone scan is rated Usually Not Appropriate."
TRICKS = {
    "zero-width": WRONG.replace("Not", "N\u200bo\u200dt"),
    "homoglyphs": WRONG.replace("o", "о").replace("a", "а"),
    "full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in WRONG),
    "right to left marks": f"\u202e{WRONG}\u202c",
    "bold": WRONG.replace("Usually Not", "**Usually** *Not*"),
}


def test_an_exception_in_a_rule_is_a_refusal(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[object]:
        raise RuntimeError("broken")

    assert guard.review(RIGHT).verdict == "pass"
    monkeypatch.setattr(module, "RULES", (broken,))
    review = guard.review(RIGHT)
    assert review.verdict == "reject"
    assert review.findings[0].rule == "guard-failure"


@pytest.mark.parametrize("draft", ["", "   ", "\u200b", "\n\n|"])
def test_an_empty_draft_is_refused(guard: Guard, draft: str) -> None:
    assert guard.review(draft).verdict == "reject"


@pytest.mark.parametrize("name", TRICKS)
def test_a_unicode_trick_hides_nothing(guard: Guard, name: str) -> None:
    review = guard.review(TRICKS[name])
    assert any(item.rule == "rating" for item in review.findings)


def test_full_width_digits_are_digits(guard: Guard) -> None:
    assert guard.review("A bone scan carries １-１０ mSv.").verdict == "pass"
    assert guard.review("A bone scan carries １０-３０ mSv.").verdict == "reject"


@pytest.mark.parametrize(
    "text", ["a", "not ", "| ", "[1] ", "usually appropriate ", "1-10 mSv, ", "(", "**", "☢", "\"'"]
)
def test_a_draft_of_one_megabyte_is_refused_unread(guard: Guard, text: str) -> None:
    assert guard.review(text * (1_000_000 // len(text))).verdict == "reject"


@pytest.mark.parametrize(
    "text", ["a ", "not ", "| ", "[1] ", "bone scan ", "1-10 mSv, ", "(", "stage i, ", "☢ ", "- x\n", "a.b"]
)
def test_the_longest_draft_that_is_read_gets_a_verdict(guard: Guard, text: str) -> None:
    draft = (text * module.LONGEST_DRAFT)[: module.LONGEST_DRAFT]
    assert guard.review(draft).verdict in {"pass", "reject"}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_gets_a_verdict_without_a_failure(guard: Guard, draft: str, question: str) -> None:
    review = guard.review(draft, GuardContext(question=question, user_texts=(question,)))
    assert review.verdict in ("pass", "reject")
    assert (review.verdict == "reject") == bool(review.findings)
    for item in review.findings:
        assert 0 <= item.start <= item.end <= len(draft)
        if item.rule == "guard-failure":
            assert "could not be checked" not in item.message


WORDS = st.sampled_from(
    [
        "bone",
        "scan",
        "CT",
        "with",
        "without",
        "contrast",
        "not",
        "usually",
        "appropriate",
        "UA",
        "UNA",
        "☢☢☢",
        "1-10",
        "mSv",
        "|",
        "-",
        "#",
        "[1]",
        "\n",
        ";",
        ":",
        "(",
        ")",
        ",",
        ".",
        "?",
        "flare",
        "healing",
        "progression",
        "stage",
        "IV",
        "52F",
        "always",
        "may",
        "if",
        "\u200b",
        "\u202e",
        "１",
        "“",
        "”",
        "than",
        "higher",
        "dose",
        "PET/CT",
        "MRI",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_any_salad_of_its_own_words_gets_a_verdict(guard: Guard, words: list[str]) -> None:
    review = guard.review(" ".join(words))
    assert not any("could not be checked" in item.message for item in review.findings)


def test_the_same_draft_gives_the_same_review(guard: Guard) -> None:
    assert guard.review(WRONG) == guard.review(WRONG)
