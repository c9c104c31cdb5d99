"""The whole evaluation: every set, every comparison, one report. Each part shows its progress and its time.

`report` is a function of code and data alone; all that varies from run to run is in `timings`.
"""

from __future__ import annotations

import hashlib
import importlib
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from evals import second_reading
from evals.assertions import AssertionResult, run_assertions
from evals.comparison import compare_systems, measure_retrieval, without_guard
from evals.drafts import DraftResult, run_drafts
from evals.identity import ROOT, Asking, identity_here
from evals.progress import Progress
from evals.records import answer_record, assertion_record, draft_record, percentile
from evals.running import System, run_samples
from evals.samples import (
    Draft,
    Record,
    Sample,
    load_assertions,
    load_drafts,
    load_questions,
    load_retrieval,
)
from evals.scoring import Result
from evals.statistics import Rate
from evals.summary import summarise_answers, summarise_assertions, summarise_drafts

#: The short run asks only so many again in another order, so that it ends in minutes beside the tests.
FAST_EVERY = 3


@dataclass
class Parts:
    """What is evaluated; tests put fakes here. A part that is None is left out and said to be missing.

    `again` says that the assistant can be opened again in another process.
    """

    assistant: System | None
    review: Callable[..., Any] | None
    assert_status: Callable[[str, int, int], str] | None
    others: dict[str, System] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    again: bool = False


def real_parts(llm: str = "", fast: bool = False) -> Parts:
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
    if made is not None and not fast:
        others["rules without guard"] = without_guard(found["Assistant"].open())
    if llm and made is not None and not fast and "review_draft" in found:
        from evals.llm import llm_systems

        others |= llm_systems(llm, found["review_draft"], made)
        others["assistant phrased by the LLM, guard"] = found["Assistant"].open(llm=llm)
    again = made is not None
    return Parts(made, found.get("review_draft"), found.get("assert_status"), others, missing, again)


def evaluate(
    parts: Parts, fast: bool = False, samples: Sequence[Sample] | None = None, rules: bool = False
) -> dict[str, Any]:
    """Run everything; `fast` leaves out comparisons, mutation and one of the two second processes."""
    progress = Progress()
    code = code_sha256()
    asking: list[Asking] = []
    if parts.again and samples is None:
        kinds = ("shuffled",) if fast else ("shuffled", "processes")
        asking = [Asking.start(kind, FAST_EVERY if fast else 1) for kind in kinds]
    try:
        report, spent = _evaluate(parts, fast, samples, rules, progress, asking)
    finally:
        for one in asking:
            one.stop()
    if code_sha256() != code:
        report["missing"].append("a run on one state: code or data changed while it went on; run it again")
    timings = {
        "started": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() - progress.total)),
        "seconds": round(progress.total, 1),
        "parts": progress.seconds,
        **spent,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("chromadb", "scipy", "ir-measures", "langchain-core")},
    }
    return {"report": {**report, "code_sha256": code}, "timings": timings}


def _evaluate(
    parts: Parts,
    fast: bool,
    samples: Sequence[Sample] | None,
    rules: bool,
    progress: Progress,
    asking: Sequence[Asking],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report, and the times of answers and reviews."""
    if samples is None:
        samples = load_questions()
    right_drafts = load_drafts()
    answers: list[Result] = []
    drafts: list[DraftResult] = []
    mentions: list[AssertionResult] = []
    memory: Any = None
    if parts.assistant is not None:
        asked = run_samples(parts.assistant, samples)
        product: Any = parts.assistant
        if rules and hasattr(product, "resources"):
            from evals.mutation.memory import Memory

            memory = Memory.of(product)
            asked = memory.following(asked)
        answers = list(progress.each("answers", asked, len(samples)))
    if parts.review is not None:
        made = run_drafts(right_drafts, parts.review)
        drafts = list(progress.each("drafts", made, len(right_drafts)))
    if parts.assert_status is not None:
        mentions = list(run_assertions(load_assertions(), parts.assert_status))
    with progress.part("retrieval"):
        retrieval = measure_retrieval(load_retrieval(), fast)
    judged: list[Record] = [r.sample for part in (answers, drafts, mentions) for r in part]
    with progress.part("summary"):
        report: dict[str, Any] = {
            "fast": fast,
            "missing": list(parts.missing),
            "counts": _counts([*answers, *drafts, *mentions]),
            "second_reading": second_reading.count(judged, second_reading.read_register()),
            "answers": summarise_answers(answers),
            "guard": summarise_drafts(drafts),
            "assertion": summarise_assertions(mentions),
            "identity": {},
            "retrieval": retrieval,
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
        if not fast:
            report.update(compare_systems(answers, samples, parts.others, progress))
            report["mutation"] = mutation(parts.assistant, answers, drafts, right_drafts, memory, progress)
        with progress.part("identity: waiting for the other processes" if asking else "identity"):
            for one in asking:
                report["identity"][one.kind] = one.finish(answers)
            if not asking:
                report["identity"]["shuffled"] = identity_here(parts.assistant, answers)
    spent = {
        "answer_ms": times_of([r.seconds for r in answers if r.answer]),
        "review_ms": times_of([r.seconds for r in drafts if r.review]),
    }
    return report, spent


def mutation(
    assistant: Any,
    answers: Sequence[Result],
    drafts: Sequence[DraftResult],
    samples: Sequence[Draft],
    memory: Any,
    progress: Progress,
) -> dict[str, Any]:
    """Mutate drafts, and with the `memory` of the run the guideline's records too."""
    if not hasattr(assistant, "resources"):  # a fake
        return {}
    from assistant.guard import GuardContext
    from evals.mutation import measure, mutate, passing
    from evals.source import GUIDELINE

    guard = assistant.resources.guards[GUIDELINE]
    right = [(d.draft, GuardContext(question=d.question)) for d in samples if d.verdict == "pass"]
    with progress.part("mutation: wrong drafts made"):
        kept = passing(guard, right)
        mutants = mutate(guard, kept)
    measured = measure(guard, progress.each("mutation: wrong drafts", mutants))
    found: dict[str, Any] = {"drafts": {"right_drafts": len(kept), **measured.record()}}
    if memory is not None:
        from evals.mutation.rules import mutate_rules

        found["rules"] = mutate_rules(
            memory,
            answers,
            drafts,
            kept,
            mutants,
            lambda changes: progress.each("mutation: rules", changes),
        )
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


def _counts(results: Sequence[Any]) -> dict[str, Any]:
    sets: dict[str, dict[str, int]] = {}
    for result in results:
        row = sets.setdefault(result.sample.set, {"dev": 0, "held": 0, "generated": 0})
        row[result.sample.split] += 1
        row["generated"] += result.sample.origin == "generated"
    return {"sets": sets, "total": len(results)}
