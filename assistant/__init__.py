"""Answers clinical questions from guidelines: cited, checked, offline.

    from assistant import Assistant

    answer = Assistant.open().ask("...")

The names below are the whole public interface. They are imported on first use, so that `import assistant`
costs nothing and a program that only needs `assert_status` never loads the index.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.pipeline import Assistant, review_draft
    from assistant.retrieval import PassageIndex
    from assistant.understanding import assert_status

__version__ = "0.1.0"
__all__ = ["Assistant", "PassageIndex", "__version__", "assert_status", "review_draft"]

_HOMES = {
    "Assistant": "assistant.pipeline",
    "review_draft": "assistant.pipeline",
    "PassageIndex": "assistant.retrieval",
    "assert_status": "assistant.understanding",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
