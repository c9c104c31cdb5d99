"""The same question, the same bytes: asked again in another order, and in a process with other hash seeds."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.running import System, converse
from evals.samples import ANSWER_SETS, DATASETS, Sample, load_samples
from evals.scoring import Result
from evals.statistics import Rate

ROOT = Path(__file__).resolve().parents[1]


def digest(system: System, sample: Sample) -> str:
    """The sha256 of an answer, or of the error."""
    try:
        answer = converse(system, sample.turns)[0]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return hashlib.sha256(answer.model_dump_json().encode()).hexdigest()


def digest_of(result: Result) -> str:
    """The same for an answer that is there already."""
    if result.answer is None:
        return result.error.rsplit(" (", 1)[0]
    return hashlib.sha256(result.answer.model_dump_json().encode()).hexdigest()


def identity_shuffled(system: System, results: Sequence[Result], seed: int = 7) -> dict[str, Any]:
    """Ask all again in a shuffled order: an answer must not depend on what was asked before."""
    order = list(results)
    random.Random(seed).shuffle(order)
    return _record([(r.sample.id, digest(system, r.sample) == digest_of(r)) for r in order])


def identity_processes(results: Sequence[Result]) -> dict[str, Any]:
    """Ask all again in a new process with another hash seed: nothing may hang on the order of a set."""
    environment = {**os.environ, "PYTHONHASHSEED": "4321"}
    done = subprocess.run(
        [sys.executable, "-m", "evals.identity"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"error": done.stderr[-500:], **Rate(0, len(results)).record()}
    other: dict[str, str] = json.loads(done.stdout)
    return _record([(r.sample.id, other.get(r.sample.id) == digest_of(r)) for r in results])


def _record(same: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    differing = sorted(name for name, equal in same if not equal)
    return {**Rate(len(same) - len(differing), len(same)).record(), "differing": differing}


def main() -> None:
    """Print id -> digest of all samples."""
    from assistant import Assistant

    system = Assistant.open()
    samples = [s for name in ANSWER_SETS for s in load_samples(DATASETS / f"{name}.yaml")]
    print(json.dumps({sample.id: digest(system, sample) for sample in samples}))


if __name__ == "__main__":
    main()
