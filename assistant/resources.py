"""Everything that answering needs, loaded once: corpus, vocabulary, index, reader, finder, guards."""

from __future__ import annotations

import gc
import sys
import threading
import warnings
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from assistant.answering.aspects import Aspects, load_aspects, load_elsewhere
from assistant.answering.bank import CompiledBank, compile_bank, read_bank, write_bank
from assistant.answering.classifier import FILE as CLASSIFIER_FILE
from assistant.answering.classifier import Classifier
from assistant.answering.composition import Composer
from assistant.answering.evidence_reader import Reader as QuestionReader
from assistant.answering.evidence_records import ELSEWHERE, records_of
from assistant.answering.finder import TopicFinder
from assistant.answering.languages import Languages, load_languages
from assistant.answering.word_lists import WordLists
from assistant.answering.wording import Wording, load_wording
from assistant.digests import (
    ASPECTS_FILE,
    ELSEWHERE_FILE,
    KEEPING,
    PACK_VOCABULARY,
    READING,
    VOCABULARY_FOLDER,
    bank_digest,
    code_digest,
)
from assistant.errors import CorpusChangedError, ModelError
from assistant.guard import Guard
from assistant.guard.judge import Judge
from assistant.guidelines.loader import digest_of, load_corpus, load_wordings, pack_folders
from assistant.guidelines.pack import Guideline
from assistant.kept import Kept, keeping
from assistant.retrieval import PassageIndex, chunk_source, embedding_text
from assistant.retrieval.adapter import AdaptedModel
from assistant.retrieval.embeddings import Embedder, OnnxEmbedder, open_embedder
from assistant.retrieval.near import LEAST_TEXTS, Near
from assistant.retrieval.sketch import FILE as SKETCH_FILE
from assistant.retrieval.sketch import Sketch
from assistant.retrieval.store import texts_key
from assistant.scope.doubt import Doubt
from assistant.settings import Settings
from assistant.types import Passage
from assistant.understanding import Reader
from assistant.understanding.assertion import load_cues
from assistant.vocabulary import Vocabulary, load_vocabulary

LANGUAGES_FILE = "languages.yaml"
WORD_LISTS = ("plain-words.txt", "technical-words.txt", "common-words.yaml")
BANK_FILE = "bank.json"
JUDGE_FILE = "guard/judge.npz"
DOUBT_FILE = "doubt.npz"
MODELS = "models"
KEPT_FILE = "start.json"
_OPENINGS = 3
_loading = threading.RLock()  # one thread at a time loads: the others would only do the same work


