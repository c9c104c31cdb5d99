"""What a page that is only read consists of: a list of plain elements, in order. All Markdown is safe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Title:
    """A heading of `level` 1 to 4, with its address inside the page."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or a list. `key` names a block that style and script know."""

    markdown: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A quiet remark."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark that must be seen; `warning` or not."""

    markdown: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length, with a description for screen readers."""

    columns: dict[str, list[str]]
    alt: str
    header: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    """Something to copy."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a file, with its description."""

    path: Path
    alt: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A Vega-Lite specification, with its data in it and a description."""

    spec: dict[str, Any]


Element = Title | Text | Caption | Notice | Table | Code | Image | Plot
