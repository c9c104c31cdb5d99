"""Compound facts are found without the terms for them: how the scan looks, how the patient is."""

from __future__ import annotations

import pytest

from assistant.answering.aspects import Aspects


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("the pictures deteriorated while she felt much brighter", {"worse-scan", "better-patient"}),
        ("uptake has climbed, pain has eased", {"worse-scan", "better-patient"}),
        ("scan unremarkable yet the spot still hurts", {"negative-result", "persisting"}),
        ("nothing on scintigraphy but he carries on aching", {"negative-result", "persisting"}),
        ("riddled with deposits", {"positive-result"}),
        ("the report sits on the fence", {"indeterminate-result"}),
        ("just one bright rib", {"indeterminate-result"}),
        ("we skip the iodine", {"contrast-left-out"}),
        ("are all on a par", {"same-rating"}),
    ],
)
def test_tokens_of_compound_facts(aspects: Aspects, text: str, tokens: set[str]) -> None:
    assert tokens <= {token.concept for token in aspects.tokens(text)}


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("MRI is more sensitive than a bone scan", "worse-scan"),
        ("the kidney needs a renal scintigram: renal scintigraphy", "whole-body-bone-scan"),
        ("at least as good", "lowest"),
    ],
)
def test_what_is_no_such_token(aspects: Aspects, text: str, token: str) -> None:
    assert token not in {found.concept for found in aspects.tokens(text)}