@dataclass
class Resources:
    """What is on disk, opened. Parts that a question may not need are made on first use."""

    settings: Settings
    corpus: Path
    digest: str
    guidelines: tuple[Guideline, ...]
    vocabulary: Vocabulary
    wording: Wording
    reader: Reader
    kept: Kept

    @classmethod
    def open(cls, settings: Settings) -> Resources:
        """Load the corpus; CorpusError says what is wrong with it. One that is edited meanwhile is loaded again."""
        with _loading, _uncollected():
            return cls._open(settings)

    @classmethod
    def _open(cls, settings: Settings) -> Resources:
        for _ in range(_OPENINGS):
            opened = cls._load(settings)
            if digest_of(opened.corpus) == opened.digest:
                return opened
        opened._check_unchanged()
        return opened

    @classmethod
    def _load(cls, settings: Settings) -> Resources:
        corpus = settings.corpus
        digest = digest_of(corpus)
        folder = corpus / VOCABULARY_FOLDER
        own = [pack / PACK_VOCABULARY for pack in pack_folders(corpus) if (pack / PACK_VOCABULARY).is_file()]
        kept = Kept(settings.index / KEPT_FILE, code_digest(KEEPING))
        with keeping(kept):
            vocabulary = load_vocabulary([folder, *own])
            guidelines = load_corpus(corpus, concepts=vocabulary.concepts.keys())
            reader = Reader(vocabulary, folder)
        return cls(settings, corpus, digest, guidelines, vocabulary, load_wording(corpus), reader, kept)

    def _check_unchanged(self) -> None:
        """CorpusChangedError if it was edited since it was opened: a part read later would not fit the rest."""
        if digest_of(self.corpus) != self.digest:
            raise CorpusChangedError(
                f"The corpus in {self.corpus} was edited while it was being read. Start the program again."
            )

    @cached_property
    def aspects(self) -> Aspects:
        """What can be asked of a concept."""
        return load_aspects(self.corpus / VOCABULARY_FOLDER / ASPECTS_FILE)

    @cached_property
    def question_reader(self) -> QuestionReader:
        """Reads what a question names and asks."""
        return QuestionReader(self.vocabulary, self.aspects)

    @cached_property
    def bank(self) -> CompiledBank:
        """Every way in which the guidelines' topics are asked for, read; compiled where something changed."""
        path = self.settings.index / BANK_FILE
        key = f"{bank_digest(self.corpus)}-{code_digest(READING)}"
        found = read_bank(path, key)
        if found is None:
            self.aspects.check()
            wordings = {one.id: load_wordings(one) for one in self.guidelines}
            wordings[ELSEWHERE] = load_elsewhere(self.corpus / VOCABULARY_FOLDER / ELSEWHERE_FILE)
            self._check_unchanged()
            records = records_of(self.guidelines, self.aspects, wordings)
            found = compile_bank(self.guidelines, self.question_reader, records)
            found = replace(found, texts_key=texts_key(found.texts))
            write_bank(found, path, key)
        return found

    @cached_property
    def questions(self) -> PassageIndex:
        """The index over the texts of the bank. It stays on this machine: each question looks at all of it."""
        return self._index(self.bank.texts, "questions", server="", key=self.bank.texts_key)

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
        texts = [embedding_text(passage) for passage in self.passages]
        return self._index(texts, "passages", server=self.settings.chroma_url)

    @cached_property
    def finder(self) -> TopicFinder:
        """Finds the topics of a question."""
        with _loading, _uncollected():
            if isinstance(self._embedder, OnnxEmbedder):
                self._embedder.load_ahead()
            words = self._valid_words()
            # What is read late is read here, before the long work, so that all of it is of one corpus.
            with keeping(self.kept):
                load_cues(self.corpus / VOCABULARY_FOLDER)
                _ = self.languages, self.question_reader, self.guards
            self._check_unchanged()
            self.kept.close()
            return TopicFinder(
                self.guidelines, self.question_reader, self.bank, self.questions, self._classifier(), words,
                self._near(),
            )  # fmt: skip

    @cached_property
    def _embedder(self) -> Embedder | None:
        """The model; None where there is none, of which the index warns."""
        try:
            return open_embedder(self.settings.index / MODELS, self.settings.model)
        except ModelError:
            return None

    def _valid_words(self) -> Container[str]:
        """All words of the vocabulary's word lists."""
        folder = self.corpus / VOCABULARY_FOLDER
        return WordLists(
            [(folder / name).read_text(encoding="utf-8") for name in WORD_LISTS if (folder / name).is_file()]
        )

    @cached_property
    def languages(self) -> Languages:
        """Tells other languages from English."""
        return load_languages(self.corpus / VOCABULARY_FOLDER / LANGUAGES_FILE)

    def _classifier(self) -> Classifier:
        """Fitted on the bank's wordings, and on their vectors where these are at hand."""
        vectors, folder, bank = self.questions.vectors, self.questions.folder, self.bank
        if folder is None:
            return Classifier.fit(vectors, bank.texts, bank.marks, bank.counts)
        path = self.settings.index / CLASSIFIER_FILE
        return Classifier.open(
            path, f"{folder.name} {bank.marks_key}", vectors, bank.texts, bank.marks, bank.counts
        )

    def _near(self) -> Near | None:
        """What spares a large bank most of its exact cosines; none without vectors at hand."""
        vectors, folder = self.questions.vectors, self.questions.folder
        if vectors is None or len(vectors) < LEAST_TEXTS:
            return None
        sketch = (
            Sketch.fit(vectors)
            if folder is None
            else Sketch.open(self.settings.index / SKETCH_FILE, folder.name, vectors)
        )
        return Near(vectors, sketch, self.bank.counts)

    @cached_property
    def composers(self) -> dict[str, Composer]:
        """One composer for each guideline, by id."""
        return {one.id: Composer(one, self.wording, self.concept_name) for one in self.guidelines}

    @cached_property
    def guards(self) -> dict[str, Guard]:
        """One guard for each guideline, by id."""
        # Not under `_loading`: the finder is made under it and waits for the guards.
        with keeping(self.kept):
            found = {one.id: Guard(one, self.vocabulary, self._judge(one)) for one in self.guidelines}
        self._check_unchanged()
        return found

    @cached_property
    def doubts(self) -> dict[str, Doubt]:
        """The second opinions on patients, of the guidelines that have one."""
        pairs = ((one, self._adapted(one, DOUBT_FILE)) for one in self.guidelines)
        return {one.id: Doubt(model, one.scope, self.vocabulary) for one, model in pairs if model is not None}

    def prepare(self) -> None:
        """Make everything that is kept on disk. What is missing without a model is warned of."""
        _ = self.finder, self.passage_index
        try:
            for guard in self.guards.values():
                if guard.judge is not None:
                    guard.judge.model.score(())
            for doubt in self.doubts.values():
                doubt.model.sort(())
        except ModelError as error:
            warnings.warn(
                "All drafts of language models will be refused, and patients are decided by the criteria alone, "
                f"without a second reading. {error}",
                stacklevel=2,
            )

    def _judge(self, guideline: Guideline) -> Judge | None:
        """The learned judge of a guideline that has one."""
        model = self._adapted(guideline, JUDGE_FILE)
        return None if model is None else Judge(model)

    def _adapted(self, guideline: Guideline, name: str) -> AdaptedModel | None:
        path = guideline.folder / name
        return AdaptedModel(path, self.settings.index / MODELS) if path.is_file() else None

    def concept_name(self, concept: str) -> str:
        """Return the display name of a concept."""
        found = self.vocabulary.concepts.get(concept)
        return found.name if found else concept

    def guideline(self, name: str) -> Guideline:
        """Return the guideline with that id; KeyError if there is none."""
        return next(one for one in self.guidelines if one.id == name)

    def _index(self, texts: Sequence[str], name: str, *, server: str, key: str = "") -> PassageIndex:
        settings = self.settings
        return PassageIndex.build(
            texts,
            settings.index / name,
            embedder=self._embedder,
            progress=sys.stderr.isatty(),
            cache=settings.index / MODELS,
            model=settings.model,
            chroma_url=server,
            chroma_timeout_s=settings.chroma_timeout_s,
            lock_timeout_s=settings.lock_timeout_s,
            key=key,
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make many lasting things without a search for garbage among them, again and again, as they grow."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
