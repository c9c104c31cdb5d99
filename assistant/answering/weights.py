"""How much each kind of evidence counts when records are ranked for a question."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.answering.evidence import Evidence

# Weights of Evidence.FEATURES, fitted on the development questions (python -m evals fit).
FITTED: Mapping[str, float] = {
    "dense": 0.75,
    "dense_mean": 0.65,
    "lexical": 0.63,
    "quote_dense": 0.32,
    "quote_lexical": 0.55,
    "concepts": 1.51,
    "unexplained": -1.77,
    "about": 0.13,
    "not_about": -0.33,
    "aspects": 1.64,
    "aspect_profile": 0.60,
    "missing": 0.42,
    "words": 1.57,
    "unexplained_words": -1.53,
    "aspects_lacking": -0.79,
    "strict": -0.76,
    "foreign": -0.80,
    "withheld": -0.75,
    "unseen": -0.99,
    "unstated": 0.18,
    "classified": 3.34,
    "dense_rank": 1.48,
    "lexical_rank": 1.90,
}
WEIGHTS = np.array([FITTED[name] for name in Evidence.FEATURES], np.float32)
