"""Every error that the package raises on purpose.

    AssistantError
    ├── SettingsError            a setting has a value that cannot be used
    ├── CorpusError              the corpus cannot be trusted as it stands (file, line, what to do)
    │   ├── CorpusNotFoundError  no corpus folder, or no guideline in it
    │   ├── CorpusChangedError   it was edited while it was being read
    │   └── QuoteError           a quote is not, or not just once, in its source
    ├── QuestionError            the question is empty, too long or not text
    ├── PassageIndexError        the passage index cannot be built, opened or searched
    ├── ModelError               the embedding model is missing or is not the one expected
    └── DraftingError            the optional language model failed

Each message says what is wrong and what to do about it.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors raised on purpose; its text can be shown to a user as it is."""


class SettingsError(AssistantError):
    """A setting has a value that cannot be used."""


class CorpusError(AssistantError):
    """The corpus is not valid: the message holds file, line and what to do."""


class CorpusNotFoundError(CorpusError):
    """There is no corpus folder, or there is no guideline in it."""


class CorpusChangedError(CorpusError):
    """The corpus was edited while it was being read."""


class QuoteError(CorpusError):
    """A quote is not found in its source text, or is found more than once."""


class QuestionError(AssistantError):
    """The question is empty, too long, or not readable text."""


class PassageIndexError(AssistantError):
    """The passage index cannot be built, opened or searched."""


class ModelError(AssistantError):
    """The embedding model is missing, or its checksum is not the expected one."""


class DraftingError(AssistantError):
    """The optional language model failed, timed out or returned nothing usable."""
