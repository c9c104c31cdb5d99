"""Records changed one at a time: what is changed, and that a wrong rating, quote or criterion is noticed."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from assistant.guard import Guard, GuardContext
from assistant.guidelines.loader import load_guideline
from assistant.settings import find_corpus
from assistant.vocabulary import load_vocabulary
from evals.mutation import mutate, words
from evals.mutation.records import OPTIONS, SCOPE, STATEMENTS, Change, changes_of, statements_in
from evals.samples import read_yaml
from evals.source import GUIDELINE

PACK = find_corpus() / "guidelines" / GUIDELINE


@pytest.fixture(scope="module")
def changes() -> list[Change]:
    return list(changes_of(PACK))


def test_every_record_of_the_pack_is_changed(changes):
    changed = Counter(change.file for change in changes)
    for file, key in (("options.yaml", None), ("steps.yaml", None), ("statements.yaml", None)):
        assert changed[file] >= len(read_yaml(PACK / file)), key
    topics, scope = read_yaml(PACK / "topics.yaml"), read_yaml(PACK / SCOPE)
    assert changed["topics.yaml"] >= len(topics["topics"]) + len(topics["unstated"])
    assert changed[SCOPE] >= sum(len(one["cases"]) for one in scope["criteria"])
    assert changed["guard/facts.yaml"] >= len(read_yaml(PACK / "guard/facts.yaml")["claims"])


def test_each_change_is_one_and_has_a_name_of_its_own(changes):
    assert [name for name, count in Counter(c.name for c in changes).items() if count > 1] == []
    files = {change.file: read_yaml(PACK / change.file) for change in changes}
    assert [change.name for change in changes if change.content == files[change.file]] == []


def test_a_flipped_rating_is_the_other_one_and_flips_what_is_put_forward(changes):
    before = {one["id"]: one for one in read_yaml(PACK / OPTIONS)}
    flipped = [change for change in changes if change.operator == "flip-rating"]
    assert len(flipped) == len(before)
    for change in flipped:
        after = {one["id"]: one for one in change.content}
        assert [name for name in before if after[name] != before[name]] == [change.record]
        assert after[change.record]["rating"] != before[change.record]["rating"]
        assert after[change.record]["appropriate"] is not before[change.record]["appropriate"]


def test_a_swapped_quote_is_one_of_the_text_and_shares_nothing_with_the_old(changes):
    quotes = {one["id"]: one["quote"] for one in read_yaml(PACK / STATEMENTS)}
    for change in (c for c in changes if c.operator == "swap-quote"):
        if change.file == STATEMENTS:
            after = {one["id"]: one["quote"] for one in change.content}
            assert after[change.record] in quotes.values()
            assert after[change.record] != quotes[change.record]
        elif change.file == OPTIONS:
            after = {one["id"]: statements_in(one) for one in change.content}
            assert not after[change.record] & change.statements


@pytest.fixture(scope="module")
def rules():
    """The product's rules with some patients that are right, and with the memory of them."""
    from assistant import Assistant
    from evals.mutation.memory import Memory
    from evals.mutation.rules import Rules
    from evals.running import run_samples
    from evals.samples import DATASETS, load_samples

    memory = Memory.of(Assistant.open())
    samples = [s for s in load_samples(DATASETS / "vignettes.yaml") if s.split == "dev"][:12]
    return Rules(memory, list(memory.following(run_samples(memory.assistant, samples))), [])


def by_name(changes: list[Change], name: str) -> Change:
    return next(change for change in changes if change.name == name)


@pytest.mark.model
@pytest.mark.parametrize(
    "name", ["flip-rating: options.yaml: bone-scan", "drop-criterion: scope.yaml: new-clinical-suspicion"]
)
def test_a_wrong_rating_and_a_lost_criterion_are_noticed(rules, changes, name):
    assert rules.notice(by_name(changes, name)).by in ("sample", "loader")


@pytest.mark.model
def test_a_change_of_the_scope_is_put_to_patients_alone(rules, changes):
    every = [change for change in changes if change.file == SCOPE]
    asked = [result for change in every for result in rules.touched.by(change)[0]]
    assert asked
    assert all(result.answer is not None and result.answer.scope.facts for result in asked)


@pytest.mark.model
def test_a_patient_whose_verdict_a_turned_case_changes_is_asked_first(rules, changes):
    criteria = {one["id"]: one["cases"] for one in read_yaml(PACK / SCOPE)["criteria"]}
    met = [case["state"] for case in criteria["known-breast-cancer"]].index("met")
    turned = by_name(changes, f"flip-case: scope.yaml: known-breast-cancer, case {met + 1}")
    for first in rules.touched.by(turned)[0][:3]:
        assert first.answer.status == "answered"
        assert first.answer.scope.verdict == "applies"
    assert rules.notice(turned).by == "sample"


@pytest.mark.model
def test_a_case_that_decided_no_patient_turns_none(rules, changes):
    """Of twelve patients who fit, nobody is asked first for the case of a patient who is a child."""
    child = by_name(changes, "flip-case: scope.yaml: adult, case 3")
    assert rules.touched._decided(child) == {}


@pytest.mark.model
def test_an_assistant_that_remembers_gives_the_same_answers(rules):
    from assistant import Assistant

    fresh = Assistant.open()
    for result in rules.touched.right[:4]:
        assert fresh.ask(result.sample.turns[0]) == rules.memory.assistant.ask(result.sample.turns[0])


@pytest.mark.model
def test_only_a_statement_that_no_record_names_is_equivalent(rules, changes):
    from evals.mutation.rules import Outcome

    named = by_name(changes, "swap-quote: statements.yaml: faq-ckd-safe")
    unnamed = by_name(changes, "swap-quote: statements.yaml: tradeoffs")
    assert [rules.is_equivalent(Outcome(one, "", True)) for one in (named, unnamed)] == [False, True]
    assert not rules.is_equivalent(Outcome(unnamed, "", False))


def test_a_quote_without_one_of_its_words_stands_nowhere_in_the_text():
    from evals.mutation.records import altered_quotes
    from evals.source import source_texts

    text = source_texts()[GUIDELINE]
    changed = list(altered_quotes(PACK))
    assert len(changed) == len(read_yaml(PACK / STATEMENTS))
    for change in changed:
        assert next(one["quote"] for one in change.content if one["id"] == change.record) not in text


def test_what_is_put_in_by_the_generator_is_data():
    words.words()
    path = next(p for p in [find_corpus().parent / "evals" / "mutation" / "words.yaml"] if p.is_file())
    assert set(yaml.safe_load(path.read_text(encoding="utf-8"))) == set(words.Words.model_fields)


def test_a_change_that_leaves_a_draft_right_is_no_mutant():
    guard = Guard(load_guideline(PACK), load_vocabulary([find_corpus() / "vocabulary"]))
    drafts = ["The guideline gives no figure in mSv for FDG-PET/CT.", "I can't put a study forward."]
    made = mutate(guard, [(draft, GuardContext()) for draft in drafts], at_least=1)
    assert {mutant.operator for mutant in made} & {"change-unit", "make-certain"} == set()
    figure = [("A bone scan has a dose of 1-10 mSv.", GuardContext())]
    assert "change-unit" in {mutant.operator for mutant in mutate(guard, figure, at_least=1)}
