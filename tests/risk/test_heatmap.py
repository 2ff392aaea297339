"""The vendor x KPI risk heatmap: each branch of its rule, with the points in the reason."""

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import Comparator, find_kpi
from analytics.performance.variance import status_of, variance_of
from analytics.performance.words import variance_words, with_words
from analytics.periods import Period
from analytics.risk.heatmap import heatmap_verdict, of_measured_kpis, risk_heatmap_frame

NONE = np.nan
LEAST, MOST, BAND = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.BAND


def rated(
    kpi: str,
    value: float,
    previous: float = NONE,
    comparator: Comparator | None = LEAST,
    target: float = NONE,
    minimum: float = NONE,
    lower: float = NONE,
    upper: float = NONE,
) -> pd.Series:
    """The heatmap's cell for one line of a report."""
    change = value - previous
    row = {
        "vendor": "A", "kpi": kpi, "value": value, "previous_value": previous, "change": change, "currency": None,
        "coverage": "0 of 3 months",
        "target": target, "minimum": minimum, "lower": lower, "upper": upper,
        "variance": variance_of(value, comparator, target, lower, upper),
        "status": str(status_of(value, comparator, target, minimum, lower, upper)),
        "change_text": variance_words(change, find_kpi(kpi), None),
    }  # fmt: skip
    frame = with_words(pd.DataFrame([row]).assign(comparator=pd.Series([comparator], dtype=object)))
    return risk_heatmap_frame(frame.astype({"vendor": object})).iloc[0]


class TestRule:
    """Against >= 80 %, so 2 % of the target are 1.6 pp and 10 % are 8 pp.

    | value | minimum | before | gap                     | trend        | level        |
    | ----- | ------- | ------ | ----------------------- | ------------ | ------------ |
    | 82 %  |         | 82 %   | met 0                   | steady 0     | 0 low        |
    | 82 %  |         | 85 %   | met 0                   | worsening 1  | 1 moderate   |
    | 82 %  |         | 78 %   | met 0                   | improving -1 | 0 low        |
    | 78 %  | 75 %    | 78 %   | below expected 1        | steady 0     | 1 moderate   |
    | 78 %  | 75 %    | 74 %   | below expected 1        | improving -1 | 0 low        |
    | 78 %  |         | 78 %   | missed 2                | steady 0     | 2 high       |
    | 78 %  |         | 74 %   | missed 2                | improving -1 | 1 moderate   |
    | 78 %  |         | 82 %   | missed 2                | worsening 1  | 3 extreme    |
    | 70 %  |         | 60 %   | missed by more than 8 pp 3 | improving -1 | 2 high    |
    | 70 %  |         | 80 %   | missed by more than 8 pp 3 | worsening 1  | 3 extreme |
    """

    @pytest.mark.parametrize(
        ("value", "minimum", "before", "level", "text", "trend"),
        [
            (0.82, NONE, 0.82, 0, "low", "steady"),
            (0.82, NONE, 0.85, 1, "moderate", "worsening"),
            (0.82, NONE, 0.78, 0, "low", "improving"),
            (0.78, 0.75, 0.78, 1, "moderate", "steady"),
            (0.78, 0.75, 0.74, 0, "low", "improving"),
            (0.78, NONE, 0.78, 2, "high", "steady"),
            (0.78, NONE, 0.74, 1, "moderate", "improving"),
            (0.78, NONE, 0.82, 3, "extreme", "worsening"),
            (0.70, NONE, 0.60, 2, "high", "improving"),
            (0.70, NONE, 0.80, 3, "extreme", "worsening"),
            (0.82, NONE, 0.835, 0, "low", "steady"),  # 1.5 pp: less than 2 % of the target
            (0.78, NONE, NONE, 2, "high", "no comparison"),
        ],
    )
    def test_level_is_gap_plus_trend(self, value: float, minimum: float, before: float, level: int, text: str, trend: str) -> None:
        cell = rated("service_level", value, before, target=0.80, minimum=minimum)
        assert (cell["level"], cell["level_text"], cell["trend"]) == (level, text, trend)

    @pytest.mark.parametrize(("before", "level"), [(300, 0), (290, 1), (320, 0)])
    def test_lower_is_better(self, before: float, level: int) -> None:
        """Handle time of 300 s against <= 300 s: up from 290 s is worse, down from 320 s better."""
        assert rated("average_handle_time", 300, before, MOST, 300)["level"] == level

    def test_a_target_of_zero_has_no_small_misses(self) -> None:
        assert rated("security_incidents", 1, 1, MOST, 0)["level_text"] == "extreme"
        assert rated("security_incidents", 0, 0, MOST, 0)["level_text"] == "low"


