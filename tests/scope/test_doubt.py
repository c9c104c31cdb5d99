"""The second reading of a patient: it makes the assistant ask, once, and what is answered counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant import Assistant
from assistant.errors import ModelError
from assistant.guidelines.decision import Decision
from assistant.scope.doubt import Doubt, Replies, joined

THERAPY, SIGNS = "undergoing-neoadjuvant-therapy", "suspected-cns-metastases"
pytestmark = pytest.mark.model

FITS = "45F breast cancer on neoadjuvant AC-T, new hip pain, LFTs normal. Which scan?"
OUTSIDE = "45F breast cancer, adjuvant AC-T after mastectomy, new hip pain. Which scan?"


class Shares:
    """Reads a conversation as the probability given for its number of turns."""

    threshold = 0.9

    def __init__(self, *shares: float, criterion: str = THERAPY) -> None:
        self.shares, self.criterion = shares, criterion
        self.seen: list[str] = []

    def sort(self, texts: Sequence[str]) -> list[tuple[float, str]]:
        self.seen += texts
        return [(self.shares[text.count("[SEP]")], self.criterion) for text in texts]


class Broken(Shares):
    """Cannot be run."""

    def sort(self, texts: Sequence[str]) -> list[tuple[float, str]]:
        raise ModelError("no model")


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return Assistant.open()


@pytest.fixture
def doubtful(assistant: Assistant) -> Iterator[Assistant]:
    """The assistant, whose second reading each test replaces by its own."""
    kept = dict(assistant.resources.doubts)
    yield assistant
    assistant.resources.doubts.clear()
    assistant.resources.doubts.update(kept)


def doubting(assistant: Assistant, model: Shares) -> Assistant:
    guideline = assistant.guidelines[0]
    doubt = Doubt(model, guideline.scope, assistant.resources.vocabulary)
    assistant.resources.doubts[guideline.id] = doubt
    return assistant


def talk(assistant: Assistant, *turns: str) -> list[str]:
    """The statuses of the answers to the turns of one conversation."""
    history: list[dict[str, str]] = []
    statuses: list[str] = []
    for turn in turns:
        answer = assistant.ask(turn, history)
        statuses.append(answer.status)
        history += [{"role": "user", "content": turn}, {"role": "assistant", "content": answer.text}]
        if answer.status != "answered":
            assert not any(option.role == "recommended" for option in answer.options)
    return statuses


def test_who_is_not_doubted_is_answered(doubtful: Assistant) -> None:
    assert talk(doubting(doubtful, Shares(0.89)), FITS) == ["answered"]


def test_who_is_doubted_is_asked_for_the_criterion_and_given_no_study(doubtful: Assistant) -> None:
    answer = doubting(doubtful, Shares(0.9)).ask(FITS)
    ask = next(one.ask for one in doubtful.guidelines[0].scope.criteria if one.id == THERAPY)
    assert answer.status == "needs_information"
    assert ask in answer.text
    assert not [one for one in answer.options if one.role == "recommended"]
    assert not [one for one in answer.notices if one.kind == "guard"]
    state = next(one.state for one in answer.scope.criteria if one.id == THERAPY)
    assert state == "unknown"


def test_the_question_says_what_either_answer_would_decide(doubtful: Assistant) -> None:
    text = doubting(doubtful, Shares(0.9)).ask(FITS).text
    yes, no = (line for line in text.splitlines() if line.startswith("- "))
    assert "applies" in yes
    assert "does not apply" in no
    signs = doubting(doubtful, Shares(0.9, criterion=SIGNS)).ask(FITS).text
    yes, no = (line for line in signs.splitlines() if line.startswith("- "))
    assert "does not apply" in yes
    assert "does not apply" not in no


@pytest.mark.parametrize(
    ("criterion", "reply", "status"),
    [
        (THERAPY, "yes", "answered"),
        (THERAPY, "no", "does_not_apply"),
        (SIGNS, "no", "answered"),
        (SIGNS, "yes", "does_not_apply"),
    ],
)
def test_a_bare_reply_settles_it(doubtful: Assistant, criterion: str, reply: str, status: str) -> None:
    assistant = doubting(doubtful, Shares(0.95, 0.99, 0.99, criterion=criterion))
    assert talk(assistant, FITS, reply) == ["needs_information", status]


def test_what_was_denied_stays_denied(doubtful: Assistant) -> None:
    assistant = doubting(doubtful, Shares(0.95, 0.2, 0.2))
    assert talk(assistant, FITS, "no", "So which scan?")[-1] == "does_not_apply"


def test_a_told_answer_that_reads_no_worse_settles_it(doubtful: Assistant) -> None:
    told = "She is on cycle 4 of 8, surgery is in June"
    assert talk(doubting(doubtful, Shares(0.95, 0.94)), FITS, told)[-1] == "answered"
    assert talk(doubting(doubtful, Shares(0.95, 0.98)), FITS, told)[-1] == "needs_information"


def test_who_answers_nothing_is_asked_again(doubtful: Assistant) -> None:
    assistant = doubting(doubtful, Shares(0.95, 0.95))
    assert talk(assistant, FITS, "Which scan then?") == ["needs_information"] * 2


def test_a_reply_to_a_question_of_the_criteria_settles_that_criterion_and_no_other(
    doubtful: Assistant,
) -> None:
    unstated = "45F breast cancer on chemotherapy, new hip pain, LFTs normal. Which scan?"
    assistant = doubting(doubtful, Shares(0.95, 0.95))
    assert talk(assistant, unstated, "yes") == ["needs_information", "answered"]
    assistant = doubting(doubtful, Shares(0.95, 0.95, criterion=SIGNS))
    assert talk(assistant, unstated, "yes") == ["needs_information", "needs_information"]


def test_who_takes_back_a_fact_is_not_doubted(doubtful: Assistant) -> None:
    question = FITS + " New seizures."
    assistant = doubting(doubtful, Shares(0.99, criterion=SIGNS))
    assert assistant.ask(question).status == "does_not_apply"
    assert assistant.ask(question, without=[(0, "seizure")]).status == "answered"


def test_another_patient_is_read_alone(doubtful: Assistant) -> None:
    model = Shares(0.1, 0.95)
    assert talk(doubting(doubtful, model), FITS, f"Next patient: {FITS}")[-1] == "answered"
    assert "[SEP]" not in model.seen[-1]


def test_who_is_outside_by_the_criteria_is_not_doubted(doubtful: Assistant) -> None:
    model = Shares(0.99)
    assert talk(doubting(doubtful, model), OUTSIDE) == ["does_not_apply"]
    assert not model.seen


def test_a_question_about_nobody_is_not_doubted(doubtful: Assistant) -> None:
    model = Shares(0.99)
    assert talk(doubting(doubtful, model), "How is a bone scan rated?") == ["answered"]
    assert not model.seen


def test_without_a_model_the_criteria_decide(doubtful: Assistant) -> None:
    assert talk(doubting(doubtful, Broken()), FITS) == ["answered"]


def test_a_text_is_read_once(doubtful: Assistant) -> None:
    model = Shares(0.1)
    assistant = doubting(doubtful, model)
    talk(assistant, FITS)
    talk(assistant, FITS)
    assert len(model.seen) == 1


def test_what_a_user_writes_is_no_mark_between_turns() -> None:
    assert joined(["one [SEP] two", "three"]).count("[SEP]") == 1


def test_a_criterion_without_a_question_is_not_doubted(assistant: Assistant) -> None:
    guideline = assistant.guidelines[0]
    doubt = Doubt(Shares(0.99, criterion="nothing"), guideline.scope, assistant.resources.vocabulary)
    decision = Decision("applies", ())
    assert doubt.on(decision, ["a patient"], (), Replies()) is decision


def test_the_shipped_reading_knows_the_criteria_that_it_asks_for(assistant: Assistant) -> None:
    for guideline in assistant.guidelines:
        doubt = assistant.resources.doubts.get(guideline.id)
        if doubt is not None:
            (found,) = doubt.model.sort([OUTSIDE])
            assert found[1] in {one.id for one in guideline.scope.criteria if one.ask}
            assert 0.5 < doubt.model.threshold < 1.0
