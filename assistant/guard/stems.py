"""Word stems, coarse on purpose: "detects", "detection" and "detecting" are one word to the guard."""

from __future__ import annotations

from collections.abc import Mapping

_ENDINGS = frozenset((
    "izations", "ization", "ations", "ation", "ically", "ements", "ement", "nesses", "ness", "ments", "ment",
    "ities", "ity", "ings", "ing", "ions", "ion", "ies", "ied", "ally", "edly", "ely", "ers", "er", "est",
    "ed", "es", "ly", "al", "ic", "or", "s", "e", "y",
))  # fmt: skip
_LONGEST = max(map(len, _ENDINGS))
_LEAST = 3
_CACHE: dict[str, str] = {}
_CACHE_LIMIT = 50_000


def stem(word: str, spelling: Mapping[str, str]) -> str:
    """Return the stem of a lower-case word; British and American spellings have one."""
    found = _CACHE.get(word)
    if found is None:
        found = word
        if len(word) > _LEAST:
            for british, american in spelling.items():
                if british in found:
                    found = found.replace(british, american)
            for _ in range(2):
                found = _strip(found)
        if len(_CACHE) > _CACHE_LIMIT:
            _CACHE.clear()
        _CACHE[word] = found
    return found


def _strip(word: str) -> str:
    # Of two endings that a word has, one ends in the other, and the longer counts.
    for size in range(min(_LONGEST, len(word) - _LEAST), 0, -1):
        if word[-size:] in _ENDINGS:
            word = word[:-size]
            if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            return word
    return word
