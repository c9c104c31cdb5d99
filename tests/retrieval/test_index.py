"""PassageIndex: what it finds, on any input, in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelError, PassageIndexError
from assistant.retrieval import PassageIndex
from assistant.retrieval import index as index_module
from tests.retrieval.fakes import TEXTS, PairEmbedder


def test_the_text_itself_is_found_first(index: PassageIndex) -> None:
    for position, text in enumerate(TEXTS):
        best = index.search(text, k=2)[0]
        assert best["position"] == position
        assert best["text"] == text
        assert 0 < best["score"] <= 1


def test_results_are_ordered_and_no_more_than_asked(index: PassageIndex) -> None:
    hits = index.search("joining ropes", k=4)
    assert len(hits) == 4
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert len(index.search("joining ropes", k=99)) == len(TEXTS)


def test_dense_and_lexical_can_be_asked_alone(index: PassageIndex) -> None:
    assert index.lexical("bowline")[0]["position"] == 1
    assert index.dense("bowline", k=1)[0]["score"] <= 1
    assert index.lexical("xylophone")[0]["score"] == 0


def test_all_scores_are_arrays_by_position(index: PassageIndex) -> None:
    scores = index.scores("bowline")
    assert scores.dense is not None
    for one in scores:
        assert one is not None
        assert one.shape == (len(TEXTS),)
        assert one.dtype == np.float32
    best = index.search("bowline", k=1)[0]
    assert round(float(scores.fused[best["position"]]), 6) == best["score"]


def test_an_empty_list_finds_nothing(embedder: PairEmbedder) -> None:
    index = PassageIndex.build([], embedder=embedder)
    assert len(index) == 0
    assert index.search("rope") == index.dense("rope") == index.lexical("rope") == []
    assert index.scores("rope").fused.shape == (0,)


def test_one_text_is_found(embedder: PairEmbedder) -> None:
    assert PassageIndex.build(["rope"], embedder=embedder).search("rope")[0]["position"] == 0


def test_duplicates_tie_and_go_by_position(embedder: PairEmbedder) -> None:
    hits = PassageIndex.build(["rope", "post", "rope", "rope"], embedder=embedder).search("rope", k=4)
    assert [hit["position"] for hit in hits] == [0, 2, 3, 1]
    assert len({hit["score"] for hit in hits[:3]}) == 1
    assert sorted(embedder.calls[0]) == ["post", "rope"], "equal texts are embedded once"


def test_blank_texts_are_never_the_answer(embedder: PairEmbedder) -> None:
    index = PassageIndex.build(["", "rope", "  \n"], embedder=embedder)
    hits = index.search("rope", k=3)
    assert [hit["position"] for hit in hits] == [1, 0, 2]
    assert [hit["score"] for hit in hits[1:]] == [0, 0]


@pytest.mark.parametrize("query", ["", " ", "\n\t\u00a0"])
def test_a_blank_query_finds_nothing(index: PassageIndex, query: str) -> None:
    assert index.search(query) == index.dense(query) == index.lexical(query) == []
    assert not index.scores(query).fused.any()


@pytest.mark.parametrize("query", ["\0", "ro\0pe", "\ud800 rope", "☢" * 50, "rope " * 100_000, "x" * 300_000])
def test_any_string_can_be_searched(index: PassageIndex, query: str) -> None:
    assert len(index.search(query, k=3)) == 3


@given(st.text(alphabet=st.characters(), max_size=80))
def test_no_string_fails(query: str) -> None:
    index = PassageIndex.build(TEXTS, embedder=PairEmbedder())
    assert len(index.search(query)) == (5 if query.strip() else 0)


@pytest.mark.parametrize("k", [0, -1, 1.5, True, None, "3"])
def test_a_k_that_is_no_count_is_refused(index: PassageIndex, k: Any) -> None:
    for search in (index.search, index.dense, index.lexical):
        with pytest.raises(PassageIndexError, match="k must be"):
            search("rope", k=k)


@pytest.mark.parametrize("query", [None, 3, b"rope", ["rope"]])
def test_a_query_that_is_no_string_is_refused(index: PassageIndex, query: Any) -> None:
    with pytest.raises(PassageIndexError, match="must be a string"):
        index.search(query)


@pytest.mark.parametrize("texts", ["rope", b"rope", [b"rope"], ["rope", None]])
def test_texts_that_are_no_list_of_strings_are_refused(embedder: PairEmbedder, texts: Any) -> None:
    with pytest.raises(PassageIndexError, match="list of strings"):
        PassageIndex.build(texts, embedder=embedder)


def test_metadata_must_match_the_texts(embedder: PairEmbedder) -> None:
    with pytest.raises(PassageIndexError, match="6 texts, but 1 metadata"):
        PassageIndex.build(TEXTS, embedder=embedder, metadatas=[{}])


def test_a_repeated_query_is_embedded_once(index: PassageIndex, embedder: PairEmbedder) -> None:
    before = len(embedder.calls)
    for _ in range(3):
        index.search("rope")
    assert len(embedder.calls) == before + 1


def test_without_a_model_words_still_find(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ModelError("The embedding model is not installed.")

    monkeypatch.setattr(index_module, "open_embedder", missing)
    with pytest.warns(UserWarning, match="not installed.*words alone"):
        index = PassageIndex.build(TEXTS)
    assert not index.dense_available
    assert index.scores("bowline").dense is None
    assert index.search("bowline")[0]["position"] == 1
    with pytest.raises(PassageIndexError, match="no vectors"):
        index.dense("bowline")


def test_a_model_that_fails_at_a_query_leaves_the_words(index: PassageIndex, embedder: PairEmbedder) -> None:
    embedder.broken = True
    with pytest.warns(UserWarning, match="has gone.*words alone"):
        hits = index.search("bowline")
    assert hits[0]["position"] == 1
    assert not index.dense_available
    assert index.search("bowline") == hits, "the second time without a warning"


def test_vectors_that_are_no_numbers_are_refused() -> None:
    class Broken(PairEmbedder):
        def embed(self, texts: Any) -> Any:
            return super().embed(texts) * np.nan

    with pytest.raises(PassageIndexError, match="no numbers"):
        PassageIndex.build(TEXTS, embedder=Broken())


def test_threads_get_what_one_gets(index: PassageIndex) -> None:
    queries = [f"{text} {number}" for number in range(20) for text in TEXTS]
    expected = [index.search(query) for query in queries]
    fresh = PassageIndex.build(TEXTS, embedder=PairEmbedder())
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(fresh.search, queries)) == expected


def test_every_process_gives_the_same_bytes(root: Path) -> None:
    code = (
        "import json; from assistant.retrieval import PassageIndex; from tests.retrieval.fakes import *;"
        "index = PassageIndex.build(TEXTS, embedder=PairEmbedder());"
        "print(json.dumps([index.search(text, k=6) for text in TEXTS]))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])) == len(TEXTS)


def test_importing_the_package_loads_nothing_heavy(root: Path) -> None:
    code = (
        "import sys, assistant.retrieval, assistant.retrieval.index;"
        "print([name for name in ('torch', 'chromadb', 'onnxruntime', 'tokenizers', 'bm25s', 'scipy',"
        " 'sentence_transformers', 'langchain_core') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_build_shows_its_progress_on_standard_error_when_asked(
    tmp_path: Path, embedder: PairEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    PassageIndex.build(TEXTS, tmp_path / "quiet", embedder=embedder)
    assert capsys.readouterr() == ("", "")
    PassageIndex.build(TEXTS, tmp_path / "shown", embedder=embedder, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    for task in ("Embedding", "Storing"):
        assert f"{len(TEXTS)}/{len(TEXTS)}" in next(line for line in err.splitlines() if task in line)
