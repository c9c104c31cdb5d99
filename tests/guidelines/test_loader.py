"""Packs: what loads is proven, what is wrong is refused with file, line and what to do, all at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.errors import CorpusError, CorpusNotFoundError, QuoteError
from assistant.guidelines.loader import digest_of, load_corpus, load_guideline
from tests.conftest import TINY_FILES, TINY_TEXT

STATEMENTS = TINY_FILES["statements.yaml"]
GUIDELINE = TINY_FILES["guideline.yaml"]
OPTIONS = """\
- id: reef
  concept: reef-knot
  name: Reef knot
  short: reef
  rating: Good
  appropriate: true
  radiation: {text: none}
  statements: [rating]
"""


def refused(folder: Path, **known) -> str:
    with pytest.raises(CorpusError) as caught:
        load_guideline(folder, **known)
    return str(caught.value)


def test_a_pack_of_two_files_loads_and_the_rest_is_empty(tiny_pack):
    guideline = load_guideline(tiny_pack())
    assert guideline.id == "knots"
    assert (guideline.options, guideline.steps, guideline.topics, guideline.unstated) == ((), (), (), ())
    assert guideline.scope.criteria == ()


def test_every_statement_is_a_slice_of_the_source(tiny_pack):
    guideline = load_guideline(tiny_pack())
    for statement in guideline.statements.values():
        assert guideline.source_text[statement.start : statement.end] == statement.quote


def test_a_statement_knows_its_heading_path(tiny_pack):
    guideline = load_guideline(tiny_pack())
    assert guideline.statements["wet"].headings == ("Knots", "When to tie a reef knot?")
    assert guideline.statements["wet"].section == "When to tie a reef knot?"


def test_a_heading_without_text_holds_those_that_follow(tiny_pack):
    guideline = load_guideline(tiny_pack())
    assert guideline.statements["children"].section == "Frequent questions › Can a child tie it?"


def test_evidence_is_what_an_answer_cites(tiny_pack):
    guideline = load_guideline(tiny_pack())
    evidence = guideline.evidence("joins")
    assert guideline.source_text[evidence.start : evidence.end] == evidence.quote
    with pytest.raises(CorpusError, match="no statement 'nothing'"):
        guideline.evidence("nothing")


def test_a_loaded_pack_cannot_be_changed(tiny_pack):
    guideline = load_guideline(tiny_pack())
    with pytest.raises(TypeError):
        guideline.statements["new"] = guideline.statements["wet"]
    with pytest.raises(AttributeError):
        guideline.source_text = ""


def test_curly_quotes_and_dashes_are_matched_as_they_are(tiny_pack):
    message = refused(
        tiny_pack(statements_yaml=STATEMENTS.replace("“quick” —", '"quick" -')),
    )
    assert "statements.yaml:7:" in message
    assert "except for spaces, capitals, quotation marks or dashes" in message
    assert "copy it exactly (line 5): It is “quick” — and easy to untie." in message


def test_an_absent_quote_is_refused_with_the_nearest_sentence(tiny_pack):
    message = refused(tiny_pack(statements_yaml=STATEMENTS.replace("does not hold", "holds well")))
    assert "'wet': the quote is not in the source; nearest (line 7): It does not hold on wet rope." in message


def test_a_quote_like_nothing_in_the_text_is_refused_without_a_guess(tiny_pack):
    message = refused(
        tiny_pack(statements_yaml=STATEMENTS.replace("It does not hold on wet rope.", "Zzyzx 4711"))
    )
    assert "nothing there is like it" in message


def test_an_ambiguous_quote_is_refused_with_its_lines(tiny_pack):
    message = refused(tiny_pack(statements_yaml=STATEMENTS.replace("  occurrence: 1\n", "")))
    assert "stands 2 times in the source (lines 5, 13)" in message
    assert "occurrence: 1 to 2" in message


def test_occurrence_picks_one_and_is_counted(tiny_pack):
    second = load_guideline(tiny_pack(statements_yaml=STATEMENTS.replace("occurrence: 1", "occurrence: 2")))
    assert second.statements["rating"].start == TINY_TEXT.rindex("It is rated Good.")
    message = refused(tiny_pack(statements_yaml=STATEMENTS.replace("occurrence: 1", "occurrence: 3")))
    assert "the source has the quote only 2 time(s)" in message


def test_what_an_answer_prints_is_a_stretch_of_the_quote_save_for_its_capital(tiny_pack):
    wet = "quote: It does not hold on wet rope."

    def shown(text: str) -> Path:
        return tiny_pack(statements_yaml=STATEMENTS.replace(wet, f"{wet}\n  shown: {text}"))

    assert wet in STATEMENTS
    assert load_guideline(shown("Does not hold on wet rope.")).statements["wet"].shown.startswith("Does")
    for other in ("It does hold on wet rope.", "oes not hold", "Not hold on wet ropes.", "is"):
        assert "words of the quote" in refused(shown(other))


def test_a_source_whose_name_no_system_can_hold_is_refused(tiny_pack):
    name = "a" * 100_000
    named = GUIDELINE.replace("file: source/knots.txt", f"file: {name}")
    message = refused(tiny_pack(guideline_yaml=named))
    assert "there is no file" in message
    assert len(message) < 1_000


def test_a_quote_that_cuts_a_word_is_refused(tiny_pack):
    # "appropriate" cut out of "inappropriate" would say the opposite.
    message = refused(
        tiny_pack(statements_yaml=STATEMENTS.replace("It does not hold on wet rope.", "old on wet rope."))
    )
    assert "begins or ends inside a word" in message


@pytest.mark.parametrize("quote", ["''", "'  '"])
def test_an_empty_quote_is_refused(tiny_pack, quote):
    assert "the quote is empty" in refused(
        tiny_pack(statements_yaml=STATEMENTS.replace("It does not hold on wet rope.", quote))
    )


def test_only_wrong_quotes_make_a_quote_error(tiny_pack):
    with pytest.raises(QuoteError):
        load_guideline(tiny_pack(statements_yaml=STATEMENTS.replace("wet rope", "dry rope")))


def test_all_problems_are_listed_with_their_lines_not_just_the_first(tiny_pack):
    folder = tiny_pack(
        guideline_yaml=GUIDELINE.replace("covers:", "cover:"),
        statements_yaml=STATEMENTS.replace("wet rope", "dry rope"),
        topics_yaml="topics:\n- {id: t, kind: fact, name: T, anser: [wet], answer: [joins]}\nmore: 1\n",
        steps_yaml="- {concept: c, name: C, statements: [joins]}\n- {name: D, statements: []}\n",
    )
    message = refused(folder)
    assert "guideline.yaml:14: unknown key 'cover'; did you mean 'covers'?" in message
    assert "guideline.yaml:1: the key 'covers' is missing" in message
    assert "topics.yaml:2: unknown key 'anser'; did you mean 'answer'?" in message
    assert "topics.yaml:3: unknown key 'more'" in message
    assert "steps.yaml:2: the key 'concept' is missing" in message


def test_a_value_of_the_wrong_kind_says_what_it_should_be(tiny_pack):
    message = refused(tiny_pack(statements_yaml="- id: joins\n  quote: 12\n"))
    assert "statements.yaml:2: 'quote' cannot be used: Input should be a valid string, not 12" in message


@pytest.mark.parametrize("missing", ["guideline_yaml", "statements_yaml"])
def test_a_missing_required_file_is_named(tiny_pack, missing):
    message = refused(tiny_pack(**{missing: None}))
    assert f"{missing.replace('_yaml', '.yaml')}:1: the file is missing" in message


def test_a_misspelt_file_name_is_not_silently_left_out(tiny_pack):
    assert "topic.yaml:1: unknown file; did you mean 'topics.yaml'?" in refused(
        tiny_pack(topic_yaml="topics: []")
    )


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("options_yaml", OPTIONS.replace("[rating]", "[ratin]"), "options.yaml:8: there is no statement 'ratin'; did you mean 'rating'?"),
        ("options_yaml", OPTIONS.replace("{text: none}", "{text: x, higher_than: [gran]}"), "there is no option 'gran'"),
        ("topics_yaml", "topics:\n- {id: t, kind: k, name: T, answer: [joins], options: [x]}", "there is no option 'x'"),
        ("topics_yaml", "topics:\n- {id: t, kind: k, name: T, answer: [joins], follow_ups: [u]}", "there is no topic 'u'"),
        ("topics_yaml", "topics:\n- {id: t, kind: k, name: T, answer: [joins], steps: [u]}", "there is no step 'u'"),
        ("topics_yaml", "topics: []\nunstated:\n- {id: u, name: U, nearest: [none]}", "topics.yaml:3: there is no topic 'none'"),
        ("topics_yaml", "topics:\n- {id: t, kind: k, name: T, answer: [joins], faq: Can it?}", "this question is not in the source"),
        ("topics_yaml", "unreached:\n- {quote: Nobody said this., why: none}", "this quote is not in the source"),
        ("scope_yaml", "criteria: []\nfits: [nobody]", "scope.yaml:2: there is no statement 'nobody'"),
        ("scope_yaml", "criteria: []\nresult_topics: [t]", "there is no topic 't'"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused(tiny_pack, file, content, words):
    assert words in refused(tiny_pack(**{file: content}))


def criterion(when: str) -> str:
    return (
        "criteria:\n- id: strong\n  name: Strong\n  statements: [joins]\n  cases:\n"
        f"  - when: {when}\n    state: met\n- id: dry\n  name: Dry\n  statements: [wet]\n"
        "  cases:\n  - when: {met: strong}\n    state: met\n"
    )


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("{}", "scope.yaml:6: a condition is exactly one of any, all, not, has, met; it has none"),
        ("{has: rope, met: dry}", "it has has and met"),
        ("{any: [{has: rope}, {all: [{}]}]}", "it has none"),
        ("{not: {met: nobody}}", "there is no criterion 'nobody'"),
        ("{met: dry}", "scope.yaml:6: the criterion 'dry' must stand above this one"),
        ("{met: strong}", "the criterion 'strong' must stand above this one"),
        ("{has: rope, with: [x], without: [y]}", "there is no concept 'x'"),
        ("{hass: rope}", "unknown key 'hass'; did you mean 'has'?"),
    ],
)
def test_a_condition_that_cannot_be_decided_is_refused(tiny_pack, when, words):
    assert words in refused(tiny_pack(scope_yaml=criterion(when)), concepts={"rope", "y"})


def test_facts_that_an_answer_states_are_checked(tiny_pack):
    scope = criterion("{has: rope}").replace("  statements: [joins]\n", "  if_yes: [{concept: roap}]\n", 1)
    assert "scope.yaml:4: there is no concept 'roap'" in refused(
        tiny_pack(scope_yaml=scope), concepts={"rope"}
    )


def test_concepts_and_aspects_are_checked_when_they_are_known(tiny_pack):
    topics = "topics:\n- {id: t, kind: k, name: T, answer: [joins], about: [[rope, roap]], aspects: [why]}"
    folder = tiny_pack(topics_yaml=topics)
    load_guideline(folder)
    message = refused(folder, concepts={"rope"}, aspects={"what"})
    assert "there is no concept 'roap'; did you mean 'rope'?" in message
    assert "there is no aspect 'why'" in message


def test_a_rating_must_stand_in_a_quote_of_its_option(tiny_pack):
    assert "none of the statements of 'reef' says 'Great'" in refused(
        tiny_pack(options_yaml=OPTIONS.replace("Good", "Great"))
    )


def test_a_figure_and_its_symbols_must_stand_in_a_quote(tiny_pack):
    dose = OPTIONS.replace("{text: none}", "{text: x, low_msv: 3, symbols: '☢', statements: [joins]}")
    message = refused(tiny_pack(options_yaml=dose))
    assert "no radiation statement of 'reef' gives 3 mSv" in message
    assert "no radiation statement of 'reef' shows ☢" in message


def test_one_rating_cannot_be_both_for_and_against(tiny_pack):
    other = OPTIONS.replace("id: reef", "id: granny").replace("true", "false")
    assert "'granny' has the rating 'Good' as 'reef' has" in refused(tiny_pack(options_yaml=OPTIONS + other))


def test_an_id_stands_once(tiny_pack):
    message = refused(tiny_pack(statements_yaml=STATEMENTS.replace("id: wet", "id: joins")))
    assert "statements.yaml:8: the id 'joins' is already used above" in message


@pytest.mark.parametrize("name", ["../knots", "/etc", "KNOTS", "a b", "x/y", "-a", "a" * 101, "ключ", "a\\n"])
def test_an_id_that_is_no_plain_name_is_refused(tiny_pack, name):
    message = refused(tiny_pack(statements_yaml=STATEMENTS.replace("id: wet", f'id: "{name}"')))
    assert "lower-case letters, digits and hyphens" in message


def test_the_guideline_id_must_be_the_name_of_its_folder(tiny_pack):
    assert "must be the name of the folder, 'knots'" in refused(
        tiny_pack(guideline_yaml=GUIDELINE.replace("id: knots", "id: ropes"))
    )


@pytest.mark.parametrize(
    "path", ["../../../secret.txt", "/etc/passwd", "source/../../x.txt", "..\\\\x", "a\\0b", "", "."]
)
def test_a_source_outside_the_pack_is_refused(tiny_pack, path):
    (tiny_pack().parents[2] / "secret.txt").write_text("secret", encoding="utf-8")
    message = refused(tiny_pack(guideline_yaml=GUIDELINE.replace("source/knots.txt", f'"{path}"')))
    assert "must be a file inside the pack" in message or "there is no file" in message


def test_a_source_that_links_out_of_the_pack_is_refused(tiny_pack):
    folder = tiny_pack()
    target = folder.parents[2] / "elsewhere.txt"
    target.write_text(TINY_TEXT, encoding="utf-8")
    (folder / "source" / "knots.txt").unlink()
    (folder / "source" / "knots.txt").symlink_to(target)
    assert "must be a file inside the pack" in refused(folder)


def test_a_changed_source_is_refused_with_its_new_hash(tiny_pack):
    folder = tiny_pack()
    source = folder / "source" / "knots.txt"
    source.write_bytes(source.read_bytes() + b"\n")
    message = refused(folder)
    assert "guideline.yaml:8: the text of source/knots.txt has changed" in message
    assert "check each statement against the new text" in message


def test_changed_line_ends_are_recognised_as_such(tiny_pack):
    folder = tiny_pack()
    source = folder / "source" / "knots.txt"
    source.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    assert "only its line ends have changed" in refused(folder)


def test_a_source_that_is_not_utf8_is_refused(tiny_pack):
    folder = tiny_pack()
    (folder / "source" / "knots.txt").write_bytes(b"Knots\n\xff\xfe")
    assert "source/knots.txt:2: not UTF-8 text" in refused(folder)


def test_a_heading_that_is_not_a_line_of_the_text_is_refused(tiny_pack):
    message = refused(
        tiny_pack(guideline_yaml=GUIDELINE.replace("- When to tie a reef knot?", "- When to tie"))
    )
    assert "guideline.yaml:11: 'When to tie' is not a line of the source" in message


@pytest.mark.parametrize("day", ["May 2, 2024", "2 May 2024", "2024-05-02", "02.05.2024", "Sept. 2, 2024"])
def test_the_review_date_is_one_that_the_text_gives(tiny_pack, day):
    folder = tiny_pack(
        text=TINY_TEXT.replace("May 2, 2024", day), statements_yaml=STATEMENTS.replace("May 2, 2024", day)
    )
    if "Sept" in day:
        assert "guideline.yaml:5: no line of the source gives the date 2024-05-02" in refused(folder)
    else:
        load_guideline(folder)


def test_metadata_must_be_in_the_quote_that_shows_it(tiny_pack):
    message = refused(
        tiny_pack(
            guideline_yaml=GUIDELINE.replace("publisher: {text: A. Sailor", "publisher: {text: B. Sailor")
        )
    )
    assert "guideline.yaml:3: 'B. Sailor' is not in statement 'reviewer'" in message


def test_an_unreadable_file_is_a_message(tiny_pack):
    folder = tiny_pack()
    (folder / "topics.yaml").write_bytes(b"topics: \xff")
    assert "topics.yaml:1: not UTF-8 text" in refused(folder)
    (folder / "topics.yaml").unlink()
    (folder / "topics.yaml").mkdir()
    load_guideline(folder)  # a folder of that name is not a pack file


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_a_message(tiny_pack):
    folder = tiny_pack()
    (folder / "statements.yaml").chmod(0)
    assert "cannot be read" in refused(folder)


def test_a_missing_corpus_and_an_empty_one_say_what_to_do(tmp_path):
    with pytest.raises(CorpusNotFoundError, match="ASSISTANT_CORPUS_DIR"):
        load_corpus(tmp_path / "nowhere")
    (tmp_path / "guidelines").mkdir()
    with pytest.raises(CorpusNotFoundError, match="no guideline"):
        load_corpus(tmp_path)


def test_packs_load_in_the_order_of_their_ids(two_packs):
    ids = [guideline.id for guideline in load_corpus(two_packs)]
    assert ids == sorted(ids)
    assert len(ids) == 2


def test_the_digest_changes_with_any_file_and_with_nothing_else(tiny_pack):
    folder = tiny_pack()
    root = folder.parents[1]
    before = digest_of(root), load_guideline(folder).digest
    (folder / ".swp").write_text("an editor's file", encoding="utf-8")
    assert (digest_of(root), load_guideline(folder).digest) == before
    (folder / "statements.yaml").write_text(STATEMENTS + "# a comment\n", encoding="utf-8")
    after = digest_of(root), load_guideline(folder).digest
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_the_source_is_read_byte_for_byte(tiny_pack):
    text = TINY_TEXT.replace("\n", "\r\n")
    assert load_guideline(tiny_pack(text=text)).source_text == text
