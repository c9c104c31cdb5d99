"""Thousands of generated vignettes against the criteria's truth table: the same facts decide the same, however written."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.guidelines.pack import Guideline
from assistant.scope.decision import decide
from assistant.understanding import Reader
from assistant.vocabulary import Vocabulary

SAMPLES = 3_000
BLOCKS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "generator.yaml").read_text(encoding="utf-8")
)
RESPECTS = ("age", "cancer", "therapy", "suspicion", "neuro")


def truth(states: dict[str, str]) -> str:
    """The criteria of the guideline, once more, over what the blocks state."""
    if (
        states["neuro"] == "present"
        or states["age"] == "child"
        or states["cancer"] == "other"
        or states["therapy"] in {"completed", "adjuvant", "palliative", "not-started"}
        or states["suspicion"] == "denied"
    ):
        return "does_not_apply"
    if states["therapy"] == "breast-regimen":
        return "applies"
    if states["cancer"] == "unstated" or states["therapy"] == "unstated":
        return "needs_information"
    return "applies"


def compose(generator: random.Random) -> tuple[str, dict[str, str]]:
    """One vignette and what its blocks state. Age comes first, the other blocks in any order."""
    states = {name: generator.choice(sorted(BLOCKS[name])) for name in RESPECTS}
    if states["suspicion"] == "denied":
        states["neuro"] = "none"
    words = {name: generator.choice(BLOCKS[name][states[name]]) for name in RESPECTS}
    rest = [words[name] for name in ("cancer", "therapy", "suspicion", "neuro") if words[name]]
    generator.shuffle(rest)
    joint = generator.choice([", ", ". ", "; "])
    text = (
        generator.choice(BLOCKS["polite"])
        + joint.join([words["age"], *rest])
        + ". "
        + generator.choice(BLOCKS["question"])
    )
    return text, states


def verdict(text: str, tools: tuple[Guideline, Vocabulary, Reader]) -> str:
    guideline, vocabulary, reader = tools
    return decide(guideline.scope, reader.read(text).facts, vocabulary).verdict


def test_generated_vignettes_are_decided_as_the_truth_table_says(
    tools: tuple[Guideline, Vocabulary, Reader],
) -> None:
    generator = random.Random(20260526)
    wrong = []
    unsafe = []
    for _ in range(SAMPLES):
        text, states = compose(generator)
        expected, found = truth(states), verdict(text, tools)
        if found != expected:
            wrong.append(f"{text!r}: {found}, not {expected}")
            if found == "applies":
                unsafe.append(wrong[-1])
    assert not unsafe, f"{len(unsafe)} outside the scope were given a recommendation:\n" + "\n".join(
        unsafe[:10]
    )
    assert len(wrong) <= SAMPLES * 0.01, f"{len(wrong)} of {SAMPLES} are wrong:\n" + "\n".join(wrong[:20])


@pytest.mark.parametrize("regimen", BLOCKS["joined"]["regimens"])
def test_a_finding_is_the_same_behind_any_therapy(
    regimen: str, tools: tuple[Guideline, Vocabulary, Reader]
) -> None:
    guideline, vocabulary, reader = tools
    for link, (words, concept) in itertools.product(
        BLOCKS["joined"]["links"], BLOCKS["joined"]["findings"].items()
    ):
        text = f"52F breast cancer, neoadjuvant {regimen}{link}{words}. Which scan?"
        facts = reader.read(text).facts
        read = [fact for fact in facts if fact.concept == concept]
        assert read, text
        assert {fact.status for fact in read} == {"present"}, text
        assert {fact.reading for fact in read} <= {None, "high", "abnormal"}, text
        assert decide(guideline.scope, facts, vocabulary).verdict == "applies", text


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda text: "  " + text.replace(" ", "  ") + " ",
        lambda text: text.replace(". ", "\n"),
    ],
)
def test_case_and_spacing_change_no_decision(
    change: Any, tools: tuple[Guideline, Vocabulary, Reader]
) -> None:
    generator = random.Random(7)
    for _ in range(150):
        text, _states = compose(generator)
        assert verdict(change(text), tools) == verdict(text, tools), text
