"""Thumbs and comments, stored in a SQLite file on this computer; off unless a file is named.

Identifiers are taken out of what is stored by their form (addresses, dates, long numbers, titled names):
a help against a slip and not a proof of anonymity, which is why the store is off by default.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from assistant.types import Answer
from assistant.ui.markdown import clean

VARIABLE = "ASSISTANT_FEEDBACK_FILE"
MAX_CHARS = 2000
REMOVED = "[removed]"

_IDENTIFIERS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"),
    re.compile(
        r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+\d{4}\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof)\b\.?\s+[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?", re.IGNORECASE),
    re.compile(r"(?i:\b(?:name|patient|called)\s*(?::|is)\s*)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*"),
    re.compile(r"(?i:\b(?:mrn|nhs|ssn|dob|id|record|chart|account)\b)[\s#:no.]*[\w-]*\d[\w-]*"),
    re.compile(r"\+?\d(?:[\s().-]?\d){5,}"),
)

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    useful INTEGER NOT NULL,
    comment TEXT NOT NULL,
    question TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,
    citations TEXT NOT NULL
)
"""


def scrub(text: str) -> str:
    """Return `text` without what looks like an identifier."""
    for pattern in _IDENTIFIERS:
        text = pattern.sub(REMOVED, text)
    return text


class FeedbackStore:
    """A SQLite file of feedback; each call opens it anew, so sessions do not share a connection."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, *, useful: bool, comment: str, question: str, answer: Answer) -> None:
        """Store one piece of feedback; sqlite3.Error or OSError when the file cannot be written."""
        cited = " ".join(f"{item.guideline}:{item.start}-{item.end}" for item in answer.citations)
        row = (
            datetime.now(UTC).date().isoformat(),
            int(useful),
            scrub(clean(comment)[:MAX_CHARS]),
            scrub(clean(question)[:MAX_CHARS]),
            answer.status,
            answer.source,
            cited,
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=5)) as connection, connection:
            connection.execute(_TABLE)
            connection.execute(
                "INSERT INTO feedback (day, useful, comment, question, status, source, citations) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
