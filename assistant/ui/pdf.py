"""A conversation as a PDF, with a font that has all the characters of the guideline."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.guidelines.pack import Guideline
from assistant.ui import wording
from assistant.ui.conversation import Conversation
from assistant.ui.export import answer_text
from assistant.ui.markdown import clean

#: Where fonts-dejavu-core and its likes put the font; matplotlib brings it along too.
FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts/dejavu",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
REGULAR, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"


@cache
def find_fonts() -> tuple[Path, Path] | None:
    """Return the regular and the bold font, or None where they are not installed."""
    folders = [Path(folder) for folder in FOLDERS]
    spec = importlib.util.find_spec("matplotlib")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")
    for folder in folders:
        if (folder / REGULAR).is_file() and (folder / BOLD).is_file():
            return folder / REGULAR, folder / BOLD
    return None


def can_write() -> bool:
    """True when a PDF can be made here."""
    return find_fonts() is not None and importlib.util.find_spec("fpdf") is not None


def conversation_pdf(talk: Conversation, guidelines: Sequence[Guideline]) -> bytes:
    """Return the conversation as a PDF; RuntimeError where `can_write` is False."""
    fonts = find_fonts()
    if fonts is None or not can_write():
        raise RuntimeError(wording.PDF_NEEDS)
    from fpdf import FPDF
    from fpdf.enums import XPos, YPos

    pdf = FPDF(format="A4")
    pdf.set_lang("en")
    pdf.set_title(wording.NAME)
    pdf.set_margin(18)
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_font("body", "", str(fonts[0]))
    pdf.add_font("body", "B", str(fonts[1]))
    pdf.add_page()

    def write(text: str, size: float, style: str = "", gap_mm: float = 2) -> None:
        pdf.set_font("body", style, size)
        pdf.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(gap_mm)

    write(wording.NAME, 16, "B")
    for number, exchange in enumerate(talk.exchanges, start=1):
        write(f"{number}. {clean(exchange.question)}", 11, "B")
        if exchange.answer is None:
            write(f"{wording.NO_ANSWER}: {clean(exchange.error)}", 10, gap_mm=5)
            continue
        text = answer_text(exchange.question, exchange.answer, guidelines).split("\n", 1)[1]
        for paragraph in text.strip().split("\n\n"):
            write(paragraph, 10)
        pdf.ln(4)
    return bytes(pdf.output())
