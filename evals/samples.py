"""What a sample is, and how the sets are read. The sets are data: one record is one test.

The JSON schemas beside the sets are generated from these models (`python -m evals schema`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from assistant.types import AnswerStatus, AssertionStatus

DATASETS = Path(__file__).resolve().parent / "datasets"
ANSWER_SETS = ("vignettes", "content", "uncovered")
Severity = Literal["high", "medium", "low"]
Split = Literal["dev", "held"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
R = TypeVar("R", bound="Record")


class DatasetError(Exception):
    """A set that cannot be read, with file, record and what is wrong."""


class Strict(BaseModel):
    """Base of the records: immutable, no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ExpectedOptions(Strict):
    """The exact sets of option ids by role; a key that is left out is not judged."""

    recommended: tuple[str, ...] | None = None
    not_recommended: tuple[str, ...] | None = None
    preferred: tuple[str, ...] | None = None


class Record(Strict):
    """What all sets share."""

    id: str = Field(pattern=r"^[a-z]+-[a-z0-9-]+$")
    set: str
    severity: Severity = Field(description="If wrong: high could harm, medium would change an order.")
    split: Split = Field(description="`held` is kept from tuning and reported apart.")
    origin: Literal["written", "generated"] = "written"
    why: str = Field(min_length=1, description="The expectation in words.")


class Sample(Record):
    """A conversation and what its last answer must be."""

    category: str
    voice: str
    turns: tuple[str, ...] = Field(min_length=1, description="User turns; the last is judged.")
    statuses: tuple[AnswerStatus, ...] = Field(min_length=1, description="Any of these is right.")
    options: ExpectedOptions = ExpectedOptions()
    facts: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Of each group one pattern must be found."
    )
    absent: tuple[str, ...] = Field(default=(), description="Patterns that must not be found.")
    cited: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Of each group one quote of the source must be touched by a citation."
    )
    basis: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Of each group one quote of the source must be shown with a criterion."
    )

    @field_validator("facts", "absent")
    @classmethod
    def _patterns(cls, value: Any) -> Any:
        for item in value:
            for pattern in (item,) if isinstance(item, str) else item:
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return value


class DraftTurn(Strict):
    """A message of the conversation before a draft."""

    role: Literal["user", "assistant"]
    content: str


class Draft(Record):
    """A text that claims to answer a question, and the verdict that the guard must give."""

    verdict: Literal["pass", "reject"]
    operator: str = Field(description="What is wrong with it, or `none`.")
    style: str
    question: str
    history: tuple[DraftTurn, ...] = ()
    draft: str
    span: str | None = Field(default=None, description="The wrong words, verbatim in the draft.")
    shows: tuple[str, ...] = Field(
        default=(), description="Quotes of the source, of which a finding must show one."
    )

    @property
    def category(self) -> str:
        """What results are grouped by."""
        return self.operator

    @model_validator(mode="after")
    def _span_in_draft(self) -> Self:
        if self.span is not None and self.span not in self.draft:
            raise ValueError("span is not part of the draft")
        return self


class AssertionSample(Record):
    """A mention in a text and its assertion status; `target` is its `occurrence`-th place (from 1)."""

    category: str
    text: str
    target: str
    occurrence: int = Field(default=1, ge=1)
    statuses: tuple[AssertionStatus, ...] = Field(min_length=1)

    @property
    def span(self) -> tuple[int, int]:
        """Half-open [start, end) of the mention."""
        start = -1
        for _ in range(self.occurrence):
            start = self.text.find(self.target, start + 1)
            if start < 0:
                raise DatasetError(f"{self.id}: {self.target!r} is not in the text that often")
        return start, start + len(self.target)

    @model_validator(mode="after")
    def _target_in_text(self) -> Self:
        if self.text.count(self.target) < self.occurrence:
            raise ValueError("target is not part of the text")
        return self


class RetrievalSample(Record):
    """A query and the verbatim quotes whose passages are relevant; the first is the best (grade 2)."""

    category: str
    query: str
    relevant: tuple[str, ...] = Field(min_length=1)


MODELS: dict[str, type[Record]] = {
    "samples": Sample,
    "drafts": Draft,
    "assertion": AssertionSample,
    "retrieval": RetrievalSample,
}
SCHEMA_OF = {
    "vignettes": "samples",
    "content": "samples",
    "uncovered": "samples",
    "drafts": "drafts",
    "assertion": "assertion",
    "retrieval": "retrieval",
}


def load_samples(path: Path) -> list[Sample]:
    """Read a set of questions; DatasetError names each record that is wrong."""
    return _load(path, Sample)


def load_questions() -> list[Sample]:
    """Read all sets of questions, in the order of `ANSWER_SETS`."""
    return [sample for name in ANSWER_SETS for sample in load_samples(DATASETS / f"{name}.yaml")]


def load_set(name: str) -> list[Record]:
    """Read any set by its name, a key of `SCHEMA_OF`."""
    return _load(DATASETS / f"{name}.yaml", MODELS[SCHEMA_OF[name]])


def load_drafts(path: Path = DATASETS / "drafts.yaml") -> list[Draft]:
    """Read a set of drafts; see `load_samples`."""
    return _load(path, Draft)


def load_assertions(path: Path = DATASETS / "assertion.yaml") -> list[AssertionSample]:
    """Read a set of mentions; see `load_samples`."""
    return _load(path, AssertionSample)


def load_retrieval(path: Path = DATASETS / "retrieval.yaml") -> list[RetrievalSample]:
    """Read a set of queries; see `load_samples`."""
    return _load(path, RetrievalSample)


def read_yaml(path: Path) -> Any:
    """Read YAML with the fast loader where it is built (twenty times as fast)."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe loaders both
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DatasetError(f"{path}: {error}") from error


def _load(path: Path, model: type[R]) -> list[R]:
    return parse_records(read_yaml(path), model, str(path))


def parse_records(rows: Any, model: type[R], name: str) -> list[R]:
    """Check a list of records; DatasetError lists what is wrong, with the record's id."""
    if not isinstance(rows, list):
        raise DatasetError(f"{name}: a list of records is expected")
    problems: list[str] = []
    records: list[R] = []
    adapter = TypeAdapter(model)
    for number, row in enumerate(rows):
        try:
            records.append(adapter.validate_python(_frozen(row)))
        except ValidationError as error:
            label = row.get("id", number) if isinstance(row, dict) else number
            problems += [f"{name}: {label}: {_location(e['loc'])}: {e['msg']}" for e in error.errors()]
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            problems.append(f"{name}: {record.id} stands twice")
        seen.add(record.id)
    if problems:
        raise DatasetError("\n".join(problems))
    return records


def _frozen(value: Any) -> Any:
    """Lists as tuples: strict models take no list for a tuple."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value


def _location(loc: Sequence[int | str]) -> str:
    return ".".join(map(str, loc))
