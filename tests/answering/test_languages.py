"""Another language is told by its script and its function words; English shorthand and names are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.languages import Languages, LanguagesFile, load_languages
from assistant.errors import CorpusError


@pytest.fixture(scope="module")
def languages(root: Path) -> Languages:
    return load_languages(root / "corpus" / "vocabulary" / "languages.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "¿Cuándo se debe repetir la prueba?",
        "Quand faut-il refaire l'examen ?",
        "Wann soll die Untersuchung wiederholt werden?",
        "Quando devo ripetere l'esame?",
        "Quando devo repetir o exame?",
        "Wanneer moet het onderzoek herhaald worden?",
        "Kiedy należy powtórzyć badanie?",
        "När ska undersökningen upprepas?",
        "Când trebuie repetată investigația?",
        "Inceleme ne zaman tekrarlanmalı?",
        "mareez ka scan kab karna chahiye",
        "Является ли сканирование костей безопасным?",
        "骨扫描安全吗",
        "हड्डी का स्कैन सुरक्षित है?",
        "هل الفحص آمن؟",
        "que es la fase de imagen",
    ],
)
def test_other_languages_are_told(languages: Languages, text: str) -> None:
    assert languages.foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "Is a bone scan safe in kidney disease?",
        "bone scan safe CKD?",
        "NCCT = UNA, y?",
        "non-con CT poorly rated because?",
        "52F ER neg HER2 pos, on AC-T, new back pain, ALP 210, which scan",
        "Mrs van der Berg had a de novo finding in situ, what next?",
        "α-emitters vs β-emitters, is the tracer one?",
        "men covered?",
        "no",
        "No, none",
        "My patient says 'me duele la espalda': which test should come first for her?",
        "PET/CT",
        "???",
        "",
    ],
)
def test_english_and_its_shorthand_are_not(languages: Languages, text: str) -> None:
    assert not languages.foreign(text)


def test_a_text_counts_as_english_without_the_file(tmp_path: Path) -> None:
    assert not load_languages(tmp_path / "none.yaml").foreign("¿Cuándo se debe repetir la prueba?")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "languages.yaml"
    path.write_text("languages: [1, 2]", encoding="utf-8")
    with pytest.raises(CorpusError):
        load_languages(path)


def test_a_word_that_english_shares_speaks_for_english() -> None:
    file = LanguagesFile(english="die in", languages={"german": "die der das"}, least=1.0, shortest=2)
    assert not Languages(file).foreign("die in")
    assert Languages(file).foreign("der das")
