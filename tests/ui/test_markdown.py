"""Text from outside cannot act as markup."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from assistant.ui.markdown import pieces, plain, prose, readable, shorten

TRICKS = [
    "<b>x</b>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil/x.png)",
    "[x](http://evil)",
    "[x]: http://evil",
    "`code` **bold** _it_ ~~s~~",
    "# not a heading",
    "- not a list",
    "1. not a list",
    "1) not a list",
    "> not a quote",
    "a\\*b",
    "&lt;b&gt; &amp;",
    "+ x",
    "===",
    "| a | b |",
    "$x^2$",
    "    not code",
    "***",
    "<http://evil>",
]


@pytest.mark.parametrize("text", TRICKS)
def test_plain_shows_the_characters_and_nothing_else(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(plain(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children).replace("\u2060", "") == " ".join(text.split())


@pytest.mark.parametrize(
    "text", [":material/home:", ":smile:", "https://evil.com", "www.evil.com", "a@evil.com"]
)
def test_plain_breaks_what_streamlit_would_make_an_icon_or_a_link(text: str) -> None:
    assert "\u2060" in plain(text)


def test_plain_keeps_a_directive_from_acting() -> None:
    assert plain(":red[x]") == "\\:red\\[x\\]"


def test_plain_drops_marks_that_turn_the_direction_of_text() -> None:
    assert plain("a\u202eb\x00c\u200fd") == "abcd"


def test_prose_keeps_bold_lists_and_known_markers() -> None:
    text = "**Yes.** It is [1] so [7].\n\n- one [2]\n- two"
    assert prose(text, {1, 2}, lambda number: f"#c-{number}") == (
        "**Yes.** It is [\\[1\\]](#c-1) so \\[7\\].\n\n- one [\\[2\\]](#c-2)\n- two"
    )


def test_prose_lets_no_link_image_or_html_of_a_model_through() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(
        prose(
            "[a](http://evil) ![i](http://evil/i.png) <script>x</script> **<b>q</b>**\n\n# Head\n```\nx\n```"
        )
    )
    for word in ("<a", "<img", "<script", "<b>", "<h1", "<code"):
        assert word not in html


def test_prose_undoes_the_escapes_of_the_answer_itself() -> None:
    assert readable("a \\* b") == "a * b"
    assert prose("a \\* b") == "a \\* b"


def test_readable_text_has_no_marks_but_the_citations() -> None:
    assert readable("## Title\n**Bold** text [1]") == "Title\nBold text [1]"


def test_pieces_put_together_are_the_text() -> None:
    text = prose("One. Two [1]. Three?\n\n- four\n- five", {1}, lambda number: f"#c-{number}")
    assert "".join(pieces(text)) == text
    assert len(list(pieces(text))) > 3


def test_shorten_cuts_at_a_word() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("short") == "short"
