"""`index`: build the passage index, or say that it is up to date."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer


def index(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build it anew even if nothing changed.")
    ] = False,
) -> int:
    """Build the search index.

    It is keyed by corpus, model and chunking: when nothing changed, nothing is done.

    \b
    Examples:
      guideline-assistant index
      guideline-assistant index --rebuild
    """
    from assistant import Assistant
    from assistant.settings import load_settings

    started = time.monotonic()
    assistant = Assistant.open(rebuild=rebuild)
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"The index of {len(assistant.guidelines)} guideline(s) is ready in {load_settings().index} "
        f"({seconds:.1f} s).\n"
    )
    return 0
