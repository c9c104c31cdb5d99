"""Whatever stands in a pack's files, the loader loads it or says what is wrong; nothing else happens."""

from __future__ import annotations

import random
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import CorpusError
from assistant.guidelines.coverage import find_sentences, measure
from assistant.guidelines.loader import FILES, load_guideline
from assistant.guidelines.quotes import ProofError, prove
from assistant.guidelines.schema import Statement

NOISE = [
    b"\x00", b"\xff", b"\xed\xa0\x80", b"- ", b": ", b"[", b"]", b"{", b"}", b"\n", b"\t", b"'", b'"', b"&a ", b"*a", b"!!int ", b"? ",
    b"|\n", b"---\n", b"id: ", b"~", b"1e999", b"-.inf", b"9" * 30, b"<<: ", b"%YAML 1.1\n", "\u2028".encode(), "\ufeff".encode(), b"#",
]  # fmt: skip


def survive(folder) -> None:
    try:
        guideline = load_guideline(folder)
    except CorpusError as error:
        assert str(error)
    else:
        for statement in guideline.statements.values():
            assert guideline.source_text[statement.start : statement.end] == statement.quote
        measure(guideline)


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_pack_loads_or_is_refused(seed, second_pack, tmp_path):
    rng = random.Random(seed)
    folder = tmp_path / second_pack.name
    shutil.copytree(second_pack, folder)
    for _ in range(rng.randint(1, 4)):
        path = rng.choice([folder / name for name in FILES] + [folder / "source" / f"{folder.name}.txt"])
        data = bytearray(path.read_bytes())
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0:
                data[at:at] = rng.choice(NOISE)
            case 1:
                del data[at : at + rng.randint(1, 200)]
            case 2:
                lines = bytes(data).splitlines(keepends=True)
                rng.shuffle(lines)
                data = bytearray(b"".join(lines))
            case 3:
                data = data[:at]
            case 4:
                data[at : at + 1] = bytes([rng.randrange(256)])
        path.write_bytes(bytes(data))
    survive(folder)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=values, file=st.sampled_from(list(FILES)))
def test_any_value_in_place_of_a_file_is_refused_or_loaded(tiny_pack, data, file):
    import json

    # JSON is YAML; NaN and infinities are not, and are refused as text.
    survive(tiny_pack(**{file.replace(".yaml", "_yaml"): json.dumps(data)}))


@given(st.text(max_size=300), st.text(min_size=1, max_size=40))
def test_a_proof_is_a_slice_or_a_reason(source, quote):
    try:
        start, end = prove(Statement(id="x", quote=quote), source)
    except ProofError as error:
        assert str(error)
    else:
        assert source[start:end] == quote
        assert source.count(quote) == 1


@given(st.text(max_size=500))
def test_sentences_are_ordered_disjoint_and_trimmed(text):
    last = 0
    for start, end in find_sentences(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end


def test_a_hostile_text_takes_no_long_time():
    for text in (
        "." * 200_000,
        "a." * 100_000,
        " \n" * 100_000,
        "x" * 500_000,
        "(e.g. " * 50_000,
        "!”)" * 70_000,
    ):
        find_sentences(text)
        with pytest.raises(ProofError):
            prove(Statement(id="x", quote="not there at all, whatever the text"), text)
