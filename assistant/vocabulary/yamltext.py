"""YAML as the vocabulary writes it: mappings, lists and scalars, read from the parser's events.

Building plain data straight from events takes a third of the time of `yaml.load`, sees repeated keys, and
leaves words such as "on" and "no" the words they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_MAX_BYTES = 2_000_000
_MAX_DEPTH = 32
_WORDS = {"true": True, "false": False, "null": None, "": None}


class YamlTextError(Exception):
    """The text is not the YAML expected; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_text(path: Path) -> str:
    """The text of a file. YamlTextError if it is too big, is not UTF-8 or cannot be read."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
    except OSError as error:
        raise YamlTextError(1, f"the file cannot be read ({error.strerror})") from error
    if raw is None:
        raise YamlTextError(1, f"the file has more than {_MAX_BYTES:,} bytes; split it")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise YamlTextError(raw.count(b"\n", 0, error.start) + 1, "not UTF-8 text") from error


def parse_yaml(text: str) -> Any:
    """Data of a YAML text with one document. YamlTextError on bad syntax, aliases, tags, and repeated keys."""
    data: Any = None
    documents = 0
    try:
        events = yaml.parse(text, Loader=_LOADER)
        for event in events:  # to the end: what stands behind the first document would be left out unseen
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlTextError(_line(event), "more than one document (---); keep one")
                data = _value(next(events), events)
    except (yaml.YAMLError, ValueError) as error:  # a ValueError: a number of thousands of digits
        mark = getattr(error, "problem_mark", None)
        raise YamlTextError(
            mark.line + 1 if mark else 1, getattr(error, "problem", None) or str(error)
        ) from error
    return data


def line_of(text: str, location: Sequence[int | str]) -> int:
    """The line (from 1) of a place in a text that `parse_yaml` accepts, as deep as the place exists."""
    node = yaml.compose(text, Loader=_LOADER)
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _value(event: Any, events: Iterator[Any], depth: int = 0) -> Any:
    kind = type(event)
    if getattr(event, "tag", None) not in (None, "!"):
        raise YamlTextError(_line(event), f"tags ({event.tag}) are not allowed")
    if kind is yaml.ScalarEvent:
        return _scalar(event)
    if depth >= _MAX_DEPTH:
        raise YamlTextError(_line(event), f"nested more than {_MAX_DEPTH} levels deep")
    if kind is yaml.SequenceStartEvent:
        items: list[Any] = []
        while type(event := next(events)) is not yaml.SequenceEndEvent:
            items.append(_value(event, events, depth + 1))
        return items
    if kind is yaml.MappingStartEvent:
        mapping: dict[str, Any] = {}
        while type(event := next(events)) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise YamlTextError(_line(event), "a key must be a plain text")
            key = event.value
            if key in mapping:
                raise YamlTextError(_line(event), f"the key {key!r} is there twice")
            mapping[key] = _value(next(events), events, depth + 1)
        return mapping
    raise YamlTextError(_line(event), "aliases are not allowed")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:  # quoted
        return text
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if (first.isdecimal() or first in "+-.") and _NUMBER.fullmatch(text):
        return float(text) if any(sign in text for sign in ".eE") else int(text)
    return text
