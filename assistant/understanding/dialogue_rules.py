"""The records of corpus/vocabulary/dialogue.yaml: which words do what in a conversation."""

from __future__ import annotations

from pydantic import Field

from assistant.types import FileRecord


class CueList(FileRecord):
    """Phrases matched as whole words without regard to case, and regular expressions."""

    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


class Selection(FileRecord):
    """Concepts by kind, or by being one of `concepts` or below it."""

    kinds: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()


class Named(Selection):
    """A selection with a name."""

    id: str


class Attachment(FileRecord):
    """Which qualifiers attach to which targets of the same clause; those of `backward` to what stands before.

    Those of `close` attach only to what stands beside them, with few words between; with `linked` only words
    of the links may stand between.
    """

    qualifiers: Selection
    targets: Selection
    backward: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    linked: bool = False


class LeftOpen(FileRecord):
    """What is `said` of several of the `targets` leaves each of them in doubt, to the end of the sentence."""

    targets: Selection = Selection()
    said: CueList = CueList()


class Guessed(Selection):
    """Findings of the selection that stand in what is `said` were only a guess: they are not known."""

    said: CueList = CueList()


class Stated(FileRecord):
    """Findings of `kinds` that a sentence simply states get the qualifier.

    Beside one of `unless_kinds` they are only looked for, but for what is said to be seen: `shown_on` is what
    stands between the finding and the study after it, `shown_by` between a study and the finding after it.
    """

    kinds: tuple[str, ...]
    qualifier: str
    unless_kinds: tuple[str, ...] = ()
    shown_on: str = ""
    shown_by: str = ""


class AskedDenials(Selection):
    """What is denied states nothing where the sentence asks, and the question begins `before` it."""

    before: str = ""


class Sought(Selection):
    """Findings that a text only looks for: those right behind a cue of `before`, or right before one of `after`.

    `asked` holds in questions alone. What a report says it looks like, right behind a cue of `reported`, is in doubt.
    """

    before: CueList = CueList()
    reported: CueList = CueList()
    asked: CueList = CueList()
    after: CueList = CueList()


class Courses(FileRecord):
    """When a therapy of `concepts` or `doubted` that no qualifier of `kind` settles is said to run.

    What stands around it, up to `edges` or to mentions of kinds that are not among `through`, must be `plain`
    words, or hold a cue of `running`; a cue of `ahead` makes one of `concepts` `not_started`; anything else, or
    a cue of `past` between `stops`, leaves it `unsettled`. Qualifiers of `counts` do not settle one that is `past`.
    """

    concepts: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    kind: str = ""
    counts: frozenset[str] = frozenset()
    unsettled: str = ""
    not_started: str = ""
    through: tuple[str, ...] = ()
    edges: CueList = CueList()
    stops: CueList = CueList()
    running: CueList = CueList()
    ahead: CueList = CueList()
    past: CueList = CueList()
    plain: str = ""


class Causes(FileRecord):
    """Kinds of what a finding `of` some kinds comes from, with the words `between` the two.

    What one `explains` needs none of these words.
    """

    kinds: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    between: str = ""
    explains: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Resolution(FileRecord):
    """A clause of `said` settles the finding of `targets` told last before it with the `qualifier`.

    All findings told before it where it holds a cue of `all_of`; none where a cue of `back` stands within `reach`
    characters behind it. What is said to be back is present, with the qualifier `returned`. Those `lasting` stay what
    they are when they are over: a seizure an hour ago is a sign today. A clause of
    `another` gives it to another person; what stands in one of `cleft` is told of another. One of `whole` gives away
    all that its sentence tells before it, or the sentence before where it begins one; one of `beside` does so right
    behind what it gives away. Neither is looked for where none of the words of `relatives` stands.
    """

    qualifier: str = ""
    returned: str = ""
    targets: Selection = Selection()
    lasting: Selection = Selection()
    said: CueList = CueList()
    all_of: CueList = CueList()
    back: CueList = CueList()
    another: CueList = CueList()
    cleft: CueList = CueList()
    relatives: str = ""
    whole: CueList = CueList()
    beside: CueList = CueList()
    reach: int = 0


class Retracted(FileRecord):
    """A denial of `targets` that a later turn takes back, by its words (`denial`) or by pointing at it (`pointed`).

    It is present with the `qualifier` where an `event` is told; else it is in doubt, by the concept that `doubts` has
    for it. A `lone_event` alone puts those in doubt. Nothing is taken back where the turn says that it still `stands`.
    """

    targets: Selection = Selection()
    qualifier: str = ""
    doubts: dict[str, str] = Field(default_factory=dict)
    denial: CueList = CueList()
    pointed: CueList = CueList()
    event: CueList = CueList()
    lone_event: CueList = CueList()
    stands: CueList = CueList()
    sited: CueList = CueList()
    site_pain: str = ""


