"""What a guideline pack is: the records that stand as YAML under `corpus/guidelines/<id>/`.

    guideline.yaml    Metadata: title, publisher, reviewer, review date, source file and sha256
    statements.yaml   every quote that anything rests on, once, with an id
    options.yaml      the rated options
    steps.yaml        studies that the text names outside its rated table
    scope.yaml        who fits, who does not, what the text puts first
    topics.yaml       what can be asked, and which statements answer it
    wordings.yaml     optional: further ways to ask for its records
    vocabulary.yaml   optional: concepts that only this guideline needs

Every clinical sentence is a `Statement`: a verbatim quote. All other records refer to statements by id,
so a quote stands in one place and is proven once. Concepts are ids of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from assistant.types import AssertionStatus, CriterionState, FileRecord


class Source(FileRecord):
    """The text itself: `file` relative to the pack, kept byte for byte, `sha256` of those bytes."""

    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Quoted(FileRecord):
    """A short metadata value with the statement that shows it."""

    text: str
    statement: str


class Metadata(FileRecord):
    """Who says it, and when it was last reviewed. `headings` are the text's own heading lines, in order."""

    id: str
    title: str
    category: str = ""
    publisher: Quoted
    reviewer: Quoted
    review_date: date
    source: Source
    headings: tuple[str, ...]
    covers: str
    does_not_cover: tuple[str, ...] = ()
    domain: tuple[str, ...]
    examples: tuple[str, ...] = ()
    invented: bool = False


class Statement(FileRecord):
    """A verbatim quote. It occurs exactly once in the source, or `occurrence` (1-based) picks one.

    `shown` is how an answer prints it, where the quote alone would be misread ("Yes, it is safe" to the question
    whether it is dangerous): a stretch of the same words, save for the capital that it begins with.
    """

    id: str
    quote: str
    occurrence: int | None = Field(default=None, ge=1)
    shown: str | None = Field(default=None, min_length=1)


class Radiation(FileRecord):
    """The radiation level as the text gives it. `text` is shown; `level` orders (None: not stated)."""

    text: str
    level: int | None = None
    symbols: str = ""
    low_msv: float | None = None
    high_msv: float | None = None
    statements: tuple[str, ...] = ()
    higher_than: tuple[str, ...] = ()


class RatedOption(FileRecord):
    """A rated imaging option. `appropriate` says whether its rating puts it forward."""

    id: str
    concept: str
    name: str
    short: str
    rating: str
    appropriate: bool
    radiation: Radiation
    statements: tuple[str, ...]
    good_for: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    good_for_short: str = ""


class Step(FileRecord):
    """A study or procedure that the text names outside its rated table; it has no rating."""

    concept: str
    name: str
    when: tuple[str, ...] = ()
    statements: tuple[str, ...]


class Condition(FileRecord):
    """A test over patient facts; exactly one of the forms `any`, `all`, `not`, `has`, `met` is given.

    `has`: there is a fact of that concept or one below it in the taxonomy (but none of `excluding`), with a
    status of `status`, a reading of `reading`, at least one qualifier of `with`, none of `without`, a value
    of at least `at_least` and below `below`; the reading "unread" is a value that has none.
    `met`: the criterion of that id, which stands above, is met.
    That nothing is known of a concept makes a test false; what is unknown is a matter of the criterion.
    """

    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    negate: Condition | None = Field(default=None, alias="not")
    has: str | None = None
    met: str | None = None
    status: tuple[AssertionStatus, ...] = ("present",)
    reading: tuple[str, ...] = ()
    with_: tuple[str, ...] = Field(default=(), alias="with")
    without: tuple[str, ...] = ()
    excluding: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None


class Case(FileRecord):
    """The first case whose `when` is true decides the state of its criterion."""

    when: Condition
    state: CriterionState
    reason: str = ""
    instead: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    ask: str = ""


