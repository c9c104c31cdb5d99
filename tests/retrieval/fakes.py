"""An embedder that needs no model: a vector counts the letter pairs of its text. Also used by child processes."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError


class PairEmbedder:
    """Deterministic; `calls` holds the texts of each call, `delay_s` makes a build slow enough to be killed."""

    def __init__(self, name: str = "pairs@1", dimensions: int = 64, delay_s: float = 0.0) -> None:
        self.name = name
        self.dimensions = dimensions
        self.delay_s = delay_s
        self.calls: list[list[str]] = []
        self.broken = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.broken:
            raise ModelError("The model has gone.")
        self.calls.append(list(texts))
        time.sleep(self.delay_s)
        if log := os.environ.get("EMBED_LOG"):
            with Path(log).open("a") as file:
                file.write(f"{os.getpid()} {len(texts)}\n")
        vectors = np.full((len(texts), self.dimensions), 1e-3, np.float32)
        for row, text in enumerate(texts):
            folded = f" {text.casefold()} ".encode("utf-8", "replace")
            for pair in pairwise(folded):
                vectors[row, zlib.crc32(bytes(pair)) % self.dimensions] += 1.0
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


TEXTS = [
    "A reef knot joins two ropes of equal size.",
    "A bowline makes a loop that does not slip.",
    "The clove hitch fastens a rope to a post.",
    "A sheet bend joins ropes of different size.",
    "Wet rope is weaker than dry rope.",
    "Whipping keeps the end of a rope from fraying.",
]
