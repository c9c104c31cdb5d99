"""Earlier turns of a conversation, as a JSON file gives them."""

from __future__ import annotations

import json

from assistant.errors import QuestionError

_FORM = (
    'write a JSON list such as [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]'
)


def parse_history(text: str) -> list[dict[str, str]]:
    """Return the turns in `text`; QuestionError says which one is not as it must be."""
    try:
        turns = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise QuestionError(f"The history is not JSON{where}; {_FORM}.") from None
    if not isinstance(turns, list):
        raise QuestionError(f"The history is not a list; {_FORM}.")
    for number, turn in enumerate(turns, start=1):
        if (
            not isinstance(turn, dict)
            or turn.get("role") not in ("user", "assistant")
            or not isinstance(turn.get("content"), str)
        ):
            raise QuestionError(f"Turn {number} of the history is not usable; {_FORM}.")
    return [{"role": turn["role"], "content": turn["content"]} for turn in turns]
