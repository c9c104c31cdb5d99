"""Structured logs: one JSON object a line on standard error, switched on by the program that runs.

The package itself only calls `logging.getLogger(__name__)`. What goes into a line is counts, names and times:
never the text of a question, and never an identifier.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

#: Attributes that every record has; what else a record carries was given with `extra=`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as JSON: time (UTC), level, logger, event, and whatever `extra=` gave."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            # The type and the place, not the message: it may repeat what the user wrote.
            line["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                line["at"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return json.dumps(line, default=str)


def configure_logs(level: str) -> None:
    """Send the package's log lines of `level` and above to standard error; calling it again replaces it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("assistant")
    logger.handlers = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
