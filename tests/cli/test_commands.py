"""Each command: what it writes, what it exits with, what it says when it cannot."""

from __future__ import annotations

import io
import json
import sys
import warnings

import pytest

from assistant.cli.program import run
from assistant.cli.review import underlined
from assistant.cli.show import plain_answer
from assistant.types import Counterfactual, CriterionRecord, FactRecord, Finding, ScopeRecord
from tests.cli.conftest import ANSWER
from tests.conftest import write_corpus


@pytest.fixture
def typed(monkeypatch):
    """Return a function that puts bytes on standard input."""

    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return put


def test_ask_shows_status_text_options_and_footnotes(fake, capsys):
    assert run(["ask", "Which knot?"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("[Answered from the guideline]\n\nA reef knot joins two ropes [1].")
    assert "Reef knot (put first by the text): Good; radiation: ☢ 1-10 mSv; recommended" in " ".join(
        out.split()
    )
    assert "[1] When › to tie: “A reef knot…”" in out
    assert "Note: read as asked" in out


def test_ask_why_shows_what_was_understood_and_what_decided(fake, monkeypatch, capsys):
    scope = ScopeRecord(
        verdict="applies",
        facts=(
            FactRecord(concept="rope", name="rope", kind="thing", status="absent", words="no rope", turn=0),
        ),
        criteria=(CriterionRecord(id="adult", name="adult", state="met", assumed=True, words=("grown up",)),),
        contradictions=("wet and dry",),
        counterfactuals=(Counterfactual(change="the rope is wet", verdict="does_not_apply"),),
    )
    answer = ANSWER.model_copy(
        update={"scope": scope, "source": "fallback", "follow_ups": ("And a bowline?",)}
    )
    monkeypatch.setattr(fake, "ask", lambda self, question, history=(): answer)
    for styled in (False, True):
        monkeypatch.setattr("assistant.cli.show.is_rich", lambda styled=styled: styled)
        assert run(["ask", "x", "--why"]) == 0
        out = " ".join(capsys.readouterr().out.split())
        for words in (
            "the guidance applies",
            "“no rope”: rope, absent",
            "adult: Met (assumed, not stated): “grown up”",
            "wet and dry",
            "the rope is wet: the guidance does not apply",
            "draft was refused",
            "And a bowline?",
        ):
            assert words in out
    monkeypatch.setattr("assistant.cli.show.is_rich", lambda: False)
    assert run(["ask", "x"]) == 0
    assert "“no rope”" not in capsys.readouterr().out


def test_ask_json_is_the_whole_answer(fake, capsys):
    assert run(["ask", "--json", "Which knot?"]) == 0
    assert json.loads(capsys.readouterr().out) == ANSWER.model_dump(mode="json")


def test_ask_passes_the_question_as_it_is(fake):
    run(["ask", "  --what? [1] {x} %s "])
    run(["ask", "--", "--json"])
    assert [question for question, _ in fake.asked] == ["  --what? [1] {x} %s ", "--json"]


def test_ask_reads_a_question_from_standard_input(fake, typed):
    typed("Welcher Knoten – für Seile?\n".encode())
    assert run(["ask", "-"]) == 0
    assert fake.asked[0][0] == "Welcher Knoten – für Seile?"


def test_ask_takes_the_history_from_a_file(fake, tmp_path):
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "more": 1}]
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(turns), encoding="utf-8")
    assert run(["ask", "And then?", "--history", str(path)]) == 0
    assert fake.asked[0][1] == [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON (line 1)"),
        (b"{}", "not a list"),
        (b'[{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]', "Turn 2"),
        (b'[{"role": "user"}]', "Turn 1"),
        (b'["a"]', "Turn 1"),
        (b"\xff\xfe[", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_history_that_cannot_be_used_says_why(fake, tmp_path, capsys, content, words):
    path = tmp_path / "talk.json"
    path.write_bytes(content)
    assert run(["ask", "x", "--history", str(path)]) == 1
    assert words in capsys.readouterr().err


def test_a_missing_history_file_is_named(fake, capsys):
    assert run(["ask", "x", "--history", "/no/such/file"]) == 1
    assert "There is no file /no/such/file" in capsys.readouterr().err


def test_an_error_is_one_message_and_exit_code_1(fake, capsys):
    assert run(["ask", " "]) == 1
    captured = capsys.readouterr()
    assert captured.err == "error: The question is empty.\n"
    assert captured.out == ""


def test_with_json_an_error_is_json_too(fake, capsys):
    assert run(["ask", " ", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "status": "error",
        "error": "QuestionError",
        "message": "The question is empty.",
    }


def test_wrong_use_exits_with_2(capsys):
    assert run(["ask"]) == 2
    assert run(["asq", "x"]) == 2
    assert run(["ask", "x", "--jsn"]) == 2
    assert "No such option" in capsys.readouterr().err


def test_a_defect_is_a_message_and_not_a_traceback(fake, capsys, monkeypatch):
    monkeypatch.setattr(fake, "open", classmethod(lambda cls: 1 / 0))
    assert run(["ask", "x"]) == 1
    err = capsys.readouterr().err
    assert "unexpected ZeroDivisionError" in err
    assert "Traceback" not in err
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "debug")
    with pytest.raises(ZeroDivisionError):
        run(["ask", "x"])


def test_a_warning_is_a_sentence(fake, monkeypatch, recwarn, capsys):
    def warn(cls):
        warnings.showwarning(
            UserWarning("The index was damaged\x1b and is built anew."), UserWarning, "x.py", 1
        )
        return cls()

    monkeypatch.setattr(fake, "open", classmethod(warn))
    assert run(["ask", "x"]) == 0
    assert capsys.readouterr().err == "warning: The index was damaged and is built anew.\n"


def test_chat_remembers_and_starts_over(fake, typed, capsys):
    typed(b"first\nsecond\n/new\nthird\n/quit\nnever\n")
    assert run(["chat"]) == 0
    assert [question for question, _ in fake.asked] == ["first", "second", "third"]
    assert [len(history) for _, history in fake.asked] == [0, 2, 0]
    assert fake.asked[1][1] == [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": ANSWER.text},
    ]


def test_chat_survives_a_bad_line_and_ends_at_the_end(fake, typed, capsys):
    typed(b"\xff\xfe\n   \n\nsecond")
    assert run(["chat"]) == 0
    assert [question for question, _ in fake.asked] == ["\ufffd\ufffd", "second"]


def test_faq_lists_finds_and_says_when_none_is_near(fake, capsys):
    assert run(["faq"]) == 0
    assert "Can a child tie it?\n  A reef knot joins two ropes [1]." in capsys.readouterr().out
    assert run(["faq", "unknown"]) == 0
    assert "No frequent question is near that." in capsys.readouterr().out
    assert run(["faq", "--json", "unknown"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.model
def test_index_builds_says_what_it_holds_and_can_build_anew(second_pack, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(write_corpus(tmp_path / "corpus", second_pack)))
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    versions = []
    for arguments in (["index"], ["index"], ["index", "--rebuild"]):
        assert run(arguments) == 0
        out = capsys.readouterr().out
        assert f"The index is ready in {tmp_path / 'index'}" in out
        assert "of 1 guideline(s)" in out
        versions.append({path.read_text("ascii") for path in (tmp_path / "index").glob("*/current")})
    first, second, third = versions
    assert first == second != third


def test_review_underlines_what_is_not_supported(fake, tmp_path, capsys):
    path = tmp_path / "draft.txt"
    path.write_text("All is well.\nThis is bad here.\n", encoding="utf-8")
    assert run(["review", str(path)]) == 3
    assert capsys.readouterr().out == (
        "2: This is bad here.\n           ^^^\n   unsupported: the guideline does not say this\n\nreject: 1 finding\n"
    )


def test_review_passes_a_draft_and_gives_json(fake, typed, capsys):
    typed("Fine — “really”.".encode())
    assert run(["review", "-", "--json", "--question", "x"]) == 0
    assert json.loads(capsys.readouterr().out) == {"verdict": "pass", "findings": []}


def test_an_underline_stays_in_its_line_and_outside_tabs():
    finding = Finding(rule="r", message="m", start=4, end=100)
    assert underlined("a\n\tbc\nd", (finding,)).split("\n")[:2] == ["2:  bc", "     ^"]
    end = Finding(rule="r", message="m", start=3, end=3)
    assert "^" in underlined("abc", (end,))


def test_review_refuses_what_is_not_text(fake, tmp_path, capsys):
    path = tmp_path / "draft.bin"
    path.write_bytes(bytes(range(256)))
    assert run(["review", str(path)]) == 1
    assert "not UTF-8 text" in capsys.readouterr().err
    assert run(["review", str(tmp_path)]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_corpus_check_lists_problems_and_exits_with_1(tiny_pack, capsys):
    folder = tiny_pack(
        statements_yaml="- {id: reviewer, quote: Reviewed by A. Sailor}\n- {id: x, quote: nothing}\n"
    )
    assert run(["corpus", "check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "knots/statements.yaml:2: 'x': the quote is not in the source" in out
    assert "problem(s) in" in out


def test_corpus_check_also_opens_what_the_guidelines_share(second_pack, tmp_path, capsys):
    root = write_corpus(tmp_path / "corpus", second_pack)
    (root / "wording.yaml").write_text("nothing: to say\n", encoding="utf-8")
    assert run(["corpus", "check", str(root)]) == 1
    out = capsys.readouterr().out
    assert "wording.yaml" in out
    assert "1 problem(s)" in out


def test_corpus_check_takes_a_pack_or_a_corpus(tiny_pack, second_pack, capsys):
    assert run(["corpus", "check", str(second_pack)]) == 0
    assert run(["corpus", "check", str(tiny_pack().parents[1])]) == 0
    assert "ok: 1 guideline(s), 6 quotes proven" in capsys.readouterr().out


def test_corpus_check_shows_the_coverage(tiny_pack, capsys):
    root = tiny_pack().parents[1]
    assert run(["corpus", "check", str(root), "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "knots/source/knots.txt:7: no record reaches: It does not hold on wet rope." in out
    assert "knots: 1 of 7 sentences reached" in out


def test_corpus_show_lists_guidelines_and_spells_out_records(two_packs, second_pack, monkeypatch, capsys):
    for folder in (two_packs / "guidelines").iterdir():
        if folder.name != second_pack.name:
            folder.rename(two_packs / folder.name)
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(two_packs))
    assert run(["corpus", "show", "--json"]) == 0
    assert [item["guideline"] for item in json.loads(capsys.readouterr().out)] == [second_pack.name]
    assert run(["corpus", "show", "wrist-ct", "--json"]) == 0
    (option,) = json.loads(capsys.readouterr().out)
    assert option["rating"] == "May Be Appropriate"
    assert option["statements"] == {"ct-rating": "CT of the wrist without contrast: May Be Appropriate."}
    assert run(["corpus", "show", "nothing-like-it"]) == 1
    assert "no record 'nothing-like-it'" in capsys.readouterr().err


def test_a_missing_corpus_is_a_clear_message(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tmp_path / "gone"))
    for arguments in (["corpus", "check"], ["corpus", "show"]):
        assert run(arguments) == 1
        assert "There is no corpus" in capsys.readouterr().err
    assert run(["--version"]) == 0
    assert "corpus not usable" in capsys.readouterr().out


def test_version_names_the_corpus_and_its_hashes(tiny_pack, monkeypatch, capsys):
    folder = tiny_pack()
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(folder.parents[1]))
    assert run(["--version"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("guideline-assistant 0.")
    assert "knots: reviewed 2024-05-02, source sha256 " in out


def test_doctor_says_what_is_wrong_and_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tmp_path / "gone"))
    monkeypatch.setenv("ASSISTANT_MODEL", str(tmp_path / "model"))
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "http://127.0.0.1:9")
    assert run(["doctor", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    wrong = {check["name"] for check in report["checks"] if check["state"] == "problem"}
    assert {"corpus", "model", "chroma"} <= wrong
    assert report["status"] == "problem"
    assert run(["doctor"]) == 1
    assert "FAIL  chroma: http://127.0.0.1:9 does not answer" in capsys.readouterr().out


def test_doctor_is_content_with_a_sound_set_up(monkeypatch, tiny_pack, tmp_path, capsys):
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tiny_pack().parents[1]))
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    assert run(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "not built yet" in out
    assert "FAIL" not in out


def test_a_setting_that_cannot_be_used_is_a_finding_of_doctor(monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_LLM", "nonsense")
    assert run(["doctor"]) == 1
    assert "ASSISTANT_LLM=nonsense cannot be used" in capsys.readouterr().out


def test_control_characters_cannot_rewrite_the_terminal():
    evil = ANSWER.model_copy(update={"text": "a\x1b[2Jb\x07\x9bc\ud800d"})
    text = plain_answer(evil, 80)
    assert "a[2Jbc\N{REPLACEMENT CHARACTER}d" in text
    assert "\x1b" not in text


def test_plain_text_is_wrapped_at_the_width_of_the_terminal():
    long = ANSWER.model_copy(update={"text": "word " * 100})
    assert max(map(len, plain_answer(long, 60).splitlines())) <= 60


def test_on_a_terminal_the_same_content_is_styled(fake, monkeypatch, capsys):
    monkeypatch.setattr("assistant.cli.show.is_rich", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["ask", "Which knot?"]) == 0
    out = capsys.readouterr().out
    for words in (
        "Answered from the guideline",
        "A reef knot joins two ropes [1].",
        "☢ 1-10 mSv",
        "“A reef knot…”",
        "read as asked",
    ):
        assert words in out


def test_a_styled_review_keeps_its_spans(fake, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("assistant.cli.review.is_rich", lambda: True)
    path = tmp_path / "draft.txt"
    path.write_text("[bold]\x1bx bad", encoding="utf-8")
    assert run(["review", str(path)]) == 3
    out = capsys.readouterr().out
    assert "[bold] x bad" in out
    assert "unsupported “bad”" in out
