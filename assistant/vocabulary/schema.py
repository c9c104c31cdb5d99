"""What a vocabulary file may hold: concepts, the language tables and the value rules, all of it data.

A file belongs to the vocabulary when its first key is `vocabulary: 1`; other YAML files in the same folder are left to
their owners. The code knows no clinical word: what a word, a unit or a range means stands in these records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Reading = Literal["high", "low", "normal", "abnormal"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
# A list of single words may be written as one text: no quoting of "on", "no" and other words that YAML reads as booleans.
Words = Annotated[tuple[str, ...], BeforeValidator(lambda value: value.split() if isinstance(value, str) else value)]
Phrase = Annotated[str, StringConstraints(min_length=1)]


@dataclass(frozen=True, slots=True)
class Mention:
    """One concept in a text: `text[start:end]` of the original, half-open, in characters.

    `value` and `unit` are the number read and its unit as the vocabulary writes it ('year', 'U/L'). `reading` says how
    a laboratory finding stands; a negated reading is already turned ("not raised" reads 'normal'). `exact` is False
    where a spelling error was bridged.
    """

    concept: str
    kind: str
    start: int
    end: int
    text: str
    value: float | None = None
    unit: str | None = None
    reading: Reading | None = None
    exact: bool = True


class Record(BaseModel):
    """Base of every record: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferenceRange(Record):
    """Where a laboratory value counts as normal, in one unit.

    Between `normal` and `high_from` (or `low_from` and `normal`) laboratories differ, and no reading is given.
    `plausible` recognises the unit by magnitude when none is written.
    """

    unit: str
    normal: tuple[float, float]
    high_from: float | None = None
    low_from: float | None = None
    plausible: tuple[float, float] | None = None
    writings: tuple[Phrase, ...] = ()


class Case(Record):
    """One row of a value rule's decision table: every group named in `where` must match its regular expression."""

    concept: Identifier
    where: Mapping[str, str] = Field(default_factory=dict)


class ValueRule(Record):
    """A regular expression tried at tokens named in `at` ('#' any digits, '#word' any number word).

    Named groups: `mention` (span, else the whole match), `value` (number), `per` (key of `scale`), `part_<concept>` (a
    second mention, underscores for hyphens), and any group that `cases` or `compare` name. Of `cases` the first whose
    groups all match decides; `compare` makes the group `order`: 'less', 'equal' or 'more'.
    """

    at: Words
    pattern: str
    concept: Identifier | None = None
    cases: tuple[Case, ...] = ()
    compare: tuple[str, str] | None = None
    unit: str | None = None
    scale: Mapping[str, float] = Field(default_factory=dict)
    bounds: tuple[float, float] | None = None


class Concept(Record):
    """One thing clinicians speak of.

    `is_a` are its parents in the taxonomy; `implies` are other concepts that a mention of it also states. `synonyms`
    tolerate typing errors, `abbreviations` do not, `cased` are matched only in the case written. In a phrase, `(x|y)`
    is optional, `<x|y>` a choice, a hyphen may be a space, a slash or nothing.
    `pairs` names what this concept and a neighbour make together ({neighbour: result}); with `keeps_head` the result
    takes only this concept's own span. `alone` says what an unpaired mention becomes: 'keep', 'drop' or a concept id.
    """

    id: Identifier
    name: Phrase
    kind: Identifier
    is_a: tuple[Identifier, ...] = ()
    implies: tuple[Identifier, ...] = ()
    synonyms: tuple[Phrase, ...] = ()
    abbreviations: tuple[Phrase, ...] = ()
    cased: tuple[Phrase, ...] = ()
    rules: tuple[ValueRule, ...] = ()
    pairs: Mapping[str, Identifier] = Field(default_factory=dict)
    keeps_head: bool = False
    gap: Literal["none", "left", "right", "any"] = "any"
    alone: str = "keep"
    unnamed: bool = False
    measured: bool = False
    ranges: tuple[ReferenceRange, ...] = ()
    codes: Mapping[Literal["snomed", "loinc", "radlex"], str] = Field(default_factory=dict)


class Pairing(Record):
    """Words that may stand between two concepts that belong together, in each direction."""

    joins: Words = ()
    before_head: Words = ()
    after_head: Words = ()
    links: Words = ()
    transparent: Words = ()
    longest: int = 6


class Language(Record):
    """How words are folded to one form, which are never taken for a typing error, and which may join concepts."""

    separators: str = ""
    characters: Mapping[str, str] = Field(default_factory=dict)
    spelling: Mapping[str, str] = Field(default_factory=dict)
    plurals: Mapping[str, str] = Field(default_factory=dict)
    irregular: Mapping[str, str] = Field(default_factory=dict)
    unchanged: Words = ()
    words: Words = ()
    opposed_prefixes: Words = ()
    numbers: Mapping[str, int] = Field(default_factory=dict)
    macros: Mapping[str, str] = Field(default_factory=dict)
    pairing: Pairing = Pairing()


class Readings(Record):
    """How the state of a laboratory finding is written."""

    words: Mapping[Reading, tuple[Phrase, ...]] = Field(default_factory=dict)
    cased: Mapping[Reading, tuple[Phrase, ...]] = Field(default_factory=dict)
    negated: Mapping[Reading, Reading] = Field(default_factory=dict)
    negators: Words = ()
    links: Words = ()
    joins: Words = ()
    not_units: Words = ()
    range_pattern: str = ""
    change_pattern: str = ""
    multiple_pattern: str = ""
    flag_pattern: str = ""
    unit_pattern: str = ""


class VocabularyFile(Record):
    """One file of the vocabulary; several are merged, later ones add and never replace."""

    vocabulary: Literal[1]
    concepts: tuple[Concept, ...] = ()
    language: Language = Language()
    readings: Readings = Readings()
    rules: tuple[ValueRule, ...] = ()

