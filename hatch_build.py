"""Puts the corpus and the app into the wheel, beside the code, so that a package works in any folder.

Not a plain `force-include`: hatchling applies that to editable installs too, and leaves a stale copy there.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INCLUDED = {
    "corpus": "assistant/_corpus",
    # A folder of its own: Streamlit puts it first on the import path, and looks there for its settings.
    "app.py": "assistant/_app/app.py",
    "app_pages": "assistant/_app/app_pages",
    ".streamlit/config.toml": "assistant/_app/.streamlit/config.toml",
}


class WheelData(BuildHookInterface):
    """Adds INCLUDED to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for path, place in INCLUDED.items():
                build_data["force_include"][f"{self.root}/{path}"] = place
