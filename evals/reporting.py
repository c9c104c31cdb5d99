"""Writes the report's files, compares with the last report and the baseline, and prints the table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from evals.evaluation import code_sha256, evaluate, real_parts
from evals.gates import accept, compare, misses
from evals.html import page
from evals.markdown import markdown
from evals.records import difference

REPORT = Path(__file__).resolve().parent / "report"


def full(args: argparse.Namespace) -> int:
    """Run everything (or the fast part) and write the report; 1 when the baseline is missed."""
    outcome = evaluate(real_parts(args.llm, args.fast), args.fast, rules=not (args.fast or args.no_rules))
    missed = write(outcome, args.report or REPORT, args.show_held)
    print((args.report or REPORT).joinpath("report.md").read_text(encoding="utf-8"))
    print(f"report: {args.report or REPORT}/report.html; {outcome['timings']['seconds']} s")
    return int(bool(missed or outcome["report"]["missing"]))


def write(outcome: dict[str, Any], folder: Path, show_held: bool = False) -> list[str]:
    """Write report.json, report.md and report.html; return what is below the baseline.

    report.json and report.md are the same bytes on every run; times stand in timings.json and on the page,
    what changed since the last report in changes.json and on the page.
    """
    report, timings = outcome["report"], outcome["timings"]
    folder.mkdir(parents=True, exist_ok=True)
    changes = difference(read_report(folder), report)
    missed = misses(report)
    _write_json(folder / "report.json", report)
    _write_json(folder / "timings.json", timings)
    _write_json(folder / "changes.json", changes)
    (folder / "report.md").write_text(markdown(report, missed), encoding="utf-8")
    (folder / "report.html").write_text(page(report, timings, changes, missed, show_held), encoding="utf-8")
    return missed


def move_baseline(args: argparse.Namespace) -> int:
    """Print baseline and last report side by side; with --accept write the baseline, with who and why."""
    report = read_report(args.report or REPORT)
    if report is None:
        print("there is no report: run python -m evals", file=sys.stderr)
        return 2
    print(compare(report))
    if not args.accept:
        return 0
    if not args.reviewer.strip() or not args.reason.strip():
        print("\n--accept needs --reviewer and --reason", file=sys.stderr)
        return 2
    if report["missing"] or report.get("code_sha256") != code_sha256():
        print(
            "\nThe last report is of another state of code or data, or not whole: run make eval again.",
            file=sys.stderr,
        )
        return 2
    accept(report, args.reviewer, args.reason)
    print("\nwrote evals/baseline.json; commit it with its reason")
    return 0


def read_report(folder: Path) -> dict[str, Any] | None:
    """The last report, or None; one that cannot be read counts as none."""
    try:
        found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
