"""The benchmark: each size beside plain LangChain + Chroma with the same model, in the same run, as ratios.

Every measurement is a process of its own: start to first answer counts from before the interpreter starts,
and no part profits from what another has loaded. The first start is thrown away: it pays for a cold disk.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from evals import bench_ask
from evals.bench_scale import COMPARED, QUESTIONS, SAMPLE, THREADS, encode_seconds
from evals.plots import curves, sheet

ROOT = Path(__file__).resolve().parents[1]
STARTS = 3
SYSTEMS = ("ours", "langchain")
FIGURES = {
    "first_answer_s": "process start to first answer, s",
    "median_ms": "warm median, ms",
    "p95_ms": "warm p95, ms",
    "peak_mb": "peak memory, MB",
    "build_s": "index build, s",
    "build_peak_mb": "peak memory of the build, MB",
}


def bench(args: argparse.Namespace) -> int:
    """Measure all sizes, print a table, write bench.json, .md, .html and .svg beside the report."""
    sizes = [int(size) for size in args.sizes.split(",")]
    begun = time.perf_counter()
    _say(begun, "the assistant on the guideline")
    outcome: dict[str, Any] = {"sizes": {}, "ask": bench_ask.figures(measured, STARTS)}
    _say(begun, "many askers")
    outcome["crowd"] = measured("bench_scale", "crowd")
    for size in sizes:
        _say(begun, f"{size:,} passages")
        with tempfile.TemporaryDirectory() as folder:
            outcome["sizes"][str(size)] = size_figures(Path(folder), size)
    target: Path = args.report or Path(__file__).resolve().parent / "report"
    target.mkdir(parents=True, exist_ok=True)
    text = bench_markdown(outcome)
    (target / "bench.json").write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    (target / "bench.md").write_text(text, encoding="utf-8")
    plots = bench_plots(outcome)
    (target / "bench.html").write_text(bench_page(plots), encoding="utf-8")
    (target / "bench.svg").write_text(sheet("cost against passages", plots), encoding="utf-8")
    print(text)
    _say(begun, f"done; {target}/bench.html")
    return 0


def _say(begun: float, what: str) -> None:
    """How far the run is, on standard error."""
    print(f"{time.perf_counter() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)


def size_figures(folder: Path, size: int) -> dict[str, dict[str, float]]:
    """Ours beside LangChain; past `COMPARED` passages its encode is scaled from a sample, its store filled whole."""
    if size <= COMPARED:
        return {who: index_figures(who, folder, size, child(who, "build", folder, size)) for who in SYSTEMS}
    sample = ("encode", str(size), str(SAMPLE))
    before = measured("bench_scale", *sample)
    ours = child("ours", "build", folder, size)
    after = measured("bench_scale", *sample)
    plain = child("langchain", "fill", folder, size)
    # The memory of filling alone is not that of a build, which holds all vectors as lists.
    plain = {"build_s": encode_seconds(before, after, size) + plain["build_s"]}
    return {
        who: index_figures(who, folder, size, build)
        for who, build in zip(SYSTEMS, (ours, plain), strict=True)
    }


def index_figures(who: str, folder: Path, size: int, build: dict[str, float]) -> dict[str, float]:
    """The figures of a build, and of `STARTS` starts on it: the medians; the first start is thrown away."""
    starts = [child(who, "query", folder, size) for _ in range(STARTS + 1)][1:]
    return {
        **{name: statistics.median(start[name] for start in starts) for name in list(FIGURES)[:4]},
        "build_s": build["build_s"],
        **({"build_peak_mb": build["peak_mb"]} if "peak_mb" in build else {}),
    }


def child(who: str, step: str, folder: Path, size: int) -> dict[str, float]:
    """Run one measured process."""
    begun = time.time()
    found = measured("bench_child", who, step, str(folder), str(size))
    if "first_answer_at" in found:
        found["first_answer_s"] = found.pop("first_answer_at") - begun
    return found


def measured(module: str, *arguments: str) -> dict[str, float]:
    """Run one process and return the figures that it prints last."""
    command = [sys.executable, "-m", f"evals.{module}", *arguments]
    # An installed package comes with its byte code; where writing it is forbidden each start would compile all.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def bench_markdown(outcome: dict[str, Any]) -> str:
    """The table: ours, LangChain's, and how many times as much LangChain needs."""
    lines = ["# Benchmark", ""]
    lines += ["The assistant on the guideline:", "", *bench_ask.table(outcome["ask"]), ""]
    crowd = outcome["crowd"]
    together = f"{crowd['threads_per_s']:.0f} a second from {THREADS} threads"
    alone = f"{crowd['alone_per_s']:.0f} asked one after the other"
    lines += [f"One assistant, {QUESTIONS:,} questions: {together}, {alone}", ""]
    lines += ["| passages | figure | ours | LangChain + Chroma | ratio |", "|---|---|---|---|---|"]
    for size, systems in outcome["sizes"].items():
        for name, label in FIGURES.items():
            mine, other = systems["ours"][name], systems["langchain"].get(name)
            if other is None:
                lines.append(f"| {size} | {label} | {mine:.3g} | not measured | |")
                continue
            mark = " (\\*)" if int(size) > COMPARED and name == "build_s" else ""
            lines.append(f"| {size} | {label} | {mine:.3g} | {other:.3g}{mark} | {other / mine:.2f} |")
    if any(int(size) > COMPARED for size in outcome["sizes"]):
        sample = f"scaled from {SAMPLE:,} of the same texts before our whole build and {SAMPLE:,} after it"
        lines += [
            "",
            f"(\\*) sentence-transformers' default encode {sample}; the store was filled with our vectors.",
        ]
    return "\n".join(lines) + "\n"


def bench_plots(outcome: dict[str, Any]) -> list[str]:
    """Plots of cost against size, both axes logarithmic."""
    return [
        curves(
            label,
            {
                who: [
                    (float(size), systems[who][name])
                    for size, systems in outcome["sizes"].items()
                    if name in systems[who]
                ]
                for who in SYSTEMS
            },
            "passages",
            label,
            log_axes=True,
        )
        for name, label in FIGURES.items()
    ]


def bench_page(plots: list[str]) -> str:
    """The plots as a page."""
    style = (Path(__file__).resolve().parent / "page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title>'
        f"<style>{style}</style></head><body><h1>Benchmark</h1>{''.join(plots)}</body></html>\n"
    )
