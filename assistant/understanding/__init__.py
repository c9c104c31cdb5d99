"""From what the user types to findings with their assertion status, facts about the patient, and what is asked."""

from assistant.understanding.assertion import assert_spans, assert_status
from assistant.understanding.reader import Reader

__all__ = ["Reader", "assert_spans", "assert_status"]
