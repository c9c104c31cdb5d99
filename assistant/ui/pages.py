"""The pages that are only read: Guideline, Evaluation, About."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from assistant.guidelines.pack import Guideline
from assistant.ui import about, plots, wording
from assistant.ui.elements import Caption, Code, Element, Image, Notice, Plot, Table, Text, Title
from assistant.ui.markdown import plain
from assistant.ui.report import read_report
from assistant.ui.source import Block, Span, document, parse_cite


def guideline_page(guideline: Guideline, cite: str | None, today: date) -> Iterator[Element]:
    """Yield the whole text with its rated options; the passage of `cite` stands out."""
    span = parse_cite(guideline, cite)
    yield Title(plain(guideline.title))
    metadata = guideline.metadata
    yield Caption(
        f"{plain(metadata.category)} · {plain(metadata.publisher.text)} · "
        f"{plain(metadata.reviewer.text)} · {metadata.review_date.isoformat()}"
    )
    if about.is_stale(guideline, today):
        yield Notice(wording.STALE, warning=True)
    if cite and span is None:
        yield Notice(wording.CITE_BAD, warning=True)
    if guideline.options:
        yield Title(wording.OPTIONS, 2)
        yield Table(about.option_columns(guideline), wording.OPTIONS_ALT)
    blocks = document(guideline, span)
    yield Title(wording.CONTENTS, 2)
    yield Text("\n".join(_contents(guideline, blocks)))
    yield from _blocks(blocks, guideline.title, span)


def _contents(guideline: Guideline, blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.level and block.markdown != plain(guideline.title):
            yield f"{'  ' * (block.level - 2)}- [{block.markdown}](#{block.anchor})"


def _blocks(blocks: Sequence[Block], title: str, span: Span | None) -> Iterator[Element]:
    """Yield the text; paragraphs in a row are one element, the cited ones one of their own."""
    lines: list[str] = []
    cited = False

    def flush() -> Iterator[Element]:
        if lines:
            yield Text("\n\n".join(lines), "cited" if cited else "")
            lines.clear()

    for block in blocks:
        if block.level:
            yield from flush()
            cited = False
            if block.markdown != plain(title):
                yield Title(block.markdown, block.level, block.anchor)
            continue
        if block.cited != cited:
            yield from flush()
            cited = block.cited
            if cited and span is not None:
                lines.append(f":yellow-badge[:material/format_quote: {wording.CITED}]")
        lines.append(block.markdown)
    yield from flush()


def evaluation_page(folder: Path) -> Iterator[Element]:
    """Yield the last report with its plots, or how to make one."""
    yield Title(wording.EVALUATION_TITLE)
    report = read_report(folder)
    if report is None:
        yield Notice(wording.EVALUATION_NONE)
        yield Code("make eval")
        yield Caption(wording.EVALUATION_HINT)
        return
    if report.problem:
        yield Notice(plain(report.problem), warning=True)
        return
    yield Text(wording.EVALUATION_READ)
    if report.made:
        yield Caption(f"{wording.EVALUATION_MADE} {plain(report.made)}")
    for plot in report.plots:
        yield Image(plot, plot.stem.replace("_", " ").replace("-", " "))
    for section in report.sections:
        title = section.title or wording.EVALUATION_RUN
        yield Title(plain(title), 2)
        if section.bars:
            yield Plot(plots.rates(title, section.bars))
        else:
            yield Table(section.columns, title)


def about_page(guidelines: Sequence[Guideline], version: str, today: date) -> Iterator[Element]:
    """Yield intended use, limits, privacy, and whose guidelines these are."""
    yield Title(wording.ABOUT_TITLE)
    yield Title(wording.INTENDED_TITLE, 2)
    yield Text("\n\n".join(wording.INTENDED_USE))
    yield Title(wording.LIMITS_TITLE, 2)
    yield Text("\n".join(f"- {item}" for item in wording.LIMITS))
    yield Title(wording.PRIVACY_TITLE, 2)
    yield Text("\n".join(f"- {item}" for item in wording.PRIVACY_TEXT))
    yield Title(wording.ATTRIBUTION_TITLE, 2)
    for guideline in guidelines:
        yield Title(plain(guideline.title), 3)
        if about.is_stale(guideline, today):
            yield Notice(wording.STALE, warning=True)
        yield Text(f"**{wording.COVERS}:** {plain(guideline.metadata.covers)}")
        if guideline.metadata.does_not_cover:
            items = "\n".join(f"- {plain(item)}" for item in guideline.metadata.does_not_cover)
            yield Text(f"**{wording.NOT_COVERED}:**\n\n{items}")
        yield Table(about.facts(guideline), plain(guideline.title), header=False)
    yield Caption(f"{wording.NAME} {version}")
