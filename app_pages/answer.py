"""An answer's card: the answer first, its basis one click away."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from functools import partial

import streamlit as st

from app_pages import guideline
from app_pages.export import save_menu
from app_pages.feedback import thumbs
from app_pages.session import ask_next, opened
from assistant.types import Answer
from assistant.ui import card, markdown, parts, wording
from assistant.ui.conversation import Exchange

STREAM_PAUSE_S = 0.03


def answer_block(number: int, exchange: Exchange, *, last: bool, streamed: bool = False) -> None:
    """Show an answer; the last one has next steps too, and a new one comes sentence by sentence."""
    with st.container(key=f"card-{number}"):
        answer = exchange.answer
        if answer is None:
            st.warning(markdown.plain(exchange.error), icon=":material/error:")
            return
        st.markdown(" ".join(badge.markdown for badge in card.badges(answer)))
        found = parts.take_apart(answer)
        text = card.answer_markdown(answer, str(number), found.lead)
        if streamed:
            st.write_stream(partial(paced, text))
        else:
            st.markdown(text)
        # A rating beside an open question would be read as its answer.
        if answer.status != "needs_information":
            options_table(answer, number)
        elif last and answer.scope.question:
            reply_buttons(answer, number)
        rest_of_text(answer, found, number)
        why(answer, number)
        for notice in card.notices(answer):
            st.caption(f":material/info: {notice}")
        if last:
            next_steps(answer, number)
        with st.container(horizontal=True):
            save_menu(number, exchange.question, answer)
            thumbs(number, exchange.question, answer)


def paced(text: str) -> Iterator[str]:
    """Yield the answer sentence by sentence."""
    for piece in markdown.pieces(text):
        yield piece
        time.sleep(STREAM_PAUSE_S)


def reply_buttons(answer: Answer, number: int) -> None:
    """Ask for the one missing fact, with its answers as buttons."""
    with st.container(border=True, key=f"missing-{number}"):
        asked = answer.scope.question
        st.markdown(f"**{wording.REPLY if asked in answer.text else markdown.plain(asked)}**")
        with st.container(horizontal=True):
            for reply in wording.REPLIES:
                st.button(reply, key=f"reply-{number}-{reply}", on_click=ask_next, args=(reply,))


def options_table(answer: Answer, number: int | str) -> None:
    """Show the rated studies, the preferred first."""
    if columns := card.option_table(answer, opened().guidelines, str(number)):
        spoken = card.guideline_of(answer, opened().guidelines)
        with st.container(key=f"options-{number}"):
            st.markdown(f"**{wording.OPTIONS}**", help=card.radiation_help(spoken) or None)
            st.table(columns, hide_index=True, border="horizontal", alt=wording.OPTIONS_ALT)


def rest_of_text(answer: Answer, found: parts.Parts, number: int) -> None:
    """Show what stands under the table and the sources; long sections open at a click, with their own."""
    waiting = found.cited_in_more_alone(answer)
    if found.after:
        st.markdown(card.answer_markdown(answer, str(number), found.after))
    source_buttons(answer, number, [item.number for item in answer.citations if item.number not in waiting])
    if found.more:
        label = " · ".join(markdown.plain(item) for item in found.labels) or wording.MORE
        with st.expander(label, icon=":material/notes:", key=f"more-{number}"):
            st.markdown(card.answer_markdown(answer, str(number), found.more))
            source_buttons(answer, number, sorted(waiting))


def source_buttons(answer: Answer, number: int | str, numbers: Collection[int]) -> None:
    """Show the citations of these numbers; each opens the exact words in their section, in place."""
    found = card.sources(answer, opened().guidelines, str(number), numbers)
    if not found:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(wording.SOURCES, width="content")
        for item in found:
            with st.popover(item.label, key=item.key):
                st.caption(item.place)
                for paragraph in item.passage:
                    st.markdown(paragraph)
                st.page_link(
                    guideline.page(),
                    label=wording.OPEN_IN_GUIDELINE,
                    query_params=dict(item.link),
                    icon=":material/menu_book:",
                )


def why(answer: Answer, number: int) -> None:
    """Show what was decided, by which criteria, and what would change it."""
    with st.expander(wording.WHY, icon=":material/account_tree:", key=f"why-{number}"):
        rows = card.criteria(answer, opened().guidelines)
        st.markdown(card.decided(answer) if rows else wording.WHY_GENERAL)
        if rows:
            st.markdown("\n\n".join(row.markdown for row in rows))
        for text in answer.scope.contradictions:
            st.markdown(f":material/warning: **{wording.CONTRADICTION}:** {markdown.plain(text)}")
        if changes := card.changes(answer):
            st.markdown(f"**{wording.WHY_CHANGE}**\n\n" + "\n".join(f"- {item}" for item in changes))


def next_steps(answer: Answer, number: int) -> None:
    """Offer the likely next questions."""
    if answer.follow_ups:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.caption(wording.NEXT, width="content")
            for place, question in enumerate(card.follow_ups(answer)):
                st.button(
                    markdown.plain(question),
                    key=f"next-{number}-{place}",
                    on_click=ask_next,
                    args=(question,),
                )
