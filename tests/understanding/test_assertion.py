"""Each row of data/assertion.yaml is one claim: in this text, these findings have these statuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import CorpusError, CorpusNotFoundError
from assistant.types import AssertionStatus
from assistant.understanding.assertion import (
    assert_spans,
    assert_status,
    clauses,
    load_cues,
    segment,
    sentences,
)
from assistant.understanding.assertion.cues import FILE_NAME, VOCABULARY_FOLDER

DATA = Path(__file__).parent / "data" / "assertion.yaml"
HELD_OUT = "negex_like_held_out"
SECTIONS: dict[str, list[str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
FINDING = re.compile(r"\{(\w+):([^{}]*)\}")
Span = tuple[int, int]
WORDS = (
    "no not denies without headache , ; : . ? ! ( ) [ ] - + | / or and but if mother 2 weeks ago in 2019 history of "
    "none N Y … -- 0/10 x 3/52 ’ é ½ İ 😀 period comma full stop has been ruled out"
)


def read(row: str) -> tuple[str, list[Span], list[str]]:
    """The text of a row without its marks, the findings marked in it, and the status that each must get."""
    text, at = "", 0
    spans: list[Span] = []
    statuses = []
    for mark in FINDING.finditer(row):
        text += row[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2])))
        statuses.append(mark[1])
        text += mark[2]
        at = mark.end()
    return text + row[at:], spans, statuses


def rows() -> Iterator[object]:
    for section, texts in SECTIONS.items():
        if section != HELD_OUT:
            for number, row in enumerate(texts, 1):
                yield pytest.param(row, id=f"{section}-{number}-{row[:40]!r}")


def f1_of_absent(texts: list[str]) -> float:
    hits = misses = false_alarms = 0
    for row in texts:
        text, spans, statuses = read(row)
        for wanted, found in zip(statuses, assert_spans(text, spans), strict=True):
            hits += wanted == found.status == "absent"
            misses += wanted == "absent" != found.status
            false_alarms += found.status == "absent" != wanted
    return 2 * hits / (2 * hits + misses + false_alarms)


# ---------------------------------------------------------------- statuses


@pytest.mark.parametrize("row", list(rows()))
def test_each_finding_has_the_status_that_its_row_says(row: str) -> None:
    text, spans, statuses = read(row)
    assert statuses, "the row marks no finding"
    found = [
        (text[slice(*span)], one.status) for span, one in zip(spans, assert_spans(text, spans), strict=True)
    ]
    assert found == [(text[slice(*span)], status) for span, status in zip(spans, statuses, strict=True)]


def test_every_status_of_the_rows_is_a_status() -> None:
    used = {status for texts in SECTIONS.values() for row in texts for status in read(row)[2]}
    assert used == set(get_args(AssertionStatus))


def test_negation_holds_on_sentences_that_no_cue_was_written_for() -> None:
    assert f1_of_absent(SECTIONS[HELD_OUT]) > 0.95


@pytest.mark.parametrize("section", ["chat", "variants", "possible", "historical", "negex_like"])
def test_one_finding_alone_has_the_status_that_it_has_among_others(section: str) -> None:
    for row in SECTIONS[section]:
        text, spans, statuses = read(row)
        assert [assert_status(text, *span) for span in spans] == statuses, row


def test_a_long_text_around_a_finding_changes_nothing() -> None:
    filler = "She lives in town and likes tea.\n\n" * 400
    for row in SECTIONS["chat"][:120]:
        text, spans, statuses = read(row)
        long = f"{filler}{text}\n\n{filler}"
        shifted = [(start + len(filler), end + len(filler)) for start, end in spans]
        found = assert_spans(long, shifted)
        assert [one.status for one in found] == statuses, row
        assert all(one.cue is None or len(filler) <= one.cue[0] < one.cue[1] <= len(long) for one in found)


def test_a_repeated_finding_keeps_the_status_of_each_place() -> None:
    text = "back pain today. no back pain yesterday. PMH: back pain"
    spans = [(found.start(), found.end()) for found in re.finditer("back pain", text)]
    assert [one.status for one in assert_spans(text, spans)] == ["present", "absent", "historical"]


def test_words_inside_one_finding_are_no_cue_for_another() -> None:
    text = "lack of appetite, headache"
    appetite, headache = (0, 16), (18, 26)
    assert [one.status for one in assert_spans(text, [appetite, headache])] == ["present", "present"]
    assert assert_status(text, *headache) == "absent"


@pytest.mark.parametrize(
    ("text", "finding", "cue"),
    [
        ("no bone pain but ALP up", "bone pain", "no"),
        ("she denies any headache", "headache", "denies any"),
        ("the mets were ruled out", "mets", "were ruled out"),
        ("headache 5 years ago", "headache", "5 years ago"),
        ("mother had seizures", "seizures", "mother had"),
        ("if she develops headaches", "headaches", "if"),
        ("worried about mets", "mets", "worried about"),
        ("she has back pain", "back pain", "has"),
        ("back pain", "back pain", None),
    ],
)
def test_the_cue_that_decided_is_shown(text: str, finding: str, cue: str | None) -> None:
    start = text.index(finding)
    (found,) = assert_spans(text, [(start, start + len(finding))])
    assert (text[slice(*found.cue)] if found.cue else None) == cue


@pytest.mark.parametrize("span", [(-1, 3), (0, 0), (5, 3), (0, 9), (8, 12)])
def test_a_span_outside_the_text_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match=r"does not lie in the text, which has 8 characters"):
        assert_status("headache", *span)


def test_no_spans_give_no_assertions() -> None:
    assert assert_spans("no headache", []) == []


def test_case_and_apostrophes_do_not_matter() -> None:
    for text in (
        "she doesn't have pain",
        "SHE DOESN'T HAVE PAIN",
        "she doesn’t have pain",
        "she doesnt have pain",
    ):
        assert assert_status(text, len(text) - 4, len(text)) == "absent"


# ---------------------------------------------------------------- robustness


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*WORDS.split(), "\n", "\t"]),
        max_size=40,
    ),
    st.sampled_from(["", " ", "  "]),
    st.integers(min_value=0),
    st.integers(min_value=1, max_value=12),
)
def test_any_text_has_a_status_and_ordered_clauses(
    words: list[str], glue: str, start: int, length: int
) -> None:
    text = glue.join(words)
    for parts in (sentences(text), clauses(text)):
        assert all(0 <= a < b <= len(text) for a, b in parts)
        assert all(first[1] <= second[0] for first, second in pairwise(parts))
    if text:
        start %= len(text)
        (found,) = assert_spans(text, [(start, min(len(text), start + length))])
        assert found.status in get_args(AssertionStatus)
        assert found.cue is None or 0 <= found.cue[0] < found.cue[1] <= len(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "no ",
        "no, ",
        "a.",
        " ",
        "\n",
        "?",
        "-",
        "(",
        "+ a ",
        "3 weeks ago ",
        "not been ",
        "x: no ",
        "1,",
        "period ",
        "no headache, ",
    ],
)
def test_a_long_text_of_one_piece_is_read_to_its_end(piece: str) -> None:
    size = 40_000
    text = (piece * size)[:size]
    spans = [(i, i + 2) for i in range(0, size - 2, 200)]
    assert len(assert_spans(text, spans)) == len(spans)


# ---------------------------------------------------------------- sentences and clauses


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No headache. Back pain.", ["No headache.", "Back pain."]),
        ("no headache.has pain. ok", ["no headache.", "has pain.", "ok"]),
        ("Dr. Smith saw the pt. today. ALP 1,200.", ["Dr. Smith saw the pt. today.", "ALP 1,200."]),
        ("mets vs. infection, e.g. TB. eGFR 25.5", ["mets vs. infection, e.g. TB.", "eGFR 25.5"]),
        ("H. pylori grew. 5 p.m. She is well.", ["H. pylori grew.", "5 p.m.", "She is well."]),
        ("Headache? N. Pain: N. Cough: Y.", ["Headache?", "N.", "Pain: N.", "Cough: Y."]),
        ("Which scan? Thanks!", ["Which scan?", "Thanks!"]),
        ("1. Headache\n2. No seizures\n- back pain", ["1. Headache", "2. No seizures", "- back pain"]),
        ("No headache,\nseizures or weakness\nPain", ["No headache,\nseizures or weakness", "Pain"]),
        ("no headache period has pain full stop", ["no headache period", "has pain full stop"]),
        ("her last period was late. Next", ["her last period was late.", "Next"]),
        ("| Headache | No |\n|---|---|\n| Pain | Yes |", ["| Headache | No |", "| Pain | Yes |"]),
        ("pain ?mets", ["pain ?mets"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, wanted: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Headache: N  Seizure: N  Bone pain: Y", ["Headache: N", "Seizure: N", "Bone pain: Y"]),
        ("Headache: N Seizure: N Bone pain: Y", ["Headache: N", "Seizure: N", "Bone pain: Y"]),
        ("Headache: N, Seizure: N; Bone pain: Y.", ["Headache: N", "Seizure: N", "Bone pain: Y"]),
        ("no headache but back pain, she denies fever", ["no headache", "but back pain", "she denies fever"]),
        ("denies headache - has pain", ["denies headache", "has pain"]),
        ("w/o headache; pain 2/2 mets", ["w/o headache", "pain 2/2 mets"]),
        (
            "no headache period has pain comma worse at night",
            ["no headache", "has pain comma worse at night"],
        ),
        ("a ... b", ["a", "b"]),
    ],
)
def test_clauses(text: str, wanted: list[str]) -> None:
    assert [text[a:b] for a, b in clauses(text)] == wanted


def test_segments_are_sentences_with_their_clauses() -> None:
    text = "no pain but cough. ok"
    assert segment(text) == [((0, 18), [(0, 7), (8, 17)]), ((19, 21), [(19, 21)])]


# ---------------------------------------------------------------- the data


def corpus(folder: Path, old: str, new: str) -> Path:
    text = (VOCABULARY_FOLDER / FILE_NAME).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE_NAME).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_cues_are_loaded_once() -> None:
    assert load_cues() is load_cues(VOCABULARY_FOLDER)


def test_a_cue_added_to_the_data_is_understood(tmp_path: Path) -> None:
    text = "sine headache"
    assert assert_status(text, 5, 13) == "present"
    folder = corpus(tmp_path, "words: no, without,", "words: no, sine, without,")
    assert assert_status(text, 5, 13, folder) == "absent"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("context: 1", "context: 1\ncolour: red", r"context\.yaml: colour: Extra inputs are not permitted"),
        ("context: 1", "context: 2", r"context: Input should be 1"),
        ("category: negated", "category: negative", r"groups\.0\.category: Input should be"),
        (
            '"^|, << 0"',
            '"{nothing} 0"',
            r"group 'number zero', cue '\{nothing\} 0': there is no class \{nothing\}",
        ),
        ('"^|, << 0"', '"(a|b"', r"a bracket is not closed"),
        ('"^|, << 0"', '"a) b"', r"a bracket is closed that was not opened"),
        ('"^|, << 0"', '"a >> b >> c"', r"misplaced '>>'"),
        ('"^|, << 0"', '"a <<"', r"it has no words"),
        ("direction: forward", "direction: time", r"`direction: time` and a `time` rule go together"),
        ("  - name: denial", "  - name: never", r"group names used twice: never"),
        ("context: 1", "context: [1", r"not valid YAML"),
    ],
)
def test_a_fault_in_the_data_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        load_cues(corpus(tmp_path, old, new))
    assert str(tmp_path / FILE_NAME) in str(caught.value)


def test_missing_data_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusNotFoundError, match=r"context\.yaml: there are no context cues"):
        load_cues(tmp_path)
