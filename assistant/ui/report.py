"""The evaluation's last report as tables and plots, whatever its measures are called.

A report nests named results. A *rate* is a record with a value and its interval. Records that stand by split
become one table with a column each; rates by group become a plot; what stays is shown as plain tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.ui.markdown import plain

FILE, TIMES = "report.json", "timings.json"
PLOTS = (".png", ".svg")
MAX_ROWS = 200
MAX_DEPTH = 4
#: The parts of the samples; all together last. What is grouped is shown for that one.
SPLITS = ("dev", "held", "all")
#: Every sample with its outcome, by the thousand: counted, and only those that may be looked at are listed.
RESULTS = "results"
FAILURES = "Failures of the dev split"
SHOWN = {"id": "Sample", "severity": "Severity", "kind": "Outcome", "turns": "Asked"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A rate with its interval, from 0 to 1, and how many it is over."""

    name: str
    value: float
    low: float
    high: float
    total: int


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table (columns of equal length, as safe Markdown) or a titled plot of rates."""

    title: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is shown; `problem` says why there is nothing to show."""

    sections: tuple[Section, ...] = ()
    plots: tuple[Path, ...] = ()
    made: str = ""
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
    found = [*_sections(data), *_failures(data.get(RESULTS))]
    # What matters most comes first: rates by split, then plots of them, then all the rest.
    found.sort(key=lambda item: (not set(SPLITS) & item.columns.keys(), not item.bars, not item.title))
    return Report(tuple(found), plots, _started(folder / TIMES))


def _started(path: Path) -> str:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["started"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return str(found)


def _sections(data: Mapping[str, Any], title: str = "", depth: int = 0) -> Iterator[Section]:
    """Turn nested results into sections; what is nested deeper than a report should be is left out."""
    if _by_split(data):
        yield from _compared(data, title, depth)
        return
    single = {key: value for key, value in data.items() if not isinstance(value, (dict, list))}
    single |= {key: value for key, value in data.items() if _is_rate(value)}
    if single:
        yield Section(title, {"Measure": [plain(_words(key)) for key in single], "Value": _values(single)})
    for key, value in data.items():
        if key in single or key == RESULTS or not value:
            continue
        name = f"{title} › {_words(key)}" if title else _words(key)
        if isinstance(value, list):
            records = [item if isinstance(item, dict) else {"value": item} for item in value]
            yield _rows(name, records)
        elif isinstance(value, dict):
            yield from _named(value, name, depth)


def _named(value: Mapping[str, Any], name: str, depth: int) -> Iterator[Section]:
    """A record of records: rates as a plot, plain records as rows, the rest one level deeper."""
    if all(_is_rate(item) for item in value.values()):
        yield Section(name, bars=tuple(_bar(key, item) for key, item in value.items()))
    elif all(isinstance(item, dict) and _is_flat(item) for item in value.values()):
        yield _rows(name, [{"": _words(inner), **item} for inner, item in value.items()])
    elif depth < MAX_DEPTH:
        yield from _sections(value, name, depth + 1)


def _compared(data: Mapping[str, Any], title: str, depth: int) -> Iterator[Section]:
    """The same measures by split: a column each, then what is grouped within all of them."""
    splits = [split for split in SPLITS if split in data]
    whole = data[splits[-1]]
    single = [key for key, value in whole.items() if _is_rate(value) or not isinstance(value, (dict, list))]
    if single:
        columns = {split: [_value(data[split].get(key, "")) for key in single] for split in splits}
        yield Section(title, {"Measure": [plain(_words(key)) for key in single], **columns})
    yield from _sections({key: value for key, value in whole.items() if key not in single}, title, depth + 1)


def _failures(results: Any) -> Iterator[Section]:
    """The samples that failed and may be looked at: those kept from tuning are counted in the rates alone."""
    if not isinstance(results, list):
        return
    rows = [item for item in results if isinstance(item, dict) and item.get("kind") != "right"]
    rows = [item for item in rows if item.get("split") == SPLITS[0]]
    if rows:
        asked = [{**item, "turns": " / ".join(map(str, item.get("turns", ())))} for item in rows]
        picked = [{label: item.get(key, "") for key, label in SHOWN.items()} for item in asked]
        yield _rows(FAILURES, picked)


def _rows(title: str, records: list[dict[str, Any]]) -> Section:
    names = list(dict.fromkeys(key for record in records for key in record))
    return Section(
        title,
        {
            plain(_words(name)) or "Name": [_value(record.get(name, "")) for record in records[:MAX_ROWS]]
            for name in names
        },
    )


def _by_split(data: Mapping[str, Any]) -> bool:
    return len(data) > 1 and set(data) <= set(SPLITS) and all(isinstance(v, dict) for v in data.values())


def _is_rate(value: Any) -> bool:
    return isinstance(value, dict) and {"value", "low", "high"} <= value.keys()


def _is_flat(record: Mapping[str, Any]) -> bool:
    return not any(isinstance(item, (dict, list)) and not _is_rate(item) for item in record.values())


def _bar(name: str, rate: Mapping[str, Any]) -> Bar:
    value, low, high = (float(rate[key] or 0) for key in ("value", "low", "high"))
    return Bar(_words(name), value, low, high, int(rate.get("total") or 0))


def _words(key: str) -> str:
    words = str(key).replace("_", " ")
    return words[:1].upper() + words[1:] if words not in SPLITS else words


def _values(record: Mapping[str, Any]) -> list[str]:
    return [_value(value) for value in record.values()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if _is_rate(value):
        return _rate(value)
    if isinstance(value, (dict, list)):
        return plain(json.dumps(value, ensure_ascii=False)[:200])
    return plain(str(value)[:500])


def _rate(rate: Mapping[str, Any]) -> str:
    if rate["value"] is None:
        return "–"
    told = f"{rate['value']:.1%}"
    if rate.get("count") is not None:
        told += f" ({rate['count']} of {rate['total']})"
    elif rate.get("total"):
        told += f" (n = {rate['total']})"
    return told
