"""Every word of an answer is the guideline's and cited, the user's own and marked, or of a template without a claim.

Over each of the three sets of questions, every so many of them: the words of an answer are taken away as far as
they have a right to stand there, and nothing may be left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

import pytest

from assistant import Assistant
from assistant.answering.wording import load_wording
from assistant.types import Answer
from evals.samples import ANSWER_SETS, DATASETS, load_samples

pytestmark = pytest.mark.model

CORPUS = DATASETS.parents[1] / "corpus"
EVERY = 30  # of the questions of a set; all of them take minutes
_MARKERS = re.compile(r"((?:\[\d+\])+)")
_FIELD = re.compile(r"\{\w+\}")
_SENTENCE = re.compile(r"(?<=[.:!?*])\s+|^[\s|*-]+")
_QUOTED = re.compile(r"“([^”]*)”")
_CLINICAL = {"study", "procedure", "tracer", "symptom", "laboratory", "drug", "therapy", "cancer", "result"}
_RATING = re.compile(r"Usually (?:Not )?Appropriate|May Be Appropriate")
_FIGURE = re.compile(r"\d+-\d+ mSv")


def plain(text: str) -> str:
    """The text with single spaces, without Markdown's emphasis."""
    return " ".join(text.replace("**", " ").split())


def silences() -> tuple[str, ...]:
    """How lines begin that say what the text does not state, and so cite nothing."""
    wording = load_wording(CORPUS)
    templates = (wording.unstated, wording.unstated_patient, wording.applies_no_first)
    return tuple(one.partition("{")[0] for one in templates)


def fragments() -> list[str]:
    """What stands between the fields of the assistant's templates."""
    templates = [one for one in load_wording(CORPUS).model_dump().values() if isinstance(one, str)]
    return [piece for one in templates for piece in map(plain, _FIELD.split(one)) if len(piece) > 1]


@cache
def own_words(assistant: Assistant) -> tuple[str, ...]:
    """What an answer may hold without a marker beside it: templates, and names from the data; longest first."""
    found = fragments()
    for guideline in assistant.guidelines:
        found.append(guideline.metadata.covers)
        for option in guideline.options:
            found += [option.name, option.rating, option.radiation.text, option.good_for_short or ""]
        found += [topic.lead or "" for topic in guideline.topics]
        found += [item.name for item in guideline.unstated]
        for criterion in guideline.scope.criteria:
            found += [criterion.name, criterion.reason, criterion.ask]
            found += [text for case in criterion.cases for text in (case.reason, case.ask)]
        found += [preference.name for preference in guideline.scope.preferences]
    found += [concept.name for concept in assistant.resources.vocabulary.concepts.values()]
    found += [aspect.name for aspect in assistant.resources.aspects.file.aspects if aspect.exact]
    found += assistant.resources.aspects.file.grades
    return tuple(sorted({plain(one) for one in found if one}, key=lambda one: (-len(one), one)))


def as_shown(assistant: Assistant) -> dict[str, str]:
    """How answers print the quotes that they do not print as they are."""
    statements = [one for guideline in assistant.guidelines for one in guideline.statements.values()]
    return {one.quote: plain(one.shown) for one in statements if one.shown != one.quote}


def residue(
    answer: Answer, turns: Sequence[str], own: Sequence[str], shown: Mapping[str, str]
) -> Iterator[str]:
    """What is left of each line without cited quotes, the user's words in quotation marks, and `own` words."""
    quotes = {one.number: f"{plain(one.quote)}\n{shown.get(one.quote, '')}" for one in answer.citations}
    said = [" ".join(turn.split()) for turn in turns]
    for line in answer.text.split("\n"):
        kept = []
        pieces = _MARKERS.split(line)
        for text, markers in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
            cited = [quotes[int(number)] for number in re.findall(r"\d+", markers)]
            kept.append(_uncited(text, cited))
        rest = " ".join(kept)
        for words in _QUOTED.findall(rest):
            if any(" ".join(words.split()) in one for one in said):
                rest = rest.replace(f"“{words}”", " ")
        rest = plain(rest)
        for words in own:
            if words in rest:
                opening = r"(?<!\w)" if words[0].isalnum() else ""
                rest = re.sub(rf"{opening}{re.escape(words)}(?!\w)", " ", rest)
        if any(letter.isalnum() for letter in rest):
            yield f"{line!r} leaves {plain(rest)!r}"


def _uncited(text: str, quotes: Sequence[str]) -> str:
    """What stands in `text` before the last sentences of it that are in one of the quotes."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(text))]
    for start in sorted(set(starts)):
        sentence = plain(text[start:])
        if sentence and any(sentence in quote for quote in quotes):
            return text[:start]
    return text


def unsupported(answer: Answer) -> Iterator[str]:
    """Lines with a rating or a figure that none of their own markers leads to; a heading leads to what follows."""
    quotes = {one.number: one.quote for one in answer.citations}
    for line in answer.text.split("\n"):
        if line.endswith(":**") or line.startswith(silences()):
            continue
        cited = " ".join(quotes[int(number)] for number in re.findall(r"\[(\d+)\]", line))
        for pattern in (_RATING, _FIGURE):
            claimed = pattern.findall(line)
            if claimed and not any(one in cited for one in claimed):
                yield f"{line!r} does not cite {claimed}"


def ask(assistant: Assistant, turns: Sequence[str]) -> Answer:
    history: list[dict[str, str]] = []
    for turn, _ in pairwise(turns):
        given = assistant.ask(turn, history)
        history += [{"role": "user", "content": turn}, {"role": "assistant", "content": given.text}]
    return assistant.ask(turns[-1], history)


@pytest.mark.parametrize("name", ANSWER_SETS)
def test_nothing_in_an_answer_stands_there_of_itself(assistant: Assistant, name: str) -> None:
    sources = {one.id: one.source_text for one in assistant.guidelines}
    own, shown, faults = own_words(assistant), as_shown(assistant), []
    for sample in load_samples(DATASETS / f"{name}.yaml")[::EVERY]:
        answer = ask(assistant, sample.turns)
        found = [*residue(answer, sample.turns, own, shown), *unsupported(answer)]
        found += [
            f"{one.quote!r} is not at its offsets"
            for one in answer.citations
            if sources[one.guideline][one.start : one.end] != one.quote
        ]
        if ask(assistant, sample.turns).model_dump_json() != answer.model_dump_json():
            found.append("a second run gives other bytes")
        faults += [f"{sample.id}: {fault}" for fault in found]
    assert faults == []


def test_no_template_makes_a_clinical_claim(assistant: Assistant) -> None:
    vocabulary = assistant.resources.vocabulary
    claims = [(one, m.concept) for one in fragments() for m in vocabulary.find(one) if m.kind in _CLINICAL]
    assert claims == []


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Usually Appropriate", "May Be Appropriate"),
        lambda text: text + "\n\nMRI is a sensible alternative.",
        lambda text: text.replace("[1]", ""),
        lambda text: text + "\n\nYou wrote: “she is pregnant”.",
    ],
    ids=["another rating", "a sentence of nobody", "a marker less", "words that nobody wrote"],
)
def test_what_has_no_right_to_stand_there_is_seen(assistant: Assistant, change) -> None:
    turns = ["what is the rating of the bone scan?"]
    answer = ask(assistant, turns)
    own, shown = own_words(assistant), as_shown(assistant)
    assert [*residue(answer, turns, own, shown), *unsupported(answer)] == []
    broken = answer.model_copy(update={"text": change(answer.text)})
    assert [*residue(broken, turns, own, shown), *unsupported(broken)]
