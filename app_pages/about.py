"""About: what this is for, what it cannot do, and whose guidelines it knows."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app_pages.reading import show_all
from app_pages.session import opened
from assistant import __version__
from assistant.ui import pages


def show() -> None:
    """Show intended use, limits, privacy and attribution."""
    with st.container(key="reading"):
        show_all(pages.about_page(opened().guidelines, __version__, date.today()))


def page() -> st.Page:
    """Return this page for the navigation."""
    return st.Page(show, title="About", icon=":material/info:", url_path="about")
