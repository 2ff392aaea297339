"""Which targets hold in a period, whom they are for and why they win; what comes, what has ended; the sentence."""

from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from analytics.performance.report import ReportRequest, report_frame
from analytics.performance.target_changes import EffectRequest, changes_in_words, target_history, verdicts_changed
from analytics.performance.target_overview import Kind, Overview, OverviewRequest, Time, level_text, overview_of, target_overview
from analytics.performance.targets import TABLE_COLUMNS, currency_of, target_table
from analytics.periods import Period
from analytics.query import kpi_frame
from tests.rows import EVERYTHING, store_of

Q3 = Period.parse("2026-Q3")
VENDORS = ("Acme", "Boreal", "Cedar")
JANUARY, AUGUST, OCTOBER = date(2026, 1, 1), date(2026, 8, 15), date(2026, 10, 1)


MONTHS = pd.DataFrame(
    [
        {"period": pd.Timestamp(2026, month, 1), "period_end": pd.Timestamp(2026, month, 28), "vendor": "Acme", "kpi": "service_level",
         "value": 0.82, "complete": True}
        for month in (7, 8, 9)
    ]
)  # fmt: skip


def target(kpi: str, expected: float, since: date = JANUARY, **row: object) -> dict[str, object]:
    return {"kpi": kpi, "comparator": ">=", "expected": expected, "valid_from": since, **row}


def overview(*rows: dict[str, object], kpis: tuple[str, ...] = (), vendors: tuple[str, ...] = VENDORS, **fixed: str) -> Overview:
    """The overview of a table written out, in the order of `target_table`."""
    table = pd.DataFrame(list(rows), columns=list(TABLE_COLUMNS)).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})
    return overview_of(table, OverviewRequest(Q3, kpis, vendors, tuple(fixed.items())))


def said(found: Overview, kpi: str) -> list[tuple[str, str, str]]:
    """(for whom, target, why) of a KPI."""
    return [(holding.whom, holding.target.words(kpi), holding.why) for holding in found.holdings if holding.kpi == kpi]


class TestWhoIsHeldToWhat:
    def test_one_for_all(self) -> None:
        found = overview(target("service_level", 0.8))
        assert said(found, "service_level") == [("all 3 vendors", ">= 80 %", "the only one")]
        assert found.sentence == "1 target holds in Q3 2026, for 1 of 1 KPIs. Nothing contradicts."

    def test_the_one_naming_most_wins_for_its_vendor(self) -> None:
        found = overview(target("service_level", 0.8), target("service_level", 0.85, vendor="Acme"))
        assert said(found, "service_level") == [
            ("Boreal, Cedar", ">= 80 %", "the only one"),
            ("Acme", ">= 85 %", "names Acme: more than >= 80 % for all vendors"),
        ]

    def test_the_later_of_two_open_ones(self) -> None:
        found = overview(target("csat", 0.9), target("csat", 0.92, date(2026, 4, 1)))
        assert said(found, "csat") == [("all 3 vendors", ">= 92 %", "begins later than >= 90 % of 1 Jan 2026")]
        assert found.times == ((Time.LAPSED, "then >= 92 % since 1 Apr 2026"), (Time.VALID, "since 1 Apr 2026"))

    def test_none_stored_uses_the_default_or_nothing(self) -> None:
        found = overview(kpis=("service_level", "cost_per_contact", "contacts_handled"))
        assert [(holding.kpi, holding.kind) for holding in found.holdings] == [
            ("service_level", Kind.DEFAULT), ("cost_per_contact", Kind.NONE),
        ]  # fmt: skip
        assert found.sentence == "No target is stored: 1 KPI uses the default, 1 KPI has none."

    def test_stored_for_others_only(self) -> None:
        found = overview(target("nps", 30, vendor="Acme"))
        assert said(found, "nps")[0] == ("Boreal, Cedar", "none", "stored for others only: Acme")
        assert found.sentence.endswith("No target of net promoter score fits Boreal, Cedar.")

    def test_a_tie_holds_nobody(self) -> None:
        found = overview(target("csat", 0.9, site="Pune"), target("csat", 0.92, vendor="Acme"), site="Pune")
        tied = next(holding for holding in found.holdings if holding.kind is Kind.TIE)
        assert (tied.whom, tied.place) == ("Acme", None)
        assert tied.why == "a tie: >= 90 % for Pune and >= 92 % for Acme; neither names more"
        assert found.errors == 1
        assert "One contradiction must be mended" in found.sentence

    def test_a_target_of_a_site_has_its_own_row(self) -> None:
        found = overview(target("csat", 0.9), target("csat", 0.85, vendor="Acme", site="Pune"))
        assert said(found, "csat") == [
            ("all 3 vendors", ">= 90 %", "the only one"),
            ("Acme, Pune", ">= 85 %", "names Acme, Pune: more than >= 90 % for all vendors"),
        ]

    def test_two_hundred_vendors_are_told_in_groups(self) -> None:
        vendors = tuple(f"V{number:03d}" for number in range(200))
        own = [target("csat", 0.8 + number / 1000, vendor=f"V{number:03d}") for number in range(5)]
        found = overview(*own, target("csat", 0.9), vendors=vendors)
        assert [holding.whom for holding in found.holdings] == ["the other 195 vendors", *vendors[:5]]

    def test_a_kpi_whose_definition_is_gone_is_a_problem_not_an_error(self) -> None:
        found = overview(target("own_gone", 0.9))
        assert found.holdings == ()
        assert [problem.code for problem in found.problems] == ["unknown_kpi"]


