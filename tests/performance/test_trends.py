"""The sentence a trend opens with: the newest signal, or since when there is none; at most 160 characters."""

from datetime import date

import pandas as pd
import pytest

from analytics.catalogue import KPIS, Comparator
from analytics.performance.spc import with_signals
from analytics.performance.targets import LEVELS
from analytics.performance.trends import trend_verdict
from analytics.performance.variance import with_status
from analytics.performance.verdict import LONGEST
from analytics.performance.words import with_words
from analytics.periods import Grain

NO_EVENTS = pd.DataFrame({"happened_on": pd.Series([], dtype="datetime64[us]"), "title": []})
CALM = [0.83, 0.88, 0.82, 0.87, 0.84, 0.87, 0.83, 0.88, 0.82, 0.87, 0.83, 0.86, 0.83]
# Eight months in a row that fall, all within the limits.
FALL = [0.89, 0.88, 0.87, 0.86, 0.85, 0.84, 0.83, 0.82]


def series(values: list[float], kpi: str = "csat", target: float = 0.80) -> pd.DataFrame:
    """Whole months from January 2018."""
    months = pd.date_range("2018-01-01", periods=len(values), freq="MS")
    levels = {name: target if name == "target" else float("nan") for name in LEVELS}
    frame = pd.DataFrame({"period": months, "kpi": kpi, "value": values, "complete": True, "remark": None, "currency": None, **levels})
    comparator = pd.Series([Comparator.AT_LEAST] * len(frame), dtype=object)
    return with_signals(with_words(with_status(frame.assign(comparator=comparator))))


def event(day: date, title: str) -> pd.DataFrame:
    return pd.DataFrame({"happened_on": [pd.Timestamp(day)], "title": [title]})


def verdict(values: list[float], events: pd.DataFrame = NO_EVENTS, kpi: str = "csat") -> str:
    return trend_verdict(series(values, kpi), events, Grain.MONTH)


class TestNormalVariation:
    def test_without_any_special_cause_it_is_all_there_is(self) -> None:
        words = "Customer satisfaction shows normal variation only. 83 % in Jan 2019 met the target of >= 80 %."
        assert verdict(CALM) == words

    def test_the_latest_special_cause_is_named(self) -> None:
        """January 2019 lies far below the limits; February and March are calm again."""
        words = "Customer satisfaction shows normal variation since Feb 2019; a concern in Jan 2019: 65 %, below its lower limit. "
        words += "87 % in Mar 2019 met the target of >= 80 %."
        assert verdict([*CALM[:-1], 0.65, 0.83, 0.87]) == words

    def test_with_the_event_of_its_month_where_there_is_one(self) -> None:
        sentence = verdict([*CALM[:-1], 0.65, 0.83, 0.87], event(date(2019, 1, 9), "Pune outage"))
        assert sentence.endswith('a concern in Jan 2019: 65 %, below its lower limit, the month of "Pune outage".')

    def test_an_event_too_long_for_the_sentence_gives_way(self) -> None:
        sentence = verdict([*CALM[:-1], 0.65, 0.83, 0.87], event(date(2019, 1, 9), "Outage " * 20))
        assert sentence.endswith("a concern in Jan 2019: 65 %, below its lower limit. 87 % in Mar 2019 met the target of >= 80 %.")

    def test_a_cause_of_several_months_says_when_it_ended(self) -> None:
        sentence = verdict([*CALM, *FALL, 0.87, 0.83, 0.88])
        assert sentence.startswith(
            "Customer satisfaction shows normal variation since Oct 2019; a concern until Sep 2019: falling since Feb 2019."
        )

    def test_of_two_causes_the_later_one(self) -> None:
        sentence = verdict([*CALM, 0.65, *CALM, 1.10, 0.83, 0.87])
        assert "normal variation since May 2020; an improvement in Apr 2020: 110 %, above its upper limit" in sentence

    @pytest.mark.parametrize("kpi", KPIS)
    def test_it_fits_for_every_kpi(self, kpi: str) -> None:
        sentence = verdict([*CALM[:-1], 0.65, 0.83, 0.87], event(date(2019, 1, 9), "The outage of the switch in Pune"), kpi)
        assert len(sentence) <= LONGEST and "since Feb 2019; " in sentence


class TestSignal:
    """What lasts is said to last until the newest whole period shown, since newer ones may exist outside the range."""

    def test_a_concern_comes_first(self) -> None:
        assert verdict([*CALM, 0.65]).startswith("Concern: customer satisfaction fell below its lower limit in Feb 2019. 65 % in Feb 2019 ")

    def test_a_concern_that_lasts_says_until_when(self) -> None:
        sentence = verdict([*CALM, 0.65, 0.67], event(date(2019, 2, 9), "Outage"))
        assert sentence.startswith(
            'Concern: customer satisfaction fell below its lower limit in Feb 2019, the month of "Outage", '
            "and had not recovered by Mar 2019."
        )

    def test_so_does_an_improvement(self) -> None:
        assert "rose above its upper limit in Feb 2019 and was still there in Mar 2019." in verdict([*CALM, 1.05, 1.04])

    def test_a_run_says_from_when_to_when_and_whose_month_the_event_is(self) -> None:
        sentence = verdict([*CALM, *FALL], event(date(2019, 2, 9), "Go-live"))
        assert sentence.startswith('Concern: customer satisfaction was falling from Feb 2019, the month of "Go-live", to Sep 2019.')
