"""Limits as a reader chooses them: what applies, what is said where it does not, and how each stretch is named."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.performance.chosen_limits import (
    SEGMENT,
    AppliedLimits,
    LimitChoice,
    Method,
    applied_limits,
    limits_words,
    with_chosen_limits,
)
from analytics.periods import Grain

LOW_THEN_HIGH = [8.0, 12.0] * 4 + [28.0, 32.0] * 7
MOVED = ("2024-08-20 Move", date(2024, 8, 20), "Move")
NO_EVENTS = pd.DataFrame({"happened_on": pd.Series([], dtype="datetime64[us]"), "title": pd.Series([], dtype=object)})


def months(values: list[float], kpi: str = "contacts_handled", freq: str = "MS") -> pd.DataFrame:
    """A KPI frame from January 2024 on."""
    starts = pd.date_range("2024-01-01", periods=len(values), freq=freq)
    ends = starts + pd.offsets.MonthEnd(0) if freq == "MS" else starts
    frame = pd.DataFrame({"period": starts, "period_end": ends, "kpi": kpi, "value": np.array(values, dtype=float), "complete": True})
    return frame.assign(numerator=frame["value"] * 100, denominator=100.0)


def events(*days_and_titles: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"happened_on": pd.to_datetime([day for day, _ in days_and_titles]), "title": [title for _, title in days_and_titles]}
    )


def applied(choice: LimitChoice, frame: pd.DataFrame, dated: pd.DataFrame = NO_EVENTS, grain: Grain = Grain.MONTH) -> AppliedLimits:
    return applied_limits(choice, frame, dated, grain)


class TestNewLimits:
    def test_each_stretch_has_its_own_limits_and_name(self) -> None:
        """8 and 12 until August, 28 and 32 from September: means 10 and 30."""
        frame = months(LOW_THEN_HIGH)
        found = applied(LimitChoice(rebased=(MOVED[0],)), frame, events(("2024-08-20", "Move")))
        assert found == AppliedLimits(None, True, ((date(2024, 8, 20), "Move"),))
        limited = with_chosen_limits(frame, found)
        assert limited["centre_line"].tolist() == [10.0] * 8 + [30.0] * 14
        assert limited[SEGMENT].tolist() == ["before Move"] * 8 + ["since Move"] * 14
        said = "The limits start anew with Sep 2024 (Move, 20 Aug 2024): no rule reaches across."
        assert said in limits_words(found, limited, Grain.MONTH)

    def test_between_two_events(self) -> None:
        frame = months(LOW_THEN_HIGH)
        dated = events(("2024-04-10", "IVR"), ("2024-08-20", "Move"))
        found = applied(LimitChoice(rebased=("2024-08-20 Move", "2024-04-10 IVR")), frame, dated)
        names = with_chosen_limits(frame, found)[SEGMENT]
        assert names.tolist() == ["before IVR"] * 4 + ["from IVR to Move"] * 4 + ["since Move"] * 14

    def test_one_point_since_then_has_no_limits(self) -> None:
        frame = months(LOW_THEN_HIGH)
        found = applied(LimitChoice(rebased=("2025-09-15 Late",)), frame, events(("2025-09-15", "Late")))
        limited = with_chosen_limits(frame, found)
        assert np.isnan(limited["lower_limit"].iat[-1]) and limited["lower_limit"].iloc[:-1].notna().all()
        assert "1 whole point since then: too few for limits." in limits_words(found, limited, Grain.MONTH)

    def test_an_event_without_periods_on_both_sides_is_said(self) -> None:
        frame = months(LOW_THEN_HIGH)
        dated = events(("2023-12-30", "Early"), ("2025-10-20", "Late"))
        found = applied(LimitChoice(rebased=("2023-12-30 Early", "2025-10-20 Late", "2025-01-01 Nothing")), frame, dated)
        assert found.events == ()
        assert found.refused == (
            "'2025-01-01 Nothing' is no event of this chart: nothing starts anew there.",
            "No month of this chart ends before Early (30 Dec 2023): the limits do not start anew there.",
            "No month of this chart begins after Late (20 Oct 2025): the limits do not start anew there.",
        )
        assert SEGMENT not in with_chosen_limits(frame, found)

    def test_fifty_events(self) -> None:
        frame = months([float(value % 7) for value in range(60)], freq="D")
        days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-01-05", periods=50, freq="D")]
        dated = events(*((day, f"E{number}") for number, day in enumerate(days)))
        found = applied(LimitChoice(rebased=tuple(f"{day} E{number}" for number, day in enumerate(days))), frame, dated, Grain.DAY)
        assert len(found.events) == 50 and with_chosen_limits(frame, found)[SEGMENT].nunique() == 51

    @pytest.mark.parametrize("values", [[], [5.0], [5.0] * 20, [np.nan] * 5])
    def test_nothing_one_flat_and_unmeasured(self, values: list[float]) -> None:
        frame = months(values)
        for method in (None, *Method):
            found = applied(LimitChoice(method, rebased=("2024-03-10 Move",)), frame, events(("2024-03-10", "Move")))
            limited = with_chosen_limits(frame, found)
            assert len(limited) == len(values) and (limited["signal"] == "none").all()


class TestMethods:
    def test_laney_for_proportions_only(self) -> None:
        found = applied(LimitChoice(Method.LANEY), months([300.0, 310.0] * 5, "average_handle_time"))
        assert found.method is None
        assert found.refused == ("Laney p' is for proportions, which average handle time is not: standard limits are shown.",)

    def test_laney_needs_counts(self) -> None:
        frame = months([0.8, 0.9] * 5, "service_level")
        assert applied(LimitChoice(Method.LANEY), frame).method is Method.LANEY
        assert "needs the counts" in applied(LimitChoice(Method.LANEY), frame.assign(denominator=np.nan)).refused[0]

    def test_laney_limits_are_as_wide_as_the_counts_make_them(self) -> None:
        frame = months([0.8, 0.9] * 7, "service_level").assign(denominator=[100.0, 400.0] * 7)
        frame = frame.assign(numerator=frame["value"] * frame["denominator"])
        width = with_chosen_limits(frame, applied(LimitChoice(Method.LANEY), frame)).eval("upper_limit - lower_limit")
        assert width.iat[0] == pytest.approx(2 * width.iat[1])

    def test_weekdays_are_for_days(self) -> None:
        by_month = applied(LimitChoice(Method.WEEKDAY), months(LOW_THEN_HIGH))
        assert by_month.refused == ("Only days have weekdays, and this is by month: standard limits are shown.",)
        few = applied(LimitChoice(Method.WEEKDAY), months([1.0] * 20, freq="D"), grain=Grain.DAY)
        assert few.refused == ("No weekday has 4 measured days yet: standard limits are shown.",)

    def test_weekday_limits_follow_the_week(self) -> None:
        """Seven Mondays at 70, other days at 10: no day is a signal, and Monday's mean is 60 higher."""
        frame = months([70.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0] * 7, freq="D")
        found = applied(LimitChoice(Method.WEEKDAY), frame, grain=Grain.DAY)
        limited = with_chosen_limits(frame, found)
        assert limited["centre_line"].iat[0] - limited["centre_line"].iat[1] == pytest.approx(60)
        assert (limited["signal"] == "none").all() and "around what is usual for each weekday" in limits_words(found, limited, Grain.DAY)

    def test_without_screening_a_jump_widens_the_limits(self) -> None:
        frame = months([1.0, 2.0, 1.0, 2.0, 10.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0])
        uppers = [with_chosen_limits(frame, AppliedLimits(None, screening))["upper_limit"].iat[0] for screening in (True, False)]
        assert uppers == pytest.approx([4.60, 6.95], abs=0.01)
        assert "every range counted" in limits_words(AppliedLimits(None, False), frame, Grain.MONTH)
