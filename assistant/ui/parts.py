"""An answer's Markdown taken apart: what is read first, the table of options, and what can wait.

The text of an answer may hold a table of the rated options and sections that begin with a bold label. The
card shows the lead, the options as a table of its own, then short sections; long ones open at a click.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Answer, Option

#: Up to here an answer is shown at once; sections that go beyond it open at a click.
VISIBLE_CHARS = 700
_LABEL = re.compile(r"^\*\*([^*]{2,80}?):?\*\*:?")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|[\s:|-]+\|\s*$")
_MARKERS = re.compile(r"\s*\[\d{1,3}\]")
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_AFTER_BOLD = re.compile(r"\s+\(\w+\)\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """A rated option as the card's table has it; the texts may hold [n] markers."""

    option: Option
    rating: str
    radiation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """The Markdown of an answer without its table: shown at once, and in `more` what opens at a click."""

    lead: str
    after: str
    more: str
    labels: tuple[str, ...]

    def cited_in_more_alone(self, answer: Answer) -> frozenset[int]:
        """Return the numbers of the citations that nothing needs which is shown at once."""
        shown = [self.lead, self.after]
        if answer.options:
            shown += [line for line in answer.text.split("\n") if _ROW.match(line)]
        return _numbers(self.more) - _numbers("\n".join(shown))


def take_apart(answer: Answer) -> Parts:
    """Return the parts of an answer, in their order; `after` stands under the table of options."""
    blocks, place = _blocks(answer.text)
    sections: list[list[str]] = [[]]
    for number, block in enumerate(blocks):
        if number and (number == place or _LABEL.match(block)):
            sections.append([])
        sections[-1].append(block)
    lead = "\n\n".join(sections[0])
    after: list[str] = []
    more: list[str] = []
    labels: list[str] = []
    length = len(lead)
    for section in sections[1:]:
        text = "\n\n".join(section)
        length += len(text)
        if more or length > VISIBLE_CHARS:
            more.append(text)
            label = _LABEL.match(text)
            labels += [label.group(1)] if label else []
        else:
            after.append(text)
    return Parts(lead, "\n\n".join(after), "\n\n".join(more), tuple(labels))


def without_table(text: str) -> str:
    """Return an answer's Markdown without its tables, which stand as options beside it."""
    return "\n\n".join(_blocks(text)[0])


def option_rows(answer: Answer) -> tuple[Row, ...]:
    """Return the rated options, the preferred first, each with the markers that its table row has."""
    order = {"recommended": 0, "mentioned": 1, "not_recommended": 2}
    cells = _cells(answer.text)
    options = sorted(answer.options, key=lambda item: (not item.preferred, order[item.role]))
    return tuple(_row(option, cells.get(_key(option.name), ())) for option in options)


def _row(option: Option, cells: Sequence[str]) -> Row:
    found: dict[str, str] = {}
    notes: list[str] = []
    for cell in cells:
        words = _MARKERS.sub("", cell).strip()
        if words == option.rating:
            found["rating"] = cell
        elif words == option.radiation:
            found["radiation"] = cell
        elif words:
            notes.append(cell)
    return Row(
        option,
        found.get("rating", option.rating),
        found.get("radiation", option.radiation),
        "; ".join(notes),
    )


def _cells(text: str) -> dict[str, list[str]]:
    """Return the cells of each table row after its first, by the name that stands in the first."""
    rows: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if _ROW.match(line) and not _RULE.match(line):
            first, *rest = (cell.strip() for cell in line.strip().strip("|").split("|"))
            rows[_key(first)] = rest
    return rows


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(found) for found in _NUMBER.findall(text))


def _key(name: str) -> str:
    words = _MARKERS.sub("", name)
    if words.startswith("**"):
        words = _AFTER_BOLD.sub("", words)
    return words.replace("*", "").strip().casefold()


def _blocks(text: str) -> tuple[list[str], int]:
    """Return the blocks between blank lines without tables, and how many stand before the first table."""
    blocks: list[str] = []
    place = -1
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in block.split("\n") if not _ROW.match(line)]
        if len(lines) < len(block.split("\n")) and place < 0:
            place = len(blocks) + bool(lines)
        if lines:
            blocks.append("\n".join(lines))
    return blocks, place
