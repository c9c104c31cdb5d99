"""Reads the vocabulary files of one or several folders into a Vocabulary, and says where a file is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.errors import CorpusError
from assistant.kept import recall
from assistant.vocabulary.matcher import Vocabulary
from assistant.vocabulary.rules import part_concept
from assistant.vocabulary.schema import Concept, Language, Readings, ValueRule, VocabularyFile
from assistant.vocabulary.taxonomy import Taxonomy
from assistant.vocabulary.yamltext import YamlTextError, line_of, parse_yaml, read_text

_MARK = "vocabulary:"
_DEFAULTS = "defaults"


def load_vocabulary(folders: Sequence[Path]) -> Vocabulary:
    """The vocabulary of all files marked `vocabulary: 1` in the folders (or files) given, in their order.

    Raises CorpusError, naming file and line, on an unknown key, a duplicate id, a phrase that two concepts
    claim, or a name that no concept bears; and FileNotFoundError on a folder that is not there.
    """
    concepts: dict[str, Concept] = {}
    sources: dict[str, Path] = {}
    paths = list(vocabulary_files(folders))
    texts = [_read(path) for path in paths]
    files = [_parse(path, text) for path, text in zip(paths, texts, strict=True)]
    for path, file in zip(paths, files, strict=True):
        for concept in file.concepts:
            if concept.id in concepts:
                raise _error(path, concept.id, f"duplicate id {concept.id!r}, also in {sources[concept.id]}")
            concepts[concept.id] = concept
            sources[concept.id] = path
    _check_references(concepts, sources)
    rules = _rules(files, paths, concepts)
    try:
        return Vocabulary(
            concepts,
            Language.model_validate(_merge(file.language.model_dump(exclude_unset=True) for file in files)),
            Readings.model_validate(_merge(file.readings.model_dump(exclude_unset=True) for file in files)),
            rules,
            {str(path): text for path, text in zip(paths, texts, strict=True)},
        )
    except CorpusError as error:
        raise _located(str(error), concepts, sources, files, paths) from error


def read_file(path: Path) -> VocabularyFile:
    """One vocabulary file, validated. CorpusError with the line of what is wrong."""
    return _parse(path, _read(path))


def _read(path: Path) -> str:
    try:
        return read_text(path)
    except YamlTextError as error:
        raise CorpusError(f"{path}:{error.line}: {error}") from error


def _parse(path: Path, text: str) -> VocabularyFile:
    try:
        data = recall(f"yaml {path}", [text], lambda: parse_yaml(text))
    except YamlTextError as error:
        raise CorpusError(f"{path}:{error.line}: {error}") from error
    try:
        return VocabularyFile.model_validate(_with_defaults(data))
    except ValidationError as error:
        first = error.errors()[0]
        line = line_of(text, first["loc"])
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{path}:{line}: {where}: {first['msg']}") from error


def vocabulary_files(folders: Sequence[Path]) -> Iterable[Path]:
    """Yield the files marked `vocabulary: 1` in the folders (or files) given; FileNotFoundError on one not there."""
    for folder in folders:
        if folder.is_file():
            yield folder
        elif folder.is_dir():
            yield from (path for path in sorted(folder.glob("*.yaml")) if _is_vocabulary(path))
        else:
            raise FileNotFoundError(f"no vocabulary folder or file: {folder}")


def _is_vocabulary(path: Path) -> bool:
    """Whether the first line that is no comment marks a vocabulary file."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.strip() and not line.startswith(("#", "---")):
                return line.startswith(_MARK)
    return False


def _with_defaults(data: Any) -> Any:
    """The file's data with `defaults` (kind, is_a ...) and the name that an id spells in each concept."""
    if not isinstance(data, dict):
        return data
    data = dict(data)
    defaults = data.pop(_DEFAULTS, None) or {}
    concepts = data.get("concepts")
    if isinstance(concepts, list):
        data["concepts"] = [
            {"name": str(one["id"]).replace("-", " "), **defaults, **one}
            if isinstance(one, dict) and "id" in one
            else one
            for one in concepts
        ]
    return data


def _check_references(concepts: Mapping[str, Concept], sources: Mapping[str, Path]) -> None:
    taxonomy = Taxonomy(concepts)
    for concept in concepts.values():
        for field, name in _references(concept):
            if name not in concepts:
                message = f"{concept.id}: {field} names no concept: {name!r}"
                raise _error(sources[concept.id], concept.id, message)
    for concept in concepts.values():
        if any(concept.id in taxonomy.lineage(parent) for parent in concept.is_a):
            raise _error(sources[concept.id], concept.id, f"{concept.id}: is_a leads back to itself")


def _rules(
    files: Sequence[VocabularyFile], paths: Sequence[Path], concepts: Mapping[str, Concept]
) -> tuple[ValueRule, ...]:
    """The rules of all files that belong to no concept."""
    for path, file in zip(paths, files, strict=True):
        for index, rule in enumerate(file.rules):
            for name in _rule_targets(rule):
                if name not in concepts:
                    line = line_of(path.read_text(encoding="utf-8"), ("rules", index))
                    raise CorpusError(f"{path}:{line}: a rule names no concept: {name!r}")
    return tuple(rule for file in files for rule in file.rules)


def _references(concept: Concept) -> Iterable[tuple[str, str]]:
    yield from (("is_a", name) for name in concept.is_a)
    yield from (("implies", name) for name in concept.implies)
    yield from (("pairs", name) for pair in concept.pairs.items() for name in pair)
    if concept.alone not in ("keep", "drop"):
        yield "alone", concept.alone
    yield from (("rules", name) for rule in concept.rules for name in _rule_targets(rule))


def _rule_targets(rule: ValueRule) -> Iterable[str]:
    if rule.concept:
        yield rule.concept
    yield from (case.concept for case in rule.cases)
    yield from (part_concept(name) for name in re.findall(r"\(\?P<(part_\w+)>", rule.pattern))


def _merge(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Mappings joined, lists appended, texts replaced by later ones."""
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            present = merged.get(key)
            if isinstance(present, dict) and isinstance(value, Mapping):
                merged[key] = _merge((present, value))
            elif isinstance(present, tuple | list) and isinstance(value, tuple | list):
                merged[key] = (*present, *value)
            else:
                merged[key] = dict(value) if isinstance(value, Mapping) else value
    return merged


def _error(path: Path, concept: str, message: str) -> CorpusError:
    """The error at the line that defines a concept: the last one, where an id is there twice."""
    items = parse_yaml(path.read_text(encoding="utf-8"))["concepts"]
    places = [index for index, item in enumerate(items) if item["id"] == concept]
    line = line_of(path.read_text(encoding="utf-8"), ("concepts", places[-1]))
    return CorpusError(f"{path}:{line}: {message}")


def _located(
    message: str,
    concepts: Mapping[str, Concept],
    sources: Mapping[str, Path],
    files: Sequence[VocabularyFile],
    paths: Sequence[Path],
) -> CorpusError:
    """The error at the place of the rule or the concept that the message names; the later one of two."""
    for path, file in zip(paths, files, strict=True):
        for index, rule in enumerate(file.rules):
            if repr(rule.pattern) in message:
                line = line_of(path.read_text(encoding="utf-8"), ("rules", index))
                return CorpusError(f"{path}:{line}: {message}")
    for concept in reversed(list(concepts.values())):
        if repr(concept.id) in message or any(repr(rule.pattern) in message for rule in concept.rules):
            return _error(sources[concept.id], concept.id, message)
    return CorpusError(message)
