"""Whether a draft says that the guidance does not apply."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading

#: So many words of a sentence may hold its "no" ("Hi, no.").
_OPENING = 4
_ABOUT_GUIDANCE = ("guidance", "in-scope", "not-in-scope")


def is_said(reading: Reading) -> bool:
    """Whether the draft says that the guidance does not apply."""
    return answers_no(reading) or any(
        mark.name == "not-in-scope"
        or denies(reading, mark)
        or (mark.name == "in-scope" and reading.has((mark.end, mark.end + 24), ("unmet",)))
        for mark in reading.marks
    )


def answers_no(reading: Reading) -> bool:
    """Whether the draft says "no" to the question whether the guidance applies, its own or the user's."""
    open_ = reading.know.mentions(reading.question, "asks-covered")
    for unit in reading.units:
        if unit.question:
            open_ = reading.has((unit.start, unit.end), ("asks-covered",))
            continue
        opening = [
            word.text for word in reading.words_in(unit.start, unit.end)[:_OPENING] if word.text.isalpha()
        ]
        whole = len([word for word in reading.words_in(unit.start, unit.end) if word.text.isalpha()])
        greeted = unit is reading.units[0] and "no" in opening and (
            whole < _OPENING or reading.has((unit.start, unit.end), _ABOUT_GUIDANCE)
        )  # fmt: skip
        if open_ and (opening[:1] == ["no"] or greeted):
            return True
        if len(opening) > 1:
            open_ = False
    return False


def denies(reading: Reading, mark: Mark) -> bool:
    """Whether a word of being in scope is denied."""
    return mark.name == "in-scope" and reading.negated(mark)
