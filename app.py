"""The Streamlit app: widgets and session state only. What they show is built in `assistant.ui`.

Run it with `make app` or `guideline-assistant app`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import AssistantError
from assistant.types import Answer
from assistant.ui import about, card, elements, export, feedback, markdown, pages, parts, pdf, static, wording
from assistant.ui.conversation import Conversation, Exchange

if TYPE_CHECKING:
    from assistant import Assistant

REPORT = Path(__file__).resolve().parent / "evals" / "report"
STREAM_PAUSE_S = 0.03


@st.cache_resource(show_spinner=wording.OPENING)
def opened() -> Assistant:
    """Open the assistant once for all sessions; it holds no patient."""
    from assistant import Assistant

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


def ask_next(question: str = "") -> None:
    """Note the question that the next run answers: the one given, or the one typed."""
    st.session_state.pending = question or (st.session_state.get("typed") or "")
    st.session_state.editing = None


def new_patient() -> None:
    """Forget the conversation."""
    for name in ("talk", "pending", "editing", "complaint"):
        st.session_state.pop(name, None)


# ---------------------------------------------------------------- Chat


def chat_page() -> None:
    """Ask, read, open the basis, put the patient right."""
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
        st.chat_input(wording.PLACEHOLDER, key="typed", on_submit=ask_next)


def conversation(pending: str) -> None:
    """Show what was asked and answered, the patient beside it, and answer what is pending."""
    st.title(wording.ASK_TITLE, anchor=False)
    main, side = st.columns([5, 2], gap="large")
    with main:
        for number, exchange in enumerate(talk().exchanges):
            exchange_card(number, exchange, last=not pending and number == len(talk().exchanges) - 1)
        if pending.strip():
            answer_now(pending)
    with side, st.container(key="patient"):
        patient_panel()


def first_screen() -> None:
    """Say what it covers, what it does not, and what can be asked."""
    guidelines = opened().guidelines
    st.title(wording.ASK_TITLE, anchor=False)
    st.markdown("\n\n".join(about.covers(guidelines)))
    with st.container(key="examples"):
        st.subheader(wording.TRY, anchor=False)
        left, right = st.columns(2, gap="small")
        questions = about.examples(guidelines)
        for number, question in enumerate(questions):
            (left, right)[2 * number >= len(questions)].button(
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


def answer_now(question: str) -> None:
    """Show the question at once, then its answer as it comes."""
    number = len(talk().exchanges)
    question_block(number, Exchange(question), quiet=True)
    with st.spinner(wording.WAIT):
        exchange = talk().ask(opened(), question)
    answer_block(number, exchange, last=True, streamed=True)


def exchange_card(number: int, exchange: Exchange, *, last: bool) -> None:
    """Show a question with its answer; the last one has next steps too."""
    question_block(number, exchange)
    answer_block(number, exchange, last=last)


def question_block(number: int, exchange: Exchange, *, quiet: bool = False) -> None:
    """Show what was asked, as the characters that were typed; it can be edited."""
    if st.session_state.get("editing") == number and not quiet:
        with st.form(f"edit-{number}"):
            text = st.text_area(wording.EDIT_LABEL, exchange.question, help=wording.EDIT_DROPS)
            with st.container(horizontal=True):
                again = st.form_submit_button(wording.EDIT_AGAIN, type="primary")
                st.form_submit_button(
                    wording.CANCEL, on_click=st.session_state.update, kwargs={"editing": None}
                )
        if again and text.strip():
            talk().edit(opened(), number, text)
            st.session_state.editing = None
            st.rerun()
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
            on_click=st.session_state.update,
            kwargs={"editing": number},
        )


def answer_block(number: int, exchange: Exchange, *, last: bool, streamed: bool = False) -> None:
    """Show the answer first; its basis is one click away."""
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
        if last and answer.scope.question:
            reply_buttons(answer, number)
        if (
            answer.status != "needs_information"
        ):  # a rating beside an open question would be read as the answer
            options_table(answer, number)
        rest_of_text(answer, found, number)
        source_buttons(answer, number)
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


def rest_of_text(answer: Answer, found: parts.Parts, number: int | str) -> None:
    """Show what stands under the table; long sections open at a click."""
    if found.after:
        st.markdown(card.answer_markdown(answer, str(number), found.after))
    if found.more:
        label = " · ".join(markdown.plain(item) for item in found.labels) or wording.MORE
        with st.expander(label, icon=":material/notes:", key=f"more-{number}"):
            st.markdown(card.answer_markdown(answer, str(number), found.more))


def options_table(answer: Answer, number: int | str) -> None:
    """Show the rated studies, the preferred first."""
    if columns := card.option_table(answer, opened().guidelines, str(number)):
        guideline = card.guideline_of(answer, opened().guidelines)
        st.markdown(f"**{wording.OPTIONS}**", help=card.radiation_help(guideline) or None)
        st.table(columns, hide_index=True, border="horizontal", alt=wording.OPTIONS_ALT)


def source_buttons(answer: Answer, number: int | str) -> None:
    """Show the citations; each opens the exact words in their section, in place."""
    if not answer.citations:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(wording.SOURCES, width="content")
        for item in card.sources(answer, opened().guidelines, str(number)):
            with st.popover(item.label, key=item.key):
                st.caption(item.place)
                for paragraph in item.passage:
                    st.markdown(paragraph)
                st.page_link(
                    PAGES["guideline"],
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


def save_menu(number: int, question: str, answer: Answer) -> None:
    """Offer the answer as plain text and the conversation as files."""
    guidelines = opened().guidelines
    with st.popover(wording.SAVE, icon=":material/content_copy:", type="tertiary", key=f"save-{number}"):
        st.caption(wording.COPY_HINT)
        text = export.answer_text(question, answer, guidelines)
        st.code(text, language=None, wrap_lines=True, height=220)
        st.caption(wording.WHOLE)
        makers: list[tuple[str, str, str, Callable[..., str | bytes]]] = [
            ("Markdown", "md", "text/markdown", export.conversation_markdown),
            ("JSON", "json", "application/json", export.conversation_json),
        ]
        if pdf.can_write():
            makers.append(("PDF", "pdf", "application/pdf", pdf.conversation_pdf))
        with st.container(horizontal=True):
            for name, ending, mime, make in makers:
                st.download_button(
                    name,
                    partial(make, talk(), guidelines),
                    f"conversation.{ending}",
                    mime,
                    key=f"save-{number}-{ending}",
                    on_click="ignore",
                    icon=":material/download:",
                )
        if len(makers) == 2:
            st.caption(wording.PDF_NEEDS)
        st.caption(wording.LINK_HINT)
        st.code(export.question_link(st.context.url or "", question), language=None, wrap_lines=True)


def thumbs(number: int, question: str, answer: Answer) -> None:
    """Take feedback, where a file for it is named."""
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


# ---------------------------------------------------------------- The patient


def patient_panel() -> None:
    """Show the facts as understood; each can be removed or corrected."""
    st.subheader(wording.PATIENT, anchor=False)
    chips = card.chips(talk().last)
    if not chips and not talk().removed:
        st.caption(wording.PATIENT_EMPTY)
    for place, chip in enumerate(chips):
        with st.container(
            border=True,
            horizontal=True,
            key=f"chip-{place}",
            vertical_alignment="center",
            gap=None,
            wrap=False,
        ):
            st.markdown(f"{chip.label} {chip.words}", width="stretch")
            correct_menu(place, chip)
            st.button(
                f"{wording.REMOVE}: {chip.name}",
                key=f"icon-remove-{place}",
                icon=":material/close:",
                type="tertiary",
                on_click=talk().remove,
                args=(opened(), chip.fact),
            )
    if talk().removed:
        st.caption(wording.REMOVED)
        for place, fact in enumerate(talk().removed):
            st.button(
                f"{wording.RESTORE}: {card.chip(fact).name}",
                key=f"restore-{place}",
                icon=":material/undo:",
                type="tertiary",
                on_click=talk().restore,
                args=(opened(), fact),
            )
    st.button(wording.PATIENT_NEW, on_click=new_patient, icon=":material/person_add:", key="new-patient")


def correct_menu(place: int, chip: card.Chip) -> None:
    """Let the words behind a fact be rewritten, and answer again."""
    label = f"{wording.CORRECT}: {chip.name}"
    with st.popover(label, key=f"icon-correct-{place}", icon=":material/edit:", type="tertiary"):
        with st.form(f"correct-{place}", border=False):
            words = st.text_input(
                wording.CORRECT_LABEL, chip.fact.words, key=f"words-{place}-{chip.fact.words}"
            )
            done = st.form_submit_button(wording.CORRECT_DONE)
        if done:
            if talk().correct(opened(), chip.fact, words):
                st.rerun()
            st.warning(wording.CORRECT_FAILED)


# ---------------------------------------------------------------- The other pages


def faq_page() -> None:
    """Find a frequent question and read its cited answer."""
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
                source_buttons(answer, f"faq{place}")
                if st.button(wording.FAQ_ASK, key=f"faq-ask-{place}", icon=":material/forum:"):
                    ask_next(question)
                    st.switch_page(PAGES["chat"])


def show(page: Iterator[elements.Element]) -> None:
    """Show the elements of a page that is only read."""
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


def guideline_page() -> None:
    """Show the whole text; `?cite=start-end` highlights a passage and scrolls to it."""
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
        show(pages.guideline_page(known[name], cite, date.today()))
    if cite:
        st.html(static.script("scroll"), unsafe_allow_javascript=True)


def evaluation_page() -> None:
    """Show the last report of the evaluation."""
    show(pages.evaluation_page(REPORT))


def about_page() -> None:
    """Show what this is for, what it cannot do, and whose guidelines it knows."""
    from assistant import __version__

    with st.container(key="reading"):
        show(pages.about_page(opened().guidelines, __version__, date.today()))


PAGES = {
    "chat": st.Page(chat_page, title="Chat", icon=":material/forum:", url_path="chat", default=True),
    "faq": st.Page(faq_page, title="FAQ", icon=":material/quiz:", url_path="faq"),
    "guideline": st.Page(
        guideline_page, title="Guideline", icon=":material/menu_book:", url_path="guideline"
    ),
    "evaluation": st.Page(
        evaluation_page, title="Evaluation", icon=":material/monitoring:", url_path="evaluation"
    ),
    "about": st.Page(about_page, title="About", icon=":material/info:", url_path="about"),
}


def main() -> None:
    """Show the page that is open; where the assistant cannot start, say why and what to do."""
    st.set_page_config(page_title=wording.NAME, page_icon=static.ICON, layout="wide")
    st.html(static.STYLE)
    st.html(static.script("behaviour"), unsafe_allow_javascript=True)
    page = st.navigation(list(PAGES.values()), position="top")
    try:
        opened()
    except AssistantError as error:
        st.title(wording.CANNOT_OPEN, anchor=False)
        st.error(markdown.plain(str(error)), icon=":material/error:")
        st.caption(wording.CANNOT_OPEN_HINT)
        return
    page.run()


main()
