"""Chat: ask, read, open the basis, put the patient right."""

from __future__ import annotations

import streamlit as st

from app_pages.answer import answer_block
from app_pages.patient import patient_panel
from app_pages.session import ask_after_restart, ask_next, ask_typed, edit_next, opened, talk
from assistant.ui import about, markdown, wording
from assistant.ui.conversation import Exchange


def show() -> None:
    """Show the first screen, or the conversation with the field to ask in under it."""
    if asked := st.query_params.get("q"):
        st.query_params.clear()
        ask_next(asked)
    pending = st.session_state.pop("pending", "") or ""
    with st.container(key="talk"):  # the field below keeps its place in the page, and with it what is typed
        if not talk().exchanges and not pending.strip():
            first_screen()
        else:
            conversation(pending)
    with st.container(key="ask"):  # not at the root: there Streamlit would scroll past the answer to its end
        typed = st.chat_input(wording.PLACEHOLDER, key="typed", on_submit=ask_typed)
    if typed and not st.session_state.pop("noted", False):
        ask_after_restart(typed)


def first_screen() -> None:
    """Say what it covers, what it does not, and what can be asked."""
    guidelines = opened().guidelines
    st.title(wording.ASK_TITLE, anchor=False)
    st.markdown("\n\n".join(about.covers(guidelines)))
    with st.container(key="examples"):
        st.subheader(wording.TRY, anchor=False)
        for number, question in enumerate(about.examples(guidelines)):
            if number % 2 == 0:  # row by row, so that neighbours are of the same height
                row = st.columns(2, gap="small")
            row[number % 2].button(
                markdown.plain(question),
                key=f"example-{number}",
                wrap=True,
                on_click=ask_next,
                args=(question,),
                width="stretch",
                icon=":material/arrow_forward:",
            )
    if missing := about.does_not_cover(guidelines):
        with st.container(border=True, key="not-covered"):
            st.subheader(wording.NOT_COVERED, anchor=False)
            st.markdown("\n".join(f"- {item}" for item in missing))
    st.caption(f"{wording.INTENDED} {wording.PRIVACY}")


def conversation(pending: str) -> None:
    """Show what was asked and answered, the patient beside it, and answer what is pending."""
    st.title(wording.ASK_TITLE, anchor=False)
    main, side = st.columns([5, 2], gap="large")
    with main:
        if st.session_state.get("restarted"):
            st.warning(wording.RESTARTED, icon=":material/restart_alt:")
        for number, exchange in enumerate(talk().exchanges):
            question_block(number, exchange)
            answer_block(number, exchange, last=not pending and number == len(talk().exchanges) - 1)
        if pending.strip():
            answer_now(pending)
    with side, st.container(key="patient"):
        patient_panel()


def answer_now(question: str) -> None:
    """Show the question at once, then its answer as it comes."""
    number = len(talk().exchanges)
    question_block(number, Exchange(question), quiet=True)
    with st.spinner(wording.WAIT):
        exchange = talk().ask(opened(), question)
    answer_block(number, exchange, last=True, streamed=True)


def question_block(number: int, exchange: Exchange, *, quiet: bool = False) -> None:
    """Show what was asked, as the characters that were typed; it can be edited."""
    if st.session_state.get("editing") == number and not quiet:
        edit_form(number, exchange)
        return
    with st.container(horizontal=True, key=f"question-{number}", vertical_alignment="center", wrap=False):
        st.text(exchange.question, width="stretch")
        if exchange.edited:
            st.badge(wording.EDITED, color="gray")
        st.button(
            f"{wording.EDIT} {number + 1}",
            key=f"icon-edit-{number}",
            icon=":material/edit:",
            type="tertiary",
            on_click=edit_next,
            args=(number,),
        )


def edit_form(number: int, exchange: Exchange) -> None:
    """Let a question be put in other words, and ask it again."""
    with st.form(f"edit-{number}"):
        text = st.text_area(wording.EDIT_LABEL, exchange.question, help=wording.EDIT_DROPS)
        with st.container(horizontal=True):
            again = st.form_submit_button(wording.EDIT_AGAIN, type="primary")
            st.form_submit_button(wording.CANCEL, on_click=edit_next, args=(None,))
    if again and text.strip():
        talk().edit(opened(), number, text)
        edit_next(None)
        st.rerun()


def page() -> st.Page:
    """Return this page for the navigation and for links to it."""
    return st.Page(show, title="Chat", icon=":material/forum:", url_path="chat", default=True)
