"""Results as plain records for report.json: all that a reader needs to judge a failure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from evals.assertions import AssertionResult
from evals.drafts import DraftResult
from evals.scoring import Result
from evals.summary import supports


def answer_record(result: Result) -> dict[str, Any]:
    """One answered sample. No times: they would change the bytes of the report."""
    sample, answer = result.sample, result.answer
    record: dict[str, Any] = {
        **_head(result),
        "voice": sample.voice,
        "turns": list(sample.turns),
        "expected": {
            "statuses": list(sample.statuses),
            "options": sample.options.model_dump(exclude_none=True),
            "facts": [list(group) for group in sample.facts],
            "absent": list(sample.absent),
            "cited": [list(group) for group in sample.cited],
            **({"basis": [list(group) for group in sample.basis]} if sample.basis else {}),
        },
        "scores": [
            {"scorer": s.scorer, "value": round(s.value, 4), "explanation": s.explanation, "kind": s.kind}
            for s in result.scores
        ],
        "error": result.error,
    }
    if answer is not None:
        record["answer"] = {
            "status": answer.status,
            "text": answer.text,
            "options": [option.model_dump() for option in answer.options],
            "citations": [citation.model_dump() for citation in answer.citations],
            "facts": [fact.model_dump() for fact in answer.scope.facts],
            "source": answer.source,
            "sha256": hashlib.sha256(answer.model_dump_json().encode()).hexdigest(),
        }
        record["unsupported"] = [
            {"statement": s.text, "reason": s.reason} for s in supports(result) if s.supported is False
        ]
    return record


def draft_record(result: DraftResult) -> dict[str, Any]:
    """One reviewed draft."""
    sample = result.sample
    return {
        **_head(result),
        "verdict": result.verdict,
        "expected": {
            "verdict": sample.verdict,
            "span": sample.span,
            **({"shows": list(sample.shows)} if sample.shows else {}),
        },
        "turns": [*(turn.content for turn in sample.history), sample.question],
        "draft": sample.draft,
        "findings": [f.model_dump() for f in (result.review.findings if result.review else ())],
        "explanation": result.explanation,
    }


def assertion_record(result: AssertionResult) -> dict[str, Any]:
    """One judged mention."""
    return {
        **_head(result),
        "status": result.status,
        "expected": {"statuses": list(result.sample.statuses)},
        "turns": [result.sample.text],
        "explanation": result.explanation,
    }


def _head(result: Any) -> dict[str, Any]:
    sample = result.sample
    return {
        "id": sample.id,
        "set": sample.set,
        "category": sample.category,
        "severity": sample.severity,
        "split": sample.split,
        "origin": sample.origin,
        "kind": result.kind,
        "why": sample.why,
    }


def difference(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """What changed since the last report: newly failing, newly right, and other answers than before."""
    if old is None:
        return {"compared": False}
    before = {row["id"]: row for row in old.get("results", ())}
    now = {row["id"]: row for row in new["results"]}
    shared = [name for name in now if name in before]
    return {
        "compared": True,
        "added": sorted(set(now) - set(before)),
        "removed": sorted(set(before) - set(now)),
        "newly_failing": [n for n in shared if before[n]["kind"] == "right" != now[n]["kind"]],
        "newly_right": [n for n in shared if now[n]["kind"] == "right" != before[n]["kind"]],
        "answer_changed": [n for n in shared if _shown(before[n]) != _shown(now[n])],
    }


def _shown(row: dict[str, Any]) -> Any:
    return row["answer"]["sha256"] if "answer" in row else (row.get("verdict"), row.get("status"))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of an ordered list lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
