"""Writes the JSON schema of each pack file, so that an editor completes and checks what an author types.

Run `python -m assistant.guidelines.jsonschema`; it writes corpus/schema/*.json. A pack file names its schema
on its first line: `# yaml-language-server: $schema=../../schema/statements.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import TypeAdapter

from assistant.guidelines.loader import FILES, LATE_FILES
from assistant.settings import load_settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    written = {}
    for file, kind in {**FILES, **LATE_FILES}.items():
        name = file.removesuffix(".yaml")
        body = {"$schema": DIALECT, **TypeAdapter(kind).json_schema(), "title": f"{name} of a guideline pack"}
        written[f"{name}.json"] = json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return written


def write(folder: Path) -> list[Path]:
    """Write the schema files into `folder` and return those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in schemas().items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def main() -> None:
    """Write the schema files of the corpus that the settings find."""
    for path in write(load_settings().corpus / "schema"):
        sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
