"""The Streamlit app: opens the assistant and the page that is asked for. The pages are in `app_pages`.

Run it with `make app` or `guideline-assistant app`.
"""

from __future__ import annotations

import streamlit as st

from app_pages import about, chat, evaluation, faq, guideline
from app_pages.session import opened
from assistant.errors import AssistantError
from assistant.ui import markdown, static, wording

PAGES = (chat, faq, guideline, evaluation, about)


def main() -> None:
    """Show the page that is open; where the assistant cannot start, say why and what to do."""
    st.set_page_config(page_title=wording.NAME, page_icon=static.ICON, layout="wide")
    st.html(static.STYLE)
    st.html(static.offline() + static.script("behaviour"), unsafe_allow_javascript=True)
    page = st.navigation([item.page() for item in PAGES], position="top")
    try:
        opened()
    except AssistantError as error:
        st.title(wording.CANNOT_OPEN, anchor=False)
        st.error(markdown.plain(str(error)), icon=":material/error:")
        st.caption(wording.CANNOT_OPEN_HINT)
        return
    page.run()


main()
