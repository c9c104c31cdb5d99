"""How far each cue reaches: the scopes of ConText, over tokens.

A scope runs forward or backward from its cue, ends at sentence ends, closing brackets and the cues that say
so, and follows the list it stands in as far as the cue's `reach` allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.understanding.assertion import cues as c
from assistant.understanding.assertion.tokens import BREAK, CELL, Tokens

UNKNOWN = -1
_LIST_LOOKAHEAD = 25  # tokens within which a list must reach its "or"
_HEADING_WORDS = 3
_CELL_BAR = "|"
_LIST_MARKS = ("-", "•", "●", "▪", CELL)
_JOINTS = c.COMMA | c.CONJUNCTION | c.ALTERNATIVE
_ENDS_LIST = c.bits_of(("negated", "historical"), c.ENDS) | c.COLON  # what shows that a new statement begins
# What ends a scope by its reach: always, and where the list does not go on to an "or".
_CLOSES: Mapping[str, int] = {"item": _JOINTS, "choice": c.COMMA | c.CONJUNCTION}
_PARTS: Mapping[str, int] = {"phrase": c.COMMA}


class Cue:
    """One cue in the text: tokens [first, last), seen in the context [outer_first, outer_last).

    It reaches the tokens [start, end) without `holes`; both are UNKNOWN until asked for. `hidden_by` are the
    longer cues around it.
    """

    __slots__ = (
        *("group", "outer_first", "outer_last", "first", "last"),
        *("start", "end", "holes", "touching", "hidden_by"),
    )

    def __init__(self, group: c.Group, outer_first: int, outer_last: int, first: int, last: int) -> None:
        self.group = group
        self.outer_first, self.outer_last, self.first, self.last = outer_first, outer_last, first, last
        self.start, self.end = UNKNOWN, UNKNOWN
        self.holes: tuple[tuple[int, int], ...] = ()
        self.touching = False
        self.hidden_by: tuple[Cue, ...] = ()


class Scopes:
    """Finds the scope of a cue, given the tokens of a text and what stands at each of them (`bits`)."""

    def __init__(self, tokens: Tokens, bits: Sequence[int], data: c.Cues) -> None:
        self._tokens = tokens
        self._bits = bits
        self._data = data

    def forward(self, cue: Cue) -> None:
        """Sets the scope of a cue that stands before its findings."""
        group, bits, keys = cue.group, self._bits, self._tokens.keys
        begin = i = cue.last
        heading = group.section and ":" in keys[begin - 1 : begin + 1]
        limit = min(len(keys), begin + (self._data.limits.section_tokens if heading else group.max_tokens))
        closes, parts = _CLOSES.get(group.reach, 0), _PARTS.get(group.reach, 0)
        depth, hole, after_comma, linked = 0, UNKNOWN, False, True
        while i < limit:
            bit = bits[i]
            if linked:  # "denies that she has": up to its verb, all this belongs to the cue
                if bit & c.AFFIRMS or group.time is not None:
                    bit &= ~group.end_bit
                linked = self._links(bits[i], keys[i], group)
            if bit & c.STOP:
                after = self._after_heading(begin, i, limit) if heading else i
                if after == i:
                    break
                i, after_comma = after, True
                continue
            if bit & group.end_bit or (bit & c.DASH and i > begin):
                break
            if bit & group.comma_bit and after_comma and not self.leads_to_or(i, group):
                break
            if bit & c.CLOSING:
                if not depth:
                    break
                depth -= 1
            elif bit & c.OPENING:
                depth += 1
            elif bit & c.COLON and i > begin:
                if keys[i - 1] not in self._data.colon_links:
                    i = self._heading_start(i, begin)
                    break
                hole = UNKNOWN
            elif bit & _JOINTS:
                again = after_comma and not bit & c.COMMA  # the "or" of ", or" ends nothing more
                ends = bit & closes or (bit & parts and not self.leads_to_or(i + 1, group))
                if ends and i > begin and not again:
                    break
                if hole >= 0:
                    cue.holes += ((hole, i),)
                    hole = UNKNOWN
                after_comma = after_comma or bool(bit & c.COMMA)
                i += 1
                continue
            elif bit & group.pause_bit and hole < 0:
                hole = i
            after_comma = False
            i += 1
        if hole >= 0:
            cue.holes += ((hole, i),)
        cue.start, cue.end = begin, i

    def backward(self, cue: Cue) -> None:
        """Sets the scope of a cue that stands after its findings."""
        group, bits = cue.group, self._bits
        i = cue.first - 1
        if bits[i] & c.COMMA:  # "headaches, resolved"
            i -= 1
        limit = max(0, cue.first - group.max_tokens - 1)
        joined, depth, start, joint = group.reach == "wide", 0, cue.first, cue.first
        beside = i if group.reach == "touching" and group.strong else UNKNOWN
        answers_field = bool(bits[cue.first] & c.COLON)
        while i > limit:
            bit = bits[i]
            # "rib pain, neurology normal": the statement that begins here is the cue's own.
            if bit & (c.STOP | c.COLON | c.DASH) or (bit & group.end_bit and i != beside):
                break
            if answers_field and self._tokens.keys[i] == _CELL_BAR and self._ends_field(i):
                break
            if bit & c.CLOSING:
                depth += 1
            elif bit & c.OPENING:
                if not depth:
                    break
                depth -= 1
            elif bit & (c.CONJUNCTION | c.ALTERNATIVE) and not self._is_answer(i):
                if group.reach in ("item", "touching"):
                    break
                joined, joint = True, i
            elif bit & c.COMMA:
                if not joined:
                    break
                joint = i
            elif bit & group.comma_bit and bits[i - 1] & c.COMMA:  # this item is a new statement
                if joint != cue.first:
                    start = joint
                break
            start = i
            i -= 1
        cue.start, cue.end = start, cue.first
        cue.touching = group.reach == "touching"

    def both(self, cue: Cue) -> None:
        """Sets the scope of a cue that stands between its findings."""
        self.forward(cue)
        end, holes = cue.end, cue.holes
        self.backward(cue)
        cue.end, cue.holes, cue.touching = end, holes, False

    def leads_to_or(self, i: int, group: c.Group) -> bool:
        """Whether the list at token `i` goes on to an "or": then its earlier commas do not end it."""
        for bit in self._bits[i : i + _LIST_LOOKAHEAD]:
            if bit & (c.STOP | c.DASH | c.NEGATES | group.end_bit):
                return False
            if bit & c.ALTERNATIVE:
                return True
        return False

    def time_direction(self, cue: Cue) -> str:
        """Backward to what is dated; forward where the time comes first."""
        before = self._bits[cue.first - 1]
        after = self._bits[cue.last] if cue.last < len(self._bits) else c.STOP
        opens_item = bool(before & (c.COMMA | c.DASH | c.COLON))
        alone = bool(after & (c.STOP | c.COMMA | c.CLOSING))
        return "forward" if before & c.STOP or (opens_item and not alone) else "backward"

    def _links(self, bit: int, key: str, group: c.Group) -> bool:
        return bool(bit & (c.LINK | c.COLON | c.DASH | c.OPENING)) or (group.time is not None and key == ",")

    def _ends_field(self, bar: int) -> bool:
        """Whether the cell before a bar has a label of its own: "Sx: hip pain | Neuro: none" answers the second."""
        for i in range(bar - 1, -1, -1):
            if self._bits[i] & c.STOP or self._tokens.keys[i] == _CELL_BAR:
                return False
            if self._bits[i] & c.COLON:
                return True
        return False

    def _is_whole_list(self, begin: int, end: int) -> bool:
        """Whether the line of a heading holds a list of its own: the line below it is another matter."""
        inside = self._bits[begin:end]
        return any(bit & _JOINTS for bit in inside) and not inside[-1] & _JOINTS

    def _is_answer(self, i: int) -> bool:
        """Whether a one-letter conjunction ("n") is an answer here, as in a table cell."""
        tokens = self._tokens
        return len(tokens.keys[i]) == 1 and tokens.text[tokens.starts[i]].isupper()

    def _heading_start(self, colon: int, begin: int) -> int:
        """Where the heading before a colon starts: at its capitals, else at the colon."""
        tokens = self._tokens
        start = colon
        for i in range(colon - 1, max(begin, colon - 1 - _HEADING_WORDS), -1):
            if not tokens.keys[i].isalpha():
                break
            if tokens.text[tokens.starts[i]].isupper():
                start = i
        return start

    def _after_heading(self, begin: int, i: int, limit: int) -> int:
        """Under a heading, whose cue ends at `begin`: where its list goes on after the sentence end at `i`, or `i`."""
        keys, bits, limits = self._tokens.keys, self._bits, self._data.limits
        if keys[i] != BREAK:
            return i + 1
        kind = self._tokens.breaks[i]
        if kind == "blank":
            return i
        j, words = i + 1, 0
        bullet = kind == "line" and j < limit and keys[j] in _LIST_MARKS
        if kind == "line" and not bullet and self._is_whole_list(begin, i):
            return i
        j += bullet
        while j < limit and keys[j] != BREAK:
            if bits[j] & _ENDS_LIST:
                return i
            words = 0 if bits[j] & _JOINTS else words + 1
            if words > limits.section_sentence_tokens and not bullet:
                return i
            j += 1
        return i + 1 + bullet
