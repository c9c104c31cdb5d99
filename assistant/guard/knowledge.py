"""What is fixed while drafts come and go: the pack, its vocabulary, and the claims, indexed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.guard.cues import CueFinder, words_of
from assistant.guard.data import Claims, compiled
from assistant.guard.evidence import Evidence
from assistant.guard.marks import MarkFinder
from assistant.guard.normal import normalise
from assistant.guard.records import Claim, Pathway, Property, Relation
from assistant.guard.stems import stem
from assistant.guard.units import sentences
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import RatedOption
from assistant.vocabulary import Mention, Vocabulary

_STUDY_KINDS = frozenset({"study", "procedure"})
_LEAST_SENTENCE = 4
_LEAST_ADVERB = 6
_LEAST_ROOT = 5
_LEAST_PART = 4
_MOST_TEXTS = 4096  # texts of which what was found is remembered, if they are no longer than:
_LONGEST_TEXT = 600
_WORD = re.compile(r"[a-z]+")


@dataclass(slots=True)
class Index:
    """Records by the signs that call them up."""

    claims: dict[str, list[Claim]] = field(default_factory=dict)
    properties: dict[str, list[Property]] = field(default_factory=dict)
    pathways: dict[str, list[Pathway]] = field(default_factory=dict)
    relations: dict[str, list[Relation]] = field(default_factory=dict)


class Knowledge:
    """Immutable; built once for a guideline."""

    def __init__(self, guideline: Guideline, vocabulary: Vocabulary, claims: Claims) -> None:
        self.guideline = guideline
        self.vocabulary = vocabulary
        self.claims = claims
        ratings = {f"rating:{rated.name}": rated.phrases for rated in claims.ratings}
        self.rating_names = {f"rating:{rated.name}": rated.name for rated in claims.ratings}
        # A label of another scale is foreign, unless an option of this text bears it.
        own = {option.rating for option in guideline.options}
        self.foreign = frozenset(
            f"rating:{rated.name}" for rated in claims.ratings if rated.foreign and rated.name not in own
        )
        self.cues = CueFinder({**claims.cues, **ratings})
        self.marks = MarkFinder(self)
        self.content_keys = lru_cache(_MOST_TEXTS)(self._content_keys)
        self.references = compiled(claims.references)
        self.options = {option.id: option for option in guideline.options}
        self._by_concept = {option.concept: option for option in guideline.options}
        self.steps = frozenset(step.concept for step in guideline.steps)
        self._sites = _sites(vocabulary, claims.finding_kinds)
        self.index = _index(claims)
        self.stop_words = frozenset(stem(word, claims.spelling) for word in claims.stop.split())
        self.evidence = Evidence(guideline, vocabulary, claims.characters, claims.spelling, self.stop_words)
        reviewer = guideline.metadata.reviewer
        self.reviewer = reviewer.text.lower()
        name = self.reviewer.partition(",")[0].split()
        self.reviewer_names = tuple(part for part in name if len(part) > 2)
        self.section_words = self.evidence.keys(words_of(" ".join(claims.section_words)), ())
        titles = [heading.lower() for heading in guideline.metadata.headings]
        self.faq_heading = next((n for n, title in enumerate(titles) if title in claims.faq_headings), None)
        source = normalise(guideline.source_text, claims.characters)
        self.source = source
        self.source_flat = flatten(source.lower)
        # What the pack's own records say of the options may be quoted like the text.
        self.data_texts = tuple(
            flatten(text.lower())
            for option in guideline.options
            for text in (option.name, option.rating, option.radiation.text, *self.relations(option))
        )
        quotes = [normalise(item.quote, claims.characters).lower for item in guideline.statements.values()]
        self.verbatim = frozenset(
            flatten(text)
            for quote in quotes
            for text in (quote, *_sentences(quote), *(label_and_rest(quote)[1:]))
        )
        self.source_words = frozenset(stem(word, claims.spelling) for word in _WORD.findall(source.lower))
        self.plain_words = frozenset(
            stem(word, claims.spelling) for word in _WORD.findall(f"{claims.plain} {claims.words}".lower())
        )
        known = self.source_words | self.plain_words
        self._roots = frozenset(stem(one, claims.spelling) for one in known)
        # Words of cue phrases are plain language: a cue is judged by its rule, not as a word.
        cue_words = (
            part
            for phrases in self.cue_phrases()
            for part in phrases.replace("-", " ").replace("*", "").split()
        )
        self.cue_words = frozenset(stem(part, claims.spelling) for part in cue_words if part.isalpha())
        found = {mention.concept for mention in vocabulary.find(source.text)}
        found |= set(claims.source_concepts)
        found |= {option.concept for option in guideline.options} | self.steps
        self.source_concepts = frozenset(
            ancestor
            for concept in found
            if concept in vocabulary.concepts
            for ancestor in self.lineage(concept)
        )

    def sites_of(self, concept: str) -> frozenset[str]:
        """The sites that make a concept together with a neighbour (the sacrum beside a pain: sacral pain)."""
        return self._sites.get(concept, frozenset())

    def relations(self, option: RatedOption) -> list[str]:
        """How an option's radiation stands to that of others, as one says it."""
        names = {one.id: one.name for one in self.guideline.options}
        short = {one.id: one.short for one in self.guideline.options}
        return [
            f"higher than {article}{name}"
            for other in option.radiation.higher_than
            for name in (names[other], short[other])
            for article in ("", "a ", "the ")
        ]

    def cue_phrases(self) -> list[str]:
        """All phrases of cue groups that are plain speech and no judgement of their own."""
        return [phrase.lower() for name in self.claims.speech for phrase in self.claims.cues.get(name, ())]

    @lru_cache(maxsize=4096)  # noqa: B019 - one Knowledge lives as long as the program
    def lineage(self, concept: str) -> frozenset[str]:
        """The concept and all its ancestors."""
        if concept not in self.vocabulary.concepts:
            return frozenset({concept})
        return frozenset({concept}) | self.vocabulary.ancestors(concept)

    def find(self, text: str) -> tuple[Mention, ...]:
        """All mentions of concepts in a text."""
        return self.vocabulary.find(text)

    def _content_keys(self, text: str) -> frozenset[str]:
        """Content words (stems) and concepts of a text; `content_keys` remembers them."""
        keys = {
            stem(word.text, self.claims.spelling) for word in words_of(text.lower()) if word.text.isalpha()
        }
        keys = {key for key in keys if len(key) > 2 and key not in self.stop_words}
        for mention in self.find(text):
            keys |= {f"#{name}" for name in (mention.concept, *self.options_named(mention.concept))}
        return frozenset(keys)

    def options_named(self, concept: str) -> tuple[str, ...]:
        """Ids of the options that a concept can mean."""
        return tuple(option.id for option in self.options_for(concept)) if self.is_study(concept) else ()

    def cue_in(self, text: str, names: Iterable[str]) -> bool:
        """Whether one of the cue groups stands in a text."""
        wanted = set(names)
        return any(cue.group in wanted for cue in self.cues.find(words_of(text.lower())))

    @lru_cache(maxsize=256)  # noqa: B019
    def _signs(self, text: str) -> frozenset[str]:
        found = {cue.group for cue in self.cues.find(words_of(text.lower()))}
        for mention in self.find(text):
            found |= self.lineage(mention.concept)
        return frozenset(found)

    def mentions(self, text: str, name: str) -> bool:
        """Whether a text has a cue group or concept."""
        return name in self._signs(text)

    def is_named_number(self, concept: str) -> bool:
        """Whether a number may be part of the concept's name (a tracer, a study)."""
        return self.vocabulary.concepts[concept].kind in ("study", "tracer", "procedure")

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

    def relations_of(self, names: Iterable[str]) -> list[Relation]:
        """The relations that signs of these names can be about, in the order of the records."""
        found = {one.id: one for name in names for one in self.index.relations.get(name, ())}
        return [found[key] for key in sorted(found)]

    def speaks_of_study(self, concept: str) -> bool:
        """Whether a concept names one study, rated or not, and is no general word for studies."""
        generic = self.claims.generic.get(concept)
        return (generic is None or bool(generic)) and concept not in self.claims.scanned[1:]

    def is_plain(self, text: str) -> bool:
        """Whether a text consists of plain or source words alone."""
        words = _WORD.findall(text.lower())
        return bool(words) and all(self.knows(word) for word in words)

    def is_spoken(self, word: str) -> bool:
        """Whether a word stands in the source, or belongs to talk about a text and its subject."""
        stemmed = stem(word, self.claims.spelling)
        return stemmed in self.source_words or stemmed in self.plain_words or stemmed in self.cue_words

    def knows(self, word: str) -> bool:
        """Whether a word stands in the source or is plain language."""
        if word in self.claims.plain_words or self.is_spoken(word):
            return True
        # An adverb of manner names nothing ("busily"); one ending of a plain word more makes no new word.
        if (word.endswith("ly") and len(word) >= _LEAST_ADVERB) or self._ends_plainly(word):
            return True
        plain = self.claims.plain_words  # two plain words written as one ("roadworks")
        cuts = range(_LEAST_PART, len(word) - _LEAST_PART + 1)
        return any(word[:cut] in plain and word[cut:] in plain for cut in cuts)

    def _ends_plainly(self, word: str) -> bool:
        """Whether only its ending sets a word apart from a plain one ("practicalities")."""
        root = stem(stem(word, self.claims.spelling), self.claims.spelling)
        return len(root) >= _LEAST_ROOT and root in self._roots

    def same(self, concept: str, wanted: str) -> bool:
        """Whether a study's concept answers to an option id or a concept id."""
        if wanted in self.options:
            return any(option.id == wanted for option in self.options_for(concept))
        return wanted in self.lineage(concept)


