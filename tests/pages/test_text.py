"""Text of people and files in Markdown: printed as it is, whatever it holds."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.components.text import status_words, target_words, text

JOINER = "\u2060"


def shown(markdown: str) -> str:
    """What is left when every escaped character stands for itself."""
    assert not any(
        character in string.punctuation and (index == 0 or not escaped(markdown, index))
        for index, character in enumerate(markdown)
        if character != "\\"
    )
    return "".join(character for index, character in enumerate(markdown) if character != "\\" or escaped(markdown, index))


def escaped(markdown: str, index: int) -> bool:
    """Whether an odd number of backslashes stands before this place."""
    return (len(markdown[:index]) - len(markdown[:index].rstrip("\\"))) % 2 == 1


@pytest.mark.parametrize(
    ("value", "markdown"),
    [
        ("Cobalt Bay", "Cobalt Bay"),
        ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
        ("[x](y) ![i](j)", r"\[x\]\(y\) \!\[i\]\(j\)"),
        ("# heading", r"\# heading"),
        ("1. one", r"1\. one"),
        ("- item", r"\- item"),
        ("> quote", r"\> quote"),
        ("$5 and $6", r"\$5 and \$6"),
        ("a | b", r"a \| b"),
        ("<b>", r"\<b\>"),
        ("&lt;", r"\&lt\;"),
        (":red[hot]", r"\:red\[hot\]"),
        ("C:\\dir", r"C\:\\dir"),
        ("two\n\n    lines", "two lines"),
        (12.5, r"12\.5"),
        ("", ""),
    ],
)
def test_every_sign_of_markdown_is_escaped(value: object, markdown: str) -> None:
    assert text(value) == markdown


@pytest.mark.parametrize("value", [":smile:", ":material/home:", "a -> b", ">= 80", "https://a.example", "www.a.example", "a@b.example"])
def test_what_would_become_a_symbol_an_icon_or_a_link_is_parted_invisibly(value: str) -> None:
    assert JOINER in text(value)
    assert shown(text(value)).replace(JOINER, "") == value


def test_ordinary_text_gets_nothing_invisible() -> None:
    assert JOINER not in text("Q3 2026 · 4:30 min (better), -0.5 pp, 12:30:00, x>=y")


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), max_size=60))
def test_any_text_comes_out_as_it_went_in(value: str) -> None:
    assert shown(text(value)).replace(JOINER, "") == " ".join(value.split())


@pytest.mark.parametrize(
    ("target", "markdown"),
    [
        (">= 80 %", ":gray[\\>]:gray[= 80\u00a0\\%]"),
        ("<= 5:00 min", ":gray[\\<]:gray[= 5\\:00\u00a0min]"),
        ("< 1 %", ":gray[\\< 1\u00a0\\%]"),
        ("85 to 95 %", ":gray[85 to 95\u00a0\\%]"),
        ("-", r":gray[\-]"),
    ],
)
def test_a_target_keeps_its_comparator(target: str, markdown: str) -> None:
    assert target_words(target) == markdown


def test_a_status_is_mark_and_word_in_its_colour() -> None:
    assert status_words("missed", "missed", "light").endswith(":orange[missed]")
    assert status_words("no target", "mixed: 3 of 5 met", "dark", bold=True).endswith(r":gray[**mixed\: 3 of 5 met**]")
    assert status_words("met", "met", "light").startswith("![status: met](app/static/marks/light/met.svg)")
