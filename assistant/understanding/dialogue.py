"""How people speak in a conversation: the cues of corpus/vocabulary/dialogue.yaml, checked and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from assistant.errors import CorpusError, CorpusNotFoundError
from assistant.kept import recall
from assistant.types import FileRecord
from assistant.understanding.blanking_rules import ColumnCues, FormCues, PersonCues, SlipCues
from assistant.understanding.dialogue_rules import (
    Arrivals,
    AskedDenials,
    Attachment,
    BirthCues,
    Causes,
    Company,
    CorrectedValues,
    Courses,
    CueList,
    Guessed,
    LeftOpen,
    LoneResults,
    Named,
    Resolution,
    Retold,
    Retracted,
    Selection,
    Sought,
    StartCues,
    Stated,
    TimelineCues,
)

FILE_NAME = "dialogue.yaml"
_WORD = re.compile(r"\w+")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DialogueFile(FileRecord):
    """What corpus/vocabulary/dialogue.yaml may hold."""

    dialogue: Literal[1]
    patient: CueList
    general: CueList
    suppose: CueList
    supposed_on: CueList = CueList()
    unsupposed: CueList = CueList()
    weighed: CueList = CueList()
    aside: CueList = CueList()
    reset: CueList
    returning: CueList = CueList()
    labels: CueList = CueList()
    first_labels: tuple[str, ...] = ()
    named: CueList = CueList()
    kin: CueList = CueList()
    guessed: Guessed = Guessed()
    correction: CueList
    struck: CueList = CueList()
    others: CueList = CueList()
    elsewhere: CueList = CueList()
    closes: dict[str, str] = Field(default_factory=dict)
    values: CorrectedValues = CorrectedValues()
    covers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    reply_yes: CueList
    reply_no: CueList
    reply_unknown: CueList
    recommendation: CueList
    asking: CueList = CueList()
    quantity: CueList = CueList()
    asked_denials: AskedDenials = AskedDenials()
    pasted: CueList
    identifiers: CueList
    links: CueList
    slots: tuple[Named, ...]
    respects: tuple[Named, ...]
    attachments: tuple[Attachment, ...]
    overrides: tuple[tuple[str, str], ...] = ()
    sites: dict[str, str] = Field(default_factory=dict)
    site_words: str = ""
    site_swap: str = ""
    site_edit: str = ""
    choice_words: str = ""
    again_words: str = ""
    courtesy_heads: str = ""
    courtesy_words: str = ""
    sought: Sought | None = None
    courses: Courses = Courses()
    company: Company = Company()
    columns: ColumnCues = ColumnCues()
    persons: PersonCues = PersonCues()
    forms: FormCues = FormCues()
    diagnoses: Selection = Selection()
    titled: CueList = CueList()
    kind_denied: str = ""
    withdrawn: str = ""
    struck_whole: str = ""
    slips: SlipCues = SlipCues()
    open: LeftOpen = LeftOpen()
    outcomes: Selection = Selection()
    carried: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()
    retold: Retold = Retold()
    causes: Causes = Causes()
    identity: str = ""
    lasting: dict[str, frozenset[str]] = Field(default_factory=dict)
    resolution: Resolution = Resolution()
    retracted: Retracted = Retracted()
    arrivals: Arrivals = Arrivals()
    timeline: TimelineCues = TimelineCues()
    births: BirthCues = BirthCues()
    starts: StartCues = StartCues()
    lone_sites: dict[str, str] = Field(default_factory=dict)
    worded: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    lone_results: LoneResults = LoneResults()
    fact_kinds: tuple[str, ...]
    fact_concepts: tuple[str, ...] = ()
    cue_kinds: tuple[str, ...] = ()
    cue_concepts: tuple[str, ...] = ()
    measured_kinds: tuple[str, ...] = ()
    stated: Stated | None = None
    cancels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    contrary: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    overtaken: dict[str, str] = Field(default_factory=dict)


class Cues:
    """One list of cues, ready to search."""

    def __init__(self, cues: CueList) -> None:
        """Nothing is compiled before it is needed; re.error never reaches a caller because the file was checked."""
        self._cues = cues
        self._compiled: dict[str, re.Pattern[str]] = {}

    @cached_property
    def _expressions(self) -> list[re.Pattern[str]]:
        return [*([_any_of(self._cues.phrases)] if self._cues.phrases else []), *self._patterns]

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [re.compile(pattern, re.IGNORECASE) for pattern in self._cues.patterns]

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        """The phrases by their first word; those that do not begin with a plain one under ""."""
        found: dict[str, list[str]] = {}
        for phrase in self._cues.phrases:
            first = _WORD.match(phrase) if phrase.isascii() else None
            found.setdefault(first[0].lower() if first else "", []).append(phrase)
        return found

    def _of_word(self, word: str) -> re.Pattern[str]:
        found = self._compiled.get(word)
        if found is None:
            found = self._compiled[word] = _any_of(self._by_word[word])
        return found

    def check(self) -> None:
        """Compile all; re.error says which one is no expression."""
        _ = self._expressions

    def search(self, text: str) -> bool:
        """Whether any cue stands in the text."""
        if not text.isascii():  # other letters may be the same without regard to case
            return any(expression.search(text) for expression in self._expressions)
        words = self._by_word.keys() & {"", *_WORD.findall(text.lower())}
        return any(self._of_word(word).search(text) for word in words) or any(
            pattern.search(text) for pattern in self._patterns
        )

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The spans [start, end) of all cues, expression by expression."""
        for expression in self._expressions:
            for match in expression.finditer(text):
                yield match.span()


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=len, reverse=True)
    words = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


