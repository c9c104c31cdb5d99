"""Numbers the evidence of one answer: each quote once, in the order of first use."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.guidelines.pack import Guideline
from assistant.types import Citation


class CitationBook:
    """The numbered citations of one answer from one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        """Begin with no citation."""
        self._guideline = guideline
        self._numbers: dict[tuple[int, int], int] = {}
        self._citations: list[Citation] = []
        self._printed: list[tuple[int, int]] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, in the order of their numbers."""
        return tuple(self._citations)

    def number(self, statement: str) -> int:
        """Return the number of a statement's quote; a part of a quote cited before takes its number."""
        found = self._guideline.evidence(statement)
        for (start, end), number in self._numbers.items():
            if start <= found.start and found.end <= end:
                return number
        number = len(self._citations) + 1
        self._numbers[found.start, found.end] = number
        self._citations.append(
            Citation(
                number=number,
                guideline=found.guideline,
                section=found.section,
                quote=found.quote,
                start=found.start,
                end=found.end,
            )
        )
        return number

    def marker(self, statement: str) -> str:
        """Return "[n]" for one statement."""
        return f"[{self.number(statement)}]"

    def markers(self, statements: Sequence[str]) -> str:
        """Return "[n][m]" for several statements, each number once."""
        return "".join(dict.fromkeys(self.marker(statement) for statement in statements))

    def sentence(self, statement: str) -> str:
        """Return the quote as the answer prints it, with its marker."""
        quote = " ".join(self._guideline.statements[statement].shown.split())
        self.tell(statement)
        return f"{quote} {self.marker(statement)}"

    def tell(self, statement: str) -> None:
        """Note that the answer says what the statement does."""
        found = self._guideline.evidence(statement)
        self._printed.append((found.start, found.end))

    def printed(self, statement: str) -> bool:
        """Whether the answer says already what the statement does, or a longer one."""
        found = self._guideline.evidence(statement)
        return any(start <= found.start and found.end <= end for start, end in self._printed)
