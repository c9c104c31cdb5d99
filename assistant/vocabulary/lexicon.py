"""Phrases in a token trie: the longest match at a token, over spelling variants and typing errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from assistant.errors import CorpusError
from assistant.vocabulary.folding import FoldedText, Tokens, split_words
from assistant.vocabulary.schema import Language
from assistant.vocabulary.templates import Template, firsts, match_end, pairs, read_template
from assistant.vocabulary.words import WordFolder

_END = ""
_MOST_BEGINNINGS = 20_000  # keys of which it is remembered what begins with them
_MOST_WRITINGS = 64  # a phrase with more of them is kept as a template and not written out
_BRACKETS = re.compile(r"\(([^()]*)\)|<([^<>]*)>")


# What a phrase stands for, and the only writing allowed, or None: a list, so that the trie is plain data.
Entry = list[str | None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: tokens `[first, last)`, and whether no typing error was bridged."""

    target: str
    first: int
    last: int
    exact: bool


class Beginning(NamedTuple):
    """Whether phrases may begin with a key, and the templates that may, with whether as they are written."""

    phrases: bool
    templates: tuple[tuple[Template, bool], ...]


class Lexicon:
    """Many phrases, looked up token by token. Build with `add`, then `seal`, then `longest`."""

    def __init__(self, language: Language, words: WordFolder) -> None:
        self._words = words
        self._separators = frozenset(language.separators)
        self._root: dict[str, object] = {}
        self._templates: dict[str, list[Template]] = {}
        self._beginnings: dict[str, Beginning] = {}

    def add(self, phrase: str, target: str, *, typos: bool, cased: bool = False) -> str | None:
        """Add a phrase; the target that holds it already, if another one does, else None."""
        if not cased and count_writings(phrase) > _MOST_WRITINGS:
            elements = read_template(phrase, self._keys)
            if elements is not None:
                self._add_template(Template(elements, target), typos=typos)
                return None
        clash: str | None = None
        for variant in expand_phrase(phrase):
            spelled = _cased_key(variant) if cased else None
            for keys in self._keys(variant):
                if not keys:
                    continue
                self._words.learn(keys, typos=typos)
                clash = self._insert(keys, [target, spelled]) or clash
        return clash

    def plain(self) -> dict[str, Any]:
        """All phrases as plain data."""
        templates = {
            key: [[one.elements, one.target] for one in found] for key, found in self._templates.items()
        }
        return {"root": self._root, "templates": json.loads(json.dumps(templates))}

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Take the phrases that `plain` gave, in the place of `add`; those who do must not add more."""
        self._root = plain["root"]
        read: dict[str, Template] = {}
        for key, found in plain["templates"].items():
            for elements, target in found:
                name = json.dumps([elements, target])
                if name not in read:
                    rows = tuple(tuple(tuple(keys) for keys in element) for element in elements)
                    read[name] = Template(rows, target)
                self._templates.setdefault(key, []).append(read[name])

    def longest(self, keys: Sequence[str], first: int, folded: FoldedText, tokens: Tokens) -> Hit | None:
        """The longest phrase that starts at token `first`; `keys` are the folded words of `tokens`."""
        beginning = self._beginnings.get(keys[first]) or self._beginning(keys[first])
        best: Hit | None = None
        if beginning.phrases:
            best = self._walk(self._root, keys, first, first, True, folded, tokens)
        for template, exact in beginning.templates:
            end = match_end(template.elements, keys, first, self._same, self._separators)
            if end is not None and (best is None or end > best.last):
                best = Hit(template.target, first, end, exact)
        return best

    def _beginning(self, key: str) -> Beginning:
        """What may begin with a key: most words begin nothing, and are met again and again."""
        alternatives = self._words.alternatives(key)
        starts = [key, *(path[0] for path in alternatives if len(path) == 1)]
        found = Beginning(
            key in self._root or bool(alternatives),
            tuple(
                (template, start == key) for start in starts for template in self._templates.get(start, ())
            ),
        )
        if len(self._beginnings) >= _MOST_BEGINNINGS:
            self._beginnings.clear()
        self._beginnings[key] = found
        return found

    def _same(self, key: str, word: str) -> bool:
        return key == word or (word,) in self._words.alternatives(key)

    def _add_template(self, template: Template, *, typos: bool) -> None:
        for words in pairs(template.elements):
            self._words.learn(words, typos=typos)
        for key in sorted(firsts(template.elements)):
            self._templates.setdefault(key, []).append(template)

    def _walk(
        self,
        node: dict[str, object],
        keys: Sequence[str],
        first: int,
        at: int,
        exact: bool,
        folded: FoldedText,
        tokens: Tokens,
    ) -> Hit | None:
        best: Hit | None = None
        count = len(keys)
        while True:
            entries = node.get(_END)
            if entries is not None and at > first:
                entry = _allowed(entries, tokens.starts[first], tokens.ends[at - 1], folded)  # type: ignore[arg-type]
                if entry is not None:
                    best = Hit(entry, first, at, exact)
            while at < count and at > first and keys[at] in self._separators and keys[at] not in node:
                at += 1
            if at >= count:
                return best
            key = keys[at]
            step = node.get(key)
            if step is not None:
                node = step  # type: ignore[assignment]
                at += 1
                continue
            for path in self._words.alternatives(key):
                branch: object | None = node
                for part in path:
                    branch = branch.get(part) if isinstance(branch, dict) else None
                if isinstance(branch, dict):
                    joined = len(path) > 1
                    hit = self._walk(branch, keys, first, at + 1, exact and joined, folded, tokens)
                    if hit is not None and (best is None or hit.last > best.last):
                        best = hit
            return best

    def _insert(self, keys: tuple[str, ...], entry: Entry) -> str | None:
        node = self._root
        for key in keys:
            node = node.setdefault(key, {})  # type: ignore[assignment]
        entries: list[Entry] = node.setdefault(_END, [])  # type: ignore[assignment]
        for target, cased in entries:
            if cased == entry[1]:
                return target if target != entry[0] else None
        entries.append(entry)
        # The case-bound writing is the more particular one and is asked first.
        entries.sort(key=lambda one: one[1] is None)
        return None

    def _keys(self, phrase: str) -> Iterator[tuple[str, ...]]:
        """The folded words of a phrase; a hyphenated phrase also written as one word."""
        fold, separators = self._words.fold, self._separators
        lowered = phrase.lower()
        yield tuple([fold(word) for word in split_words(lowered) if word not in separators])
        if "-" in lowered:
            yield tuple(
                [fold(word) for word in split_words(lowered.replace("-", "")) if word not in separators]
            )


def count_writings(phrase: str) -> int:
    """In how many ways a phrase can be written."""
    count = 1
    for optional, choice in _BRACKETS.findall(phrase):
        count *= optional.count("|") + 2 if optional else choice.count("|") + 1
    return count


def expand_phrase(phrase: str) -> Iterable[str]:
    """All writings of a phrase: `(a|b)` is optional, `<a|b>` a choice. CorpusError on an open bracket."""
    if "(" not in phrase and "<" not in phrase:
        return (phrase,)
    parts: list[tuple[str, ...]] = []
    rest = phrase
    while rest:
        opening = min((rest.find(sign) for sign in "(<" if sign in rest), default=-1)
        if opening < 0:
            parts.append((rest,))
            break
        closing = rest.find(")" if rest[opening] == "(" else ">", opening)
        if closing < 0:
            raise CorpusError(f"a bracket is not closed in {phrase!r}")
        choices = tuple(rest[opening + 1 : closing].split("|"))
        parts.append((rest[:opening],))
        parts.append(("", *choices) if rest[opening] == "(" else choices)
        rest = rest[closing + 1 :]
    return ("".join(chosen) for chosen in product(*parts))


def _cased_key(text: str) -> str:
    """Letters and digits as written, with one space for anything between ("AC-T", "AC T"; not "ACT")."""
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def _allowed(entries: list[Entry], start: int, end: int, folded: FoldedText) -> str | None:
    """The target of the first entry whose writing is that of the text."""
    for target, cased in entries:
        if cased is None or _cased_key(folded.cased[start:end]) == cased:
            return target
    return None
