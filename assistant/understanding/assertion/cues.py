"""Context cues, loaded from the corpus and made ready to be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.errors import CorpusError, CorpusNotFoundError
from assistant.kept import recall
from assistant.understanding.assertion import patterns as p
from assistant.understanding.assertion.schema import (
    STATUS_CATEGORIES,
    ContextFile,
    CueGroup,
    Limits,
    TimeRules,
)
from assistant.understanding.assertion.tokens import BREAK, CELL, Language, Spoken, plain_keys

FILE_NAME = "context.yaml"
VOCABULARY_FOLDER = Path(__file__).resolve().parents[3] / "corpus" / "vocabulary"
_OPEN, _CLOSE, _DASHES = ("(", "["), (")", "]"), ("-", "–", "—")

# What stands at a token, as bits: where scopes end, pause, or go from one list item to the next.
COMMA, CONJUNCTION, ALTERNATIVE, STOP = 1 << 0, 1 << 1, 1 << 2, 1 << 3
DASH, OPENING, CLOSING, COLON = 1 << 4, 1 << 5, 1 << 6, 1 << 7
LINK, AFFIRMS, NEGATES = 1 << 8, 1 << 9, 1 << 10
_CATEGORY_BIT: Mapping[str, int] = {category: i for i, category in enumerate(STATUS_CATEGORIES)}


def bits_of(categories: tuple[str, ...], base: int) -> int:
    """One bit for each category, from bit `base` on."""
    return sum(1 << (base + _CATEGORY_BIT[category]) for category in categories)


ENDS, ENDS_AFTER_COMMA, PAUSES = 11, 19, 27  # first bit of each kind; one bit per category


@dataclass(frozen=True, slots=True)
class Group:
    """A group of cues as the scopes use it: names as in the data, ends and pauses as bits."""

    name: str
    category: str
    direction: str | None
    reach: str
    max_tokens: int
    bits: int
    opens_clause: bool
    strong: bool
    section: bool
    negatable: bool
    holds_on_target: bool
    time: str | None
    days: float | None
    end_bit: int = 0
    comma_bit: int = 0
    pause_bit: int = 0


@dataclass(frozen=True, slots=True)
class Cues:
    """All context data, ready for use. `token_bits` is what a token does by itself, without any cue."""

    groups: tuple[Group, ...]
    automaton: p.Automaton
    language: Language
    limits: Limits
    time: TimeRules
    token_bits: Mapping[str, int]
    colon_links: frozenset[str]
    question_words: frozenset[str]


def load_cues(folder: Path = VOCABULARY_FOLDER) -> Cues:
    """The cues in `folder`/context.yaml, read once per folder and process.

    Raises CorpusNotFoundError without such a file, and CorpusError, which names file, place and fault,
    where it is not valid.
    """
    return _load(folder)


@cache
def _load(folder: Path) -> Cues:
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
        file = ContextFile.model_validate(recall(f"yaml {path}", [text], lambda: _parse(text)))
    except FileNotFoundError as error:
        raise CorpusNotFoundError(f"{path}: there are no context cues; put {FILE_NAME} there") from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors()
        )
        raise CorpusError(f"{path}: {faults}") from error
    groups = tuple(_group(group, file.limits) for group in file.groups)
    graph = recall(f"cues {path}", [text], lambda: _graph(path, file))
    return Cues(
        groups=groups,
        automaton=p.Automaton(graph, (*file.conjunctions.conjunctive, *file.conjunctions.alternative)),
        language=_language(file),
        limits=file.limits,
        time=file.time,
        token_bits=_token_bits(file),
        colon_links=frozenset(file.colon_links),
        question_words=frozenset(file.question_words),
    )


def _graph(path: Path, file: ContextFile) -> dict[str, Any]:
    """The nodes of the automaton of all cues."""
    classes = _classes(path, file)
    found = (pattern for i, group in enumerate(file.groups) for pattern in _patterns(path, i, group, classes))
    return p.Graph(found).plain()


def _parse(text: str) -> object:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one, where libyaml is there
    return yaml.load(text, Loader=loader)  # noqa: S506  both are safe loaders


def _group(group: CueGroup, limits: Limits) -> Group:
    longest = limits.backward_tokens if group.direction == "backward" else limits.forward_tokens
    own = (group.category,) if group.category in _CATEGORY_BIT else ()
    return Group(
        name=group.name,
        category=group.category,
        direction=group.direction,
        reach=group.reach,
        max_tokens=min(group.max_tokens or longest, longest),
        bits=_bits(group),
        opens_clause=group.opens_clause,
        strong=group.strong,
        section=group.section,
        negatable=group.negatable,
        holds_on_target=group.holds_on_target,
        time=group.time,
        days=group.days,
        end_bit=bits_of(own, ENDS),
        comma_bit=bits_of(own, ENDS_AFTER_COMMA),
        pause_bit=bits_of(own, PAUSES),
    )


def _bits(group: CueGroup) -> int:
    """What the cues of a group write at their words."""
    bits = bits_of(group.ends, ENDS) | bits_of(group.ends_after_comma, ENDS_AFTER_COMMA)
    bits |= bits_of(group.pauses, PAUSES)
    if group.category == "affirmed":
        bits |= AFFIRMS
    elif group.category == "negated" and group.direction == "forward":
        bits |= NEGATES
    return bits


def _patterns(path: Path, index: int, group: CueGroup, classes: Mapping[str, p.Element]) -> list[p.Pattern]:
    found = []
    for text in (*group.words, *group.cues):
        try:
            head, cue, tail = p.parse(text, classes)
        except ValueError as error:
            raise CorpusError(f"{path}: group {group.name!r}, cue {text!r}: {error}") from error
        for head_length, before in p.by_length(head).items():
            for tail_length, after in p.by_length(tail).items():
                found += [
                    p.Pattern(b + cue + a, index, head_length, tail_length) for b in before for a in after
                ]
    return found


def _classes(path: Path, file: ContextFile) -> dict[str, p.Element]:
    """The classes of marks and numbers, and those of the file; a class may use the ones above it."""
    ends = (",", CELL, BREAK, ";", "|", "/", "?", "…", *_CLOSE, *_DASHES)
    classes = {
        "number": p.Element((p.NUMBER, *file.time.numbers)),
        "unit": p.Element(tuple(file.time.units)),
        "year": p.Element((p.YEAR,)),
        "ratio": p.Element((p.RATIO,)),
        "zero_ratio": p.Element((p.ZERO_RATIO,)),
        "cell": p.Element((CELL,)),
        "comma": p.Element((",", CELL, ";")),
        "open": p.Element(_OPEN),
        "close": p.Element(_CLOSE),
        "dash": p.Element(_DASHES),
        "end": p.Element(ends),
        "start": p.Element((",", CELL, BREAK, ";", "|", ":", *_OPEN, *_DASHES)),
    }
    for name, members in file.classes.items():
        try:
            options: list[str | tuple[p.Element, ...]] = []
            for member in members:
                _, row, _ = p.parse(member, classes)
                single = row[0].options if len(row) == 1 and not row[0].optional else None
                options += single if single else [row]
        except ValueError as error:
            raise CorpusError(f"{path}: class {name!r}: {error}") from error
        classes[name] = p.Element(tuple(options))
    return classes


def _language(file: ContextFile) -> Language:
    spoken = {}
    for mark in file.spoken:
        for say in mark.say:
            *before, last = plain_keys(say)
            spoken[last] = Spoken(
                mark.mark,
                tuple(before),
                frozenset(mark.not_after),
                frozenset(mark.not_before),
                frozenset(mark.only_before),
            )
    short = file.abbreviations
    return Language(
        spoken,
        frozenset(short.always),
        frozenset(short.before_capital),
        frozenset(short.before_digit),
        frozenset(short.answer_letters),
    )


def _token_bits(file: ContextFile) -> dict[str, int]:
    bits: dict[str, int] = {}
    for keys, bit in (
        ((",", CELL, "|", "•", "●", "▪"), COMMA),
        (file.conjunctions.conjunctive, CONJUNCTION),
        (file.conjunctions.alternative, ALTERNATIVE),
        ((BREAK, ";", "…"), STOP),
        (_DASHES, DASH),
        (_OPEN, OPENING),
        (_CLOSE, CLOSING),
        ((":",), COLON),
        (file.links, LINK),
    ):
        for key in keys:
            bits[key] = bits.get(key, 0) | bit
    return bits
