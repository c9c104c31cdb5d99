"""The patient as understood: each fact can be removed, put back or corrected with a click."""

from __future__ import annotations

import streamlit as st

from app_pages.session import new_patient, opened, talk
from assistant.ui import card, wording


def patient_panel() -> None:
    """Show the facts as chips, what was removed, and a button that clears all."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall"
    ):
        st.subheader(wording.PATIENT, anchor=False, width="content")
        st.button(wording.PATIENT_NEW, on_click=new_patient, icon=":material/person_add:", key="new-patient")
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
