"""The command line, `guideline-assistant`: one file per command, heavy imports only where they are used."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["main", "prepare"]


#: Commands that give one answer and end.
_BRIEF = frozenset({"ask", "faq", "review"})


def prepare(arguments: Sequence[str]) -> None:
    """Spare a command that ends at once the search for garbage, which takes a tenth of its time and finds none."""
    if not _BRIEF.isdisjoint(arguments[:1]):
        gc.disable()


def main() -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    try:
        prepare(sys.argv[1:])
        from assistant.cli.program import run

        code = run()
    except KeyboardInterrupt:  # while still importing
        code = 130
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End the process at once: to take all that was loaded apart would only keep its reader waiting."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or its reader went away
            stream.flush()
    os._exit(code)
