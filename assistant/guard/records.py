"""The records of the guard's data files, each resting on statements of the text."""

from __future__ import annotations

from pydantic import Field

from assistant.types import FileRecord

Names = tuple[str, ...]
#: Every inner tuple must be met by one of its names.
AllOf = tuple[Names, ...]


class Rated(FileRecord):
    """How a rating is written; `foreign` labels belong to a scale but to no option of any text."""

    name: str
    phrases: Names
    foreign: bool = False


class Twins(FileRecord):
    """Two pairs that are told side by side: the first group of `left` goes with the first of `right`."""

    id: str
    statements: Names = ()
    left: AllOf
    right: AllOf


class Settling(FileRecord):
    """Statements whose turns other records compare: what is in their words, and `words` of like sense, is settled.

    Only what is `negated` there may be denied.
    """

    statements: Names
    words: Names = ()
    negated: Names = ()


class Claim(FileRecord):
    """What the text says of `about`: `affirm` must not be denied, `deny` must not be affirmed.

    `hedged` may only be said with a hedge in the clause. Names are cue groups or vocabulary concepts.
    `studies` limits the record to clauses whose subject is one of these options or concepts; `unless`
    names signs that lift it. `ordered` wants `about` before the
    sign. `near` says how far `about` may stand away: clause, unit or context.
    """

    id: str
    rule: str = "polarity"
    statements: Names = ()
    about: AllOf = ()
    studies: Names = ()
    affirm: Names = ()
    deny: Names = ()
    hedged: Names = ()
    unless: Names = ()
    near: str = "unit"
    ordered: bool = False
    message: str = ""


class Property(FileRecord):
    """A property that the text gives to some studies alone: `cues` need one of `studies` as their subject."""

    id: str
    statements: Names = ()
    cues: Names
    studies: Names
    unless: Names = ()
    object: bool = False


class Pairing(FileRecord):
    """Things that belong together: a sign of `left` goes with `right`; the nearest of `among` is asked."""

    id: str
    statements: Names = ()
    about: AllOf = ()
    left: Names
    right: Names
    among: Names


class Comparison(FileRecord):
    """An order of studies on one dimension: `pairs` are (more, less); `more` and `less` are cue groups.

    `measure` names the dimension where only a sign ("A > B") compares.
    """

    id: str
    rule: str = "polarity"
    statements: Names = ()
    dimension: Names = ()
    more: Names
    less: Names
    same: Names = ()
    pairs: tuple[tuple[str, str], ...] = ()
    radiation: bool = False
    measure: Names = ()


class Pathway(FileRecord):
    """What follows only under some findings: `cues` need one of `allowed` (each: all of these at once)."""

    id: str
    statements: Names = ()
    cues: Names
    allowed: AllOf
    conditions: Names
    unless: Names = ()


class FollowUp(FileRecord):
    """The studies that may follow upon a result; `given` are the findings beside it that narrow them.

    `apart`: the result is no study's, and no study comes before these.
    """

    id: str
    statements: Names = ()
    results: Names
    given: Names = ()
    studies: Names
    apart: bool = False


class Choice(FileRecord):
    """Which options the text puts first for which picture.

    `exclusive`: no other is set beside the picture in a cell or behind a label, where nothing else is said.
    """

    id: str
    statements: Names = ()
    when: AllOf
    without: Names = ()
    options: Names
    exclusive: bool = False


class Relation(FileRecord):
    """A relation that the text states once: each slot holds these values and no other of its kind.

    A clause speaks of the relation if `about` is met: its first group in the clause, the others anywhere in
    the unit. `slots` name a set of `kinds` and the members that may stand there; `poles` name a pair of
    `poles` and the side that the text takes; of `needs` each group must stand in the unit, whatever else does.
    `studies` limits the poles to signs said of one of these. `unless` lifts the record in its clause, `nowhere`
    in the unit. `wide` looks for the values in the whole unit; with `opening` the first group must begin it. A
    `strict` record refuses another value beside the right one too. With `after`, a sign that is followed by a
    preposition takes its values from there ("sensitive for x, gold standard for y"), and from no further than the
    next sign of `until`.
    Without slots, poles and needs the relation itself is what the text does not say.
    """

    id: str
    rule: str = "polarity"
    statements: Names = ()
    about: AllOf
    slots: dict[str, Names] = Field(default_factory=dict)
    poles: dict[str, str] = Field(default_factory=dict)
    needs: AllOf = ()
    studies: Names = ()
    unless: Names = ()
    nowhere: Names = ()
    wide: bool = False
    strict: bool = False
    opening: bool = False
    after: bool = False
    until: Names = ()


class Population(FileRecord):
    """Who is in and who is out, as cue groups or concepts; `wanted` is what everybody in it must have."""

    wanted: Names = ()
    inside: Names = ()
    outside: Names = ()
    never_outside: Names = ()
    with_outside: Names = ()
    asked_outside: Names = ()
    never: AllOf = ()
    enough: AllOf = ()
    unless: Names = ()


class Count(FileRecord):
    """How many of something the text has: `values` may stand before one of `nouns`."""

    nouns: Names
    values: tuple[int, ...]


class Courtesy(FileRecord):
    """How a letter greets, takes leave and names its addressee; titles stand before a name, degrees behind it."""

    greetings: Names = ()
    farewells: Names = ()
    addressees: Names = ()
    titles: Names = ()
    degrees: Names = ()
    acronyms: Names = ()
