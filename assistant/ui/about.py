"""What the first screen and the About page say of the guidelines, from their own metadata."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.guidelines.pack import Guideline
from assistant.ui import wording
from assistant.ui.markdown import plain

EXAMPLES = 6
STALE_AFTER_DAYS = 366


def covers(guidelines: Sequence[Guideline]) -> tuple[str, ...]:
    """Return in a sentence each what the guidelines cover."""
    return tuple(plain(guideline.metadata.covers) for guideline in guidelines)


def does_not_cover(guidelines: Sequence[Guideline]) -> tuple[str, ...]:
    """Return what the guidelines say that they do not cover."""
    return tuple(plain(item) for guideline in guidelines for item in guideline.metadata.does_not_cover)


def examples(guidelines: Sequence[Guideline]) -> tuple[str, ...]:
    """Return example questions, from each guideline in turn."""
    lists = [guideline.metadata.examples for guideline in guidelines]
    longest = max((len(item) for item in lists), default=0)
    mixed = [item[place] for place in range(longest) for item in lists if place < len(item)]
    return tuple(mixed[:EXAMPLES])


def is_stale(guideline: Guideline, today: date) -> bool:
    """True when the last review is over a year ago."""
    return (today - guideline.metadata.review_date).days > STALE_AFTER_DAYS


def facts(guideline: Guideline) -> dict[str, list[str]]:
    """Return who says it and when, as two columns."""
    metadata = guideline.metadata
    rows = {
        "Title": metadata.title,
        "Ratings by": metadata.publisher.text,
        "Reviewed by": metadata.reviewer.text,
        "Reviewed on": f"{metadata.review_date:%B} {metadata.review_date.day}, {metadata.review_date.year}",
        "Topic": metadata.category,
        "SHA-256 of the text": f"{metadata.source.sha256[:16]}…",
    }
    shown = {name: value for name, value in rows.items() if value}
    return {"": [plain(name) for name in shown], " ": [plain(value) for value in shown.values()]}


def option_columns(guideline: Guideline) -> dict[str, list[str]]:
    """Return all rated options of a guideline as columns."""
    from assistant.ui.card import rating_badge

    return {
        wording.STUDY: [f"**{plain(option.name)}**" for option in guideline.options],
        wording.RATING: [
            rating_badge(guideline, option.id, option.rating).markdown for option in guideline.options
        ],
        wording.RADIATION: [plain(option.radiation.text) for option in guideline.options],
    }
