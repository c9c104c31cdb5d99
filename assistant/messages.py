"""What a user may send: messages made safe to read, and what is wrong with those that are no question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.errors import QuestionError
from assistant.types import Turn

MAX_CHARACTERS = 20_000


def read_turns(history: Sequence[Mapping[str, str]]) -> tuple[Turn, ...]:
    """Return the messages of a history; QuestionError if one is not a role and a text."""
    turns = []
    for message in history:
        try:
            role, content = message["role"], message["content"]
        except (TypeError, KeyError):
            raise QuestionError(
                'Each message of the history is {"role": "user" | "assistant", "content": text}.'
            ) from None
        turns.append(Turn(str(role), clean_text(content)[:MAX_CHARACTERS]))
    return tuple(turns)


def clean_text(text: object) -> str:
    """Return the text with control characters and lone surrogates replaced one by one, so that offsets stay."""
    if not isinstance(text, str):
        raise QuestionError(f"The question must be text, not {type(text).__name__}.")
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return "�"
    return " " if code < 32 or 127 <= code < 160 else character


def find_problem(text: str) -> str:
    """The name of the wording that refuses a text which is no question, or ""."""
    if not text.strip():
        return "empty_question"
    if len(text) > MAX_CHARACTERS:
        return "long_question"
    letters = sum(character.isalpha() for character in text)
    return "unreadable_question" if text.count("�") > letters else ""


def without_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text without the spans [start, end)."""
    for start, end in reversed(spans):
        text = text[:start] + " " + text[end:]
    return text
