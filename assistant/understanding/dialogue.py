"""How people speak in a conversation: the cues of corpus/vocabulary/dialogue.yaml, checked and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from assistant.errors import CorpusError, CorpusNotFoundError
from assistant.types import Frozen

FILE_NAME = "dialogue.yaml"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CueList(Frozen):
    """Phrases matched as whole words without regard to case, and regular expressions."""

    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


class Selection(Frozen):
    """Concepts by kind, or by being one of `concepts` or below it."""

    kinds: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()


class Named(Selection):
    """A selection with a name."""

    id: str


class Attachment(Frozen):
    """Which qualifiers attach to which targets of the same clause; those of `backward` to what stands before.

    Those of `close` attach only to what stands beside them, with few words between; with `linked` only words
    of the links may stand between.
    """

    qualifiers: Selection
    targets: Selection
    backward: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    linked: bool = False


class Stated(Frozen):
    """Findings of `kinds` that a sentence simply states get the qualifier."""

    kinds: tuple[str, ...]
    qualifier: str
    unless_kinds: tuple[str, ...] = ()


class Sought(Selection):
    """Findings that a text only looks for: those right behind a cue of `before`, or right before one of `after`.

    `asked` holds in questions alone.
    """

    before: CueList = CueList()
    asked: CueList = CueList()
    after: CueList = CueList()


class Courses(Frozen):
    """When a therapy of `concepts` or `doubted` that no qualifier of `kind` settles is said to run.

    What stands around it, up to `edges` or to mentions of kinds that are not among `through`, must be `plain`
    words, or hold a cue of `running`; a cue of `ahead` makes one of `concepts` `not_started`; anything else, or
    a cue of `past` between `stops`, leaves it `unsettled`.
    """

    concepts: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    kind: str = ""
    unsettled: str = ""
    not_started: str = ""
    through: tuple[str, ...] = ()
    edges: CueList = CueList()
    stops: CueList = CueList()
    running: CueList = CueList()
    ahead: CueList = CueList()
    past: CueList = CueList()
    plain: str = ""


class ColumnCues(Frozen):
    """Headings of table columns that stand for a time: the latest one, earlier ones, and numbered ones.

    A pattern is a whole heading; the group of a `numbered` one is its number.
    """

    now: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()


class DialogueFile(Frozen):
    """What corpus/vocabulary/dialogue.yaml may hold."""

    dialogue: Literal[1]
    patient: CueList
    general: CueList
    suppose: CueList
    reset: CueList
    correction: CueList
    reply_yes: CueList
    reply_no: CueList
    reply_unknown: CueList
    recommendation: CueList
    asking: CueList = CueList()
    quantity: CueList = CueList()
    pasted: CueList
    identifiers: CueList
    links: CueList
    slots: tuple[Named, ...]
    respects: tuple[Named, ...]
    attachments: tuple[Attachment, ...]
    overrides: tuple[tuple[str, str], ...] = ()
    sites: dict[str, str] = Field(default_factory=dict)
    choice_words: str = ""
    sought: Sought | None = None
    courses: Courses = Courses()
    columns: ColumnCues = ColumnCues()
    diagnoses: Selection = Selection()
    outcomes: Selection = Selection()
    carried: tuple[str, ...] = ()
    lone_sites: dict[str, str] = Field(default_factory=dict)
    worded: tuple[str, ...] = ()
    fact_kinds: tuple[str, ...]
    fact_concepts: tuple[str, ...] = ()
    cue_kinds: tuple[str, ...] = ()
    cue_concepts: tuple[str, ...] = ()
    measured_kinds: tuple[str, ...] = ()
    stated: Stated | None = None
    cancels: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Cues:
    """One list of cues, ready to search."""

    def __init__(self, cues: CueList) -> None:
        """Compile; re.error never reaches the caller because the file was checked."""
        self._expressions: list[re.Pattern[str]] = []
        if cues.phrases:
            ordered = sorted(cues.phrases, key=len, reverse=True)
            words = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)
            self._expressions.append(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
        self._expressions += [re.compile(pattern, re.IGNORECASE) for pattern in cues.patterns]

    def search(self, text: str) -> bool:
        """Whether any cue stands in the text."""
        return any(expression.search(text) for expression in self._expressions)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The spans [start, end) of all cues, expression by expression."""
        for expression in self._expressions:
            for match in expression.finditer(text):
                yield match.span()


class Dialogue:
    """The cues of a conversation; one per vocabulary folder."""

    def __init__(self, file: DialogueFile) -> None:
        """Compile all cue lists."""
        self.file = file
        self.patient = Cues(file.patient)
        self.general = Cues(file.general)
        self.suppose = Cues(file.suppose)
        self.reset = Cues(file.reset)
        self.correction = Cues(file.correction)
        self.reply_yes = Cues(file.reply_yes)
        self.reply_no = Cues(file.reply_no)
        self.reply_unknown = Cues(file.reply_unknown)
        self.recommendation = Cues(file.recommendation)
        self.quantity = Cues(file.quantity)
        self.asking = Cues(file.asking)
        self.pasted = Cues(file.pasted)
        self.links = Cues(file.links)
        self.choice_words = frozenset(file.choice_words.split())
        self.sought_before = Cues(file.sought.before) if file.sought else None
        self.sought_asked = Cues(file.sought.asked) if file.sought else None
        self.sought_after = Cues(file.sought.after) if file.sought else None
        self.identifiers = tuple(re.compile(pattern) for pattern in file.identifiers.patterns)


@lru_cache(maxsize=8)
def load_dialogue(folder: Path) -> Dialogue:
    """Read `folder`/dialogue.yaml, once per folder and process.

    Raises CorpusNotFoundError without such a file, CorpusError where it is not valid.
    """
    path = folder / FILE_NAME
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        return Dialogue(DialogueFile.model_validate(data))
    except FileNotFoundError as error:
        raise CorpusNotFoundError(f"{path}: there are no dialogue cues; put {FILE_NAME} there") from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        raise CorpusError(f"{path}: {error}") from error
    except re.error as error:
        raise CorpusError(f"{path}: the pattern {error.pattern!r} is not valid: {error}") from error
