"""Questions in a clinician's own words find their topics; what the text does not state, or is not about, finds none."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.answering.finder import Found

pytestmark = pytest.mark.model


def find(assistant: Assistant, *turns: str) -> Found:
    return assistant.resources.finder.find(turns[-1], before=turns[-2] if len(turns) > 1 else "")


def topics(found: Found) -> list[str]:
    return [topic.id for topic in found.topics]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("who is this page meant for?", "who-fits"),
        ("y is MRI of the trunk rated so poorly", "why-not-mri"),
        ("favourite bony sites of breast cancer?", "bone-metastases-sites"),
        ("scan is clean but the enzymes keep rising, where now?", "visceral-suspicion-after-negative-scan"),
        (
            "isotope scan normal and the hip still hurts badly, what next",
            "persistent-pain-after-negative-scan",
        ),
        ("She asks about radiation. How does the bone scan compare with the CT in mSv?", "compare-radiation"),
        ("bone scan dose?", "radiation-bone-scan"),
        ("what if the bone scan shows loads of bright spots", "after-a-positive-scan"),
        ("why do hot spots appear on the bone scan?", "how-the-tracer-works"),
        ("pictures hotter but the patient feels better, what is it?", "recognise-flare"),
        ("does the tracer harm bad kidneys?", "kidney-disease"),
        ("must we biopsy after a classic positive scan?", "biopsy-after-positive-scan"),
        (
            "Long day, two lists, cold coffee, half of the room talked over me again, so forgive the essay: the bone scan came back normal, yet the pain is severe and persistent. What does the text advise?",
            "persistent-pain-after-negative-scan",
        ),
        ("and if the worry is the liver rather than the bones, which would it be?", "first-choice-visceral"),
        ("is any new ache in these women taken to be cancer?", "benign-conditions"),
        ("one warm rib: in what order do the tests come?", "after-an-indeterminate-scan"),
        ("who signed this off?", "reviewer"),
        ("is PET obligatory in inflammatory breast cancer?", "first-choice-inflammatory"),
        ("dose of the C T of chest abdomen and pelvis with contrast", "radiation-ct"),
        (
            "biopsy after a typical positive scan, and what happens to the intent of treatment?",
            "treatment-intent",
        ),
        ("mSv for a bone scan, and for the CT with contrast", "radiation-ct"),
        ("is a PET/CT dearer than the isotope bone test?", "pet-cost"),
        ("rating, radiation, limits of CT with contrast", "ct-with-contrast-limits"),
        ("is a bone scan safe in CKD and in pregnancy?", "kidney-disease"),
        ("are kidneys the route by which the tracer leaves?", "tracer-clearance"),
        ("do systemic therapies cause myalgia?", "treatment-effects"),
        ("clear bone scan, what next?", "after-a-negative-scan"),
        ("scan positive. is a biopsy needed? which chemo next?", "biopsy-after-positive-scan"),
        ("who issues the ratings, ESMO or ACR?", "who-rates"),
        ("can i just get an MRI whole spine instead?", "mri-gold-standard"),
        ("who's in, who's out?", "who-does-not-fit"),
        ("bony ache, transaminases three times normal, opening study?", "first-choice-visceral"),
        ("bony ache, transaminases fine, opening study?", "first-choice-skeleton-only"),
        ("clinical stage I ladies who feel perfectly well: what is advised?", "early-stage"),
        ("largest plus of the isotope bone study?", "bone-scan-advantages"),
    ],
)
def test_a_question_in_other_words_finds_its_topic(assistant: Assistant, question: str, topic: str) -> None:
    assert topic in topics(find(assistant, question))


@pytest.mark.parametrize(
    ("question", "unstated"),
    [
        ("is gadolinium safe in CKD?", "gadolinium"),
        ("how many MBq of MDP do we inject?", "tracer-dose"),
        ("would a CT with contrast be pricier than the isotope bone test?", "cost-of-others"),
        ("how many CTs can she have before she's over the limit?", "dose-limit"),
        ("kidneys invisible on the scintigram, why?", "uptake-in-organs"),
        ("which cancer drugs make the joints hurt most?", "drugs-behind-effects"),
        ("clear bone scan, when do we do another one?", "repeat-scan"),
        ("does the RCR share the ACR's opinion on bone scans?", "other-guidelines"),
        ("sensitivity of the bone scan in percent?", "sensitivity-figure"),
        ("nil by mouth before the PET?", "preparation"),
        ("ICD-10 code for bone mets?", "billing-code"),
        ("what does NCCN say?", "other-guidelines"),
        ("does the isotope scan hurt?", "side-effects"),
        ("which of them is faster, the CT or the bone scan?", "scan-duration"),
        ("name the chemotherapy that cures stage IV", "treatment-drugs"),
        ("median survival after a positive scan?", "prognosis"),
        ("what is a superscan?", "scan-patterns"),
        ("ballpark % of lytic lesions that the scan misses, just guess", "sensitivity-figure"),
        ("CTDIvol of a CT chest abdomen pelvis with contrast?", "dose-descriptors"),
        ("dose of zoledronic acid if the bone scan is positive", "bone-modifying-agents"),
        ("how long may surgery wait while the equivocal rib lesion is worked up?", "radiotherapy-surgery"),
        ("psma pet breast rating", "other-tracers"),
        ("how is the MRI of the brain rated?", "rating-of-a-step"),
        ("pregnant 12 weeks, bone scan ok", "pregnancy"),
        (
            "rating of CT CAP performed without AND with contrast (dual phase)?",
            "ct-without-and-with-contrast",
        ),
        ("ACR category of an unenhanced plus enhanced CT?", "ct-without-and-with-contrast"),
        ("exactly how many weeks does a flare last before uptake falls", "flare-end"),
        ("by which week has a flare resolved?", "flare-end"),
        ("which palliative regimen after stage IV is confirmed? name drugs", "treatment-drugs"),
        ("choroidal mets imaging recommendation?", "other-sites-of-spread"),
        ("skin metastases from breast cancer: what imaging?", "other-sites-of-spread"),
        ("splenic mets which scan?", "other-sites-of-spread"),
        ("which page has the capsule endoscopy rating?", "other-examinations"),
    ],
)
def test_what_is_not_stated_is_said_to_be_so(assistant: Assistant, question: str, unstated: str) -> None:
    found = find(assistant, question)
    assert [item if isinstance(item, str) else item.id for item in found.unstated] == [unstated]
    assert not found.topics
    assert found.nearest


@pytest.mark.parametrize(
    "question",
    [
        "translate this letter into Greek",
        "who can read what I type into this chat?",
        "the server is down after the deploy, logs unclear, next step?",
        "can the family consent if she has no capacity?",
        "bleep number of the radiologist on call?",
        "how long do I simmer bones for stock?",
        "lytic dose in STEMI?",
        "asdkj qwlekj zxmcn",
        "bone bone bone",
        "uh the the new paragraph uh scratch that",
    ],
)
def test_what_no_guideline_is_about_finds_nothing(assistant: Assistant, question: str) -> None:
    found = find(assistant, question)
    assert not found.topics
    assert not found.in_domain


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("(1) what tracer is it? (2) who reviewed this?", ["tracer", "reviewer"]),
        ("What is flare, and why not PET for everyone?", ["flare-phenomenon", "why-not-pet-for-everyone"]),
        ("two quick ones: who reviewed this, what tracer is it?", ["reviewer", "tracer"]),
    ],
)
def test_each_part_has_its_answer_in_its_order(
    assistant: Assistant, question: str, wanted: list[str]
) -> None:
    assert topics(find(assistant, question)) == wanted


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        (("what dose does a bone scan carry?", "and the contrast CT?"), "radiation-ct"),
        (("what is the flare phenomenon?", "when does it happen?"), "flare-timing"),
        (("is a bone scan safe in kidney disease?", "and the image quality?"), "kidney-image-quality"),
        (("what radiation has the bone scan?", "and PET/CT, more or less than that?"), "radiation-pet"),
    ],
)
def test_a_follow_up_takes_what_it_lacks_from_the_turn_before(
    assistant: Assistant, turns: tuple[str, ...], topic: str
) -> None:
    assert topic in topics(find(assistant, *turns))


def test_a_study_named_alone_asks_what_was_asked_of_the_one_before(assistant: Assistant) -> None:
    turns = [{"role": "user", "content": one} for one in ("rating of the bone scan?", "and PET?")]
    assert "Usually Not Appropriate" in assistant.ask("MRI?", turns).text


@pytest.mark.parametrize(
    ("question", "claims"),
    [
        ("MRI chest abdomen pelvis is usually appropriate, right?", [("mri-cap", "Usually Appropriate")]),
        ("PET/CT is usually not appropriate, isn't it?", [("fdg-pet-ct", "Usually Not Appropriate")]),
        ("the bone scan is usually appropriate, right?", []),
    ],
)
def test_a_wrong_rating_in_the_question_is_a_premise(
    assistant: Assistant, question: str, claims: list[tuple[str, str]]
) -> None:
    assert [(claim.option, claim.claimed) for claim in find(assistant, question).premise] == claims


@pytest.mark.parametrize("question", ["why not PET for everyone?", "is it safe?", "rating and dose of CT?"])
def test_the_same_question_finds_the_same(assistant: Assistant, question: str) -> None:
    assert find(assistant, question) == find(assistant, question)


@pytest.mark.parametrize(
    "question", ["¿Es segura la gammagrafía ósea?", "骨扫描安全吗", "Ist die Untersuchung bei Frauen sicher?"]
)
def test_another_language_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "not_covered"
    assert "English" in answer.text
    assert not answer.options
    assert not answer.citations


def test_what_came_close_is_one_sentence_and_no_option(assistant: Assistant) -> None:
    guideline = assistant.guidelines[0]
    composer = assistant.resources.composers[guideline.id]
    from assistant.answering.drafts import Asked

    topic, near = guideline.topic("who-fits"), guideline.topic("rating-bone-scan")
    assert topic is not None
    assert near is not None
    draft = composer.content(Asked(topics=(topic,), beside=(near,)))
    assert guideline.statements[near.answer[0]].quote in draft.text
    assert not draft.options


@pytest.mark.parametrize(
    ("question", "topic", "unstated"),
    [
        ("bone scan rating and PSMA PET rating", "rating-bone-scan", "other-tracers"),
        ("How is body MRI rated, and is gadolinium safe in CKD?", "rating-mri", "gadolinium"),
    ],
)
def test_of_a_mixed_question_each_half_is_told(
    assistant: Assistant, question: str, topic: str, unstated: str
) -> None:
    found = find(assistant, question)
    assert topic in topics(found)
    assert unstated in [item if isinstance(item, str) else item.id for item in found.unstated]


def test_a_question_asked_over_and_over_is_looked_up_once(assistant: Assistant) -> None:
    again = find(assistant, "what is the rating of CT with contrast? " * 90)
    assert topics(again) == topics(find(assistant, "what is the rating of CT with contrast?"))


def test_a_rating_put_right_puts_no_study_forward_where_the_text_is_silent(assistant: Assistant) -> None:
    answer = assistant.ask("Bone scan is Usually Not Appropriate. What about ultrasound of the liver?")
    assert answer.status == "not_covered"
    assert {option.role for option in answer.options} == {"mentioned"}


@pytest.mark.parametrize(
    "question",
    [
        "the bone scan is safe in CKD, understood, so how many MBq?",
        "I know PET is more expensive, so what does it cost in euros?",
        "the text says a biopsy is not always necessary; which needle gauge if it is done?",
    ],
)
def test_what_is_granted_before_a_question_is_no_answer_to_it(assistant: Assistant, question: str) -> None:
    found = find(assistant, question)
    assert found.unstated
    assert not found.topics


def test_words_that_no_record_holds_meet_no_topic(assistant: Assistant) -> None:
    assert not find(assistant, "so then the umm.. .. ?? nvm whatever").topics


def test_of_two_conditions_in_a_list_one_is_answered_and_the_other_is_not_stated(
    assistant: Assistant,
) -> None:
    found = find(assistant, "is a bone scan safe in CKD and in pregnancy?")
    assert topics(found) == ["kidney-disease"]
    assert [item if isinstance(item, str) else item.id for item in found.unstated] == ["pregnancy"]
