"""Every sample put to other systems in the same run: what rules, guard and retrieval are each worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.passages import langchain_retriever, measure_retriever, own_retrievers
from evals.progress import Progress
from evals.running import System, run_sample
from evals.samples import RetrievalSample, Sample
from evals.scoring import Result
from evals.summary import risk_coverage, summarise_answers
from evals.systems import PassAll, ShowPassages

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
OURS = "assistant"


def without_guard(assistant: Any) -> System:
    """The assistant with a guard that passes everything, to see what the guard is worth."""
    # `guards` is a cached property of the resources: what stands in the instance is taken.
    vars(assistant.resources)["guards"] = {guideline.id: PassAll() for guideline in assistant.guidelines}
    system: System = assistant
    return system


def measure_retrieval(samples: Sequence[RetrievalSample], fast: bool) -> dict[str, Any]:
    """Measure each retriever on the retrieval set, whole and by split for ours."""
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
    answers: Sequence[Result], samples: Sequence[Sample], others: Mapping[str, System], progress: Progress
) -> dict[str, Any]:
    """Put every sample to every other system; retrieval systems also give a risk-coverage curve."""
    table = {OURS: compared(answers)}
    curves: dict[str, list[tuple[float, float]]] = {OURS: [operating_point(answers)]}
    systems: dict[str, System] = dict(others)
    for retriever in (*own_retrievers(), langchain_retriever()):
        shown = ShowPassages(retriever)
        systems[shown.name] = shown
    for name, system in systems.items():
        results = [run_sample(system, s) for s in progress.each(name, samples)]
        table[name] = compared(results)
        if isinstance(system, ShowPassages):
            scored = [(system.confidence(r.sample.turns), r.kind == "wrong") for r in results]
            curves[name] = risk_coverage(scored)
        else:
            curves[name] = [operating_point(results)]
    return {"comparison": table, "risk_coverage": curves}


def compared(results: Sequence[Result]) -> dict[str, Any]:
    """The compared numbers by split."""
    by_split = summarise_answers(results)
    return {split: {name: numbers[name] for name in COMPARED} for split, numbers in by_split.items()}


def operating_point(results: Sequence[Result]) -> tuple[float, float]:
    """(share answered, share wrong among them): a system without a threshold is one point of the curve."""
    answered = [r for r in results if r.answer is not None and r.answer.status == "answered"]
    if not answered:
        return 0.0, 0.0
    wrong = sum(r.kind == "wrong" for r in answered)
    return round(len(answered) / len(results), 4), round(wrong / len(answered), 4)
