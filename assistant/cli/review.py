"""`review`: the guard alone, on a draft from any model or person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import (
    EXIT_REJECTED,
    argument_text,
    clean,
    is_rich,
    json_error,
    read_input,
    write_json,
)
from assistant.cli.history import parse_history
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.types import Finding, Review


def review(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The draft; - reads it from standard input.")],
    question: Annotated[str, typer.Option(help="The question that the draft answers.")] = "",
    history: Annotated[
        str, typer.Option(metavar="FILE", help="Earlier turns: a JSON list of {role, content}.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write the verdict as JSON.")] = False,
) -> int:
    """Check every claim of a draft against the guideline.

    What is not supported is underlined, with the reason. Exit code 0: it passes; 3: it is rejected.

    \b
    Examples:
      echo "This guidance is one page long." | guideline-assistant review -
      echo "This guidance applies to everyone." | guideline-assistant review - --json
    """
    try:
        draft = read_input(file, "draft")
        turns = parse_history(read_input(history, "history")) if history else []
        from assistant import review_draft

        result = review_draft(draft, question=argument_text(question), history=turns)
    except AssistantError as error:
        if as_json:
            return json_error(error)
        raise
    if as_json:
        write_json(result.model_dump(mode="json"))
    else:
        _show(draft, result)
    return 0 if result.verdict == "pass" else EXIT_REJECTED


def _show(draft: str, result: Review) -> None:
    if is_rich():
        _show_rich(draft, result)
    else:
        sys.stdout.write(clean(underlined(draft, result.findings)))
    count = len(result.findings)
    said = "no finding" if count == 0 else "1 finding" if count == 1 else f"{count} findings"
    sys.stdout.write(f"{result.verdict}: {said}\n")


def underlined(draft: str, findings: tuple[Finding, ...]) -> str:
    """Return each line of the draft that has a finding, with carets under it and the reason below."""
    lines: list[str] = []
    for finding in sorted(findings, key=lambda item: (item.start, item.end)):
        begin = draft.rfind("\n", 0, finding.start) + 1
        stop = draft.find("\n", finding.start)
        stop = len(draft) if stop < 0 else stop
        line = draft[begin:stop].replace("\t", " ")
        length = max(1, min(finding.end, stop) - finding.start)
        number = draft.count("\n", 0, finding.start) + 1
        prefix = f"{number}: "
        lines += [
            prefix + line,
            " " * (len(prefix) + finding.start - begin) + "^" * length,
            f"   {finding.rule}: {finding.message}",
            "",
        ]
    return "\n".join(lines) + ("\n" if lines else "")


def _show_rich(draft: str, result: Review) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    # Control characters become spaces one for one, so that the spans still fit.
    text = Text(
        "".join(character if character == "\n" or character.isprintable() else " " for character in draft)
    )
    for finding in result.findings:
        text.stylize("underline red", finding.start, finding.end)
    console.print(text)
    for finding in result.findings:
        words = clean(draft[finding.start : finding.end])[:60]
        console.print(Text.assemble((finding.rule, "bold red"), f" “{words}”: ", clean(finding.message)))
