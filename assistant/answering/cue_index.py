r"""Many expressions looked for in one text: only those whose first word stands in it are tried, and compiled.

A cue is looked for at the beginning of a word. Where its first word can be told ("why not", "limits?",
"radiat\w+") a text without that word cannot hold it; the few other cues are tried on every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

_TOKEN = re.compile(r"\w+")
_SIGN = re.compile(r"\\.|[()\[\]|]", re.DOTALL)
_LITERAL = re.compile(r"\w+")
_LOOKBEHIND = re.compile(r"\(\?<[!=][^()]*\)")
_NOTHING = re.compile(r"(?!)")
_MOST_KNOWN, _LONGEST_KNOWN = 20_000, 40  # words, letters: bounds what is remembered of any text
_ENDS_WORD = re.compile(r"$|[ ,'-](?![?*{])")  # after the letters of a word: it ends here


class CueIndex:
    """`cues` by name: expressions that match from the beginning of a word to the end of one."""

    def __init__(self, cues: Mapping[str, Sequence[str]]) -> None:
        """Nothing is compiled before it is needed: `check` says whether all cues are expressions."""
        self._names = list(cues)
        self._searches = [_Search(one) for one in cues.values()]
        self._words: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[int]] = {}
        self._always: list[int] = []
        for place, expressions in enumerate(cues.values()):
            for cue in expressions:
                found = first_words(cue)
                if found is None:
                    self._searches[place].unkeyed.append(cue)
                    continue
                for word in found[0]:
                    self._words.setdefault(word, []).append(place)
                for prefix in found[1]:
                    self._prefixes.setdefault(prefix, []).append(place)
            if self._searches[place].unkeyed:
                self._always.append(place)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._begun: dict[str, tuple[int, ...]] = {}

    def check(self) -> None:
        """Compile everything; re.error says which expression is none."""
        for search in self._searches:
            search.all  # noqa: B018 - compiled when first looked at
            search.rest  # noqa: B018

    def matches(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield each name whose cues stand in a lower-case text, with the first match, in the order of names."""
        whole: set[int] = set()
        for token in set(_TOKEN.findall(text)):
            begun = self._begun.get(token)
            whole.update(self._begun_by(token) if begun is None else begun)
        for place in sorted(whole.union(self._always)):
            search = self._searches[place]
            match = (search.all if place in whole else search.rest).search(text)
            if match is not None:
                yield self._names[place], match

    def _begun_by(self, token: str) -> tuple[int, ...]:
        """The places of what a word can begin, worked out once: most words begin nothing, and come again."""
        found = list(self._words.get(token, ()))
        for length in self._lengths:
            if length <= len(token):
                found += self._prefixes.get(token[:length], ())
        if len(self._begun) >= _MOST_KNOWN:
            self._begun.clear()
        if len(token) <= _LONGEST_KNOWN:
            self._begun[token] = tuple(found)
        return tuple(found)


class _Search:
    """The cues of one name; `unkeyed` are those whose first word cannot be told."""

    def __init__(self, cues: Sequence[str]) -> None:
        self.cues = cues
        self.unkeyed: list[str] = []

    @cached_property
    def all(self) -> re.Pattern[str]:
        return _compile(self.cues)

    @cached_property
    def rest(self) -> re.Pattern[str]:
        return _compile(self.unkeyed)


def first_words(cue: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the words that a cue can begin with, and the beginnings of others; None if that cannot be told."""
    words: set[str] = set()
    prefixes: set[str] = set()
    waiting = [cue]
    while waiting:
        one = waiting.pop()
        behind = _LOOKBEHIND.match(one)
        if behind is not None:
            waiting.append(one[behind.end() :])  # it only forbids some places: the first word is the same
            continue
        options = _split(one)
        if len(options) > 1:
            waiting += options
        elif one.startswith("(?:"):
            close = _closing(one)
            rest, sign = one[close + 1 :], one[close + 1 : close + 2]
            if sign and sign in "*+{":
                return None
            if sign == "?":
                rest = rest[1:]
                waiting.append(rest)
            waiting += [f"{option}{rest}" for option in _split(one[3:close])]
        else:
            literal = _LITERAL.match(one)
            if literal is None:
                return None
            stem, end = literal[0], literal.end()
            if _ENDS_WORD.match(one, end):
                words.add(stem)
                continue
            if one[end : end + 1] in ("?", "*", "{"):
                stem = stem[:-1]
            if not stem:
                return None
            prefixes.add(stem)
    return frozenset(words), frozenset(prefixes)


def _split(cue: str) -> list[str]:
    """The alternatives of an expression, as they stand outside all brackets."""
    cuts = [place for place, sign, depth in _signs(cue) if sign == "|" and not depth]
    return [cue[a + 1 : b] for a, b in pairwise((-1, *cuts, len(cue)))]


def _closing(cue: str) -> int:
    """Where the bracket closes that `cue` begins with."""
    return next((place for place, sign, depth in _signs(cue) if sign in ")]" and not depth), len(cue))


def _signs(cue: str) -> Iterator[tuple[int, str, int]]:
    """Yield each sign that is not escaped, with how many brackets are open after it."""
    depth = 0
    for match in _SIGN.finditer(cue):
        depth += (match[0] in "([") - (match[0] in ")]")
        yield match.start(), match[0], depth


def _compile(cues: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)") if cues else _NOTHING
