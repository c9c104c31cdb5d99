"""An answer and a conversation taken out of the app: plain text for the record, Markdown, JSON, PDF.

Every export says which guideline in which version it rests on, and carries all citations word for word.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote as url_quote

from assistant.guidelines.pack import Guideline
from assistant.types import Answer
from assistant.ui import wording
from assistant.ui.card import guideline_of
from assistant.ui.conversation import Conversation, Exchange
from assistant.ui.markdown import clean, plain, prose, readable
from assistant.ui.parts import option_rows, without_table

WIDTH = 88


def basis(answer: Answer, guidelines: Sequence[Guideline]) -> str:
    """Return the guideline that an answer rests on, with publisher and review date."""
    guideline = guideline_of(answer, guidelines)
    if guideline is None:
        return ""
    metadata = guideline.metadata
    reviewed = metadata.review_date.isoformat()
    return f"{metadata.title} ({metadata.publisher.text}; reviewed by {metadata.reviewer.text}, {reviewed})"


def answer_text(question: str, answer: Answer, guidelines: Sequence[Guideline]) -> str:
    """Return one question and answer with its citations as plain text."""
    lines = [f"Question: {' '.join(clean(question).split())}", f"Status: {wording.STATUS[answer.status][0]}"]
    if label := wording.SOURCE[answer.source]:
        lines.append(f"Note: {label[0]}")
    lines += ["", _wrapped(readable(without_table(answer.text)))]
    if answer.options:
        lines += ["", f"{wording.OPTIONS}:"]
        for row in option_rows(answer):
            mark = f" ({wording.PREFERRED})" if row.option.preferred else ""
            told = "; ".join(item for item in (row.rating, row.radiation, row.note) if item)
            lines.append(f"- {row.option.name}{mark}: {told}")
    if answer.citations:
        lines += ["", f"{wording.SOURCES}:"]
        lines += [f"[{item.number}] {item.section}: “{_line(item.quote)}”" for item in answer.citations]
    if told := basis(answer, guidelines):
        lines += ["", f"Guideline: {told}"]
    lines.append(wording.INTENDED)
    return "\n".join(lines) + "\n"


def conversation_markdown(talk: Conversation, guidelines: Sequence[Guideline]) -> str:
    """Return the whole conversation as Markdown; nothing in it can act as markup of its own."""
    lines = [f"# {wording.NAME}", "", wording.INTENDED, ""]
    for number, exchange in enumerate(talk.exchanges, start=1):
        lines += [f"## {number}. {plain(exchange.question)}", ""]
        if exchange.answer is None:
            lines += [f"*{wording.NO_ANSWER}:* {plain(exchange.error)}", ""]
            continue
        answer = exchange.answer
        numbers = {item.number for item in answer.citations}
        lines += [f"*{wording.STATUS[answer.status][0]}*", "", prose(without_table(answer.text), numbers), ""]
        if answer.options:
            lines += [f"| {wording.STUDY} | {wording.RATING} | {wording.RADIATION} |", "|---|---|---|"]
            for row in option_rows(answer):
                name = plain(row.option.name) + (f" ({wording.PREFERRED})" if row.option.preferred else "")
                cells = (name, prose(row.rating, numbers), prose(row.radiation, numbers))
                lines.append(f"| {' | '.join(cells)} |")
            lines.append("")
        for item in answer.citations:
            lines.append(f"- \\[{item.number}\\] {plain(item.section)}: “{plain(item.quote)}”")
        if told := basis(answer, guidelines):
            lines += ["", f"Guideline: {plain(told)}"]
        lines.append("")
    if talk.removed:
        lines += [f"{wording.REMOVED}: " + "; ".join(plain(fact.words) for fact in talk.removed), ""]
    return "\n".join(lines)


def conversation_json(talk: Conversation, guidelines: Sequence[Guideline]) -> str:
    """Return the whole conversation as JSON: questions as typed, answers as `ask` gave them."""
    data = {
        "program": wording.NAME,
        "intended_use": wording.INTENDED,
        "guidelines": [
            {
                "id": guideline.id,
                "title": guideline.title,
                "review_date": guideline.metadata.review_date.isoformat(),
                "sha256": guideline.metadata.source.sha256,
            }
            for guideline in guidelines
        ],
        "removed": [fact.model_dump(mode="json") for fact in talk.removed],
        "exchanges": [_record(exchange) for exchange in talk.exchanges],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _record(exchange: Exchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "edited": exchange.edited,
        "error": exchange.error,
        "answer": exchange.answer.model_dump(mode="json") if exchange.answer else None,
    }


def question_link(base: str, question: str) -> str:
    """Return a link that opens the app at `base` and asks `question`."""
    return f"{base.split('?')[0].split('#')[0].rstrip('/')}/?q={url_quote(question, safe='')}"


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) if line.strip() else ""
        for line in text.split("\n")
    )
