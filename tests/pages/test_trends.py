"""Trends over the sample: the control chart, the dated target, vendors, events, ranges, and grains the data does not have."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.charts.theme import theme_for
from tests.hovers import hovers
from tests.pages.screen import charts, figure, line_above, link, open_page, page_text, press, select, title, words

pytestmark = pytest.mark.slow

PAGE = "performance/trends"


@pytest.fixture(autouse=True)
def sample(demo_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the sample warehouse."""
    monkeypatch.setenv("BPO_WAREHOUSE", str(demo_warehouse))


def lines(chart: dict[str, Any], colour: str) -> list[dict[str, Any]]:
    return [trace for trace in chart["data"] if trace.get("mode") == "lines" and trace["line"]["color"] == colour]


def point_hovers(chart: dict[str, Any]) -> list[str]:
    """What the points of a trend tell on pointing at them."""
    return [hover for trace in chart["data"] if "hovertemplate" in trace for hover in hovers(trace)]


def numbers(session: AppTest) -> pd.DataFrame:
    """The table under the chart."""
    return session.main.dataframe[0].value


def annotations(chart: dict[str, Any]) -> list[str]:
    return [note["text"] for note in chart["layout"]["annotations"]]


def test_by_default_the_first_contract_kpi_by_month_for_two_years() -> None:
    session = open_page(PAGE)
    assert line_above(session).startswith("Trends · First contact resolution, all vendors · ")
    assert line_above(session).endswith("Oct 2024 to Sep 2026")
    assert "first contact resolution" in title(session).lower()
    hover = point_hovers(figure(session, "trend-"))[-1]
    counts = r"[\d,]{9} resolved on first contact / [\d,]{9} contacts with an issue"
    note = "<br>1: Asterion: Service level is met in every month"
    assert re.match(rf"<b>Sep 2026</b><br>8\d\.\d % · target &gt;= 80 %<br>{counts}<br>4 of 5 vendors{note}", hover)
    assert len(numbers(session)) == 24
    assert list(numbers(session)["target"].unique()) == [">= 80 %"]


def test_the_numbers_behind_the_quarter_are_those_of_the_report() -> None:
    newest = numbers(open_page(PAGE, grain="quarter", kpi="csat")).iloc[0]
    assert (newest["period"], newest["value"], newest["target"], newest["variance"], newest["status"]) == (
        pd.Timestamp("2026-07-01"), "92 %", ">= 90 %", "+2 pp", "met",
    )  # fmt: skip
    assert newest["numerator"] / newest["denominator"] == pytest.approx(0.92, abs=1e-6)


def test_a_target_that_changed_is_a_step() -> None:
    session = open_page(PAGE, vendor=["Cobalt Bay"], kpi="service_level")
    chart = figure(session, "trend-")
    (target,) = lines(chart, theme_for("light").target)
    assert list(target["y"]) == [0.78, 0.78, 0.80, 0.80]
    assert list(target["x"]) == ["2024-10-01", "2026-01-01", "2026-01-01", "2026-10-01"]
    assert "target &gt;= 78 until Dec 2025" in annotations(chart)
    assert title(session).startswith("Concern: service level ")


def test_events_are_named_on_the_chart() -> None:
    assert "Pune outage" in annotations(figure(open_page(PAGE, vendor=["Cobalt Bay"], kpi="service_level"), "trend-"))


def test_limits_mean_and_band_of_normal_variation_are_drawn() -> None:
    chart = figure(open_page(PAGE), "trend-")
    assert [trace["line"].get("dash", "solid") for trace in lines(chart, theme_for("light").normal)] == ["dot", "solid"]
    assert any(shape["type"] == "rect" for shape in chart["layout"]["shapes"])


def test_every_vendor_has_a_small_chart_concerns_first() -> None:
    session = open_page(PAGE, kpi="service_level")
    small = [name.removeprefix("small-") for name in charts(session) if name.startswith("small-")]
    assert small[0] == "Cobalt Bay"
    assert sorted(small) == ["Asterion", "Cobalt Bay", "Meridiem", "Northline", "Tallgrass"]
    ranges = {tuple(figure(session, f"small-{vendor}")["layout"]["yaxis"]["range"]) for vendor in small}
    assert len(ranges) == 1


def test_by_vendor_draws_one_line_each() -> None:
    session = open_page(PAGE, show="vendors")
    chart = figure(session, "trend-")
    assert {"Asterion", "Cobalt Bay", "Meridiem", "Northline", "Tallgrass"} <= set(annotations(chart))
    assert sum("Sep 2026" in hover for hover in point_hovers(chart)) == 5
    assert not lines(chart, theme_for("light").normal)


def test_by_vendor_draws_the_vendors_of_the_filter_only() -> None:
    session = open_page(PAGE, show="vendors", vendor=["Asterion", "Meridiem"])
    chart = figure(session, "trend-")
    assert {trace["meta"] for trace in chart["data"] if "meta" in trace} == {"Asterion", "Meridiem"}
    assert "Sorted by signal: concerns first. Also those the vendor filter leaves out." in page_text(session)
    alone = open_page(PAGE, show="vendors", vendor="Asterion")
    assert not any("meta" in trace for trace in figure(alone, "trend-")["data"]), "one vendor is the one series"


def test_a_site_shows_its_vendor_by_name_and_what_is_of_no_other() -> None:
    session = open_page(PAGE, kpi="service_level", site="Pune")
    assert line_above(session).startswith("Trends · Service level, Cobalt Bay · Pune · ")
    said = page_text(session)
    assert "Pune outage" in said and not {"Asterion", "Northline", "Knowledge base"} & set(
        re.findall(r"Asterion|Northline|Knowledge base", said)
    )
    assert "Knowledge base" not in annotations(figure(session, "trend-"))
    assert line_above(open_page(PAGE, kpi="service_level", channel="voice")).startswith("Trends · Service level, 4 vendors · voice · ")


