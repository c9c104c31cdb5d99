"""Shows a page that is only read: its elements in order, as `assistant.ui` yields them."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from assistant.ui import elements, plots


def show_all(page: Iterator[elements.Element]) -> None:
    """Show each element by its widget."""
    for item in page:
        match item:
            case elements.Title(text, level, anchor):
                headings = (st.title, st.header, st.subheader)
                if level <= len(headings):
                    headings[level - 1](text, anchor=anchor or False)
                else:
                    st.markdown(f"{'#' * level} {text}", anchors=False)
            case elements.Text(text, key):
                with st.container(key=key or None):
                    st.markdown(text)
            case elements.Caption(text):
                st.caption(text)
            case elements.Notice(text, warning):
                (st.warning if warning else st.info)(text)
            case elements.Table(columns, alt, header):
                st.table(columns, hide_index=True, hide_header=not header, border="horizontal", alt=alt)
            case elements.Code(text):
                st.code(text, language=None)
            case elements.Image(path, alt):
                st.image(path, caption=alt)
            case elements.Plot(spec):
                st.vega_lite_chart({**spec, "config": plots.colours(st.context.theme.type)}, width="stretch")
