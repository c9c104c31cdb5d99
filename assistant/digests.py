"""What decides whether a thing that is kept on disk still holds: digests of the files and the code it is made from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from assistant.guidelines.loader import digest_files, pack_folders
from assistant.vocabulary import vocabulary_files

VOCABULARY_FOLDER = "vocabulary"
ASPECTS_FILE = "aspects.yaml"
ELSEWHERE_FILE = "elsewhere.yaml"
PACK_VOCABULARY = "vocabulary.yaml"
#: The files of a pack that decide what a compiled bank holds, beside the vocabulary.
BANKED = (
    "guideline.yaml",
    "statements.yaml",
    "options.yaml",
    "steps.yaml",
    "topics.yaml",
    "wordings.yaml",
    PACK_VOCABULARY,
)
#: The folders and files of the package that decide what is kept of the vocabulary.
KEEPING = (
    "kept.py",
    "vocabulary",
    "understanding/assertion",
    "understanding/dialogue.py",
    "guidelines/lines.py",
)
#: The folders and files of the package that decide what a compiled bank holds.
READING = (
    "vocabulary",
    "answering/aspects.py",
    "answering/bank.py",
    "answering/cue_index.py",
    "answering/evidence_reader.py",
    "answering/terms.py",
)


def bank_digest(corpus: Path) -> str:
    """Return the sha256 of the files that decide what a bank holds: a change of others leaves it as it is."""
    folder = corpus / VOCABULARY_FOLDER
    packs = [pack / name for pack in pack_folders(corpus) for name in BANKED]
    files = [*vocabulary_files([folder]), folder / ASPECTS_FILE, folder / ELSEWHERE_FILE, *packs]
    return digest_files(corpus, [path for path in dict.fromkeys(files) if path.is_file()])


def code_digest(names: Sequence[str]) -> str:
    """Return the sha256 of the code in `names`, so that a change of it makes anew what it makes."""
    package = Path(__file__).resolve().parent
    total = hashlib.sha256()
    for name in names:
        path = package / name
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            total.update(file.read_bytes())
    return total.hexdigest()[:16]
