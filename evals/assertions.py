"""Assertion status of mentions: negation, time, hypothesis, family, as `assert_status` decides them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.samples import AssertionSample
from evals.scoring import Kind


@dataclass(frozen=True, slots=True)
class AssertionResult:
    """A mention and the status that it got."""

    sample: AssertionSample
    status: str
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the status is an accepted one."""
        return self.status in self.sample.statuses

    @property
    def kind(self) -> Kind:
        """No status is a refusal: each wrong one is wrong."""
        return "right" if self.right else "crashed" if ":" in self.status else "wrong"

    @property
    def explanation(self) -> str:
        """What was expected of which words."""
        start, end = self.sample.span
        marked = f"{self.sample.text[:start]}[[{self.sample.target}]]{self.sample.text[end:]}"
        return f"{self.status}, expected {' or '.join(self.sample.statuses)}: {marked}"


def run_assertions(
    samples: Sequence[AssertionSample], assert_status: Callable[[str, int, int], str]
) -> Iterator[AssertionResult]:
    """Ask for the status of each mention."""
    for sample in samples:
        begun = time.perf_counter()
        try:
            status = assert_status(sample.text, *sample.span)
        except Exception as error:
            yield AssertionResult(sample, f"{type(error).__name__}: {error}")
            continue
        yield AssertionResult(sample, status, time.perf_counter() - begun)
