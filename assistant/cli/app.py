"""`app`: the chat in the browser."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import typer

from assistant.errors import AssistantError

_PACKAGE = Path(__file__).resolve().parents[1]


def app(context: typer.Context) -> int:
    """Open the chat in the browser.

    It listens on this machine only. Options of `streamlit run` may follow.

    \b
    Examples:
      guideline-assistant app --help
    """
    script = next(
        (path for path in (_PACKAGE / "_app" / "app.py", _PACKAGE.parent / "app.py") if path.is_file()), None
    )
    if script is None or importlib.util.find_spec("streamlit") is None:
        raise AssistantError(
            "The browser chat is not installed; reinstall the package: pip install --force-reinstall"
        )
    # Said here too, so that loopback and no telemetry do not depend on a file being found.
    defaults = [
        "--server.address=127.0.0.1",
        "--browser.gatherUsageStats=false",
        "--server.showEmailPrompt=false",
        f"--server.headless={'false' if _has_browser() else 'true'}",
    ]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *defaults, *context.args]
    if os.name == "posix":
        # The server takes this process over, so that every signal reaches it and it can end gracefully.
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606
    return subprocess.run(command, check=False).returncode


def _has_browser() -> bool:
    """True when a person at a desktop started this, so that a browser window can be opened for them."""
    if not sys.stdin.isatty():
        return False
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