class ExampleFact(FileRecord):
    """A fact put in place of the deciding ones to compute a counterfactual."""

    concept: str
    status: AssertionStatus = "present"
    reading: str | None = None
    value: float | None = None
    qualifiers: tuple[str, ...] = ()


class Flip(FileRecord):
    """A change of facts in plain words: facts under `drop` are removed, `add` is put in."""

    text: str
    drop: tuple[str, ...] = ()
    add: tuple[ExampleFact, ...] = ()


class Criterion(FileRecord):
    """An entry criterion (`role: entry`), an exclusion (`role: exclusion`: `met` excludes) or a finding.

    A finding decides nothing by itself; other conditions refer to it with `met`. `if_yes` and `if_no` are
    the facts that a bare "yes" or "no" to `ask` states.

    With no true case the state is `otherwise`. An entry criterion that stays unknown is asked for with
    `ask` (in the order of the file), unless `assume` is set: then it counts as met and is marked assumed.
    `general: false` keeps a criterion from deciding a question that describes nobody.
    """

    id: str
    name: str
    role: Literal["entry", "exclusion", "finding"] = "entry"
    statements: tuple[str, ...] = ()
    cases: tuple[Case, ...]
    otherwise: CriterionState = "unknown"
    assume: bool = False
    general: bool = True
    ask: str = ""
    if_met: str = ""
    if_failed: str = ""
    reason: str = ""
    instead: tuple[str, ...] = ()
    if_yes: tuple[ExampleFact, ...] = ()
    if_no: tuple[ExampleFact, ...] = ()
    flips: tuple[Flip, ...] = ()


class Preference(FileRecord):
    """What the text puts first for which suspicion; a preference never changes a rating."""

    id: str
    name: str
    when: Condition
    options: tuple[str, ...] = ()
    statements: tuple[str, ...]


class Remark(FileRecord):
    """What the text says of something else that the patient has: `statements`, or that it is `unstated`.

    `unstated` are concepts: those of them that the patient has are said not to be stated.
    """

    when: Condition
    statements: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()


class Scope(FileRecord):
    """Who the guidance applies to, what it puts first, and which topics tell the next step after a result."""

    criteria: tuple[Criterion, ...]
    preferences: tuple[Preference, ...] = ()
    remarks: tuple[Remark, ...] = ()
    fits: tuple[str, ...] = ()
    result_topics: tuple[str, ...] = ()


class Topic(FileRecord):
    """Something that can be asked, and the statements that answer it.

    `answer` are statement ids that answer it in one or two sentences, `because` the reasons, `next` what
    follows. `asks` are ways to ask it; `about` are concepts of which a question on this topic names some
    (each inner list: one of them); `aspects` what is asked of them (ids of corpus/vocabulary/aspects.yaml).
    `faq` is the text's own wording where it is one of its FAQs. `options` are the rated options concerned.
    """

    id: str
    kind: str
    name: str
    faq: str | None = None
    about: tuple[tuple[str, ...], ...] = ()
    aspects: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    lead: str = ""
    answer: tuple[str, ...]
    because: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()


class Unstated(FileRecord):
    """Something near the text that it does not state, with the topics that come nearest.

    A question that names something of each group of `beside` asks for it too, whatever topic answers the rest.
    """

    id: str
    name: str
    about: tuple[tuple[str, ...], ...] = ()
    beside: tuple[tuple[str, ...], ...] = ()
    aspects: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


class Unreached(FileRecord):
    """A sentence of the source that no topic needs, and why."""

    quote: str
    why: str


#: What wordings.yaml holds: further ways to ask for a topic or an unstated thing, by its id.
Wordings = Mapping[str, tuple[str, ...]]


class TopicsFile(FileRecord):
    """What topics.yaml holds."""

    topics: tuple[Topic, ...] = ()
    unstated: tuple[Unstated, ...] = ()
    unreached: tuple[Unreached, ...] = ()