def _sentences(text: str) -> list[str]:
    """The sentences of a statement that are long enough to say something by themselves."""
    parts = [text[start:end] for start, end in sentences(text, 0, len(text))]
    return [part for part in parts if len(part.split()) >= _LEAST_SENTENCE]


def label_and_rest(text: str) -> tuple[str, ...]:
    """A statement "Label: sentence" in its two parts, or the whole."""
    label, colon, rest = text.partition(": ")
    return (label, rest) if colon and len(rest.split()) >= _LEAST_SENTENCE else (text,)


def flatten(text: str) -> str:
    """Lower-case text reduced to words, for verbatim comparison."""
    return _flatten_short(text) if len(text) <= _LONGEST_TEXT else _flatten(text)


def _flatten(text: str) -> str:
    return (
        " "
        + " ".join(
            word.text
            for word in words_of(text)
            if word.text.isalnum() or word.text[0] in "'☢" or "'" in word.text
        )
        + " "
    )


_flatten_short = lru_cache(_MOST_TEXTS)(_flatten)


def _sites(vocabulary: Vocabulary, kinds: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The concepts that make a finding together with a neighbour, by that finding."""
    concepts = vocabulary.concepts
    made = [(value, one.id) for one in concepts.values() for value in one.pairs.values() if value in concepts]
    made = [(value, site) for value, site in made if concepts[value].kind in kinds]
    return {value: frozenset(site for other, site in made if other == value) for value, _ in made}


def _index(claims: Claims) -> Index:
    index = Index()
    for claim in claims.claims:
        for name in dict.fromkeys((*claim.affirm, *claim.deny, *claim.hedged)):
            index.claims.setdefault(name, []).append(claim)
    for item in claims.properties:
        for name in item.cues:
            index.properties.setdefault(name, []).append(item)
    for pathway in claims.pathways:
        for name in pathway.cues:
            index.pathways.setdefault(name, []).append(pathway)
    for relation in claims.relations:
        for name in relation.about[0]:
            index.relations.setdefault(name, []).append(relation)
    return index
