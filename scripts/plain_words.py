"""Write corpus/vocabulary/plain-words.txt: common English words that claim nothing, for the guard.

Run once, offline, outside the project's environment: `pip install wordfreq`, `npm pack an-array-of-english-words`, then

    python scripts/plain_words.py path/to/an-array-of-english-words/index.json

A word is taken that is among the commonest of wordfreq, stands in a word list without proper names, and neither is nor
begins or ends like a word of corpus/vocabulary/technical-words.txt.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

from wordfreq import top_n_list  # type: ignore[import-not-found,unused-ignore]

VOCABULARY = Path(__file__).parents[1] / "corpus" / "vocabulary"
COMMONEST = 45_000
#: Rarer words are taken where they only bend a taken one ("dispensable", "unhurriedly").
RARER = 90_000
BEFORE = ("", "un", "in", "im", "dis", "non", "over", "re", "mis")
AFTER = (
    "",
    "s",
    "es",
    "d",
    "ed",
    "ing",
    "ly",
    "able",
    "ably",
    "ness",
    "less",
    "ful",
    "fully",
    "er",
    "est",
    "ier",
    "iest",
    "ily",
    "iness",
    "ingly",
    "edly",
)
HEADER = "# Common English words that claim nothing. Written by scripts/plain_words.py; do not edit.\n"


def bends(word: str, taken: set[str]) -> bool:
    """Whether a word is a taken one with an everyday beginning and ending."""
    return any(
        stem + tail in taken
        for before in BEFORE
        if word.startswith(before)
        for after in AFTER
        if word.endswith(after) and len(stem := word[len(before) : len(word) - len(after)]) > 3
        for tail in ("", "e", "y")
    )


def main() -> None:
    """Read the lists, leave the technical words out, write the file."""
    english = set(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    lines = (VOCABULARY / "technical-words.txt").read_text(encoding="utf-8").splitlines()
    technical = [word for line in lines if not line.startswith("#") for word in line.split()]
    whole = {word for word in technical if not word.endswith("*")}
    ends = tuple(word[1:] for word in technical if word.startswith("*"))
    begins = tuple(word[:-1] for word in technical if word.endswith("*"))
    ranked = [
        word
        for word in top_n_list("en", RARER)
        if len(word) > 1 and word.isascii() and word in english
        if word not in whole and not word.startswith(begins) and not word.endswith(ends)
    ]
    common = set(top_n_list("en", COMMONEST))
    taken = {word for word in ranked if word in common}
    words = sorted(taken | {word for word in ranked if word not in common and bends(word, taken)})
    text = HEADER + textwrap.fill(" ".join(words), 118) + "\n"
    (VOCABULARY / "plain-words.txt").write_text(text, encoding="utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
