"""What the guard knows as data: the language of claims (all guidelines) and one guideline's own facts.

`corpus/vocabulary/claims.yaml` holds cue phrases, plain words and patterns; the pack's guard file holds what
this text says about its studies, results and patients, each record resting on statements of the text.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from assistant.errors import CorpusError
from assistant.guard.records import (
    AllOf,
    Choice,
    Claim,
    Comparison,
    Count,
    Courtesy,
    FollowUp,
    Names,
    Pairing,
    Pathway,
    Population,
    Property,
    Rated,
    Relation,
    Settling,
    Twins,
)
from assistant.kept import recall
from assistant.types import FileRecord

CLAIMS = Path("vocabulary") / "claims.yaml"
#: Common words that claim nothing, one file beside the claims.
PLAIN_WORDS = "plain-words.txt"
#: Where a pack keeps its records; the first that exists is read.
PACK_FILES = (Path("guard.yaml"), Path("guard") / "facts.yaml")
#: Relations with their slots stand in a file of their own; a pack may have none.
RELATIONS = Path("guard") / "relations.yaml"


class Claims(FileRecord):
    """Both files, merged."""

    characters: dict[str, str] = Field(default_factory=dict)
    plain: str = ""
    plain_words: frozenset[str] = frozenset()
    courtesy: Courtesy = Courtesy()
    stop: str = ""
    spelling: dict[str, str] = Field(default_factory=dict)
    cues: dict[str, Names] = Field(default_factory=dict)
    speech: Names = ()
    ratings: tuple[Rated, ...] = ()
    numbers: dict[str, int] = Field(default_factory=dict)
    references: Names = ()
    opposites: tuple[tuple[Names, Names], ...] = ()
    comparatives: Names = ()
    patient_facts: Names = ()
    before_count: Names = ()
    provisos: Names = ()
    softened: Names = ()
    section_words: Names = ()
    faq_headings: Names = ()
    specific: Names = ()
    neutral_concepts: Names = ()
    neutral_kinds: Names = ()
    term_kinds: Names = ()
    placed_kinds: Names = ()
    settling: tuple[Settling, ...] = ()
    bound_times: Names = ()
    words: str = ""
    source_concepts: Names = ()
    generic: dict[str, Names] = Field(default_factory=dict)
    narrow: dict[str, dict[str, str]] = Field(default_factory=dict)
    step_context: dict[str, AllOf] = Field(default_factory=dict)
    step_generic: Names = ()
    step_last: Names = ()
    step_first: Names = ()
    claims: tuple[Claim, ...] = ()
    properties: tuple[Property, ...] = ()
    pairings: tuple[Pairing, ...] = ()
    twins: tuple[Twins, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    choices: tuple[Choice, ...] = ()
    relations: tuple[Relation, ...] = ()
    kinds: dict[str, Names] = Field(default_factory=dict)
    poles: dict[str, tuple[str, str]] = Field(default_factory=dict)
    follow_ups: tuple[FollowUp, ...] = ()
    scanned: Names = ()
    normal_findings: Names = ()
    finding_kinds: Names = ()
    finding_groups: Names = ()
    told_as: dict[str, Names] = Field(default_factory=dict)
    population: Population = Population()
    counts: tuple[Count, ...] = ()
    figures: dict[str, Names] = Field(default_factory=dict)
    allowed: dict[str, AllOf] = Field(default_factory=dict)

    @property
    def narrowing(self) -> tuple[str, ...]:
        """The cue groups that say how a study is done, in the order of the file."""
        return tuple(cue for narrow in self.narrow.values() for cue in narrow)


def load_claims(folder: Path) -> Claims:
    """Load the claims that stand for the pack in `folder`; CorpusError where a file is wrong or missing."""
    own = next((folder / name for name in PACK_FILES if (folder / name).is_file()), None)
    relations = folder / RELATIONS
    return _load(folder.parent.parent / CLAIMS, own, relations if relations.is_file() else None)


@cache
def _load(shared: Path, own: Path | None, relations: Path | None) -> Claims:
    data = dict(_read(shared))
    # The groups of the shared file are plain speech; a guideline's own groups also hold what is wrong.
    data["speech"] = list(data.get("cues", {}))
    data.pop("claims_version", None)
    data["plain_words"] = _read_words(shared.with_name(PLAIN_WORDS))
    for path in (own, relations):
        for key, value in _read(path).items() if path is not None else ():
            data[key] = _merge(data.get(key), value)
    try:
        return Claims.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{own or shared}: {where}: {first['msg']}; correct the record") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        data = recall(f"yaml {path}", [text], lambda: yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe loader
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}); the guard needs it") from error
    except yaml.YAMLError as error:
        raise CorpusError(f"{path} is no valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise CorpusError(f"{path} holds no records")
    return data


def _read_words(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}); the guard needs it") from error
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _merge(old: Any, new: Any) -> Any:
    if old is None:
        return new
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merge(old.get(key), value) for key, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *new]
    if isinstance(old, str) and isinstance(new, str):
        return f"{old} {new}"
    return new


def compiled(patterns: Names) -> tuple[re.Pattern[str], ...]:
    """Compile patterns; CorpusError names a broken one."""
    try:
        return tuple(re.compile(pattern) for pattern in patterns)
    except re.error as error:
        raise CorpusError(f"a reference pattern is broken: {error}") from error


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
