"""Puts the corpus and the app into the wheel, beside the code, so that a package works in any folder.

Not a plain `force-include`: hatchling applies that to editable installs too, and leaves a stale copy there.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INCLUDED = {
    "corpus": "assistant/_corpus",
    "app.py": "assistant/_app.py",
    ".streamlit/config.toml": "assistant/.streamlit/config.toml",  # Streamlit looks beside the script
}


class WheelData(BuildHookInterface):
    """Adds INCLUDED to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for path, place in INCLUDED.items():
                build_data["force_include"][f"{self.root}/{path}"] = place
