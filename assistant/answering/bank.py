"""The bank: every wording of every record and every statement, read once and kept in a file.

Reading some ten thousand wordings takes seconds, and the result depends on the corpus and on the code that
reads it alone. So it is compiled when either changes, and a process that only answers reads the file.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant.answering.evidence_reader import Reader, words_of
from assistant.answering.evidence_records import Record
from assistant.answering.terms import marks_of
from assistant.guidelines.pack import Guideline
from assistant.kept import Later, seal, unseal, write_whole

_FORMAT = 4
#: What only building needs of a bank: a line of its own, which is read when it is looked at.
_LATE = ("texts", "marks")


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

    `marks` say what was read of each wording; `marks_key` is a digest of them and of how many each record has,
    `texts_key` that of the index over the texts. `wordings` gives the record of a wording by its words;
    `word_counts` says how often a word of wordings and
    sources occurs; `mentioned` are the concepts of the sources with all that they are and imply, `named` without.
    """

    texts: Sequence[str]
    marks: Sequence[str]
    profiles: tuple[Profile, ...]
    wordings: Mapping[str, int]
    word_counts: Mapping[str, int]
    mentioned: frozenset[str]
    named: frozenset[str]
    marks_key: str
    texts_key: str = ""

    @property
    def counts(self) -> list[int]:
        """How many wordings each record has."""
        return [profile.wordings for profile in self.profiles]


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
    marks = tuple(marks_of(one) for read in asked for one in read)
    counts_of = [profile.wordings for profile in profiles]
    return CompiledBank(
        texts=(
            *(one.canonical for read in asked for one in read),
            *(one.canonical for one in statements.values()),
        ),
        marks=marks,
        profiles=tuple(profiles),
        wordings=wordings,
        word_counts=dict(sorted(Counter(known).items())),
        mentioned=reader.close(sources),
        named=frozenset(sources),
        marks_key=hashlib.sha256(repr((counts_of, marks)).encode()).hexdigest(),
    )


def write_bank(bank: CompiledBank, path: Path, key: str) -> None:
    """Write `bank` as JSON, whole or not at all; what cannot be written is compiled again next time."""
    data = {"format": _FORMAT, "key": key, **asdict(bank)}
    late = {name: list(data.pop(name)) for name in _LATE}
    data["sizes"] = [len(late[name]) for name in _LATE]
    parts = [
        seal(json.dumps(part, ensure_ascii=True, separators=(",", ":"), default=sorted).encode("ascii"))
        for part in (data, late)
    ]
    write_whole(path, lambda file: file.write(b"\n".join(parts)))


def read_bank(path: Path, key: str) -> CompiledBank | None:
    """Return the bank that was written under `key`; None if there is none, or if it is damaged."""
    try:
        early, late = (unseal(part) for part in path.read_bytes().split(b"\n"))
        data = json.loads(early)
        if (
            data["format"] != _FORMAT
            or data["key"] != key
            or any(b'"%s":[' % n.encode() not in late for n in _LATE)
        ):
            return None
        texts, marks = (
            Later(int(size), partial(_late, late, name))
            for name, size in zip(_LATE, data["sizes"], strict=True)
        )
        return CompiledBank(
            texts=texts,
            marks=marks,
            profiles=tuple(_profile(one) for one in data["profiles"]),
            wordings=dict(data["wordings"]),
            word_counts=dict(data["word_counts"]),
            mentioned=frozenset(data["mentioned"]),
            named=frozenset(data["named"]),
            marks_key=str(data["marks_key"]),
            texts_key=str(data["texts_key"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _late(data: bytes, name: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(data)[name]))


def _profile(data: Mapping[str, Any]) -> Profile:
    sets = {name: frozenset(data[name]) for name in ("named", "worded", "quoted", "words")}
    return Profile(int(data["wordings"]), **sets, shares=data["shares"], aspects=data["aspects"])
