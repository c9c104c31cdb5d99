"""What all sessions share, and what belongs to one tab alone."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import streamlit as st

from assistant.logs import configure_logs
from assistant.settings import load_settings
from assistant.ui import wording
from assistant.ui.conversation import Conversation

if TYPE_CHECKING:
    from assistant import Assistant


@st.cache_resource(show_spinner=wording.OPENING)
def opened() -> Assistant:
    """Open the assistant once for all sessions; it holds no patient."""
    from assistant import Assistant

    configure_logs(load_settings().log_level)  # Python's own logs would write what an exception repeats
    found = Assistant.open()
    # Loads the model while the first screen is read, and not while someone waits for an answer.
    threading.Thread(target=warm, args=(found,), daemon=True).start()
    return found


def warm(found: Assistant) -> None:
    """Ask something, so that all is loaded; a failure shows when a person asks."""
    with contextlib.suppress(Exception):
        found.ask(found.guidelines[0].title)


def talk() -> Conversation:
    """Return this tab's conversation."""
    if "talk" not in st.session_state:
        st.session_state.talk = Conversation()
    found: Conversation = st.session_state.talk
    return found


def ask_next(question: str) -> None:
    """Note the question that the next run answers."""
    st.session_state.pending = question
    st.session_state.editing = None


def ask_typed() -> None:
    """Note the question that was typed, and that it is noted."""
    st.session_state.noted = True
    ask_next(st.session_state.typed or "")


def ask_after_restart(question: str) -> None:
    """Answer a question from a page of an older server, whose conversation is gone, and say so.

    Streamlit calls no callback then: this session never drew the field that the question was typed into.
    """
    st.session_state.restarted = True
    ask_next(question)
    st.rerun()


def edit_next(number: int | None) -> None:
    """Open the question of exchange `number` for editing, or close the one that is open."""
    st.session_state.editing = number


def new_patient() -> None:
    """Forget the conversation."""
    for name in ("talk", "pending", "editing", "restarted"):
        st.session_state.pop(name, None)