class Dialogue:
    """The cues of a conversation; one per vocabulary folder."""

    def __init__(self, file: DialogueFile) -> None:
        """Make all cue lists; `check` says whether they can be compiled."""
        self.file = file
        self.patient = Cues(file.patient)
        self.general = Cues(file.general)
        self.suppose = Cues(file.suppose)
        self.supposed_on = Cues(file.supposed_on)
        self.unsupposed = Cues(file.unsupposed)
        self.weighed = Cues(file.weighed)
        self.aside = Cues(file.aside)
        self.reset = Cues(file.reset)
        self.correction = Cues(file.correction)
        self.struck = Cues(file.struck)
        self.others = Cues(file.others)
        self.elsewhere = Cues(file.elsewhere)
        self.reply_yes = Cues(file.reply_yes)
        self.reply_no = Cues(file.reply_no)
        self.reply_unknown = Cues(file.reply_unknown)
        self.recommendation = Cues(file.recommendation)
        self.quantity = Cues(file.quantity)
        self.asking = Cues(file.asking)
        self.pasted = Cues(file.pasted)
        self.links = Cues(file.links)
        self.choice_words = frozenset(file.choice_words.split())
        self.again_words = frozenset(file.again_words.split())
        self.courtesy_heads = frozenset(file.courtesy_heads.split())
        self.courtesy_words = self.courtesy_heads.union(file.courtesy_words.split())
        self.sought_before = Cues(file.sought.before) if file.sought else None
        self.sought_reported = Cues(file.sought.reported) if file.sought else None
        self.sought_asked = Cues(file.sought.asked) if file.sought else None
        self.sought_after = Cues(file.sought.after) if file.sought else None
        self.resolution_said = Cues(file.resolution.said)
        self.resolution_all = Cues(file.resolution.all_of)
        self.resolution_back = Cues(file.resolution.back)
        self.resolution_another = Cues(file.resolution.another)
        self.resolution_cleft = Cues(file.resolution.cleft)
        self.resolution_whole = Cues(file.resolution.whole)
        self.resolution_beside = Cues(file.resolution.beside)
        self.titled = Cues(file.titled)
        self.denial_asked = re.compile(file.asked_denials.before or r"(?!)", re.IGNORECASE)
        self.kind_denied = re.compile(file.kind_denied, re.IGNORECASE) if file.kind_denied else None
        self.withdrawn = re.compile(file.withdrawn or r"(?!)", re.IGNORECASE)
        self.struck_whole = re.compile(file.struck_whole or r"(?!)", re.IGNORECASE)
        self.left_open = Cues(file.open.said)
        self.labels = tuple(re.compile(pattern, re.IGNORECASE) for pattern in file.labels.patterns)
        self.named = tuple(re.compile(pattern, re.IGNORECASE) for pattern in file.named.patterns)
        self.kin = Cues(file.kin)
        self.guessed = Cues(file.guessed.said)
        self.identifiers = tuple(re.compile(pattern) for pattern in file.identifiers.patterns)

    @cached_property
    def excuses(self) -> frozenset[str]:
        """The qualifiers that settle a finding: those that attach backward or close by."""
        return frozenset(name for rule in self.file.attachments for name in (*rule.close, *rule.backward))

    def slot(self, name: str) -> Selection | None:
        """The slot of that name, if there is one."""
        return next((one for one in self.file.slots if one.id == name), None)

    def supposes(self, text: str) -> bool:
        """Whether a turn makes up a scene, or only weighs something: what it names is then told of nobody."""
        return self.suppose.search(text) or self.weighed.search(text)

    def asks(self, sentence: str) -> bool:
        """Whether a sentence asks, by its mark or by how it begins ("list ...")."""
        return "?" in sentence or self.asking.search(sentence)

    def check(self) -> bool:
        """Compile everything; re.error says which pattern is none."""
        for cues in _cue_lists(self.file):
            Cues(cues).check()
        return True


def _cue_lists(record: FileRecord) -> Iterator[CueList]:
    """All cue lists in a record and in those that it holds."""
    for value in dict(record).values():
        if isinstance(value, CueList):
            yield value
        elif isinstance(value, FileRecord):
            yield from _cue_lists(value)


@lru_cache(maxsize=8)
def load_dialogue(folder: Path) -> Dialogue:
    """Read `folder`/dialogue.yaml, once per folder and process.

    Raises CorpusNotFoundError without such a file, CorpusError where it is not valid.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
        data = recall(f"yaml {path}", [text], lambda: yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe loader
        dialogue = Dialogue(DialogueFile.model_validate(data))
        recall(f"checked {path}", [text], dialogue.check)
        return dialogue
    except FileNotFoundError as error:
        raise CorpusNotFoundError(f"{path}: there are no dialogue cues; put {FILE_NAME} there") from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        raise CorpusError(f"{path}: {error}") from error
    except re.error as error:
        raise CorpusError(f"{path}: the pattern {error.pattern!r} is not valid: {error}") from error
