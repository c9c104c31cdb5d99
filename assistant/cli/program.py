"""The commands put together, and what happens to an error on its way out."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer

from assistant.cli import app, ask, chat, corpus, doctor, evaluate, faq, index, review
from assistant.cli.console import EXIT_ERROR, EXIT_INTERRUPTED, fail, prepare_streams, show_warning
from assistant.errors import AssistantError

NAME = "guideline-assistant"

program = typer.Typer(
    name=NAME,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
program.command("ask")(ask.ask)
program.command("chat")(chat.chat)
program.command("faq")(faq.faq)
program.command("review")(review.review)
program.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(app.app)
program.command("index")(index.index)
program.add_typer(corpus.commands, name="corpus")
program.command("doctor")(doctor.doctor)
program.command("eval", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    evaluate.evaluate
)


def _version(wanted: bool) -> None:
    if wanted:
        from assistant.cli.version import version_text

        typer.echo(version_text())
        raise typer.Exit


@program.callback()
def entry(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version and the corpus."),
    ] = False,
) -> None:
    """Ask a clinical guideline a question and get a cited answer.

    Works offline. Exit codes: 0 done, 1 error, 2 wrong use, 3 a reviewed draft was rejected, 130 interrupted.

    \b
    Examples:
      guideline-assistant ask "Who does this guidance apply to?"
      guideline-assistant faq
      guideline-assistant --version
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Errors become one clear message on standard error."""
    prepare_streams()
    warnings.showwarning = show_warning
    try:
        _start_logs()
        result = program(args=arguments, prog_name=NAME, standalone_mode=False)
        sys.stdout.flush()
        if result == EXIT_INTERRUPTED:  # Typer has caught the interrupt itself
            return _interrupted()
        return result if isinstance(result, int) else 0
    except (typer.Abort, KeyboardInterrupt):
        return _interrupted()
    except AssistantError as error:
        return fail(str(error))
    except BrokenPipeError:
        # The reader (head, less) went away: not our error. Keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # Typer may carry its own copy of click, so wrong use is known by its form and not by its class.
        show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if callable(show) and isinstance(code, int):
            show()
            return code
        if os.environ.get("ASSISTANT_LOG_LEVEL", "").lower() == "debug":
            raise
        fail(
            f"unexpected {type(error).__name__}: {error}\n"
            "This is a defect. Run `guideline-assistant doctor`; ASSISTANT_LOG_LEVEL=debug shows where it is."
        )
        return EXIT_ERROR


def _start_logs() -> None:
    """Log as set; without the variable nothing is loaded, and warnings go where Python sends them."""
    if os.environ.get("ASSISTANT_LOG_LEVEL"):
        from assistant.logs import configure_logs
        from assistant.settings import load_settings

        configure_logs(load_settings().log_level)


def _interrupted() -> int:
    sys.stderr.write("\nInterrupted.\n")
    return EXIT_INTERRUPTED
