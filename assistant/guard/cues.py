"""Cue phrases as data, found in one pass: each group of phrases is a sign that a rule reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[^\s\w]")
#: Signs that may stand inside a phrase: "extra-osseous", "**not** always", "and/or".
_JOINTS = frozenset('-*_`~/"')
_GAP = "~"
_GAP_WORDS = 3
_NOT = "n't"
_CONTRACTED = {"can't": "can", "shan't": "shall"}
_MIN_PREFIX = 2
_MOST_KNOWN = 5_000  # words remembered at a step


class Word(NamedTuple):
    """A word or sign of the lower-case text, [start, end)."""

    text: str
    start: int
    end: int


class Cue(NamedTuple):
    """A phrase of `group` in the text; `first` and `last` number its words, half-open."""

    group: str
    start: int
    end: int
    first: int
    last: int


class _Node:
    """One step of a phrase; children by exact word, by "prefix*", and "~" for a few words between."""

    __slots__ = ("children", "groups", "known")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.groups: list[str] = []
        self.known: dict[str, tuple[_Node, ...]] = {}


class CueFinder:
    """All groups in one trie. In a phrase `word*` is a prefix and `~` stands for up to three words."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        for group, phrases in groups.items():
            for phrase in phrases:
                self._add(group, phrase)

    def find(self, words: list[Word]) -> list[Cue]:
        """Return the cues in order of start; of one group never one inside another."""
        found: dict[str, list[Cue]] = {}
        for first in range(len(words)):
            hits: dict[str, int] = {}
            self._walk(self._root, words, first, hits)
            for group, last in hits.items():
                kept = found.setdefault(group, [])
                if kept and kept[-1].last >= last:
                    continue
                kept.append(Cue(group, words[first].start, words[last - 1].end, first, last))
        return sorted((cue for cues in found.values() for cue in cues), key=lambda cue: (cue.start, cue.end))

    def _add(self, group: str, phrase: str) -> None:
        node = self._root
        for part in phrase.lower().replace("-", " ").replace("/", " ").split():
            node = node.children.setdefault(part, _Node())
        if group not in node.groups:
            node.groups.append(group)

    def _walk(self, node: _Node, words: list[Word], at: int, hits: dict[str, int]) -> None:
        for group in node.groups:
            if hits.get(group, -1) < at:
                hits[group] = at
        if at >= len(words) or not node.children:
            return
        word = words[at].text
        for child in _steps(node, word):
            self._walk(child, words, at + 1, hits)
        gap = node.children.get(_GAP)
        if gap is not None:
            for skipped in range(_GAP_WORDS + 1):
                position = at + skipped
                if position >= len(words):
                    break
                for child in _steps(gap, words[position].text):
                    self._walk(child, words, position + 1, hits)
                if words[position].text in ".;:!?|":
                    break


def _steps(node: _Node, word: str) -> tuple[_Node, ...]:
    """The children that a word leads to, worked out once for each word and kept."""
    found = node.known.get(word)
    if found is None:
        if len(node.known) >= _MOST_KNOWN:
            node.known.clear()
        found = node.known[word] = tuple(_search(node.children, word))
    return found


def _search(children: Mapping[str, _Node], word: str) -> Iterator[_Node]:
    names = [word]
    if word.endswith(_NOT):
        # "isn't" is "is not" in every phrase, and "not" in one that begins so.
        verb = children.get(_CONTRACTED.get(word, word.removesuffix(_NOT)))
        whole = verb.children.get("not") if verb is not None else None
        if whole is not None:
            yield whole
        names += [_NOT, "not", *(["cannot"] if word == "can't" else [])]
    names += [word[:length] + "*" for length in range(_MIN_PREFIX, len(word) + 1)]
    yield from (children[name] for name in names if name in children)


def words_of(lower: str) -> list[Word]:
    """Return words and signs of a lower-case text, without the signs that join words."""
    return [
        Word(text, match.start(), match.end())
        for match in _WORD.finditer(lower)
        if (text := match.group()) not in _JOINTS
    ]
