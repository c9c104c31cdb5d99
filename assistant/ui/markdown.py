"""Text of users, models and guidelines made safe for a Markdown renderer.

Nothing that comes from outside is rendered as it is: `plain` escapes all of it, and `prose` lets through
bold, lists and the [n] markers of an answer, and escapes the rest. Links, images, HTML, colours, icons,
formulas and automatic links all come out as the characters that they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

#: Joins what would otherwise be read as one token (`:icon:`, a web address, an arrow); it is not seen.
_JOINER = "\u2060"
_SPECIAL = re.compile(r"([\\`*_\[\]<>$~|&^{}])")
_DIRECTIVE = re.compile(r":(?=[A-Za-z:])")
_LINE_START = re.compile(r"^([#+\-=:]|\d+(?=[.)]))")
_AFTER_DIGITS = re.compile(r"^(\d+)([.)])")
_TOKENS = re.compile(
    r":(?=[\w+\-/]+:)|https?:(?=//)|www(?=\.)|@|-(?=[->])|<(?=[-=])|>(?==)|~(?==)|\((?=[cCrRpP]\))"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_BULLET = re.compile(r"^\s*[-*•+]\s+")
_NUMBER = re.compile(r"^\s*(\d{1,2})[.)]\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def clean(text: str) -> str:
    """Return `text` without control characters and without marks that turn its direction."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def plain(text: str) -> str:
    """Return `text` on one line, escaped so that Markdown shows exactly its characters."""
    return _escape(" ".join(clean(text).split()))


def _escape(text: str) -> str:
    joined = _TOKENS.sub(lambda match: match.group() + _JOINER, text)
    escaped = _DIRECTIVE.sub(r"\\:", _SPECIAL.sub(r"\\\1", joined))
    if _AFTER_DIGITS.match(escaped):
        return _AFTER_DIGITS.sub(r"\1\\\2", escaped)
    return _LINE_START.sub(r"\\\1", escaped)


def shorten(text: str, limit: int = 60) -> str:
    """Return `text` on one line of at most `limit` characters, cut at a word."""
    line = " ".join(clean(text).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:.") + "…"


def prose(text: str, numbers: Collection[int] = (), href: Callable[[int], str] | None = None) -> str:
    """Return an answer's Markdown with only bold, lists and the markers of `numbers` left in force."""
    lines: list[str] = []
    for raw in clean(text).split("\n"):
        if bullet := _BULLET.match(raw):
            lines.append("- " + _inline(raw[bullet.end() :], numbers, href))
        elif number := _NUMBER.match(raw):
            lines.append(f"{number.group(1)}. " + _inline(raw[number.end() :], numbers, href))
        elif heading := _HEADING.match(raw):
            lines.append(f"**{_inline(raw[heading.end() :].replace('**', ''), numbers, href)}**")
        else:
            lines.append(_inline(raw.lstrip(" >"), numbers, href))
    return "\n".join(lines)


def _inline(text: str, numbers: Collection[int], href: Callable[[int], str] | None) -> str:
    parts: list[str] = []
    position = 0
    for bold in _BOLD.finditer(text):
        parts.append(_marked(text[position : bold.start()], numbers, href))
        parts.append(f"**{_marked(bold.group(1), numbers, href)}**")
        position = bold.end()
    parts.append(_marked(text[position:], numbers, href))
    return "".join(parts)


def _marked(text: str, numbers: Collection[int], href: Callable[[int], str] | None) -> str:
    parts: list[str] = []
    position = 0
    for marker in _MARKER.finditer(text):
        number = int(marker.group(1))
        if number not in numbers:
            continue
        parts.append(_escape(_unescaped(text[position : marker.start()])))
        parts.append(f"[\\[{number}\\]]({href(number)})" if href else f"\\[{number}\\]")
        position = marker.end()
    parts.append(_escape(_unescaped(text[position:])))
    return "".join(parts)


def _unescaped(text: str) -> str:
    """Undo the answer's own backslash escapes, since all of it is escaped again."""
    return _ESCAPE.sub(r"\1", text)


def readable(text: str) -> str:
    """Return an answer's Markdown as plain text: bold marks and escapes taken away, markers kept."""
    return "\n".join(
        _unescaped(_BOLD.sub(r"\1", _HEADING.sub("", line))).rstrip() for line in clean(text).split("\n")
    )


def pieces(text: str) -> Iterator[str]:
    """Yield Markdown made by `prose` in pieces that can be shown one after the other."""
    position = 0
    for stop in re.finditer(r"(?<=[.!?\])])\s+|\n+", text):
        yield text[position : stop.end()]
        position = stop.end()
    if position < len(text):
        yield text[position:]
