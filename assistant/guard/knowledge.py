"""What is fixed while drafts come and go: the pack, its vocabulary, and the claims, indexed."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.guard.cues import CueFinder, words_of
from assistant.guard.data import Claims, compiled
from assistant.guard.normal import normalise
from assistant.guard.stems import stem
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import RatedOption
from assistant.vocabulary import Mention, Vocabulary

_STUDY_KINDS = frozenset({"study", "procedure"})
_WORD = re.compile(r"[a-z]+")


class Knowledge:
    """Immutable; built once for a guideline."""

    def __init__(self, guideline: Guideline, vocabulary: Vocabulary, claims: Claims) -> None:
        self.guideline = guideline
        self.vocabulary = vocabulary
        self.claims = claims
        ratings = {f"rating:{rated.name}": rated.phrases for rated in claims.ratings}
        self.rating_names = {f"rating:{rated.name}": rated.name for rated in claims.ratings}
        self.foreign = frozenset(f"rating:{rated.name}" for rated in claims.ratings if rated.foreign)
        self.cues = CueFinder({**claims.cues, **ratings})
        self.references = compiled(claims.references)
        self.options = {option.id: option for option in guideline.options}
        self._by_concept = {option.concept: option for option in guideline.options}
        self.steps = frozenset(step.concept for step in guideline.steps)
        source = normalise(guideline.source_text, claims.characters)
        self.source = source
        self.source_flat = flatten(source.lower)
        self.source_words = frozenset(stem(word, claims.spelling) for word in _WORD.findall(source.lower))
        self.plain_words = frozenset(
            stem(word, claims.spelling) for word in _WORD.findall(f"{claims.plain} {claims.words}".lower())
        )
        # Words of cue phrases are words of the language of claims: a cue is judged by its rule, not as a word.
        cue_words = (part for phrases in self.cue_phrases() for part in phrases.replace("-", " ").split())
        self.cue_words = frozenset(stem(part, claims.spelling) for part in cue_words if part.isalpha())
        found = {mention.concept for mention in vocabulary.find(source.text)}
        found |= set(claims.source_concepts)
        found |= {option.concept for option in guideline.options} | self.steps
        self.source_concepts = frozenset(
            ancestor for concept in found if concept in vocabulary.concepts for ancestor in self.lineage(concept)
        )

    def cue_phrases(self) -> list[str]:
        """All phrases of cue groups that are plain speech and no judgement of their own."""
        return [phrase.lower() for phrases in self.claims.cues.values() for phrase in phrases]

    @lru_cache(maxsize=4096)  # noqa: B019 - one Knowledge lives as long as the program
    def lineage(self, concept: str) -> frozenset[str]:
        """The concept and all its ancestors."""
        if concept not in self.vocabulary.concepts:
            return frozenset({concept})
        return frozenset({concept}) | self.vocabulary.ancestors(concept)

    def find(self, text: str) -> tuple[Mention, ...]:
        """All mentions of concepts in a text."""
        return self.vocabulary.find(text)

    def is_study(self, concept: str) -> bool:
        """Whether the concept is a study or a procedure."""
        found = self.vocabulary.concepts.get(concept)
        return found is not None and found.kind in _STUDY_KINDS

    @lru_cache(maxsize=4096)  # noqa: B019
    def options_for(self, concept: str) -> tuple[RatedOption, ...]:
        """The rated options that a study's name can mean; empty for an unrated study."""
        own = self._by_concept.get(concept)
        if own is not None:
            return (own,)
        if concept in self.claims.generic:
            return tuple(self.options[item] for item in self.claims.generic[concept] if item in self.options)
        return tuple(option for option in self.guideline.options if concept in self.lineage(option.concept))

    def is_unrated(self, concept: str) -> bool:
        """Whether the study is neither rated nor a step nor a general word for studies."""
        return (
            self.is_study(concept)
            and not self.options_for(concept)
            and concept not in self.steps
            and concept not in self.claims.generic
            and concept not in self.claims.step_generic
        )

    def is_plain(self, text: str) -> bool:
        """Whether a text consists of plain or source words alone."""
        words = _WORD.findall(text.lower())
        return bool(words) and all(self.knows(word) for word in words)

    def knows(self, word: str) -> bool:
        """Whether a word stands in the source or is plain language."""
        stemmed = stem(word, self.claims.spelling)
        return stemmed in self.source_words or stemmed in self.plain_words or stemmed in self.cue_words

    def same(self, concept: str, wanted: str) -> bool:
        """Whether a study's concept answers to an option id or a concept id."""
        if wanted in self.options:
            return any(option.id == wanted for option in self.options_for(concept))
        return wanted in self.lineage(concept)


def flatten(text: str) -> str:
    """Lower-case text reduced to words, for verbatim comparison."""
    return " " + " ".join(word.text for word in words_of(text) if word.text.isalnum() or "'" in word.text) + " "
