"""Markers point to a citation that supports their sentence; quotations are verbatim."""

from __future__ import annotations

from assistant.guard import Guard, GuardContext
from assistant.guidelines.pack import Guideline
from assistant.types import Citation


def cited(guideline: Guideline, *statements: str) -> GuardContext:
    citations = []
    for number, name in enumerate(statements, start=1):
        found = guideline.evidence(name)
        citations.append(
            Citation(
                number=number,
                guideline=guideline.id,
                section=found.section,
                quote=found.quote,
                start=found.start,
                end=found.end,
            )
        )
    return GuardContext(citations=tuple(citations))


def test_a_marker_at_its_own_statement_passes(guard: Guard, guideline: Guideline) -> None:
    draft = "A bone scan is generally considered safe in renal insufficiency [1]."
    assert guard.review(draft, cited(guideline, "faq-ckd-safe")).verdict == "pass"


def test_a_marker_at_another_statement_is_refused(guard: Guard, guideline: Guideline) -> None:
    draft = "A bone scan is generally considered safe in renal insufficiency [1]."
    review = guard.review(draft, cited(guideline, "faq-neuro-mri-brain"))
    assert [item.rule for item in review.findings] == ["citation"]


def test_a_marker_without_a_citation_is_refused(guard: Guard, guideline: Guideline) -> None:
    draft = "A bone scan is generally considered safe in renal insufficiency [2]."
    assert guard.review(draft, cited(guideline, "faq-ckd-safe")).verdict == "reject"


def test_without_citations_a_marker_is_not_resolved(guard: Guard) -> None:
    assert guard.review("A bone scan is rated Usually Appropriate [7].").verdict == "pass"


def test_the_span_of_a_finding_is_of_the_draft_as_given(guard: Guard) -> None:
    draft = "\u200bThe  tracer\u200b is “gallium”."
    review = guard.review(draft)
    assert any(draft[item.start : item.end].startswith("gallium") for item in review.findings)
