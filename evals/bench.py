"""The benchmark: each size beside plain LangChain + Chroma with the same model, in the same run, as ratios.

Every measurement is a process of its own: start to first answer counts from before the interpreter starts,
and no part profits from what another has loaded. The first start is thrown away: it pays for a cold disk.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from evals.plots import curves

ROOT = Path(__file__).resolve().parents[1]
STARTS = 3
FIGURES = {
    "first_answer_s": "process start to first answer, s",
    "median_ms": "warm median, ms",
    "p95_ms": "warm p95, ms",
    "peak_mb": "peak memory, MB",
    "build_s": "index build, s",
    "build_peak_mb": "peak memory of the build, MB",
}


def bench(args: argparse.Namespace) -> int:
    """Measure all sizes, print a table, write bench.json, bench.md and bench.html beside the report."""
    sizes = [int(size) for size in args.sizes.split(",")]
    outcome: dict[str, Any] = {"sizes": {}, "ask": ask_figures()}
    for size in sizes:
        print(f"{size} passages...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            outcome["sizes"][str(size)] = {
                who: index_figures(who, Path(folder), size) for who in ("ours", "langchain")
            }
    target: Path = args.report or Path(__file__).resolve().parent / "report"
    target.mkdir(parents=True, exist_ok=True)
    text = bench_markdown(outcome)
    (target / "bench.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    (target / "bench.md").write_text(text, encoding="utf-8")
    (target / "bench.html").write_text(bench_page(outcome), encoding="utf-8")
    print(text)
    return 0


def index_figures(who: str, folder: Path, size: int) -> dict[str, float]:
    """Build once, then start `STARTS` + 1 times; medians of the starts."""
    build = child(who, "build", folder, size)
    starts = [child(who, "query", folder, size) for _ in range(STARTS + 1)][1:]
    return {
        **{name: statistics.median(start[name] for start in starts) for name in list(FIGURES)[:4]},
        "build_s": build["build_s"],
        "build_peak_mb": build["peak_mb"],
    }


def ask_figures() -> dict[str, Any]:
    """The whole assistant: a cold `guideline-assistant ask --json`, and warm answers, guard included."""
    command = [sys.executable, "-m", "assistant.cli", "ask", "--json", "Is a bone scan safe with eGFR 25?"]
    cold: list[float] = []
    for _ in range(STARTS + 1):
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        cold.append(time.perf_counter() - begun)
        if done.returncode:
            return {"error": done.stderr[-400:]}
    starts = [child("ours", "ask", ROOT, 0) for _ in range(STARTS)]
    named = {name: statistics.median(start[name] for start in starts) for name in list(FIGURES)[:4]}
    return {"cold_command_s": statistics.median(cold[1:]), **named}


def child(who: str, step: str, folder: Path, size: int) -> dict[str, float]:
    """Run one measured process."""
    command = [sys.executable, "-m", "evals.bench_child", who, step, str(folder), str(size)]
    begun = time.time()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if "first_answer_at" in found:
        found["first_answer_s"] = found.pop("first_answer_at") - begun
    return found


def bench_markdown(outcome: dict[str, Any]) -> str:
    """The table: ours, LangChain's, and how many times as much LangChain needs."""
    lines = ["# Benchmark", ""]
    ask = outcome["ask"]
    shown = ", ".join(f"{name} {value:.3g}" for name, value in ask.items() if isinstance(value, float))
    lines += [f"The assistant on the guideline: {shown or ask}", ""]
    lines += ["| passages | figure | ours | LangChain + Chroma | ratio |", "|---|---|---|---|---|"]
    for size, systems in outcome["sizes"].items():
        for name, label in FIGURES.items():
            mine, theirs = systems["ours"][name], systems["langchain"][name]
            lines.append(f"| {size} | {label} | {mine:.3g} | {theirs:.3g} | {theirs / mine:.2f} |")
    return "\n".join(lines) + "\n"


def bench_page(outcome: dict[str, Any]) -> str:
    """Plots of cost against size, both axes logarithmic."""
    style = (Path(__file__).resolve().parent / "page.css").read_text(encoding="utf-8")
    plots = [
        curves(
            label,
            {
                who: [(float(size), systems[who][name]) for size, systems in outcome["sizes"].items()]
                for who in ("ours", "langchain")
            },
            "passages",
            label,
            log_axes=True,
        )
        for name, label in FIGURES.items()
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title>'
        f"<style>{style}</style></head><body><h1>Benchmark</h1>{''.join(plots)}</body></html>\n"
    )
