"""Everything that answering needs, loaded once: corpus, vocabulary, index, reader, finder, guards."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.answering.aspects import Aspects, load_aspects, load_elsewhere
from assistant.answering.bank import CompiledBank, compile_bank, read_bank, write_bank
from assistant.answering.classifier import FILE as CLASSIFIER_FILE
from assistant.answering.classifier import Classifier
from assistant.answering.composition import Composer
from assistant.answering.evidence_reader import Reader as QuestionReader
from assistant.answering.evidence_reader import words_of
from assistant.answering.evidence_records import ELSEWHERE, records_of
from assistant.answering.finder import TopicFinder
from assistant.answering.languages import Languages, load_languages
from assistant.answering.wording import Wording, load_wording
from assistant.errors import CorpusChangedError
from assistant.guard import Guard
from assistant.guidelines.loader import digest_files, digest_of, load_corpus, load_wordings, pack_folders
from assistant.guidelines.pack import Guideline
from assistant.retrieval import PassageIndex, chunk_source, embedding_text
from assistant.settings import Settings
from assistant.types import Passage
from assistant.understanding import Reader
from assistant.vocabulary import Vocabulary, load_vocabulary, vocabulary_files

VOCABULARY_FOLDER = "vocabulary"
ASPECTS_FILE = "aspects.yaml"
ELSEWHERE_FILE = "elsewhere.yaml"
LANGUAGES_FILE = "languages.yaml"
WORD_LISTS = ("plain-words.txt", "technical-words.txt", "common-words.yaml")
PACK_VOCABULARY = "vocabulary.yaml"
BANK_FILE = "bank.json"
_OPENINGS = 3
# The files of a pack that decide what a compiled bank holds, beside the vocabulary.
_BANKED = (
    "guideline.yaml",
    "statements.yaml",
    "options.yaml",
    "steps.yaml",
    "topics.yaml",
    "wordings.yaml",
    PACK_VOCABULARY,
)
# The folders and files of the package that decide what a compiled bank holds.
_READING = (
    "vocabulary",
    "answering/aspects.py",
    "answering/bank.py",
    "answering/cue_index.py",
    "answering/evidence_reader.py",
    "answering/terms.py",
)


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

    @classmethod
    def open(cls, settings: Settings) -> Resources:
        """Load the corpus; CorpusError says what is wrong with it. One that is edited meanwhile is loaded again."""
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
        vocabulary = load_vocabulary([folder, *own])
        guidelines = load_corpus(corpus, concepts=vocabulary.concepts.keys())
        reader = Reader(vocabulary, folder)
        return cls(settings, corpus, digest, guidelines, vocabulary, load_wording(corpus), reader)

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
        key = f"{_bank_digest(self.corpus)}-{_code_digest()}"
        found = read_bank(path, key)
        if found is None:
            self.aspects.check()
            wordings = {one.id: load_wordings(one) for one in self.guidelines}
            wordings[ELSEWHERE] = load_elsewhere(self.corpus / VOCABULARY_FOLDER / ELSEWHERE_FILE)
            self._check_unchanged()
            records = records_of(self.guidelines, self.aspects, wordings)
            found = compile_bank(self.guidelines, self.question_reader, records)
            write_bank(found, path, key)
        return found

    @cached_property
    def questions(self) -> PassageIndex:
        """The index over the texts of the bank. It stays on this machine: each question looks at all of it."""
        return self._index(self.bank.texts, "questions", server="")

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
        words = self._valid_words()
        # What is read late is read here, before the long work, so that all of it is of one corpus.
        _ = self.languages, self.question_reader, self.guards
        self._check_unchanged()
        return TopicFinder(
            self.guidelines, self.question_reader, self.bank, self.questions, self._classifier(), words
        )

    def _valid_words(self) -> frozenset[str]:
        """All words of the vocabulary's word lists."""
        folder = self.corpus / VOCABULARY_FOLDER
        texts = [
            (folder / name).read_text(encoding="utf-8") for name in WORD_LISTS if (folder / name).is_file()
        ]
        return frozenset(word for text in texts for word in words_of(text))

    @cached_property
    def languages(self) -> Languages:
        """Tells other languages from English."""
        return load_languages(self.corpus / VOCABULARY_FOLDER / LANGUAGES_FILE)

    def _classifier(self) -> Classifier:
        """Fitted on the bank's wordings, and on their vectors where these are at hand."""
        vectors, folder, bank = self.questions.vectors, self.questions.folder, self.bank
        counts = [profile.wordings for profile in bank.profiles]
        if folder is None:
            return Classifier.fit(vectors, bank.texts, bank.marks, counts)
        read = hashlib.sha256(repr((counts, bank.marks)).encode()).hexdigest()
        path = self.settings.index / CLASSIFIER_FILE
        return Classifier.open(path, f"{folder.name} {read}", vectors, bank.texts, bank.marks, counts)

    @cached_property
    def composers(self) -> dict[str, Composer]:
        """One composer for each guideline, by id."""
        return {one.id: Composer(one, self.wording, self.concept_name) for one in self.guidelines}

    @cached_property
    def guards(self) -> dict[str, Guard]:
        """One guard for each guideline, by id."""
        found = {one.id: Guard(one, self.vocabulary) for one in self.guidelines}
        self._check_unchanged()
        return found

    def concept_name(self, concept: str) -> str:
        """Return the display name of a concept."""
        found = self.vocabulary.concepts.get(concept)
        return found.name if found else concept

    def guideline(self, name: str) -> Guideline:
        """Return the guideline with that id; KeyError if there is none."""
        return next(one for one in self.guidelines if one.id == name)

    def _index(self, texts: Sequence[str], name: str, *, server: str) -> PassageIndex:
        settings = self.settings
        return PassageIndex.build(
            texts,
            settings.index / name,
            progress=sys.stderr.isatty(),
            cache=settings.index / "models",
            model=settings.model,
            chroma_url=server,
            chroma_timeout_s=settings.chroma_timeout_s,
            lock_timeout_s=settings.lock_timeout_s,
        )


def _bank_digest(corpus: Path) -> str:
    """Return the sha256 of the files that decide what a bank holds: a change of others leaves it as it is."""
    folder = corpus / VOCABULARY_FOLDER
    packs = [pack / name for pack in pack_folders(corpus) for name in _BANKED]
    files = [*vocabulary_files([folder]), folder / ASPECTS_FILE, folder / ELSEWHERE_FILE, *packs]
    return digest_files(corpus, [path for path in dict.fromkeys(files) if path.is_file()])


def _code_digest() -> str:
    """Return the sha256 of the code that reads wordings, so that a change of it compiles the bank anew."""
    package = Path(__file__).resolve().parent
    total = hashlib.sha256()
    for name in _READING:
        path = package / name
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            total.update(file.read_bytes())
    return total.hexdigest()[:16]
