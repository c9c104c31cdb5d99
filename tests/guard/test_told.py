"""What a draft tells of the patient's findings is what the user told of them."""

from __future__ import annotations

import pytest

from assistant.guard import Guard, GuardContext
from assistant.types import AssertionStatus, FactRecord


def fact(concept: str, words: str, kind: str = "symptom", status: AssertionStatus = "present") -> FactRecord:
    return FactRecord(concept=concept, name=concept, kind=kind, status=status, words=words, turn=0)


HIP = (fact("hip-pain", "hip pain"), fact("cough", "cough", status="absent"))
LABS = (*HIP, fact("liver-tests", "LFTs normal", "laboratory"))
RAISED = (*HIP, fact("alt", "ALT raised", "laboratory"))
COUGH = (fact("cough", "cough"),)
SEIZURE = (fact("seizure", "seizure"),)
QUESTION = "60F neoadj breast ca, new hip pain, no cough"


def findings(guard: Guard, draft: str, facts: tuple[FactRecord, ...], *, patient: bool = True) -> list[str]:
    told = ", ".join(one.words for one in facts)
    context = GuardContext(
        question=f"{QUESTION}. {told}", user_texts=(f"{QUESTION}. {told}",), facts=facts, patient=patient
    )
    return [one.message for one in guard.review(draft, context).findings if "did not tell" in one.message]


@pytest.mark.parametrize(
    ("draft", "facts"),
    [
        ("Her new shoulder pain makes a bone scan Usually Appropriate.", HIP),
        ("A bone scan is Usually Appropriate for her hip pain and raised ALP.", HIP),
        ("A bone scan alone is not enough because of her cough.", HIP),
        ("A bone scan alone is not enough: she has pulmonary symptoms.", HIP),
        ("She has neurological symptoms, so the guidance does not apply.", HIP),
        ("In this 52-year-old with abnormal LFTs, a bone scan alone is not enough.", LABS),
        ("With her normal liver tests and hip pain, a bone scan is the efficient first choice.", RAISED),
    ],
)
def test_a_finding_that_was_not_told_is_refused(
    guard: Guard, draft: str, facts: tuple[FactRecord, ...]
) -> None:
    assert findings(guard, draft, facts)


@pytest.mark.parametrize(
    ("draft", "facts"),
    [
        ("A bone scan is Usually Appropriate for her hip pain.", HIP),
        ("Her bone pain is the trigger, and she has no cough.", HIP),
        ("A bone scan alone is not enough: she has pulmonary symptoms.", COUGH),
        ("She has neurological symptoms, so the guidance does not apply.", SEIZURE),
        ("If her liver tests are abnormal, a bone scan alone is not enough.", HIP),
        ("Are her liver tests abnormal?", HIP),
        ("With her normal liver tests and hip pain, a bone scan is an efficient first choice.", LABS),
        ("Because of her raised ALT, CT with contrast or FDG-PET/CT may be more appropriate.", RAISED),
        ("Patients with jaundice may have liver metastases.", HIP),
    ],
)
def test_what_was_told_may_be_told_back(guard: Guard, draft: str, facts: tuple[FactRecord, ...]) -> None:
    assert findings(guard, draft, facts) == []


def test_without_a_patient_nothing_is_compared(guard: Guard) -> None:
    assert findings(guard, "Her shoulder pain is new.", HIP, patient=False) == []
