"""`corpus check` and `corpus show`: for authors and reviewers of guidelines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import EXIT_ERROR, argument_text, clean, write_json
from assistant.errors import AssistantError, CorpusError

if TYPE_CHECKING:
    from assistant.guidelines.pack import Guideline

commands = typer.Typer(help="Check and show the guidelines.", no_args_is_help=True, rich_markup_mode=None)


@commands.command("check")
def check(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="A corpus or one pack; by default the corpus in use.")
    ] = "",
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Also list sentences of the text that no record reaches.")
    ] = False,
) -> int:
    """Prove every quote and every reference.

    Quotes are compared with the source text, character by character. All problems are listed as
    file:line: what to do. The exit code is 1 if there is any.

    \b
    Examples:
      guideline-assistant corpus check
      guideline-assistant corpus check --coverage
    """
    from assistant.guidelines.check import check_corpus, check_pack
    from assistant.settings import load_settings

    path = Path(argument_text(folder)).absolute() if folder else load_settings().corpus
    if (path / "guideline.yaml").is_file():
        # A pack anywhere on the disk is checked with the vocabulary of the corpus in use.
        inside = path.parent.name == "guidelines" and (path.parent.parent / "vocabulary").is_dir()
        report = check_pack(path, path.parent.parent if inside else load_settings().corpus)
        shared = ""
    else:
        report = check_corpus(path)
        shared = "" if report.problems else _shared_problem(path)
    for problem in report.problems:
        sys.stdout.write(f"{clean(str(problem))}\n")
    if shared:
        sys.stdout.write(f"{clean(shared)}\n")
    if coverage:
        for guideline in report.guidelines:
            _write_coverage(guideline)
    for kind in report.unchecked:
        sys.stdout.write(f"note: the vocabulary gives no {kind}, so references to them were not checked\n")
    if report.problems or shared:
        sys.stdout.write(f"{len(report.problems) or 1} problem(s) in {path}\n")
        return EXIT_ERROR
    quotes = sum(len(guideline.statements) for guideline in report.guidelines)
    sys.stdout.write(f"ok: {len(report.guidelines)} guideline(s), {quotes} quotes proven in {path}\n")
    return 0


@commands.command("show")
def show(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A guideline, or any record in one; nothing lists all.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write it as JSON.")] = False,
) -> int:
    """Show the guidelines, one of them, or a record.

    A record is shown with the quotes that it rests on.

    \b
    Examples:
      guideline-assistant corpus show
      guideline-assistant corpus show --json
    """
    from assistant.cli.records import describe, find_record, summary
    from assistant.guidelines.loader import load_corpus
    from assistant.settings import load_settings

    guidelines = load_corpus(load_settings().corpus)
    wanted = argument_text(name)
    if not wanted:
        data = [summary(guideline) for guideline in guidelines]
        if as_json:
            write_json(data)
        else:
            sys.stdout.write("\n".join(clean(describe(item)) for item in data))
        return 0
    found = [record for guideline in guidelines for record in find_record(guideline, wanted)]
    if not found:
        raise CorpusError(
            f"There is no guideline and no record {wanted[:100]!r}. `corpus show` lists the guidelines, "
            "`corpus show GUIDELINE` its records."
        )
    if as_json:
        write_json(found)
    else:
        sys.stdout.write("\n".join(clean(describe(record)) for record in found))
    return 0


def _shared_problem(root: Path) -> str:
    """Open a whole corpus as an assistant does: its vocabulary, wording and guards. Return what fails."""
    if not (root / "vocabulary").is_dir():
        return ""
    from assistant.resources import Resources
    from assistant.settings import load_settings

    try:
        _ = Resources.open(load_settings(corpus_dir=root)).guards
    except (AssistantError, ValueError, OSError) as error:
        return str(error)
    return ""


def _write_coverage(guideline: Guideline) -> None:
    from assistant.guidelines.coverage import measure

    result = measure(guideline)
    for sentence in result.open:
        sys.stdout.write(
            f"{guideline.id}/{guideline.metadata.source.file}:{sentence.line}: no record reaches: "
            f"{clean(sentence.text)}\n"
        )
    reached = sum(item.reached for item in result.sentences)
    waived = sum(item.waived and not item.reached for item in result.sentences)
    sys.stdout.write(
        f"{guideline.id}: {reached} of {len(result.sentences)} sentences reached, "
        f"{waived} left out with a reason, {len(result.open)} open\n"
    )
