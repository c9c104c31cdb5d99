"""Phrases with so many writings that they are matched as they stand and not written out.

"<loss|lack> (of) (the) <force|strength> in (the|her) <arm|leg|hand>" has hundreds of writings; as a template
it is a row of elements, each with the words that may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.errors import CorpusError

# A bracket stands for whole words where nothing touches it from outside.
_ELEMENT = re.compile(r"\s*(?:\(([^()<>]*)\)|<([^()<>]*)>|([^\s()<>]+))(?=\s|$)")

Keys = tuple[str, ...]
#: The words of one element, each alternative a row of folded keys; an empty row where it may be left out.
Element = tuple[Keys, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase as a row of elements, and what it stands for."""

    elements: tuple[Element, ...]
    target: str


def read_template(phrase: str, keys_of: Callable[[str], Iterator[Keys]]) -> tuple[Element, ...] | None:
    """Return the elements of `phrase`; None where a bracket stands inside a word. `keys_of` folds words."""
    elements: list[Element] = []
    position = 0
    while position < len(phrase.rstrip()):
        match = _ELEMENT.match(phrase, position)
        if match is None:
            return None
        optional, choice, word = match.groups()
        texts = (optional or choice or word or "").split("|")
        alternatives = dict.fromkeys(keys for text in texts for keys in keys_of(text) if keys)
        if optional is not None:
            alternatives[()] = None
        if not alternatives:
            raise CorpusError(f"a bracket is empty in {phrase!r}")
        elements.append(tuple(alternatives))
        position = match.end()
    return tuple(elements)


def firsts(elements: Sequence[Element]) -> set[str]:
    """Return the keys that a template can begin with."""
    found: set[str] = set()
    for element in elements:
        found.update(keys[0] for keys in element if keys)
        if () not in element:
            break
    return found


def pairs(elements: Sequence[Element]) -> Iterator[Keys]:
    """Yield the rows of words inside elements, and each two that can meet where elements meet."""
    ends: set[str] = set()
    for element in elements:
        for keys in element:
            if keys:
                yield keys
                yield from ((end, keys[0]) for end in ends)
        last = {keys[-1] for keys in element if keys}
        ends = last | ends if () in element else last


def match_end(
    elements: Sequence[Element],
    keys: Sequence[str],
    at: int,
    same: Callable[[str, str], bool],
    separators: frozenset[str],
) -> int | None:
    """Return where the longest match of the elements from token `at` ends; None if there is none.

    `same` compares a token's key with a word's. Linear in tokens: the places reached are kept as a set.
    """
    places = {at}
    for element in elements:
        reached: set[int] = set()
        for place in places:
            for alternative in element:
                end = place
                for word in alternative:
                    while at < end < len(keys) and keys[end] in separators and keys[end] != word:
                        end += 1
                    if end >= len(keys) or not same(keys[end], word):
                        break
                    end += 1
                else:
                    reached.add(end)
        if not reached:
            return None
        places = reached
    return max(places)
