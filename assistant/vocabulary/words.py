"""One word: British or American, singular or plural, mistyped or not, folded to one key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.vocabulary.schema import Language

_MIN_LETTERS = 5  # shorter words have too many neighbours
_TWO_EDITS_FROM = 9
_MAX_LETTERS = 40  # longer runs of letters are no words; keeps the search linear
_CACHE_LIMIT = 20_000
_SWAP_LETTERS = 4  # in words this short only two swapped letters are bridged


class WordFolder:
    """Folds words by the language tables and finds what an unknown one may be a typing error of."""

    def __init__(self, language: Language) -> None:
        self._spelling = dict(language.spelling)
        self._spelled = re.compile("|".join(map(re.escape, self._spelling)) or r"(?!)")
        self._plurals = tuple(language.plurals.items())
        self._irregular = dict(language.irregular)
        self._unchanged = frozenset(language.unchanged)
        self._prefixes = language.opposed_prefixes
        self._strict = language.strict_endings
        self._folds: dict[str, str] = {}
        self._alternatives: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._known: set[str] = set()
        self._buckets: dict[str, dict[int, list[str]]] = {}
        self._pairs: dict[str, set[str]] = {}
        self._bridged: set[str] = set()
        self.recognise(language.words)
        self.recognise(language.numbers)

    def recognise(self, words: Iterable[str]) -> None:
        """Words that stand for themselves: never taken for a typing error."""
        self._known.update(self.fold(word) for word in words)

    def learn(self, keys: tuple[str, ...], *, typos: bool) -> None:
        """Folded words of a phrase: known from now on, and with `typos` also what typing errors lead to."""
        self._known.update(keys)
        for key, following in pairwise(keys):
            self._pairs.setdefault(key, set()).add(following)
        if typos:
            for key in keys:
                if len(key) >= _SWAP_LETTERS and key not in self._bridged:
                    self._bridged.add(key)
                    self._buckets.setdefault(key[0], {}).setdefault(len(key), []).append(key)

    def plain(self) -> dict[str, Any]:
        """What was learnt so far, as plain data."""
        return {
            "known": sorted(self._known),
            "pairs": {key: sorted(found) for key, found in self._pairs.items()},
            "bridged": [
                [letter, [list(words) for words in found.values()]] for letter, found in self._buckets.items()
            ],
        }

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Know what `plain` gave, as if it had been learnt anew."""
        self._known.update(plain["known"])
        self._pairs = {key: set(found) for key, found in plain["pairs"].items()}
        for letter, found in plain["bridged"]:
            self._buckets[letter] = {len(words[0]): list(words) for words in found}
            self._bridged.update(*found)

    def fold(self, word: str) -> str:
        """The key of a lower-case word. Idempotent on keys of the vocabulary."""
        key = self._folds.get(word)
        if key is None:
            key = self._fold(word)
            if len(self._folds) > _CACHE_LIMIT:
                self._folds.clear()
            self._folds[word] = key
        return key

    def alternatives(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Known words that an unknown key may stand for; several parts where words were glued."""
        if key in self._known or not _SWAP_LETTERS <= len(key) <= _MAX_LETTERS or not key.isalpha():
            return ()
        found = self._alternatives.get(key)
        if found is None:
            found = self._search(key)
            if len(self._alternatives) > _CACHE_LIMIT:
                self._alternatives.clear()
            self._alternatives[key] = found
        return found

    def _fold(self, word: str) -> str:
        if "." in word and len(word) > 1:
            word = word.replace(".", "")
        irregular = self._irregular.get(word)
        if irregular is not None:
            word = irregular
        elif word not in self._unchanged and len(word) > 3:
            for ending, singular in self._plurals:
                if word.endswith(ending):
                    word = word[: len(word) - len(ending)] + singular
                    break
        if len(word) >= _MIN_LETTERS:
            word = self._spelled.sub(lambda match: self._spelling[match.group()], word)
        return word

    def _search(self, key: str) -> tuple[tuple[str, ...], ...]:
        glued = tuple(
            (key[:cut], key[cut:])
            for cut in range(3, len(key) - 2)
            if key[cut:] in self._pairs.get(key[:cut], ())
        )
        if glued:
            return glued
        # The plural ending was taken off a word that is not known: it may have been part of the word.
        return self._nearest(key) or self._nearest(key + "s")

    def _nearest(self, key: str) -> tuple[tuple[str, ...], ...]:
        limit = _edits(key)
        nearest: dict[str, int] = {}
        for letter in dict.fromkeys(key[:2]):
            bucket = self._buckets.get(letter, {})
            for length in range(len(key) - max(limit, 0), len(key) + max(limit, 0) + 1):
                words = bucket.get(length)
                if not words:
                    continue
                if length == len(key) == _SWAP_LETTERS:
                    nearest.update((word, 1) for word in words if _swapped(word, key))
                allowed = min(limit, _edits(words[0])) if length > _SWAP_LETTERS else 0
                if not allowed:
                    continue
                near = process.extract(key, words, scorer=OSA.distance, score_cutoff=allowed, limit=None)
                for word, distance, _ in near:
                    if distance > 1 and self._strict and word.endswith(self._strict):
                        continue  # names of one family differ by little
                    if not self._opposed(key, word):
                        nearest[word] = distance
        if not nearest:
            return ()
        least = min(nearest.values())
        return tuple((word,) for word in sorted(nearest) if nearest[word] == least)

    def _opposed(self, key: str, word: str) -> bool:
        """Whether the two differ by a prefix that turns the meaning ("afebrile", "febrile")."""
        for prefix in self._prefixes:
            if key.startswith(prefix) != word.startswith(prefix):
                shorter, longer = (word, key) if key.startswith(prefix) else (key, word)
                if OSA.distance(longer[len(prefix) :], shorter, score_cutoff=1) <= 1:
                    return True
                for other in self._prefixes:
                    if shorter.startswith(other) and longer[len(prefix) :] == shorter[len(other) :]:
                        return True
        return False


def _edits(word: str) -> int:
    if len(word) < _MIN_LETTERS:
        return 0
    return 2 if len(word) >= _TWO_EDITS_FROM else 1


def _swapped(one: str, other: str) -> bool:
    return one[0] == other[0] and OSA.distance(one, other) == 1 and sorted(one) == sorted(other)
