"""The same question, the same bytes: asked again in another order, and in a process with other hash seeds.

The product's own assistant is asked again in processes beside the run, on the second core; a fake one, or one that
cannot be opened again, in the run itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.running import System, converse
from evals.samples import Sample, load_questions
from evals.scoring import Result
from evals.statistics import Rate

ROOT = Path(__file__).resolve().parents[1]
GUARD_TESTS = ROOT / "tests" / "guard" / "data"
UNDERSTANDING_TESTS = ROOT / "tests" / "understanding" / "data"
SHUFFLE_SEED = 7
#: The seed of hashes in each process; the run itself has Python's random one.
HASH_SEEDS = {"shuffled": "0", "processes": "4321"}


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


def shuffled(samples: Sequence[Sample]) -> list[Sample]:
    """The samples in another order, always the same one."""
    order = list(samples)
    random.Random(SHUFFLE_SEED).shuffle(order)
    return order


def again(samples: Sequence[Sample], kind: str, every: int = 1) -> list[Sample]:
    """The samples that are asked again: all, or only each so-manieth; in their order or in another."""
    return (shuffled(samples) if kind == "shuffled" else list(samples))[::every]


def identity_here(system: System, results: Sequence[Result]) -> dict[str, Any]:
    """Ask all again in a shuffled order: an answer must not depend on what was asked before."""
    digests = {sample.id: digest(system, sample) for sample in shuffled([r.sample for r in results])}
    return compared(results, digests)


@dataclass(frozen=True, slots=True)
class Asking:
    """A process that asks all samples again, in their order or (`shuffled`) in another."""

    kind: str
    process: subprocess.Popen[str]
    every: int = 1

    @classmethod
    def start(cls, kind: str, every: int = 1) -> Asking:
        """Start it; it runs while the evaluation goes on. It asks each sample, or each so-manieth of its order."""
        return cls(
            kind,
            subprocess.Popen(
                [sys.executable, "-m", "evals.identity", kind, str(every)],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": HASH_SEEDS[kind]},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ),
            every,
        )

    def finish(self, results: Sequence[Result]) -> dict[str, Any]:
        """Wait for it and compare its answers with those of the run."""
        out, error = self.process.communicate()
        asked = {sample.id for sample in again([r.sample for r in results], self.kind, self.every)}
        results = [result for result in results if result.sample.id in asked]
        if self.process.returncode:
            return {"error": error[-500:], **Rate(0, len(results)).record(), "differing": []}
        return compared(results, json.loads(out))

    def stop(self) -> None:
        """End it, where the run ended early."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def compared(results: Sequence[Result], digests: dict[str, str]) -> dict[str, Any]:
    """How many answers are the same bytes, and which are not."""
    differing = sorted(r.sample.id for r in results if digests.get(r.sample.id) != digest_of(r))
    return {**Rate(len(results) - len(differing), len(results)).record(), "differing": differing}


def main() -> None:
    """Print id -> digest of all samples."""
    from assistant import Assistant

    system = Assistant.open()
    samples = again(load_questions(), sys.argv[1], int(sys.argv[2]))
    print(json.dumps({sample.id: digest(system, sample) for sample in samples}))


if __name__ == "__main__":
    main()
