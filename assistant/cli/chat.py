"""`chat`: a conversation in the terminal."""

from __future__ import annotations

import sys
from contextlib import suppress

from assistant.cli.console import argument_text, clean, fail
from assistant.errors import QuestionError

_HELP = "/new starts over, /quit ends; Ctrl-C stops an answer."


def chat() -> int:
    """Talk with the guideline in the terminal.

    It remembers what was said. From a pipe it answers each line. /new starts over, /quit ends.

    \b
    Examples:
      guideline-assistant chat
      echo "Who does this guidance apply to?" | guideline-assistant chat
    """
    from assistant import Assistant
    from assistant.cli.show import show_answer

    assistant = Assistant.open()
    interactive = sys.stdin.isatty()
    if interactive:
        _welcome([guideline.title for guideline in assistant.guidelines])
    history: list[dict[str, str]] = []
    while (line := _read(interactive)) is not None:
        question = argument_text(line).strip()
        if question in ("/quit", "/exit"):
            break
        if question == "/new":
            history.clear()
            sys.stdout.write("A new conversation.\n")
            continue
        if not question:
            continue
        try:
            answer = assistant.ask(question, history=history)
            show_answer(answer)
        except QuestionError as error:
            fail(str(error))
            continue
        except KeyboardInterrupt:
            if not interactive:
                raise
            sys.stdout.write("\nStopped; the question is not part of the conversation.\n")
            continue
        history += [{"role": "user", "content": question}, {"role": "assistant", "content": answer.text}]
        sys.stdout.write("\n")
        sys.stdout.flush()
    return 0


def _welcome(titles: list[str]) -> None:
    with suppress(ImportError):  # line editing, where the platform has it
        import readline  # noqa: F401
    sys.stdout.write("Guidelines:\n")
    for title in titles:
        sys.stdout.write(f"  • {clean(title)}\n")
    sys.stdout.write(f"{_HELP}\n\n")


def _read(interactive: bool) -> str | None:
    """Return the next line, or None at the end of input; Ctrl-C at an interactive prompt ends it too."""
    if not interactive:
        # One undecodable byte in a pipe must not end the conversation.
        raw = sys.stdin.buffer.readline()
        return raw.decode("utf-8", "replace") if raw else None
    try:
        return input("> ")
    except (EOFError, KeyboardInterrupt):
        sys.stdout.write("\n")
        return None
