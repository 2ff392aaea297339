"""The vendor x KPI risk heatmap: each branch of its rule, with the points in the reason."""

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import Comparator, find_kpi
from analytics.performance.variance import status_of, variance_of
from analytics.performance.words import variance_words, with_words
from analytics.periods import Period
from analytics.risk.heatmap import heatmap_verdict, left_out_words, not_rated_words, of_rated_kpis, risk_heatmap_frame

NONE = np.nan
Q3 = Period.parse("2026-Q3")
CALM = {"signal": "none"}
CONCERN = {"signal": "concern", "rule": "run"}
IMPROVEMENT = {"signal": "improvement", "rule": "outside_limits"}
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
    chart: dict | None = None,
) -> pd.Series:
    """The heatmap's cell for one line of a report; `chart`: what its control chart says in September, None without limits."""
    change = value - previous
    row = {
        "vendor": "A", "kpi": kpi, "period": Q3.start, "period_end": Q3.end, "compared": "Q2 2026",
        "value": value, "previous_value": previous, "change": change, "currency": None,
        "coverage": "0 of 3 months",
        "target": target, "minimum": minimum, "lower": lower, "upper": upper,
        "variance": variance_of(value, comparator, target, lower, upper),
        "status": str(status_of(value, comparator, target, minimum, lower, upper)),
        "change_text": variance_words(change, find_kpi(kpi), None),
    }  # fmt: skip
    frame = with_words(pd.DataFrame([row]).assign(comparator=pd.Series([comparator], dtype=object)))
    frame = frame.astype({"vendor": object, "period": "datetime64[us]", "period_end": "datetime64[us]"})
    return risk_heatmap_frame(frame, months(chart or {"upper_limit": NONE}, kpi=kpi)).iloc[0]


def months(*charts: dict, kpi: str = "service_level") -> pd.DataFrame:
    """Months of vendor A with limits 70 to 90 %, each chart saying what differs."""
    calm = {
        "vendor": "A", "kpi": kpi, "period": pd.Timestamp("2026-09-01"), "complete": True, "value": 0.8, "centre_line": 0.8,
        "upper_limit": 0.9, "signal": "none", "rule": None, "assurance": None, "trial_limits": False,
    }  # fmt: skip
    return pd.DataFrame([calm | chart for chart in charts]).astype({"vendor": object, "rule": object, "assurance": object})


