"""What a vocabulary file may hold: concepts, the language tables and the value rules, all of it data.

A file belongs to the vocabulary when its first key is `vocabulary: 1`; other YAML files in the same folder
are left to their owners. The code knows no clinical word: what a word, a unit or a range means stands in
these records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Reading = Literal["high", "low", "normal", "abnormal"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
# A list of single words may be written as one text, words between spaces.
Words = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: value.split() if isinstance(value, str) else value)
]
Phrase = Annotated[str, StringConstraints(min_length=1)]


@dataclass(frozen=True, slots=True)
class Mention:
    """One concept in a text: `text[start:end]` of the original, half-open, in characters.

    `value` and `unit` are the number read and its unit as the vocabulary writes it ('year', 'U/L').
    `reading` says how a laboratory finding stands; a negated reading is already turned, and its negation is
    part of the span ("not raised" reads 'normal'). `exact` is False where a typing error was bridged.
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

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ReferenceRange(Record):
    """Where a laboratory value counts as normal, in one unit.

    Between `normal` and `high_from` (or `low_from` and `normal`) laboratories differ: no reading is given.
    `writings` are further spellings of the unit, in lower case; `plausible` recognises the unit by magnitude
    when none is written.
    """

    unit: str
    normal: tuple[float, float]
    high_from: float | None = None
    low_from: float | None = None
    plausible: tuple[float, float] | None = None
    writings: tuple[Phrase, ...] = ()


class Case(Record):
    """One row of a rule's decision table: every group in `where` must match its regular expression."""

    concept: Identifier
    where: Mapping[str, str] = Field(default_factory=dict)


class ValueRule(Record):
    """A regular expression tried at tokens named in `at` ('#' any digits, '#word' any number word).

    Named groups: `mention` (the span, else the whole match), `value` (number), `per` (key of `scale`),
    `part_<concept>` (a second mention, underscores for hyphens), and any group that `cases` or `compare`
    name. Of `cases` the first whose groups all match decides; `compare` makes of two groups with numbers the
    group `order`: 'less', 'equal' or 'more'; those that differ by no more than the share `apart` are equal. A
    value outside `bounds` is no match.
    """

    at: Words
    pattern: str
    concept: Identifier | None = None
    cases: tuple[Case, ...] = ()
    compare: tuple[str, str] | None = None
    apart: float = 0.0
    unit: str | None = None
    scale: Mapping[str, float] = Field(default_factory=dict)
    bounds: tuple[float, float] | None = None


class Concept(Record):
    """One thing clinicians speak of.

    `is_a` are its parents; `implies` are other concepts that a mention of it also states. `synonyms` tolerate
    typing errors, `abbreviations` do not, `cased` are matched only in the case written. In a phrase, `(x|y)`
    is optional, `<x|y>` a choice, and a hyphen may be a space, a slash or nothing. `unnamed`: the name is for
    display and is not looked for.

    `pairs` says what this concept and a neighbour make together ({neighbour: result}, inherited through
    `is_a` of both). With `keeps_head` the result takes this concept's own span and the neighbour stays.
    `gap` is the side on which this concept must stand ('left' of its neighbour, 'right', 'any'); `listed`
    whether it may share the neighbour of the concept it is listed with. `alone` says what an unpaired
    mention becomes: 'keep', 'drop', or a concept id.

    `measured` concepts take a value and a reading from the words around them, judged by `ranges`; `reading`
    is the one that the word itself states ("anaemia").
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
    listed: bool = True
    gap: Literal["left", "right", "any"] = "any"
    alone: str = "keep"
    unnamed: bool = False
    measured: bool = False
    reading: Reading | None = None
    ranges: tuple[ReferenceRange, ...] = ()
    codes: Mapping[Literal["snomed", "loinc", "radlex"], str] = Field(default_factory=dict)


class Pairing(Record):
    """Words that may stand between two concepts that belong together.

    `before_head`: between a modifier and the head after it ("hip [is very] painful"); `links` and
    `after_head`: between a head and the modifier after it, one link at least ("pain [in the left] hip");
    `sides`: words that may stand there without a link ("pain left hip"); `joins`: in a list. Mentions of
    `transparent` kinds may stand between too. `longest` counts tokens.
    """

    joins: Words = ()
    before_head: Words = ()
    after_head: Words = ()
    links: Words = ()
    sides: Words = ()
    transparent: Words = ()
    longest: int = 6


class Language(Record):
    """How words are folded to one form, which are no typing errors, and which may join concepts.

    `separators` are signs that do not break a phrase; `characters` maps look-alikes; `spelling`, `plurals`
    (the first ending that fits) and `irregular` fold words, `unchanged` keep their s. `words` are never taken
    for a typing error; neither is a word that differs by one of `opposed_prefixes` alone; words with one of
    `strict_endings` (families of names) are bridged over one edit at most. `as_written` are kinds that
    `canonical` leaves alone. `numbers` are number words, `multipliers` those that count others ("hundred"),
    `number_joins` may stand between them.
    """

    separators: str = ""
    characters: Mapping[str, str] = Field(default_factory=dict)
    spelling: Mapping[str, str] = Field(default_factory=dict)
    plurals: Mapping[str, str] = Field(default_factory=dict)
    irregular: Mapping[str, str] = Field(default_factory=dict)
    unchanged: Words = ()
    words: Words = ()
    opposed_prefixes: Words = ()
    strict_endings: Words = ()
    as_written: Words = ()
    numbers: Mapping[str, int] = Field(default_factory=dict)
    multipliers: Mapping[str, int] = Field(default_factory=dict)
    number_joins: Words = ()
    macros: Mapping[str, str] = Field(default_factory=dict)
    pairing: Pairing = Pairing()


class Readings(Record):
    """How the state of a laboratory finding is written.

    `links` may stand between a finding and its reading, `joins` between findings that share one; of the links
    those in `past` tell that a reading after a number is an earlier one ("210, was normal"). A number before
    one of `not_units` is no value ("2 weeks ago"). Mentions of `absorbed` inside a reading are part of it. The
    patterns are tried right after a finding or its number; `change_pattern` has the group `value`,
    `range_pattern` `low`, `high` and `high_only`, `flag_pattern` `high` and `low`, `unit_pattern` `unit`. A number
    with `limits_pattern` behind it counts limits of normal where it lies below any value ("2,5 N"). `series_pattern`
    meets labelled values, of which the last is its group `value` ("C1 88, C2 120"). `latest_pattern` is tried behind
    all that was read: its group `value` is what is measured now ("normal before chemo, 190 today").
    """

    words: Mapping[Reading, tuple[Phrase, ...]] = Field(default_factory=dict)
    cased: Mapping[Reading, tuple[Phrase, ...]] = Field(default_factory=dict)
    negated: Mapping[Reading, Reading] = Field(default_factory=dict)
    negators: Words = ()
    links: Words = ()
    past: Words = ()
    joins: Words = ()
    not_units: Words = ()
    absorbed: tuple[Identifier, ...] = ()
    range_pattern: str = ""
    change_pattern: str = ""
    multiple_pattern: str = ""
    limits_pattern: str = ""
    series_pattern: str = ""
    latest_pattern: str = ""
    flag_pattern: str = ""
    unit_pattern: str = ""


class VocabularyFile(Record):
    """One file of the vocabulary; several are merged, later ones add and never replace."""

    vocabulary: Literal[1]
    concepts: tuple[Concept, ...] = ()
    language: Language = Language()
    readings: Readings = Readings()
    rules: tuple[ValueRule, ...] = ()
