"""The guard on drafts: the verdict that each must get, and whether its finding points at the wrong words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.types import Review
from evals.samples import Draft
from evals.scoring import Kind
from evals.source import overlaps


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft and what the guard said. `located` is None where no finding is expected or none was made."""

    sample: Draft
    review: Review | None
    seconds: float = 0.0
    error: str = ""

    @property
    def verdict(self) -> str:
        """The guard's, or `crashed`."""
        return self.review.verdict if self.review else "crashed"

    @property
    def right(self) -> bool:
        """Whether the verdict is the expected one, and a refusal shows the words of the source that it must."""
        return self.verdict == self.sample.verdict and self.shown

    @property
    def shown(self) -> bool:
        """Whether a finding shows one of the quotes that the sample names, if it names any."""
        quotes, findings = self.sample.shows, self.review.findings if self.review else ()
        return not quotes or any(quote in one.message for one in findings for quote in quotes)

    @property
    def kind(self) -> Kind:
        """A wrong draft that passes is wrong; a right one that is refused costs its wording only."""
        if self.right:
            return "right"
        if self.review is None:
            return "crashed"
        if self.verdict == self.sample.verdict:
            return "incomplete"
        return "wrong" if self.verdict == "pass" else "refused"

    @property
    def located(self) -> bool | None:
        """Whether a finding overlaps the words that the examiner marked."""
        if self.review is None or self.sample.span is None or self.verdict != "reject":
            return None
        start = self.sample.draft.find(self.sample.span)
        span = (start, start + len(self.sample.span))
        return any(overlaps((f.start, f.end), span) for f in self.review.findings)

    @property
    def explanation(self) -> str:
        """What was expected, and the findings."""
        found = "; ".join(
            f"{f.rule}: {self.sample.draft[f.start : f.end]!r} {f.message}"
            for f in (self.review.findings if self.review else ())
        )
        marked = f" at {self.sample.span!r}" if self.sample.span else ""
        words = "" if self.shown else f" Must show {self.sample.shows[0]!r}."
        return f"{self.verdict}, expected {self.sample.verdict}{marked}.{words} {found}{self.error}".strip()


def run_drafts(drafts: Sequence[Draft], review: Callable[..., Any]) -> Iterator[DraftResult]:
    """Review each draft with `review(draft, question=..., history=...)`."""
    for draft in drafts:
        history = [turn.model_dump() for turn in draft.history]
        begun = time.perf_counter()
        try:
            found = review(draft.draft, question=draft.question, history=history)
        except Exception as error:
            yield DraftResult(draft, None, error=f"{type(error).__name__}: {error}")
            continue
        yield DraftResult(draft, found, time.perf_counter() - begun)
