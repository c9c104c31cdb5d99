"""Evaluation: the last report with its plots."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app_pages.reading import show_all
from assistant.ui import pages

REPORT = Path(__file__).resolve().parents[1] / "evals" / "report"


def show() -> None:
    """Show the last report, or how to make one."""
    with st.container(key="reading"):
        show_all(pages.evaluation_page(REPORT))


def page() -> st.Page:
    """Return this page for the navigation."""
    return st.Page(show, title="Evaluation", icon=":material/monitoring:", url_path="evaluation")
