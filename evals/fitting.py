"""`python -m evals fit`: fits the weights of the topic finder on the development questions, with cross-validation.

A question is used where it has one part. Which records answer it is not labelled by hand: each topic's answer
is put to the question's own scorers, and every one that is right counts. The loss is that of a softmax over
all records, with all right ones together as its target, and a penalty on the squares of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant import Assistant
from assistant.answering.composition import Asked as ToCompose
from assistant.answering.evidence import Evidence
from assistant.answering.weights import WEIGHTS
from assistant.types import Answer
from evals.samples import ANSWER_SETS, DATASETS, Sample, load_samples
from evals.scoring import score_absent, score_citations, score_facts, score_status

PENALTY = 1e-3
FOLDS = 8
_JUDGES = (score_status, score_facts, score_absent, score_citations)
_SILENT = "not_covered"
Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question's features, float64 (records, features), and which records answer it, bool (records,)."""

    sample: Sample
    features: Table
    right: NDArray[np.bool_]


def collect(assistant: Assistant, samples: Sequence[Sample]) -> list[Row]:
    """Return a row for every single question of one part that some record answers rightly."""
    finder = assistant.resources.finder
    records = finder.records
    composers = assistant.resources.composers
    answers: dict[int, Answer] = {}
    for row, record in enumerate(records):
        if record.topic is not None and record.guideline is not None:
            draft = composers[record.guideline.id].content(ToCompose(topics=(record.topic,)))
            answers[row] = Answer(status=draft.status, text=draft.text, citations=draft.citations)
    rows: list[Row] = []
    for sample in samples:
        parts = finder.asked(sample.turns[0]) if len(sample.turns) == 1 else []
        if len(parts) != 1:
            continue
        silent = _SILENT in sample.statuses and not sample.cited
        right = np.array(
            [
                all(judge(sample, answers[row]).value == 1 for judge in _JUDGES) if row in answers else silent
                for row in range(len(records))
            ]
        )
        if right.any():
            rows.append(Row(sample, finder.ranker.features(parts[0]).astype(np.float64), right))
    return rows


def fit_weights(rows: Sequence[Row], penalty: float = PENALTY) -> Table:
    """Return the weights that minimise the loss, float64 (features,)."""
    features = np.stack([row.features for row in rows])
    right = np.stack([row.right for row in rows])

    def loss(weights: Table) -> tuple[float, Table]:
        scores = features @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        total, hit = odds.sum(axis=1), (odds * right).sum(axis=1) + 1e-300
        slope = odds / total[:, None] - odds * right / hit[:, None]
        gradient = np.einsum("qr,qrf->f", slope, features) / len(rows)
        value = float((np.log(total) - np.log(hit)).mean() + penalty * (weights**2).sum())
        return value, gradient + 2 * penalty * weights

    found: Any = minimize(loss, np.zeros(features.shape[2]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)


def hits(rows: Sequence[Row], weights: Table) -> NDArray[np.bool_]:
    """Return whether the best record of each row is a right one, bool (rows,)."""
    return np.array([row.right[int(np.argmax(row.features @ weights))] for row in rows])


def fit() -> int:
    """Print the hit rate of the weights in use, the cross-validated one of new weights, and those."""
    samples = [s for name in ANSWER_SETS[1:] for s in load_samples(DATASETS / f"{name}.yaml")]
    rows = collect(Assistant.open(), [sample for sample in samples if sample.split == "dev"])
    order = np.random.default_rng(0).permutation(len(rows))
    crossed = np.zeros(len(rows), np.bool_)
    for fold in range(FOLDS):
        tested = order[fold::FOLDS]
        kept = np.setdiff1d(order, tested)
        crossed[tested] = hits([rows[i] for i in tested], fit_weights([rows[i] for i in kept]))
    weights = fit_weights(rows)
    print(f"{len(rows)} questions of one part")
    print(f"best record right: now {hits(rows, WEIGHTS.astype(np.float64)).mean():.3f}, ", end="")
    print(f"refitted {hits(rows, weights).mean():.3f}, refitted and cross-validated {crossed.mean():.3f}")
    for name, value in zip(Evidence.FEATURES, weights, strict=True):
        print(f"    {value:8.3f},  # {name}")
    return 0
