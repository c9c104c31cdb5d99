"""The report: the same bytes on every run, self-contained, failures shown, the baseline held."""

from __future__ import annotations

import argparse
import json
import os
import re
from html.parser import HTMLParser

import pytest

import assistant
from assistant.types import Answer, Review
from evals import cli, develop, gates, reporting
from evals.evaluation import Parts, evaluate
from evals.plots import curves, heat_map, histogram, interval_bars
from evals.records import difference
from evals.statistics import Rate
from tests.evals.conftest import FakeAssistant, sample

ROWS = [
    sample(id="own-1", set="vignettes"),
    sample(id="own-2", set="content", statuses=("not_covered",), turns=("<script>alert(1)</script>",)),
    sample(id="own-3", set="uncovered", split="held", statuses=("not_covered",)),
]


@pytest.fixture
def parts(good_answer):
    return Parts(
        FakeAssistant(lambda question: good_answer),
        lambda draft, question, history: Review(verdict="pass"),
        lambda text, start, end: "present",
    )


@pytest.fixture
def no_retrieval(monkeypatch):
    """Leave the embedding model out (retrieval is measured in its own test), and who edits files meanwhile."""
    monkeypatch.setattr("evals.evaluation.code_sha256", lambda: "one state")
    metrics = {
        name: Rate(1, 2).record()
        for name in ("recall@1", "recall@2", "recall@3", "recall@4", "recall@5", "recall@10", "ndcg@10")
    }
    systems = {"hybrid": {"metrics": metrics, "passages": 1, "characters_shown@4": 1.0}}
    monkeypatch.setattr(
        "evals.evaluation.measure_retrieval", lambda samples, fast: {"queries": 1, "systems": systems}
    )


@pytest.fixture
def outcome(parts, no_retrieval):
    return evaluate(parts, fast=True, samples=ROWS)


