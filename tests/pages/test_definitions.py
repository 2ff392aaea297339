"""Definitions: every entry of the catalogue, in its own words."""

from pathlib import Path

import pytest

from analytics.catalogue import KPIS, formula
from tests.pages.screen import dialog, line_above, link, open_page, page_text, press, title, words
from tests.rows import store_of

PAGE = "data/definitions"
DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "band": "best inside a band", "neutral": "context"}


@pytest.fixture(autouse=True)
def without_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Definitions need no warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path))


def entry(session_words: list[str], kpi: str) -> str:
    """Everything said about one KPI: from its name to the next one's."""
    start = session_words.index(f"{KPIS[kpi].label} {kpi}")
    return "\n".join(session_words[start : start + 4])


def test_the_page_counts_what_it_defines() -> None:
    session = open_page(PAGE)
    assert line_above(session).startswith(f"Definitions · {len(KPIS)} KPIs and variants")
    assert title(session).startswith("Every KPI is a sum divided by a sum")


def test_every_kpi_has_formula_direction_source_and_definition() -> None:
    shown = words(open_page(PAGE))
    for kpi in KPIS.values():
        said = entry(shown, kpi.id)
        assert kpi.definition in said
        assert f"Formula {formula(kpi)}" in said
        assert f"Direction {DIRECTIONS[kpi.direction]}" in said
        assert f"Source {kpi.source}" in said
        assert "Default target " in said


def test_a_definition_says_target_synonyms_and_variants() -> None:
    said = entry(words(open_page(PAGE)), "service_level")
    assert "Default target >= 80 %" in said
    assert "Also called sl, sla" in said
    assert "Service level, of answered" in said
    assert "Variant of Service level" in entry(words(open_page(PAGE)), "service_level.answered_only")


@pytest.mark.parametrize(("search", "found"), [("aht", "average_handle_time"), ("turnover", "attrition"), ("headcount days", "attrition")])
def test_a_search_finds_synonyms_and_measures(search: str, found: str) -> None:
    session = open_page(PAGE)
    session.main.text_input[0].input(search).run()
    assert entry(words(session), found)
    assert "occupancy" not in page_text(session).lower()
    assert link(session)["find"] == [search]


def test_a_search_for_nothing_known_offers_all_again() -> None:
    session = open_page(PAGE, find="zebra")
    assert "Nothing fits that search" in words(session)
    assert entry(words(press(session, "Show all")), "csat")


def test_the_link_of_one_kpi_shows_it_with_its_variants() -> None:
    session = open_page(PAGE, kpi="service_level.answered_only")
    named = [text for text in words(session) if text.startswith("Service level")]
    assert len(named) == 1 + sum(kpi.variant_of == "service_level" for kpi in KPIS.values())
    assert "Customer satisfaction csat" not in words(session)
    assert "Customer satisfaction csat" in words(press(session, "Show all definitions"))


def test_an_unknown_kpi_is_one_sentence() -> None:
    assert "Did you mean: csat" in page_text(open_page(PAGE, kpi="csatt"))


PUBLISHED = {  # answered 1,000; abandoned 60, of which 20 within 20 s and 10 within 5 s; 860 answered within 20 s
    "contacts_offered": 1060, "contacts_handled": 1000, "contacts_abandoned": 60, "answered_within_threshold": 860,
    "abandoned_within_threshold": 20, "contacts_abandoned_short": 10, "threshold_seconds": 20,
}  # fmt: skip


class TestLedger:
    """Acme: the data of Call Centre Helper in July 2026. Brook: 100 offered, 70 answered in time, nothing else counted."""

    @pytest.fixture(autouse=True)
    def published(self, tmp_path: Path) -> None:
        brook = {"vendor": "Brook", "contacts_offered": 100, "answered_within_threshold": 70, "threshold_seconds": 20}
        store_of(tmp_path, [PUBLISHED, brook])

    def test_the_same_data_under_each_published_formula(self) -> None:
        session = open_page(PAGE, kpi="service_level", vendor="Acme", period="2026-07")
        assert title(session) == (
            "Service level is 81.1 %. By other published formulas: 82.1 % (short abandons count as met), 82.7 % (early abandons left out), "
            "83 % (abandons count as met), 86 % (of answered)."
        )
        assert line_above(session).startswith("Definitions · Service level · Jul 2026 · Acme · ")
        shown = words(session)
        row = shown.index("Service level, abandons count as met")
        assert shown[row + 1 : row + 5] == [
            "(answered within threshold + abandoned within threshold) / contacts offered", "83 %", "+1.9 pp",
            "880 of 1,060 1 of 31 days",
        ]  # fmt: skip
        session.main.button(key="origin-ledger--service_level.abandons_positive").click().run()
        assert any(said.startswith("83 % = ") for said in dialog(session))

    def test_vendors_that_do_not_report_what_a_formula_needs_are_said(self) -> None:
        session = open_page(PAGE, kpi="service_level", period="2026-07")
        assert title(session).startswith("Service level is 80.2 %.")
        assert "Not every vendor reports what each formula needs, so part of a difference is who is counted." in page_text(session)

    def test_a_period_without_data(self) -> None:
        session = open_page(PAGE, kpi="service_level", period="2026-01")
        assert title(session).startswith("Every KPI is a sum divided by a sum")
        assert "No data for Jan 2026 with these filters." in words(session)

    def test_one_formula_only(self) -> None:
        session = open_page(PAGE, kpi="contacts_handled", period="2026-07")
        assert title(session) == "Contacts handled is 1,000."
        assert "What the data says" in words(session)
