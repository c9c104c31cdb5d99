"""Cue patterns: the language in which cues are written, and the automaton that finds them all in one pass.

    word   a|b   {class}   (two words|three words)   x?   ..3   ^   $   before << cue >> after

A pattern is compared with token keys (see `tokens`), not with characters. All patterns become one automaton
whose states are built when first needed: finding costs one look-up per token of a match, and nothing makes it
backtrack.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from typing import Any

from assistant.understanding.assertion.tokens import BREAK, plain_keys

ANY = "\0any"
NUMBER, YEAR, RATIO, ZERO_RATIO = "\0number", "\0year", "\0ratio", "\0zero"
_WORD, _MARK = "\0word", "\0mark"
_START, _DEAD, _NOT_YET = 0, -1, -2
_MAX_STATES = 50_000  # the cache of automaton states starts afresh beyond this
_MANY_NODES = 64  # a state of more nodes keeps their edges in one table

_ATOM = r"(?:\{[a-z_]+\}|[^\s(){}|]+)"
_SYNTAX = re.compile(rf"\(|\)\??|\.\.\d|<<|>>|{_ATOM}(?:\|{_ATOM})+\??|{_ATOM}\??|\|")
_GROUPED = re.compile(rf"\(|\)\??|\.\.\d|<<|>>|{_ATOM}\??|\|")  # inside (a b|c) every bar parts options

Row = tuple["Element", ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a pattern: any of `options`, each a row of keys or further elements."""

    options: tuple[str | Row, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cue of group `group`: `head` tokens of context come before it and `tail` tokens after."""

    elements: Row
    group: int
    head: int = 0
    tail: int = 0


def parse(text: str, classes: Mapping[str, Element]) -> tuple[Row, Row, Row]:
    """The context before a cue, the cue, and the context after. ValueError says what cannot be read."""
    parts: list[list[Element]] = [[], [], []]
    place = 1 if "<<" not in text else 0
    stack: list[list[list[Element]]] = []
    row = parts[place]
    at = 0
    while match := (_GROUPED if stack else _SYNTAX).search(text, at):
        word, at = match[0], match.end()
        if word in ("<<", ">>"):
            if stack or place == 2 or (word == "<<") != (place == 0):
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
    options: list[str | Row] = []
    for name in names:
        options += _option(name, classes)
    if len(names) == 1 and not optional and isinstance(options[0], tuple) and len(options) == 1:
        return list(options[0])
    return [Element(tuple(options), optional)]


def _option(name: str, classes: Mapping[str, Element]) -> list[str | Row]:
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


def by_length(elements: Row) -> dict[int, list[Row]]:
    """All ways to read `elements`, by how many tokens they take: for contexts, whose length must be known."""
    found: dict[int, list[Row]] = {0: [()]}
    for element in elements:
        ways: dict[int, list[Row]] = {0: [()]} if element.optional else {}
        single = tuple(option for option in element.options if isinstance(option, str))
        if single:
            ways.setdefault(1, []).append((Element(single),))
        for option in element.options:
            if not isinstance(option, str):
                for length, rows in by_length(option).items():
                    ways.setdefault(length, []).extend(rows)
        longer: dict[int, list[Row]] = {}
        for length, rows in found.items():
            for more, tails in ways.items():
                longer.setdefault(length + more, []).extend(row + tail for row in rows for tail in tails)
        found = longer
    return found


class _States:
    """The states of the automaton that texts have needed so far; a state is a set of nodes."""

    def __init__(self) -> None:
        self.ids: dict[frozenset[int], int] = {}
        self.nodes: list[frozenset[int]] = []
        self.moves: list[dict[str, int]] = []
        self.found: list[tuple[tuple[int, int, int], ...]] = []
        self.tables: dict[int, dict[int, list[int]]] = {}


class Graph:
    """The nodes of an automaton: `edges` by key, `skips` that read nothing, and what is found at `accepts`.

    All of it is plain data, so that it can be kept: making it takes longer than anything else at a start.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.edges: list[dict[str, list[int]]] = [{}]
        self.skips: list[list[int]] = [[]]
        self.accepts: list[tuple[int, int, int, int]] = []
        for pattern in patterns:
            self.accepts.append((self._add(pattern.elements, 0), pattern.group, pattern.head, pattern.tail))

    def plain(self) -> dict[str, Any]:
        """The graph in few long lists: of node n, edges and skips [at[n], at[n + 1]) of all that follow each other.

        An edge is one of the `groups` of keys, which many edges share, and where they lead to.
        """
        groups: dict[tuple[str, ...], int] = {}
        flat: list[list[tuple[int, int]]] = []
        for edges in self.edges:
            keys_to: dict[int, list[str]] = {}
            for key, found in edges.items():
                for to in found:
                    keys_to.setdefault(to, []).append(key)
            flat.append([(groups.setdefault(tuple(keys), len(groups)), to) for to, keys in keys_to.items()])
        return {
            "groups": [list(keys) for keys in groups],
            "edges_at": [0, *accumulate(map(len, flat))],
            "keys": [group for one in flat for group, _ in one],
            "to": [to for one in flat for _, to in one],
            "skips_at": [0, *accumulate(map(len, self.skips))],
            "skips": [to for one in self.skips for to in one],
            "accepts": [list(one) for one in self.accepts],
        }

    def _node(self) -> int:
        self.edges.append({})
        self.skips.append([])
        return len(self.edges) - 1

    def _add(self, row: Row, node: int) -> int:
        """Adds a row of elements behind `node`; the node after its last."""
        for element in row:
            after = self._node()
            for option in element.options:
                if isinstance(option, str):
                    self.edges[node].setdefault(option, []).append(after)
                else:
                    begin = self._node()
                    self.skips[node].append(begin)
                    self.skips[self._add(option, begin)].append(after)
            if element.optional:
                self.skips[node].append(after)
            node = after
        return node


class Automaton:
    """Finds every match of every pattern. Threads may share it.

    `graph` is what `Graph.plain` gives; `joints` are the words that a gap (..3) does not cross.
    """

    def __init__(self, graph: Mapping[str, Any], joints: Iterable[str] = ()) -> None:
        self._joints = frozenset(joints)
        self._groups_of: dict[str, list[int]] = {}
        for group, keys in enumerate(graph["groups"]):
            for key in keys:
                self._groups_of.setdefault(key, []).append(group)
        self._edges_at, self._keys, self._to = (
            array("i", graph[name]) for name in ("edges_at", "keys", "to")
        )
        self._skips_at, self._skips = (array("i", graph[name]) for name in ("skips_at", "skips"))
        self._accepts = {node: (group, head, tail) for node, group, head, tail in graph["accepts"]}
        self._lock = Lock()
        self._states = self._fresh()

    def symbols(self, keys: Iterable[str]) -> list[str]:
        """What the automaton reads for each token key: the key if some cue has it, else its kind."""
        known = self._groups_of
        return [key if key in known else _kind(key) for key in keys]

    def find(self, symbols: Sequence[str]) -> Iterator[tuple[int, int, int, int, int]]:
        """(group, first, last, cue first, cue last) of every match, by first token; ends are exclusive."""
        if len(self._states.nodes) > _MAX_STATES:
            self._states = self._fresh()
        states = self._states
        size, moves, found = len(symbols), states.moves, states.found
        first_moves = moves[_START]
        for begin, symbol in enumerate(symbols):
            state = first_moves.get(symbol, _NOT_YET)
            if state == _NOT_YET:
                state = self._move(states, _START, symbol)
            at = begin
            while state >= 0:
                at += 1
                for group, head, tail in found[state]:
                    yield group, begin, at, begin + head, at - tail
                if at == size:
                    break
                following = moves[state].get(symbols[at], _NOT_YET)
                state = self._move(states, state, symbols[at]) if following == _NOT_YET else following

    # ------------------------------------------------------------------ building

    def _fresh(self) -> _States:
        states = _States()
        self._state(states, [0])
        return states

    def _state(self, states: _States, nodes: Iterable[int]) -> int:
        """The state of being at any of `nodes`, or _DEAD where there are none."""
        waiting = list(nodes)
        closed: set[int] = set()
        skips, at = self._skips, self._skips_at
        while waiting:
            node = waiting.pop()
            if node not in closed:
                closed.add(node)
                waiting.extend(skips[at[node] : at[node + 1]])
        if not closed:
            return _DEAD
        members = frozenset(closed)
        state = states.ids.get(members)
        if state is None:
            state = len(states.nodes)
            states.nodes.append(members)
            states.moves.append({})
            states.found.append(tuple(sorted({self._accepts[n] for n in members if n in self._accepts})))
            states.ids[members] = state
        return state

    def _move(self, states: _States, state: int, symbol: str) -> int:
        """The state after `symbol`, worked out once and kept."""
        keys = [symbol]
        if symbol == YEAR or symbol.isdecimal():
            keys.append(NUMBER)
        elif symbol == ZERO_RATIO:
            keys.append(RATIO)
        is_word = symbol[0].isalnum() or (symbol[0] == "\0" and symbol != _MARK)
        if is_word and symbol not in self._joints:
            keys.append(ANY)
        with self._lock:
            edges = self._table(states, state)
            groups = (group for key in keys for group in self._groups_of.get(key, ()))
            after = [to for group in groups for to in edges.get(group, ())]
            to = self._state(states, after)
            states.moves[state][symbol] = to
        return to

    def _table(self, states: _States, state: int) -> dict[int, list[int]]:
        """The edges that leave a state, by group; of a large one (the start has thousands of nodes) they are kept."""
        table = states.tables.get(state)
        if table is None:
            nodes, at, keys, to = states.nodes[state], self._edges_at, self._keys, self._to
            table = {}
            for node in nodes:
                for edge in range(at[node], at[node + 1]):
                    table.setdefault(keys[edge], []).append(to[edge])
            if len(nodes) > _MANY_NODES:
                states.tables[state] = table
        return table


def _kind(key: str) -> str:
    """The built-in class of a token key that no cue spells out."""
    first = key[0]
    if first.isdecimal():
        if "/" in key:
            return ZERO_RATIO if key.startswith("0/") else RATIO
        return YEAR if len(key) == 4 and key.isdecimal() and key[:2] in ("19", "20") else NUMBER
    return _WORD if first.isalpha() else _MARK
