"""The vocabulary: concepts, their taxonomy, and the reader that finds them in a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from assistant.errors import CorpusError
from assistant.kept import recall
from assistant.vocabulary.folding import FoldedText, Folder, Tokens, tokenize
from assistant.vocabulary.lexicon import Lexicon
from assistant.vocabulary.match import Match
from assistant.vocabulary.pairing import Pairer
from assistant.vocabulary.readings import ReadingParser
from assistant.vocabulary.rules import RuleSet
from assistant.vocabulary.schema import Concept, Language, Mention, Readings, ValueRule
from assistant.vocabulary.taxonomy import Taxonomy
from assistant.vocabulary.words import WordFolder

_LONGEST_REMEMBERED = 2_000  # characters: bounds the memory
_MOST_REMEMBERED = 4_096
_PARTS = tuple(Mention.__dataclass_fields__)


class Vocabulary:
    """Concepts and the words for them. Immutable for its users; `load_vocabulary` makes one."""

    def __init__(
        self,
        concepts: Mapping[str, Concept],
        language: Language,
        readings: Readings,
        rules: tuple[ValueRule, ...] = (),
        sources: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Raises CorpusError where two concepts claim one phrase or a pattern is broken.

        `sources` are the texts of the files that all this was read from, by their paths: what is worked out of
        them can be kept.
        """
        self._sources = tuple(sources.values())
        self._place = "|".join(sources)
        self.concepts: Mapping[str, Concept] = MappingProxyType(dict(concepts))
        #: Number words and what they count.
        self.numbers: Mapping[str, int] = MappingProxyType(dict(language.numbers))
        self._taxonomy = Taxonomy(self.concepts)
        self._folder = Folder(language.characters)
        self._words = WordFolder(language)
        self._lexicon = Lexicon(language, self._words)
        self._learnt = False
        phrases = self._kept("phrases", (), self._learn)
        if not self._learnt:
            self._words.restore(phrases["words"])
            self._lexicon.restore(phrases["lexicon"])
        owned = tuple(
            rule if rule.concept or rule.cases else rule.model_copy(update={"concept": concept.id})
            for concept in self.concepts.values()
            for rule in concept.rules
        )
        self._rules = RuleSet((*rules, *owned), language)
        self._kept("rules", (), self._check)
        self._pairer = Pairer(self.concepts, self._taxonomy, language.pairing, language.separators)
        self._as_written = frozenset(language.as_written)
        self._reader = ReadingParser(readings, self.concepts, language, self._words)
        pairing = language.pairing
        for words in (
            pairing.before_head,
            pairing.after_head,
            pairing.joins,
            readings.links,
            readings.negators,
        ):
            self._words.recognise(words)
        self._words.recognise(readings.not_units)
        self._fixed: dict[str, tuple[Mention, ...]] = {}
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._find)

    def is_a(self, concept: str, ancestor: str) -> bool:
        """Whether a concept is the other or a kind of it. KeyError for an unknown id."""
        return concept == ancestor or ancestor in self._taxonomy.ancestors(concept)

    def ancestors(self, concept: str) -> frozenset[str]:
        """All ancestors through `is_a`, without the concept itself. KeyError for an unknown id."""
        return self._taxonomy.ancestors(concept)

    def implied(self, concept: str) -> frozenset[str]:
        """Concepts that a mention of this one also states ("metastatic breast cancer": breast-cancer)."""
        return self._taxonomy.implied(concept)

    def find(self, text: str) -> tuple[Mention, ...]:
        """All concepts in a text, sorted by start, never overlapping; the longest wins. Linear time.

        Short texts are remembered: several stages read the same question, and the same statements each time.
        """
        return self._remembered(text) if len(text) <= _LONGEST_REMEMBERED else self._find(text)

    def read_fixed(self, name: str, texts: Iterable[str]) -> None:
        """Read texts that are there at every start, such as a guideline's statements, and remember what is in them.

        It can be kept under `name`, and is what `find` gives.
        """
        fixed = list(dict.fromkeys(texts))

        def read() -> list[list[list[Any]]]:
            return [[[getattr(one, part) for part in _PARTS] for one in self._find(text)] for text in fixed]

        for text, found in zip(fixed, self._kept(f"mentions {name}", fixed, read), strict=True):
            self._fixed[text] = tuple(Mention(*parts) for parts in found)

    def _find(self, text: str) -> tuple[Mention, ...]:
        fixed = self._fixed.get(text)
        if fixed is not None:
            return fixed
        folded = self._folder.fold(text)
        return tuple(self._mention(match, folded, text) for match in self._match(folded))

    def canonical(self, text: str) -> str:
        """The text with every synonym, abbreviation and typing error replaced by the concept's name."""
        folded = self._folder.fold(text)
        parts: list[str] = []
        reach = 0
        for match in self._match(folded):
            if match.formula or self.concepts[match.concept].kind in self._as_written:
                continue  # a name cannot stand for a number, a formula or a cue
            start, end = folded.original_span(match.head_start, match.head_end)
            parts += [text[reach:start], self.concepts[match.concept].name]
            reach = end
        parts.append(text[reach:])
        return "".join(parts)

    def _match(self, folded: FoldedText) -> list[Match]:
        tokens = tokenize(folded.text)
        fold = self._words.fold
        keys = [fold(word) for word in tokens.words]
        matches = self._phrases(keys, folded, tokens)
        formulas = self._rules.find(folded, tokens)
        if formulas:
            matches = merge(matches, formulas)
        matches = self._pairer.pair(matches, keys)
        self._reader.read(matches, keys, folded, tokens)
        return self._shown(matches)

    def _phrases(self, keys: list[str], folded: FoldedText, tokens: Tokens) -> list[Match]:
        matches: list[Match] = []
        longest = self._lexicon.longest
        starts, ends = tokens.starts, tokens.ends
        index, count = 0, len(keys)
        while index < count:
            hit = longest(keys, index, folded, tokens)
            if hit is None:
                index += 1
                continue
            start, end = starts[index], ends[hit.last - 1]
            matches.append(Match(hit.target, start, end, index, hit.last, start, end, exact=hit.exact))
            index = hit.last
        return matches

    def _shown(self, matches: list[Match]) -> list[Match]:
        shown: list[Match] = []
        for match in matches:
            alone = self.concepts[match.concept].alone
            if alone == "drop":
                continue
            if alone != "keep":
                match.concept = alone
            shown.append(match)
        return shown

    def _mention(self, match: Match, folded: FoldedText, text: str) -> Mention:
        start, end = folded.original_span(match.start, match.end)
        concept = self.concepts[match.concept]
        reading = match.reading or concept.reading
        return Mention(
            concept.id,
            concept.kind,
            start,
            end,
            text[start:end],
            match.value,
            match.unit,
            reading,
            match.exact,
        )

    def _kept(self, name: str, more: Sequence[str], make: Callable[[], Any]) -> Any:
        """What `make` makes of the vocabulary and `more`; kept where the files behind it are known."""
        if not self._sources:
            return make()
        return recall(f"{name} {self._place}", (*self._sources, *more), make)

    def _check(self) -> bool:
        self._rules.check()
        return True

    def _learn(self) -> dict[str, Any]:
        """All phrases of all concepts, worked out."""
        self._learnt = True
        for concept in self.concepts.values():
            self._add(concept)
        return {"lexicon": self._lexicon.plain(), "words": self._words.plain()}

    def _add(self, concept: Concept) -> None:
        phrases = [(phrase, True, False) for phrase in concept.synonyms]
        phrases += [(phrase, False, False) for phrase in concept.abbreviations]
        phrases += [(phrase, False, True) for phrase in concept.cased]
        if not concept.unnamed:
            phrases.append((concept.name, True, False))
        for phrase, typos, cased in phrases:
            try:
                clash = self._lexicon.add(phrase, concept.id, typos=typos, cased=cased)
            except CorpusError as error:
                raise CorpusError(f"{error} of {concept.id!r}") from error
            if clash is not None:
                raise CorpusError(f"{phrase!r} belongs to both {clash!r} and {concept.id!r}")


def merge(phrases: list[Match], formulas: list[Match]) -> list[Match]:
    """Both lists in one, without overlap: where they meet the longer wins, and of equals the formula."""
    starts = [match.start for match in phrases]
    dropped: set[int] = set()
    kept: list[Match] = []
    for formula in formulas:
        first = max(bisect_left(starts, formula.start) - 1, 0)
        rivals: list[int] = []
        for index in range(first, len(phrases)):
            if phrases[index].start >= formula.end:
                break
            if phrases[index].end > formula.start:
                rivals.append(index)
        size = formula.end - formula.start
        if all(phrases[index].end - phrases[index].start <= size for index in rivals):
            dropped.update(rivals)
            kept.append(formula)
    merged = [match for index, match in enumerate(phrases) if index not in dropped] + kept
    merged.sort(key=lambda match: match.start)
    return merged
