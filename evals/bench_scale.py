"""The benchmark's figures about scale: a build beside sentence-transformers' own encode, and a crowd of askers.

`python -m evals.bench_scale encode SIZE SAMPLE` or `crowd` is one measured process; it prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

#: Plain LangChain + Chroma embeds up to this many passages: beyond, its encode is measured on a sample.
COMPARED = 20_000
SAMPLE = 2_000
THREADS = 50
QUESTIONS = 2_000


def encode(size: int, sample: int) -> dict[str, Any]:
    """Seconds that sentence-transformers' default encode takes for a spread sample of the passages of `size`."""
    from sentence_transformers import SentenceTransformer

    from assistant.retrieval.models import locate_model
    from evals.bench_child import passages

    model = SentenceTransformer(str(locate_model().folder), device="cpu")
    texts = passages(size)[:: max(1, size // sample)][:sample]
    model.encode(texts[:32], show_progress_bar=False)
    begun = time.perf_counter()
    model.encode(texts, show_progress_bar=False)
    return {"seconds": time.perf_counter() - begun, "texts": len(texts)}


def crowd() -> dict[str, Any]:
    """Questions a second of one shared assistant: asked one after the other, and by `THREADS` at once."""
    from assistant import Assistant
    from evals.bench_child import QUERIES

    assistant = Assistant.open()
    questions = [f"{QUERIES[number % len(QUERIES)]} {number}" for number in range(QUESTIONS)]
    for question in QUERIES:
        assistant.ask(question)
    begun = time.perf_counter()
    for question in questions[: QUESTIONS // 4]:
        assistant.ask(question)
    alone = QUESTIONS // 4 / (time.perf_counter() - begun)
    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(assistant.ask, questions))
    return {"alone_per_s": alone, "threads_per_s": len(answers) / (time.perf_counter() - begun)}


def encode_seconds(before: dict[str, Any], after: dict[str, Any], size: int) -> float:
    """Scale two samples, taken before and after a build, to `size` texts: a busy hour then weighs on both sides."""
    texts = before["texts"] + after["texts"]
    return float(size * (before["seconds"] + after["seconds"]) / texts)


def main() -> None:
    """Measure and print."""
    from assistant.retrieval.models import switch_off_network

    switch_off_network()
    step, *numbers = sys.argv[1:]
    print(json.dumps(encode(*map(int, numbers)) if step == "encode" else crowd()))


if __name__ == "__main__":
    main()
