"""One measured process of the benchmark: `python -m evals.bench_child WHO STEP FOLDER SIZE`.

WHO is ours or langchain; STEP is build (embed and store SIZE passages in FOLDER), fill (LangChain alone: store the
vectors of our build, where embedding them again would take hours) or query (open what was built, search cold and
warm). Prints one JSON object.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SENTENCES_PER_PASSAGE = 3
WARM_QUERIES = 200
BATCH = 5_000
QUERIES = (
    "bone scan in chronic kidney disease",
    "why not PET/CT for everyone",
    "next step after a negative bone scan",
    "flare phenomenon after starting therapy",
    "radiation dose of CT with contrast",
    "triple negative subtype, which study first",
    "new headaches and focal weakness",
    "single equivocal focus of uptake",
)


def passages(size: int) -> list[str]:
    """Return `size` different passages made of the guideline's sentences (fixed seed)."""
    from evals.source import GUIDELINE, source_texts

    sentences = [s for s in re.split(r"(?<=[.?!])\s+", source_texts()[GUIDELINE]) if len(s) > 40]
    rng = random.Random(7)
    return [f"{' '.join(rng.sample(sentences, SENTENCES_PER_PASSAGE))} ({n})" for n in range(size)]


def peak_mb() -> float:
    """The process's own peak of resident memory; getrusage would count the parent's at the fork."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(search: Callable[[str], Any]) -> dict[str, Any]:
    """Search cold, then warm with queries that no cache has seen."""
    search(QUERIES[0])
    first = time.time()
    warm = []
    for number in range(WARM_QUERIES):
        query = f"{QUERIES[number % len(QUERIES)]} {number}"
        begun = time.perf_counter()
        search(query)
        warm.append(1e3 * (time.perf_counter() - begun))
    warm.sort()
    return {
        "first_answer_at": first,
        "median_ms": warm[len(warm) // 2],
        "p95_ms": warm[int(0.95 * len(warm))],
        "peak_mb": peak_mb(),
    }


def ours(step: str, folder: Path, size: int) -> dict[str, Any]:
    """PassageIndex."""
    from assistant import PassageIndex

    if step == "build":
        texts = passages(size)
        begun = time.perf_counter()
        PassageIndex.build(texts, folder / "ours")
        return {"build_s": time.perf_counter() - begun, "peak_mb": peak_mb()}
    index = PassageIndex.open(folder / "ours")
    return timed(lambda query: index.search(query, k=4))


def langchain_embeddings() -> Any:
    """The same model through sentence-transformers, as LangChain's tutorials use it."""
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    from assistant.retrieval.models import locate_model

    model = SentenceTransformer(str(locate_model().folder), device="cpu")

    class SameModel(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, show_progress_bar=False).tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return SameModel()


def langchain(step: str, folder: Path, size: int) -> dict[str, Any]:
    """Plain LangChain + Chroma with the same model, as its tutorials do it."""
    from langchain_chroma import Chroma

    where = str(folder / "langchain")
    if step == "fill":
        return filled(Chroma("bench", persist_directory=where), folder, size)
    if step == "build":
        texts = passages(size)
        model = langchain_embeddings()
        begun = time.perf_counter()
        Chroma.from_texts(texts, model, persist_directory=where, collection_name="bench")
        return {"build_s": time.perf_counter() - begun, "peak_mb": peak_mb()}
    store = Chroma("bench", langchain_embeddings(), persist_directory=where)
    return timed(lambda query: store.similarity_search(query, k=4))


def filled(store: Any, folder: Path, size: int) -> dict[str, Any]:
    """Seconds to fill LangChain's store with our build's vectors: of the same model and texts, and at hand."""
    import numpy as np

    from assistant.retrieval.store import VECTORS, IndexFolder

    version = IndexFolder(folder / "ours").current()
    if version is None:
        raise FileNotFoundError("build ours first: its vectors fill the store beside it")
    texts, vectors = passages(size), np.load(version / VECTORS, mmap_mode="r")
    begun = time.perf_counter()
    for low in range(0, size, BATCH):
        rows = range(low, min(low + BATCH, size))
        store._collection.add(
            ids=[str(row) for row in rows],
            documents=[texts[row] for row in rows],
            embeddings=np.asarray(vectors[rows.start : rows.stop], dtype=np.float32),
        )
    return {"build_s": time.perf_counter() - begun, "peak_mb": peak_mb()}


def main() -> None:
    """Measure and print."""
    from assistant.retrieval.models import switch_off_network

    switch_off_network()
    who, step, folder, size = sys.argv[1:5]
    measure = {"ours": ours, "langchain": langchain}[who]
    print(json.dumps(measure(step, Path(folder), int(size))))


if __name__ == "__main__":
    main()
