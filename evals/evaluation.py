"""The whole evaluation: every set, every comparison, one report. What takes time has a progress bar.

`report` is a function of code and data alone; all that varies from run to run is in `timings`.
"""

from __future__ import annotations

import hashlib
import importlib
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from evals.assertions import AssertionResult, run_assertions
from evals.drafts import DraftResult, run_drafts
from evals.identity import ROOT, identity_processes, identity_shuffled
from evals.records import answer_record, assertion_record, draft_record, percentile
from evals.running import System, run_sample, run_samples
from evals.samples import (
    ANSWER_SETS,
    DATASETS,
    RetrievalSample,
    Sample,
    load_assertions,
    load_drafts,
    load_retrieval,
    load_samples,
)
from evals.scoring import Result
from evals.statistics import Rate
from evals.summary import risk_coverage, summarise_answers, summarise_assertions, summarise_drafts

COMPARED = (
    "exact_answers",
    "status_accepted",
    "high_severity_errors",
    "unsafe_accepts",
    "over_refusals",
    "facts_found",
    "forbidden_shown",
    "citation_recall",
    "citation_precision",
    "options_put_forward_wrongly",
    "option_sets_exact",
)


@dataclass
class Parts:
    """What is evaluated; tests put fakes here. A part that is None is left out and said to be missing."""

    assistant: System | None
    review: Callable[..., Any] | None
    assert_status: Callable[[str, int, int], str] | None
    others: dict[str, System] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def real_parts(llm: str = "") -> Parts:
    """The product's own parts; what cannot be imported is reported as missing and fails its gates.

    `llm` ("provider:model") adds that language model to the comparison, with and without the guard.
    """
    found: dict[str, Any] = {}
    missing: list[str] = []
    for name in ("Assistant", "review_draft", "assert_status"):
        try:
            found[name] = getattr(importlib.import_module("assistant"), name)
        except (ImportError, AttributeError) as error:
            missing.append(f"{name}: {error}")
    made = found["Assistant"].open() if "Assistant" in found else None
    others: dict[str, System] = {}
    if made is not None:
        others["rules without guard"] = without_guard(found["Assistant"].open())
    if llm and made is not None and "review_draft" in found:
        from evals.llm import llm_systems

        others |= llm_systems(llm, found["review_draft"], made)
        others["assistant phrased by the LLM, guard"] = found["Assistant"].open(llm=llm)
    return Parts(made, found.get("review_draft"), found.get("assert_status"), others, missing)


def evaluate(
    parts: Parts, fast: bool = False, samples: Sequence[Sample] | None = None, rules: bool = False
) -> dict[str, Any]:
    """Run everything; `fast` leaves out comparisons, mutation and the second process."""
    begun = time.perf_counter()
    code = code_sha256()
    if samples is None:
        samples = [s for name in ANSWER_SETS for s in load_samples(DATASETS / f"{name}.yaml")]
    answers: list[Result] = []
    drafts: list[DraftResult] = []
    mentions: list[AssertionResult] = []
    if parts.assistant is not None:
        answers = list(progress("Answers", run_samples(parts.assistant, samples), len(samples)))
    if parts.review is not None:
        chosen = load_drafts()
        drafts = list(progress("Drafts", run_drafts(chosen, parts.review), len(chosen)))
    if parts.assert_status is not None:
        mentions = list(run_assertions(load_assertions(), parts.assert_status))
    report: dict[str, Any] = {
        "fast": fast,
        "code_sha256": code,
        "missing": list(parts.missing),
        "counts": _counts([*answers, *drafts, *mentions]),
        "answers": summarise_answers(answers),
        "guard": summarise_drafts(drafts),
        "assertion": summarise_assertions(mentions),
        "identity": {},
        "retrieval": measure_retrieval(load_retrieval(), fast),
        "comparison": {},
        "risk_coverage": {},
        "mutation": None,
        "own_answers": own_answers(answers),
        "results": [
            *map(answer_record, answers),
            *map(draft_record, drafts),
            *map(assertion_record, mentions),
        ],
    }
    if parts.assistant is not None:
        report["identity"]["shuffled"] = identity_shuffled(parts.assistant, answers)
        if not fast:
            report["identity"]["processes"] = identity_processes(answers)
            report.update(compare_systems(answers, samples, parts.others))
            report["mutation"] = mutation(parts, answers, rules)
    if code_sha256() != code:
        report["missing"].append("a run on one state: code or data changed while it went on; run it again")
    timings = {
        "started": time.strftime("%Y-%m-%d %H:%M:%S"),
        "seconds": round(time.perf_counter() - begun, 1),
        "answer_ms": times_of([r.seconds for r in answers if r.answer]),
        "review_ms": times_of([r.seconds for r in drafts if r.review]),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("chromadb", "scipy", "ir-measures", "langchain-core")},
    }
    return {"report": report, "timings": timings}


