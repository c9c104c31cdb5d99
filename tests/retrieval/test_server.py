"""A Chroma server in place of the local store: the same answers, clear errors, recovery by itself."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.errors import PassageIndexError
from assistant.retrieval import PassageIndex
from tests.chroma import Server
from tests.retrieval.builder import numbered
from tests.retrieval.fakes import TEXTS, PairEmbedder

pytestmark = pytest.mark.network


def build(server: Server, texts: list[str] = TEXTS, path: Path | None = None) -> PassageIndex:
    return PassageIndex.build(texts, path, embedder=PairEmbedder(), chroma_url=server.url)


def test_a_server_gives_the_same_answers(server: Server, tmp_path: Path) -> None:
    texts = [*numbered(120), "", "same", "same"]
    local = PassageIndex.build(texts, embedder=PairEmbedder())
    for index in (build(server, texts), build(server, texts, tmp_path / "index")):
        for query in (*TEXTS, "same", "wet ropes"):
            assert index.lexical(query) == local.lexical(query)
            found, expected = index.search(query, k=3), local.search(query, k=3)
            scores = [hit["score"] for hit in found]
            assert scores == pytest.approx([hit["score"] for hit in expected], abs=1e-5)
            exact = local.scores(query).fused  # near ties may change places: the server's cosines are rounded
            assert scores == pytest.approx([float(exact[hit["position"]]) for hit in found], abs=1e-5)
            assert index.scores(query).fused == pytest.approx(local.scores(query).fused, abs=1e-5)


def test_what_the_server_has_is_not_sent_again(server: Server) -> None:
    build(server)
    embedder = PairEmbedder()
    PassageIndex.build(TEXTS, embedder=embedder, chroma_url=server.url)
    assert embedder.calls == []


def test_a_folder_beside_a_server_holds_no_vectors_and_opens_again(server: Server, tmp_path: Path) -> None:
    version = build(server, path=tmp_path / "index").folder
    assert version is not None
    assert not (version / "vectors.npy").exists()
    assert not (version / "chroma").exists()
    index = PassageIndex.open(tmp_path / "index", embedder=PairEmbedder())
    assert index.search("bowline")[0]["position"] == 1


def test_a_server_that_is_killed_is_a_clear_error_and_found_again(server: Server) -> None:
    index = build(server)
    expected = index.search("bowline")
    server.kill()
    for _ in range(2):
        with pytest.raises(PassageIndexError, match=r"does not answer.*Start it"):
            index.search("bowline")
    assert index.lexical("bowline")[0]["position"] == 1, "words are searched here"
    server.start()
    assert index.search("bowline") == expected


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    absent = Server(tmp_path)
    with pytest.raises(PassageIndexError, match=f"{absent.url} does not answer"):
        build(absent)


def test_a_server_that_hangs_is_a_clear_error(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(PassageIndexError, match="does not answer"):
            PassageIndex.build(TEXTS, embedder=PairEmbedder(), chroma_url=url, chroma_timeout_s=0.3)


def test_a_server_that_lost_its_data_is_filled_again_by_the_next_build(server: Server) -> None:
    index = build(server)
    import chromadb

    client = chromadb.HttpClient(host="127.0.0.1", port=server.port)
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    with pytest.raises(PassageIndexError, match="does not answer"):
        index.search("bowline")
    assert build(server).search("bowline")[0]["position"] == 1
