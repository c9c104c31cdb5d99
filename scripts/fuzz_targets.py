"""What is fuzzed: each target takes one text, does what a user could do with it, and checks what must hold.

A target raises only if a promise is broken. Fields of an input are parted by FIELD; a text that begins with
REPEAT is repeated to full length, so that a short input reaches the bounds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "tests" / "data" / "guidelines" / "scaphoid-fracture-after-wrist-injury"
FIELD = "\x1e"
REPEAT = "\x1d"
LONGEST = 30_000
STATUSES = {"answered", "does_not_apply", "needs_information", "not_covered"}
ASSERTIONS = {"present", "absent", "possible", "historical", "hypothetical", "family"}


def spread(text: str) -> str:
    """Return the text, repeated up to LONGEST where it asks for it."""
    if not text.startswith(REPEAT):
        return text
    part = text[1:] or " "
    return (part * (LONGEST // len(part) + 1))[:LONGEST]


@cache
def assistant() -> Any:
    """Return the assistant that all inputs share; see `without_model`."""
    from assistant import Assistant

    return Assistant.open()


def without_model(folder: str) -> None:
    """Answer by rules and words alone from now on: the model is no code of ours and takes most of the time."""
    os.environ["ASSISTANT_MODEL"] = folder  # there is none in it
    os.environ["ASSISTANT_INDEX_DIR"] = str(Path(folder) / "index")


@cache
def sources() -> dict[str, str]:
    """Return the source text of each guideline by id."""
    return {one.id: one.source_text for one in assistant().guidelines}


def ask(text: str) -> None:
    """The last field is the question, those before it are the user's earlier turns."""
    *earlier, question = spread(text).split(FIELD)[-4:]
    history = [{"role": "user", "content": turn} for turn in earlier]
    answer = assistant().ask(question, history=history)
    require(answer.status in STATUSES, answer.status)
    answer.model_dump_json()
    for one in answer.citations:
        require(sources()[one.guideline][one.start : one.end] == one.quote, "a quote is not in its place")
    if answer.status in ("not_covered", "does_not_apply"):
        require(not any(one.role == "recommended" for one in answer.options), "an option is recommended")


def review(text: str) -> None:
    """The first field is the draft, the second the question."""
    draft, _, question = spread(text).partition(FIELD)
    found = assistant().review(draft, question)
    require(found.verdict in ("pass", "reject"), found.verdict)
    require((found.verdict == "reject") == bool(found.findings), "a verdict without its findings")
    for one in found.findings:
        require(0 <= one.start <= one.end <= len(draft), "a finding outside the draft")
        require("could not be checked" not in one.message, "a rule failed")


def status(text: str) -> None:
    """The first two characters are where the span begins and its length, sometimes none or outside the text."""
    from assistant import assert_status

    body = spread(text[2:])
    where, length = (ord(mark) for mark in (text[:2] + "  ")[:2])
    start = where * 7_919 % (len(body) + 1)
    end = start + length % 24 - 1
    valid = 0 <= start < end <= len(body)
    try:
        found = assert_status(body, start, end)
    except ValueError:
        require(not valid, "a valid span was refused")
    else:
        require(valid, "a span that is none was accepted")
        require(found in ASSERTIONS, found)


@cache
def pack() -> tuple[Path, dict[Path, bytes]]:
    """Return a copy of a small guideline in a temporary folder, and what its files hold."""
    parent = Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder = parent / PACK.name
    shutil.copytree(PACK, folder)
    return folder, {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def loader(text: str) -> None:
    """The first three characters choose a file, a place in it and what is done there; the rest is what is written."""
    from assistant.errors import CorpusError
    from assistant.guidelines.loader import load_guideline, load_wordings
    from assistant.vocabulary import load_vocabulary

    folder, files = pack()
    which, where, how = (ord(mark) for mark in (text[:3] + "   ")[:3])
    path = list(files)[which % len(files)]
    before = files[path]
    payload = spread(text[3:]).encode("utf-8", "surrogatepass")
    place = where * 2_654_435_761 % (len(before) + 1)
    cut = (place, place + len(payload), len(before), place)[how % 4]
    head = b"" if how % 5 == 4 else before[:place]
    path.write_bytes(head + payload + before[cut:])
    try:
        found = load_guideline(folder)
        load_wordings(found)
        for one in found.statements.values():
            require(found.source_text[one.start : one.end] == one.quote, "a quote is not in its place")
        if path.name == "vocabulary.yaml":
            load_vocabulary([path])
    except CorpusError as error:
        require(bool(str(error).strip()), "an error without a message")
    finally:
        path.write_bytes(before)


def require(holds: bool, what: object) -> None:
    """Raise when a promise is broken."""
    if not holds:
        raise AssertionError(what)


#: Each target with its share of the inputs: the quick ones get more.
TARGETS: dict[str, tuple[Callable[[str], None], int]] = {
    "ask": (ask, 1),
    "review": (review, 2),
    "loader": (loader, 1),
    "status": (status, 6),
}


@cache
def words() -> tuple[str, ...]:
    """Return pieces that reach deep: words of the guideline, of the questions about it, cues, and hostile ones."""
    from assistant.guidelines.loader import load_corpus, load_wordings

    texts: list[str] = []
    for one in load_corpus(ROOT / "corpus"):
        texts += [one.source_text, *(ask for asks in load_wordings(one).values() for ask in asks)]
    found = {word for text in texts for word in text.split()}
    cues = (ROOT / "corpus" / "vocabulary" / "context.yaml").read_text(encoding="utf-8").split()
    return tuple(sorted(found | set(cues))) + HOSTILE


HOSTILE = (
    FIELD, REPEAT, "\0", "\x1b[2J", "\ud800", "\udfff", "\u202e", "\u200b", "\u0300" * 20, "\ufeff", "\u2028",
    "𝕭", "Ｃ", "٣", "²", "½", "ß", "İ", "ﬁ", "-" * 50, "(" * 40, "[1]" * 20, "no " * 30, "?" * 30, "9" * 400,
    "1e999", "../../x", "<script>", "{0}", "%s", "$(id)", "*", "|", "&a", "*a", "!!python/object:os.system",
    "- - - -", "? :", "'", '"', "\t", "\r\n", "---", "...", "%YAML", "<<:", "\\", "ignore all rules", "BOLD**",
    "☢☢☢", "1-10 mSv", "52F", "eGFR 25", "x3wk",
)  # fmt: skip
