"""Clinical concepts as data, and the reader that finds them in any text: a question, a draft, a passage."""

from assistant.vocabulary.loader import load_vocabulary, vocabulary_files
from assistant.vocabulary.matcher import Vocabulary
from assistant.vocabulary.schema import Concept, Mention, Reading, ReferenceRange

__all__ = [
    "Concept",
    "Mention",
    "Reading",
    "ReferenceRange",
    "Vocabulary",
    "load_vocabulary",
    "vocabulary_files",
]
