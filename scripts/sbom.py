"""Prints a bill of materials (CycloneDX 1.5, JSON) of everything the project needs at run time."""

from __future__ import annotations

import importlib.metadata
import json
import re

PROJECT = "guideline-assistant"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str, extras: frozenset[str], found: dict[str, importlib.metadata.Distribution]) -> None:
    """Collect `name` and, through its requirements that hold here, all that it needs."""
    from packaging.requirements import Requirement

    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return
    seen = normal(name) in found
    found[normal(name)] = distribution
    if seen and not extras:
        return
    for line in distribution.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        holds = marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or {""}))
        if holds and (normal(requirement.name) not in found or requirement.extras):
            needed(requirement.name, frozenset(requirement.extras), found)


def component(distribution: importlib.metadata.Distribution) -> dict[str, object]:
    name, version = normal(distribution.metadata["Name"]), distribution.version
    entry: dict[str, object] = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version.partition('+')[0]}",
    }
    metadata = distribution.metadata
    licence = next((metadata[key] for key in ("License-Expression", "License") if key in metadata), None)
    if licence and len(licence) < 80:
        entry["licenses"] = [{"license": {"name": licence}}]
    return entry


def main() -> None:
    found: dict[str, importlib.metadata.Distribution] = {}
    needed(PROJECT, frozenset(), found)
    project = found.pop(PROJECT)
    print(
        json.dumps(
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.5",
                "version": 1,
                "metadata": {"component": {**component(project), "type": "application"}},
                "components": [component(found[name]) for name in sorted(found)],
            },
            indent=2,
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
