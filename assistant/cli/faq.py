"""`faq`: the frequent questions of the guidelines."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.cli.console import argument_text, json_error, write_json
from assistant.errors import AssistantError


def faq(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="Words of the question; nothing lists all.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write them as JSON.")] = False,
) -> int:
    """List the frequent questions, or find one.

    Without QUERY all are listed with their answers; with it, the nearest, or none when none is near.

    \b
    Examples:
      guideline-assistant faq
      guideline-assistant faq "does it apply to everyone"
      guideline-assistant faq --json
    """
    try:
        from assistant import Assistant

        found = Assistant.open().faq(argument_text(query))
    except AssistantError as error:
        if as_json:
            return json_error(error)
        raise
    if as_json:
        write_json([{"question": asked, "answer": answer.model_dump(mode="json")} for asked, answer in found])
        return 0
    if not found:
        sys.stdout.write("No frequent question is near that. `guideline-assistant faq` lists all of them.\n")
        return 0
    from assistant.cli.show import show_faq

    for asked, answer in found:
        show_faq(asked, answer)
    return 0
