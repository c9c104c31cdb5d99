"""The words of the text that a message ends with."""

from __future__ import annotations

from assistant.guard.reading import Reading


def quoted(reading: Reading, statements: tuple[str, ...]) -> str:
    """Say that the text says otherwise, in its own words."""
    return "this is not what the guideline says" + tail(reading, statements)


def tail(reading: Reading, statements: tuple[str, ...]) -> str:
    """The first of the statements, as the end of a message."""
    for name in statements:
        statement = reading.know.guideline.statements.get(name)
        if statement is not None:
            return f": “{statement.quote}”"
    return ""
