"""The control charts of the sample: the stories signal, everything else is normal variation."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.filters import Filters
from analytics.performance.report import measured_report, report_frame
from analytics.performance.report_request import ReportRequest
from analytics.performance.spc import with_signals
from analytics.periods import Grain, Period
from analytics.query import KpiQuery, kpi_frame
from analytics.risk.heatmap import risk_heatmap_frame
from analytics.settings import load_settings
from analytics.warehouse import Scope, Warehouse

pytestmark = pytest.mark.slow

FIRST, LAST = date(2024, 10, 1), date(2026, 9, 30)
NEWEST = "2026-09"
STORIES = {
    ("Northline", "average_handle_time"),
    ("Northline", "first_contact_resolution"),
    ("Cobalt Bay", "service_level"),
    ("Cobalt Bay", "abandonment_rate"),
    ("Asterion", "first_contact_resolution"),
    ("Asterion", "csat"),
    ("Asterion", "average_handle_time"),
    ("Meridiem", "attrition"),
    ("Meridiem", "quality_score"),
    ("Meridiem", "first_contact_resolution"),
    ("Meridiem", "average_handle_time"),
}
Signals = dict[tuple[str, str], dict[str, str]]


def signals_of(folder: Path, kpis: tuple[str, ...], by: tuple[str, ...], filters: Filters | None = None) -> Signals:
    """(vendor or 'all', KPI) -> month -> signal other than 'none', over the 24 months to September 2026."""
    query = KpiQuery(kpis, Grain.MONTH, FIRST, LAST, by, filters or Filters(), own_periods=True)
    frame = with_signals(kpi_frame(Warehouse(folder).open(), Scope.everything(), query))
    found: Signals = {}
    for row in frame[frame["value"].notna()].to_dict("records"):
        months = found.setdefault((row.get("vendor", "all"), row["kpi"]), {})
        if row["signal"] != "none":
            months[f"{row['period']:%Y-%m}"] = str(row["signal"])
    return found


@pytest.fixture(scope="module")
def vendors(demo_warehouse: Path) -> Signals:
    """The eight KPIs of the report, by vendor."""
    return signals_of(demo_warehouse, load_settings().shown_kpis, ("vendor",))


@pytest.fixture(scope="module")
def portfolio(demo_warehouse: Path) -> Signals:
    """The same over all vendors."""
    return signals_of(demo_warehouse, load_settings().shown_kpis, ())


class TestQuiet:
    def test_charts_without_a_story_have_at_most_one_signal(self, vendors: Signals):
        points = {pair: len(months) for pair, months in vendors.items() if pair not in STORIES}
        assert len(points) == 5 * 8 - 1 - len(STORIES)  # one vendor reports no quality score
        assert sum(count <= 1 for count in points.values()) >= 0.85 * len(points), points

    def test_the_newest_month_signals_stories_only(self, vendors: Signals):
        others = [pair for pair, months in vendors.items() if NEWEST in months and pair not in STORIES]
        assert len(others) <= 2, others

    def test_at_most_three_kpis_of_the_portfolio_signal(self, portfolio: Signals):
        newest = [kpi for (_, kpi), months in portfolio.items() if NEWEST in months]
        assert len(newest) <= 3, newest


class TestStoriesSignal:
    def test_pune_outage(self, vendors: Signals, portfolio: Signals):
        for kpi in ("service_level", "abandonment_rate"):
            for months in (vendors["Cobalt Bay", kpi], portfolio["all", kpi]):
                assert [month for month, signal in months.items() if signal == "concern"] == ["2026-08", "2026-09"]

    @pytest.mark.parametrize("kpi", ["first_contact_resolution", "csat"])
    def test_asterion_watermelon(self, vendors: Signals, kpi: str):
        assert {vendors["Asterion", kpi][month] for month in ("2026-06", "2026-07", "2026-08", "2026-09")} == {"concern"}
        assert vendors["Asterion", "service_level"] == {}

    def test_meridiem_attrition_then_quality(self, vendors: Signals):
        first = {
            kpi: min(m for m, s in vendors["Meridiem", kpi].items() if s == "concern" and m >= "2026")
            for kpi in ("attrition", "quality_score")
        }
        assert first["attrition"] < "2026-05" < "2026-07" < first["quality_score"] <= NEWEST

    def test_northline_knowledge_base(self, vendors: Signals):
        months = vendors["Northline", "average_handle_time"]
        assert [month for month, signal in months.items() if signal == "improvement"] == ["2026-07", "2026-08", "2026-09"]

    def test_durban_ramp_up(self, vendors: Signals):
        assert vendors["Meridiem", "first_contact_resolution"]["2025-10"] == "concern"
        assert vendors["Meridiem", "average_handle_time"]["2025-10"] == "concern"

    def test_new_ivr_menu(self, demo_warehouse: Path):
        found = signals_of(demo_warehouse, ("transfer_rate",), (), Filters(site=("Pune",)))["all", "transfer_rate"]
        assert found["2025-02"] == "concern" and found["2025-05"] == "improvement"


def test_the_outage_stays_with_speed_and_does_not_spoil_everything(demo_warehouse: Path):
    request = ReportRequest(Period.parse("2026-Q3", 1), load_settings().heatmap_kpis)
    report = measured_report(Warehouse(demo_warehouse).open(), Scope.everything(), request, load_settings().contract_kpis)
    levels = risk_heatmap_frame(report.frame, report.months).set_index(["vendor", "kpi"])["level_text"]
    bay = levels["Cobalt Bay"]
    assert set(bay[bay.isin({"high", "extreme"})].index) == {"service_level", "abandonment_rate", "average_speed_of_answer", "attrition"}
    asterion = levels["Asterion"]
    assert set(asterion[asterion.isin({"high", "extreme"})].index) == {"first_contact_resolution", "csat", "security_incidents"}
    assert levels.xs("security_incidents", level="kpi").to_dict() == {
        "Asterion": "extreme",
        "Cobalt Bay": "low",
        "Meridiem": "low",
        "Northline": "low",
        "Tallgrass": "not rated",
    }


def test_nothing_is_met_only_because_it_is_rounded(demo_warehouse: Path):
    report = report_frame(
        Warehouse(demo_warehouse).open(), Scope.everything(), ReportRequest(Period.parse("2026-Q3", 1), load_settings().shown_kpis)
    )
    met: pd.DataFrame = report[report["status"] == "met"]
    assert not [row["kpi"] for row in met.to_dict("records") if row["value_text"] == row["target_text"].split(" ", 1)[1]]
