"""The JSON schemas of the sets, generated from the models: editors check a set while it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from evals.samples import DATASETS, MODELS


def schema_text(name: str) -> str:
    """Return the schema of a kind of set, as it stands in its file."""
    kind: Any = list[MODELS[name]]  # type: ignore[valid-type]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    schema = adapter.json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"A set of {name}"}
    return json.dumps({**head, **schema}, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path = DATASETS) -> list[Path]:
    """Write all schemas beside the sets; return the files that changed."""
    changed = []
    for name in MODELS:
        path = folder / f"{name}.schema.json"
        text = schema_text(name)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
