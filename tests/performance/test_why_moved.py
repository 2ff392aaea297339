"""Why a KPI moved: both sides of the change, and why there is sometimes nothing to split."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from analytics.fair_periods import parse_choice
from analytics.filters import Filters
from analytics.performance.why_moved import Against, Why, WhyRequest, dated_events, why_moved
from analytics.periods import Grain, Period
from analytics.warehouse import Store
from tests.rows import EVERYTHING, store_of

JULY, AUGUST = (Period.of(Grain.MONTH, date(2026, month, 1)) for month in (7, 8))


def month(vendor: str, number: int, offered: int, in_time: int, **more: object) -> dict[str, object]:
    """A month of a vendor's contacts."""
    row: dict[str, object] = {"vendor": vendor, "grain": "month", "period_start": date(2026, number, 1)}
    return row | {"contacts_offered": offered, "answered_within_threshold": in_time} | more


def target(**levels: object) -> dict[str, object]:
    return {"kpi": "service_level", "comparator": ">=", "valid_from": date(2026, 1, 1), "basis": "contract"} | levels


TWO_MONTHS = [month("A", 7, 500, 450), month("B", 7, 500, 350), month("A", 8, 200, 184), month("B", 8, 800, 560)]


def asked(store: Store, **choices: object) -> Why:
    request = {"kpi": "service_level", "by": "vendor", "period": AUGUST, "other": JULY} | choices
    return why_moved(store, EVERYTHING, WhyRequest(**request))  # ty: ignore[invalid-argument-type]


def effects(why: Why) -> Mapping[str | None, tuple[float, float]]:
    assert why.split is not None
    return {part.member: (float(part.rate_effect), float(part.mix_effect)) for part in why.split.parts}


