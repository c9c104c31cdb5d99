"""What is asked of a concept: aspects and their cue phrases, read from the data file `aspects.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.answering.cue_index import CueIndex
from assistant.errors import CorpusError
from assistant.guidelines.schema import Wordings
from assistant.kept import recall
from assistant.types import FileRecord

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = str.maketrans("‘’“”–—‑\u00a0", "''\"\"--- ")


class Token(NamedTuple):
    """Words at [start, end) of a text that stand for `concept`: an id of the vocabulary or of `tokens`."""

    concept: str
    start: int
    end: int


class Aspect(FileRecord):
    """One thing that can be asked. `stated: false` is a kind of thing that guidelines rarely state."""

    id: str
    name: str
    cues: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    stated: bool = True
    exact: bool = False


class Plain(FileRecord):
    """What a part may ask and name without asking for anything beside it, and tests told with it."""

    aspects: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()


class AspectsFile(FileRecord):
    """What aspects.yaml holds; every list but `fillers` and `interrogatives` is of regular expressions."""

    aspects: tuple[Aspect, ...]
    fillers: str = ""
    noise: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    interrogatives: str = ""
    prepositions: str = ""
    demands: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    shorthand: Mapping[str, str] = {}
    spoken: Mapping[str, str] = {}
    conditions: str = r"(?!)"
    granting: tuple[str, ...] = ()
    reasons: str = r"(?!)"
    weights: Mapping[str, float] = {}
    strict: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()
    studies: frozenset[str] = frozenset()
    conditioning: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    sited: frozenset[str] = frozenset()
    treating: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    breaks: str = r"(?!)"
    particular: frozenset[str] = frozenset()
    choice: str = ""
    choosing: tuple[str, ...] = ()
    plain: Plain = Plain()
    tabled: Plain = Plain()
    deciding: frozenset[str] = frozenset()
    factual: frozenset[str] = frozenset()
    requested: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    unfound: frozenset[str] = frozenset()
    scoping: frozenset[str] = frozenset()
    vague: tuple[str, ...] = ()
    verbatim: tuple[str, ...] = ()
    tokens: Mapping[str, tuple[str, ...]] = {}
    elsewhere: Mapping[str, tuple[str, ...]] = {}
    attributes: tuple[str, ...] = ()
    each: frozenset[str] = frozenset()
    joining: frozenset[str] = frozenset()
    comparing: frozenset[str] = frozenset()
    halves: str = r"(?!)"
    reach: int = 40


class Aspects:
    """The aspects, ready to find: cues are compiled once, matching is linear in the text."""

    def __init__(self, file: AspectsFile) -> None:
        self.file = file
        self.by_id: Mapping[str, Aspect] = {aspect.id: aspect for aspect in file.aspects}
        self.unstated = frozenset(aspect.id for aspect in file.aspects if not aspect.stated)
        self.exact = frozenset(aspect.id for aspect in file.aspects if aspect.exact)
        self.vague = frozenset(file.vague)
        self.fillers = frozenset(file.fillers.split())
        self._cues = CueIndex({aspect.id: aspect.cues for aspect in file.aspects})
        self._tokens = CueIndex(file.tokens)
        self._brought: dict[str, list[str]] = {}
        for aspect in file.aspects:
            for concept in aspect.concepts:
                self._brought.setdefault(concept, []).append(aspect.id)

    def find(self, text: str, concepts: Sequence[str] = ()) -> frozenset[str]:
        """Return the ids of what is asked in `text`, or brought by the concepts named in it."""
        plain = plain_text(text)
        found = {aspect for aspect, _ in self._cues.matches(plain)}
        for concept in concepts:
            found.update(self._brought.get(concept, ()))
        return frozenset(found)

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return what else `text` names: ids of `tokens`, whose words stand in no vocabulary."""
        plain = plain_text(text)
        return tuple(Token(name, *match.span()) for name, match in self._tokens.matches(plain))

    def check(self) -> None:
        """Compile all cues, of which a question needs few; CorpusError says what is wrong with one."""
        try:
            self._cues.check()
            self._tokens.check()
        except re.error as error:
            raise CorpusError(f"aspects.yaml: {error.pattern!r} is no expression: {error}") from error


def plain_text(text: str) -> str:
    """Lower case with straight quotes and hyphens: the form that cues are written in."""
    return text.translate(_PLAIN).lower()


def load_aspects(path: Path) -> Aspects:
    """Read aspects.yaml; CorpusError says what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
        data = recall(f"yaml {path}", [text], lambda: yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe loader
        return Aspects(AspectsFile.model_validate(data))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"{path}: {error}") from error


def load_elsewhere(path: Path) -> Wordings:
    """Read elsewhere.yaml, further wordings of what no guideline is about; CorpusError says what is wrong."""
    if not path.is_file():
        return {}
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        return TypeAdapter(Wordings).validate_python(data or {})
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"{path}: {error}") from error
