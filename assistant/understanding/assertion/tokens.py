"""Words, numbers, marks and sentence ends of a clinical text, with their offsets.

A token's key is what cues are compared with: lower case, without apostrophes; inner hyphens divide words
("pain-free" is two). Short forms with a slash (w/o, h/o, 2/2, n/v) are one token. Sentence ends are tokens of
their own with the key `BREAK`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

BREAK = "¶"
CELL = "⇥"  # a tab, or spaces: the edge of a table cell
QUERY = "¿"  # a question mark before what is asked: "?mets"
_LINE, _BLANK, _STOP = "line", "blank", "stop"

_TOKEN = re.compile(
    r"""(?P<short>(?:[^\W\d_]{1,2}|\d{1,2})/(?:[^\W\d_]{1,2}|\d{1,2})(?![^\W_]))
    |(?P<word>[^\W\d_]+(?:['’‘`´][^\W\d_]+)*)
    |(?P<number>\d+(?:[.,]\d+)*)
    |(?P<space>\s{2,}|[\t\n\r\f\v\x85\u2028\u2029])
    |(?P<inner>(?<=[^\W_])[-‐‑–](?=[^\W_]))
    |(?P<rule>(?P<repeated>[-=_*~\#.])(?P=repeated){2,})
    |(?P<question>\?+)
    |(?P<mark>[^\w\s]|_)""",
    re.VERBOSE,
)
_SINGLE_SPACE = re.compile(r"\S \S")
_APOSTROPHE = "'’‘`´"
_APOSTROPHES = str.maketrans("", "", _APOSTROPHE)
_SHORT_YEAR = 2  # digits
_NEXT_CENTURY_TO = 40
_WRAPPED_LINE = 60  # a line this long that goes on in lower case was wrapped by an editor


@dataclass(frozen=True, slots=True)
class Spoken:
    """A mark said aloud ("full stop"): its words before the last, and neighbours that show it is none."""

    mark: str
    before: tuple[str, ...]
    not_after: frozenset[str]
    not_before: frozenset[str]
    only_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """What tokenising needs to know of the language. `spoken` goes by the last word of what is said."""

    spoken: Mapping[str, Spoken]
    never_end: frozenset[str]
    end_before_capital: frozenset[str]
    open_before_digit: frozenset[str]
    answer_letters: frozenset[str]


@dataclass(slots=True)
class Tokens:
    """`keys[i]` is at `text[starts[i]:ends[i]]`; `breaks` says what ended a sentence: stop, line or blank."""

    text: str
    keys: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    breaks: dict[int, str] = field(default_factory=dict)
    row: bool = False  # whether the line that ends at `row_end` is a table row
    row_end: int = -1

    def add(self, key: str, start: int, end: int) -> None:
        """Adds a token."""
        self.keys.append(key)
        self.starts.append(start)
        self.ends.append(end)

    def drop(self) -> None:
        """Takes the last token back."""
        self.keys.pop()
        self.starts.pop()
        self.ends.pop()

    def close(self, kind: str, start: int, end: int) -> None:
        """Ends the sentence; a second end at the same place only strengthens the first."""
        last = len(self.keys) - 1
        while last >= 0 and self.keys[last] == CELL:
            self.drop()
            last -= 1
        if last < 0 or self.keys[last] != BREAK:
            last += 1
            self.add(BREAK, start, end)
            self.breaks[last] = kind
        elif kind != _STOP and self.breaks[last] != _BLANK:
            self.breaks[last] = kind


def plain_keys(text: str) -> tuple[str, ...]:
    """The keys of a short text such as a cue, without sentence ends."""
    return tuple(
        match[0].lower().translate(_APOSTROPHES)
        for match in _TOKEN.finditer(text)
        if match.lastgroup not in ("space", "inner")
    )


def tokenize(text: str, language: Language) -> Tokens:
    """Tokens of `text`, with a sentence end before the first and after the last."""
    tokens = Tokens(text)
    tokens.close(_BLANK, 0, 0)
    keys, add, spoken = tokens.keys, tokens.add, language.spoken
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow in lower case
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    add_key, add_start, add_end = keys.append, tokens.starts.append, tokens.ends.append
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "word":
            key = lowered[start:end]
            if not key.isalpha():
                key = key.translate(_APOSTROPHES)
            if key in spoken and _say(tokens, spoken[key], start, end):
                continue
            add_key(key)
            add_start(start)
            add_end(end)
        elif kind == "number":
            add(_year(text, start, end), start, end)
        elif kind == "short":
            add(match[0].lower(), start, end)
        elif kind == "space":
            _space(tokens, match[0], start, end)
        elif kind == "rule":
            if match[0][0] == ".":
                add("…", start, end)
            else:
                tokens.close(_STOP, start, end)
        elif kind == "question":
            _question(tokens, start, end)
        elif kind == "mark":
            mark = match[0]
            if mark == ".":
                if _ends_sentence(tokens, language, start, end):
                    tokens.close(_STOP, start, end)
            elif mark == "!":
                tokens.close(_STOP, start, end)
            elif mark == BREAK:  # a pasted sign that is also a key of ours: it ends a line there too
                tokens.close(_LINE, start, end)
            elif mark == CELL:
                if keys[-1] != BREAK:
                    add(CELL, start, end)
            elif mark == ":" and text[start - 1 : start + 2].count(":") > 1:
                if keys[-1] != ";":
                    add(";", start, end)  # "::" parts items, and answers nothing
            elif mark not in "\"“”*_'’‘`´":
                add(mark, start, end)
            elif mark == "*" and keys[-1] == BREAK:
                add("-", start, end)  # a list mark
    tokens.close(_BLANK, len(text), len(text))
    return tokens


def _year(text: str, start: int, end: int) -> str:
    """The key of a number: itself, or the year that an apostrophe before two digits cuts short ("mx '21")."""
    number = text[start:end]
    if end - start != _SHORT_YEAR or not start or text[start - 1] not in _APOSTROPHE:
        return number
    if (start > 1 and text[start - 2].isalnum()) or not number.isdecimal():
        return number
    return f"{20 if int(number) <= _NEXT_CENTURY_TO else 19}{number}"


def _say(tokens: Tokens, spoken: Spoken, start: int, end: int) -> bool:
    """Takes a spoken mark for the mark; False where its neighbours show that it is a word."""
    said = len(spoken.before)
    if said and tuple(tokens.keys[-said:]) != spoken.before:
        return False
    if (
        len(tokens.keys) <= said
        or tokens.keys[-said - 1] in spoken.not_after
        or tokens.keys[-said - 1] == BREAK
    ):
        return False
    following = _TOKEN.search(tokens.text, end, end + 40)
    next_key = following[0].lower().translate(_APOSTROPHES) if following else ""
    if next_key in spoken.not_before or (spoken.only_before and next_key not in spoken.only_before):
        return False
    for _ in range(said):
        start = tokens.starts[-1]
        tokens.drop()
    if spoken.mark == ".":
        tokens.close(_STOP, start, end)
    elif spoken.mark == "?":
        tokens.add("?", start, end)
        tokens.close(_STOP, end, end)
    else:
        tokens.add(spoken.mark, start, end)
    return True


def _question(tokens: Tokens, start: int, end: int) -> None:
    """A question mark ends a sentence, or stands before what is asked."""
    text = tokens.text
    glued = start > 0 and (text[start - 1].isalnum() or text[start - 1] in ")]%+")
    rest = text[end : end + 1]
    if (glued and not rest.isalpha()) or not rest or rest in "\n\r)]":
        tokens.add("?", start, end)
        tokens.close(_STOP, end, end)
    else:
        tokens.add(QUERY, start, end)


def _space(tokens: Tokens, space: str, start: int, end: int) -> None:
    """A line break, the edge of a table cell, or nothing."""
    lines = space.count("\n") or sum(space.count(mark) for mark in "\r\u2028\u2029\x85")
    if not lines:
        if tokens.keys[-1] != BREAK and ("\t" in space or len(space) > 2 or _is_row(tokens, start)):
            tokens.add(CELL, start, end)
        return
    text, last = tokens.text, tokens.keys[-1]
    if lines == 1:
        line_start = max(text.rfind("\n", 0, start), 0)
        continues = end < len(text) and text[end].islower()
        if last == "," or (
            continues and last not in (":", ";", BREAK) and start - line_start >= _WRAPPED_LINE
        ):
            return
    tokens.close(_BLANK if lines > 1 else _LINE, start, end)


def _is_row(tokens: Tokens, at: int) -> bool:
    """Whether two spaces at `at` part the cells of a table row: single ones part words, cells have values."""
    if at >= tokens.row_end:
        text = tokens.text
        end = text.find("\n", at)
        tokens.row_end = len(text) if end < 0 else end
        line = text[text.rfind("\n", 0, at) + 1 : tokens.row_end]
        tokens.row = _SINGLE_SPACE.search(line) is not None and any(mark in line for mark in ":=|?")
    return tokens.row


def _ends_sentence(tokens: Tokens, language: Language, start: int, end: int) -> bool:
    """Whether the full stop at `start` ends a sentence, not an abbreviation, an initial or a list number."""
    text, keys = tokens.text, tokens.keys
    following = text[end : end + 1]
    last = keys[-1]
    if last == BREAK:
        return False
    if following.isdecimal() and tokens.ends[-1] != start:
        return False
    joined = following.isalpha()
    if tokens.ends[-1] == start and last.isalpha():
        if len(last) == 1:
            return _ends_after_letter(tokens, language, end, joined)
        if last in language.never_end:
            return False
        if last in language.end_before_capital and (joined or not _capital_follows(text, end)):
            return False
        if last in language.open_before_digit and text[end : end + 2].strip()[:1].isdecimal():
            return False
        if joined:
            word = _TOKEN.match(text, end)
            return word is not None and len(word[0]) > 1
    elif last.isdecimal() and tokens.ends[-1] == start and len(keys) > 1 and keys[-2] == BREAK:
        return not following.isspace()  # "1. Headache": the number of a list item
    return True


def _ends_after_letter(tokens: Tokens, language: Language, end: int, joined: bool) -> bool:
    text, keys = tokens.text, tokens.keys
    if joined:
        return False
    if keys[-1] in language.answer_letters and len(keys) > 1 and not keys[-2].isalpha():
        return True
    dotted = text[end - 3 : end - 2] == "."  # e.g. a.m.
    if dotted:
        if "".join(keys[-2:]) in language.never_end:
            return False
        return _capital_follows(text, end)
    rest = text[end : end + 2].strip()
    if keys[-1] in language.open_before_digit and rest[:1].isdecimal():  # "b. 1970"
        return False
    return not rest or text[tokens.starts[-1]].islower()


def _capital_follows(text: str, end: int) -> bool:
    """Whether the next thing after a full stop starts with a capital, or nothing follows on the line."""
    rest = text[end : end + 4].lstrip(" ")
    return not rest or rest[0].isupper() or rest[0] in "\r\n"