def test_the_two_answers_of_the_chart_are_two_questions() -> None:
    said = page_text(open_page(PAGE, kpi="service_level", vendor="Cobalt Bay"))
    assert "Did it change? Yes, a concern: beyond a limit, on the worse side (Sep 2026)." in said
    reliable = r"Can it be relied on to meet its target\? Hit or miss: part of the normal range [\d. %to]+ meets >= 80 %, part does not\."
    assert re.search(reliable, said)
    assert "Both together: its value in Sep 2026 lies outside that normal range." in said


def test_an_event_without_room_for_its_name_has_a_letter_that_is_explained() -> None:
    session = open_page(PAGE)
    assert "A" in annotations(figure(session, "trend-"))
    assert "Events: A New IVR menu (3 Mar 2025)." in words(session)
    assert any(line.startswith("A · 3 Mar 2025 · event") for line in words(open_page(PAGE, notes="2")))


def test_newer_periods_are_one_click_away_and_the_sentence_says_its_month() -> None:
    session = open_page(PAGE, kpi="service_level", vendor="Cobalt Bay")
    assert title(session).endswith('in Aug 2026, the month of "Pune outage", and had not recovered by Sep 2026.')
    newer = press(session, "Show newer: to Oct 2026")
    assert line_above(newer).endswith("Oct 2024 to Oct 2026")
    assert "Show newer: to Oct 2026" not in words(newer)


def test_a_vendor_opens_from_its_small_chart() -> None:
    session = press(open_page(PAGE, kpi="csat"), "Asterion")
    assert line_above(session).startswith("Trends · Customer satisfaction, Asterion · ")
    assert link(session)["vendor"] == ["Asterion"]
    assert len([name for name in charts(session) if name.startswith("small-")]) == 5


def test_days_of_a_vendor_that_reports_months_are_no_spikes() -> None:
    session = open_page(PAGE, vendor=["Tallgrass"], grain="day", kpi="service_level")
    assert title(session) == "Service level is reported monthly: choose a coarser grain."
    assert not charts(session)
    monthly = press(session, "Show months")
    assert link(monthly)["grain"] == ["month"]
    assert len(numbers(monthly)) == 24
    assert set(numbers(monthly)["coverage"]) == {"reported by the vendor"}


def test_by_day_the_vendor_that_reports_months_says_so_beside_the_others() -> None:
    session = open_page(PAGE, grain="day", kpi="service_level")
    assert len(numbers(session)) == 92
    assert words(session)[words(session).index("Tallgrass") + 1] == "reported monthly"


def test_a_range_from_the_chart_is_kept_in_the_link_and_can_be_left() -> None:
    session = open_page(PAGE, kpi="csat")
    session = select(session, "trend-", ["2026-01-01"], ["2026-03-01"], ["2026-02-01"])
    assert link(session) == {
        "period": ["2026-Q3"], "compare": ["previous"], "kpi": ["csat"], "grain": ["month"], "show": ["total"],
        "from": ["2026-01-01"], "to": ["2026-03-31"],
    }  # fmt: skip
    assert line_above(session).endswith("Jan 2026 to Mar 2026")
    assert "Trial limits: fewer than 13 points." in page_text(session)
    session = press(session, "Whole range")
    assert len(numbers(session)) == 24
    assert "from" not in link(session)


def test_one_selected_point_is_no_range() -> None:
    assert "from" not in link(select(open_page(PAGE), "trend-", ["2026-01-01"]))


def test_a_period_that_is_not_complete_is_hollow_and_said() -> None:
    session = open_page(PAGE, period="2026-Q4", grain="quarter", kpi="csat")
    assert "period not complete" in point_hovers(figure(session, "trend-"))[-1]
    assert any(note.endswith("not complete") for note in annotations(figure(session, "trend-")))


def test_a_kpi_nobody_measures_for_this_vendor_is_said() -> None:
    session = open_page(PAGE, vendor=["Tallgrass"], kpi="quality_score")
    assert not charts(session)
    assert "No quality score for Q3 2026" in words(session)


def test_an_unknown_vendor_is_named_and_shows_nothing() -> None:
    session = open_page(PAGE, vendor=["Acme"])
    assert "The link names the vendor Acme, which is not in the data." in words(session)
    assert not charts(session)
    assert not session.main.dataframe


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from": "2026-05-01", "to": "2026-03-31"}, "ends before it starts. Swap the two dates."),
        ({"from": "May"}, "'May' is not a date for 'from'. Write it as 2026-09-30."),
        ({"kpi": "csatt"}, "Unknown kpi 'csatt'. Did you mean: csat"),
        ({"grain": "hour"}, "Unknown grain 'hour'."),
    ],
)
def test_a_link_that_asks_for_nonsense_is_one_sentence_with_a_way_out(wrong: dict[str, str], said: str) -> None:
    session = open_page(PAGE, **wrong)
    assert said in words(session)[0]
    assert line_above(press(session, "Show the default view")).startswith("Trends · First contact resolution, all vendors")


def test_the_definition_is_one_click_away_with_the_filters_kept() -> None:
    session = press(open_page(PAGE, kpi="csat", vendor=["Asterion"]), "Definition of this KPI")
    assert line_above(session).startswith("Definitions · ")
    assert link(session)["vendor"] == ["Asterion"]
    assert link(session)["kpi"] == ["csat"]
