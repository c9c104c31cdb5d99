"""A text read for context: its tokens, the cues in it, and which cues reach a finding."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from itertools import takewhile

from assistant.understanding.assertion import cues as c
from assistant.understanding.assertion import signs, times
from assistant.understanding.assertion.scopes import UNKNOWN, Cue, Scopes
from assistant.understanding.assertion.tokens import tokenize

_LONG_CUE = 12  # tokens between the first word of a cue and its scope, at most
_ITEM_ENDS = c.STOP | c.COMMA | c.DASH
# One turn is read several times for different findings; what stands in it does not depend on them. Scopes are
# worked out when they are asked for, so each thread has its own.
_MOST_REMEMBERED = 4
_LONGEST_REMEMBERED = 4_000
_remembered = threading.local()


def read_context(text: str, data: c.Cues) -> Context:
    """Return a text read for context; one of the last few of this thread is not read again."""
    if len(text) > _LONGEST_REMEMBERED:
        return Context(text, data)
    known: dict[str, Context] = _remembered.__dict__.setdefault("contexts", {})
    found = known.pop(text, None)
    if found is None or found.data is not data:
        found = Context(text, data)
    known[text] = found
    if len(known) > _MOST_REMEMBERED:
        del known[next(iter(known))]
    return found


class Context:
    """A tokenised text with its cues, in the order of the text, and what stands at each token (`bits`)."""

    def __init__(self, text: str, data: c.Cues) -> None:
        self.data = data
        self.tokens = tokenize(text, data.language)
        self.bits = [data.token_bits.get(key, 0) for key in self.tokens.keys]
        self.cues = self._find()
        self.scopes = Scopes(self.tokens, self.bits, data)
        self._signed: dict[tuple[int, int], str] = {}
        self._mark()
        self._scoped = [cue for cue in self.cues if cue.group.direction is not None]
        self._firsts = [cue.first for cue in self._scoped]
        self._headings = [cue for cue in self._scoped if cue.group.section]
        self._onsets = [cue for cue in self.cues if cue.group.category == "onset" and not cue.hidden_by]
        self._breaks = sorted(self.tokens.breaks)
        limits = data.limits
        self._back = limits.forward_tokens + _LONG_CUE
        self._ahead = limits.backward_tokens + 2

    def reaching(self, first: int, last: int) -> list[Cue]:
        """The cues in whose scope the finding at tokens [first, last) lies, save those inside the finding."""
        breaks = self._breaks
        sentence = bisect_right(breaks, first)
        end = breaks[sentence] if sentence < len(breaks) else len(self.bits)
        low = bisect_left(self._firsts, max(breaks[sentence - 1], first - self._back))
        near = self._scoped[low : bisect_right(self._firsts, min(end, last + self._ahead), low)]
        if self._headings:
            near = self._headings_above(low, first) + near
        found = []
        for cue in near:
            if cue.start == UNKNOWN:
                self._scope(cue)
            if not cue.start <= first < cue.end or (cue.first < last and first < cue.last):
                continue
            if cue.touching and last != cue.end:
                continue
            if cue.holes and any(a <= first < b for a, b in cue.holes):
                continue
            found.append(cue)
        return found

    def _headings_above(self, low: int, first: int) -> list[Cue]:
        """The headings before the scoped cue `low` that may reach the token `first`."""
        before = min(self._firsts[low], first) if low < len(self._firsts) else first
        begin = bisect_left(self._headings, first - self.data.limits.section_tokens, key=_first)
        return self._headings[begin : bisect_left(self._headings, before, key=_first)]

    def _find(self) -> list[Cue]:
        """Every cue in the order of the text; those inside longer ones know which hide them."""
        groups, automaton = self.data.groups, self.data.automaton
        found: list[Cue] = []
        overlapping: list[Cue] = []
        open_until = 0
        for group, outer_first, outer_last, first, last in automaton.find(
            automaton.symbols(self.tokens.keys)
        ):
            cue = Cue(groups[group], outer_first, outer_last, first, last)
            found.append(cue)
            if outer_first >= open_until:
                overlapping = [cue]
                open_until = outer_last
                continue
            if overlapping[0].outer_first != outer_first:
                overlapping = [other for other in overlapping if other.outer_last > outer_first]
            for other in overlapping:
                _hide(cue, other)
            overlapping.append(cue)
            if outer_last > open_until:
                open_until = outer_last
        return found

    def _mark(self) -> None:
        """Settles what signs mean, and writes what cues do to others' scopes into the bits."""
        marks = [(q.first, q.last) for q in self.cues if q.group.direction == "sign" and not q.hidden_by]
        if marks:
            self._signed = signs.directions(self.tokens, marks)
            self.cues = [
                q for q in self.cues if q.group.direction != "sign" or (q.first, q.last) in self._signed
            ]
        for cue in self.cues:
            if cue.group.bits and not cue.hidden_by:
                for i in range(cue.first, cue.last):
                    self.bits[i] |= cue.group.bits

    def _scope(self, cue: Cue) -> None:
        cue.start = cue.end = 0
        direction = cue.group.direction
        if direction == "sign":
            direction = self._signed.get((cue.first, cue.last))
        elif direction == "time":
            keys = self.tokens.keys[cue.first : cue.last]
            if not times.is_past(cue.group.time, keys, self._onset_days(cue), self.data.time):
                return
            direction = self.scopes.time_direction(cue)
        if direction == "backward":
            self.scopes.backward(cue)
        elif direction == "forward":
            self.scopes.forward(cue)
        else:
            self.scopes.both(cue)

    def _onset_days(self, cue: Cue) -> list[float | None]:
        """The `days` of the onset cues beside a time expression, in the same list item."""
        bits, reach = self.bits, self.data.limits.onset_tokens
        low, high = cue.first, cue.last
        while low > 0 and cue.first - low < reach and not bits[low - 1] & _ITEM_ENDS:
            low -= 1
        while high < len(bits) and high - cue.last < reach and not bits[high] & _ITEM_ENDS:
            high += 1
        begin = bisect_left(self._onsets, low, key=_first)
        beside = takewhile(lambda onset: onset.last <= high, self._onsets[begin : begin + 2 * reach])
        return [onset.group.days for onset in beside]


def _first(cue: Cue) -> int:
    return cue.first


def _hide(one: Cue, other: Cue) -> None:
    """Of two overlapping cues, notes the longer as hiding the one that it contains.

    Of two on the same words the pseudo-cue, or that seen in more context, hides the other. Boundaries hide
    nothing and are hidden by longer cues only; cues of onset are apart.
    """
    if one.first == other.first and one.last == other.last:
        context, others = _context(one), _context(other)
        if context > others:
            one, other = other, one
        if context == others or one.group.category == "boundary":
            return
    elif one.first <= other.first and other.last <= one.last:
        one, other = other, one
    elif not (other.first <= one.first and one.last <= other.last):
        return
    category = other.group.category
    if category != "boundary" and (category == "onset") == (one.group.category == "onset"):
        one.hidden_by += (other,)


def _context(cue: Cue) -> tuple[bool, int]:
    return cue.group.category == "pseudo", cue.outer_last - cue.outer_first
