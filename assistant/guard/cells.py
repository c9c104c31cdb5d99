"""Studies set against each other by the cells of a table: "| Cost | higher | lower |"."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.records import Comparison
from assistant.guard.signs import is_ordered
from assistant.guard.units import Span, Unit
from assistant.types import Finding

_MORE, _LESS = "higher", "lower"
_ONE = 1  # with several others, one that is so ordered is enough: the cell does not say which it means


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Check every cell that only says "more" or "less" of a study against the order of the text."""
    cells = [one for one in reading.units if one.kind == "cell" and one.label is not None and one.column]
    found: list[Finding] = []
    for cell in cells:
        sign = _sign(reading, cell)
        if sign is None:
            continue
        for measure, study, others in _layouts(cell, cells):
            own, rest = reading.studies(study), [one for span in others for one in reading.studies(span)]
            measured = [one for one in reading.know.claims.comparisons if reading.has(measure, one.measure)]
            for comparison in measured if own and rest else []:
                if not _holds(reading, comparison, own[0], rest, more=sign.name == _MORE):
                    message = "the guideline does not set these studies against each other so"
                    found.append(finding(reading, comparison.rule, message, sign.start, sign.end))
    return found


def _sign(reading: Reading, cell: Unit) -> Mark | None:
    """The "more" or "less" with which a cell begins, if it names nothing that it compares with."""
    if reading.studies((cell.start, cell.end)) or reading.has((cell.start, cell.end), ("negator",)):
        return None
    first = next((one for one in reading.words_in(cell.start, cell.end) if one.text.isalpha()), None)
    signs = reading.find((cell.start, cell.end), (_MORE, _LESS))
    return signs[0] if first is not None and signs and signs[0].start == first.start else None


def _layouts(cell: Unit, cells: list[Unit]) -> list[tuple[Span, Span, list[Span]]]:
    """The measure, the study and the others: the studies stand over the columns, or before the rows."""
    if cell.label is None or cell.column is None:
        return []
    beside = [one for one in cells if one.block == cell.block and one is not cell]
    columns = [one.column for one in beside if one.label == cell.label and one.column is not None]
    rows = [one.label for one in beside if one.column == cell.column and one.label is not None]
    return [(cell.label, cell.column, columns), (cell.column, cell.label, rows)]


def _holds(reading: Reading, comparison: Comparison, own: Mark, others: list[Mark], *, more: bool) -> bool:
    so = [
        is_ordered(reading, comparison, *((own, other) if more else (other, own)))
        for other in others
        if other.name != own.name
    ]
    return all(so) if len(so) <= _ONE else any(so)
