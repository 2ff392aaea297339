"""The frame: filters, links that restore the view, drill-down, and what a visitor sees when something fails."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
Frame = Callable[..., AppTest]

# A page that says what it was asked to show.
PAGE = """
import streamlit as st
from pages.components.state import choose, go_to, many, one, open_view

view = open_view(one("kpi", "csat", ("csat", "nps")), many("status"))
st.text(f"{view.period.label} against {view.compared_with.label}")
st.text(f"{view.filters.words} | {view.one('kpi')} | {', '.join(view.many('status')) or 'none'}")
st.selectbox("KPI", ["csat", "nps"], key="kpi")
st.button("drill", on_click=go_to, args=("trends",), kwargs={"kpi": "nps", "vendor": "Cobalt Bay"})
st.button("vendor", on_click=go_to, args=("trends",), kwargs={"vendor": "Cobalt Bay"})
st.button("here", on_click=choose, kwargs={"status": ["open", "closed"]})
"""
ALL = "all vendors, sites, lines, channels"


def words(session: AppTest) -> list[str]:
    return [element.value for element in session.text]


def link(session: AppTest) -> dict[str, list[str]]:
    """Names and values in the address; a single value arrives bare."""
    return {name: [values] if isinstance(values, str) else list(values) for name, values in session.query_params.items()}


def test_a_first_visit_shows_the_latest_complete_quarter_and_its_link(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE)
    assert words(session) == ["Q3 2026 against Q2 2026", f"{ALL} | csat | none"]
    assert link(session) == {"period": ["2026-Q3"], "compare": ["previous"], "kpi": ["csat"]}


def test_the_sidebar_offers_periods_comparisons_and_values_of_the_data(frame: Frame, two_vendors: Path) -> None:
    sidebar = frame(PAGE).sidebar
    period, compared = sidebar.selectbox
    assert period.options[:3] == ["Q4 2026 · to 31 Oct", "Q3 2026 · Jul to Sep", "Q2 2026 · Apr to Jun"]
    assert period.options[-2:] == ["2026 · to 31 Oct", "2025"]
    assert compared.options[:4] == ["Previous quarter (Q2)", "Last year (Q3 2025)", "Two dates ...", "Q4 2026"]
    assert "Q3 2026" not in compared.options
    assert [(each.label, each.options) for each in sidebar.multiselect] == [
        ("Vendor", ["Asterion", "Cobalt Bay"]),
        ("Site", ["Asterion site", "Cobalt Bay site"]),
        ("Line of business", ["Billing"]),
        ("Channel", ["voice"]),
    ]
    assert [each.placeholder for each in sidebar.multiselect[:4]] == ["All 2 vendors", "All 2 sites", "Only Billing", "Only voice"]
    assert "Data to 31 Oct 2026 · version 1 · 2 of 2 vendors complete" in sidebar.markdown[-1].value


def test_a_link_restores_the_view(frame: Frame, two_vendors: Path) -> None:
    asked = {"period": ["2026-09"], "compare": ["last_year"], "vendor": ["Asterion", "Cobalt Bay"], "kpi": ["nps"], "status": ["open"]}
    session = frame(PAGE, **asked)
    assert words(session) == ["Sep 2026 against Sep 2025", "Asterion, Cobalt Bay · all sites, lines, channels | nps | open"]
    assert link(session) == asked
    assert not session.warning


@pytest.mark.parametrize(
    ("period", "options"),
    [
        ("2026-Q4", ["Previous to date (Q3)", "Last year to date (Q4 2025)"]),
        ("2026-Q1", ["Previous (Q4 2025)", "Last year (Q1 2025)"]),
        ("2026-10", ["Previous month (Sep)", "Last year (Oct 2025)"]),
        ("2026", ["Previous to date (2025)", "Last year to date (2025)"]),
    ],
)
def test_what_a_period_can_be_compared_with(frame: Frame, two_vendors: Path, period: str, options: list[str]) -> None:
    assert frame(PAGE, period=[period]).sidebar.selectbox[1].options[:2] == options


@pytest.mark.parametrize(
    ("compare", "label"), [("2026-Q1", "Q1 2026"), ("2025-08", "Aug 2025"), ("2026-03-01..2026-03-10", "1 Mar 2026 to 10 Mar 2026")]
)
def test_a_link_compares_with_a_period_or_dates_of_its_own(frame: Frame, two_vendors: Path, compare: str, label: str) -> None:
    session = frame(PAGE, compare=[compare])
    assert words(session)[0] == f"Q3 2026 against {label}"
    assert link(session)["compare"] == [compare]
    assert label.replace("1 Mar 2026 to", "1 Mar to") in session.sidebar.selectbox[1].options
    assert len(session.sidebar.date_input) == (2 if ".." in compare else 0)


def test_two_dates_are_chosen_and_kept_in_the_link(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE)
    session.sidebar.selectbox[1].set_value("dates").run()
    assert link(session)["compare"] == ["2026-04-01..2026-06-30"]
    session.sidebar.date_input[0].set_value(date(2026, 3, 1)).run()
    session.sidebar.date_input[1].set_value(date(2026, 3, 10)).run()
    assert words(session)[0] == "Q3 2026 against 1 Mar 2026 to 10 Mar 2026"
    assert link(session)["compare"] == ["2026-03-01..2026-03-10"]
    session.sidebar.selectbox[1].set_value("previous").run()
    assert words(session)[0] == "Q3 2026 against Q2 2026" and not session.sidebar.date_input


def test_a_comparison_that_is_none_is_named(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE, compare=["lastyear"])
    assert "Unknown comparison" in session.error[0].value and "2026" in session.error[0].value


def test_words_of_before_from_a_slow_browser_are_the_choice_they_stood_for(frame: Frame, two_vendors: Path) -> None:
    assert words(frame(PAGE, compare=["Previous quarter (Q1)"]))[0] == "Q3 2026 against Q2 2026"
    assert words(frame(PAGE, compare=["Last year (Q1 2025)"]))[0] == "Q3 2026 against Q3 2025"
    assert words(frame(PAGE, compare=["Q1 2026"]))[0] == "Q3 2026 against Q1 2026"


def test_changing_a_filter_changes_page_and_link(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE)
    session.sidebar.multiselect[0].select("Asterion").run()
    session.selectbox(key="kpi").select("nps").run()
    assert words(session)[1] == "Asterion · all sites, lines, channels | nps | none"
    assert link(session) == {"period": ["2026-Q3"], "compare": ["previous"], "vendor": ["Asterion"], "kpi": ["nps"]}


def test_the_back_button_shows_the_view_of_its_address(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE)
    before = link(session)
    session.sidebar.multiselect[0].select("Asterion").run()
    session.query_params.clear()
    for name, values in before.items():
        session.query_params[name] = values
    assert words(session.run())[1] == f"{ALL} | csat | none"


def test_an_address_that_is_late_does_not_undo_a_choice(frame: Frame, two_vendors: Path) -> None:
    """Quick clicks: the second request leaves the browser before the address of the first choice has arrived."""
    session = frame(PAGE)
    late = link(session)
    session.sidebar.multiselect[0].select("Asterion").run()
    session.query_params.clear()
    for name, values in late.items():
        session.query_params[name] = values
    session.sidebar.multiselect[0].select("Cobalt Bay").run()
    assert link(session)["vendor"] == ["Asterion", "Cobalt Bay"]


def test_a_page_keeps_the_filters_but_has_choices_of_its_own(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE, vendor=["Asterion"], kpi=["nps"])
    session.switch_page("pages/risk/risk_matrix.py").run()
    assert words(session)[1] == "Asterion · all sites, lines, channels | csat | none"
    assert link(session)["vendor"] == ["Asterion"]


def test_the_kpi_chosen_last_stays_on_the_pages_of_one_kpi(frame: Frame, two_vendors: Path) -> None:
    """The menu leads from the trend of a KPI to its variance, not to that of another one."""
    session = frame(PAGE)
    session.switch_page("pages/performance/trends.py").run()
    session.selectbox(key="kpi").select("nps").run()
    for page, shown in (("performance/variance", "nps"), ("risk/risk_matrix", "csat"), ("performance/vendor_comparison", "nps")):
        session.switch_page(f"pages/{page}.py").run()
        assert (words(session)[1], link(session)["kpi"]) == (f"{ALL} | {shown} | none", [shown])
    session.selectbox(key="kpi").select("csat").run()
    session.switch_page("pages/performance/trends.py").run()
    assert link(session)["kpi"] == ["csat"]


def test_a_drill_down_opens_the_other_page_with_its_choices(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE, site=["Cobalt Bay site"])
    next(button for button in session.button if button.label == "drill").click().run()
    assert words(session)[1] == "Cobalt Bay · Cobalt Bay site · all lines, channels | nps | none"
    assert link(session) == {
        "period": ["2026-Q3"],
        "compare": ["previous"],
        "vendor": ["Cobalt Bay"],
        "site": ["Cobalt Bay site"],
        "kpi": ["nps"],
    }


def test_an_address_that_means_what_is_shown_is_left_alone(frame: Frame, two_vendors: Path) -> None:
    """Another address would be another step in the browser's history, and Back would need two clicks."""
    session = frame(PAGE)
    next(button for button in session.button if button.label == "vendor").click().run()
    assert words(session)[1] == "Cobalt Bay · all sites, lines, channels | csat | none"
    assert link(session) == {"period": ["2026-Q3"], "compare": ["previous"], "vendor": ["Cobalt Bay"]}


