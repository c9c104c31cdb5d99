"""A process that builds an index with fake vectors: the one that the fault tests kill, starve and race.

python -m tests.retrieval.builder FOLDER COUNT DELAY_S [file-limit BYTES | user ID]
"""

from __future__ import annotations

import json
import sys
import warnings

from assistant.retrieval import PassageIndex, build
from tests.retrieval.fakes import TEXTS, PairEmbedder


def numbered(count: int) -> list[str]:
    return [f"{TEXTS[number % len(TEXTS)]} No. {number}." for number in range(count)]


def main() -> None:
    folder, count, delay_s, *limit = sys.argv[1:]
    build.SHARD_TEXTS = 16
    if limit[:1] == ["user"]:
        import os
        import tempfile

        with tempfile.TemporaryDirectory() as warm:  # the interpreter's own folder may be closed to that user
            PassageIndex.build(["warm"], warm, embedder=PairEmbedder())
        os.setuid(int(limit[1]))
    elif limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[1]), int(limit[1])))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        texts = numbered(int(count))
        index = PassageIndex.build(texts, folder, embedder=PairEmbedder(delay_s=float(delay_s)))
        first = index.search(texts[-1], k=3)
    kept = str(index.folder) if index.folder else None
    print(json.dumps({"folder": kept, "first": first, "warnings": [str(item.message) for item in caught]}))


if __name__ == "__main__":
    main()