class TestPeriods:
    """
    | month | vendor | offered | in time |
    | ----- | ------ | ------- | ------- |
    | Jul   | A      | 500     | 450     |
    | Jul   | B      | 500     | 350     |
    | Aug   | A      | 200     | 184     |
    | Aug   | B      | 800     | 560     |
    """

    def test_the_worked_example(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, TWO_MONTHS))
        assert effects(why) == {"A": (0.007, -0.0414), "B": (0, -0.0216)}
        assert why.before is not None
        assert why.after is not None
        assert (why.before.name, why.after.phrase) == ("Jul 2026", "in Aug 2026")
        assert (why.before.coverage, why.after.coverage) == ("2 of 2 vendors", "2 of 2 vendors")

    def test_filters_are_kept(self, tmp_path: Path) -> None:
        assert effects(asked(store_of(tmp_path, TWO_MONTHS), filters=Filters(vendor=("A",)))) == {"A": (pytest.approx(0.02), 0)}

    def test_an_unfinished_period_is_compared_with_as_much_of_the_other(self, tmp_path: Path) -> None:
        """Two months of Q3, 1,544 of 2,000 in time, against the first two of Q2, 160 of 200."""
        quarter = Period.of(Grain.QUARTER, date(2026, 7, 1))
        why = asked(store_of(tmp_path, [*TWO_MONTHS, month("A", 6, 100, 9), month("A", 5, 100, 80), month("A", 4, 100, 80)]),
                    period=quarter, other=quarter.previous())  # fmt: skip
        assert why.split is not None and why.before is not None and why.after is not None
        assert (why.split.start, why.split.end) == (Fraction("0.8"), Fraction("0.772"))
        assert (why.before.name, why.after.phrase) == ("Apr to May 2026", "in Jul to Aug 2026")
        assert why.note == ("Q3 2026 so far, to 31 Aug 2026 compared with the first 2 months of Q2 2026, 1 Apr 2026 to 31 May 2026.")

    def test_an_unfinished_period_is_never_compared_with_a_whole_one(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, [*TWO_MONTHS, month("A", 6, 100, 80)]), period=Period.parse("2026"), other=Period.parse("2026-Q2"))
        assert why.split is None
        assert why.remark == "Q2 2026 is not complete, there is data from 1 Jun 2026: it is not compared with a whole period."

    def test_two_dates_of_ones_own_choice(self, tmp_path: Path) -> None:
        rows = [
            {"period_start": date(2026, 7, 1) + timedelta(days=step), "contacts_offered": 10, "answered_within_threshold": 5 + step // 31}
            for step in range(62)
        ]
        store = store_of(tmp_path, rows)
        why = asked(store, period=AUGUST, other=parse_choice("2026-07-03..2026-07-09"))
        assert why.before is not None and why.split is not None
        assert (why.before.name, why.before.phrase) == ("3 Jul 2026 to 9 Jul 2026", "in the 7 days to 9 Jul 2026")
        assert (why.split.start, why.split.end) == (Fraction("0.5"), Fraction("0.6"))
        assert why.note.endswith("31 days against 7 days: bear it in mind for totals.")
        assert asked(store, other=parse_choice("2026-07-03..2026-08-09")).remark.endswith("overlap.")

    def test_a_period_without_data_says_what_there_is(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, TWO_MONTHS), other=JULY.previous())
        assert why.remark == "No service level was measured in Jun 2026; the data covers 1 Jul 2026 to 31 Aug 2026."

    def test_nothing_to_divide_by(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, [month("A", 7, 0, 0), month("A", 8, 100, 80)]))
        assert why.remark == "Service level cannot be computed in Jul 2026: there is nothing to divide by."

    def test_reported_without_counts(self, tmp_path: Path) -> None:
        results = [{"vendor": "A", "kpi": "service_level", "period_start": date(2026, number, 1), "actual": 0.8} for number in (7, 8)]
        why = asked(store_of(tmp_path, [month("B", 7, 1, 1), month("B", 8, 1, 1)], scorecard=results), filters=Filters(vendor=("A",)))
        assert why.remark == "Service level in Jul 2026 is reported without the counts behind it, so it cannot be split."

    def test_rows_without_a_site_are_a_part_and_alone_they_are_none(self, tmp_path: Path) -> None:
        sites = [month("A", 7, 100, 80, site="Pune"), month("B", 7, 100, 90), month("A", 8, 100, 70, site="Pune"), month("B", 8, 100, 90)]
        store = store_of(tmp_path, sites)
        assert effects(asked(store, by="site")) == {"Pune": (-0.05, 0), None: (0, 0)}
        assert asked(store, by="lob").remark == "Service level is not reported by line of business for these periods and filters."

    def test_new_and_vanished_vendors_and_a_total(self, tmp_path: Path) -> None:
        store = store_of(tmp_path, [month("A", 7, 100, 80, contacts_handled=90), month("B", 8, 100, 60, contacts_handled=95)])
        assert effects(asked(store)) == {"A": (0, pytest.approx(-0.1)), "B": (0, pytest.approx(-0.1))}
        assert effects(asked(store, kpi="contacts_handled")) == {"A": (0, -90), "B": (0, 95)}


class TestMoney:
    """A is paid 500 EUR for 100 contacts in both months, B 700 USD then 800 USD; 1 USD is 0.5 EUR."""

    def rows(self) -> list[dict[str, object]]:
        cells = [("A", 7, "EUR", 500), ("B", 7, "USD", 700), ("A", 8, "EUR", 500), ("B", 8, "USD", 800)]
        return [
            {"vendor": vendor, "grain": "month", "period_start": date(2026, number, 1), "currency": currency, "cost": Decimal(cost),
             "contacts_handled": 100} for vendor, number, currency, cost in cells
        ]  # fmt: skip

    def test_without_rates_there_is_no_sum_of_parts(self, tmp_path: Path) -> None:
        assert asked(store_of(tmp_path, self.rows()), kpi="cost_per_contact").remark == (
            "No cost per contact in Jul 2026: mixed currencies, EUR and USD: no total."
        )

    def test_with_rates_the_members_are_converted_like_their_total(self, tmp_path: Path) -> None:
        rates = [{"currency": "USD", "reporting_currency": "EUR", "rate": Decimal("0.5"), "valid_from": date(2026, 1, 1)}]
        why = asked(store_of(tmp_path, self.rows(), rates=rates), kpi="cost_per_contact", reporting_currency="EUR")
        assert effects(why) == {"A": (0, 0), "B": (0.25, 0)}
        assert why.split is not None
        assert (why.split.currency, why.split.start, why.split.end) == ("EUR", Fraction("4.25"), Fraction("4.5"))