class TestTime:
    def test_a_change_inside_the_period_is_said(self) -> None:
        found = overview(
            target("service_level", 0.78, valid_to=date(2026, 8, 14)),
            target("service_level", 0.8, AUGUST),
            target("service_level", 0.85, OCTOBER),
        )
        (holding,) = found.holdings
        assert (holding.target.target, holding.change) == (0.78, "from 15 Aug 2026 >= 80 %")
        assert [when for _, when in found.times] == ["1 Jan 2026 to 14 Aug 2026", "begins 15 Aug 2026, inside Q3 2026", "begins 1 Oct 2026"]
        assert found.sentence.endswith("Service level changes inside it, from 15 Aug 2026 >= 80 %.")

    def test_one_that_ended_without_another(self) -> None:
        found = overview(target("service_level", 0.78, valid_to=date(2026, 3, 31)))
        assert found.times == ((Time.LAPSED, "ended 31 Mar 2026, nothing of its own follows"),)
        assert found.sentence.startswith("No stored target is valid in Q3 2026: 1 KPI uses the default.")

    def test_the_report_says_what_comes_inside(self, tmp_path: Path) -> None:
        rows = [{"grain": "month", "period_start": date(2026, month, 1), "contacts_offered": 100, "answered_within_threshold": 79,
                 "threshold_seconds": 20} for month in (7, 8, 9)]  # fmt: skip
        targets = [target("service_level", 0.78, valid_to=date(2026, 8, 14)), target("service_level", 0.8, AUGUST)]
        frame = report_frame(store_of(tmp_path, rows, targets=targets), EVERYTHING, ReportRequest(Q3, ("service_level",)))
        assert frame["target_text"].tolist() == [">= 78 %", ">= 78 %"]
        assert frame["target_change"].tolist() == ["from 15 Aug 2026 >= 80 %"] * 2
        assert changes_in_words(frame["target_change"]).startswith(" Inside a period the target changed, from 15 Aug 2026 >= 80 %:")
        assert changes_in_words(["", ""]) == ""


