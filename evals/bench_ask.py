"""The benchmark's figures of the whole assistant on the guideline, beside plain LangChain + Chroma on the same text.

`python -m evals.bench_ask command|ours|build|first|langchain FOLDER` is one measured process; it prints one JSON
object last. Questions are those of the dev split, each asked once, so that nothing is answered from a cache.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.bench_child import peak_mb
from evals.samples import Sample, load_drafts, load_questions

QUESTION = "Is a bone scan safe with eGFR 25?"
QUESTIONS = 300
DRAFTS = 60
DRAFT_WORDS = 200
TOP_K = 4
#: Label, key, the issue's bound if it has one. What LangChain has a figure for stands beside.
ROWS = (
    ("cold: process start to first answer (langchain: first passages), s", "cold_s", "at most 1.0"),
    ("peak memory of the cold start, MB", "cold_peak_mb", "at most 250"),
    ("Assistant.open, s", "open_s", "at most 0.5"),
    ("opened and first answer (langchain: model and store opened, first passages), s", "first_s", ""),
    ("an answer, guard included (langchain: passages alone), median ms", "ask_median_ms", "at most 8"),
    ("an answer, p95 ms", "ask_p95_ms", "at most 20"),
    ("understanding and scope of a question, median ms", "understand_median_ms", "under 2"),
    ("review of a draft of 200 words, median ms", "review_median_ms", "under 20"),
    ("peak memory after all of these, MB", "peak_mb", ""),
)


def figures(run: Callable[..., dict[str, Any]], starts: int) -> dict[str, dict[str, float]]:
    """Measure both, each start in a process of its own; `run` starts one. The first of each is thrown away."""
    found: dict[str, dict[str, float]] = {}
    for who, cold in (("ours", "command"), ("langchain", "first")):
        with tempfile.TemporaryDirectory() as folder:
            if who == "langchain":
                run("bench_ask", "build", folder)
            colds = [_cold(run, cold, folder) for _ in range(starts + 1)][1:]
            warm = run("bench_ask", who, folder)
        found[who] = {
            "cold_s": statistics.median(one["cold_s"] for one in colds),
            "cold_peak_mb": statistics.median(one["cold_peak_mb"] for one in colds),
            **warm,
        }
    return found


def table(found: dict[str, dict[str, float]]) -> list[str]:
    """The rows of a Markdown table."""
    lines = ["| figure | bound | the assistant | LangChain + Chroma | ratio |", "|---|---|---|---|---|"]
    for label, key, bound in ROWS:
        mine, theirs = found["ours"].get(key), found["langchain"].get(key)
        cells = [f"{value:.3g}" if value is not None else "-" for value in (mine, theirs)]
        ratio = f"{theirs / mine:.2f}" if mine and theirs else "-"
        lines.append(f"| {label} | {bound or '-'} | {cells[0]} | {cells[1]} | {ratio} |")
    return lines


def _cold(run: Callable[..., dict[str, Any]], step: str, folder: str) -> dict[str, float]:
    begun = time.time()
    done = run("bench_ask", step, folder)
    return {"cold_s": done["done_at"] - begun, "cold_peak_mb": done["peak_mb"]}


def command() -> dict[str, Any]:
    """What `guideline-assistant ask --json` does, from the start of its process."""
    from assistant.cli import prepare

    arguments = ["ask", "--json", QUESTION]
    prepare(arguments)
    from assistant.cli.program import run

    code = run(arguments)
    print()
    if code:
        raise SystemExit(code)
    return {"done_at": time.time(), "peak_mb": peak_mb()}


def ours() -> dict[str, Any]:
    """The assistant, opened once: answers, understanding with scope, and reviews."""
    from assistant import Assistant
    from assistant.messages import read_turns
    from assistant.scope.decision import decide

    begun = time.perf_counter()
    assistant = Assistant.open()
    opened = time.perf_counter() - begun
    assistant.ask(QUESTION)
    first = time.perf_counter() - begun
    asked = _timed((sample.turns[-1] for sample in _questions()), assistant.ask)
    reader, taxonomy = assistant.resources.reader, assistant.resources.vocabulary
    scope = assistant.guidelines[0].scope

    def understand(sample: Sample) -> None:
        turns = [{"role": "user", "content": turn} for turn in sample.turns[:-1]]
        decide(scope, reader.read(sample.turns[-1], read_turns(turns)).facts, taxonomy)

    return {
        "open_s": opened,
        "first_s": first,
        **_spread("ask", asked),
        **_spread("understand", _timed(_questions(fresh=True), understand)),
        **_spread("review", _timed(_drafts(), assistant.review)),
        "peak_mb": peak_mb(),
    }


def langchain(step: str, folder: Path) -> dict[str, Any]:
    """Plain LangChain + Chroma over the guideline, cut and stored as its tutorials do it."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from evals.bench_child import langchain_embeddings
    from evals.source import GUIDELINE, source_texts

    begun = time.perf_counter()
    store = Chroma("ask", langchain_embeddings(), persist_directory=str(folder))
    if step == "build":
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        store.add_documents(splitter.split_documents([Document(source_texts()[GUIDELINE])]))
        return {}
    store.similarity_search(QUESTION, k=TOP_K)
    if step == "first":
        return {"done_at": time.time(), "peak_mb": peak_mb()}
    opened = time.perf_counter() - begun
    questions = (sample.turns[-1] for sample in _questions())
    asked = _timed(questions, lambda question: store.similarity_search(question, k=TOP_K))
    return {"first_s": opened, **_spread("ask", asked), "peak_mb": peak_mb()}


def _questions(*, fresh: bool = False) -> list[Sample]:
    """Dev samples, spread over all sets; `fresh` ones are others: what was asked once is remembered in part."""
    samples = [sample for sample in load_questions() if sample.split == "dev"]
    step = max(1, len(samples) // QUESTIONS)
    return samples[step // 2 if fresh else 0 :: step][:QUESTIONS]


def _drafts() -> list[str]:
    """Drafts of some DRAFT_WORDS words: right and wrong ones of the dev split, several put together."""
    made: list[str] = []
    parts: list[str] = []
    for draft in load_drafts():
        if draft.split != "dev":
            continue
        parts.append(draft.draft)
        if sum(len(part.split()) for part in parts) >= DRAFT_WORDS:
            made.append(" ".join("\n\n".join(parts).split(" ")[:DRAFT_WORDS]))
            parts = []
    return made[:DRAFTS]


def _timed(items: Sequence[Any] | Iterator[Any], do: Callable[[Any], Any]) -> list[float]:
    taken = []
    for item in items:
        begun = time.perf_counter()
        do(item)
        taken.append(1e3 * (time.perf_counter() - begun))
    return sorted(taken)


def _spread(name: str, ordered: Sequence[float]) -> dict[str, float]:
    return {
        f"{name}_median_ms": statistics.median(ordered),
        f"{name}_p95_ms": ordered[int(0.95 * (len(ordered) - 1))],
    }


def main() -> None:
    """Measure and print."""
    step, folder = sys.argv[1], Path(sys.argv[2])
    if step in ("command", "ours"):
        found = command() if step == "command" else ours()
    else:
        from assistant.retrieval.models import switch_off_network

        switch_off_network()
        found = langchain(step, folder)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
