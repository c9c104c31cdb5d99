"""The bank: every wording of every record and every statement, read once and kept in a file.

Reading some ten thousand wordings takes seconds, and the result depends on the corpus and on the code that
reads it alone. So it is compiled when either changes, and a process that only answers reads the file.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.answering.cache import write_whole
from assistant.answering.evidence_reader import Reader, words_of
from assistant.answering.evidence_records import Record
from assistant.answering.terms import marks_of
from assistant.guidelines.pack import Guideline

_FORMAT = 3
_SEAL = b',"crc32":'  # last in the file: a flipped byte in a wording would still be JSON


@dataclass(frozen=True, slots=True)
class Profile:
    """What the wordings and statements of one record hold.

    `named` are the concepts of its wordings and of `about`, `worded` those with all that they are and imply,
    `quoted` the same of its statements, `words` the content words of both. `shares` is the share of the
    wordings in which a concept stands, `aspects` in how many an aspect is asked.
    """

    wordings: int
    named: frozenset[str]
    worded: frozenset[str]
    quoted: frozenset[str]
    words: frozenset[str]
    shares: Mapping[str, float]
    aspects: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CompiledBank:
    """`texts` are what the index holds: all wordings, record by record, then all statements.

    `marks` say what was read of each wording. `wordings` gives the record of a wording by its words;
    `word_counts` says how often a word of wordings and
    sources occurs; `mentioned` are the concepts of the sources with all that they are and imply, `named` without.
    """

    texts: tuple[str, ...]
    marks: tuple[str, ...]
    profiles: tuple[Profile, ...]
    wordings: Mapping[str, int]
    word_counts: Mapping[str, int]
    mentioned: frozenset[str]
    named: frozenset[str]


def words_key(canonical: str) -> str:
    """Return the form under which `CompiledBank.wordings` knows a text."""
    return " ".join(words_of(canonical))


def compile_bank(guidelines: Sequence[Guideline], reader: Reader, records: Sequence[Record]) -> CompiledBank:
    """Read everything. Some seconds for ten thousand wordings."""
    quotes = {(g.id, name): s.quote for g in guidelines for name, s in g.statements.items()}
    statements = {key: reader.read(quote) for key, quote in quotes.items()}
    asked = [[reader.read(ask) for ask in record.asks] for record in records]
    profiles: list[Profile] = []
    wordings: dict[str, int] = {}
    for row, (record, read) in enumerate(zip(records, asked, strict=True)):
        about = {concept for group in record.item.about for concept in group}
        named = frozenset(c for one in read for c in one.concepts) | about
        counts = Counter(c for one in read for c in one.closure)
        said = [statements[record.guideline.id, name] for name in record.quotes] if record.guideline else []
        for one in read:
            wordings.setdefault(words_key(one.canonical), row)
        profiles.append(
            Profile(
                wordings=len(read),
                named=named,
                worded=frozenset(counts) | named,
                quoted=frozenset(c for one in said for c in one.closure),
                words=frozenset(word for one in (*read, *said) for word in one.words),
                shares={c: n / len(read) for c, n in sorted(counts.items()) if c in named},
                aspects=dict(sorted(Counter(a for one in read for a in one.aspects).items())),
            )
        )
    sources = [m.concept for g in guidelines for m in reader.vocabulary.find(g.source_text)]
    asks = [ask for record in records for ask in record.asks]
    known = (word for text in (*asks, *(g.source_text for g in guidelines)) for word in words_of(text))
    return CompiledBank(
        texts=(
            *(one.canonical for read in asked for one in read),
            *(one.canonical for one in statements.values()),
        ),
        marks=tuple(marks_of(one) for read in asked for one in read),
        profiles=tuple(profiles),
        wordings=wordings,
        word_counts=dict(sorted(Counter(known).items())),
        mentioned=reader.close(sources),
        named=frozenset(sources),
    )


def write_bank(bank: CompiledBank, path: Path, key: str) -> None:
    """Write `bank` as JSON, whole or not at all; what cannot be written is compiled again next time."""
    data = {"format": _FORMAT, "key": key, **asdict(bank)}
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), default=sorted)
    write_whole(path, lambda file: file.write(_sealed(text.encode("ascii"))))


def read_bank(path: Path, key: str) -> CompiledBank | None:
    """Return the bank that was written under `key`; None if there is none, or if it is damaged."""
    try:
        data = json.loads(_unsealed(path.read_bytes()))
        if data["format"] != _FORMAT or data["key"] != key:
            return None
        return CompiledBank(
            texts=tuple(map(str, data["texts"])),
            marks=tuple(map(str, data["marks"])),
            profiles=tuple(_profile(one) for one in data["profiles"]),
            wordings=dict(data["wordings"]),
            word_counts=dict(data["word_counts"]),
            mentioned=frozenset(data["mentioned"]),
            named=frozenset(data["named"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sealed(text: bytes) -> bytes:
    """Return a JSON object with its checksum as the last key."""
    return text[:-1] + _SEAL + str(zlib.crc32(text)).encode("ascii") + b"}"


def _unsealed(data: bytes) -> bytes:
    """Return the object without its checksum; ValueError if they do not fit."""
    text, _, check = data.rpartition(_SEAL)
    text += b"}"
    if check != str(zlib.crc32(text)).encode("ascii") + b"}":
        raise ValueError("the checksum does not fit")
    return text


def _profile(data: Mapping[str, Any]) -> Profile:
    sets = {name: frozenset(data[name]) for name in ("named", "worded", "quoted", "words")}
    return Profile(int(data["wordings"]), **sets, shares=data["shares"], aspects=data["aspects"])
