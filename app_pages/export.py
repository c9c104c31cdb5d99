"""The menu that copies an answer and saves the conversation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from app_pages.session import opened, talk
from assistant.types import Answer
from assistant.ui import export, pdf, wording


def save_menu(number: int, question: str, answer: Answer) -> None:
    """Offer the answer as plain text and the conversation as files."""
    guidelines = opened().guidelines
    with st.popover(wording.SAVE, icon=":material/content_copy:", type="tertiary", key=f"save-{number}"):
        st.caption(wording.COPY_HINT)
        text = export.answer_text(question, answer, guidelines)
        st.code(text, language=None, wrap_lines=True, height=220)
        st.caption(wording.WHOLE)
        makers: list[tuple[str, str, str, Callable[..., str | bytes]]] = [
            ("Markdown", "md", "text/markdown", export.conversation_markdown),
            ("JSON", "json", "application/json", export.conversation_json),
        ]
        if pdf.can_write():
            makers.append(("PDF", "pdf", "application/pdf", pdf.conversation_pdf))
        with st.container(horizontal=True):
            for name, ending, mime, make in makers:
                st.download_button(
                    name,
                    partial(make, talk(), guidelines),
                    f"conversation.{ending}",
                    mime,
                    key=f"save-{number}-{ending}",
                    on_click="ignore",
                    icon=":material/download:",
                )
        if len(makers) == 2:
            st.caption(wording.PDF_NEEDS)
        st.caption(wording.LINK_HINT)
        st.code(export.question_link(st.context.url or "", question), language=None, wrap_lines=True)
