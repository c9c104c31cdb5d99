"""The optional language model: opened, asked with a deadline, read as a stream. The only file with LangChain models."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

from assistant.errors import DraftingError, SettingsError

_ATTEMPTS = 3
_FIRST_PAUSE_S = 0.25
_LONGEST_TEXT = 20_000
_END = object()


def open_model(llm: Any, timeout_s: float) -> Any:
    """Return a LangChain chat model: the one given, or the one that a "provider:model" string names.

    SettingsError if the provider's package is not installed or the string cannot be used.
    """
    if not isinstance(llm, str):
        return llm
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(llm, timeout=timeout_s, max_retries=0, temperature=0)
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"The language model {llm!r} cannot be opened: {error}. Install its provider "
            "(pip install 'guideline-assistant[openai]'), or unset ASSISTANT_LLM to answer by rules alone."
        ) from error


def ask_model(model: Any, messages: Sequence[tuple[str, str]], timeout_s: float) -> str:
    """Return the model's text. Failures are tried again with a growing pause, all within `timeout_s` seconds.

    DraftingError if it fails, takes too long, or returns nothing or far too much.
    """
    deadline = time.monotonic() + timeout_s
    pause = _FIRST_PAUSE_S
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _stream(model, messages, deadline)
        except DraftingError:
            raise
        except Exception as error:
            if attempt == _ATTEMPTS or time.monotonic() + pause >= deadline:
                raise DraftingError(f"The language model failed: {type(error).__name__}.") from error
            time.sleep(pause)
            pause *= 2
    raise DraftingError("The language model gave no answer.")


def _stream(model: Any, messages: Sequence[tuple[str, str]], deadline: float) -> str:
    """Read one stream in a thread of its own, so that a model that hangs holds up nobody."""
    chunks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stopped = threading.Event()

    def read() -> None:
        try:
            for chunk in model.stream(list(messages)):
                chunks.put(_text(chunk.content))
                if stopped.is_set():
                    return
            chunks.put(_END)
        except BaseException as error:
            chunks.put(error)

    threading.Thread(target=read, daemon=True, name="language-model").start()
    parts: list[str] = []
    length = 0
    try:
        while True:
            item = chunks.get(timeout=max(deadline - time.monotonic(), 0.001))
            if item is _END:
                break
            if isinstance(item, BaseException):
                raise item
            parts.append(item)
            length += len(item)
            if length > _LONGEST_TEXT:
                raise DraftingError("The language model wrote far too much.")
    except queue.Empty:
        raise DraftingError("The language model took too long.") from None
    finally:
        stopped.set()
    text = "".join(parts).strip()
    if not text:
        raise DraftingError("The language model wrote nothing.")
    return text


def _text(content: Any) -> str:
    """The text of a message's content, which may be a list of typed blocks."""
    if isinstance(content, str):
        return content
    return "".join(str(block.get("text", "")) if isinstance(block, dict) else str(block) for block in content)
