"""`eval`: run the evaluation of a checkout; it is not part of the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from assistant.errors import AssistantError


def evaluate(context: typer.Context) -> int:
    """Run the evaluation (in a checkout).

    Whatever follows is passed on to `python -m evals`: nothing for everything, the name of a set (vignettes), or
    your own questions or drafts as CSV or YAML (my-questions.csv).
    Exit codes: 0 all right, 1 something failed, 2 it could not run.

    \b
    Examples:
      guideline-assistant eval --help
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "evals" / "__main__.py").is_file():
        raise AssistantError(
            "The evaluation is not part of the installed package. Clone the project and run: make eval"
        )
    # In the caller's folder, where the files that are named stand; with -P nothing there is imported.
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        [sys.executable, "-P", "-m", "evals", *context.args],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    ).returncode
