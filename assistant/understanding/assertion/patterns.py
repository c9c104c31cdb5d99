"""Cue patterns: the small language in which context cues are written, and the automaton that finds them all in one pass.

    word  a|b  {class}  (two words|three more words)  x?  ..3  ^  $  before << cue >> after

A pattern is compared with token keys (see `tokens`), not with characters. All patterns become one automaton whose states are
built when first needed, so that finding costs one dictionary look-up per token and match length; no input makes it backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.understanding.assertion.tokens import BREAK, plain_keys

ANY = "\0any"
NUMBER, YEAR, RATIO, ZERO_RATIO = "\0number", "\0year", "\0ratio", "\0zero"
_WORD, _MARK = "\0word", "\0mark"
_NOT_YET = -2
_MAX_STATES = 50_000  # the cache of automaton states starts afresh beyond this

_ATOM = r"(?:\{[a-z_]+\}|[^\s(){}|]+)"
_SYNTAX = re.compile(rf"\(|\)\??|\.\.\d|<<|>>|{_ATOM}(?:\|{_ATOM})+\??|{_ATOM}\??|\|")
_GROUPED = re.compile(rf"\(|\)\??|\.\.\d|<<|>>|{_ATOM}\??|\|")  # inside (a b|c) every bar parts options

Sequence_ = tuple["Element", ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a pattern: any of `options`, each a row of keys or further elements."""

    options: tuple[str | Sequence_, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cue of group `group`: `head` tokens of context come before it and `tail` tokens after."""

    elements: Sequence_
    group: int
    head: int = 0
    tail: int = 0


def parse(text: str, classes: Mapping[str, Element]) -> tuple[Sequence_, Sequence_, Sequence_]:
    """The context before a cue, the cue, and the context after. ValueError says what cannot be read."""
    parts: list[list[Element]] = [[], [], []]
    place = 1 if "<<" not in text else 0
    stack: list[list[list[Element]]] = []
    row = parts[place]
    at = 0
    while match := (_GROUPED if stack else _SYNTAX).search(text, at):
        word, at = match[0], match.end()
        if word in ("<<", ">>"):
            if stack or (word == "<<") != (place == 0):
                raise ValueError(f"misplaced {word!r}")
            place += 1
            row = parts[place]
        elif word == "(":
            stack.append([row, []])
            row = stack[-1][-1]
        elif word == "|" and stack:
            stack[-1].append([])
            row = stack[-1][-1]
        elif word in (")", ")?"):
            if not stack:
                raise ValueError("a bracket is closed that was not opened")
            outer, *options = stack.pop()
            outer.append(Element(tuple(tuple(option) for option in options), word.endswith("?")))
            row = outer
        else:
            row.extend(_elements(word, classes))
    if stack:
        raise ValueError("a bracket is not closed")
    if not parts[1]:
        raise ValueError("it has no words")
    return tuple(parts[0]), tuple(parts[1]), tuple(parts[2])


def _elements(word: str, classes: Mapping[str, Element]) -> list[Element]:
    """The elements of one word of pattern text."""
    if re.fullmatch(r"\.\.\d", word):
        return [Element((ANY,), optional=True)] * int(word[2:])
    optional = len(word) > 1 and word.endswith("?")
    names = [word] if len(word) == 1 else word.removesuffix("?").split("|")
    options: list[str | Sequence_] = []
    for name in names:
        options += _option(name, classes)
    if len(names) == 1 and not optional and isinstance(options[0], tuple) and len(options) == 1:
        return list(options[0])
    return [Element(tuple(options), optional)]


def _option(name: str, classes: Mapping[str, Element]) -> list[str | Sequence_]:
    """What one word, mark or class name of a pattern stands for."""
    if name.startswith("{"):
        if name[1:-1] not in classes:
            raise ValueError(f"there is no class {name}")
        return list(classes[name[1:-1]].options)
    if name in ("^", "$"):
        return [BREAK]
    keys = plain_keys(name)
    if not keys:
        raise ValueError(f"{name!r} has no words")
    return [keys[0]] if len(keys) == 1 else [tuple(Element((key,)) for key in keys)]


def by_length(elements: Sequence_) -> dict[int, list[Sequence_]]:
    """All ways to read `elements`, by how many tokens they take: for contexts, whose length must be known."""
    found: dict[int, list[Sequence_]] = {0: [()]}
    for element in elements:
        ways: dict[int, list[Sequence_]] = {0: [()]} if element.optional else {}
        single = tuple(option for option in element.options if isinstance(option, str))
        if single:
            ways.setdefault(1, []).append((Element(single),))
        for option in element.options:
            if not isinstance(option, str):
                for length, rows in by_length(option).items():
                    ways.setdefault(length, []).extend(rows)
        longer: dict[int, list[Sequence_]] = {}
        for length, rows in found.items():
            for more, tails in ways.items():
                longer.setdefault(length + more, []).extend(row + tail for row in rows for tail in tails)
        found = longer
    return found


class Automaton:
    """Finds every match of every pattern."""

    def __init__(self, patterns: Iterable[Pattern], joints: Iterable[str] = ()) -> None:
        """`joints` are the words that a gap (..3) does not cross."""
        self._joints = frozenset(joints)
        self._edges: list[dict[str, list[int]]] = [{}]
        self._skips: list[list[int]] = [[]]
        self._accepts: dict[int, tuple[int, int, int]] = {}
        for pattern in patterns:
            self._accepts[self._row(pattern.elements, 0)] = (pattern.group, pattern.head, pattern.tail)
        self._vocabulary = {key for edges in self._edges for key in edges}
        self._symbols: dict[str, str] = {}
        self._forget()

    def _node(self) -> int:
        self._edges.append({})
        self._skips.append([])
        return len(self._edges) - 1

    def _row(self, elements: Sequence_, node: int) -> int:
        """Adds a row of elements behind `node`; the node after its last."""
        for element in elements:
            after = self._node()
            for option in element.options:
                if isinstance(option, str):
                    self._edges[node].setdefault(option, []).append(after)
                else:
                    self._skips[self._row(option, self._begin(node))].append(after)
            if element.optional:
                self._skips[node].append(after)
            node = after
        return node

    def _begin(self, node: int) -> int:
        begin = self._node()
        self._skips[node].append(begin)
        return begin

    def _forget(self) -> None:
        self._states: dict[frozenset[int], int] = {}
        self._members: list[frozenset[int]] = []
        self._moves: list[dict[str, int]] = []
        self._found: list[tuple[tuple[int, int, int], ...]] = []
        self._start = self._state([0])

    def _state(self, nodes: Iterable[int]) -> int:
        """The state of being at any of `nodes`, or -1 where there are none."""
        waiting = list(nodes)
        closed: set[int] = set()
        while waiting:
            node = waiting.pop()
            if node not in closed:
                closed.add(node)
                waiting.extend(self._skips[node])
        if not closed:
            return -1
        members = frozenset(closed)
        state = self._states.get(members)
        if state is None:
            state = self._states[members] = len(self._members)
            self._members.append(members)
            self._moves.append({})
            self._found.append(tuple(sorted({self._accepts[n] for n in members if n in self._accepts})))
        return state

    def _move(self, state: int, symbol: str) -> int:
        keys = [symbol]
        if symbol == YEAR or symbol.isdecimal():
            keys.append(NUMBER)
        if symbol == ZERO_RATIO:
            keys.append(RATIO)
        if (
            symbol not in (_MARK, BREAK)
            and symbol not in self._joints
            and (symbol[0] == "\0" or symbol[0].isalnum())
        ):
            keys.append(ANY)
        to = self._state(
            after for node in self._members[state] for key in keys for after in self._edges[node].get(key, ())
        )
        self._moves[state][symbol] = to
        return to

    def symbols(self, keys: Sequence[str], shape: Callable[[str], str]) -> list[str]:
        """What the automaton reads for each token key: the key if a cue uses it, else its `shape`."""
        known = self._vocabulary
        return [key if key in known else shape(key) for key in keys]

    def find(self, symbols: Sequence[str]) -> Iterator[tuple[int, int, int, int, int]]:
        """(group, first, last, cue first, cue last) of every match, by first token; ends are exclusive."""
        if len(self._members) > _MAX_STATES:
            self._forget()
        size = len(symbols)
        moves, found = self._moves, self._found
        first_moves = moves[self._start]
        for begin, first_symbol in enumerate(symbols):
            state = first_moves.get(first_symbol, _NOT_YET)
            if state == _NOT_YET:
                state = self._move(self._start, first_symbol)
            at = begin
            while state >= 0:
                at += 1
                for group, head, tail in found[state]:
                    yield group, begin, at, begin + head, at - tail
                if at == size:
                    break
                following = moves[state].get(symbols[at], _NOT_YET)
                state = self._move(state, symbols[at]) if following == _NOT_YET else following


def shape_of(key: str) -> str:
    """The built-in class of a token key that no cue spells out."""
    first = key[0]
    if first.isdecimal():
        if "/" in key:
            return ZERO_RATIO if key.startswith("0/") else RATIO
        return YEAR if len(key) == 4 and key.isdecimal() and key[:2] in ("19", "20") else NUMBER
    return _WORD if first.isalpha() else _MARK
