"""The bank is what was compiled, or nothing: another key, another format or damage gives none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering.bank import compile_bank, read_bank, words_key, write_bank
from assistant.answering.evidence_reader import Reader
from assistant.answering.evidence_records import ELSEWHERE, records_of
from assistant.guidelines.loader import load_corpus
from assistant.kept import seal, unseal


@pytest.fixture(scope="module")
def compiled(root: Path, reader: Reader):
    (guideline,) = load_corpus(root / "corpus", concepts=reader.vocabulary.concepts.keys())
    wordings = {
        guideline.id: {"tracer": ("Which isotopic thing goes in?",)},
        ELSEWHERE: {"small-talk": ("yo",)},
    }
    records = records_of((guideline,), reader.aspects, wordings)
    return records, compile_bank((guideline,), reader, records)


def test_every_wording_and_statement_is_in_it(compiled) -> None:
    records, bank = compiled
    wordings = sum(profile.wordings for profile in bank.profiles)
    assert wordings == len(bank.marks) == sum(len(record.asks) for record in records)
    assert len(bank.texts) == wordings + len(records[0].guideline.statements)


def test_further_wordings_count_for_their_record(compiled, reader: Reader) -> None:
    records, bank = compiled
    row = bank.wordings[words_key(reader.read("Which isotopic thing goes in?").canonical)]
    assert records[row].item.id == "tracer"
    assert records[bank.wordings["yo"]].guideline is None


def test_it_comes_back_as_it_was(compiled, tmp_path: Path) -> None:
    _, bank = compiled
    path = tmp_path / "bank.json"
    write_bank(bank, path, "key")
    assert read_bank(path, "key") == bank
    assert read_bank(path, "another") is None


@pytest.mark.parametrize("name", ["texts", "marks", "profiles", "word_counts", "format"])
def test_a_bank_without_a_part_is_none(compiled, tmp_path: Path, name: str) -> None:
    path = tmp_path / "bank.json"
    write_bank(compiled[1], path, "key")
    parts = [json.loads(unseal(part)) for part in path.read_bytes().splitlines()]
    assert sum(part.pop(name, None) is not None for part in parts) == 1
    path.write_bytes(b"\n".join(seal(json.dumps(part, separators=(",", ":")).encode()) for part in parts))
    assert read_bank(path, "key") is None


def test_a_flipped_byte_in_a_wording_is_noticed(compiled, tmp_path: Path) -> None:
    path = tmp_path / "bank.json"
    write_bank(compiled[1], path, "key")
    data = path.read_bytes()
    for at in (data.index(b"isotopic"), data.rindex(b"isotopic")):
        path.write_bytes(data[:at] + b"j" + data[at + 1 :])
        assert all(json.loads(part) for part in path.read_bytes().splitlines())
        assert read_bank(path, "key") is None
    path.write_bytes(data.splitlines()[0])
    assert read_bank(path, "key") is None
