"""The records of corpus/vocabulary/dialogue.yaml by which text is blanked before it is read.

Columns of earlier times, persons who are not asked for, answers that were not chosen, words taken back on the spot.
"""

from __future__ import annotations

from pydantic import Field

from assistant.types import FileRecord


class SlipCues(FileRecord):
    """How a text takes back a word on the spot: `strong` cues, and `weak` ones for `weak_kinds` alone.

    The new word stands behind the cue, with no more than `between`, and is of a group of `kinds` or `words` with the
    old one; behind a weak cue it must have no answer of its own (`listed`), and behind a `negator` it is the old one
    itself. With a cue of `withdraws` a later turn takes back what was said before, too.
    """

    strong: str = ""
    weak: str = ""
    between: str = ""
    listed: str = ""
    negator: str = ""
    withdraws: str = ""
    kinds: tuple[tuple[str, ...], ...] = ()
    weak_kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class ColumnCues(FileRecord):
    """Headings of table columns that stand for a time: the latest one, earlier ones, and numbered ones.

    A pattern is a whole heading; the group of a `numbered` one is its number. `copied` are stretches that an
    earlier note said, wherever they stand.
    """

    now: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()


class PersonCues(FileRecord):
    """How several persons of one conversation are told apart: regular expressions, each with a group `who` (or `whom`).

    A head begins what is told of a person: `labels`; `pairs` ("one ... the other", to the end of the sentence) and
    `names` where a cue of `several` stands, pairs also where one of `family` does; `sexes` where one of `couple`
    does; `kin` where one of `relatives` is asked for; `own` patients beside those of `strangers`.
    `chosen` says who is asked for, by the words of a head or (`who`) by what is told of one of them alone; `left`
    who is not. What `several` are to each other is no fact; a sentence of `shared` tells of all. `plain` words name
    nobody; the words of an entry of `same` are one; `order` counts the persons.
    """

    labels: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    couple: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    relatives: str = ""
    own: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    plain: str = ""
    same: tuple[str, ...] = ()
    order: dict[str, int] = Field(default_factory=dict)


class FormCues(FileRecord):
    """How forms are filled in.

    `answer` is what may stand beside a box. Of a match of `ringed` only the group `kept` was chosen. `legend` has
    the groups `figure` and `answer`; `figure` finds such figures, written %figure%, beside what they answer. Where
    the first of `crosses` is met, what the second meets is a cross for no.
    """

    answer: str = ""
    ringed: tuple[str, ...] = ()
    legend: str = ""
    figure: str = ""
    crosses: tuple[str, ...] = ()
