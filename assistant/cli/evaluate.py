"""`eval`: run the evaluation of a checkout; it is not part of the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer

from assistant.errors import AssistantError


def evaluate(context: typer.Context) -> int:
    """Run the evaluation (in a checkout).

    Whatever follows is passed on to `python -m evals`.

    \b
    Examples:
      guideline-assistant eval --help
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "evals" / "__main__.py").is_file():
        raise AssistantError(
            "The evaluation is not part of the installed package. Clone the project and run: make eval"
        )
    return subprocess.run([sys.executable, "-m", "evals", *context.args], cwd=root, check=False).returncode