class Arrivals(FileRecord):
    """A denied finding of `targets` has come since where words of `since` or `now` stand within `reach` behind it.

    It is then present with the `qualifier`, and not what was read for the earlier time (`without`). `now` opens
    another clause, which must tell of no other finding.
    """

    qualifier: str = ""
    without: frozenset[str] = frozenset()
    targets: Selection = Selection()
    since: CueList = CueList()
    now: CueList = CueList()
    reach: int = 0


class TimelineCues(FileRecord):
    """Surgery and therapy by their dates: concepts of either, and how dates and their order are written.

    Surgery that is only `general` counts behind a `lead`; none counts beside a cue that it is `planned`. Therapy up to
    `soon` months after surgery followed it, and so does one that a cue of `behind` follows, or one of `now` after
    another therapy before the surgery: the surgery is then `done`, `unless` such an intent is named behind it. It is
    `ahead` up to `late` months after `today`.
    Surgery told to come after what is given (`later`) is what it stands for where that `runs`, or `counts` of cycles
    stand near it, or the therapy is `numbered`; not where it has `stopped`, or a word of `unbegun` stands in the text.
    """

    therapy: tuple[str, ...] = ()
    surgery: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    lead: str = ""
    planned: str = ""
    done: str = ""
    ahead: str = ""
    unless: tuple[str, ...] = ()
    months: dict[str, float] = Field(default_factory=dict)
    date: str = ""
    today: str = ""
    now: str = ""
    behind: str = ""
    numbered: str = ""
    later: dict[str, str] = Field(default_factory=dict)
    runs: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    stopped: frozenset[str] = frozenset()
    unbegun: frozenset[str] = frozenset()
    soon: float = 0
    late: float = 0


class BirthCues(FileRecord):
    """How a date of birth and the day to count from are written; the age is a value of `concept` within `bounds`.

    Without that day, a year of birth from `late` on is read as the concept `unsettled`.
    """

    concept: str = ""
    bounds: tuple[int, int] = (0, 0)
    months: dict[str, int] = Field(default_factory=dict)
    born: str = ""
    today: str = ""
    late: int = 9999
    unsettled: str = ""


class StartCues(FileRecord):
    """How the day on which a therapy `begins` and the day of the account are written, each a day and a month's name.

    What begins up to `late` months after that day is `not_started`.
    """

    begins: str = ""
    today: str = ""
    months: dict[str, int] = Field(default_factory=dict)
    not_started: str = ""
    late: float = 0


class Retold(FileRecord):
    """What a later turn says of a finding told before it, where it names none: qualifiers of `concepts`.

    They stand behind a cue of `behind`, or with no more than `alone` beside them, save for those `free`, in a sentence
    that holds nothing of `unless_kinds`; those `opened` in a sentence that begins with a cue of `opening`.
    """

    concepts: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    opening: str = ""
    alone: str = ""
    behind: str = ""
    unless_kinds: tuple[str, ...] = ()


class LoneResults(FileRecord):
    """Words that are the result of a study only where one of `studies` is named before them in the first turn."""

    words: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()


class CorrectedValues(FileRecord):
    """A number that replaces one of `concepts`: beside a word of `instead` and the old one, or alone.

    Alone it stands with cues of a correction and `plain` words only.
    """

    concepts: tuple[str, ...] = ()
    instead: str = ""
    plain: str = ""
    bounds: tuple[float, float] = (0, 0)


class Company(FileRecord):
    """Words of time (`concepts`) that tell of a therapy only in the company of `targets`, or of words of `heads`.

    What such a word is done to begins with `object` and goes on to `object_end`; for those `transitive` it may be
    `bare`. What it is said of is one of `others`, with no more than `said` between, or for those of `across`
    anywhere before it in the sentence.
    Done by one of `subjects` to something unknown it becomes the `doubt`. Those `untold` state nothing in a
    sentence that asks and names no target.
    """

    concepts: tuple[str, ...] = ()
    targets: Selection = Selection()
    heads: str = ""
    object: str = ""
    object_end: str = ""
    transitive: tuple[str, ...] = ()
    bare: str = ""
    others: tuple[str, ...] = ()
    said: str = ""
    across: tuple[str, ...] = ()
    subjects: str = ""
    doubt: str = ""
    untold: tuple[str, ...] = ()
