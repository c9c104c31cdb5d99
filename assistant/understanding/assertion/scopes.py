"""Which words each cue of a text reaches: the scopes of ConText, over tokens.

A scope runs forward or backward from its cue, ends at sentence ends, closing brackets and the cues that say so, and follows the
list it stands in as far as the cue's `reach` allows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from assistant.understanding.assertion import cues as c
from assistant.understanding.assertion import signs, times
from assistant.understanding.assertion.patterns import shape_of
from assistant.understanding.assertion.tokens import BREAK, CELL, Tokens, tokenize

_LIST_LOOKAHEAD = 25  # tokens within which a list must reach its "or"
_HEADING_WORDS = 3
_LONG_CUE = 12  # tokens
_UNKNOWN = -1


class Cue:
    """One cue in the text: tokens [first, last), seen in the context [outer_first, outer_last), reaching tokens [start, end)
    without `holes`. `hidden_by` are longer cues that contain it."""

    __slots__ = (
        "end",
        "first",
        "group",
        "hidden_by",
        "holes",
        "last",
        "outer_first",
        "outer_last",
        "start",
        "touching",
    )

    def __init__(self, group: c.Group, outer_first: int, outer_last: int, first: int, last: int) -> None:
        self.group = group
        self.outer_first, self.outer_last, self.first, self.last = outer_first, outer_last, first, last
        self.start, self.end = _UNKNOWN, _UNKNOWN
        self.holes: tuple[tuple[int, int], ...] = ()
        self.hidden_by: tuple[Cue, ...] = ()
        self.touching = False


class Context:
    """A tokenised text with its cues and their scopes; `cues` is in the order of the text."""

    def __init__(self, text: str, cues: c.Cues) -> None:
        self.data = cues
        self.tokens: Tokens = tokenize(text, cues.language)
        keys = self.tokens.keys
        self.bits = [cues.token_bits.get(key, 0) for key in keys]
        self.cues = self._find()
        self._onset_cues = [cue for cue in self.cues if cue.group.category == "onset" and not cue.hidden_by]
        self._signed: dict[tuple[int, int], str] = {}
        self._mark()
        self._scoped = [cue for cue in self.cues if cue.group.direction is not None]
        self._firsts = [cue.first for cue in self._scoped]
        self._headings = [cue for cue in self._scoped if cue.group.section]
        self._breaks = sorted(self.tokens.breaks)

    def reaching(self, first: int, last: int) -> list[Cue]:
        """The cues, outside a finding at tokens [first, last), in whose scope it lies: those of its sentence and of headings above."""
        breaks, scoped, limits = self._breaks, self._scoped, self.data.limits
        sentence = bisect_right(breaks, first) - 1
        end = breaks[sentence + 1] if sentence + 1 < len(breaks) else len(self.bits)
        low = bisect_left(self._firsts, max(breaks[sentence], first - limits.forward_tokens - _LONG_CUE))
        high = bisect_right(self._firsts, min(end, last + limits.backward_tokens + 2))
        found = []
        for cue in self._headings_over(first, low) + scoped[low:high] if self._headings else scoped[low:high]:
            start = cue.start
            if start == _UNKNOWN:
                self._scope(cue)
                start = cue.start
            if start <= first < cue.end and (cue.first >= last or cue.last <= first):
                if not (cue.touching and last != cue.end) and not (
                    cue.holes and any(a <= first < b for a, b in cue.holes)
                ):
                    found.append(cue)
        return found

    def _headings_over(self, first: int, low: int) -> list[Cue]:
        """The headings in sentences before the scoped cue `low` that may reach the token `first`."""
        before = self._scoped[low].first if low < len(self._scoped) else first
        earliest = first - self.data.limits.section_tokens
        begin = bisect_left(self._headings, earliest, key=_first)
        return [
            cue
            for cue in self._headings[begin : bisect_left(self._headings, min(before, first), key=_first)]
            if cue.first < before
        ]

    def _find(self) -> list[Cue]:
        """Every cue in the order of the text; those inside longer ones know which hide them."""
        groups = self.data.groups
        symbols = self.data.automaton.symbols(self.tokens.keys, shape_of)
        found: list[Cue] = []
        open_cues: list[Cue] = []
        open_until = 0
        for group, outer_first, outer_last, first, last in self.data.automaton.find(symbols):
            cue = Cue(groups[group], outer_first, outer_last, first, last)
            if outer_first >= open_until:
                open_cues = [cue]
            else:
                open_cues = [other for other in open_cues if other.outer_last > outer_first]
                for other in open_cues:
                    _hide(cue, other)
                open_cues.append(cue)
            found.append(cue)
            if outer_last > open_until:
                open_until = outer_last
        return found

    def _mark(self) -> None:
        """Writes what cues do to others' scopes into the bits, and settles what signs mean."""
        bits = self.bits
        marks = [
            (cue.first, cue.last) for cue in self.cues if cue.group.direction == "sign" and not cue.hidden_by
        ]
        if marks:
            self._signed = signs.directions(self.tokens, marks)
            self.cues = [
                cue
                for cue in self.cues
                if cue.group.direction != "sign" or (cue.first, cue.last) in self._signed
            ]
        for cue in self.cues:
            if cue.group.bits and not cue.hidden_by:
                for i in range(cue.first, cue.last):
                    bits[i] |= cue.group.bits

    # ------------------------------------------------------------------ scopes

    def _scope(self, cue: Cue) -> None:
        direction = cue.group.direction
        cue.start = cue.end = 0
        if direction == "sign":
            direction = self._signed.get((cue.first, cue.last))
        elif direction == "time":
            if not times.is_past(
                cue.group, cue.first, cue.last, self.tokens.keys, self._onsets(cue), self.data.time
            ):
                return
            direction = self._time_direction(cue)
        if direction == "backward":
            self._backward(cue)
        elif direction == "forward":
            self._forward(cue)
        else:
            self._both(cue)

    def _forward(self, cue: Cue) -> None:
        group, bits, keys = cue.group, self.bits, self.tokens.keys
        begin = cue.last
        section = group.section and begin < len(keys) and (keys[begin] == ":" or keys[begin - 1] == ":")
        limit = min(len(keys), begin + (self.data.limits.section_tokens if section else group.max_tokens))
        # what ends an item, whatever the list goes on to; and what ends it where no "or" follows
        closes = {"item": c.COMMA | c.CONJUNCTION | c.ALTERNATIVE, "choice": c.COMMA | c.CONJUNCTION}.get(
            group.reach, 0
        )
        parts = c.COMMA if group.reach == "phrase" else 0
        depth, hole, fresh, linked = 0, -1, False, True
        i = begin
        while i < limit:
            bit = bits[i]
            if linked:
                linked = bool(bit & (c.LINK | c.COLON | c.DASH | c.OPENING)) or (
                    group.time is not None and keys[i] == ","
                )
                if bit & c.AFFIRMS or group.time is not None:
                    bit &= ~group.end_bit  # "denies that she has": the verb belongs to the cue
            if bit:
                if bit & c.STOP:
                    after = self._after_heading(i, limit) if section else i
                    if after == i:
                        break
                    i, fresh = after, True
                    continue
                if bit & c.OPENING:
                    depth += 1
                elif bit & c.CLOSING:
                    if not depth:
                        break
                    depth -= 1
                elif bit & c.DASH and i > begin:
                    break
                elif bit & c.COLON and i > begin:
                    if keys[i - 1] not in self.data.colon_links:
                        i = self._heading_start(i, begin)
                        break
                    hole = -1
                if bit & group.end_bit or (
                    bit & group.comma_bit and fresh and not self.leads_to_or(i, group)
                ):
                    break
                if bit & (c.COMMA | c.CONJUNCTION | c.ALTERNATIVE):
                    if i > begin and not (fresh and not bit & c.COMMA):
                        if bit & closes or (bit & parts and not self.leads_to_or(i + 1, group)):
                            break
                    if hole >= 0:
                        cue.holes += ((hole, i),)
                        hole = -1
                    fresh = fresh or bool(bit & c.COMMA)
                    i += 1
                    continue
                if bit & group.pause_bit and hole < 0:
                    hole = i
            fresh = False
            i += 1
        if hole >= 0:
            cue.holes += ((hole, i),)
        cue.start, cue.end = begin, i

    def _backward(self, cue: Cue) -> None:
        group, bits = cue.group, self.bits
        i = cue.first - 1
        if bits[i] & c.COMMA:  # "headaches, resolved"
            i -= 1
        limit = max(0, cue.first - group.max_tokens - 1)
        crossed, depth, delimiter = group.reach == "wide", 0, cue.first
        start = cue.first
        while i > limit:
            bit = bits[i]
            if bit & (c.STOP | c.COLON | c.DASH | group.end_bit):
                break
            if bit & c.CLOSING:
                depth += 1
            elif bit & c.OPENING:
                if not depth:
                    break
                depth -= 1
            elif bit & (c.CONJUNCTION | c.ALTERNATIVE) and not self._is_key(i):
                if group.reach in ("item", "touching"):
                    break
                crossed, delimiter = True, i
            elif bit & c.COMMA:
                if not crossed:
                    break
                delimiter = i
            elif bit & group.comma_bit and bits[i - 1] & c.COMMA:
                start = delimiter
                break
            start = i
            i -= 1
        cue.start, cue.end = start, cue.first
        cue.touching = group.reach == "touching"

    def _both(self, cue: Cue) -> None:
        """Reaches the item on either side."""
        self._forward(cue)
        end, holes = cue.end, cue.holes
        self._backward(cue)
        cue.end, cue.holes, cue.touching = end, holes, False

    def _is_key(self, i: int) -> bool:
        """Whether a one-letter conjunction ("n") stands for something else here: an answer or a table cell."""
        return (
            len(self.tokens.keys[i]) == 1
            and self.tokens.keys[i].isalpha()
            and self.tokens.text[self.tokens.starts[i]].isupper()
        )

    def leads_to_or(self, i: int, group: c.Group) -> bool:
        """Whether the list goes on to an "or": then its earlier commas do not end it."""
        bits = self.bits
        for bit in bits[i : i + _LIST_LOOKAHEAD]:
            if bit & (c.STOP | c.DASH | c.NEGATES | group.end_bit):
                return False
            if bit & c.ALTERNATIVE:
                return True
        return False

    def _heading_start(self, colon: int, begin: int) -> int:
        """Where the heading before a colon starts: at its capitals, else at the colon."""
        text, starts, keys = self.tokens.text, self.tokens.starts, self.tokens.keys
        start = colon
        for i in range(colon - 1, max(begin, colon - 1 - _HEADING_WORDS), -1):
            if not keys[i].isalpha():
                break
            if text[starts[i]].isupper():
                start = i
        return start

    def _after_heading(self, i: int, limit: int) -> int:
        """Under a heading with a colon: where the list goes on after the sentence end at `i`; `i` if it does not."""
        keys, bits = self.tokens.keys, self.bits
        if keys[i] != BREAK:
            return i + 1
        kind = self.tokens.breaks[i]
        if kind == "blank":
            return i
        longest = self.data.limits.section_sentence_tokens
        j, words = i + 1, 0
        bullet = kind == "line" and j < limit and keys[j] in ("-", "•", "●", "▪", CELL)
        if bullet:
            j += 1
        end_any = c.bits_of(("negated", "historical"), c.ENDS)
        while j < limit and keys[j] != BREAK:
            if bits[j] & (end_any | c.COLON):
                return i
            if not bits[j] & (c.COMMA | c.CONJUNCTION | c.ALTERNATIVE):
                words += 1
            elif not bullet:
                words = 0
            if words > longest and not bullet:
                return i
            j += 1
        return i + 2 if bullet else i + 1

    # ------------------------------------------------------------------ time

    def _onsets(self, cue: Cue) -> list[float | None]:
        """The `days` of the onset cues beside a time expression, in the same list item."""
        reach = self.data.limits.onset_tokens
        low, high = cue.first, cue.last
        while low > 0 and cue.first - low < reach and not self.bits[low - 1] & (c.STOP | c.COMMA | c.DASH):
            low -= 1
        while (
            high < len(self.bits)
            and high - cue.last < reach
            and not self.bits[high] & (c.STOP | c.COMMA | c.DASH)
        ):
            high += 1
        found = []
        for i in range(bisect_left(self._onset_cues, low, key=_first), len(self._onset_cues)):
            onset = self._onset_cues[i]
            if onset.first >= high:
                break
            if onset.last <= high:
                found.append(onset.group.days)
        return found

    def _time_direction(self, cue: Cue) -> str:
        """Backward to what is dated; forward where the time comes first."""
        before = self.bits[cue.first - 1]
        after = self.bits[cue.last] if cue.last < len(self.bits) else c.STOP
        opens_sentence = bool(before & c.STOP)
        opens_item = bool(before & (c.STOP | c.COMMA | c.DASH | c.COLON))
        alone = bool(after & (c.STOP | c.COMMA | c.CLOSING))
        return "forward" if opens_sentence or (opens_item and not alone) else "backward"


def _first(cue: Cue) -> int:
    return cue.first


def _hide(one: Cue, other: Cue) -> None:
    """Of two overlapping cues notes the longer as hiding the one it contains; of two on the same words the pseudo-cue, or that seen
    in more context, hides the other. Boundaries hide nothing, and cues of onset are apart."""
    if one.first >= other.first and one.last <= other.last:
        if one.last - one.first == other.last - other.first and _context(one) > _context(other):
            one, other = other, one
    elif other.first >= one.first and other.last <= one.last:
        one, other = other, one
    else:
        return
    if one.last - one.first == other.last - other.first and (
        _context(one) == _context(other) or one.group.category == "boundary"
    ):
        return
    category = other.group.category
    if category != "boundary" and (category == "onset") == (one.group.category == "onset"):
        one.hidden_by += (other,)


def _context(cue: Cue) -> tuple[bool, int]:
    return cue.group.category == "pseudo", cue.outer_last - cue.outer_first
