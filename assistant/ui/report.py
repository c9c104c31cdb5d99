"""The evaluation's last report as tables and plots, whatever its measures are called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.ui.markdown import plain

FILE = "report.json"
PLOTS = (".png", ".svg")
MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table of a report: columns of equal length, as safe Markdown."""

    title: str
    columns: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is shown; `problem` says why there is nothing to show."""

    sections: tuple[Section, ...] = ()
    plots: tuple[Path, ...] = ()
    problem: str = ""


def read_report(folder: Path) -> Report | None:
    """Return the report in `folder`, or None when there is none."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return Report(problem=f"{path.name} cannot be read: {error}")
    if not isinstance(data, dict):
        return Report(problem=f"{path.name} is not a report: it holds no named results")
    plots = tuple(sorted(item for item in folder.rglob("*") if item.suffix in PLOTS and item.is_file()))
    return Report(tuple(_sections(data)), plots)


def _sections(data: dict[str, Any], title: str = "", depth: int = 0) -> list[Section]:
    """Turn nested results into tables: plain values together, lists of records as rows, the rest deeper."""
    scalars = {key: value for key, value in data.items() if not isinstance(value, (dict, list))}
    sections: list[Section] = []
    if scalars:
        names = [plain(_words(key)) for key in scalars]
        sections.append(
            Section(title, {"Measure": names, "Value": [_value(item) for item in scalars.values()]})
        )
    for key, value in data.items():
        name = f"{title} › {_words(key)}" if title else _words(key)
        if isinstance(value, dict):
            if value and all(isinstance(item, dict) and _flat(item) for item in value.values()):
                sections.append(_rows(name, [{"": _words(inner), **item} for inner, item in value.items()]))
            elif depth < 4:
                sections += _sections(value, name, depth + 1)
        elif isinstance(value, list) and value:
            records = [item if isinstance(item, dict) else {"value": item} for item in value]
            sections.append(_rows(name, records))
    return sections


def _rows(title: str, records: list[dict[str, Any]]) -> Section:
    names = list(dict.fromkeys(key for record in records for key in record))
    return Section(
        title,
        {
            _words(name) or "Name": [_value(record.get(name, "")) for record in records[:MAX_ROWS]]
            for name in names
        },
    )


def _flat(record: dict[str, Any]) -> bool:
    return not any(isinstance(item, (dict, list)) for item in record.values())


def _words(key: str) -> str:
    return str(key).replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, (dict, list)):
        return plain(json.dumps(value, ensure_ascii=False)[:200])
    return plain(str(value)[:500])
