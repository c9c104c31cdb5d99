"""Studies that are set apart from what a rating is said of ("unlike CT, the scan is ...")."""

from __future__ import annotations

from assistant.guard.marks import Mark
from assistant.guard.reading import Reading

#: Words between studies that are joined.
JOINING = frozenset({"and", "or", ",", "the", "a", "an", "both", "nor", "&", "/"})


def is_unlike(reading: Reading, study: Mark, rating: Mark, *, after: bool = False) -> bool:
    """Whether the study is set against the subject ("unlike CT, the scan is ...")."""
    if after:
        return _stands_unlike(reading, study)
    if not _set_apart(reading, study):
        return False
    between = reading.words_in(study.end, rating.start)
    return not any(word.text in ("which", "both") for word in between)


def _set_apart(reading: Reading, study: Mark) -> bool:
    """Whether "unlike" stands before the study, or before those that it is joined to."""
    first = study
    for other in reversed(reading.studies(reading.just_before(study, 120))):
        words = {word.text for word in reading.words_in(other.end, first.start)}
        if not words <= JOINING:
            break
        first = other
    return _stands_unlike(reading, first)


def _stands_unlike(reading: Reading, study: Mark) -> bool:
    """Whether "unlike" or its kin stands before a study; behind a colon begins something else ("not wrong: x is R")."""
    return any(
        ":" not in reading.text.lower[mark.end : study.start]
        for mark in reading.find(reading.just_before(study, 12), ("unlike",))
    )
