"""From the cues that reach a finding to its one assertion status."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from assistant.types import AssertionStatus
from assistant.understanding.assertion import cues as c
from assistant.understanding.assertion.context import Context
from assistant.understanding.assertion.scopes import Cue
from assistant.understanding.assertion.tokens import BREAK, CELL, QUERY

_LONG_FINDING = 20  # tokens; a longer span is a passage, whose words may be cues
_BESIDE_TOKENS = 2  # words that may stand between an opening dash and a finding asked about
_BLANKS = (BREAK, CELL)
_OWN_ANSWER = "own answer"
# The first of these that reaches a finding decides.
_STATUS_OF: tuple[tuple[str, AssertionStatus], ...] = (
    (_OWN_ANSWER, "absent"),
    ("family", "family"),
    ("hypothetical", "hypothetical"),
    ("negated", "absent"),
    ("historical", "historical"),
    ("possible", "possible"),
    ("affirmed", "present"),
)
_TAKEN_BACK = ("negated", "historical", "family")


class Assertion(NamedTuple):
    """The status of a finding, and the span in the text of the cue that decided it, if one did."""

    status: AssertionStatus
    cue: tuple[int, int] | None


class Findings:
    """Decides the findings of one text.

    `spans` are all that were found in it, as characters, so that words of one finding are no cue for another.
    """

    def __init__(self, context: Context, spans: Sequence[tuple[int, int]]) -> None:
        self._context = context
        self._tokens = context.tokens
        self._places = [self._place(start, end) for start, end in spans]
        self._owners: dict[int, list[tuple[int, int]]] = {}
        for place in self._places:
            for i in range(place[0], min(place[1], place[0] + _LONG_FINDING)):
                self._owners.setdefault(i, []).append(place)

    def decide(self) -> list[Assertion]:
        """One assertion for each span, in their order."""
        known: dict[tuple[int, int], Assertion] = {}
        for place in self._places:
            if place not in known:
                known[place] = self._decide(*place)
        return [known[place] for place in self._places]

    def _place(self, start: int, end: int) -> tuple[int, int]:
        """The tokens [first, last) that the characters [start, end) touch."""
        keys, starts, ends = self._tokens.keys, self._tokens.starts, self._tokens.ends
        first = bisect_right(starts, start) - 1
        while first < len(starts) - 1 and (ends[first] <= start or keys[first] == BREAK):
            first += 1
        last = max(bisect_left(starts, end), first + 1)
        while last > first + 1 and keys[last - 1] == BREAK:
            last -= 1
        return first, last

    def _decide(self, first: int, last: int) -> Assertion:
        found: dict[str, list[Cue]] = {}
        for cue in self._context.reaching(first, last):
            if cue.hidden_by and _is_hidden(cue, first, last):
                continue
            if cue.first in self._owners and self._is_part(cue, first, last):
                continue
            found.setdefault(cue.group.category, []).append(cue)
        if not found:
            return self._unmarked(first, last)
        if "affirmed" in found or any(cue.group.strong for cue in found.get("negated", ())):
            self._take_back(found, first)
        for category, status in _STATUS_OF:
            if cues := found.get(category):
                cue = cues[0]
                if len(cues) > 1:  # the nearest
                    cue = min(cues, key=lambda one: max(first - one.last, one.first - last))
                if category == "family":
                    denials = [
                        n
                        for n in found.get("negated", ())
                        if cue.group.negatable or n.first < cue.first < first
                    ]
                    if denials:  # "no family history of seizures"
                        return self._assertion("absent", denials[-1])
                return self._assertion(status, cue)
        return Assertion("present", None)

    def _is_part(self, cue: Cue, first: int, last: int) -> bool:
        """Whether the cue is part of another finding, one that does not overlap this."""
        owners = self._owners[cue.first]
        return any(a <= cue.first and cue.last <= b and not (a < last and first < b) for a, b in owners)

    def _take_back(self, found: dict[str, list[Cue]], first: int) -> None:
        """Lets a finding's own answer ("rash: N") and a later "rash present" go before other cues."""
        answers = [q for name in ("negated", "affirmed") for q in found.get(name, ()) if q.group.strong]
        if answers:
            own = min(answers, key=lambda cue: cue.first)
            if own.group.category == "negated":
                found[_OWN_ANSWER] = [own]
            else:
                found.pop("negated", None)
        elif any(cue.first >= first for cue in found.get("affirmed", ())):
            for name in _TAKEN_BACK:
                if name in found:
                    found[name] = [q for q in found[name] if q.first > first or not self._apart(q, first)]

    def _apart(self, cue: Cue, first: int) -> bool:
        """Whether a comma parts a finding from a cue before it, and no "or" shows one list holding both."""
        bits = self._context.bits
        for i in range(first - 1, cue.last - 1, -1):
            if bits[i] & c.ALTERNATIVE:
                return False
            if bits[i] & c.COMMA:
                return not self._context.scopes.leads_to_or(i, cue.group)
        return False

    def _unmarked(self, first: int, last: int) -> Assertion:
        """Without any cue: present, or possible where the finding alone is asked about ("mets?")."""
        keys, bits = self._tokens.keys, self._context.bits
        asked = keys[last] if last < len(keys) else BREAK
        if asked == "?" or (asked == QUERY and keys[last + 1] == BREAK):
            questions = self._context.data.question_words
            i = first - 1
            while first - i <= _BESIDE_TOKENS and keys[i].isalpha() and keys[i] not in questions:
                i -= 1
            if bits[i] & (c.STOP | c.DASH | c.OPENING | c.COLON):
                return Assertion("possible", (self._tokens.starts[last], self._tokens.ends[last]))
        return Assertion("present", None)

    def _assertion(self, status: AssertionStatus, cue: Cue) -> Assertion:
        tokens, first, last = self._tokens, cue.first, cue.last
        while tokens.keys[first] in _BLANKS and first < last - 1:
            first += 1
        while tokens.keys[last - 1] in _BLANKS and first < last - 1:
            last -= 1
        return Assertion(status, (tokens.starts[first], tokens.ends[last - 1]))


def _is_hidden(cue: Cue, first: int, last: int) -> bool:
    """Whether a longer cue hides this one, leaving out longer ones that hold words of the finding."""
    return any(h.group.holds_on_target or h.first >= last or h.last <= first for h in cue.hidden_by)
