"""A sketch of many vectors: their shares of the main directions, from which all cosines can be estimated quickly.

Reading memory sets the pace of a search through all vectors. A quarter of the dimensions holds four fifths of
what tells the vectors of one field apart, so it says which of them are worth a look at the whole vectors.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.kept import write_whole
from assistant.retrieval.vectors import LocalVectors

Vectors = NDArray[np.float32]
FILE = "sketch.npz"
DIMENSIONS = 96  # at which what is looked at in the whole takes as long as the rest


class Sketch:
    """`basis` is float32 (d, DIMENSIONS) with orthonormal columns, `shares` float32 (n, DIMENSIONS)."""

    def __init__(self, basis: Vectors, shares: Vectors) -> None:
        self._basis = basis
        self._shares = shares
        self._searched = LocalVectors(shares)

    def cosines(self, vector: Vectors) -> Vectors:
        """Return an estimate of all cosines with `vector`, float32 (n,); a text near it is seldom far off."""
        return self._searched.cosines(vector @ self._basis)

    @classmethod
    def fit(cls, vectors: Vectors) -> Sketch:
        """Return the sketch on the principal directions of `vectors`, float32 (n, d)."""
        gram = np.asarray(vectors.T @ vectors, np.float64)
        directions = np.linalg.eigh(gram)[1][:, ::-1]
        basis = np.ascontiguousarray(directions[:, :DIMENSIONS], np.float32)
        return cls(basis, np.ascontiguousarray(vectors @ basis))

    @classmethod
    def open(cls, path: Path, key: str, vectors: Vectors) -> Sketch:
        """Read the sketch that was kept in `path` under `key`, or fit it and keep it if that can be."""
        kept = _read(path, key)
        if kept is not None and len(kept._shares) == len(vectors):
            return kept
        fitted = cls.fit(vectors)
        write_whole(
            path,
            lambda file: np.savez(file, key=np.array(key), basis=fitted._basis, shares=fitted._shares),
        )
        return fitted


def _read(path: Path, key: str) -> Sketch | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            basis, shares = kept["basis"], kept["shares"]
            if any(one.dtype != np.float32 or not np.isfinite(one).all() for one in (basis, shares)):
                return None
            return Sketch(basis, shares)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None
