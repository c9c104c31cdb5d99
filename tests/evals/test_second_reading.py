"""The register of samples that were read twice: it knows them as they were read, and nothing that changed since."""

from __future__ import annotations

import pytest

from evals import second_reading
from evals.samples import SCHEMA_OF, DatasetError, load_set
from evals.second_reading import count, is_read_twice, read_register, register_read


@pytest.fixture(scope="module")
def held():
    return [sample for name in SCHEMA_OF for sample in load_set(name) if sample.split == "held"]


def test_every_held_sample_was_read_twice_as_it_stands(held):
    assert count(held, read_register())["unread"] == [], "python -m evals reviewed --help"


def test_the_register_names_no_sample_that_is_not_there():
    assert set(read_register()) <= {sample.id for name in SCHEMA_OF for sample in load_set(name)}


def test_a_sample_that_changes_counts_as_not_read(held):
    register = read_register()
    changed = held[0].model_copy(update={"severity": "low" if held[0].severity == "high" else "high"})
    assert is_read_twice(held[0], register)
    assert not is_read_twice(changed, register)
    assert count([changed], register) == {"held": 1, "read_twice": 0, "mended": 0, "unread": [changed.id]}


def test_a_reason_that_is_reworded_does_not_ask_for_another_reading(held):
    assert is_read_twice(held[0].model_copy(update={"why": "in other words"}), read_register())


def test_reading_is_registered_once(held, tmp_path):
    path = tmp_path / "register.csv"
    ids = [sample.id for sample in held[:2]]
    assert register_read(ids, "A. Reader", outcome="agreed", path=path) == 2
    assert register_read(ids, "A. Reader", outcome="agreed", path=path) == 0
    assert register_read(ids[:1], "A. Reader", outcome="mended", path=path) == 1
    assert count(held[:2], read_register(path))["mended"] == 1


@pytest.mark.parametrize(
    ("ids", "reader", "outcome", "says"),
    [
        (["vig-none"], "A. Reader", "agreed", "no sample has the id 'vig-none'"),
        ([], " ", "agreed", "--reviewer NAME"),
        ([], "A. Reader", "liked", "agreed or mended"),
    ],
)
def test_what_cannot_be_registered_is_said(ids, reader, outcome, says, tmp_path):
    path = tmp_path / "register.csv"
    with pytest.raises(DatasetError, match=says):
        register_read(ids, reader, outcome=outcome, path=path)
    assert not path.exists()


def test_a_file_that_is_no_register_is_refused(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("id,name\n")
    with pytest.raises(DatasetError, match="line 1 must be"):
        read_register(path)


def test_the_command_lists_what_is_read(capsys):
    assert second_reading.report_or_register([], "", mended=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == list(SCHEMA_OF)
