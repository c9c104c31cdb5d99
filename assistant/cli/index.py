"""`index`: build the search index, or say that it is up to date."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import PassageIndexError


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
    if rebuild:
        _forget(load_settings().index)
    resources = Assistant.open().resources
    resources.prepare()
    questions, passages = len(resources.questions), len(resources.passage_index)
    sys.stdout.write(
        f"The index is ready in {resources.settings.index}: {questions} questions and {passages} passages of "
        f"{len(resources.guidelines)} guideline(s), {time.monotonic() - started:.1f} s.\n"
    )
    return 0


def _forget(folder: Path) -> None:
    """Drop the pointers to the versions that serve, so that the next opening builds new ones.

    Nothing else is touched: a process that serves from an old version keeps it.
    """
    for pointer in folder.glob("*/current"):
        try:
            pointer.unlink(missing_ok=True)
        except OSError as error:
            raise PassageIndexError(
                f"The index in {folder} cannot be built anew ({error.strerror}). Set ASSISTANT_INDEX_DIR "
                "to a folder that you may write to."
            ) from None
