"""Thumbs and a comment on an answer, where a file for them is named."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import streamlit as st

from assistant.types import Answer
from assistant.ui import feedback, markdown, wording


def thumbs(number: int, question: str, answer: Answer) -> None:
    """Take feedback and store it on this computer; nothing is shown where it is off."""
    file = os.environ.get(feedback.VARIABLE)
    if not file:
        return
    with st.popover(
        wording.FEEDBACK, icon=":material/thumbs_up_down:", type="tertiary", key=f"rate-{number}"
    ):
        useful = st.feedback("thumbs", key=f"thumbs-{number}")
        comment = st.text_input(
            wording.FEEDBACK_COMMENT, key=f"comment-{number}", max_chars=feedback.MAX_CHARS
        )
        if st.button(wording.FEEDBACK_SEND, key=f"send-{number}", disabled=useful is None):
            try:
                feedback.FeedbackStore(Path(file)).add(
                    useful=bool(useful), comment=comment or "", question=question, answer=answer
                )
                st.success(wording.FEEDBACK_DONE)
            except (OSError, sqlite3.Error) as error:
                st.error(markdown.plain(str(error)))
