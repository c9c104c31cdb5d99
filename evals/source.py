"""The guideline's text as the scorers see it: read from the file, independent of the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.settings import find_corpus
from evals.samples import DatasetError, read_yaml

GUIDELINE = "bone-scan-suspected-metastatic-breast-cancer"


@cache
def source_texts(corpus: Path | None = None) -> dict[str, str]:
    """Return guideline id -> source text, exactly as in the file."""
    texts: dict[str, str] = {}
    for path in sorted((find_corpus(corpus) / "guidelines").glob("*/guideline.yaml")):
        record = read_yaml(path)
        file = path.parent / record["source"]["file"]
        texts[record["id"]] = file.read_bytes().decode("utf-8")
    return texts


@cache
def quote_spans(quote: str, guideline: str = GUIDELINE) -> tuple[tuple[int, int], ...]:
    """Return each [start, end) where `quote` stands verbatim; DatasetError if nowhere."""
    text = source_texts()[guideline]
    spans: list[tuple[int, int]] = []
    start = text.find(quote)
    while start >= 0:
        spans.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    if not spans:
        raise DatasetError(f"not in the text of {guideline}: {quote!r}")
    return tuple(spans)


def overlaps(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two half-open spans share a character."""
    return first[0] < second[1] and second[0] < first[1]
