"""Bring your own: questions in YAML or CSV, and public retrieval formats (BEIR folders, question pairs)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.samples import DatasetError, Draft, Sample, parse_records, read_yaml

_DEFAULTS: dict[str, Any] = {
    "set": "own",
    "category": "own",
    "voice": "own",
    "severity": "medium",
    "split": "dev",
    "statuses": ["answered"],
    "why": "your own question",
}
_DRAFT_DEFAULTS: dict[str, Any] = {
    "set": "own",
    "operator": "own",
    "style": "own",
    "severity": "medium",
    "split": "dev",
    "question": "",
    "why": "your own draft",
}
_DRAFT_COLUMNS = ("id", "draft", "verdict", "question", "span", "severity", "operator", "split", "why")
_CSV_COLUMNS = ("id", "question", "facts", "absent", "statuses", "severity", "category", "why")
_QUESTION_COLUMNS = (("question1", "question2"), ("question_1", "question_2"), ("query", "text"))
_LABEL_COLUMNS = ("is_duplicate", "label", "duplicate")


@dataclass(frozen=True, slots=True)
class RetrievalData:
    """Documents, queries and grades (0 is not relevant), by id."""

    corpus: dict[str, str]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def load_own(path: Path) -> list[Sample] | list[Draft]:
    """Read your own questions, or drafts for the guard, from a YAML list or a CSV table.

    YAML records are like those of the sets, but only `question` (or `turns`) must be given; facts are
    patterns. Records with `draft` are drafts for the guard, of which only `draft` and `verdict` must be given.
    CSV cells are plain words: `facts` as `a | b; c` is "(a or b) and c"; `absent` as `a; b`; `statuses` as
    `answered; not_covered`. A table with the column `draft` holds drafts.
    """
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else read_yaml(path)
    if not isinstance(rows, list) or not rows:
        raise DatasetError(f"{path}: a list of questions or drafts is expected; there is none")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise DatasetError(f"{path}: record {number} is no mapping of names to values")
    drafts = ["draft" in row for row in rows]
    if any(drafts) and not all(drafts):
        raise DatasetError(f"{path}: questions and drafts stand in files of their own")
    if any(drafts):
        named = [{"id": f"own-{number:03d}", **_DRAFT_DEFAULTS, **row} for number, row in enumerate(rows, 1)]
        return parse_records(named, Draft, str(path))
    return parse_records([_question(n, row) for n, row in enumerate(rows, 1)], Sample, str(path))


def _question(number: int, row: dict[str, Any]) -> dict[str, Any]:
    """A record of a question with what it leaves out."""
    given = dict(row)
    if "question" in given:
        given["turns"] = [given.pop("question")]
    facts = given.get("facts")
    if isinstance(facts, list):
        given["facts"] = [[fact] if isinstance(fact, str) else fact for fact in facts]
    return {"id": f"own-{number:03d}", **_DEFAULTS, **given}


def _csv_rows(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = reader.fieldnames or ()
            columns, needed = (_DRAFT_COLUMNS, "draft") if "draft" in names else (_CSV_COLUMNS, "question")
            unknown = sorted(set(names) - set(columns))
            if unknown or needed not in names:
                raise DatasetError(
                    f"{path}: the columns are {', '.join(columns)}; `{needed}` is needed"
                    + (f", and {', '.join(unknown)} unknown" if unknown else "")
                )
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path}: {error}") from error
    wide = next((number for number, row in enumerate(rows, 2) if None in row), None)
    if wide is not None:
        raise DatasetError(
            f"{path}: row {wide} has more cells than columns; put a cell with a comma in quotes"
        )
    return [_from_cells(row) for row in rows]


def _from_cells(row: dict[str, str | None]) -> dict[str, Any]:
    cells = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
    record: dict[str, Any] = dict(cells)
    if "facts" in cells:
        record["facts"] = [[re.escape(word) for word in _parts(g, "|")] for g in _parts(cells["facts"], ";")]
    if "absent" in cells:
        record["absent"] = [re.escape(word) for word in _parts(cells["absent"], ";")]
    if "statuses" in cells:
        record["statuses"] = _parts(cells["statuses"], ";")
    return record


def _parts(cell: str, separator: str) -> list[str]:
    return [part.strip() for part in cell.split(separator) if part.strip()]


def load_beir(folder: Path, split: str = "test") -> RetrievalData:
    """Read a BEIR folder: corpus.jsonl, queries.jsonl, qrels/<split>.tsv; ungraded queries are left out."""
    corpus = {
        row["_id"]: f"{row.get('title', '')}\n{row['text']}".strip()
        for row in _jsonl(folder / "corpus.jsonl", ("_id", "text"))
    }
    qrels: dict[str, dict[str, int]] = {}
    path = folder / "qrels" / f"{split}.tsv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter="\t")
            next(rows, None)  # query-id, corpus-id, score
            for query, document, grade in rows:
                qrels.setdefault(query, {})[document] = int(grade)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: query-id, corpus-id and score are expected: {error}") from error
    asked = _jsonl(folder / "queries.jsonl", ("_id", "text"))
    queries = {row["_id"]: row["text"] for row in asked if row["_id"] in qrels}
    if not corpus or not queries:
        raise DatasetError(f"{folder}: there is no text, or no query that {path.name} grades")
    return RetrievalData(corpus, queries, {q: grades for q, grades in qrels.items() if q in queries})


def load_pairs(path: Path) -> RetrievalData:
    """Read pairs of questions (CSV, TSV or JSONL): the first asks, the second is to be found.

    Columns question1 and question2 (or query and text), and is_duplicate or label where some pairs are not
    the same question: those stay in the corpus as traps.
    """
    rows = list(_jsonl(path) if path.suffix == ".jsonl" else _table(path))
    if not rows:
        raise DatasetError(f"{path}: there are no pairs")
    columns = next((pair for pair in _QUESTION_COLUMNS if all(name in rows[0] for name in pair)), None)
    if columns is None:
        raise DatasetError(f"{path}: columns question1 and question2 are expected")
    label = next((name for name in _LABEL_COLUMNS if name in rows[0]), None)
    corpus: dict[str, str] = {}
    place: dict[str, str] = {}
    asked: dict[str, str] = {}
    queries: dict[str, str] = {}
    qrels: dict[str, dict[str, int]] = {}
    for row in rows:
        first, second = (str(row.get(name) or "") for name in columns)
        document = place.setdefault(second, f"d{len(place)}")
        corpus[document] = second
        if label is not None and str(row[label]).strip().lower() not in ("1", "1.0", "true"):
            continue
        query = asked.setdefault(first, f"q{len(asked)}")
        queries[query] = first
        qrels.setdefault(query, {})[document] = 1
    if not queries:
        raise DatasetError(f"{path}: no pair is marked as the same question in the column {label}")
    return RetrievalData(corpus, queries, qrels)


def _jsonl(path: Path, needed: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict) or any(name not in row for name in needed):
                    raise DatasetError(
                        f"{path}: line {number} is no record with {', '.join(needed) or 'names'}"
                    )
                yield row
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: {error}") from error


def _table(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path}: {error}") from error
