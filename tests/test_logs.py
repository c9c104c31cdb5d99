"""Logs are JSON lines, and an exception does not carry what the user wrote into them."""

from __future__ import annotations

import json
import logging

import pytest

from assistant.cli.program import run
from assistant.logs import configure_logs


@pytest.fixture(autouse=True)
def _restore():
    logger = logging.getLogger("assistant")
    before = logger.handlers, logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = before


def test_a_line_is_json_with_what_was_given(capsys):
    configure_logs("info")
    logging.getLogger("assistant.retrieval").info("index built", extra={"passages": 40, "seconds": 1.5})
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "index built"
    assert (line["passages"], line["seconds"], line["level"]) == (40, 1.5, "info")
    assert line["logger"] == "assistant.retrieval"
    assert line["time"].endswith("Z")


def test_lines_below_the_level_are_left_out(capsys):
    configure_logs("warning")
    logging.getLogger("assistant.x").info("nothing")
    assert capsys.readouterr().err == ""


def test_an_exception_is_named_without_its_message(capsys):
    configure_logs("debug")
    try:
        raise ValueError("the user's secret question")
    except ValueError:
        logging.getLogger("assistant").exception("failed")
    err = capsys.readouterr().err
    assert "secret" not in err
    line = json.loads(err)
    assert line["exception"] == "ValueError"
    assert line["at"].partition(":")[0].endswith("test_logs.py")


def test_configuring_twice_does_not_double_the_lines(capsys):
    configure_logs("info")
    configure_logs("info")
    logging.getLogger("assistant").info("once")
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_line_logs_at_the_level_of_the_setting(monkeypatch, capsys, tiny_pack):
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tiny_pack().parents[1]))
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "info")
    assert run(["corpus", "check"]) == 0
    assert logging.getLogger("assistant").level == logging.INFO


def test_a_level_that_is_none_is_refused_clearly(monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "loud")
    assert run(["corpus", "check"]) == 1
    assert "ASSISTANT_LOG_LEVEL=loud cannot be used" in capsys.readouterr().err


@pytest.mark.model
def test_an_answer_is_a_line_of_counts_without_the_question_or_an_identifier(monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "debug")
    question = "Mrs Quibblethorpe, MRN 83920174, born 03/04/1971: is a bone scan safe with eGFR 25?"
    assert run(["ask", question]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    (answered,) = [line for line in lines if line["event"] == "answered"]
    assert answered["status"] == "answered"
    assert answered["source"] == "rules"
    assert answered["citations"] > 0
    for word in ("Quibblethorpe", "83920174", "1971", "eGFR", "bone scan"):
        assert word not in str(lines)
