"""BM25: a share of the reachable score, the same as bm25s gives, kept without pickle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bm25s import BM25

from assistant.retrieval.lexical import FILES, K1, B, LexicalIndex, terms
from tests.retrieval.fakes import TEXTS


def test_words_are_folded() -> None:
    assert terms("The KNOTS of Zoë, and studies: FDG-PET/CT") == [
        "knot",
        "zoe",
        "study",
        "fdg",
        "pet",
        "ct",
    ]


@pytest.mark.parametrize("word", ["pelvis", "diagnosis", "uterus", "mass", "gas", "as"])
def test_words_that_only_look_plural_are_left(word: str) -> None:
    assert terms(word) == ([] if word == "as" else [word])


def test_the_passage_with_the_rare_word_wins() -> None:
    scores = LexicalIndex.build(TEXTS).search("a rope with a clove hitch")
    assert int(np.argmax(scores)) == 2


def test_ranks_are_those_of_bm25s() -> None:
    vocabulary = sorted({term for text in TEXTS for term in terms(text)})
    ids = {term: number for number, term in enumerate(vocabulary)}
    engine = BM25(method="lucene", k1=K1, b=B)
    engine.index(([[ids[term] for term in terms(text)] for text in TEXTS], ids), show_progress=False)
    query = "ropes of different size"
    expected = engine.get_scores(terms(query))
    found = LexicalIndex.build(TEXTS).search(query)
    assert np.allclose(found / found.max(), expected / expected.max(), atol=1e-6)


def test_scores_are_shares() -> None:
    index = LexicalIndex.build(TEXTS)
    for query in ("rope", "rope rope rope", " ".join(TEXTS), "joins two ropes"):
        scores = index.search(query)
        assert scores.dtype == np.float32
        assert scores.shape == (len(TEXTS),)
        assert 0 <= scores.min() <= scores.max() <= 1


def test_a_word_that_no_text_has_lowers_the_share() -> None:
    index = LexicalIndex.build(TEXTS)
    assert 0 < index.search("bowline xylophone").max() < index.search("bowline").max()


@pytest.mark.parametrize("query", ["", "   ", "the of and", "xylophone", "☢☢☢", "\0"])
def test_a_query_that_meets_nothing_scores_zero(query: str) -> None:
    assert not LexicalIndex.build(TEXTS).search(query).any()


@pytest.mark.parametrize("texts", [[], [""], ["the", "of"]])
def test_texts_without_words_can_be_indexed(texts: list[str], tmp_path: Path) -> None:
    index = LexicalIndex.build(texts)
    index.save(tmp_path)
    for one in (index, LexicalIndex.load(tmp_path, len(texts))):
        assert one.search("rope").tolist() == [0.0] * len(texts)
        assert one.terms_per_text == 0


def test_what_is_saved_is_read_back_without_pickle(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path)
    again = LexicalIndex.load(tmp_path, len(TEXTS))
    assert np.array_equal(index.search("dry rope"), again.search("dry rope"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    for name in FILES[:3]:
        np.load(tmp_path / name, allow_pickle=False)


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    LexicalIndex.build(TEXTS).save(tmp_path)
    with pytest.raises(ValueError, match="do not fit"):
        LexicalIndex.load(tmp_path, 3)
    np.save(tmp_path / FILES[0], np.zeros(2, np.float32))
    with pytest.raises(ValueError, match="do not fit"):
        LexicalIndex.load(tmp_path, len(TEXTS))
