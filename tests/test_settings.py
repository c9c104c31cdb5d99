"""Settings: everything from the environment, sensible without any, clear when wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import CorpusNotFoundError, SettingsError
from assistant.settings import Settings, default_index_dir, find_corpus, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_those_of_an_offline_laptop():
    settings = load_settings()
    assert (settings.llm, settings.chroma_url, settings.model) == ("", "", None)


def test_the_corpus_of_the_checkout_is_found(root):
    assert load_settings().corpus == root / "corpus"


def test_the_corpus_in_a_wheel_comes_before_the_checkout(tmp_path, monkeypatch):
    (tmp_path / "assistant" / "_corpus" / "guidelines").mkdir(parents=True)
    (tmp_path / "corpus" / "guidelines").mkdir(parents=True)
    monkeypatch.setattr("assistant.settings._PACKAGE", tmp_path / "assistant")
    assert find_corpus() == tmp_path / "assistant" / "_corpus"


def test_a_corpus_can_be_named(tmp_path, monkeypatch):
    (tmp_path / "guidelines").mkdir()
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tmp_path))
    assert load_settings().corpus == tmp_path


def test_a_missing_corpus_says_where_it_was_looked_for_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tmp_path / "gone"))
    with pytest.raises(CorpusNotFoundError) as caught:
        _ = load_settings().corpus
    assert str(tmp_path / "gone") in str(caught.value)
    assert "Set ASSISTANT_CORPUS_DIR" in str(caught.value)
    monkeypatch.delenv("ASSISTANT_CORPUS_DIR")
    monkeypatch.setattr("assistant.settings._PACKAGE", tmp_path / "assistant")
    with pytest.raises(CorpusNotFoundError, match="Reinstall the package"):
        _ = load_settings().corpus


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("ASSISTANT_LLM_TIMEOUT_S", "")
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", "")
    assert load_settings().llm_timeout_s == Settings().llm_timeout_s
    assert load_settings().corpus_dir is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LLM", "gpt"),
        ("LLM", ":x"),
        ("LLM", "openai:"),
        ("CHROMA_URL", "localhost:8000"),
        ("CHROMA_URL", "file:///etc"),
        ("LLM_TIMEOUT_S", "soon"),
        ("LLM_TIMEOUT_S", "0"),
        ("CHROMA_TIMEOUT_S", "-1"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(monkeypatch, name, value):
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert f"ASSISTANT_{name}={value}" in str(caught.value)
    assert "Change it or unset it" in str(caught.value)


def test_all_wrong_values_are_listed(monkeypatch):
    monkeypatch.setenv("ASSISTANT_LLM", "x")
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "y")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "ASSISTANT_LLM" in str(caught.value)
    assert "ASSISTANT_CHROMA_URL" in str(caught.value)


def test_a_server_url_and_a_model_are_taken_as_given(monkeypatch):
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "http://127.0.0.1:8000/")
    monkeypatch.setenv("ASSISTANT_LLM", "ollama:llama3.1:8b")
    settings = load_settings()
    assert settings.chroma_url == "http://127.0.0.1:8000"
    assert settings.llm == "ollama:llama3.1:8b"


def test_a_setting_given_in_code_comes_before_the_environment(monkeypatch):
    monkeypatch.setenv("ASSISTANT_LLM", "ollama:a")
    assert load_settings(llm="ollama:b").llm == "ollama:b"
    with pytest.raises(SettingsError, match="There is no setting 'ilm'"):
        load_settings(ilm="ollama:b")


def test_secrets_are_not_settings(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("ASSISTANT_OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(load_settings())


def test_no_settings_file_is_read(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("ASSISTANT_LLM=openai:gpt\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings().llm == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the platform's own folder")
def test_the_index_goes_to_the_cache_folder_of_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_index_dir() == tmp_path / ".cache" / "guideline-assistant"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert default_index_dir() == tmp_path / "caches" / "guideline-assistant"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # the standard says to ignore it
    assert default_index_dir() == tmp_path / ".cache" / "guideline-assistant"


def test_without_a_home_the_index_goes_to_a_private_temporary_folder(monkeypatch):
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    folder = default_index_dir()
    assert folder.is_absolute()
    assert str(os.getuid()) in folder.parent.name


def test_the_index_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path))
    assert load_settings().index == tmp_path
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", "~/somewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().index == tmp_path / "somewhere"


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, assistant; dir(assistant); import assistant.errors; "
        "heavy = {'torch', 'chromadb', 'onnxruntime', 'streamlit', 'langchain_core', 'pydantic', 'yaml', 'numpy'}; "
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
