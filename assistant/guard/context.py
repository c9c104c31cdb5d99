"""What the guard is told beside the draft."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Citation, FactRecord, ScopeVerdict


@dataclass(frozen=True, slots=True)
class GuardContext:
    """The conversation and what was decided about it.

    `user_texts` are all turns of the user, whose words and numbers may be echoed. `verdict` is the scope
    decision; `preferred` the options that the text puts first for this patient. With `citations` None the
    markers of the draft cannot be resolved. `own_phrases` are wordings of the assistant without
    a claim. `composed` marks a text that the rules put together from whole quotes, each in its own place.
    """

    question: str = ""
    user_texts: tuple[str, ...] = ()
    verdict: ScopeVerdict = "general"
    patient: bool = False
    preferred: tuple[str, ...] = ()
    facts: tuple[FactRecord, ...] = ()
    citations: tuple[Citation, ...] | None = None
    own_phrases: tuple[str, ...] = ()
    composed: bool = False