def without_guard(assistant: Any) -> System:
    """The assistant with a guard that passes everything, to see what the guard is worth."""
    from assistant.types import Review

    class PassAll:
        def review(self, *_: Any) -> Review:
            return Review(verdict="pass")

    # `guards` is a cached property of the resources: what stands in the instance is taken.
    vars(assistant.resources)["guards"] = {guideline.id: PassAll() for guideline in assistant.guidelines}
    system: System = assistant
    return system


def measure_retrieval(samples: Sequence[RetrievalSample], fast: bool) -> dict[str, Any]:
    """Measure each retriever on the retrieval set, whole and by split for ours."""
    from evals.passages import langchain_retriever, measure_retriever, own_retrievers

    retrievers = own_retrievers()
    if not fast:
        retrievers.append(langchain_retriever())
    held = [sample for sample in samples if sample.split == "held"]
    return {
        "queries": len(samples),
        "systems": {r.name: measure_retriever(r, samples) for r in retrievers},
        "held": {r.name: measure_retriever(r, held)["metrics"] for r in retrievers[:1]},
    }


def compare_systems(
    answers: Sequence[Result], samples: Sequence[Sample], others: dict[str, System]
) -> dict[str, Any]:
    """Put every sample to every other system; retrieval systems also give a risk-coverage curve."""
    from evals.passages import langchain_retriever, own_retrievers
    from evals.systems import ShowPassages

    table = {"assistant": _compared(answers)}
    curves: dict[str, list[tuple[float, float]]] = {"assistant": [operating_point(answers)]}
    systems: dict[str, System] = dict(others)
    for retriever in (*own_retrievers(), langchain_retriever()):
        shown = ShowPassages(retriever)
        systems[shown.name] = shown
    for name, system in systems.items():
        results = [run_sample(system, s) for s in progress(name, iter(samples), len(samples))]
        table[name] = _compared(results)
        if isinstance(system, ShowPassages):
            scored = [(system.confidence(r.sample.turns), r.kind == "wrong") for r in results]
            curves[name] = risk_coverage(scored)
        else:
            curves[name] = [operating_point(results)]
    return {"comparison": table, "risk_coverage": curves}


def operating_point(results: Sequence[Result]) -> tuple[float, float]:
    """(share answered, share wrong among them): a system without a threshold is one point of the curve."""
    answered = [r for r in results if r.answer is not None and r.answer.status == "answered"]
    if not answered:
        return 0.0, 0.0
    wrong = sum(r.kind == "wrong" for r in answered)
    return round(len(answered) / len(results), 4), round(wrong / len(answered), 4)


def mutation(parts: Parts, answers: Sequence[Result], rules: bool) -> dict[str, Any]:
    """Mutate drafts, and with `rules` the guideline's records too (many minutes)."""
    from evals.mutants import mutate_drafts, mutate_rules

    found: dict[str, Any] = {}
    try:
        found |= mutate_drafts(parts.assistant, load_drafts())
    except (ImportError, AttributeError) as error:  # a fake, or no generator
        found["drafts"] = f"not run: {error}"
    if rules:
        found |= mutate_rules(type(parts.assistant), answers)
    return found


def own_answers(answers: Sequence[Result]) -> dict[str, Any]:
    """The rules' answers that the guard let through whole: what it withholds is wrong in one of the two."""
    given = [result for result in answers if result.answer is not None]
    withheld = [r.sample.id for r in given if r.answer and any(n.kind == "guard" for n in r.answer.notices)]
    return {**Rate(len(given) - len(withheld), len(given)).record(), "withheld": withheld}


def code_sha256() -> str:
    """The hash of code and data, to see whether they changed while the run went on."""
    total = hashlib.sha256()
    for folder in ("assistant", "corpus", "evals"):
        for path in sorted((ROOT / folder).rglob("*")):
            # the report and the baseline are what comes out
            if path.is_file() and path.suffix in (".py", ".yaml", ".txt") and "report" not in path.parts:
                total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def times_of(seconds: Sequence[float]) -> dict[str, Any]:
    """Median, p95 and all values in milliseconds."""
    ordered = sorted(round(1e3 * s, 3) for s in seconds)
    return {"median": percentile(ordered, 0.5), "p95": percentile(ordered, 0.95), "all": ordered}


def progress(task: str, items: Iterator[Any] | Iterable[Any], total: int) -> Iterator[Any]:
    """Show a bar on a terminal while the items pass."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, task, total=total, console=Console(file=sys.stderr), transient=True)


def _compared(results: Sequence[Result]) -> dict[str, Any]:
    summary = summarise_answers(results)
    return {split: {name: summary[split][name] for name in COMPARED} for split in summary}


def _counts(results: Sequence[Any]) -> dict[str, Any]:
    sets: dict[str, dict[str, int]] = {}
    for result in results:
        row = sets.setdefault(result.sample.set, {"dev": 0, "held": 0, "generated": 0})
        row[result.sample.split] += 1
        row["generated"] += result.sample.origin == "generated"
    return {"sets": sets, "total": len(results)}