def test_a_choice_on_the_page_stays_on_the_page(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE)
    next(button for button in session.button if button.label == "here").click().run()
    assert words(session)[1] == f"{ALL} | csat | open, closed"
    assert link(session)["status"] == ["open", "closed"]


def test_an_unknown_vendor_is_named_kept_and_matches_nothing(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE, vendor=["Acme"])
    assert [warning.value for warning in session.warning] == [r"The link names the vendor Acme\, which is not in the data\."]
    assert words(session)[1].startswith("Acme · ")
    assert session.sidebar.multiselect[0].value == ["Acme"]
    assert "Acme (not in the data)" in session.sidebar.multiselect[0].options
    session.sidebar.multiselect[0].unselect("Acme").run()
    assert not session.warning
    assert "vendor" not in link(session)


def test_a_period_without_data_is_named(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE, period=["2031-Q1"])
    assert "2031" in session.warning[0].value
    assert words(session)[0] == "Q1 2031 against Q4 2030"


def test_what_a_link_cannot_mean_is_one_sentence_with_a_way_out(frame: Frame, two_vendors: Path) -> None:
    for wrong, said in (
        ({"period": ["2026-Q9"]}, "is not a period"),
        ({"compare": ["x"]}, "comparison"),
        ({"kpi": ["npss"]}, "Did you mean"),
    ):
        session = frame(PAGE, **wrong)
        assert said in session.error[0].value
        assert not session.exception
        session.button[0].click().run()
        assert words(session) == ["Q3 2026 against Q2 2026", f"{ALL} | csat | none"]


