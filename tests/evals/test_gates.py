"""The baseline: what may be worse by how much, and who may move it."""

from __future__ import annotations

import json

import pytest

from evals import gates
from evals.gates import Gate, Measured, judge

RATE = Gate("rate", ("r",))
HARM = Gate("harm", ("h",), "down", 0, count=True)
HELD_HARM = Gate("held harm", ("h",), "down", 1, count=True)
LATE = Gate("late", ("l",), always=False)


@pytest.mark.parametrize(
    ("gate", "before", "now", "verdict"),
    [
        (RATE, Measured(0.95, 400), Measured(0.95, 400), "same"),
        (RATE, Measured(0.95, 400), Measured(0.955, 400), "better"),
        (RATE, Measured(0.95, 400), Measured(378 / 400, 400), "within"),
        (RATE, Measured(0.95, 400), Measured(377 / 400, 400), "WORSE"),
        (RATE, Measured(0.95, 40), Measured(36 / 40, 40), "within"),
        # Two samples of a set that has grown are a smaller share of it.
        (RATE, Measured(1.0, 100), Measured(0.99, 1000), "WORSE"),
        (HARM, Measured(0, 900), Measured(0, 900), "same"),
        (HARM, Measured(0, 900), Measured(1, 900), "WORSE"),
        (HARM, Measured(3, 900), Measured(2, 900), "better"),
        (HELD_HARM, Measured(9, 500), Measured(10, 500), "within"),
        (HELD_HARM, Measured(9, 500), Measured(11, 500), "WORSE"),
        (RATE, Measured(0.95, 400), None, "MISSING"),
        (RATE, None, Measured(0.95, 400), "new"),
        (LATE, Measured(0.95, 400), None, "not run"),
        (LATE, None, None, "same"),
    ],
)
def test_a_rate_may_lose_two_samples_and_harm_none(gate, before, now, verdict):
    assert judge(gate, before, now) == verdict


def test_small_losses_do_not_add_up(monkeypatch, tmp_path):
    monkeypatch.setattr(gates, "GATES", [RATE])
    path = tmp_path / "baseline.json"
    gates.accept({"r": {"value": 0.95, "total": 400}}, "A. Reviewer", "first", path)
    for lost in (1, 2, 3):
        found = gates.misses({"r": {"value": 0.95 - lost / 400, "total": 400}}, path)
        assert bool(found) == (lost > 2)


def test_every_gate_on_harm_is_a_count_and_has_nothing_to_lose_on_the_dev_split():
    harm = [gate for gate in gates.GATES if gate.count]
    assert {gate.slack for gate in harm if gate.name.startswith("dev")} == {0}
    assert {gate.slack for gate in harm if gate.name.startswith("held")} == {1}
    assert all(gate.better == "down" for gate in harm)
    assert len(harm) == 8


def test_accepting_a_short_run_keeps_what_only_the_full_run_measures(monkeypatch, tmp_path):
    monkeypatch.setattr(gates, "GATES", [RATE, LATE])
    path = tmp_path / "baseline.json"
    rate = {"value": 0.5, "total": 10}
    gates.accept({"r": rate, "l": rate}, "r", "full", path)
    gates.accept({"r": {"value": 0.6, "total": 10}}, "r", "short", path)
    kept = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    assert kept == {"rate": {"value": 0.6, "total": 10}, "late": {"value": 0.5, "total": 10}}
    assert gates.misses({"r": {"value": 0.6, "total": 10}}, path) == []


def test_old_and_new_stand_side_by_side(monkeypatch, tmp_path):
    monkeypatch.setattr(gates, "GATES", [RATE, HARM])
    path = tmp_path / "baseline.json"
    gates.accept(
        {"r": {"value": 0.95, "total": 400}, "h": {"value": 0, "count": 0, "total": 9}}, "r", "w", path
    )
    new = {"r": {"value": 0.97, "total": 400}, "h": {"value": 0.1, "count": 1, "total": 9}}
    rate, harm = gates.compare(new, path).splitlines()[1:]
    assert rate.split() == ["rate", "95.0%", "97.0%", "better"]
    assert harm.split() == ["harm", "0", "of", "9", "1", "of", "9", "WORSE"]
