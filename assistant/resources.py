"""Everything that answering needs, loaded once: corpus, vocabulary, index, reader, finder, guards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.answering.aspects import Aspects, load_aspects
from assistant.answering.composition import Composer
from assistant.answering.evidence_reader import Reader as QuestionReader
from assistant.answering.finder import TopicFinder, bank_texts
from assistant.answering.wording import Wording, load_wording
from assistant.guard import Guard
from assistant.guidelines.loader import load_corpus, pack_folders
from assistant.guidelines.pack import Guideline
from assistant.retrieval import PassageIndex, chunk_source, embedding_text
from assistant.settings import Settings
from assistant.types import Passage
from assistant.understanding import Reader
from assistant.vocabulary import Vocabulary, load_vocabulary

VOCABULARY_FOLDER = "vocabulary"
ASPECTS_FILE = "aspects.yaml"
PACK_VOCABULARY = "vocabulary.yaml"


@dataclass
class Resources:
    """What is on disk, opened. Parts that a question may not need are made on first use."""

    settings: Settings
    corpus: Path
    guidelines: tuple[Guideline, ...]
    vocabulary: Vocabulary
    wording: Wording
    reader: Reader

    @classmethod
    def open(cls, settings: Settings) -> Resources:
        """Load the corpus; CorpusError says what is wrong with it."""
        corpus = settings.corpus
        folder = corpus / VOCABULARY_FOLDER
        own = [pack / PACK_VOCABULARY for pack in pack_folders(corpus) if (pack / PACK_VOCABULARY).is_file()]
        vocabulary = load_vocabulary([folder, *own])
        guidelines = load_corpus(corpus, concepts=vocabulary.concepts.keys())
        return cls(settings, corpus, guidelines, vocabulary, load_wording(corpus), Reader(vocabulary, folder))

    @cached_property
    def aspects(self) -> Aspects:
        """What can be asked of a concept."""
        return load_aspects(self.corpus / VOCABULARY_FOLDER / ASPECTS_FILE)

    @cached_property
    def questions(self) -> PassageIndex:
        """The index over every way in which the guidelines' topics are asked for."""
        return self._index(
            bank_texts(self.guidelines, QuestionReader(self.vocabulary, self.aspects)), "questions"
        )

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages of all guidelines, with their headings and offsets."""
        return tuple(
            passage
            for guideline in self.guidelines
            for passage in chunk_source(guideline.source_text, guideline.metadata.headings, guideline.id)
        )

    @cached_property
    def passage_index(self) -> PassageIndex:
        """The index over the passages."""
        return self._index([embedding_text(passage) for passage in self.passages], "passages")

    @cached_property
    def finder(self) -> TopicFinder:
        """Finds the topics of a question."""
        return TopicFinder(self.guidelines, self.vocabulary, self.questions, self.aspects)

    @cached_property
    def composers(self) -> dict[str, Composer]:
        """One composer for each guideline, by id."""
        return {one.id: Composer(one, self.wording, self.concept_name) for one in self.guidelines}

    @cached_property
    def guards(self) -> dict[str, Guard]:
        """One guard for each guideline, by id."""
        return {one.id: Guard(one, self.vocabulary) for one in self.guidelines}

    def concept_name(self, concept: str) -> str:
        """Return the display name of a concept."""
        found = self.vocabulary.concepts.get(concept)
        return found.name if found else concept

    def guideline(self, name: str) -> Guideline:
        """Return the guideline with that id; KeyError if there is none."""
        return next(one for one in self.guidelines if one.id == name)

    def _index(self, texts: tuple[str, ...] | list[str], name: str) -> PassageIndex:
        settings = self.settings
        return PassageIndex.build(
            texts,
            settings.index / name,
            cache=settings.index / "models",
            model=settings.model,
            chroma_url=settings.chroma_url,
            chroma_timeout_s=settings.chroma_timeout_s,
            lock_timeout_s=settings.lock_timeout_s,
        )