class TestGapAndTrend:
    """Without limits only these two count. Against >= 80 %, so 2 % of the target are 1.6 pp and 10 % are 8 pp.

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
        assert "missed, +1 (worse), none is allowed." in rated("security_incidents", 1, 1, MOST, 0)["reason"]
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

    def test_blanks_are_counted_apart(self) -> None:
        assert not_rated_words(pd.DataFrame({"level": [0.0, NONE, NONE]})) == "2 cells are not measured and have no level"
        assert not_rated_words(pd.DataFrame({"level": [0.0, NONE]})) == "1 cell is not measured and has no level"
        assert not_rated_words(pd.DataFrame({"level": [0.0]})) == ""

    def test_a_neutral_kpi(self) -> None:
        cell = rated("contacts_handled", 100, 50, None)
        assert np.isnan(cell["level"]) and cell["reason"] == "A neutral KPI: context, not a risk."

    def test_a_kpi_that_nobody_has_a_level_for_has_no_column(self) -> None:
        frame = pd.DataFrame({"vendor": ["A", "B", "A", "B"], "kpi": ["csat", "csat", "nps", "nps"], "level": [NONE, 0.0, NONE, NONE]})
        assert list(of_rated_kpis(frame)["kpi"]) == ["csat", "csat"]

    def test_the_portfolio_is_no_vendor(self) -> None:
        days = {"period": [pd.Timestamp(Q3.start)], "period_end": [pd.Timestamp(Q3.end)]}
        nobody = pd.DataFrame({"vendor": pd.Series([None], dtype=object), "kpi": ["csat"], **days})
        assert risk_heatmap_frame(nobody, months(CONCERN).assign(vendor=None)).empty
        assert risk_heatmap_frame(nobody.head(0), months(CONCERN)).empty


class TestWithoutATarget:
    """Only the trend counts, against 2 % of the earlier value."""

    @pytest.mark.parametrize(("before", "level"), [(3.9, 0), (4.3, 1), (4.05, 0)])
    def test_only_the_trend_counts(self, before: float, level: int) -> None:
        cell = rated("csat_mean", 4.0, before, None)
        assert cell["level"] == level and "no target to hold it against" in cell["reason"]


class TestSignalAndAssurance:
    """Against >= 80 %, before 80 %: 2 % of the target are 1.6 pp.

    | value | signal      | assurance   | before | points                                   | level      |
    | ----- | ----------- | ----------- | ------ | ---------------------------------------- | ---------- |
    | 82 %  | none        | hit or miss | 82 %   | 0                                        | 0 low      |
    | 82 %  | none        | hit or miss | 85 %   | worse, but normal variation: 0           | 0 low      |
    | 82 %  | concern     | hit or miss | 85 %   | signal +1, the trend says the same: 0    | 1 moderate |
    | 82 %  | concern     | hit or miss | 79 %   | signal +1, improving -1; a concern       | 1 moderate |
    | 82 %  | concern     | pass        | 82 %   | signal +1, assurance -1; a concern       | 1 moderate |
    | 82 %  | improvement | pass        | 79 %   | -1 -1, the trend says the same           | 0 low      |
    | 82 %  | none        | fail        | 82 %   | met this time, will usually fail: +1     | 1 moderate |
    | 78 %  | concern     | hit or miss | 78 %   | missed 2, signal +1                      | 3 extreme  |
    | 78 %  | none        | pass        | 78 %   | missed 2, usually met -1                 | 1 moderate |
    | 78 %  | improvement | hit or miss | 75 %   | missed 2, signal -1                      | 1 moderate |
    | 78 %  | none        | fail        | 78 %   | missed 2, will keep failing +1           | 3 extreme  |
    | 70 %  | improvement | pass        | 70 %   | missed by more than 8 pp 3, -1, -1       | 1 moderate |
    """

    @pytest.mark.parametrize(
        ("value", "signal", "assurance", "before", "points", "level"),
        [
            (0.82, CALM, "hit_or_miss", 0.82, 0, 0),
            (0.82, CALM, "hit_or_miss", 0.85, 0, 0),
            (0.82, CONCERN, "hit_or_miss", 0.85, 1, 1),
            (0.82, CONCERN, "hit_or_miss", 0.79, 0, 1),
            (0.82, CONCERN, "pass", 0.82, 0, 1),
            (0.82, IMPROVEMENT, "pass", 0.79, -2, 0),
            (0.82, CALM, "fail", 0.82, 1, 1),
            (0.78, CONCERN, "hit_or_miss", 0.78, 3, 3),
            (0.78, CALM, "pass", 0.78, 1, 1),
            (0.78, IMPROVEMENT, "hit_or_miss", 0.75, 1, 1),
            (0.78, CALM, "fail", 0.78, 3, 3),
            (0.70, IMPROVEMENT, "pass", 0.70, 1, 1),
        ],
    )
    def test_all_four_add_up(self, value: float, signal: dict, assurance: str, before: float, points: int, level: int) -> None:
        cell = rated("service_level", value, before, target=0.80, chart=signal | {"assurance": assurance})
        assert (cell["points"], cell["level"]) == (points, level)

    def test_trial_limits_do_not_call_a_move_normal(self) -> None:
        trial = CALM | {"trial_limits": True}
        assert rated("service_level", 0.82, 0.85, target=0.80, chart=trial)["level"] == 1
        assert "(trial limits: fewer than 13 months)" in rated("service_level", 0.82, 0.85, target=0.80, chart=trial)["reason"]

    def test_the_arrow_is_signal_and_trend_together(self) -> None:
        ways = [rated("service_level", 0.82, before, target=0.80, chart=CONCERN)["trend"] for before in (0.85, 0.82, 0.79)]
        assert ways == ["worsening", "worsening", "steady"]

    def test_high_and_low_of_a_band_are_neither_good_nor_bad(self) -> None:
        low = {"signal": "low", "rule": "outside_limits"}
        cell = rated("occupancy", 0.80, 0.86, BAND, lower=0.75, upper=0.88, chart=low)
        assert (cell["points"], cell["level"]) == (0, 0)
        assert "unusually low in Sep 2026: below the lower limit." in cell["reason"] and "Assurance 0 · none for a band." in cell["reason"]

    @pytest.mark.parametrize("silent", [{"complete": False}, {"period": pd.Timestamp("2026-06-01")}, {"value": NONE}])
    def test_only_whole_measured_months_of_the_period_speak(self, silent: dict) -> None:
        assert "Signal 0 · no whole month with limits" in rated("service_level", 0.82, 0.82, target=0.80, chart=CONCERN | silent)["reason"]

    def test_how_far_the_newest_month_lies_from_its_mean(self) -> None:
        """Limits 70 to 90 % around 80 %: 95 % is one and a half times the way to the limit; without any width nothing is far."""
        assert rated("service_level", 0.82, target=0.80, chart={"value": 0.95})["distance"] == pytest.approx(1.5)
        assert rated("service_level", 0.82, target=0.80, chart={"value": 0.8, "upper_limit": 0.8})["distance"] == 0


class TestReason:
    def test_it_says_the_numbers_and_the_points(self) -> None:
        chart = CONCERN | {"assurance": "fail"}
        assert rated("service_level", 0.70, 0.80, target=0.80, chart=chart)["reason"].split("\n") == [
            "Gap +3 · 70 % against >= 80 %: missed, -10 pp, more than 10 % of the target.",
            "Signal +1 · concern in Sep 2026: 7 or more points in a row on the worse side of the average.",
            "Assurance +1 · will consistently fail the target.",
            "Trend 0 · worsening, -10 pp on Q2 2026: counted with the signal.",
            "Together +5: extreme.",
        ]
        assert rated("service_level", 0.82, NONE, target=0.80)["reason"].split("\n") == [
            "Gap 0 · 82 % against >= 80 %: met, +2 pp.",
            "Signal 0 · no whole month with limits in the period.",
            "Assurance 0 · none without limits and a target.",
            "Trend 0 · no whole period to compare with.",
            "Together 0: low.",
        ]

    def test_it_says_what_lifts_the_level(self) -> None:
        lifted = rated("service_level", 0.82, 0.82, target=0.80, chart=CONCERN | {"assurance": "pass"})["reason"]
        assert lifted.endswith("Together 0: moderate, as a concern is at least that.")

    def test_the_sign_of_a_small_number_is_kept(self) -> None:
        assert "+0:30 min (worse)" in rated("average_handle_time", 330, 330, MOST, 300)["reason"]
        assert "+0.5 pp" in rated("service_level", 0.805, 0.8, target=0.80)["reason"]


class TestVerdict:
    """Levels per vendor and KPI: A 3, 3, 1; B 3, 0, not rated."""

    @staticmethod
    def cells(*levels: tuple[str, str, float]) -> pd.DataFrame:
        return pd.DataFrame(levels, columns=["vendor", "kpi", "level"]).astype({"level": float})

    def test_it_names_where_most_of_the_highest_level_is(self) -> None:
        cells = self.cells(
            ("A", "csat", 3), ("A", "error_rate", 3), ("A", "esat", 1), ("B", "csat", 3), ("B", "esat", 0), ("B", "error_rate", NONE)
        )
        assert heatmap_verdict(cells, Q3) == (
            "Three of 5 rated cells are extreme in Q3 2026, two of them at A: customer satisfaction and error rate."
        )

    def test_one_cell(self) -> None:
        assert heatmap_verdict(self.cells(("A", "csat", 1), ("B", "csat", 0)), Q3) == (
            "One of 2 rated cells is moderate in Q3 2026, at A: customer satisfaction."
        )

    def test_all_low(self) -> None:
        assert heatmap_verdict(self.cells(("A", "csat", 0), ("B", "csat", 0)), Q3) == (
            "All 2 rated cells are low in Q3 2026: no KPI of any vendor shows risk."
        )

    def test_nothing_rated(self) -> None:
        assert heatmap_verdict(self.cells(("A", "csat", NONE)), Q3) == "No KPI of any vendor can be rated in Q3 2026."
        assert heatmap_verdict(self.cells(), Q3) == "No KPI of any vendor can be rated in Q3 2026."


def test_a_kpi_that_can_have_no_level_is_said_to_be_left_out() -> None:
    frame = pd.DataFrame({"kpi": ["contacts_handled", "csat", "nps"], "status": ["no target", "met", "not measured"]})
    assert left_out_words(frame) == f"Left out, neither high nor low being good: {find_kpi('contacts_handled').label}"
    assert left_out_words(frame[1:]) == ""
