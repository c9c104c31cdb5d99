"""Reads guideline packs and proves them: every quote against the text, every reference against its target.

A pack that loads is right in all that can be checked; a pack that is not raises one CorpusError which
lists every problem with file, line and what to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.errors import CorpusError, CorpusNotFoundError
from assistant.guidelines import schema
from assistant.guidelines.lines import YamlError, parse, read_text
from assistant.guidelines.pack import Guideline, ResolvedStatement, Section, find_sections, headings_at
from assistant.guidelines.problems import Problems, closest
from assistant.guidelines.quotes import ProofError, prove
from assistant.guidelines.references import ID, MAX_ID, Checker, check_ids
from assistant.guidelines.source import read_source
from assistant.kept import recall

__all__ = ["Guideline", "ResolvedStatement", "Section", "digest_of", "load_corpus", "load_guideline"]

REQUIRED = ("guideline.yaml", "statements.yaml")
#: The files of a pack and what each holds; vocabulary.yaml is read by the vocabulary.
FILES: dict[str, Any] = {
    "guideline.yaml": schema.Metadata,
    "statements.yaml": tuple[schema.Statement, ...],
    "options.yaml": tuple[schema.RatedOption, ...],
    "steps.yaml": tuple[schema.Step, ...],
    "scope.yaml": schema.Scope,
    "topics.yaml": schema.TopicsFile,
}
#: Read only when the question bank is compiled: thousands of wordings would slow every start.
LATE_FILES: dict[str, Any] = {"wordings.yaml": schema.Wordings}
_EMPTY: dict[str, Any] = {
    "scope.yaml": schema.Scope(criteria=()),
    "topics.yaml": schema.TopicsFile(),
    "wordings.yaml": {},
}
T = TypeVar("T")


def load_guideline(
    folder: Path, *, concepts: Collection[str] | None = None, aspects: Collection[str] | None = None
) -> Guideline:
    """Load the pack in `folder`; CorpusError lists all that is wrong with it.

    `concepts` and `aspects` are the ids that records may name; None leaves those references unchecked.
    """
    guideline, problems = read_pack(folder, concepts=concepts, aspects=aspects)
    problems.raise_if_any()
    if guideline is None:  # pragma: no cover - read_pack gives a guideline or a problem
        raise CorpusError(f"{folder} cannot be read")
    return guideline


def load_corpus(
    root: Path, *, concepts: Collection[str] | None = None, aspects: Collection[str] | None = None
) -> tuple[Guideline, ...]:
    """Load every pack under `root`/guidelines, in the order of their ids."""
    return tuple(load_guideline(folder, concepts=concepts, aspects=aspects) for folder in pack_folders(root))


def pack_folders(root: Path) -> list[Path]:
    """Return the folders of the packs; CorpusNotFoundError when there is none."""
    parent = root / "guidelines"
    try:
        folders = sorted(
            item for item in parent.iterdir() if item.is_dir() and not item.name.startswith((".", "_"))
        )
    except OSError as error:
        raise CorpusNotFoundError(
            f"The corpus folder {parent} cannot be read ({error.strerror}). Set ASSISTANT_CORPUS_DIR "
            "to a folder that holds guidelines/<id>/guideline.yaml, or reinstall the package."
        ) from None
    if not folders:
        raise CorpusNotFoundError(
            f"There is no guideline in {parent}; add a folder <id> with guideline.yaml."
        )
    return folders


def digest_of(root: Path) -> str:
    """Return a corpus version: the sha256 over names and bytes of all that answers are made from."""
    parts = [path for part in ("guidelines", "vocabulary") for path in _files(root / part)]
    return digest_files(root, [*parts, *sorted(root.glob("*.yaml"))])


def read_pack(
    folder: Path,
    *,
    concepts: Collection[str] | None = None,
    aspects: Collection[str] | None = None,
    tokens: Collection[str] | None = None,
) -> tuple[Guideline | None, Problems]:
    """Read a pack as far as it can be read; return it (None when hopeless) with what is wrong.

    `concepts`, `aspects` and `tokens` are the ids that records may name; None leaves references to them unchecked.
    """
    problems = Problems(folder)
    _check_names(folder, problems)
    data = {file: _read(folder, file, problems) for file in FILES}
    metadata: schema.Metadata | None = data["guideline.yaml"]
    if metadata is None:
        return None, problems
    if metadata.id != folder.name or not ID.match(metadata.id) or len(metadata.id) > MAX_ID:
        problems.add(
            "guideline.yaml",
            ("id",),
            f"the id {metadata.id[:60]!r} must be the name of the folder, {folder.name!r}: lower-case "
            "letters, digits and hyphens",
        )
    source = read_source(folder, metadata, problems)
    sections, missing = find_sections(source, metadata.title, metadata.headings)
    for heading in missing if source else ():
        place = ("headings", metadata.headings.index(heading)) if heading in metadata.headings else ("title",)
        problems.add(
            "guideline.yaml",
            place,
            f"{heading!r} is not a line of the source, or not in this order; copy it exactly",
        )
    written = data["statements.yaml"] or ()
    statements = _resolve(written, source, sections, problems) if source else {}
    topics: schema.TopicsFile = data["topics.yaml"]
    guideline = Guideline(
        metadata=metadata,
        source_text=source,
        sections=sections,
        statements=MappingProxyType(statements),
        options=data["options.yaml"],
        steps=data["steps.yaml"],
        scope=data["scope.yaml"],
        topics=topics.topics,
        unstated=topics.unstated,
        unreached=topics.unreached,
        folder=folder,
        digest=digest_files(folder, _files(folder)),
    )
    check_ids(problems, "statements.yaml", (), [item.id for item in written])
    check_ids(problems, "options.yaml", (), [item.id for item in guideline.options])
    Checker(guideline, problems, {item.id for item in written}, concepts, aspects, tokens).run()
    return guideline, problems


def load_wordings(guideline: Guideline) -> schema.Wordings:
    """Read the further ways to ask of a pack, if it has any; CorpusError lists what is wrong with them."""
    wordings, problems = read_wordings(guideline)
    problems.raise_if_any()
    return wordings


def read_wordings(guideline: Guideline) -> tuple[schema.Wordings, Problems]:
    """Read wordings.yaml as far as it can be read; return it with what is wrong."""
    file = "wordings.yaml"
    problems = Problems(guideline.folder)
    wordings: schema.Wordings = _read(guideline.folder, file, problems)
    known = {topic.id for topic in guideline.topics} | {item.id for item in guideline.unstated}
    first: dict[str, str] = {}
    for name, asks in wordings.items():
        if name not in known:
            problems.add(
                file,
                (name,),
                f"no topic or unstated thing is {name[:60]!r}{closest(name, known)}; correct it",
            )
        for number, ask in enumerate(asks):
            owner = first.setdefault(" ".join(ask.casefold().split()), name)
            if not ask.strip():
                problems.add(file, (name, number), "an empty wording; remove it")
            elif owner != name:
                problems.add(
                    file,
                    (name, number),
                    f"{ask[:80]!r} stands under {owner!r} too; leave it where it belongs",
                )
    return wordings, problems


def _read(folder: Path, file: str, problems: Problems) -> Any:
    """Read and validate one file; a bad one counts as empty, so that the others are still checked."""
    empty = _EMPTY.get(file, None if file == "guideline.yaml" else ())
    path = folder / file
    if not path.is_file():
        if file in REQUIRED:
            problems.add(file, 1, "the file is missing; every pack needs it")
        return empty
    try:
        text = read_text(path)
        data = recall(f"yaml {path}", [text], lambda: parse(text))
    except YamlError as error:
        problems.add(file, error.line, error.message)
        return empty
    except OSError as error:
        problems.add(file, 1, f"the file cannot be read ({error.strerror}); check its permissions")
        return empty
    if data is None and file not in REQUIRED:
        return empty
    try:
        return _adapter(file).validate_python(data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            problems.add(file, item["loc"], _explained(item))
        return empty


@cache
def _adapter(file: str) -> TypeAdapter[Any]:
    return TypeAdapter({**FILES, **LATE_FILES}[file])


@cache
def _keys() -> frozenset[str]:
    """All keys that any record may have, to suggest one for a misspelt key."""
    models = (
        item for item in vars(schema).values() if isinstance(item, type) and issubclass(item, BaseModel)
    )
    return frozenset(field.alias or name for model in models for name, field in model.model_fields.items())


def _explained(item: Any) -> str:
    key = str(item["loc"][-1]) if item["loc"] else "the file"
    if item["type"] == "extra_forbidden":
        return f"unknown key {key!r}{closest(key, _keys())}; remove or correct it"
    if item["type"] == "missing":
        return f"the key {key!r} is missing; add it"
    shown = f"{item['input']!r}"
    return f"{key!r} cannot be used: {item['msg']}, not {shown[:80]}{'…' if len(shown) > 80 else ''}"


def _resolve(
    written: tuple[schema.Statement, ...], source: str, sections: tuple[Section, ...], problems: Problems
) -> dict[str, ResolvedStatement]:
    statements: dict[str, ResolvedStatement] = {}
    for number, item in enumerate(written):
        try:
            start, end = prove(item, source)
        except ProofError as refusal:
            problems.add("statements.yaml", (number, "quote"), f"{item.id!r}: {refusal}", quote=True)
            continue
        headings = headings_at(sections, start)
        shown = item.shown or item.quote
        statements[item.id] = ResolvedStatement(item.id, item.quote, start, end, headings, shown)
    return statements


def _check_names(folder: Path, problems: Problems) -> None:
    """A misspelt file name would silently leave its records out."""
    known = (*FILES, *LATE_FILES, "vocabulary.yaml")
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in known:
            problems.add(path.name, 1, f"unknown file{closest(path.name, known)}; rename or remove it")


def _files(folder: Path) -> list[Path]:
    """All files under `folder` except hidden ones, which belong to editors and to the system."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def digest_files(root: Path, paths: Sequence[Path]) -> str:
    """Return the sha256 over the names, as seen from `root`, and the bytes of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(root).as_posix().encode("utf-8") + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
