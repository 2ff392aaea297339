"""Vendors side by side over a small warehouse: months, common mix, blanks, targets and every verdict in words."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.filters import Filters
from analytics.performance.compared import (
    ONLY_REPORTED,
    Compared,
    CompareRequest,
    Goal,
    Standing,
    compared,
    compared_sites,
    goals,
    window_of,
    window_to,
)
from analytics.performance.compared_in_words import comparison_sentence, mix_words, with_compared_words
from analytics.performance.comparison import NOT_SERVED, side_by_side
from analytics.periods import Period
from tests.performance.test_comparison import Members, frame, steady
from tests.rows import EVERYTHING, store_of

LAST_DAY = date(2026, 9, 30)
YEAR = window_to(Period.parse("2026-Q3"), LAST_DAY)


class TestWindow:
    def test_twelve_months_to_the_end_of_the_period(self) -> None:
        assert (YEAR.label, YEAR.phrase, len(YEAR.months)) == ("12 months to Sep 2026", "over 12 months", 12)
        assert YEAR.first.id == "2025-10"

    def test_the_period_itself(self) -> None:
        quarter = window_of(Period.parse("2026-Q3"), LAST_DAY)
        assert (quarter.label, quarter.phrase, len(quarter.months)) == ("Q3 2026", "in Q3 2026", 3)
        assert window_of(Period.parse("FY2027-Q1", 4), LAST_DAY).label == "Q1 FY2027"

    def test_only_whole_months(self) -> None:
        """Data to 10 November: the quarter so far is October; the year ends with it."""
        assert window_of(Period.parse("2026-Q4"), date(2026, 11, 10)).label == "Oct 2026"
        assert window_to(Period.parse("2026-Q4"), date(2026, 11, 10)).label == "12 months to Oct 2026"
        assert window_of(Period.parse("2026-Q4"), date(2026, 10, 10)).label == "Oct 2026"

    def test_a_calendar_year_is_called_so(self) -> None:
        assert window_to(Period.parse("2025-Q4"), LAST_DAY).label == "2025"


def work(vendor: str, lob: str, offered: int, answered: int, months: int = 12, **more: object) -> Iterator[dict[str, object]]:
    """Monthly rows with a swing of one contact up and down."""
    for month in range(months):
        start = Period.parse("2026-09").shifted(month - months + 1).start
        swing = 1 if month % 2 else -1
        yield {
            "grain": "month", "period_start": start, "vendor": vendor, "site": f"{vendor} site", "lob": lob, "channel": "voice",
            "contacts_offered": offered, "answered_within_threshold": answered + swing, **more,
        }  # fmt: skip


# Both answer 70 % of the hard and 90 % of the easy work in time, B one point more; A does more of the hard.
ROWS = [
    *work("A", "hard", 3000, 2100),
    *work("A", "easy", 1000, 900),
    *work("B", "hard", 1000, 710),
    *work("B", "easy", 3000, 2730),
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """A, B, a C that does other work, a D with 20 cases and an E that only reports; costs per vendor."""
    more = [
        *work("C", "other", 1000, 500),
        *work("D", "hard", 2, 1),
        *({"grain": "month", "source": "invoice", "period_start": month.start, "vendor": vendor, "cost": cost, "currency": "USD"}
          for month in YEAR.months for vendor, cost in (("A", 8000), ("B", 6000))),
        *({"grain": "month", "source": "crm", "period_start": month.start, "vendor": vendor, "contacts_handled": 4000}
          for month in YEAR.months for vendor in "AB"),
    ]  # fmt: skip
    reported = [{"period_start": month.start, "vendor": "E", "kpi": "service_level", "actual": 0.8} for month in YEAR.months]
    target = {"kpi": "service_level", "comparator": ">=", "expected": 0.8, "valid_from": date(2026, 1, 1)}
    own = {**target, "vendor": "B", "expected": 0.75}
    yield store_of(tmp_path_factory.mktemp("compared"), [*ROWS, *more], scorecard=reported, targets=[target, own])


def asked(store, kpi: str = "service_level", **more) -> tuple[Compared, pd.DataFrame]:
    found = compared(store, EVERYTHING, CompareRequest((kpi,), YEAR, **more))
    return found, found.of(kpi).set_index("member", drop=False)


class TestCommonMix:
    def test_the_same_work_turns_the_picture(self, two) -> None:
        """As measured A has 3000 of 4000 = 75 % and B 3440 = 86 %; weighted alike (half and half) 80 and 81 %."""
        found, rows = asked(two)
        assert rows["measured_value"][["A", "B"]].tolist() == pytest.approx([0.75, 0.86])
        assert rows["value"][["A", "B"]].round(3).tolist() == [0.8, 0.81]
        assert found.strata == {"service_level": ("hard, voice", "easy, voice")}

    def test_who_takes_no_part_says_why(self, two) -> None:
        _, rows = asked(two)
        assert rows["remark"].to_dict() | {"A": "", "B": ""} == {
            "A": "", "B": "", "C": NOT_SERVED, "D": NOT_SERVED, "E": ONLY_REPORTED,
        }  # fmt: skip
        assert rows.loc[["C", "D", "E"], "standing"].tolist() == [Standing.NOT_RANKED] * 3

    def test_as_measured(self, two) -> None:
        found, rows = asked(two, common_mix=False)
        assert not found.strata and not rows["common_mix"].any()
        assert rows["value"]["C"] == 0.5
        assert rows["standing"].to_dict()["B"] == Standing.BETTER
        assert rows["member"].tolist()[:3] == ["B", "A", "C"]

    def test_what_is_not_known_by_line_is_compared_as_measured(self, two) -> None:
        found, rows = asked(two, "cost_per_contact")
        assert rows.loc["A", ["value", "currency", "common_mix"]].tolist() == [2.0, "USD", False]
        assert not found.strata
        words = mix_words(with_compared_words(found.of("cost_per_contact"), {}), (), asked=True)
        assert words.startswith("Compared as measured: too little")

    def test_filters_leave_one(self, two) -> None:
        _, rows = asked(two, filters=Filters(vendor=("A",)))
        assert rows["rank_text"].tolist() == ["1"]
        assert comparison_sentence(rows, "over 12 months").startswith("Only A can be ranked")

    def test_nothing_at_all(self, two) -> None:
        found, rows = asked(two, filters=Filters(vendor=("Nobody",)))
        assert rows.empty and found.of("csat").empty
        assert with_compared_words(rows, {}).empty


class TestTargetsAndSites:
    def test_each_member_its_own_target(self, two) -> None:
        found = goals(two, EVERYTHING, CompareRequest(("service_level",), YEAR))
        assert (found["A"], found["B"]) == (Goal(">= 80 %", (0.8,)), Goal(">= 75 %", (0.75,)))

    def test_sites_as_measured(self, two) -> None:
        rows = compared_sites(two, EVERYTHING, CompareRequest(("service_level",), YEAR))
        assert rows.set_index("member").loc["A site", ["vendor", "value"]].tolist() == ["A", 0.75]
        assert compared_sites(two, EVERYTHING, CompareRequest(("cost_per_contact",), YEAR))["value"].isna().all()

    def test_a_site_of_two_vendors_is_named_with_its_vendor(self, tmp_path: Path) -> None:
        rows = [{**row, "site": "Pune"} for row in ROWS]
        found = compared_sites(store_of(tmp_path, rows), EVERYTHING, CompareRequest(("service_level",), YEAR))
        assert set(found["member"]) == {"Pune, A", "Pune, B"}


def verdict(members: Members, kpi: str = "csat") -> str:
    rows = side_by_side(frame(members, kpi)).rename(columns={"vendor": "member"}).assign(currency="")
    return comparison_sentence(rows.sort_values("value", ascending=False), "over 12 months")


class TestVerdict:
    def test_first_and_last(self) -> None:
        assert verdict({"A": steady(0.9), "B": steady(0.8), "C": steady(0.7)}) == (
            "A is best on customer satisfaction over 12 months; C is last, 70 % against 85 % of the others."
        )
        assert verdict({"A": steady(0.9), "B": steady(0.901), "C": steady(0.7), "D": [(2, 3)] * 3}) == (
            "B and A share rank 1 on customer satisfaction over 12 months; C is last, 70 % against 90 % of the others. "
            "Not ranked: one small sample."
        )

    def test_nobody_can_be_told_apart(self) -> None:
        assert verdict({name: [(80, 100)] * 12 for name in "ABC"}) == (
            "None of the three vendors can be told apart on customer satisfaction over 12 months: their intervals overlap."
        )
        assert verdict({name: [(80, 100)] * 12 for name in "AB"}).startswith("Neither of the two vendors can be told apart")

    def test_some_can(self) -> None:
        assert verdict({"A": steady(0.82, 3000), "B": steady(0.81, 3000, swing=40), "C": steady(0.80, 3000)}) == (
            "A is better than C on customer satisfaction over 12 months; nobody else is told apart."
        )

    def test_many(self) -> None:
        said = verdict({f"V{number}": steady(0.5 + number / 200) for number in range(50)})
        assert said.startswith(("V49 is best on", "V49 is better than"))
        assert len(said) <= 160

    def test_nobody_is_ranked(self) -> None:
        assert verdict({"A": [(2, 3)] * 3, "B": [(1, 2)] * 3}) == (
            "No vendor can be ranked on customer satisfaction over 12 months. Not ranked: two small samples."
        )
        assert (
            verdict({"A": [(0, 0)] * 3, "B": [(0, 0)] * 3})
            == "No vendor has customer satisfaction with its counts in a whole month over 12 months."
        )
        assert (
            verdict({"A": steady(0.8), "B": steady(0.9)}, "occupancy")
            == "Occupancy has no good direction: the vendors are shown, not ranked."
        )
        assert verdict({"A": [(5, 0)] * 3, "B": [(7, 0)] * 3}, "contacts_handled").startswith(
            "Contacts handled is a total, and larger vendors have more"
        )


class TestWords:
    def test_numbers_as_printed(self, two) -> None:
        found, _ = asked(two)
        rows = with_compared_words(found.of("service_level"), {"A": Goal(">= 80 %", (0.8,))}).set_index("member")
        assert rows.loc["A", ["value_text", "measured_text", "target_text"]].tolist()[1:] == ["75 %", ">= 80 %"]
        assert rows.loc["E", ["value_text", "interval_text", "others_text", "difference_text"]].tolist() == ["-"] * 4
        assert rows.loc["E", "coverage"] == "0 of 12 months"

    def test_one_more_decimal_where_intervals_are_narrow(self) -> None:
        rows = side_by_side(frame({"A": steady(0.0033, 100000), "B": steady(0.0031, 100000)}, "error_rate"))
        rows = rows.assign(member=rows["vendor"], currency="", measured_value=np.nan, months=12)
        assert with_compared_words(rows, {})["value_text"].tolist() == ["0.33 %", "0.31 %"]

    def test_what_the_mix_changes(self, two) -> None:
        found, _ = asked(two)
        said = mix_words(with_compared_words(found.of("service_level"), {}), found.strata["service_level"], asked=True)
        assert said.startswith("Common mix: the work all of them do (")
        assert "86 %" in said or "75 %" in said
        assert mix_words(with_compared_words(found.of("service_level"), {}), (), asked=False).startswith(
            "As measured: each on all of its own"
        )