def test_two_runs_give_the_same_bytes_but_for_times(parts, no_retrieval, tmp_path):
    for name in ("first", "second"):
        reporting.write(evaluate(parts, fast=True, samples=ROWS), tmp_path / name)
    for file in ("report.json", "report.md"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


class _Loads(HTMLParser):
    """Gathers whatever a page would fetch; an address that stands as text, in a sample say, fetches nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        fetching = {"src", "href", "action", "data", "srcset", "poster", "background"}
        self.found += [f"<{tag} {name}={value}>" for name, value in attrs if name in fetching]
        self.found += [f"<{tag} style={v}>" for n, v in attrs if n == "style" and v and "url(" in v]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("style", "script"):
            self.found += re.findall(r"url\(|@import|https?://", data)


def test_the_page_loads_nothing_and_runs_no_text_of_a_sample(outcome, tmp_path):
    reporting.write(outcome, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    read = _Loads()
    read.feed(page)
    assert read.found == []
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_no_path_of_a_machine_stands_in_the_report(outcome, tmp_path):
    from evals.identity import ROOT

    reporting.write(outcome, tmp_path)
    for file in ("report.html", "report.json", "report.md", "timings.json"):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert str(ROOT) not in text, file
        assert str(tmp_path) not in text, file


def test_held_samples_that_change_are_counted_and_not_named_on_the_page(outcome, tmp_path):
    reporting.write(outcome, tmp_path)
    for row in outcome["report"]["results"]:
        if row["id"] in ("own-2", "own-3"):
            row["answer"]["sha256"] = "another"
    reporting.write(outcome, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<a href="#own-2">own-2</a> and 1 held' in page
    assert "own-3" not in page


def test_progress_keeps_the_time_of_each_part_and_loses_no_item(capsys):
    from evals.progress import Progress

    progress = Progress()
    assert list(progress.each("answers", iter([1, 2, 3]), 3)) == [1, 2, 3]
    with progress.part("retrieval"):
        pass
    assert list(progress.seconds) == ["answers", "retrieval"]
    assert "answers: 3 in" in capsys.readouterr().err


def test_failures_of_the_held_split_are_counted_and_not_shown(outcome, tmp_path):
    reporting.write(outcome, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "own-2" in page
    assert "own-3" not in page
    reporting.write(outcome, tmp_path, show_held=True)
    assert "<b>own-3</b>" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_is_missing_is_said(no_retrieval, tmp_path):
    found = evaluate(Parts(None, None, None, missing=["Assistant: gone"]), fast=True, samples=ROWS)
    reporting.write(found, tmp_path)
    assert "Assistant: gone" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_difference_names_what_failed_and_what_changed(outcome):
    new = outcome["report"]
    old = json.loads(json.dumps(new))
    old["results"][1]["kind"] = "right"
    old["results"][0]["answer"]["sha256"] = "other"
    found = difference(old, new)
    assert found["newly_failing"] == ["own-2"]
    assert found["answer_changed"] == ["own-1"]
    assert difference(None, new) == {"compared": False}


def test_a_worse_number_is_a_miss_and_a_better_one_is_not(outcome, tmp_path):
    path = tmp_path / "baseline.json"
    report = outcome["report"]
    report["answers"]["dev"]["exact_answers"] = {"value": 0.9, "total": 1000}
    assert "there is no baseline" in gates.misses(report, path)[0]
    gates.accept(report, "A. Reviewer", "first", path)
    assert gates.misses(report, path) == []
    assert json.loads(path.read_text(encoding="utf-8"))["reviewer"] == "A. Reviewer"
    report["answers"]["dev"]["exact_answers"]["value"] = 0.897
    report["answers"]["dev"]["high_severity_errors"]["count"] -= 1
    assert [miss.split(":")[1].strip() for miss in gates.misses(report, path)] == ["exact answers"]


def test_a_number_that_is_no_longer_measured_is_a_miss(outcome, tmp_path):
    path = tmp_path / "baseline.json"
    gates.accept(outcome["report"], "r", "r", path)
    outcome["report"]["guard"] = {}
    assert any("not measured" in miss for miss in gates.misses(outcome["report"], path))


def test_the_baseline_moves_only_with_a_reviewer_and_a_reason(outcome, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reporting, "accept", lambda *args: pytest.fail("moved without review"))
    reporting.write(outcome, tmp_path)
    args = argparse.Namespace(report=tmp_path, accept=True, reviewer="", reason="")
    assert reporting.move_baseline(args) == 2
    args.accept = False
    assert reporting.move_baseline(args) == 0
    assert "baseline" in capsys.readouterr().out
    assert reporting.move_baseline(argparse.Namespace(report=tmp_path / "none", accept=False)) == 2


def test_a_report_of_another_state_of_the_code_moves_no_baseline(outcome, tmp_path, monkeypatch, capsys):
    moved: list[object] = []
    monkeypatch.setattr(reporting, "accept", lambda *args: moved.append(args))
    args = argparse.Namespace(report=tmp_path, accept=True, reviewer="A. Reviewer", reason="why")
    outcome["report"]["missing"] = []
    outcome["report"]["code_sha256"] = "of another state"
    reporting.write(outcome, tmp_path)
    assert reporting.move_baseline(args) == 2
    assert moved == []
    assert "another state" in capsys.readouterr().err
    outcome["report"]["code_sha256"] = reporting.code_sha256()
    reporting.write(outcome, tmp_path)
    assert reporting.move_baseline(args) == 0
    assert len(moved) == 1


@pytest.mark.parametrize(
    "plot",
    [
        interval_bars("t <b>", [("a & b", Rate(1, 2).record()), ("none", Rate(0, 0).record())]),
        heat_map("t", {"row": {"c": 1, "d": 0}}),
        heat_map("t", {}),
        curves("t", {"s": [(1.0, 2.0), (10.0, 3.0)]}, "x", "y", log_axes=True),
        curves("t", {}, "x", "y"),
        histogram("t", [1.0, 2.0, 3.0], "ms"),
        histogram("t", [], "ms"),
    ],
)
def test_plots_are_well_formed_xml(plot):
    import xml.etree.ElementTree as ET

    assert ET.fromstring(plot).tag == "figure"


@pytest.fixture
def fake_product(monkeypatch, good_answer):
    fake = FakeAssistant(lambda question: good_answer)
    monkeypatch.setattr(
        assistant, "Assistant", type("Open", (), {"open": staticmethod(lambda: fake)}), raising=False
    )
    monkeypatch.setattr(develop, "load_samples", lambda path: ROWS)
    return fake


def test_the_developer_command_shows_dev_failures_and_hides_held_ones(fake_product, capsys):
    assert cli.main(["content", "--split", "all"]) == 1
    shown = capsys.readouterr().out
    assert "own-2 kidney high WRONG" in shown
    assert "FAIL status: answered, expected not_covered" in shown
    assert "own-3" not in shown
    cli.main(["content", "--split", "held", "--show-held"])
    assert "own-3 kidney" in capsys.readouterr().out


def test_one_id_is_shown_even_if_right(fake_product, capsys):
    assert cli.main(["content", "--id", "own-1"]) == 0
    assert "own-1 kidney high RIGHT" in capsys.readouterr().out
    assert cli.main(["content", "--id", "own-99"]) == 2


def test_an_own_file_is_judged_like_a_set(fake_product, tmp_path, capsys):
    path = tmp_path / "mine.csv"
    path.write_text("question,facts\nis it safe?,safe\nwhat does it cost?,dollar\n", encoding="utf-8")
    assert cli.main([str(path)]) == 1
    assert "missing fact: none of dollar" in capsys.readouterr().out


def test_an_unknown_target_is_exit_code_2(capsys):
    assert cli.main(["nonsense"]) == 2
    assert "unknown: nonsense" in capsys.readouterr().err


def test_an_answer_of_nothing_is_a_record(outcome):
    kinds = {row["id"]: row["kind"] for row in outcome["report"]["results"]}
    assert kinds["own-1"] == "right"
    assert kinds["own-2"] == "wrong"
    assert isinstance(Answer(status="not_covered", text="").model_dump(), dict)


@pytest.mark.parametrize(("missed", "code"), [([], 0), (["exact answers"], 1)])
def test_a_missed_baseline_is_exit_code_1(outcome, tmp_path, monkeypatch, missed, code):
    outcome["report"]["missing"] = []
    monkeypatch.setattr(reporting, "real_parts", lambda *args: None)
    monkeypatch.setattr(reporting, "evaluate", lambda *args, **more: outcome)
    monkeypatch.setattr(reporting, "misses", lambda report: missed)
    args = argparse.Namespace(llm="", fast=True, no_rules=False, report=tmp_path, show_held=False)
    assert reporting.full(args) == code


def test_a_configured_model_phrases_no_answer_that_is_measured(fake_product, monkeypatch):
    monkeypatch.setenv("ASSISTANT_LLM", "openai:some-model")
    seen: list[tuple[str, str | None]] = []
    monkeypatch.setattr(
        cli, "_run", lambda args: seen.append((args.llm, os.environ.get("ASSISTANT_LLM"))) or 0
    )
    assert cli.main([]) == 0
    assert seen == [("openai:some-model", None)]
