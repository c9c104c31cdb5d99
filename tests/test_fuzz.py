"""A short run of the fuzzer, so that what it promises stays true; a long one is `python scripts/fuzz.py`."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant import Assistant, assert_status

pytestmark = [pytest.mark.model, pytest.mark.slow]


def fuzz(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / "fuzz.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


def test_inputs_of_all_kinds_break_no_promise(root: Path) -> None:
    out = fuzz(root, "--runs", "400", "--engine", "hypothesis")
    assert int(re.findall(r"(\d+) inputs", out)[-1]) >= 400
    assert out.count("| ok |") == 4


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed (pip install atheris)")
def test_inputs_that_look_for_new_code_break_no_promise(root: Path) -> None:
    out = fuzz(root, "--runs", "1500", "--engine", "atheris", "--targets", "status")
    assert re.search(r"\| atheris \| status \| \d{4} \|", out)


def test_the_fuzzer_can_fail(root: Path, tmp_path: Path) -> None:
    """A target whose promise is false is found and named."""
    for name in ("fuzz.py", "fuzz_targets.py"):
        text = (root / "scripts" / name).read_text(encoding="utf-8")
        text = text.replace("parents[1]", f"parents[0] / {str(root)!r}").replace('{"present", ', "{")
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "fuzz.py"), "--runs", "200", "--engine", "hypothesis", "--targets", "status"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "FAILED" in done.stdout
    assert "AssertionError: present" in done.stderr


#: What the fuzzer has found, kept.
FOUND = ("52F¶TNBC on AC-T¶new back pain. Which scan?", "0J¶", "a⇥b", "¿ab", "¶⇥¿")


@pytest.mark.parametrize("text", FOUND)
def test_a_sign_that_is_also_a_key_of_the_reader_is_read(text: str) -> None:
    for start in range(len(text)):
        assert assert_status(text, start, len(text))
    assert Assistant.open().ask(text).status


@pytest.mark.parametrize("sign", "²①፩")
def test_a_sign_that_is_a_digit_and_no_number_is_read(sign: str) -> None:
    earlier = [{"role": "user", "content": "16F with breast cancer on neoadjuvant AC, ALP 90, new hip pain"}]
    for text in (f"not 16, {sign}6", f"{sign}000 Y", f"ALP {sign}, age {sign}{sign}"):
        assert Assistant.open().ask(text, history=earlier).status
