"""A loaded guideline: the text, where its sections are, and the records with their quotes resolved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.guidelines.schema import Metadata, RatedOption, Scope, Step, Topic, Unreached, Unstated
from assistant.types import Evidence

SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch [start, end) of the source under one heading; `start` is where its heading begins.

    `body` is where the text under the heading begins; `headings` is the path from the title down.
    """

    headings: tuple[str, ...]
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class ResolvedStatement:
    """A statement proven against the source: `source_text[start:end] == quote`; an answer prints `shown`."""

    id: str
    quote: str
    start: int
    end: int
    headings: tuple[str, ...]
    shown: str

    @property
    def section(self) -> str:
        """The heading path without the title, for a citation."""
        return section_name(self.headings)


@dataclass(frozen=True, slots=True)
class Guideline:
    """One guideline pack, validated; nothing in it can be changed. `digest` covers every file of it."""

    metadata: Metadata
    source_text: str
    sections: tuple[Section, ...]
    statements: Mapping[str, ResolvedStatement]
    options: tuple[RatedOption, ...]
    steps: tuple[Step, ...]
    scope: Scope
    topics: tuple[Topic, ...]
    unstated: tuple[Unstated, ...]
    unreached: tuple[Unreached, ...]
    folder: Path
    digest: str

    @property
    def id(self) -> str:
        """The pack's id, which is also the name of its folder."""
        return self.metadata.id

    @property
    def title(self) -> str:
        """The title as the text has it."""
        return self.metadata.title

    def headings_at(self, offset: int) -> tuple[str, ...]:
        """Return the heading path of the section that holds the character at `offset`."""
        return headings_at(self.sections, offset)

    def evidence(self, statement: str) -> Evidence:
        """Return a statement as the evidence that an answer cites; CorpusError if there is none."""
        found = self.statements.get(statement)
        if found is None:
            raise CorpusError(f"{self.id} has no statement {statement!r}; run corpus check")
        return Evidence(self.id, found.section, found.quote, found.start, found.end)

    def option(self, option: str) -> RatedOption | None:
        """Return the rated option with that id, or None."""
        return next((item for item in self.options if item.id == option), None)

    def topic(self, topic: str) -> Topic | None:
        """Return the topic with that id, or None."""
        return next((item for item in self.topics if item.id == topic), None)


def section_name(headings: tuple[str, ...]) -> str:
    """Return a heading path as one line, without the title that all sections share."""
    return SEPARATOR.join(headings[1:] or headings)


def headings_at(sections: tuple[Section, ...], offset: int) -> tuple[str, ...]:
    """Return the heading path at `offset`; empty before the first heading."""
    position = bisect_right(sections, offset, key=lambda section: section.start) - 1
    return sections[position].headings if position >= 0 else ()


def find_sections(
    text: str, title: str, headings: tuple[str, ...]
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Find the heading lines in their order; also return those that are not there.

    Levels are read off the text: a heading with no text of its own before the next one (a list of
    frequent questions, for example) holds the headings that follow it. All stand under the title.
    """
    wanted = headings if title in headings else (title, *headings)
    found: list[tuple[str, int, int]] = []
    missing: list[str] = []
    position = 0
    for heading in wanted:
        start = _line_start(text, heading, position)
        if start is None:
            missing.append(heading)
            continue
        position = start + len(heading)
        found.append((heading, start, position))
    sections: list[Section] = []
    parent: str | None = None
    for number, (heading, start, after) in enumerate(found):
        end = found[number + 1][1] if number + 1 < len(found) else len(text)
        path = [title]
        if heading != title:
            path += [parent, heading] if parent else [heading]
        body = text[after:end]
        empty = not body.strip()
        if empty and heading != title and end < len(text):
            parent = heading
            path = [title, heading]
        sections.append(Section(tuple(path), start, after + len(body) - len(body.lstrip()), end))
    return tuple(sections), tuple(missing)


def _line_start(text: str, line: str, position: int) -> int | None:
    """Return where `line` stands as a whole line at or after `position`."""
    if not line or "\n" in line:
        return None
    start = text.find(line, position)
    while start >= 0:
        after = start + len(line)
        if (start == 0 or text[start - 1] == "\n") and (after == len(text) or text[after] in "\r\n"):
            return start
        start = text.find(line, start + 1)
    return None
