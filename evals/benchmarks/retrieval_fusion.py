"""Does fusion find the right passage or question first? Recall@1 of dense, BM25, rank fusion and ours.

    python -m evals.benchmarks.retrieval_fusion

Data: the content questions of the evaluation (a question, and the passages that hold what it must cite), a
question bank (each topic's first phrasing; the others must find it), and the docstrings of Python's standard
library (first sentence, rest), which nobody here wrote. The weight of words was tuned on the `dev` halves.
"""

from __future__ import annotations

import inspect
import pkgutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.retrieval import chunk_source, embedding_text, open_embedder
from assistant.retrieval.fusion import fuse, lexical_weight
from assistant.retrieval.lexical import LexicalIndex

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
_RRF_CONSTANT = 60


@dataclass(frozen=True)
class Task:
    """Texts to search, and queries with the positions of the texts that answer them."""

    name: str
    texts: list[str]
    queries: list[tuple[str, frozenset[int]]]


def content_tasks(split: str) -> Iterator[Task]:
    """Questions on the guideline, and the passages with a quote they must cite; with and without headings."""
    rows = yaml.safe_load((ROOT / "evals/datasets/content.yaml").read_text("utf-8"))
    for pack in sorted((ROOT / "corpus/guidelines").iterdir()):
        metadata = yaml.safe_load((pack / "guideline.yaml").read_text("utf-8"))
        source = (pack / metadata["source"]["file"]).read_bytes().decode("utf-8")
        passages = chunk_source(source, metadata["headings"], metadata["id"])
        queries = []
        for row in rows:
            if row["split"] != split or len(row["turns"]) != 1 or not isinstance(row["turns"][0], str):
                continue
            spans = [(source.find(quote), len(quote)) for group in row.get("cited", []) for quote in group]
            answers = frozenset(
                number
                for number, passage in enumerate(passages)
                for start, length in spans
                if start >= 0 and passage.start < start + length and start < passage.end
            )
            if answers:
                queries.append((row["turns"][0], answers))
        yield Task(f"passages, {split}", [embedding_text(passage) for passage in passages], queries)
        yield Task(f"passages without headings, {split}", [passage.text for passage in passages], queries)


def bank_tasks() -> Iterator[Task]:
    """A question bank: one phrasing of each topic is kept, the others ask; odd topics are dev, even held."""
    for path in sorted((ROOT / "corpus/guidelines").glob("*/topics.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        topics = [
            item["asks"] for kind in ("topics", "unstated") for item in content[kind] if item.get("asks")
        ]
        for split, odd in (("dev", 1), ("held", 0)):
            queries = [
                (ask, frozenset([number]))
                for number, asks in enumerate(topics)
                if number % 2 == odd
                for ask in asks[1:]
            ]
            yield Task(f"questions, {split}", [asks[0] for asks in topics], queries)
        half = [(ask, number) for number, asks in enumerate(topics) for ask in asks[::2]]
        queries = [
            (ask, frozenset(place for place, (_, other) in enumerate(half) if other == number))
            for number, asks in enumerate(topics)
            for ask in asks[1::2]
        ]
        yield Task("questions, half of all", [ask for ask, _ in half], queries)


def docstring_task() -> Task:
    """First sentences of the standard library's docstrings, which must find the rest."""
    found: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in pkgutil.iter_modules():
            if module.name not in sys.stdlib_module_names or module.name in (
                "this",
                "antigravity",
                "idlelib",
            ):
                continue
            try:
                members = vars(import_module(module.name))
            except Exception:  # noqa: S112 - a module of another platform
                continue
            for name in sorted(members):
                first, _, rest = (inspect.getdoc(members[name]) or "").partition("\n\n")
                if 20 < len(first) < 200 < len(rest):
                    found.setdefault(" ".join(first.split()), rest[:1200])
    first_sentences = sorted(found)
    queries = [(sentence, frozenset([number])) for number, sentence in enumerate(first_sentences)]
    return Task("standard library", [found[sentence] for sentence in first_sentences], queries)


def recall_at_1(scores: NDArray[Any], task: Task) -> float:
    """Share of queries whose best text (ties: the first) answers; `scores` is of shape (queries, texts)."""
    best = np.argmax(np.round(scores.astype(np.float64), 6), axis=1)
    pairs = zip(best, task.queries, strict=True)
    return float(np.mean([int(position) in answers for position, (_, answers) in pairs]))


def main() -> None:
    """Print a line per task."""
    embedder = open_embedder()
    print(
        f"{'recall@1':38} {'n':>5} {'dense':>6} {'bm25':>6} {'rrf':>6} {'ours':>6}   by weight of words",
        WEIGHTS,
    )
    tasks = [*content_tasks("dev"), *content_tasks("held"), *bank_tasks(), docstring_task()]
    for task in tasks:
        index = LexicalIndex.build(task.texts)
        asked = [query for query, _ in task.queries]
        dense = np.asarray(embedder.embed(asked) @ embedder.embed(task.texts).T, np.float32)
        lexical = np.stack([index.search(query) for query in asked])
        ranks = [np.argsort(np.argsort(-one, axis=1, kind="stable"), axis=1) for one in (dense, lexical)]
        rrf = sum(1.0 / (_RRF_CONSTANT + 1 + rank) for rank in ranks)
        weight = lexical_weight(index.terms_per_text)
        values = [
            recall_at_1(one, task) for one in (dense, lexical, np.asarray(rrf), fuse(dense, lexical, weight))
        ]
        curve = " ".join(f"{recall_at_1(fuse(dense, lexical, one), task):.3f}" for one in WEIGHTS)
        print(f"{task.name:38} {len(asked):5} {' '.join(f'{value:6.3f}' for value in values)}   {curve}")


if __name__ == "__main__":
    main()
