"""An answer as a person reads it in a terminal: the text, the options, the sources, the basis."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from assistant.cli.console import clean, is_rich
from assistant.ui import wording

if TYPE_CHECKING:
    from assistant.types import Answer

MAX_WIDTH = 100
_ROLES = {"recommended": "recommended", "not_recommended": "not recommended", "mentioned": "mentioned"}

_STYLES = {
    "answered": "green",
    "does_not_apply": "dark_orange",
    "needs_information": "cyan",
    "not_covered": "magenta",
}


def show_answer(answer: Answer, *, why: bool = False) -> None:
    """Write the answer: styled on a terminal, as plain text elsewhere. `why` adds what decided."""
    if is_rich():
        _show_rich(answer, why)
    else:
        sys.stdout.write(plain_answer(answer, width(), why=why))


def show_faq(question: str, answer: Answer) -> None:
    """Write a frequent question with its answer and the sections that it rests on."""
    columns = width()
    lines = [*_wrapped(question, columns)]
    for line in answer.text.split("\n"):
        lines += _wrapped(f"  {line}" if line.strip() else "", columns)
    lines += [f"  [{item.number}] {item.section}" for item in answer.citations]
    sys.stdout.write(clean("\n".join(lines)) + "\n\n")


def width() -> int:
    """The width to wrap at: the terminal's, within reason."""
    return max(40, min(MAX_WIDTH, shutil.get_terminal_size((MAX_WIDTH, 24)).columns))


def plain_answer(answer: Answer, columns: int, *, why: bool = False) -> str:
    """Return the answer as plain text, wrapped at `columns`."""
    lines = [f"[{wording.STATUS[answer.status][0]}]", "", *_wrapped(answer.text, columns), ""]
    if answer.options:
        lines.append(f"{wording.OPTIONS}:")
        for name, rating, radiation, role in option_rows(answer):
            lines += _wrapped(
                f"  • {name}: {rating}; radiation: {radiation}; {role}", columns, hanging="    "
            )
        lines.append("")
    if answer.citations:
        lines.append(f"{wording.SOURCES}:")
        for item in answer.citations:
            lines += _wrapped(f"[{item.number}] {item.section}: “{item.quote}”", columns, hanging="    ")
        lines.append("")
    if why:
        lines.append(f"{wording.WHY}:")
        for line in basis(answer):
            lines += _wrapped(f"  • {line}", columns, hanging="    ")
        lines.append("")
    for line in remarks(answer):
        lines += _wrapped(line, columns)
    return clean("\n".join(lines).rstrip() + "\n")


def option_rows(answer: Answer) -> list[tuple[str, str, str, str]]:
    """Return name, rating, radiation and role of each option; the preferred one is marked."""
    return [
        (
            f"{item.name} ({wording.PREFERRED})" if item.preferred else item.name,
            item.rating,
            item.radiation,
            _ROLES[item.role],
        )
        for item in answer.options
    ]


def basis(answer: Answer) -> list[str]:
    """Return what was understood and what decided, one line each, in the user's own words."""
    scope = answer.scope
    lines = [f"{wording.WHY_VERDICT}: {wording.VERDICT[scope.verdict]}"]
    for fact in scope.facts:
        status = wording.ASSERTION[fact.status]
        lines.append(f"“{fact.words}”: {fact.name}{f', {status}' if status else ''}")
    for item in scope.criteria:
        state = wording.CRITERION[item.state][0]
        assumed = f" ({wording.ASSUMED})" if item.assumed else ""
        words = f": “{'”, “'.join(item.words)}”" if item.words else ""
        lines.append(f"{item.name}: {state}{assumed}{words}")
    lines += [f"{wording.CONTRADICTION}: {item}" for item in scope.contradictions]
    lines += [
        f"{wording.WHY_CHANGE}: {item.change}: {wording.VERDICT[item.verdict]}"
        for item in scope.counterfactuals
    ]
    return lines


def remarks(answer: Answer) -> list[str]:
    """Return what stands below an answer: who phrased it, notices, and what may be asked next."""
    lines = []
    source = wording.SOURCE[answer.source]
    if source is not None:
        lines.append(f"Note: {source[0]}")
    lines += [f"Note: {notice.text}" for notice in answer.notices]
    if answer.follow_ups:
        lines.append(f"{wording.NEXT}: {' | '.join(answer.follow_ups)}")
    return lines


def _wrapped(text: str, columns: int, hanging: str = "") -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        bullet = "  " if line.lstrip()[:2] in ("- ", "* ", "• ") else ""
        wrapped = textwrap.wrap(
            line.strip(),
            columns,
            initial_indent=indent,
            subsequent_indent=hanging or indent + bullet,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += wrapped or [""]
    return lines


def _show_rich(answer: Answer, why: bool) -> None:
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.table import Table
    from rich.text import Text

    console = Console(width=width(), highlight=False)
    console.print(Text(wording.STATUS[answer.status][0], style=f"bold {_STYLES[answer.status]}"))
    console.print()
    # Rich reads no markup here: the text is Markdown, all else is Text.
    console.print(Markdown(clean(answer.text)))
    if answer.options:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold dim")
        for heading in (wording.STUDY, wording.RATING, wording.RADIATION, "Role"):
            table.add_column(heading)
        for row in option_rows(answer):
            table.add_row(*(Text(clean(cell)) for cell in row))
        console.print()
        console.print(table)
    if answer.citations:
        console.print()
    for item in answer.citations:
        console.print(
            Text.assemble(
                (f"[{item.number}] ", "bold"),
                (clean(item.section), "dim"),
                "  ",
                (f"“{clean(item.quote)}”", "italic"),
            )
        )
    if why:
        console.print()
        console.print(Text(wording.WHY, style="bold"))
        for line in basis(answer):
            console.print(Text(f"  • {clean(line)}"))
    for line in remarks(answer):
        console.print(Text(clean(line), style="yellow"))
