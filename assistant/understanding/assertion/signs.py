"""Plus and minus signs: before a finding ("-headache"), after it ("HA-"), or only a dash or a list mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.understanding.assertion.tokens import BREAK, CELL, Tokens

_EDGES = frozenset((BREAK, CELL, "…", ",", ";", "/", "|", "(", ")", "[", "]", ":", "and", "&"))
_MINUS = frozenset("-−–")
_PLUS = "+"


class _Place(NamedTuple):
    """Where a mark stands: beside an edge of its item, or glued to a word."""

    left: bool
    right: bool
    glued_left: bool
    glued_right: bool
    opens_line: bool


def directions(tokens: Tokens, signs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """For each sign, a token range [first, last), where its finding stands: 'forward' or 'backward'.

    Marks that are no signs are left out.
    """
    keys = tokens.keys
    inside = {i for first, last in signs for i in range(first, last)}
    pluses = [(first, last) for first, last in signs if keys[first] == _PLUS]
    plus_before = any(keys[first - 1] in _EDGES for first, _ in pluses)
    plus_after = any(keys[last] in _EDGES for _, last in pluses)
    places = {sign: _place(tokens, *sign, inside) for sign in signs}
    minus_inside = any(
        keys[first] in _MINUS and place.glued_right and not (place.glued_left or place.opens_line)
        for (first, _), place in places.items()
    )
    settled: dict[tuple[int, int], str] = {}
    unsettled: list[tuple[int, int]] = []
    for first, last in signs:
        place = places[first, last]
        bare = last == first + 1 and (keys[first] in _MINUS or keys[first] == _PLUS)
        if (place.left and place.right) or (
            bare and not _is_sign(keys[first], place, plus_before, plus_after, minus_inside)
        ):
            continue
        if place.left or (place.glued_right and not place.glued_left):
            settled[first, last] = "forward"
        elif place.right or place.glued_left:
            settled[first, last] = "backward"
        elif bare:
            settled[first, last] = "forward"
        else:
            unsettled.append((first, last))
    styles = set(settled.values())
    for sign in unsettled:  # "headache (-) back pain (+)": as the other signs of the text stand
        settled[sign] = "forward" if styles == {"forward"} else "backward"
    return settled


def _place(tokens: Tokens, first: int, last: int, inside: set[int]) -> _Place:
    keys = tokens.keys
    left = keys[first - 1] in _EDGES or first - 1 in inside
    right = keys[last] in _EDGES or last in inside
    glued_left = not left and tokens.ends[first - 1] == tokens.starts[first]
    glued_right = not right and tokens.starts[last] == tokens.ends[last - 1]
    opens_line = tokens.breaks.get(first - 1) in ("line", "blank")
    return _Place(left, right, glued_left, glued_right, opens_line)


def _is_sign(mark: str, place: _Place, plus_before: bool, plus_after: bool, minus_inside: bool) -> bool:
    """Whether a bare mark is a sign and no dash, list mark or "and".

    A minus that opens a line, or stands free, is one only in a text with plus signs, or with a glued minus
    inside a line ("-HA -sz").
    """
    if mark == _PLUS:
        return place.left or place.glued_left or place.glued_right
    if place.opens_line:
        return plus_before or (minus_inside and place.glued_right)
    if place.left:
        return place.glued_right or plus_before
    if place.right:
        return place.glued_left or plus_after
    return plus_before or (place.glued_right and not place.glued_left)
