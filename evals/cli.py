"""The command line: `python -m evals SET` for development, without a set for the whole report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from evals.develop import SETS, develop
from evals.samples import SEVERITIES, DatasetError


def parser() -> argparse.ArgumentParser:
    """Build the parser."""
    top = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    top.add_argument("set", help=f"a set: {', '.join(SETS)}, or answers for the first three")
    top.add_argument("--split", choices=("dev", "held", "all"), default="dev")
    top.add_argument("--category", action="append", help="only this category (again for more)")
    top.add_argument("--severity", action="append", choices=SEVERITIES)
    top.add_argument("--id", action="append", help="only this sample, shown even if right (again for more)")
    top.add_argument("--failures", action="store_true", help="the failures without the table")
    top.add_argument("--full", action="store_true", help="whole texts")
    top.add_argument("--show-held", action="store_true", help="show failures of the held split too")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 1 when something failed, 2 when it could not run."""
    args = parser().parse_args(argv)
    try:
        return develop(args)
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 2
