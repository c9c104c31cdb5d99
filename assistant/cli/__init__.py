"""The command line, `guideline-assistant`: one file per command, heavy imports only where they are used."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        from assistant.cli.program import run

        code = run()
    except KeyboardInterrupt:  # while still importing
        code = 130
    raise SystemExit(code)
