"""A question read into what it names and asks: concepts, results of studies, aspects, words of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.aspects import Aspects, Token, plain_text
from assistant.vocabulary import Mention, Vocabulary

PAIR = "@"
_MOST_REMEMBERED = 256  # the pieces of a question are looked at again and again while it is taken apart
_WORD = re.compile(r"[a-z][a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of a question, read: `concepts` named (with pairs "result@study"), `closure` with what
    they are and imply, `aspects` asked, content `words` that belong to no concept.
    """

    text: str
    canonical: str
    concepts: tuple[str, ...]
    closure: frozenset[str]
    aspects: frozenset[str]
    words: tuple[str, ...]

    def names_each(self, groups: Iterable[Iterable[str]]) -> bool:
        """Whether something of each of these groups of concepts is named."""
        return not any(self.closure.isdisjoint(group) for group in groups)


class Reader:
    """Reads a question, a wording or a statement into what it names and asks."""

    def __init__(self, vocabulary: Vocabulary, aspects: Aspects) -> None:
        self.vocabulary = vocabulary
        self.aspects = aspects
        self._verbatim = frozenset(aspects.file.verbatim)
        self._known: dict[str, bool] = {}
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._read)

    def read(self, text: str, carried: Iterable[str] = ()) -> Asked:
        """Read `text`; `carried` are concepts that an earlier turn named."""
        return self._remembered(text, tuple(carried))

    def _read(self, text: str, carried: tuple[str, ...]) -> Asked:
        mentions = self.vocabulary.find(text)
        concepts = dict.fromkeys(mention.concept for mention in mentions)
        tokens = self.aspects.tokens(text)
        for token in tokens:
            concepts.setdefault(token.concept)
        for result, study in self._results(mentions, tokens):
            concepts[f"{result}{PAIR}{study}"] = None
        for concept in carried:
            concepts.setdefault(concept)
        canonical = self.canonical(text, mentions)
        found = self.aspects.find(f"{text} | {canonical}", tuple(concepts))
        return Asked(
            text, canonical, tuple(concepts), self.close(concepts), found, self._words(text, mentions)
        )

    def canonical(self, text: str, mentions: Sequence[Mention] | None = None) -> str:
        """Return the text with each concept by its name; numbers and `verbatim` concepts stay as written."""
        parts: list[str] = []
        reach = 0
        for mention in self.vocabulary.find(text) if mentions is None else mentions:
            if mention.value is None and mention.concept not in self._verbatim:
                parts += [text[reach : mention.start], *([f"{mention.reading} "] if mention.reading else [])]
                parts.append(self.vocabulary.concepts[mention.concept].name)
                reach = mention.end
        return "".join((*parts, text[reach:]))

    def without(self, text: str, named: Callable[[str], bool]) -> str:
        """Return the text without its mentions of concepts that are `named`."""
        for mention in reversed(self.vocabulary.find(text)):
            if named(mention.concept):
                text = f"{text[: mention.start]} {text[mention.end :]}"
        return " ".join(text.split())

    def close(self, concepts: Iterable[str]) -> frozenset[str]:
        """Return the concepts with all that they are and imply; pairs and tokens stay as they are."""
        closure: set[str] = set()
        for concept in concepts:
            closure.add(concept)
            if concept in self.vocabulary.concepts:
                implied = self.vocabulary.implied(concept)
                closure |= self.vocabulary.ancestors(concept) | implied
                for other in implied:
                    closure |= self.vocabulary.ancestors(other)
        return frozenset(closure)

    def knows(self, word: str, words: frozenset[str]) -> bool:
        """Whether a lower-case word is one of `words` or names a concept."""
        if word in words or fold(word) in words:
            return True
        return any(mention.exact for mention in self.vocabulary.find(word))

    def _words(self, text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """Content words outside all concepts, folded, once each."""
        rest = list(text)
        for mention in mentions:
            rest[mention.start : mention.end] = " " * (mention.end - mention.start)
        fillers = self.aspects.fillers
        words = (word for word in _WORD.findall(plain_text("".join(rest))) if word not in fillers)
        return tuple(dict.fromkeys(stem for word in words if (stem := fold(word)) not in fillers))

    def _results(self, mentions: Sequence[Mention], tokens: Sequence[Token]) -> Iterable[tuple[str, str]]:
        """Each result with the study whose it is: the nearest one named, within `reach` characters."""
        file, concepts = self.aspects.file, self.vocabulary.concepts
        studies = [mention for mention in mentions if mention.kind in file.studies]
        spoken: list[Mention | Token] = [*mentions, *tokens]
        named = [one for one in spoken if one.concept in concepts]
        for one in named:
            if concepts[one.concept].kind in file.results and studies:
                nearest = min(studies, key=lambda study: _gap(one, study))
                if _gap(one, nearest) <= file.reach:
                    yield one.concept, nearest.concept


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text."""
    return _WORD.findall(plain_text(text))


def fold(word: str) -> str:
    """Cut the commonest English endings, so that "weighs" and "weighing" meet."""
    for ending in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: len(word) - len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _gap(one: Mention | Token, other: Mention) -> int:
    return max(0, other.start - one.end, one.start - other.end)
