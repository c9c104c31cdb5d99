"""FAQ: find a frequent question while one types, and read its cited answer."""

from __future__ import annotations

import streamlit as st

from app_pages import chat
from app_pages.answer import options_table, source_buttons
from app_pages.session import ask_next, opened
from assistant.ui import card, markdown, wording


def show() -> None:
    """Show the questions that are near what is typed; the nearest is open."""
    with st.container(key="reading"):
        st.title(wording.FAQ_TITLE, anchor=False)
        query = st.text_input(wording.FAQ_SEARCH, type="search", live=True, key="faq-query") or ""
        found = opened().faq(query)
        if not found:
            st.info(wording.FAQ_NONE, icon=":material/search_off:")
        for place, (question, answer) in enumerate(found):
            first = bool(query) and place == 0
            with st.expander(markdown.plain(question), key=f"faq-{place}-{first}", expanded=first):
                st.markdown(card.answer_markdown(answer, f"faq{place}"))
                options_table(answer, f"faq{place}")
                source_buttons(answer, f"faq{place}", [item.number for item in answer.citations])
                if st.button(wording.FAQ_ASK, key=f"faq-ask-{place}", icon=":material/forum:"):
                    ask_next(question)
                    st.switch_page(chat.page())


def page() -> st.Page:
    """Return this page for the navigation."""
    return st.Page(show, title="FAQ", icon=":material/quiz:", url_path="faq")
