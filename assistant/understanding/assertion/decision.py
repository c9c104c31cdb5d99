"""From the cues that reach a finding to its one assertion status."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from assistant.types import AssertionStatus
from assistant.understanding.assertion import cues as c
from assistant.understanding.assertion.scopes import Context, Cue
from assistant.understanding.assertion.tokens import BREAK, QUERY

_LONG_FINDING = 20  # tokens; a longer span is a passage, whose words may be cues
_BESIDE_TOKENS = 2  # words that may stand between an opening dash and a finding asked about


class Assertion(NamedTuple):
    """The status of a finding, and the span in the text of the cue that decided it, if one did."""

    status: AssertionStatus
    cue: tuple[int, int] | None


class Findings:
    """Decides findings of one text; `spans` are all that were found in it, so that words of one are no cue for another."""

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
        starts, ends = self._tokens.starts, self._tokens.ends
        first = bisect_right(starts, start) - 1
        while first < len(starts) - 1 and (ends[first] <= start or self._tokens.keys[first] == BREAK):
            first += 1
        last = max(bisect_left(starts, end), first + 1)
        while last > first + 1 and self._tokens.keys[last - 1] == BREAK:
            last -= 1
        return first, last

    def _decide(self, first: int, last: int) -> Assertion:
        found = self._reaching(first, last)
        if not found:
            return self._unmarked(first, last)
        by_category: dict[str, list[Cue]] = {}
        for cue in found:
            by_category.setdefault(cue.group.category, []).append(cue)
        if "affirmed" in by_category or "negated" in by_category:
            self._take_back(by_category, first)
        for category, status in (
            ("strong", "absent"),
            ("family", "family"),
            ("hypothetical", "hypothetical"),
            ("negated", "absent"),
            ("historical", "historical"),
            ("possible", "possible"),
            ("affirmed", "present"),
        ):
            cues = by_category.get(category)
            if not cues:
                continue
            cue = min(cues, key=lambda one: max(first - one.last, one.first - last))
            if category == "family":
                outer = [
                    n
                    for n in by_category.get("negated", ())
                    if n.first < cue.first < first or cue.group.negatable
                ]
                if outer:  # "no family history of seizures"
                    return self._assertion("absent", outer[-1])
            return self._assertion(status, cue)  # type: ignore[arg-type]
        return Assertion("present", None)

    def _reaching(self, first: int, last: int) -> list[Cue]:
        """The cues whose scope holds the finding, which no longer cue hides, and which are no part of a finding."""
        found = []
        for cue in self._context.reaching(first, last):
            if cue.hidden_by and any(
                h.group.holds_on_target or not (h.first < last and h.last > first) for h in cue.hidden_by
            ):
                continue
            owners = self._owners.get(cue.first)
            if owners and any(
                a <= cue.first and cue.last <= b and not (a < last and b > first) for a, b in owners
            ):
                continue
            found.append(cue)
        return found

    def _take_back(self, found: dict[str, list[Cue]], first: int) -> None:
        """Lets the finding's own answer ("headache: N") and later affirmations ("no fever, rash present") go before other cues."""
        strong = [cue for name in ("negated", "affirmed") for cue in found.get(name, ()) if cue.group.strong]
        if strong:
            own = min(strong, key=lambda cue: cue.first)
            if own.group.category == "negated":
                found["strong"] = [own]
            else:
                found.pop("negated", None)
        elif any(cue.first >= first for cue in found.get("affirmed", ())):
            for name in ("negated", "historical", "family"):
                found[name] = [
                    cue for cue in found.get(name, ()) if cue.first > first or not self._separate(cue, first)
                ]

    def _separate(self, cue: Cue, first: int) -> bool:
        """Whether a comma parts a finding from a cue before it, with no "or" to show that one list holds both."""
        bits = self._context.bits
        for i in range(first - 1, cue.last - 1, -1):
            if bits[i] & c.ALTERNATIVE:
                return False
            if bits[i] & c.COMMA:
                return not self._context.leads_to_or(i, cue.group)
        return False

    def _unmarked(self, first: int, last: int) -> Assertion:
        """Without any cue: present, or possible where the finding alone is asked about ("mets?")."""
        keys, bits = self._tokens.keys, self._context.bits
        asked = keys[last] if last < len(keys) else BREAK
        if asked == "?" or (asked == QUERY and keys[last + 1] == BREAK):
            i = first - 1
            while (
                first - i <= _BESIDE_TOKENS
                and keys[i].isalpha()
                and keys[i] not in self._context.data.question_words
            ):
                i -= 1
            if bits[i] & (c.STOP | c.DASH | c.OPENING | c.COLON):
                return Assertion("possible", (self._tokens.starts[last], self._tokens.ends[last]))
        return Assertion("present", None)

    def _assertion(self, status: AssertionStatus, cue: Cue) -> Assertion:
        return Assertion(status, (self._tokens.starts[cue.first], self._tokens.ends[cue.last - 1]))
