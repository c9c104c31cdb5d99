"""Strict YAML, read in one pass over the parser's events, and the line on which each value stands.

The YAML accepted is the part that means the same to everyone: mappings, lists and scalars of the YAML 1.2
core schema. Aliases, anchors, tags, repeated keys, several documents, deep nesting and big files are
refused, so a file can neither blow up in memory nor say something other than what a reader sees in it.
Reading from events is also about twice as fast as yaml.load, because no node tree is built.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

try:  # The C parser is many times faster; the pure one reads the same language.
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - every wheel of PyYAML has the C parser
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 2_000_000
MAX_DEPTH = 32

Location = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class YamlError(Exception):
    """The file is not the YAML that a pack may hold; `line` is 1-based."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """Read a UTF-8 file with its line ends as they are; YamlError when it is too big or is not UTF-8."""
    size = path.stat().st_size
    if size > limit:
        raise YamlError(1, f"the file has {size:,} bytes, more than the {limit:,} allowed; split it")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise YamlError(line, "not UTF-8 text; save the file as UTF-8") from None


def parse(text: str) -> Any:
    """Parse one YAML document into dicts, lists, strings, numbers, booleans and None."""
    return _Reader(text, mark=False).data


def line_of(text: str, location: Location) -> int:
    """Return the 1-based line where `location` (keys and positions from the root) stands in `text`; see `Lines`."""
    return Lines(text).of(location)


class Lines:
    """The lines of all values of one text. It parses the text again, once: it is meant for error messages only."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Location, int] = {}
        self._bad: int | None = None
        try:
            self._lines = _Reader(text, mark=True).lines
        except YamlError as error:
            self._bad = error.line

    def of(self, location: Location) -> int:
        """Return the 1-based line of `location`; one that is not there (a missing key) has its parent's line."""
        if self._bad is not None:
            return self._bad
        for size in range(len(location), -1, -1):
            line = self._lines.get(location[:size])
            if line is not None:
                return line
        return 1


class _Reader:
    """Builds the data from the events; with `mark`, the line of each location too."""

    def __init__(self, text: str, *, mark: bool) -> None:
        self.lines: dict[Location, int] = {}
        self.data: Any = None
        self._mark = mark
        # Each frame is [container, pending key]; a list has no key.
        self._stack: list[list[Any]] = []
        self._documents = 0
        try:
            for event in yaml.parse(text, Loader=_Loader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise YamlError(line, f"not valid YAML: {error.problem or error.context}") from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position or 0) + 1
            raise YamlError(line, "a control character that YAML does not allow; remove it") from None
        except (yaml.YAMLError, ValueError) as error:
            raise YamlError(1, f"not valid YAML: {error}") from None

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None:
                self._refuse(event, "anchors (&name) are not allowed; write the value out")
            if event.tag is not None and event.tag != "!":
                self._refuse(event, f"tags ({event.tag}) are not allowed")
            self._value(event, self._scalar(event))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if event.anchor is not None:
                self._refuse(event, "anchors (&name) are not allowed; write the value out")
            if event.tag is not None:
                self._refuse(event, f"tags ({event.tag}) are not allowed")
            if len(self._stack) >= MAX_DEPTH:
                self._refuse(event, f"nested more than {MAX_DEPTH} levels deep")
            container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._value(event, container)
            self._stack.append([container, None])
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._stack.pop()
            if self._stack:
                self._stack[-1][1] = None
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"aliases (*{event.anchor}) are not allowed; write the value out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "more than one YAML document (---) in the file; keep one")

    def _value(self, event: yaml.Event, value: Any) -> None:
        """Put a value where it belongs: the root, a list item, a key, or the value of the pending key."""
        if not self._stack:
            self.data = value
        else:
            frame = self._stack[-1]
            container, key = frame
            if isinstance(container, list):
                container.append(value)
            elif key is None:
                if not isinstance(value, str):
                    self._refuse(event, "a key must be text")
                if value in container:
                    self._refuse(event, f"the key {value!r} stands here twice; keep one")
                frame[1] = value
            else:
                container[key] = value
                if not isinstance(value, (dict, list)):
                    frame[1] = None
                return  # the line of a value is the line of its key
        if self._mark:
            self.lines[self._location()] = _line(event)

    def _location(self) -> Location:
        return tuple(len(box) - 1 if isinstance(box, list) else key for box, key in self._stack)

    @staticmethod
    def _scalar(event: yaml.ScalarEvent) -> Any:
        text = event.value
        if event.style is not None and event.style != "":
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] in "-+.0123456789":
            if _INT.match(text) and len(text) < 20:
                return int(text)
            if _FLOAT.match(text):
                return float(text)
        return text

    @staticmethod
    def _refuse(event: yaml.Event, message: str) -> None:
        raise YamlError(_line(event), message)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 1
