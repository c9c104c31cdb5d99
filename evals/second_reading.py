"""Which held samples somebody has read a second time, against the guideline alone: who, and as they now are.

`datasets/second-reading.csv` holds a line per sample: its id, a digest of what the sample says, who read it, and
whether the reader agreed with it as it was first written or had it mended. A sample that is changed afterwards has
another digest and counts as not read, so nothing that was edited passes as reviewed.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.samples import DATASETS, SCHEMA_OF, DatasetError, Record, load_set

REGISTER = DATASETS / "second-reading.csv"
COLUMNS = ("id", "digest", "outcome", "reader")
OUTCOMES = ("agreed", "mended")
SHOWN = 8


def digest(sample: Record) -> str:
    """Return a short hash of all that a sample says; its split and its provenance are not part of it."""
    said = sample.model_dump_json(exclude={"split", "origin", "why"})
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def read_register(path: Path = REGISTER) -> dict[str, dict[str, str]]:
    """Return the lines by id; none if there is no register. DatasetError if it is not such a file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise DatasetError(f"{path.name}: line 1 must be {','.join(COLUMNS)}")
        return {row["id"]: dict(row) for row in reader}


def is_read_twice(sample: Record, register: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether the sample, as it is now, stands in the register."""
    return register.get(sample.id, {}).get("digest") == digest(sample)


def count(samples: Iterable[Record], register: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return how many of the held samples were read twice, how many of those were mended then, and the unread ids."""
    held = [sample for sample in samples if sample.split == "held"]
    read = [sample for sample in held if is_read_twice(sample, register)]
    known = {sample.id for sample in read}
    return {
        "held": len(held),
        "read_twice": len(read),
        "mended": sum(register[sample.id]["outcome"] == "mended" for sample in read),
        "unread": sorted(sample.id for sample in held if sample.id not in known),
    }


def register_read(ids: Iterable[str], reader: str, *, outcome: str, path: Path = REGISTER) -> int:
    """Write that `reader` has read these samples as they are now; return how many lines are new or changed.

    DatasetError for an id that is in no set, for an outcome that is none, and for a reader without a name.
    """
    if outcome not in OUTCOMES:
        raise DatasetError(f"{outcome!r} is no outcome: {' or '.join(OUTCOMES)}")
    if not reader.strip():
        raise DatasetError("say who has read them: --reviewer NAME")
    samples = {sample.id: sample for name in SCHEMA_OF for sample in load_set(name)}
    register = read_register(path)
    changed = 0
    for one in ids:
        if one not in samples:
            raise DatasetError(f"no sample has the id {one!r}")
        row = dict(zip(COLUMNS, (one, digest(samples[one]), outcome, reader.strip()), strict=True))
        changed += register.get(one) != row
        register[one] = row
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(register[one] for one in sorted(register))
    return changed


def report_or_register(ids: Sequence[str], reader: str, mended: bool) -> int:
    """Register `ids`, or the ids in files of one id a line, if there are any; print what is read and what is not."""
    if ids:
        named = [one for name in ids for one in _lines(name)]
        changed = register_read(named, reader, outcome="mended" if mended else "agreed")
        print(f"{changed} of {len(named)} are new in {REGISTER.name}")
    register = read_register()
    for name in SCHEMA_OF:
        found = count(load_set(name), register)
        line = f"{name}: {found['read_twice']} of {found['held']} held samples read twice, {found['mended']} mended"
        more = found["unread"][:SHOWN]
        print(
            line
            + (f"; not yet {', '.join(more)}{' ...' if len(found['unread']) > SHOWN else ''}" if more else "")
        )
    return 0


def _lines(name: str) -> list[str]:
    path = Path(name)
    return path.read_text(encoding="utf-8").split() if path.is_file() else [name]
