"""What the stages hand to each other: frozen and typed, with no behaviour beyond reading.

Spans are half-open [start, end) character offsets into the text that the docstring names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

AssertionStatus = Literal["present", "absent", "possible", "historical", "hypothetical", "family"]
AnswerStatus = Literal["answered", "does_not_apply", "needs_information", "not_covered"]
AnswerSource = Literal["rules", "llm", "fallback"]
Role = Literal["recommended", "not_recommended", "mentioned"]
CriterionState = Literal["met", "failed", "unknown"]
ScopeVerdict = Literal["applies", "does_not_apply", "needs_information", "general"]


class Frozen(BaseModel):
    """Base of the public records: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRecord(Frozen):
    """Base of what files of the corpus hold. How one is checked is worked out when the first file is read."""

    model_config = ConfigDict(defer_build=True)


# ---------------------------------------------------------------- the answer, public


class Citation(Frozen):
    """One numbered source: `source_text[start:end] == quote`, always."""

    number: int
    guideline: str
    section: str
    quote: str
    start: int
    end: int


class Option(Frozen):
    """A rated imaging option of a guideline as it stands in an answer; the rating is looked up."""

    id: str
    name: str
    rating: str
    radiation: str
    role: Role
    preferred: bool = False


class FactRecord(Frozen):
    """A patient fact as understood: `words` are the user's own, in user turn `turn` (0-based)."""

    concept: str
    name: str
    kind: str
    status: AssertionStatus
    words: str
    turn: int


class CriterionRecord(Frozen):
    """One entry criterion or exclusion as decided for this patient."""

    id: str
    name: str
    state: CriterionState
    assumed: bool = False
    words: tuple[str, ...] = ()
    quote: str = ""


class Counterfactual(Frozen):
    """The smallest change of facts that changes the result, verified by running the decision."""

    change: str
    verdict: ScopeVerdict


class ScopeRecord(Frozen):
    """The basis of an answer: what was understood and what decided."""

    guideline: str = ""
    verdict: ScopeVerdict = "general"
    facts: tuple[FactRecord, ...] = ()
    criteria: tuple[CriterionRecord, ...] = ()
    missing: str = ""
    question: str = ""
    contradictions: tuple[str, ...] = ()
    counterfactuals: tuple[Counterfactual, ...] = ()


class Notice(Frozen):
    """A remark of the assistant about the conversation, never a clinical statement."""

    kind: str
    text: str


class Answer(Frozen):
    """What a question gives. `text` is Markdown with [n] markers that point into `citations`."""

    status: AnswerStatus
    text: str
    options: tuple[Option, ...] = ()
    citations: tuple[Citation, ...] = ()
    scope: ScopeRecord = ScopeRecord()
    source: AnswerSource = "rules"
    follow_ups: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


# ---------------------------------------------------------------- the guard, public


class Finding(Frozen):
    """Why a draft was refused: a span [start, end) of the draft and the rule that it breaks."""

    rule: str
    message: str
    start: int
    end: int


class Review(Frozen):
    """The guard's verdict on a draft; any finding means `reject`."""

    verdict: Literal["pass", "reject"]
    findings: tuple[Finding, ...] = ()


# ---------------------------------------------------------------- between the stages


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation; `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A patient fact with its source: `words == turns[turn].content[start:end]`.

    `qualifiers` are concept ids that stand with it in its clause (onset, intent, phase);
    `reading` is "high", "low", "normal" or "abnormal" for a laboratory value.
    """

    concept: str
    kind: str
    status: AssertionStatus
    words: str
    turn: int
    start: int
    end: int
    value: float | None = None
    unit: str | None = None
    reading: str | None = None
    qualifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question and its conversation, read. `question` is the current user turn, cleaned of markup.

    Identifiers are blanked out in `question`; `identifiers` are their spans in the turn as typed. `facts` are
    all that is known of the patient, `new_facts` those of the current turn. `studies` are the studies named
    in it (or, where it names none, in the turn before), `concepts` all concepts named in it. `patient` says
    whether a patient is described, `recommendation` whether a study for that patient is asked for.
    `named` says whether the turn itself names a study, `bare` that a patient is meant of whom nothing is said,
    `quantity` that a figure is asked for.
    `contradictions` are concepts that the turn states as present and as absent; `quoted` is pasted text.
    """

    question: str
    turn: int
    facts: tuple[Fact, ...]
    studies: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    patient: bool = False
    recommendation: bool = False
    follow_up: bool = False
    contradictions: tuple[str, ...] = ()
    identifiers: tuple[tuple[int, int], ...] = ()
    quoted: tuple[tuple[int, int], ...] = ()
    new_facts: tuple[Fact, ...] = ()
    named: bool = False
    bare: bool = False
    quantity: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of a source: `source[start:end] == text`; `headings` is its path from the title down."""

    id: str
    guideline: str
    headings: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim span of a guideline that an answer may rest on: `source[start:end] == quote`."""

    guideline: str
    section: str
    quote: str
    start: int
    end: int
