"""How far a run is: a bar on a terminal, lines elsewhere, and the seconds of each part for the report's timings."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Progress:
    """Shows the parts of a run on standard error while they go on; `seconds` holds what each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = time.perf_counter()

    @property
    def total(self) -> float:
        """The seconds since the run began."""
        return time.perf_counter() - self._begun

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a part that has no items to count."""
        with self._timed(name, ""):
            yield

    def each(self, name: str, items: Iterable[T], total: int | None = None) -> Iterator[T]:
        """Yield the items of a part with a bar."""
        if total is None:
            items = items if isinstance(items, Sequence) else list(items)
            total = len(items)
        with self._timed(name, f"{total:,} "):
            yield from _bar(name, items, total)

    @contextmanager
    def _timed(self, name: str, many: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - begun
            self.seconds[name] = round(self.seconds.get(name, 0.0) + taken, 1)
            print(f"{self.total:6.0f} s  {name}: {many}in {taken:.1f} s", file=sys.stderr, flush=True)


def _bar(name: str, items: Iterable[Any], total: int) -> Iterator[Any]:
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        yield from bar.track(items, total=total, description=name)