class TestTarget:
    def test_the_gap(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, TWO_MONTHS, targets=[target(expected=0.8)]), against=Against.TARGET)
        assert effects(why) == {"A": (0.024, 0), "B": (-0.08, 0)}
        assert (why.goal, why.basis, why.before) == (">= 80 %", "contract", None)

    @pytest.mark.parametrize(
        ("kpi", "targets", "said"),
        [
            ("transfer_rate", [], "No transfer rate was measured in Aug 2026."),
            ("contacts_handled", [], "Contacts handled is a total: its distance from a target has no rates to split. Compare two periods."),
            ("service_level", [target(expected=0.8, vendor="C")], "Service level has no target in Aug 2026."),
            (
                "service_level",
                [target(expected=0.8, vendor="A"), target(expected=0.7, vendor="B")],
                "The vendors have different targets for service level: choose one vendor in the filters.",
            ),
            (
                "service_level",
                [target(comparator="band", lower=0.7, upper=0.8)],
                "Service level was 74.4 % in Aug 2026, inside its target of 70 to 80 %: there is no gap to split.",
            ),
        ],
    )
    def test_no_gap(self, tmp_path: Path, kpi: str, targets: list[dict[str, object]], said: str) -> None:
        assert asked(store_of(tmp_path, TWO_MONTHS, targets=targets), kpi=kpi, against=Against.TARGET).remark == said

    def test_a_band_is_held_against_the_edge_that_was_crossed(self, tmp_path: Path) -> None:
        store = store_of(tmp_path, TWO_MONTHS, targets=[target(comparator="band", lower=0.8, upper=0.9)])
        assert effects(asked(store, against=Against.TARGET)) == {"A": (0.024, 0), "B": (-0.08, 0)}

    def test_an_unfinished_period_is_so_far(self, tmp_path: Path) -> None:
        quarter = Period.of(Grain.QUARTER, date(2026, 7, 1))
        why = asked(store_of(tmp_path, TWO_MONTHS, targets=[target(expected=0.8)]), period=quarter, against=Against.TARGET)
        assert why.after is not None
        assert why.after.phrase == "in Q3 2026 so far"
        assert why.note == "Q3 2026 is not complete: these are its numbers so far, to 31 Aug 2026."


class TestEvent:
    ROWS = (*TWO_MONTHS, month("A", 6, 1000, 10), month("B", 9, 100, 60))
    EVENTS = (
        {"happened_on": date(2026, 7, 14), "title": "Outage", "vendor": "B"},
        {"happened_on": date(2026, 8, 1), "title": "Sale", "kpi": "contacts_handled"},
    )

    def test_whole_months_on_both_sides(self, tmp_path: Path) -> None:
        store = store_of(tmp_path, self.ROWS, events=self.EVENTS)
        why = asked(store, against=Against.EVENT, event_day=date(2026, 7, 14), event_title="Outage")
        assert why.before is not None
        assert why.after is not None
        assert (why.before.name, why.after.name) == ("Jun 2026", "Aug 2026")
        assert why.note.startswith('1 month before and 1 month after "Outage"')
        assert set(effects(why)) == {"A", "B"}

    def test_two_months_are_one_side(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, self.ROWS), against=Against.EVENT, event_day=date(2026, 8, 1), event_title="Move")
        assert why.before is not None
        assert why.after is not None
        assert (why.before.name, why.after.phrase) == ("Jun to Jul 2026", "in Aug to Sep 2026")
        assert why.split is not None
        assert (why.split.start, why.split.end) == (Fraction(810, 2000), Fraction(804, 1100))

    def test_nothing_before(self, tmp_path: Path) -> None:
        why = asked(store_of(tmp_path, TWO_MONTHS), against=Against.EVENT, event_day=date(2026, 7, 5), event_title="Start")
        assert why.remark == 'There is no whole month on both sides of "Start" with service level measured.'

    def test_events_of_the_kpi_and_the_filters(self, tmp_path: Path) -> None:
        store = store_of(tmp_path, self.ROWS, events=self.EVENTS)
        assert dated_events(store, EVERYTHING, "service_level", Filters()) == [(date(2026, 7, 14), "Outage")]
        assert dated_events(store, EVERYTHING, "service_level", Filters(vendor=("A",))) == []
        assert [title for _, title in dated_events(store, EVERYTHING, "contacts_handled", Filters())] == ["Sale", "Outage"]
