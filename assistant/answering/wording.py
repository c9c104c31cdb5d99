"""The assistant's own words, from corpus/wording.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from assistant.errors import CorpusError, CorpusNotFoundError
from assistant.types import Frozen

FILE_NAME = "wording.yaml"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Wording(Frozen):
    """Templates by name; what stands in braces is filled from a guideline's data."""

    wording: Literal[1]
    applies_first: str
    applies_no_first: str
    rating_stands: str
    table_head: str
    table_rule: str
    first_mark: str
    not_appropriate_head: str
    next_head: str
    you_wrote: str
    not_apply: str
    not_apply_other: str
    instead: str
    no_instead: str
    rest_would_fit: str
    who_fits: str
    missing: str
    doubted: str
    contradiction: str
    if_yes: str
    if_no: str
    outcome_applies: str
    outcome_applies_none: str
    outcome_not: str
    outcome_more: str
    premise: str
    premise_foreign: str
    unstated: str
    unstated_patient: str
    nearest: str
    beside: str
    off_topic: str
    acknowledged: str
    foreign: str
    covers: str
    ask_again: str
    nothing_found: str
    identifiers: str
    overdue: str
    words_joint: str
    list_or: str
    quote: str
    empty_question: str
    long_question: str
    unreadable_question: str
    withheld: str

    def join(self, names: Sequence[str], last: str | None = None) -> str:
        """Return "a", "a and b" or "a, b and c"."""
        last = self.words_joint if last is None else last
        if len(names) < 2:
            return "".join(names)
        return ", ".join(names[:-1]) + last + names[-1]

    def quoted(self, words: str) -> str:
        """Return somebody's words in quotation marks."""
        return self.quote.format(words=" ".join(words.split()))


@lru_cache(maxsize=8)
def load_wording(corpus: Path) -> Wording:
    """Read `corpus`/wording.yaml; CorpusNotFoundError without it, CorpusError where it is not valid."""
    path = corpus / FILE_NAME
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        return Wording.model_validate(data)
    except FileNotFoundError as error:
        raise CorpusNotFoundError(
            f"{path}: the assistant's wording is not there; put {FILE_NAME} there"
        ) from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        raise CorpusError(f"{path}: {error}") from error
