"""The index folder: built once, rebuilt on a change, whole or rebuilt, never a traceback."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from assistant.errors import ModelError, PassageIndexError
from assistant.retrieval import PassageIndex, chroma
from assistant.retrieval import build as build_module
from assistant.retrieval import index as index_module
from assistant.retrieval.store import FORMAT, IndexFolder
from tests.retrieval.fakes import TEXTS, PairEmbedder


def build(path: Path, texts: list[str] = TEXTS, embedder: PairEmbedder | None = None) -> PassageIndex:
    return PassageIndex.build(texts, path, embedder=embedder or PairEmbedder())


def serving(path: Path) -> Path:
    folder = IndexFolder(path).current()
    assert folder is not None
    return folder


def answers(index: PassageIndex) -> list[object]:
    return [index.search(text, k=6) for text in [*TEXTS, "joining wet ropes"]]


def test_on_disk_it_answers_as_in_memory(tmp_path: Path) -> None:
    expected = answers(PassageIndex.build(TEXTS, embedder=PairEmbedder()))
    assert answers(build(tmp_path)) == expected
    assert answers(PassageIndex.open(tmp_path, embedder=PairEmbedder())) == expected


def test_the_same_texts_are_not_built_again(tmp_path: Path) -> None:
    first = build(tmp_path)
    embedder = PairEmbedder()
    second = build(tmp_path, embedder=embedder)
    assert embedder.calls == []
    assert first.folder == second.folder


@pytest.mark.parametrize("change", ["text", "order", "division", "metadata", "model"])
def test_any_change_builds_again(tmp_path: Path, change: str) -> None:
    before = build(tmp_path)
    texts, embedder, metadatas = list(TEXTS), PairEmbedder(), None
    if change == "text":
        texts[0] += " "
    elif change == "order":
        texts.reverse()
    elif change == "division":
        texts[:2] = [texts[0] + texts[1]]
    elif change == "metadata":
        metadatas = [{"id": str(number)} for number in range(len(texts))]
    else:
        embedder = PairEmbedder("pairs@2")
    after = PassageIndex.build(texts, tmp_path, embedder=embedder, metadatas=metadatas)
    embedded = sorted(text for call in embedder.calls for text in call)
    kept = [] if change == "model" else TEXTS  # only what the same model has not embedded before
    assert embedded == sorted(text for text in texts if text not in kept)
    assert after.folder != before.folder
    assert after.texts == texts


def test_a_build_can_be_forced(tmp_path: Path) -> None:
    before = build(tmp_path)
    embedder = PairEmbedder()
    after = PassageIndex.build(TEXTS, tmp_path, embedder=embedder, rebuild=True)
    assert after.folder != before.folder
    assert sorted(text for call in embedder.calls for text in call) == sorted(TEXTS)


def test_metadata_comes_back(tmp_path: Path) -> None:
    given = [{"id": number, "odd": "\ud800", "none": None, "list": [1]} for number in range(len(TEXTS))]
    PassageIndex.build(TEXTS, tmp_path, embedder=PairEmbedder(), metadatas=given)
    assert PassageIndex.open(tmp_path, embedder=PairEmbedder()).metadatas == given


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["same", "same"], ["nul \0 and \ud800", "☢"]])
def test_odd_lists_are_kept_exactly(tmp_path: Path, texts: list[str]) -> None:
    build(tmp_path, texts)
    again = PassageIndex.open(tmp_path, embedder=PairEmbedder())
    assert again.texts == texts
    assert len(again.search("same one", k=9)) == len(texts)


def test_a_published_version_holds_no_pickle(tmp_path: Path) -> None:
    texts = [f"{text} {number}" for number in range(300) for text in TEXTS]
    build(tmp_path, texts)
    names = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert "chroma.sqlite3" in names
    assert not [name for name in names if "pickle" in name or name.endswith(".pkl")]
    for path in tmp_path.rglob("*.npy"):
        np.load(path, allow_pickle=False)


def test_chroma_holds_the_same_passages(tmp_path: Path) -> None:
    version = build(tmp_path).folder
    assert version is not None
    with chroma.local_client(version / "chroma") as client:
        collection = client.get_collection(chroma.COLLECTION, embedding_function=None)
        found = collection.get(include=["documents", "embeddings"])
    assert found["embeddings"] is not None
    assert found["ids"] == [str(number) for number in range(len(TEXTS))]
    assert found["documents"] == TEXTS
    assert np.allclose(found["embeddings"], PairEmbedder().embed(TEXTS), atol=1e-6)


def test_opening_chroma_does_not_make_the_index_look_damaged(tmp_path: Path) -> None:
    test_chroma_holds_the_same_passages(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        embedder = PairEmbedder()
        build(tmp_path, embedder=embedder)
    assert embedder.calls == []


FILES = [
    "manifest.json",
    "texts.json",
    "vectors.npy",
    "bm25-scores.npy",
    "bm25-passages.npy",
    "bm25-offsets.npy",
    "bm25-terms.json",
    "chroma/chroma.sqlite3",
]


@pytest.mark.parametrize("damage", ["truncated", "emptied", "flipped", "gone", "folder"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_built_again_with_a_warning(tmp_path: Path, name: str, damage: str) -> None:
    expected = answers(build(tmp_path))
    path = serving(tmp_path) / name
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "emptied":
        path.write_bytes(b"")
    elif damage == "flipped":
        middle = 40 if name.endswith("sqlite3") else len(content) // 2
        for offset in range(middle, min(middle + 24, len(content))):
            content[offset] ^= 0xFF
        path.write_bytes(content)
    else:
        path.unlink()
        if damage == "folder":
            path.mkdir()
    with pytest.warns(UserWarning, match="built again"):
        again = build(tmp_path)
    assert answers(again) == expected
    assert again.folder is not None, "it is kept on disk again"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert answers(PassageIndex.open(tmp_path, embedder=PairEmbedder())) == expected


def test_any_flipped_byte_of_what_queries_read_is_noticed(tmp_path: Path) -> None:
    build(tmp_path)
    version = serving(tmp_path)
    random = np.random.default_rng(1)
    for name in FILES[1:7]:
        whole = (version / name).read_bytes()
        for offset in random.integers(0, len(whole), 8):
            changed = bytearray(whole)
            changed[offset] ^= 1 << int(random.integers(0, 8))
            (version / name).write_bytes(changed)
            with pytest.raises(PassageIndexError, match=f"{name} is not what was written"):
                PassageIndex.open(tmp_path, embedder=PairEmbedder())
        (version / name).write_bytes(whole)
    PassageIndex.open(tmp_path, embedder=PairEmbedder())


@pytest.mark.parametrize(
    "pointer", ["", "v-nowhere", "../../etc", "/", "\0", "☢", "v-" + "0" * 16 + "-" + "0" * 8]
)
def test_a_pointer_to_nowhere_is_built_again(tmp_path: Path, pointer: str) -> None:
    build(tmp_path)
    (tmp_path / "current").write_text(pointer, encoding="utf-8")
    with pytest.warns(UserWarning, match="built again"):
        build(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build(tmp_path)


def test_an_index_of_another_format_is_built_again(tmp_path: Path) -> None:
    manifest = serving(build(tmp_path).folder.parent) / "manifest.json"  # type: ignore[union-attr]
    manifest.write_text(manifest.read_text().replace(f'"{FORMAT}"', '"0"'))
    with pytest.warns(UserWarning, match="another version"):
        build(tmp_path)


def test_a_missing_index_says_to_build_it(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(PassageIndexError, match="build it first"):
            PassageIndex.open(path, embedder=PairEmbedder())


def test_an_index_of_another_model_is_searched_by_words(tmp_path: Path) -> None:
    build(tmp_path)
    with pytest.warns(UserWarning, match="another model"):
        index = PassageIndex.open(tmp_path, embedder=PairEmbedder("pairs@2"))
    assert not index.dense_available
    assert index.search("bowline")[0]["position"] == 1


def test_when_the_model_has_gone_a_built_index_still_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ModelError("The embedding model is not installed.")

    before = build(tmp_path)
    monkeypatch.setattr(index_module, "open_embedder", missing)
    with pytest.warns(UserWarning, match="words alone"):
        index = PassageIndex.build(TEXTS, tmp_path)
    assert index.folder == before.folder
    assert not index.dense_available
    assert build(tmp_path).folder == before.folder, "and its vectors are used when the model is back"


def test_an_index_without_vectors_gets_them_when_the_model_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ModelError("The embedding model is not installed.")

    monkeypatch.setattr(index_module, "open_embedder", missing)
    with pytest.warns(UserWarning, match="words alone"):
        assert not PassageIndex.build(TEXTS, tmp_path).dense_available
    assert build(tmp_path).dense_available


def test_only_the_version_before_is_kept(tmp_path: Path) -> None:
    folders = [build(tmp_path, [*TEXTS, str(number)]).folder for number in range(4)]
    assert set(tmp_path.glob("v-*")) == set(folders[-2:])
    assert not list(tmp_path.glob("staging-*"))


def test_an_open_index_outlives_a_rebuild(tmp_path: Path) -> None:
    old = build(tmp_path)
    expected = answers(old)
    for number in range(3):
        build(tmp_path, [str(number)])
    assert answers(old) == expected


def test_a_folder_that_cannot_be_made_gives_an_index_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(UserWarning, match="held in memory.*Give a folder that can be written"):
        index = build(tmp_path / "file" / "index")
    assert index.folder is None
    assert answers(index) == answers(PassageIndex.build(TEXTS, embedder=PairEmbedder()))


def test_reading_a_built_index_writes_nothing(tmp_path: Path) -> None:
    build(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    answers(build(tmp_path))
    answers(PassageIndex.open(tmp_path, embedder=PairEmbedder()))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_builder_that_waits_too_long_says_so(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(PassageIndexError, match="Another process"):
        PassageIndex.build(TEXTS, tmp_path, embedder=PairEmbedder(), lock_timeout_s=0.1)


def test_a_build_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_module, "SHARD_TEXTS", 2)

    class Stopped(PairEmbedder):
        def embed(self, texts: object) -> object:  # type: ignore[override]
            if len(self.calls) == 2:
                raise KeyboardInterrupt
            return super().embed(texts)  # type: ignore[arg-type]

    stopped = Stopped()
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, embedder=stopped)
    embedder = PairEmbedder()
    index = build(tmp_path, embedder=embedder)
    assert sorted(text for call in stopped.calls + embedder.calls for text in call) == sorted(TEXTS)
    assert answers(index) == answers(PassageIndex.build(TEXTS, embedder=PairEmbedder()))


def test_a_damaged_part_of_a_stopped_build_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_module, "SHARD_TEXTS", 2)
    monkeypatch.setattr(IndexFolder, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(build_module, "SHARD_TEXTS", 2)
    shards = sorted(tmp_path.rglob("shards/*.npy"))
    assert len(shards) == 3
    shards[1].write_bytes(shards[1].read_bytes()[:-9])
    embedder = PairEmbedder()
    index = build(tmp_path, embedder=embedder)
    assert len(embedder.calls) == 1
    assert answers(index) == answers(PassageIndex.build(TEXTS, embedder=PairEmbedder()))


def test_the_manifest_can_be_read_by_people(tmp_path: Path) -> None:
    build(tmp_path)
    manifest = json.loads((serving(tmp_path) / "manifest.json").read_text())
    assert manifest["size"] == len(TEXTS)
    assert manifest["embedder"] == "pairs@1"
    assert set(FILES[1:]) <= set(manifest["files"])
