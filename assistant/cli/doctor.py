"""`doctor`: checks everything that an answer rests on, and says what to do about what is wrong."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.cli.console import EXIT_ERROR, clean, write_json

_MARKS = {"ok": "ok  ", "warning": "warn", "problem": "FAIL"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Write the checks as JSON.")] = False,
) -> int:
    """Check versions, settings, corpus, model, index, disk and terminal.

    Nothing is changed and no connection is made, except to a Chroma server that you have set. The exit
    code is 1 if anything is wrong.

    \b
    Examples:
      guideline-assistant doctor
      guideline-assistant doctor --json
    """
    from assistant.cli.checks import run_checks

    checks = run_checks()
    failed = any(check.state == "problem" for check in checks)
    if as_json:
        write_json(
            {
                "status": "problem" if failed else "ok",
                "checks": [
                    {"name": item.name, "state": item.state, "detail": item.detail, "advice": item.advice}
                    for item in checks
                ],
            }
        )
    else:
        for item in checks:
            sys.stdout.write(f"{_MARKS[item.state]}  {item.name}: {clean(item.detail)}\n")
            if item.advice:
                sys.stdout.write(f"      {clean(item.advice)}\n")
    return EXIT_ERROR if failed else 0
