"""Where things are and what is switched on: the only place that finds the corpus, the index and the model.

Every setting is an environment variable with the prefix ASSISTANT_ (ASSISTANT_INDEX_DIR, ASSISTANT_LLM...).
There is no settings file, so nothing secret is ever read from disk; keys of language models stay in their
own variables (OPENAI_API_KEY...) and never pass through here.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import CorpusNotFoundError, SettingsError

PREFIX = "ASSISTANT_"
APP_NAME = "guideline-assistant"
_PACKAGE = Path(__file__).resolve().parent


def _url(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("write it as http://host:port")
    return value.rstrip("/")


def _provider_and_model(value: str) -> str:
    provider, _, model = value.partition(":")
    if value and not (provider and model):
        raise ValueError("write it as provider:model")
    return value


class Settings(BaseModel):
    """All settings, with the defaults of an offline laptop. Empty variables count as not set.

    The environment is read here: pydantic-settings would cost every start 80 ms and 14 MB (asyncio, ssl).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    corpus_dir: Path | None = Field(
        default=None, description="Corpus folder; by default the one in the package or the checkout."
    )
    index_dir: Path | None = Field(
        default=None, description="Folder of the built index; by default the platform's cache folder."
    )
    model: Path | None = Field(
        default=None, description="Folder of a sentence-transformers model; by default the packaged one."
    )
    llm: Annotated[str, AfterValidator(_provider_and_model)] = Field(
        default="", description="Language model as provider:model; empty answers by rules alone."
    )
    chroma_url: Annotated[str, AfterValidator(_url)] = Field(
        default="", description="A Chroma server (http://host:port) in place of the local store."
    )
    llm_timeout_s: float = Field(default=20.0, gt=0, le=600, description="Longest wait for a language model.")
    chroma_timeout_s: float = Field(
        default=5.0, gt=0, le=600, description="Longest wait for a Chroma server."
    )
    lock_timeout_s: float = Field(
        default=600.0, gt=0, description="Longest wait for another process that is building the index."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="Least severe log line that is written to standard error."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        """What is given comes before the environment, whose names may be in any case."""
        environment = {name.upper(): value for name, value in os.environ.items()}
        found = {name: environment.get(f"{PREFIX}{name}".upper(), "") for name in cls.model_fields}
        return {**{name: value for name, value in found.items() if value}, **given}

    @property
    def corpus(self) -> Path:
        """The corpus folder; CorpusNotFoundError says where it was looked for."""
        return find_corpus(self.corpus_dir)

    @property
    def index(self) -> Path:
        """The folder that holds the built index; it need not exist yet."""
        return (self.index_dir or default_index_dir()).expanduser().absolute()


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; SettingsError names the variable that cannot be used.

    `overrides` are settings by name, which come before the environment.
    """
    for name in overrides:
        if name not in Settings.model_fields:
            raise SettingsError(
                f"There is no setting {name!r}; there are {', '.join(Settings.model_fields)}."
            )
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for item in error.errors(include_url=False):
            name = PREFIX + str(item["loc"][0]).upper()
            reason = str(item["msg"]).removeprefix("Value error, ")
            lines.append(f"{name}={item['input']!s:.80} cannot be used: {reason}. Change it or unset it.")
        raise SettingsError("\n".join(lines)) from None


def find_corpus(folder: Path | None = None) -> Path:
    """Return the corpus folder: the one given, else the one in the wheel, else the one of the checkout."""
    if folder is not None:
        candidates = [folder.expanduser().absolute()]
    else:
        candidates = [_PACKAGE / "_corpus", _PACKAGE.parent / "corpus"]
    for candidate in candidates:
        if (candidate / "guidelines").is_dir():
            return candidate
    looked = " and ".join(str(candidate) for candidate in candidates)
    advice = (
        f"Set {PREFIX}CORPUS_DIR to a folder that holds guidelines/<id>/guideline.yaml, or unset it."
        if folder is not None
        else f"Reinstall the package, or set {PREFIX}CORPUS_DIR to a corpus folder."
    )
    raise CorpusNotFoundError(f"There is no corpus: no folder 'guidelines' in {looked}. {advice}")


def default_index_dir() -> Path:
    """Return the platform's cache folder for the index; without a home folder, a private temporary one."""
    base: Path | None = None
    variable = {"win32": "LOCALAPPDATA", "darwin": ""}.get(sys.platform, "XDG_CACHE_HOME")
    if variable and Path(os.environ.get(variable, "")).is_absolute():
        base = Path(os.environ[variable])
    else:
        try:
            home = Path.home()
        except RuntimeError:  # no HOME and no entry in the password database
            home = None
        if home is not None:
            base = home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    if base is None:
        owner = os.getuid() if hasattr(os, "getuid") else "user"
        base = Path(tempfile.gettempdir()) / f"{APP_NAME}-{owner}"
    return base / APP_NAME
