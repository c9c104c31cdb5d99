"""State and logic of the chat, without a browser."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import assistant
from assistant.errors import CorpusNotFoundError
from assistant.ui import wording
from assistant.ui.conversation import Conversation
from tests.ui.fake import Fake

Start = Callable[..., AppTest]
PATIENT = "52F with breast cancer on neoadjuvant chemo, new back pain for 3 weeks. Which scan?"


def ask(test: AppTest, question: str) -> AppTest:
    return test.chat_input(key="typed").set_value(question).run()


def press(test: AppTest, key: str) -> AppTest:
    return test.button(key=key).click().run()


def talk(test: AppTest) -> Conversation:
    found: Conversation = test.session_state["talk"]
    return found


def shown(test: AppTest) -> str:
    values = [
        *test.markdown,
        *test.text,
        *test.caption,
        *test.warning,
        *test.error,
        *test.subheader,
        *test.title,
    ]
    return "\n".join(str(item.value) for item in values)


def test_the_first_screen_says_what_it_covers_and_offers_six_examples(app: Start) -> None:
    test = app()
    assert not test.exception
    metadata = Fake().guidelines[0].metadata
    assert metadata.covers in shown(test)
    assert all(item.split(" (")[0] in shown(test) for item in metadata.does_not_cover)
    assert [item.key for item in test.button if str(item.key).startswith("example-")] == [
        f"example-{number}" for number in range(6)
    ]


def test_an_example_button_asks_its_question(app: Start) -> None:
    test = press(app(), "example-1")
    assert talk(test).exchanges[0].question == Fake().guidelines[0].metadata.examples[1]


def test_an_answer_shows_status_text_options_sources_and_reason(app: Start) -> None:
    test = ask(app(), PATIENT)
    assert not test.exception
    assert "Answered from the guideline" in shown(test)
    assert "[\\[1\\]](#cite-0-1)" in shown(test)
    assert len(test.table) == 1
    assert next(iter(test.table[0].value["Study"])).startswith("**Whole-body bone scan (Tc-99m MDP)**")
    assert ":yellow-background[For this specific scenario" in shown(test)
    assert any(item.label == wording.WHY for item in test.expander)


def test_a_blank_question_is_not_asked(app: Start) -> None:
    test = ask(app(), "   ")
    assert not test.exception
    assert not talk(test).exchanges if "talk" in test.session_state else True


def test_a_follow_up_button_asks_with_the_history(app: Start) -> None:
    test = press(ask(app(), PATIENT), "next-0-0")
    assert [item.question for item in talk(test).exchanges][1] == "What if the bone scan is negative?"
    assert not [item for item in test.button if str(item.key).startswith("next-0")], (
        "only the last answer has them"
    )


def test_a_missing_fact_is_answered_by_a_button(app: Start) -> None:
    test = ask(app(), "52F, breast cancer, new back pain. Which scan?")
    assert "Is the therapy given before surgery?" in shown(test)
    test = press(test, "reply-0-Yes")
    assert talk(test).exchanges[1].question == "Yes"
    assert talk(test).exchanges[1].answer.status == "answered"  # type: ignore[union-attr]
    assert not [item for item in test.button if str(item.key).startswith("reply-")]


def test_an_answer_in_general_asks_for_no_fact_of_a_patient(app: Start) -> None:
    test = ask(app(), "52F, breast cancer, new back pain. What is flare?")
    answer = talk(test).last
    assert answer is not None
    assert answer.status == "answered"
    assert answer.scope.question, "there is one that a recommendation would need"
    assert not [item for item in test.button if str(item.key).startswith("reply-")]


def test_new_patient_stands_before_the_facts_and_so_stays_in_reach(app: Start) -> None:
    test = ask(app(), PATIENT)
    keys = [str(item.key) for item in test.button]
    assert keys.index("new-patient") < keys.index("icon-remove-0")


def test_removing_a_chip_gives_the_last_answer_again_and_can_be_undone(app: Start) -> None:
    test = ask(app(), PATIENT + " New seizure.")
    assert talk(test).last.status == "does_not_apply"  # type: ignore[union-attr]
    names = [fact.concept for fact in talk(test).last.scope.facts]  # type: ignore[union-attr]
    test = press(test, f"icon-remove-{names.index('seizure')}")
    assert talk(test).last.status == "answered"  # type: ignore[union-attr]
    assert len(talk(test).exchanges) == 1
    assert "seizure" not in [fact.concept for fact in talk(test).last.scope.facts]  # type: ignore[union-attr]
    test = press(test, "restore-0")
    assert talk(test).last.status == "does_not_apply"  # type: ignore[union-attr]


def test_correcting_a_chip_rewrites_the_words_and_answers_again(app: Start) -> None:
    test = ask(ask(app(), PATIENT), "And its radiation?")
    place = [fact.concept for fact in talk(test).last.scope.facts].index("bone-pain")  # type: ignore[union-attr]
    key = next(item.key for item in test.text_input if str(item.key).startswith(f"words-{place}"))
    test.text_input(key=key).set_value("new seizure")
    done = [item for item in test.button if item.label == wording.CORRECT_DONE][place]
    test = done.click().run()
    assert not test.exception
    assert "new seizure" in talk(test).exchanges[0].question
    assert [item.edited for item in talk(test).exchanges] == [True, False]
    assert talk(test).last.status == "does_not_apply"  # type: ignore[union-attr]


def test_editing_a_question_asks_again_and_drops_what_came_after(app: Start) -> None:
    test = ask(ask(app(), PATIENT), "And its radiation?")
    test = press(test, "icon-edit-0")
    test.text_area[0].set_value("What is the dose of chemo?")
    test = next(item for item in test.button if item.label == wording.EDIT_AGAIN).click().run()
    assert [item.question for item in talk(test).exchanges] == ["What is the dose of chemo?"]
    assert "Not in the guideline" in shown(test)


def test_new_patient_forgets_everything(app: Start) -> None:
    test = press(ask(app(), PATIENT), "new-patient")
    assert not test.exception
    assert "back pain" not in "".join(item.value for item in test.text)
    assert wording.TRY in shown(test)


def test_a_link_asks_its_question_once(app: Start) -> None:
    test = app(q="What is the rating of MRI?")
    assert [item.question for item in talk(test).exchanges] == ["What is the rating of MRI?"]
    assert "q" not in test.query_params
    assert len(talk(test.run()).exchanges) == 1


def test_a_refused_question_says_why_and_is_kept(app: Start) -> None:
    test = ask(app(), "refuse this")
    assert "not readable text" in shown(test)
    assert "refuse this" in shown(test)
    test = ask(test, PATIENT)
    assert talk(test).last.status == "answered"  # type: ignore[union-attr]
    assert talk(test).history()[0]["content"] == PATIENT, "a refused question is no turn"


def test_an_unexpected_error_shows_no_traceback(app: Start) -> None:
    test = ask(app(), "boom")
    assert not test.exception
    assert "Something went wrong" in shown(test)
    assert "secret" not in shown(test)


def test_a_draft_and_a_refused_draft_say_so(app: Start) -> None:
    assert "Phrased by a language model" in shown(ask(app(), "a draft"))
    assert "draft was refused" in shown(ask(app(), "a fallback"))


def test_a_missing_corpus_is_a_page_and_not_a_traceback(app: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Any:
        raise CorpusNotFoundError("There is no corpus: set ASSISTANT_CORPUS_DIR.")

    monkeypatch.setattr(Fake, "open", staticmethod(fail))
    test = app()
    assert not test.exception
    assert "no corpus" in shown(test)
    assert wording.CANNOT_OPEN in shown(test)


def test_twenty_sessions_never_see_each_other(app: Start) -> None:
    sessions = [app() for _ in range(20)]
    sessions = [ask(test, f"{PATIENT} (room {number})") for number, test in enumerate(sessions)]
    for number, test in enumerate(sessions):
        test = ask(test, "And its radiation?")
        assert [item.question for item in talk(test).exchanges] == [
            f"{PATIENT} (room {number})",
            "And its radiation?",
        ]
        assert re.findall(r"room \d+", shown(test)) == [f"room {number}"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](http://127.0.0.1/x.png)",
        "[click](javascript:alert(1))",
        ":red[x] :material/home: :smile: $x^2$",
        "# heading\n\n- list\n\n> quote",
        "</div><style>*{display:none}</style>",
    ],
)
def test_a_question_is_shown_as_its_characters(app: Start, text: str) -> None:
    test = ask(app(), text)
    assert not test.exception
    assert text in [item.value for item in test.text], "st.text shows characters, not markup"
    assert text not in "".join(str(item.value) for item in test.markdown)


def test_feedback_is_off_by_default(app: Start) -> None:
    test = ask(app(), PATIENT)
    assert not [item for item in test.button if str(item.key).startswith("send-")]


def test_feedback_is_stored_without_identifiers(
    app: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "feedback.sqlite"
    monkeypatch.setenv("ASSISTANT_FEEDBACK_FILE", str(file))
    test = ask(app(), PATIENT + " Mrs Smith, MRN 123456.")
    test.feedback(key="thumbs-0").set_value(1)
    test.text_input(key="comment-0").set_value("call 555-123-4567")
    test = press(test.run(), "send-0")
    assert not test.exception
    with sqlite3.connect(file) as connection:
        ((useful, comment, question),) = connection.execute("SELECT useful, comment, question FROM feedback")
    assert useful == 1
    assert "4567" not in comment
    assert "Smith" not in question
    assert "123456" not in question


def test_the_package_has_the_assistant_name() -> None:
    assert "Assistant" in assistant.__all__