class TestEffect:
    @pytest.mark.parametrize(("since", "changed"), [(date(2026, 8, 1), 2), (date(2026, 10, 1), 0)])
    def test_verdicts_a_new_target_would_change(self, tmp_path: Path, since: date, changed: int) -> None:
        rows = [{"grain": "month", "period_start": date(2026, month, 1), "contacts_offered": 100, "answered_within_threshold": 82,
                 "threshold_seconds": 20} for month in (7, 8, 9)]  # fmt: skip
        store = store_of(tmp_path, rows, targets=[target("service_level", 0.8)])
        new = tuple({**dict.fromkeys(TABLE_COLUMNS), **target("service_level", 0.85, since)}.items())
        request = EffectRequest((new,), date(2026, 9, 30))
        found = verdicts_changed(target_table(store, EVERYTHING), request, partial(kpi_frame, store, EVERYTHING))
        assert len(found) == changed
        assert found.empty or set(zip(found["status_before"], found["status_after"], strict=True)) == {("met", "missed")}

    def test_typing_another_level_asks_nothing_again(self, tmp_path: Path) -> None:
        """Two rows of one KPI, the old one ended and the new one: their months are one question, whatever level is typed."""
        store = store_of(tmp_path, targets=[target("service_level", 0.8)])
        asked = []
        for level in (0.85, 0.86):
            ended = {**target("service_level", 0.8), "valid_to": date(2026, 7, 31)}
            rows = (ended, target("service_level", level, date(2026, 8, 1)))
            request = EffectRequest(tuple(tuple({**dict.fromkeys(TABLE_COLUMNS), **row}.items()) for row in rows), date(2026, 9, 30))
            found = verdicts_changed(target_table(store, EVERYTHING), request, lambda query: asked.append(query) or MONTHS)
            assert found["target_after"].tolist() == [f">= {level:.0%}".replace("%", " %")] * 2
        assert len(asked) == 2 and asked[0] == asked[1] and asked[0].start == JANUARY


def test_who_entered_what_stands_beside_the_table(tmp_path: Path) -> None:
    store = store_of(tmp_path, targets=[target("nps", 40, vendor="Boreal"), target("nps", 30, vendor="Acme")])
    found = target_overview(store, EVERYTHING, OverviewRequest(Q3, (), VENDORS))
    assert found.table[["vendor", "batch_id"]].to_numpy().tolist() == [["Acme", "b1"], ["Boreal", "b1"]]


def test_amounts_are_printed_in_the_currency_of_whom_they_are_asked(tmp_path: Path) -> None:
    """Acme is paid in EUR and Boreal in USD: a target for both is in the own currency of each."""
    month = {"grain": "month", "period_start": JANUARY, "cost": 250, "contacts_handled": 100}
    rows = [{**month, "vendor": "Acme", "currency": "EUR"}, {**month, "vendor": "Boreal", "currency": "USD"}]
    asked = {"kpi": "cost_per_contact", "comparator": "<=", "expected": 2.7, "minimum": 2.8, "valid_from": JANUARY}
    store = store_of(tmp_path, rows, targets=[{**asked, "vendor": "Acme"}, {**asked, "expected": 2.5}, target("csat", 0.9)])
    found = target_overview(store, EVERYTHING, OverviewRequest(Q3, (), ("Acme", "Boreal")))
    assert said(found, "cost_per_contact") == [
        ("Acme", "<= 2.70 EUR", "names Acme: more than <= 2.50 in own currency for all vendors"),
        ("Boreal", "<= 2.50 in own currency", "the only one"),
    ]
    assert [level_text(record, "minimum") for record in found.records] == ["2.80 EUR", "2.80 in own currency", ""]
    assert set(target_history(store, EVERYTHING)["asked"]) == {"<= 2.70 EUR", "<= 2.50 in own currency", ">= 90 %"}
    assert [currency_of(store, EVERYTHING, "cost_per_contact", vendor) for vendor in ("Boreal", None, "Cedar")] == (
        ["USD", "in own currency", ""]
    )
