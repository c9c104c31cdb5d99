"""Intervals, from scipy: every rate of the report stands beside one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

BOOTSTRAP_SEED = 20260526
BOOTSTRAP_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `total` with the 95 % Wilson interval; all None when there is nothing to count."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share, or None of nothing."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval."""
        if not self.total:
            return None
        found = stats.binomtest(self.count, self.total).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)

    @property
    def upper_exact(self) -> float | None:
        """Upper end of the 95 % Clopper-Pearson interval: the cautious one, for rare harm."""
        if not self.total:
            return None
        return float(stats.binomtest(self.count, self.total).proportion_ci(0.95, method="exact").high)

    def record(self) -> dict[str, Any]:
        """Return it for report.json."""
        low, high = self.interval or (None, None)
        return {"count": self.count, "total": self.total, **_rounded(self.value, low, high)}

    def __str__(self) -> str:
        """As in a table: `93.1 % [90.2, 95.3] 270/290`."""
        if self.interval is None or self.value is None:
            return "-"
        low, high = self.interval
        return f"{self.value:6.1%} [{100 * low:5.1f}, {100 * high:5.1f}] {self.count}/{self.total}"


def mean_record(values: Sequence[float]) -> dict[str, Any]:
    """Return the mean of `values` with a 95 % percentile bootstrap interval (fixed seed)."""
    if not values:
        return {"total": 0, **_rounded(None, None, None)}
    data = np.asarray(values, float)
    if len(data) < 2 or np.ptp(data) == 0:
        return {"total": len(data), **_rounded(float(data.mean()), float(data.mean()), float(data.mean()))}
    found = stats.bootstrap(
        (data,),
        np.mean,
        n_resamples=BOOTSTRAP_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(BOOTSTRAP_SEED),
    ).confidence_interval
    return {"total": len(data), **_rounded(float(data.mean()), float(found.low), float(found.high))}


def rate_of(items: Sequence[Any], test: Callable[[Any], bool]) -> Rate:
    """Count the items that pass `test`."""
    return Rate(sum(1 for item in items if test(item)), len(items))


def _rounded(value: float | None, low: float | None, high: float | None) -> dict[str, float | None]:
    named = {"value": value, "low": low, "high": high}
    return {name: None if number is None else round(number, 4) for name, number in named.items()}
