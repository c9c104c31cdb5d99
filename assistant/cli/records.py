"""The records of a guideline as plain data and as indented text, with statements spelt out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.guidelines.pack import Guideline

Record = dict[str, Any]


def summary(guideline: Guideline) -> Record:
    """Return what a guideline is and how much it holds."""
    metadata = guideline.metadata
    return {
        "guideline": guideline.id,
        "title": metadata.title,
        "publisher": metadata.publisher.text,
        "reviewer": metadata.reviewer.text,
        "review_date": metadata.review_date.isoformat(),
        "source": metadata.source.file,
        "sha256": metadata.source.sha256,
        "covers": metadata.covers,
        "does_not_cover": list(metadata.does_not_cover),
        "statements": len(guideline.statements),
        "options": [f"{item.id}: {item.rating}; {item.radiation.text}" for item in guideline.options],
        "criteria": [item.id for item in guideline.scope.criteria],
        "topics": [item.id for item in guideline.topics],
    }


def find_record(guideline: Guideline, name: str) -> Iterator[Record]:
    """Yield the guideline itself, or each of its records with the id `name`, quotes spelt out."""
    if guideline.id == name:
        yield {**summary(guideline), "statements": list(guideline.statements)}
    if (statement := guideline.statements.get(name)) is not None:
        yield {
            "statement": name,
            "guideline": guideline.id,
            "section": statement.section,
            "quote": statement.quote,
            "start": statement.start,
            "end": statement.end,
        }
    groups = (
        ("option", guideline.options),
        ("criterion", guideline.scope.criteria),
        ("preference", guideline.scope.preferences),
        ("topic", guideline.topics),
        ("unstated", guideline.unstated),
    )
    for kind, records in groups:
        for record in records:
            if record.id == name:
                data = record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                data.pop("id", None)
                yield {kind: name, "guideline": guideline.id, **_spelt(data, guideline)}


def _spelt(value: Any, guideline: Guideline) -> Any:
    """Replace each list of statement ids by their quotes, so that a reader need not look them up."""
    if isinstance(value, dict):
        return {key: _spelt(item, guideline) for key, item in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(item, str) and item in guideline.statements for item in value):
            return {item: guideline.statements[item].quote for item in value}
        return [_spelt(item, guideline) for item in value]
    return value


def describe(value: Any, indent: str = "") -> str:
    """Return plain data as indented lines."""
    lines = []
    items = value.items() if isinstance(value, dict) else (("-", item) for item in value)
    for key, item in items:
        label = f"{indent}{key}" + ("" if key == "-" else ":")
        if isinstance(item, (dict, list)):
            if item:
                lines.append(label)
                lines.append(describe(item, indent + "  ").rstrip("\n"))
        elif item not in ("", None):
            lines.append(f"{label} {item}")
    return "\n".join(lines) + "\n"
