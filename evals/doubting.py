"""`python -m evals doubt`: the second reading of patients, trained on labelled ones and measured on those held aside.

It is trained on the patients of the dev split and of the understanding's tests, each of them outside the guidance or
fitting; where a fact is missing counts as outside, since no study is to be put forward. Nothing of the held split is
used. What fails most probably is learned from the criteria by which the dev patients are turned away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.errors import ModelError
from assistant.messages import clean_text
from assistant.resources import DOUBT_FILE, MODELS
from assistant.retrieval.adapter import AdaptedModel, Adapter, read_adapter, write_adapter
from assistant.scope.decision import decide
from assistant.scope.doubt import joined
from assistant.types import Turn
from evals.identity import UNDERSTANDING_TESTS
from evals.samples import DATASETS, load_samples, read_yaml
from evals.statistics import Rate

THRESHOLD = 0.85
THRESHOLDS = (0.5, 0.8, 0.85, 0.9, 0.95, 0.98)
_LONGEST = 128  # tokens
_FIRST_LAYER = 2
_LONGEST_CHARACTERS = 1500
_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Patient:
    """The user's turns on one patient, and whether no study may be put forward."""

    turns: tuple[str, ...]
    outside: bool

    @property
    def text(self) -> str:
        """What the model reads."""
        return joined([clean_text(turn) for turn in self.turns])


def patients(split: str) -> list[Patient]:
    """Return the patients of a split of whom it is plain whether they fit."""
    found = []
    for sample in load_samples(DATASETS / "vignettes.yaml"):
        if sample.split != split:
            continue
        statuses = set(sample.statuses)
        fits = statuses == {"answered"} and bool(sample.options.recommended)
        if fits or statuses <= {"does_not_apply", "needs_information"}:
            found.append(Patient(tuple(sample.turns), not fits))
    return found


def tested() -> list[Patient]:
    """Return the patients of the understanding's tests."""
    rows = read_yaml(UNDERSTANDING_TESTS / "decisions.yaml")["vignettes"]
    return [Patient(tuple(row["turns"]), row["verdict"] != "applies") for row in rows]


def doubt(train: bool, go_on: bool) -> int:
    """Train, if wanted, and print how many held patients are doubted, by threshold."""
    assistant = Assistant.open()
    path, cache = assistant.guidelines[0].folder / DOUBT_FILE, assistant.resources.settings.index / MODELS
    if train or go_on:
        from evals.adapter_training import Fit, train_adapter, train_further

        rows = [one for one in [*patients("dev"), *tested()] if len(one.text) < _LONGEST_CHARACTERS]
        fit = Fit(longest=_LONGEST, first_layer=_FIRST_LAYER, threshold=THRESHOLD)
        texts, outside = [one.text for one in rows], [one.outside for one in rows]
        kept = AdaptedModel(path, cache)
        trained = train_further(kept, texts, outside, fit) if go_on else train_adapter(texts, outside, fit)
        write_adapter(path, sorting(trained, assistant, path, cache))
    _measure(path, cache)
    return 0


def sorting(adapter: Adapter, assistant: Assistant, path: Path, cache: Path) -> Adapter:
    """Return the adapter with a classifier of what fails, fitted by a ridge on the vectors of who is outside."""
    write_adapter(path, adapter)
    failing = list(_failing(assistant))
    kinds = tuple(sorted({kind for _, kind in failing}))
    vectors = AdaptedModel(path, cache).embed([text for text, _ in failing])
    inputs = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)]).astype(np.float64)
    wanted = np.array([[kind == one for one in kinds] for _, kind in failing], np.float64)
    weights = np.linalg.solve(inputs.T @ inputs + _RIDGE * np.eye(inputs.shape[1]), inputs.T @ wanted)
    return replace(read_adapter(path), kinds=kinds, sorting=weights.T.astype(np.float32))


def _failing(assistant: Assistant) -> Iterator[tuple[str, str]]:
    """Yield who is outside by the criteria too, with the first criterion that turns them away or is asked for."""
    resources = assistant.resources
    guideline = assistant.guidelines[0]
    for one in [*patients("dev"), *tested()]:
        if not one.outside:
            continue
        history = [Turn("user", text) for text in one.turns[:-1]]
        facts = resources.reader.read(one.turns[-1], history).facts
        decision = decide(guideline.scope, facts, resources.vocabulary)
        outcomes = [*decision.blocking, *([decision.missing] if decision.missing else [])]
        asked = [outcome.criterion.id for outcome in outcomes if outcome.criterion.ask]
        if asked:
            yield one.text, asked[0]


def _measure(path: Path, cache: Path) -> None:
    if not path.is_file():
        raise ModelError("There is no second reading yet: --train makes one.")
    held = patients("held")
    shares = np.array(AdaptedModel(path, cache).score([one.text for one in held]))
    outside = np.array([one.outside for one in held])
    for threshold in THRESHOLDS:
        shown: Sequence[str] = [
            str(Rate(int((shares[chosen] >= threshold).sum()), int(chosen.sum())))
            for chosen in (outside, ~outside)
        ]
        print(f"from {threshold:.2f}: outside doubted {shown[0]}, fitting doubted {shown[1]}")
