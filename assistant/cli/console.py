"""What all commands share: streams that can show any text, errors, and terminal widths."""

from __future__ import annotations

import codecs
import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import Any, TextIO

from assistant.errors import AssistantError, QuestionError

EXIT_ERROR = 1
EXIT_REJECTED = 3
EXIT_INTERRUPTED = 130
MAX_INPUT_BYTES = 10_000_000

_PLAIN = {
    "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "…": "...", "•": "*", "›": ">",
    "→": "->", "≥": ">=", "≤": "<=", "×": "x", "☢": "*", "│": "|", "─": "-", "✓": "ok", "✗": "x",
}  # fmt: skip


def prepare_streams() -> None:
    """Let every character be written on every terminal: what its encoding lacks is written plainly."""
    codecs.register_error("assistant.plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="assistant.plain")


def show_warning(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001  # the signature of warnings.showwarning
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Show a warning as a sentence for people, without the line of code that gave it."""
    sys.stderr.write(f"warning: {clean(str(message))}\n")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    pieces = []
    for character in error.object[error.start : error.end]:
        plain = _PLAIN.get(character)
        if plain is None:
            plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode("ascii") or "?"
        pieces.append(plain)
    return "".join(pieces), error.end


def is_utf8(stream: TextIO) -> bool:
    """True when the stream's encoding can carry every character."""
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False


def fail(message: str) -> int:
    """Write an error for people to standard error and return the exit code for it."""
    sys.stderr.write(f"error: {clean(message)}\n")
    sys.stderr.flush()
    return EXIT_ERROR


def write_json(value: Any) -> None:
    """Write JSON that is whole on any terminal: escaped where the encoding is not Unicode."""
    text = json.dumps(value, ensure_ascii=not is_utf8(sys.stdout), indent=2)
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")


def json_error(error: AssistantError) -> int:
    """Write an error as JSON, for programs that read standard output; return its exit code."""
    write_json({"status": "error", "error": type(error).__name__, "message": str(error)})
    return EXIT_ERROR


def clean(text: str) -> str:
    """Drop control characters, with which a text could rewrite the terminal, and lone surrogates."""
    if text.isprintable():
        return text
    kept = (
        character
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
        else "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(character) == "Cs"
        else ""
        for character in text
    )
    return "".join(kept)


def argument_text(text: str) -> str:
    """Return a command-line argument as text: bytes that the shell passed undecoded become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_input(name: str, what: str) -> str:
    """Read a UTF-8 file, or standard input for "-"; QuestionError says what is wrong with it."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
        else:
            path = Path(name)
            if not path.is_file():
                raise QuestionError(
                    f"There is no file {name}; give the path of the {what}, or - to read it here."
                )
            with path.open("rb") as stream:
                raw = stream.read(MAX_INPUT_BYTES + 1)
    except OSError as error:
        raise QuestionError(f"The {what} {name} cannot be read: {error.strerror or error}.") from None
    if len(raw) > MAX_INPUT_BYTES:
        raise QuestionError(f"The {what} is longer than {MAX_INPUT_BYTES:,} bytes; shorten it.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionError(f"The {what} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None


def is_rich(stream: TextIO | None = None) -> bool:
    """True when the output is a person's terminal that may be styled; NO_COLOR and pipes get plain text."""
    out = stream or sys.stdout
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"
