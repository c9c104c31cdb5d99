"""The code knows no guideline: an invented one works by data alone, by itself and beside the real one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.guidelines.loader import load_corpus, load_guideline
from assistant.types import Answer
from tests.conftest import write_corpus

pytestmark = pytest.mark.model

REAL = "bone-scan-suspected-metastatic-breast-cancer"
INVENTED = "scaphoid-fracture-after-wrist-injury"
PATIENT = "34-year-old man, fell off his bike two days ago, snuffbox tenderness. Which scan?"
Ask = Callable[..., Answer]


def opened(corpus: Path) -> Assistant:
    """Open a corpus with an index folder of its own beside the shared one: all workers build it once."""
    shared = Path(os.environ["ASSISTANT_INDEX_DIR"])
    return Assistant.open(corpus_dir=corpus, index_dir=shared.with_name(f"index-{corpus.name}"))


@pytest.fixture(scope="module")
def corpora(root, tmp_path_factory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("corpora")
    real = root / "corpus" / "guidelines" / REAL
    invented = root / "tests" / "data" / "guidelines" / INVENTED
    return {
        "alone": write_corpus(base / "alone", invented),
        "both": write_corpus(base / "both", real, invented),
    }


@pytest.fixture(scope="module", params=["alone", "both"])
def ask(request, corpora) -> Ask:
    return opened(corpora[request.param]).ask


@pytest.fixture(scope="module")
def ask_both(corpora) -> Ask:
    return opened(corpora["both"]).ask


def roles(answer: Answer) -> dict[str, str]:
    return {option.id: option.role for option in answer.options}


def sources(answer: Answer) -> set[str]:
    return {citation.guideline for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "option", "role"),
    [
        ("What is the rating of ultrasound of the wrist?", "wrist-ultrasound", "not_recommended"),
        ("What is the rating of MRI of the wrist?", "wrist-mri", "recommended"),
        (
            "Is a bone scan appropriate for a suspected scaphoid fracture?",
            "wrist-bone-scan",
            "not_recommended",
        ),
    ],
)
def test_a_rating_is_looked_up_in_the_right_guideline(ask, question, option, role):
    answer = ask(question)
    assert answer.status == "answered"
    assert roles(answer)[option] == role
    assert sources(answer) == {INVENTED}


def test_a_patient_who_fits_gets_the_study_that_the_text_puts_first(ask):
    answer = ask(PATIENT)
    assert answer.status == "answered"
    assert [option.id for option in answer.options if option.preferred] == ["wrist-radiographs"]
    assert sources(answer) == {INVENTED}


@pytest.mark.parametrize(
    "question",
    [
        "34M, fell on his outstretched hand, open wound over the wrist, snuffbox tenderness. Which scan?",
        "8-year-old child, wrist injury yesterday, snuffbox tenderness. Which imaging?",
        "40F with a known scaphoid non-union after a wrist injury. Which imaging?",
    ],
)
def test_a_patient_who_does_not_fit_is_told_so_with_the_words_of_the_text(ask, question):
    answer = ask(question)
    assert answer.status == "does_not_apply"
    assert answer.citations
    assert "recommended" not in roles(answer).values()


def test_the_one_fact_that_decides_is_asked_for(ask):
    answer = ask("45-year-old woman with a wrist injury since yesterday. Which study should I order?")
    assert answer.status == "needs_information"
    assert "snuffbox" in answer.text
    reply = [{"role": "user", "content": "45-year-old woman with a wrist injury since yesterday. Which study should I order?"},
             {"role": "assistant", "content": answer.text}]  # fmt: skip
    assert ask("The snuffbox is tender.", history=reply).status == "answered"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Does a normal radiograph rule out a scaphoid fracture?", "A fresh fracture without a gap can be invisible for ten days or more."),
        ("Is MRI of the wrist safe for a patient with a pacemaker?", "Many modern pacemakers allow it under supervision."),
        ("Can I skip radiographs and order an MRI at once?", "Where MRI can be had on the same day"),
        ("How long should the wrist stay in the splint while we wait?", "Until the second study has excluded a fracture."),
    ],
)  # fmt: skip
def test_its_frequent_questions_are_answered_in_its_words(ask, question, words):
    answer = ask(question)
    assert answer.status == "answered"
    assert any(words in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    ["Which antibiotic for pneumonia?", "What is the capital of France?", "Which screw fixes a broken hip?"],
)
def test_what_fits_no_guideline_is_not_covered(ask, question):
    answer = ask(question)
    assert answer.status == "not_covered"
    assert answer.options == ()


@pytest.mark.parametrize(
    "question",
    [
        "52F, locally advanced breast cancer on neoadjuvant chemo, new back pain for 3 weeks. Which scan?",
        "What is the flare phenomenon?",
        "Is a bone scan safe with chronic kidney disease?",
        "What is the rating of FDG-PET/CT?",
    ],
)
def test_a_question_for_the_real_guideline_is_not_answered_by_the_other(ask_both, question):
    answer = ask_both(question)
    assert answer.status == "answered"
    assert sources(answer) == {REAL}


def test_with_both_packs_each_answers_as_it_does_alone(ask_both, corpora):
    alone = opened(corpora["alone"]).ask
    for question in (PATIENT, "What is the rating of ultrasound of the wrist?"):
        assert ask_both(question).options == alone(question).options


def test_every_citation_is_a_slice_of_its_own_guideline(ask_both, corpora):
    texts = {guideline.id: guideline.source_text for guideline in load_corpus(corpora["both"])}
    examples = [*load_guideline(corpora["both"] / "guidelines" / INVENTED).metadata.examples, PATIENT]
    for question in examples:
        for item in ask_both(question).citations:
            assert texts[item.guideline][item.start : item.end] == item.quote


@pytest.fixture(scope="module")
def resources(corpora):
    return opened(corpora["both"]).resources


@pytest.mark.parametrize("name", [REAL, INVENTED])
def test_the_guard_passes_every_quote_of_its_guideline(resources, name):
    """The text itself is supported by the text, whatever its ratings, figures and words for numbers are."""
    guard = resources.guards[name]
    refused = {
        statement.id: {finding.rule for finding in review.findings}
        for statement in resources.guideline(name).statements.values()
        if (review := guard.review(statement.quote)).verdict != "pass"
    }
    assert refused == {}
