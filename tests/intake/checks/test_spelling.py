"""When two names are one."""

import pytest

from analytics.intake.checks.spelling import ALMOST_SURE, folded, in_latin, likeness, scripts, skeleton


@pytest.mark.parametrize(
    "written", ["ACME BPO", "acme  bpo", "Ac\u200bme BPO", "\u202eAcme BPO\u202c", "\uff21\uff43\uff4d\uff45 BPO", "AcmeBPO"]
)
def test_case_blanks_and_the_form_of_characters_do_not_make_another_name(written: str) -> None:
    assert folded(written) == folded("Acme BPO")


@pytest.mark.parametrize("written", ["\u0410cme BPO", "Acm\u0435 BPO", "Acmé BPO", "Ácme BPO", "\u0391cme BPO", "Acme \u0412\u0420\u041e"])
def test_accents_and_letters_of_other_alphabets_look_the_same(written: str) -> None:
    """Cyrillic A, e, BPO; Greek Alpha; accents."""
    assert folded(written) != folded("Acme BPO") and skeleton(written) == skeleton("Acme BPO")


def test_a_digit_inside_a_word_looks_like_a_letter_but_not_in_a_code() -> None:
    assert skeleton("N0rthline") == skeleton("Northline") and skeleton("Tal1grass") == skeleton("Tallgrass")
    assert skeleton("R0A") != skeleton("ROA") and skeleton("RXL") != skeleton("RX1")


def test_alphabets_are_named_and_latin_letters_put_in_their_place() -> None:
    assert scripts("\u0410cme") == ["Cyrillic", "Latin"] and scripts("Acmé") == ["Latin"]
    assert in_latin("\u0410cm\u0435 BPO") == "Acme BPO"


@pytest.mark.parametrize(("one", "other"), [("Tallgrass", "Talgrass"), ("Meridiem", "Meridiam"), ("Acme Support", "Acme Suport")])
def test_a_typo_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) > 85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vendor 10", "Vendor 11"),
        ("Team A", "Team B"),
        ("Site North", "Site South"),
        ("111AA1", "111AA2"),
        ("East", "West"),
        ("Acme", "Acme UK"),
    ],
)
def test_names_that_differ_on_purpose_are_not_alike(one: str, other: str) -> None:
    assert likeness(one, other) == 0


def test_nearly_all_letters_must_agree_before_somebody_is_asked() -> None:
    assert likeness("Tallgrass", "Talgrass") >= ALMOST_SURE > likeness("Northline", "Northlien")
