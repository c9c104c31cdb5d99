"""An index of cues finds what the expressions find, and tries only those whose first word is there."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from assistant.answering.aspects import Aspects, plain_text
from assistant.answering.cue_index import CueIndex, first_words


@pytest.mark.parametrize(
    ("cue", "words", "prefixes"),
    [
        ("why not", {"why"}, set()),
        ("limits?", set(), {"limit"}),
        ("radiat\\w+", set(), {"radiat"}),
        ("favou?r(?:s|ed)?", set(), {"favo"}),
        ("(?:in)?appropriate", {"appropriate", "inappropriate"}, set()),
        ("(?:one|a single) spot", {"one", "a"}, set()),
        ("(?<!not )least", {"least"}, set()),
        ("can't tell", {"can"}, set()),
        ("head.to.head", set(), {"head"}),
        ("this|that one", {"this", "that"}, set()),
    ],
)
def test_first_words(cue: str, words: set[str], prefixes: set[str]) -> None:
    assert first_words(cue) == (words, prefixes)


@pytest.mark.parametrize("cue", ["%", "[$€£]", "m?sv", "(?:a|b)* c"])
def test_first_words_that_cannot_be_told(cue: str) -> None:
    assert first_words(cue) is None


def test_same_as_trying_every_expression(aspects: Aspects) -> None:
    cues: Mapping[str, tuple[str, ...]] = {
        **{one.id: one.cues for one in aspects.file.aspects if one.cues},
        **aspects.file.tokens,
    }
    index = CueIndex(cues)
    # Each cue without its signs is a text that comes near to it.
    texts = [plain_text(re.sub(r"[\\?()\[\]|:+*]", " ", cue)) for several in cues.values() for cue in several]
    texts += [f"{one} {other}" for one, other in zip(texts, reversed(texts), strict=True)]
    found = {text: [(name, match.span()) for name, match in index.matches(text)] for text in texts}
    for text in texts:
        expected = [
            (name, match.span())
            for name, several in cues.items()
            if (match := re.search(rf"(?<!\w)(?:{'|'.join(several)})(?!\w)", text))
        ]
        assert found[text] == expected, text
    assert sum(map(len, found.values())) > len(texts)
