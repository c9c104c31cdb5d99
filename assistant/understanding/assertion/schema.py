"""What `corpus/vocabulary/context.yaml` may hold; the head of that file explains each field."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Scoped = Literal["negated", "possible", "historical", "hypothetical", "family", "affirmed"]
Category = Literal[
    "negated", "possible", "historical", "hypothetical", "family", "affirmed", "pseudo", "onset", "boundary"
]
Direction = Literal["forward", "backward", "both", "time", "sign"]
Reach = Literal["item", "touching", "choice", "phrase", "list", "wide"]
TimeRule = Literal["ago", "year", "age"]

STATUS_CATEGORIES: tuple[Scoped, ...] = (
    "negated",
    "possible",
    "historical",
    "hypothetical",
    "family",
    "affirmed",
)


def _split(value: object) -> object:
    """Phrases may be written as one text with commas between them."""
    return (
        tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
        if isinstance(value, str)
        else value
    )


Phrases = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Record(BaseModel):
    """Base of every record: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Limits(Record):
    """How far scopes reach at most, in tokens."""

    forward_tokens: int = Field(gt=0)
    backward_tokens: int = Field(gt=0)
    section_tokens: int = Field(gt=0)
    section_sentence_tokens: int = Field(gt=0)
    onset_tokens: int = Field(gt=0)


class SpokenMark(Record):
    """A punctuation mark said aloud, and the neighbouring words that show it is no mark."""

    say: Phrases
    mark: Literal[".", ",", ";", ":", "?"]
    not_after: Phrases = ()
    not_before: Phrases = ()
    only_before: Phrases = ()


class Abbreviations(Record):
    """Short forms whose full stop does not end a sentence."""

    always: Phrases
    before_capital: Phrases
    before_digit: Phrases = ()
    answer_letters: Phrases


class Conjunctions(Record):
    """Words that join the items of a list."""

    conjunctive: Phrases
    alternative: Phrases


class TimeRules(Record):
    """When something dated counts as past: see `times`. `units` are days in each unit."""

    recent_days: float = Field(ge=0)
    onset_days: float = Field(ge=0)
    recent_from_year: int
    unstated_number: float = Field(gt=0)
    units: dict[str, float]
    numbers: dict[str, float]


class CueGroup(Record):
    """Cues that share category, direction and scope. `words` are plain phrases, `cues` are patterns."""

    name: str
    category: Category
    direction: Direction | None = None
    reach: Reach = "list"
    max_tokens: int | None = Field(default=None, gt=0)
    ends: tuple[Scoped, ...] = ()
    ends_after_comma: tuple[Scoped, ...] = ()
    pauses: tuple[Scoped, ...] = ()
    opens_clause: bool = False
    strong: bool = False
    section: bool = False
    negatable: bool = False
    holds_on_target: bool = False
    time: TimeRule | None = None
    days: float | None = Field(default=None, ge=0)
    words: Phrases = ()
    cues: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.words and not self.cues:
            raise ValueError(f"group {self.name!r} has neither words nor cues")
        if (self.category in STATUS_CATEGORIES) != (self.direction is not None):
            raise ValueError(
                f"group {self.name!r}: a direction is for categories that give a status, and they need one"
            )
        if (self.direction == "time") != (self.time is not None):
            raise ValueError(f"group {self.name!r}: `direction: time` and a `time` rule go together")
        if self.days is not None and self.category != "onset":
            raise ValueError(f"group {self.name!r}: `days` is for category onset")
        return self


class ContextFile(Record):
    """The whole of context.yaml."""

    context: Literal[1]
    limits: Limits
    conjunctions: Conjunctions
    links: Phrases
    colon_links: Phrases
    question_words: Phrases
    abbreviations: Abbreviations
    spoken: tuple[SpokenMark, ...]
    time: TimeRules
    classes: dict[str, Phrases]
    groups: tuple[CueGroup, ...]

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [group.name for group in self.groups]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"group names used twice: {', '.join(twice)}")
        return self
