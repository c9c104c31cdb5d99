"""The committed baseline: what a run must not fall below, and the command that moves it.

python -m evals baseline                       prints old and new
python -m evals baseline --accept --reviewer "A. Name" --reason "why"
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).resolve().parent / "baseline.json"
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Gate:
    """A number of the report; `better` is the direction in which it may move without review."""

    name: str
    path: tuple[str, ...]
    better: str  # "up" or "down"


def _gates() -> list[Gate]:
    gates: list[Gate] = []
    for split in ("dev", "held"):
        answers = ("answers", split)
        gates += [
            Gate(f"{split}: high-severity errors", (*answers, "high_severity_errors", "count"), "down"),
            Gate(f"{split}: exact answers", (*answers, "exact_answers", "value"), "up"),
            Gate(f"{split}: unsafe accepts", (*answers, "unsafe_accepts", "value"), "down"),
            Gate(f"{split}: over-refusals", (*answers, "over_refusals", "value"), "down"),
            Gate(f"{split}: forbidden words shown", (*answers, "forbidden_shown", "value"), "down"),
            Gate(
                f"{split}: options put forward wrongly",
                (*answers, "options_put_forward_wrongly", "value"),
                "down",
            ),
            Gate(f"{split}: option sets exact", (*answers, "option_sets_exact", "value"), "up"),
            Gate(f"{split}: citation recall", (*answers, "citation_recall", "value"), "up"),
            Gate(f"{split}: statements supported", (*answers, "statements_supported", "value"), "up"),
            Gate(f"{split}: wrong drafts refused", ("guard", split, "wrong_refused", "value"), "up"),
            Gate(f"{split}: right drafts passed", ("guard", split, "right_passed", "value"), "up"),
            Gate(f"{split}: assertion status", ("assertion", split, "exact", "value"), "up"),
        ]
    hybrid = ("retrieval", "systems", "hybrid", "metrics")
    gates += [
        Gate("retrieval nDCG@10", (*hybrid, "ndcg@10", "value"), "up"),
        Gate("retrieval recall@5", (*hybrid, "recall@5", "value"), "up"),
        Gate("same answers in another order", ("identity", "shuffled", "value"), "up"),
        Gate("samples", ("counts", "total"), "up"),
    ]
    return gates


GATES = _gates()


def measured(report: Mapping[str, Any]) -> dict[str, float | None]:
    """The gated numbers of a report; None where it has none."""
    return {gate.name: _at(report, gate.path) for gate in GATES}


def misses(report: Mapping[str, Any], path: Path = BASELINE) -> list[str]:
    """What is worse than the baseline, or missing; a baseline that is not there is itself a miss."""
    old = read_baseline(path)
    if old is None:
        return [f"there is no baseline ({path.name}): python -m evals baseline --accept"]
    new = measured(report)
    found = []
    for gate in GATES:
        before, now = old["metrics"].get(gate.name), new[gate.name]
        if before is None:
            continue
        if now is None:
            found.append(f"{gate.name}: not measured, was {before:g}")
        elif (now < before - TOLERANCE) if gate.better == "up" else (now > before + TOLERANCE):
            found.append(f"{gate.name}: {now:g}, was {before:g}")
    return found


def compare(report: Mapping[str, Any], path: Path = BASELINE) -> str:
    """Old and new side by side."""
    old = (read_baseline(path) or {"metrics": {}})["metrics"]
    lines = [f"{'':<36}{'baseline':>12}{'now':>12}"]
    for gate in GATES:
        before, now = old.get(gate.name), measured(report)[gate.name]
        mark = ""
        if before is not None and now is not None and abs(before - now) > TOLERANCE:
            mark = "better" if (now > before) == (gate.better == "up") else "WORSE"
        lines.append(f"{gate.name:<36}{_cell(before):>12}{_cell(now):>12}  {mark}".rstrip())
    return "\n".join(lines)


def accept(report: Mapping[str, Any], reviewer: str, reason: str, path: Path = BASELINE) -> None:
    """Write the baseline, with who moved it and why."""
    record = {"reviewer": reviewer, "reason": reason, "metrics": measured(report)}
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_baseline(path: Path = BASELINE) -> dict[str, Any] | None:
    """The committed baseline, or None."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _at(report: Mapping[str, Any], path: tuple[str, ...]) -> float | None:
    found: Any = report
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, (int, float)) else None


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
