"""The interface on a stand-in for the assistant, in Streamlit's own test runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import assistant
from tests.ui.fake import Fake

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def fake() -> Fake:
    return Fake()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Return a function that starts a new session of the app."""
    monkeypatch.setattr(assistant, "Assistant", Fake, raising=False)
    st.cache_resource.clear()

    def start(**parameters: str) -> AppTest:
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for name, value in parameters.items():
            test.query_params[name] = value
        return test.run()

    yield start
    st.cache_resource.clear()
