"""`ask`: one question, one cited answer."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.console import argument_text, json_error, read_input, write_json
from assistant.cli.history import parse_history
from assistant.errors import AssistantError


def ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question, in quotes; - reads it from standard input."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Write the whole answer as JSON.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Also show what was understood and what decided.")
    ] = False,
    history: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Earlier turns: a JSON list of {role, content}; - reads them here."
        ),
    ] = "",
) -> int:
    """Answer one question, with quoted sources.

    \b
    Examples:
      guideline-assistant ask "Who does this guidance apply to?"
      guideline-assistant ask --why "Who does this guidance apply to?"
      guideline-assistant ask --json "Who does this guidance apply to?"
      echo "Who does this guidance apply to?" | guideline-assistant ask -
      echo '[{"role": "user", "content": "Who fits?"}]' | guideline-assistant ask "And who not?" --history -
    """
    try:
        turns = parse_history(read_input(history, "history")) if history else []
        text = read_input("-", "question").strip() if question == "-" else argument_text(question)
        from assistant import Assistant

        answer = Assistant.open().ask(text, history=turns)
    except AssistantError as error:
        if as_json:
            return json_error(error)
        raise
    if as_json:
        write_json(answer.model_dump(mode="json"))
    else:
        from assistant.cli.show import show_answer

        show_answer(answer, why=why)
    return 0
