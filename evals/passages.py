"""Retrieval as it is measured here: systems that return spans of the guideline, and what their ranks give.

A passage is relevant when it overlaps a quote that the examiner marked, so that systems which cut the text
otherwise are measured by the same rule. Longer passages overlap more easily: characters shown stand beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ir_measures
from ir_measures import RR, R, Success, nDCG

from assistant.retrieval import PassageIndex, chunk_source, embedding_text
from assistant.settings import find_corpus
from evals.loaders import RetrievalData
from evals.samples import RetrievalSample, read_yaml
from evals.source import GUIDELINE, overlaps, quote_spans, source_texts
from evals.statistics import mean_record

DEPTH = 10
CUTS = (1, 2, 3, 4, 5, 10)
METRICS = {
    **{f"recall@{k}": R @ k for k in CUTS},
    "success@1": Success @ 1,
    "success@4": Success @ 4,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A span of the guideline that a system returned, best first."""

    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Retriever:
    """A named way to search the guideline; `spans` are all the passages that it can return."""

    name: str
    spans: tuple[Span, ...]
    search: Callable[[str, int], list[Found]]


def own_retrievers() -> list[Retriever]:
    """Return our hybrid, its dense part alone and its BM25 part alone, over the same passages."""
    folder = find_corpus() / "guidelines" / GUIDELINE
    headings = read_yaml(folder / "guideline.yaml")["headings"]
    passages = chunk_source(source_texts()[GUIDELINE], headings, GUIDELINE)
    index = PassageIndex.build([embedding_text(passage) for passage in passages])
    spans = tuple((passage.start, passage.end) for passage in passages)

    def made(name: str, search: Callable[[str, int], Iterable[Any]]) -> Retriever:
        def found(query: str, k: int) -> list[Found]:
            return [Found(spans[hit["position"]], hit["score"]) for hit in search(query, k)]

        return Retriever(name, spans, found)

    return [made("hybrid", index.search), made("dense only", index.dense), made("BM25 only", index.lexical)]


def langchain_retriever(chunk: int = 1000, overlap: int = 200) -> Retriever:
    """Return plain LangChain: recursive splitter, Chroma, cosine of the same model's vectors."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from assistant.retrieval import open_embedder

    embedder = open_embedder()

    class SameModel(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in vector] for vector in embedder.embed(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    splitter = RecursiveCharacterTextSplitter(chunk_size=chunk, chunk_overlap=overlap, add_start_index=True)
    documents = splitter.split_documents([Document(source_texts()[GUIDELINE])])
    spans = tuple(_span(document) for document in documents)
    store = Chroma("evaluation", SameModel(), collection_metadata={"hnsw:space": "cosine"})
    store.reset_collection()  # clients in one process share what they hold
    store.add_documents(documents)

    def search(query: str, k: int) -> list[Found]:
        hits = store.similarity_search_with_score(query, k=min(k, len(documents)))
        found = [Found(_span(document), round(1 - distance, 6)) for document, distance in hits]
        return sorted(found, key=lambda hit: (-hit.score, hit.span))  # Chroma leaves ties open

    return Retriever("LangChain + Chroma", spans, search)


def _span(document: Any) -> Span:
    start = int(document.metadata["start_index"])
    return start, start + len(document.page_content)


def grade(retriever: Retriever, samples: Sequence[RetrievalSample]) -> dict[str, dict[str, int]]:
    """Return the qrels of a retriever's passages: 2 for the first quote of a sample, 1 for the others."""
    qrels: dict[str, dict[str, int]] = {}
    for sample in samples:
        grades: dict[str, int] = {}
        for rank, quote in enumerate(sample.relevant):
            for wanted in quote_spans(quote):
                for span in retriever.spans:
                    if overlaps(span, wanted):
                        grades[_name(span)] = max(grades.get(_name(span), 0), 2 if rank == 0 else 1)
        qrels[sample.id] = grades
    return qrels


def measure_retriever(retriever: Retriever, samples: Sequence[RetrievalSample]) -> dict[str, Any]:
    """Return the mean of each metric with its bootstrap interval, and the characters of the top four."""
    run: dict[str, dict[str, float]] = {}
    shown: list[float] = []
    for sample in samples:
        found = retriever.search(sample.query, DEPTH)
        run[sample.id] = ranked(_name(hit.span) for hit in found)
        shown.append(float(sum(end - start for start, end in (hit.span for hit in found[:4]))))
    return {
        "metrics": metrics_of(grade(retriever, samples), run),
        "passages": len(retriever.spans),
        "characters_shown@4": round(sum(shown) / len(shown), 1) if shown else None,
    }


def measure_index(
    data: RetrievalData, search: Callable[[str, int], Iterable[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Measure a PassageIndex search over `list(data.corpus.values())` on a public set."""
    ids = list(data.corpus)
    run = {
        query: ranked(ids[hit["position"]] for hit in search(text, DEPTH))
        for query, text in data.queries.items()
    }
    return metrics_of(data.qrels, run)


def print_index(data: RetrievalData) -> None:
    """Build a PassageIndex over a public set and print each way of searching it."""
    index = PassageIndex.build(list(data.corpus.values()), progress=True)
    print(f"{len(data.corpus)} texts, {len(data.queries)} queries")
    for name, search in (("hybrid", index.search), ("dense", index.dense), ("BM25", index.lexical)):
        metrics = measure_index(data, search)
        shown = (f"{m} {r['value']:.3f} [{r['low']:.3f}, {r['high']:.3f}]" for m, r in metrics.items())
        print(f"{name:<8}" + "  ".join(shown))


def ranked(names: Iterable[str]) -> dict[str, float]:
    """Turn an order into scores that keep it: ties are decided by the system and not by the metric."""
    return {name: float(1000 - rank) for rank, name in enumerate(names)}


def metrics_of(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    """Return each metric's mean over the queries, with a bootstrap interval; an empty result counts as 0."""
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in METRICS}
    label = {measure: name for name, measure in METRICS.items()}
    for item in ir_measures.iter_calc(list(METRICS.values()), qrels, run):
        values[label[item.measure]][item.query_id] = float(item.value)
    return {name: mean_record([by_query[q] for q in sorted(by_query)]) for name, by_query in values.items()}


def _name(span: Span) -> str:
    return f"{span[0]}-{span[1]}"
