"""The fixed styles and scripts of the app: files of the package, never built from text."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from assistant.ui import wording

_FOLDER = Path(__file__).resolve().parent

#: The style sheet; Streamlit wraps a .css file in style tags by itself.
STYLE: Final = _FOLDER / "style.css"

#: A picture of our own: an icon by name would be fetched from the internet.
ICON: Final = _FOLDER / "icon.png"


def offline() -> str:
    """Return the notice that the style sheet shows while there is no connection to the server."""
    return f'<div class="offline" role="alert">{escape(wording.OFFLINE)}</div>'


@cache
def script(name: str) -> str:
    """Return the script `name` of this folder in script tags."""
    return f"<script>{(_FOLDER / f'{name}.js').read_text(encoding='utf-8')}</script>"
