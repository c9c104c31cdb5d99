"""A long answer is taken apart without losing a word of it."""

from __future__ import annotations

from assistant.types import Answer, Option
from assistant.ui.parts import option_rows, take_apart, without_table

TEXT = """**First thing first**, so it is.
In practice this is so. [1]

| Study | Rating | Radiation | Good for |
|---|---|---|---|
| **A scan** (first) | Good [4] | ☢ 1 mSv [2] | all of it [3] |
| **B scan** | Bad [5] | not stated | |

**After it:**

- one [6]
- two [7]

**Who fits:** Those who do. [8]"""

OPTIONS = (
    Option(id="b", name="B scan", rating="Bad", radiation="not stated", role="not_recommended"),
    Option(id="a", name="A scan", rating="Good", radiation="☢ 1 mSv", role="recommended", preferred=True),
    Option(id="c", name="C scan", rating="Good", radiation="", role="mentioned"),
)


LONG = TEXT.replace("Those who do.", "Those who do [1], " + "and those who do not, " * 60 + "[3].")


def answer(text: str = TEXT) -> Answer:
    return Answer(status="answered", text=text, options=OPTIONS)


def test_the_lead_is_what_stands_before_the_table() -> None:
    parts = take_apart(answer())
    assert parts.lead == "**First thing first**, so it is.\nIn practice this is so. [1]"
    assert parts.after.startswith("**After it:**\n\n- one [6]")
    assert parts.more == ""


def test_long_sections_open_at_a_click_under_their_own_labels() -> None:
    parts = take_apart(answer(TEXT.replace("- one", "- " + "word " * 200)))
    assert parts.labels == ("After it", "Who fits")
    assert parts.after == ""


def test_nothing_but_the_table_is_left_out() -> None:
    parts = take_apart(answer())
    joined = "\n\n".join(item for item in (parts.lead, parts.after, parts.more) if item)
    assert joined == without_table(TEXT)
    assert "|" not in joined
    for number in (1, 6, 7, 8):
        assert f"[{number}]" in joined


def test_the_rows_keep_the_markers_of_the_table() -> None:
    rows = option_rows(answer())
    assert [row.option.id for row in rows] == ["a", "c", "b"]
    assert (rows[0].rating, rows[0].radiation, rows[0].note) == ("Good [4]", "☢ 1 mSv [2]", "all of it [3]")
    assert rows[2].rating == "Bad [5]"
    assert rows[1].rating == "Good", "an option without a row has its rating from the record"


def test_an_answer_of_one_paragraph_is_all_lead() -> None:
    parts = take_apart(Answer(status="not_covered", text="Not stated."))
    assert (parts.lead, parts.after, parts.more) == ("Not stated.", "", "")


def test_a_text_that_is_only_a_table_has_no_lead() -> None:
    assert take_apart(answer("| a | b |\n|---|---|\n| A scan | Good |")).lead == ""


def test_sources_of_a_section_that_opens_at_a_click_wait_inside_it() -> None:
    parts = take_apart(answer(LONG))
    assert parts.labels == ("Who fits",)
    assert parts.cited_in_more_alone(answer(LONG)) == {8}, "[1] stands in the lead too, and [3] in the table"
    assert take_apart(answer()).cited_in_more_alone(answer()) == set()


def test_without_options_no_table_is_shown_and_nothing_of_it_counts_as_read() -> None:
    bare = Answer(status="answered", text=LONG)
    assert take_apart(bare).cited_in_more_alone(bare) == {3, 8}
