"""The committed baseline: what a run must not fall below, and the command that moves it.

python -m evals baseline                       prints old and new
python -m evals baseline --accept --reviewer "A. Name" --reason "why"

How much a number may be worse is counted in samples, and always against the reviewed baseline and never against
the last run, so that small losses do not add up. The last bits of an embedding differ between processors, and a
sample that stands on an edge may fall to either side: a rate may lose `SLACK` samples of its denominator. What
could harm has none to lose on the dev split, where each failure is open to be looked at and mended; on the held
split, where nobody looks, one sample may flip. Answers that depend on the order of questions have no excuse.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

BASELINE = Path(__file__).resolve().parent / "baseline.json"
SLACK = 2
HARM_SLACK = {"dev": 0, "held": 1}
#: Drafts are mutated by the thousand, and which ones depends on which right drafts pass.
MUTANT_SLACK = 10
ROUNDING = 1e-4  # rates stand in the report with four digits


@dataclass(frozen=True, slots=True)
class Gate:
    """A number of the report; `better` is the direction in which it may move without review.

    `path` leads to a rate or mean (a record with value and total), or to a plain number; a `count` gate holds the
    count of the record and not its share. `slack` is in samples. What only the full run measures is not
    `always` there.
    """

    name: str
    path: tuple[str, ...]
    better: Literal["up", "down"] = "up"
    slack: int = SLACK
    count: bool = False
    always: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """A gated number and how many samples it was counted on (0: a plain number)."""

    value: float
    total: int = 0


def _gates() -> list[Gate]:
    gates: list[Gate] = []
    for split in ("dev", "held"):
        answers, guard, harm = ("answers", split), ("guard", split), HARM_SLACK[split]
        gates += [
            Gate(f"{split}: high-severity errors", (*answers, "high_severity_errors"), "down", harm, True),
            Gate(f"{split}: unsafe accepts", (*answers, "unsafe_accepts"), "down", harm, True),
            Gate(
                f"{split}: options put forward wrongly",
                (*answers, "options_put_forward_wrongly"),
                "down",
                harm,
                True,
            ),
            Gate(
                f"{split}: high-severity drafts missed", (*guard, "high_severity_missed"), "down", harm, True
            ),
            Gate(f"{split}: exact answers", (*answers, "exact_answers")),
            Gate(f"{split}: over-refusals", (*answers, "over_refusals"), "down"),
            Gate(f"{split}: forbidden words shown", (*answers, "forbidden_shown"), "down"),
            Gate(f"{split}: option sets exact", (*answers, "option_sets_exact")),
            Gate(f"{split}: citation recall", (*answers, "citation_recall")),
            Gate(f"{split}: statements supported", (*answers, "statements_supported")),
            Gate(f"{split}: wrong drafts refused", (*guard, "wrong_refused")),
            Gate(f"{split}: right drafts passed", (*guard, "right_passed")),
            Gate(f"{split}: assertion status", ("assertion", split, "exact")),
        ]
    hybrid = ("retrieval", "systems", "hybrid", "metrics")
    gates += [
        Gate("retrieval nDCG@10", (*hybrid, "ndcg@10")),
        Gate("retrieval recall@5", (*hybrid, "recall@5")),
        Gate("same answers in another order", ("identity", "shuffled"), slack=0),
        Gate("same answers in a new process", ("identity", "processes"), slack=0, always=False),
        Gate("answers that the guard passes whole", ("own_answers",)),
        Gate(
            "wrong drafts refused, mutated",
            ("mutation", "drafts", "all operators"),
            slack=MUTANT_SLACK,
            always=False,
        ),
        Gate(
            "changes of the rules noticed",
            ("mutation", "rules", "all operators"),
            slack=MUTANT_SLACK,
            always=False,
        ),
        Gate("samples", ("counts", "total"), slack=0),
    ]
    return gates


GATES = _gates()


def measured(report: Mapping[str, Any]) -> dict[str, Measured | None]:
    """The gated numbers of a report; None where it has none."""
    return {gate.name: _at(report, gate) for gate in GATES}


def allowed_loss(gate: Gate, now: Measured) -> float:
    """How much worse than before the number may be: a count by samples, a share by their part of the total."""
    if gate.count or not now.total:
        return float(gate.slack)
    return gate.slack / now.total + ROUNDING


def judge(gate: Gate, before: Measured | None, now: Measured | None) -> str:
    """One of: same, better, within (worse by no more than is allowed), WORSE, new, MISSING, not run."""
    if now is None:
        return "same" if before is None else "MISSING" if gate.always else "not run"
    if before is None:
        return "new"
    loss = (before.value - now.value) * (1 if gate.better == "up" else -1)
    if abs(loss) <= 1e-9:
        return "same"
    if loss < 0:
        return "better"
    return "within" if loss <= allowed_loss(gate, now) + 1e-9 else "WORSE"


def misses(report: Mapping[str, Any], path: Path = BASELINE) -> list[str]:
    """What is worse than the baseline allows, or missing; a baseline that is not there is itself a miss."""
    old = read_baseline(path)
    if old is None:
        return [f"there is no baseline ({path.name}): python -m evals baseline --accept"]
    new = measured(report)
    found = []
    for gate in GATES:
        before, now = old.get(gate.name), new[gate.name]
        verdict = judge(gate, before, now)
        if before is not None and verdict == "MISSING":
            found.append(f"{gate.name}: not measured, was {before.value:g}")
        elif before is not None and now is not None and verdict == "WORSE":
            allowed = allowed_loss(gate, now)
            found.append(f"{gate.name}: {now.value:g}, was {before.value:g} (may be worse by {allowed:.2g})")
    return found


def compare(report: Mapping[str, Any], path: Path = BASELINE) -> str:
    """Old and new side by side."""
    old, new = read_baseline(path) or {}, measured(report)
    lines = [f"{'':<38}{'baseline':>14}{'now':>14}"]
    for gate in GATES:
        before, now = old.get(gate.name), new[gate.name]
        verdict = judge(gate, before, now)
        mark = "" if verdict in ("same", "new") else verdict
        lines.append(f"{gate.name:<38}{_cell(gate, before):>14}{_cell(gate, now):>14}  {mark}".rstrip())
    return "\n".join(lines)


def accept(report: Mapping[str, Any], reviewer: str, reason: str, path: Path = BASELINE) -> None:
    """Write the baseline, with who moved it and why. What the report has not measured stays as it was."""
    kept = {**(read_baseline(path) or {}), **{k: v for k, v in measured(report).items() if v is not None}}
    metrics = {
        gate.name: {"value": kept[gate.name].value, "total": kept[gate.name].total}
        for gate in GATES
        if gate.name in kept
    }
    record = {"reviewer": reviewer, "reason": reason, "metrics": metrics}
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_baseline(path: Path = BASELINE) -> dict[str, Measured] | None:
    """The numbers of the committed baseline, or None."""
    if not path.is_file():
        return None
    metrics = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    return {name: Measured(float(one["value"]), int(one["total"])) for name, one in metrics.items()}


def _at(report: Mapping[str, Any], gate: Gate) -> Measured | None:
    found: Any = report
    for key in gate.path:
        found = found.get(key) if isinstance(found, Mapping) else None
    if isinstance(found, (int, float)):
        return Measured(float(found))
    if not isinstance(found, Mapping) or found.get("value") is None:
        return None
    return Measured(float(found["count" if gate.count else "value"]), int(found["total"]))


def _cell(gate: Gate, found: Measured | None) -> str:
    if found is None:
        return "-"
    if gate.count:
        return f"{found.value:g} of {found.total}"
    return f"{found.value:.1%}" if found.total else f"{found.value:g}"
