"""Whether a question is in another language than English, by its script and its function words.

No similarity of meaning can tell: a model that was trained on many languages finds a neighbour for each. A
study's name alone is written alike in many of them, so only the words around it count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.errors import CorpusError
from assistant.types import Frozen

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 2  # a word of two letters may be an abbreviation: it weighs half
_ACCENTED = 0.5


class LanguagesFile(Frozen):
    """What languages.yaml holds: lists of words between spaces, and how a text is decided."""

    english: str = ""
    languages: Mapping[str, str] = {}
    shortest: int = 3
    least: float = 2.0
    share: float = 0.4
    script_share: float = 0.3


class Languages:
    """Tells other languages from English. Linear in the text."""

    def __init__(self, file: LanguagesFile) -> None:
        self._file = file
        self._english = frozenset(map(_fold, file.english.split()))
        self._others = {
            name: frozenset(word for one in words.split() if len(word := _fold(one)) > 1) - self._english
            for name, words in file.languages.items()
        }

    def foreign(self, text: str) -> bool:
        """Whether `text` is in another language than English; False for a text without function words."""
        return self._scripted(text) or self._worded(text)

    def _scripted(self, text: str) -> bool:
        """Whether enough of the letters are of another script; single letters are signs."""
        words = [word for word in _WORD.findall(text) if len(word) > 1 or not _shared(word)]
        letters = "".join(words)
        if not letters:
            return False
        other = sum(not _latin(letter) for letter in letters)
        return other / len(letters) >= self._file.script_share

    def _worded(self, text: str) -> bool:
        """Whether one language has more function words in the text than English has."""
        text = unicodedata.normalize("NFC", text)
        shouted = text.isupper()
        found = [word for word in _WORD.findall(text) if shouted or not word.isupper()]
        words = [word.lower() for word in found if len(word) > 1]  # what is in capitals is an abbreviation
        if len(words) < self._file.shortest:
            return False  # "no" is a reply in more languages than one
        folded = [_fold(word) for word in words]
        english = sum(word in self._english for word in folded)
        accented = _ACCENTED * sum(not word.isascii() for word in words)
        for known in self._others.values():
            hits = [word for word in folded if word in known]
            score = sum(0.5 if len(word) <= _SHORT else 1.0 for word in hits)
            total = score + accented if hits else 0.0
            if total > english and (
                total >= self._file.least or (score and total / len(words) >= self._file.share)
            ):
                return len(set(hits)) > 1 or english == 0
        return False


def _fold(word: str) -> str:
    """Lower case without accents: many leave them out."""
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def _shared(letter: str) -> bool:
    """Whether a single letter may stand in English text as a sign: a Greek or Latin one."""
    return _latin(letter) or unicodedata.name(letter, "").startswith("GREEK")


def load_languages(path: Path) -> Languages:
    """Read languages.yaml; without the file every text counts as English. CorpusError says what is wrong."""
    if not path.is_file():
        return Languages(LanguagesFile())
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        return Languages(LanguagesFile.model_validate(data))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"{path}: {error}") from error
