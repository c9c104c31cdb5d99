"""The command line of the evaluation.

python -m evals                     everything, with the report in evals/report/; --fast for CI
python -m evals SET                 one set, for development; its failures and a table
python -m evals FILE.yaml|FILE.csv  your own questions
python -m evals beir FOLDER         a public retrieval set in BEIR's form, through PassageIndex
python -m evals pairs FILE          question pairs, through PassageIndex
python -m evals baseline            old and new; --accept --reviewer NAME --reason TEXT moves it
python -m evals reviewed ID...      the held samples that were read a second time; with ids and --reviewer, adds them
python -m evals schema              writes the JSON schemas of the sets
python -m evals fit                 weights of the topic finder, fitted on the dev questions, cross-validated
python -m evals judge               what the guard's judge adds on the held split; --train fits it anew, --go-on further
python -m evals doubt               the second reading of patients, on the held split; --train, --go-on
python -m evals bench               speed and memory beside plain LangChain + Chroma
python -m evals browser             how long a person waits in the browser (needs Chromium)
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.develop import SETS, develop, judge_own
from evals.samples import SEVERITIES, DatasetError

LLM = "ASSISTANT_LLM"


def parser() -> argparse.ArgumentParser:
    """Build the parser."""
    top = argparse.ArgumentParser(
        prog="python -m evals", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("target", nargs="*", help=f"a set ({', '.join(SETS)}), a file, or a command; none: all")
    top.add_argument("--fast", action="store_true", help="without comparisons, mutation and second process")
    top.add_argument(
        "--llm",
        default="",
        help=f"compare with this provider:model too ({LLM}, if it is set); its numbers gate nothing",
    )
    top.add_argument("--no-rules", action="store_true", help="without mutation of the rules (some minutes)")
    top.add_argument("--split", choices=("dev", "held", "all"), default="dev")
    top.add_argument("--category", action="append", help="only this category (again for more)")
    top.add_argument("--severity", action="append", choices=SEVERITIES)
    top.add_argument("--id", action="append", help="only this sample, shown even if right (again for more)")
    top.add_argument("--failures", action="store_true", help="the failures without the table")
    top.add_argument("--full", action="store_true", help="whole texts")
    top.add_argument("--show-held", action="store_true", help="show failures of the held split too")
    top.add_argument("--report", type=Path, help="folder of the report (evals/report)")
    top.add_argument("--accept", action="store_true", help="baseline: write it")
    top.add_argument("--reviewer", default="", help="baseline, reviewed: who looked")
    top.add_argument("--reason", default="", help="baseline: why it moves")
    top.add_argument("--mended", action="store_true", help="reviewed: the samples were changed thereby")
    top.add_argument("--train", action="store_true", help="judge, doubt: fit it on the dev split first")
    top.add_argument("--go-on", action="store_true", help="judge, doubt: fit the kept one further first")
    top.add_argument("--sizes", default="1,1000,10000", help="bench: numbers of passages")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 1 when something failed, 2 when it could not run."""
    args = parser().parse_args(argv)
    # A configured model would phrase the answers that are measured; it is one of the systems compared instead.
    args.llm = args.llm or os.environ.get(LLM, "")
    os.environ.pop(LLM, None)
    try:
        return _run(args)
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 2


def _run(args: argparse.Namespace) -> int:
    # Imported when they are needed: a set that is tried a hundred times a day starts at once.
    if not args.target:
        from evals.reporting import full

        return full(args)
    command, *rest = args.target
    if command == "baseline":
        from evals.reporting import move_baseline

        return move_baseline(args)
    if command == "reviewed":
        from evals.second_reading import report_or_register

        return report_or_register(rest, args.reviewer, args.mended)
    if command == "schema":
        from evals.schemas import write_schemas

        for path in write_schemas():
            print(f"wrote {path.name}")
        return 0
    if command == "fit":
        from evals.fitting import fit

        return fit()
    if command == "judge":
        from evals.judging import judge

        return judge(args.train, args.go_on)
    if command == "doubt":
        from evals.doubting import doubt

        return doubt(args.train, args.go_on)
    if command == "bench":
        from evals.bench import bench

        return bench(args)
    if command == "browser":
        from evals.browser import browser

        return browser()
    if command in ("beir", "pairs"):
        if len(rest) != 1:
            print(f"python -m evals {command} {'FOLDER' if command == 'beir' else 'FILE'}", file=sys.stderr)
            return 2
        from evals.loaders import load_beir, load_pairs
        from evals.passages import print_index

        print_index(load_beir(Path(rest[0])) if command == "beir" else load_pairs(Path(rest[0])))
        return 0
    if all(name in (*SETS, "answers") for name in args.target):
        return max(develop(name, args) for name in args.target)
    if all(Path(name).suffix.lower() in (".yaml", ".yml", ".csv") for name in args.target):
        return max(judge_own(Path(name), args) for name in args.target)
    print(f"unknown: {' '.join(args.target)}. See python -m evals --help", file=sys.stderr)
    return 2