def test_without_data_pages_say_how_to_get_some(frame: Frame, folder: Path) -> None:
    session = frame(PAGE)
    assert session.main.markdown[0].value == "**There is no data yet**"
    assert not session.sidebar.selectbox
    assert [button.label for button in session.button] == ["Upload a file"]


def test_without_data_upload_and_definitions_still_open(frame: Frame, folder: Path) -> None:
    session = frame("import streamlit as st\nfrom pages.components.state import open_view\nopen_view()\nst.text('here')")
    session.button[0].click().run()
    assert words(session) == ["here"]


def test_a_damaged_warehouse_is_one_sentence_with_its_remedy(frame: Frame, two_vendors: Path) -> None:
    (two_vendors / "warehouse.2.duckdb").write_bytes(b"not a database")
    session = frame(PAGE)
    assert "cannot be read" in session.error[0].value
    assert not session.exception


def test_a_new_version_is_read_at_once(frame: Frame, two_vendors: Path) -> None:
    session = frame(PAGE)
    (two_vendors / "warehouse.2.duckdb").write_bytes((two_vendors / "warehouse.1.duckdb").read_bytes())
    assert "version 2" in session.run().sidebar.markdown[-1].value


def test_an_unforeseen_failure_is_one_sentence_without_its_trace(frame: Frame, two_vendors: Path) -> None:
    session = frame("1 / 0")
    assert len(session.error) == 1
    assert "server's log" in session.error[0].value.replace("\\", "")
    assert not session.exception


def test_every_page_declares_its_part_of_the_link_first() -> None:
    pages = [page for page in (ROOT / "pages").rglob("*.py") if page.parent.name != "components"]
    assert pages
    for page in pages:
        calls = re.findall(r"\bopen_view\(", page.read_text(encoding="utf-8"))
        assert len(calls) == 1, f"{page.name} calls open_view {len(calls)} times. Call it once, first: it reads and writes the link."
