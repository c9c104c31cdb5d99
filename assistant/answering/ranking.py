"""Which records fit a question, best first: all evidence for each, weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.answering.classifier import Classifier
from assistant.answering.evidence import Evidence
from assistant.answering.evidence_reader import Asked
from assistant.answering.evidence_records import Array, Bank, Near
from assistant.answering.leaning import Ranked
from assistant.answering.terms import marks_of
from assistant.answering.weights import WEIGHTS

_SAME_WORDING = 4.0


@dataclass(frozen=True, slots=True)
class _Scores:
    """Scores of all texts of a bank, float32 (n,) each."""

    dense: Array
    lexical: Array


class Ranker:
    """Weighs meaning, words, concepts and aspects. `near`, where there is one, spares most exact cosines."""

    def __init__(
        self, evidence: Evidence, bank: Bank, classifier: Classifier | None = None, near: Near | None = None
    ) -> None:
        self._evidence = evidence
        self._bank = bank
        self._classifier = classifier
        self._near = near

    def features(self, asked: Asked) -> Array:
        """Return the evidence for each record, float32 (records, Evidence.FEATURES)."""
        text = asked.canonical
        vector = self._bank.vector(text) if self._classifier or self._near else None
        classified = None
        if self._classifier is not None:
            classified = self._classifier.scores(vector, text, marks_of(asked))
        if self._near is None or vector is None:
            return self._evidence.features(asked, self._bank.scores(text), classified)
        scores = _Scores(self._near.cosines(vector), self._bank.words(text))
        table = self._evidence.features(asked, scores, classified)
        dense = table[:, Evidence.FEATURES.index("dense")]
        self._near.settle(scores.dense, vector, self._near.chosen(table @ WEIGHTS, dense))
        self._evidence.measure(table, scores.dense)
        return table

    def rank(self, asked: Asked) -> Ranked:
        """Return all records as (row, score), best first, ties in the order of the files."""
        scores = np.round(self.features(asked) @ WEIGHTS, 5)
        same = self._evidence.wording(asked)
        if same is not None:
            scores[same] += _SAME_WORDING
        order = np.argsort(-scores, kind="stable")
        return list(zip(order.tolist(), scores[order].tolist(), strict=True))