class TestBand:
    """Occupancy in 75 to 88 %: the band is 13 pp wide, so 1.3 pp outside is far and 0.26 pp is a move."""

    @pytest.mark.parametrize(
        ("value", "before", "level", "trend"),
        [
            (0.80, 0.86, 0, "steady"),  # moving inside the band is no trend
            (0.89, 0.80, 3, "worsening"),  # out by 1 pp: missed 2, and worse by 1 pp
            (0.89, 0.74, 2, "steady"),  # out by 1 pp on the other side: as far as before
            (0.91, 0.95, 2, "improving"),  # out by 3 pp: far 3, but nearer than before
            (0.80, 0.95, 0, "improving"),
        ],
    )
    def test_distance_outside_the_band_counts(self, value: float, before: float, level: int, trend: str) -> None:
        cell = rated("occupancy", value, before, BAND, lower=0.75, upper=0.88)
        assert (cell["level"], cell["trend"]) == (level, trend)

    def test_a_band_open_on_one_side_is_measured_by_its_edge(self) -> None:
        """At most 88 %: 2 % of that are 1.8 pp, so 0.5 pp is no move and 1 pp outside is not far."""
        assert rated("occupancy", 0.89, 0.885, BAND, upper=0.88)[["level", "trend"]].tolist() == [2, "steady"]

    def test_a_one_sided_target_on_a_band_kpi_has_a_direction(self) -> None:
        """Staffing delivered against >= 95 %: down from 100 % to 96 % is worse although still met."""
        assert rated("staffing_delivered", 0.96, 1.0, LEAST, 0.95)["trend"] == "worsening"


class TestNotRated:
    def test_what_is_not_measured(self) -> None:
        cell = rated("csat", NONE, 0.9, target=0.9)
        assert np.isnan(cell["level"]) and cell["level_text"] == "not rated"
        assert cell["reason"] == "Not measured: 0 of 3 months."

    def test_a_neutral_kpi(self) -> None:
        cell = rated("contacts_handled", 100, 50, None)
        assert np.isnan(cell["level"]) and cell["reason"] == "A neutral KPI: context, not a risk."

    def test_a_kpi_that_nobody_measures_has_no_column(self) -> None:
        frame = pd.DataFrame({"vendor": ["A", "B", "A", "B"], "kpi": ["csat", "csat", "nps", "nps"]})
        shown = of_measured_kpis(frame.assign(status=["not measured", "met", "not measured", "not measured"]))
        assert list(shown["kpi"]) == ["csat", "csat"]

    def test_the_portfolio_is_no_vendor(self) -> None:
        assert risk_heatmap_frame(pd.DataFrame({"vendor": pd.Series([None], dtype=object), "kpi": ["csat"]})).empty


class TestWithoutATarget:
    """Only the trend counts, against 2 % of the earlier value."""

    @pytest.mark.parametrize(("before", "level"), [(3.9, 0), (4.3, 1), (4.05, 0)])
    def test_only_the_trend_counts(self, before: float, level: int) -> None:
        cell = rated("csat_mean", 4.0, before, None)
        assert cell["level"] == level and "no target to hold it against" in cell["reason"]


class TestReason:
    def test_it_says_the_numbers_and_the_points(self) -> None:
        assert rated("service_level", 0.70, 0.80, target=0.80)["reason"] == (
            "70 % against >= 80 %: missed, -10 pp, more than 10 % of the target. "
            "Worsening: -10 pp on the comparison period. Points: gap 3, trend +1."
        )
        assert rated("service_level", 0.82, NONE, target=0.80)["reason"] == (
            "82 % against >= 80 %: met, +2 pp. No whole period to compare with. Points: gap 0, trend 0."
        )

    def test_the_sign_of_a_small_number_is_kept(self) -> None:
        reason = rated("average_handle_time", 330, 330, MOST, 300)["reason"]
        assert "+0:30 min (worse)" in reason and reason.endswith("Points: gap 2, trend 0.")
        assert "+0.5 pp" in rated("service_level", 0.805, 0.8, target=0.80)["reason"]


class TestVerdict:
    """Levels per vendor and KPI: A 3, 3, 1; B 3, 0, not rated."""

    Q3 = Period.parse("2026-Q3")

    @staticmethod
    def cells(*levels: tuple[str, str, float]) -> pd.DataFrame:
        return pd.DataFrame(levels, columns=["vendor", "kpi", "level"]).astype({"level": float})

    def test_it_names_where_most_of_the_highest_level_is(self) -> None:
        cells = self.cells(
            ("A", "csat", 3), ("A", "error_rate", 3), ("A", "esat", 1), ("B", "csat", 3), ("B", "esat", 0), ("B", "error_rate", NONE)
        )
        assert heatmap_verdict(cells, self.Q3) == (
            "Three of 5 rated cells are extreme in Q3 2026, two of them at A: customer satisfaction and error rate."
        )

    def test_one_cell(self) -> None:
        assert heatmap_verdict(self.cells(("A", "csat", 1), ("B", "csat", 0)), self.Q3) == (
            "One of 2 rated cells is moderate in Q3 2026, at A: customer satisfaction."
        )

    def test_all_low(self) -> None:
        assert heatmap_verdict(self.cells(("A", "csat", 0), ("B", "csat", 0)), self.Q3) == (
            "All 2 rated cells are low in Q3 2026: no KPI of any vendor shows risk."
        )

    def test_nothing_rated(self) -> None:
        assert heatmap_verdict(self.cells(("A", "csat", NONE)), self.Q3) == "No KPI of any vendor can be rated in Q3 2026."
        assert heatmap_verdict(self.cells(), self.Q3) == "No KPI of any vendor can be rated in Q3 2026."
