"""Plus and minus signs: whether one stands before its finding ("-headache"), after it ("HA-"), or is only a dash or a list mark."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.assertion.tokens import BREAK, CELL, Tokens

_EDGES = frozenset((BREAK, CELL, ",", ";", "/", "|", "(", ")", "[", "]", ":", "and", "&", "."))
_BARE_MINUS = frozenset("-−–")
_BARE_PLUS = "+"


def directions(tokens: Tokens, signs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """For each sign, a token range [first, last), where its finding stands: 'forward' or 'backward'. Other marks are left out."""
    if not signs:
        return {}
    keys = tokens.keys
    edges = {i for first, last in signs for i in range(first, last)}
    settled: dict[tuple[int, int], str] = {}
    unsettled: list[tuple[int, int]] = []
    plus = [(first, last) for first, last in signs if keys[first] == _BARE_PLUS]
    plus_first = any(keys[first - 1] in _EDGES for first, _ in plus)
    plus_last = any(keys[last] in _EDGES for _, last in plus)
    for first, last in signs:
        bare = last == first + 1 and (keys[first] in _BARE_MINUS or keys[first] == _BARE_PLUS)
        left = keys[first - 1] in _EDGES or first - 1 in edges
        right = keys[last] in _EDGES or last in edges
        glued_left = not left and tokens.ends[first - 1] == tokens.starts[first]
        glued_right = not right and tokens.starts[last] == tokens.ends[last - 1]
        if left and right:
            continue
        if bare and not _is_sign(
            keys[first], keys[first - 1] == BREAK, left, right, glued_left, glued_right, plus_first, plus_last
        ):
            continue
        if left or (glued_right and not glued_left) or (bare and plus_first and not right):
            settled[first, last] = "forward"
        elif right or glued_left:
            settled[first, last] = "backward"
        else:
            unsettled.append((first, last))
    for first, last in unsettled:  # "headache (-) back pain (+)": as the others of the text stand
        settled[first, last] = (
            "forward" if "forward" in settled.values() and "backward" not in settled.values() else "backward"
        )
    return settled


def _is_sign(
    mark: str,
    opens: bool,
    left: bool,
    right: bool,
    glued_left: bool,
    glued_right: bool,
    plus_first: bool,
    plus_last: bool,
) -> bool:
    """Whether a bare mark is a sign and no dash, list mark or "and". Only beside plus signs is an opening minus one."""
    if mark == _BARE_PLUS:
        return left or glued_left or glued_right
    if opens:
        return plus_first
    if left:
        return glued_right or plus_first
    if right:
        return glued_left or plus_last
    return plus_first or (glued_right and not glued_left)
