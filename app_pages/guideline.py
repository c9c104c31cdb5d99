"""Guideline: the whole text; `?cite=start-end` highlights a passage and scrolls to it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app_pages.reading import show_all
from app_pages.session import opened
from assistant.ui import card, pages, static, wording


def show() -> None:
    """Show the guideline that the address names, or the one picked."""
    known = card.by_id(opened().guidelines)
    wanted = st.query_params.get("guideline", "")
    names = list(known)
    name = wanted if wanted in known else names[0]
    if len(names) > 1:
        picked = st.selectbox(
            wording.GUIDELINE_TITLE, names, names.index(name), lambda item: known[item].title
        )
        name = picked or name
    cite = st.query_params.get("cite") if name == (wanted or name) else None
    with st.container(key="reading"):
        show_all(pages.guideline_page(known[name], cite, date.today()))
    if cite:
        st.html(static.script("scroll"), unsafe_allow_javascript=True)


def page() -> st.Page:
    """Return this page for the navigation and for links to it."""
    return st.Page(show, title="Guideline", icon=":material/menu_book:", url_path="guideline")
