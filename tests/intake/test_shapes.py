"""What rows become: measures, weighted measures, reported results, register entries; and which rows are refused."""

from datetime import date
from decimal import Decimal

import pytest

from analytics.intake import Issue, Preview, parse_recipe, preview
from analytics.intake.checks import History, checked

AGGREGATES = """shape = "aggregates"
source = "acd"
{top}
[dimensions]
period_start = {{column = "Date", grain = "{grain}"}}
vendor = {{column = "Vendor"}}
site = {{column = "Site"}}
{rest}
"""
OFFERED = '[measures]\ncontacts_offered = {column = "Calls"}\n'


def read(rows: str, rest: str = OFFERED, top: str = "", grain: str = "day", header: str = "Date,Vendor,Site,Calls") -> Preview:
    recipe = parse_recipe(AGGREGATES.format(top=top, grain=grain, rest=rest), "test")
    return preview(f"{header}\n{rows}\n".encode(), "file.csv", recipe)


def performance(found: Preview, *columns: str) -> list[tuple]:
    assert found.reading is not None, found.refusal
    table = found.reading.tables["performance_rows"]
    return list(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


def issues_of(found: Preview) -> list[Issue]:
    assert found.reading is not None
    return list(checked(found.reading, found.recipe, History(), {}).issues)


class TestAggregates:
    def test_missing_cells_are_null_and_zero_is_zero(self) -> None:
        found = read("2026-01-05,Acme,,0\n2026-01-06,Acme,-,NA\n2026-01-07,Acme,Lund,7")
        assert performance(found, "site", "contacts_offered") == [(None, 0), (None, None), ("Lund", 7)]
        assert (found.rows_read, found.rows_accepted, found.rows_rejected) == (3, 3, 0)

    def test_every_refused_row_is_kept_with_line_column_reason_and_text(self) -> None:
        found = read('2026-01-05,Acme,Lund,5\n2026-13-05,Acme,Lund,5\n2026-01-06,,Lund,5\n2026-01-07,Acme,Lund,"1,234"\n2026-01-08,Acme')
        assert found.rejects_frame(10)[["line", "column", "raw"]].to_numpy().tolist()[:3] == [
            [3, "Date", "2026-13-05,Acme,Lund,5"],
            [4, "Vendor", "2026-01-06,,Lund,5"],
            [5, "Calls", '2026-01-07,Acme,Lund,"1,234"'],
        ]
        assert (found.rows_read, found.rows_accepted, found.rows_rejected) == (5, 1, 4)
        assert [issue.code for issue in found.issues] == ["no_such_date", "no_vendor", "separators", "cut_off"]

    def test_rows_with_one_key_are_refused_both_unless_they_are_to_be_summed(self) -> None:
        rows = "2026-01-05,Acme,Lund,5\n2026-01-05,Acme,Lund,7\n2026-01-06,Acme,Lund,1"
        found = read(rows)
        assert performance(found, "contacts_offered") == [(1,)]
        assert found.issues[0].message == "Row refused: lines 2, 3 are about the same thing." and found.issues[0].count == 2
        summed = read(rows, OFFERED + '[rows]\nduplicates = "sum"\n')
        assert performance(summed, "period_start", "contacts_offered") == [(date(2026, 1, 5), 12), (date(2026, 1, 6), 1)]

    def test_measures_can_be_differences_products_with_days_and_constants(self) -> None:
        rest = """[measures]
cases_resolved = {column = "Calls"}
cases_resolved_in_target = {column = "Calls", minus = "Late"}
headcount_days = {column = "Heads", times_days = true}
"""
        found = read("2026-02-28,Acme,Lund,10,3,20.5", rest, grain="month", header="Date,Vendor,Site,Calls,Late,Heads")
        columns = ("period_start", "cases_resolved_in_target", "headcount_days")
        assert performance(found, *columns) == [(date(2026, 2, 1), 7, Decimal("574.000000"))]

    def test_a_constant_is_in_the_unit_said(self) -> None:
        found = read("2026-02-28,Acme,Lund,10", '[measures]\ncommitted_seconds = {constant = 8, unit = "hours"}\n')
        assert performance(found, "committed_seconds") == [(Decimal(28800),)]

    def test_a_difference_below_zero_is_refused(self) -> None:
        rest = '[measures]\ncontacts_handled = {column = "Calls", minus = "Late"}\n'
        found = read("2026-01-05,Acme,Lund,3,4\n2026-01-06,Acme,Lund,4,4", rest, header="Date,Vendor,Site,Calls,Late")
        assert performance(found, "contacts_handled") == [(0,)] and found.rows_rejected == 1

    def test_vendor_names_are_mapped_and_freed_of_invisible_characters(self) -> None:
        text = AGGREGATES.format(top="", grain="day", rest=OFFERED)
        recipe = parse_recipe(text.replace('column = "Vendor"', 'column = "Vendor", map = {"ACM" = "Acme"}'), "mapped")
        found = preview("Date,Vendor,Site,Calls\n2026-01-05,ACM,Lund,1\n2026-01-06,Bo\u200blt ,Lund,1\n".encode(), "f.csv", recipe)
        assert performance(found, "vendor") == [("Acme",), ("Bolt",)]

    def test_threshold_and_currency_belong_to_the_row(self) -> None:
        top = 'threshold_seconds = {column = "T"}\ncurrency = {column = "Cur"}'
        rest = OFFERED + 'cost = {column = "Cost"}\n'
        found = read("2026-01-05,Acme,Lund,1,20,9.99,EUR", rest, top, header="Date,Vendor,Site,Calls,T,Cost,Cur")
        assert performance(found, "threshold_seconds", "cost", "currency") == [(Decimal(20), Decimal("9.99"), "EUR")]
        same = read("2026-01-05,Acme,Lund,1", top="threshold_seconds = 60")
        assert performance(same, "threshold_seconds") == [(Decimal(60),)]

    def test_impossible_orders_are_warnings_and_the_rows_are_kept(self) -> None:
        rest = OFFERED + 'contacts_handled = {column = "Answered"}\ncontacts_abandoned = {column = "Lost"}\n'
        found = read("2026-01-05,Acme,Lund,10,9,2", rest, header="Date,Vendor,Site,Calls,Answered,Lost")
        issues = issues_of(found)
        assert [(issue.level, issue.line) for issue in issues] == [("warning", 2)]
        assert "contacts_handled + contacts_abandoned is more than contacts_offered" in issues[0].message
        assert found.rows_accepted == 1

    def test_totals_beside_their_parts_and_two_spellings_are_warnings(self) -> None:
        found = read("2026-01-05,Acme,Lund,10\n2026-01-05,Acme,,10\n2026-01-06,ACME,Lund,1")
        assert [issue.code for issue in issues_of(found)] == ["totals", "same_name"]


class TestRatios:
    HEADER = "Date,Vendor,Site,Calls,SL"
    WEIGHTED = OFFERED + '[kpis]\nservice_level = {column = "SL", unit = "percent", weight = "contacts_offered"}\n'

    def test_a_ratio_with_its_own_denominator_becomes_a_measure(self) -> None:
        """80 % of 200 offered = 160 answered within the threshold; 87.5 % of 10 is nearest to 9 whole contacts."""
        found = read(
            "2026-01-05,Acme,Lund,200,80\n2026-01-06,Acme,Lund,10,87.5 %\n2026-01-07,Acme,Lund,,50", self.WEIGHTED, header=self.HEADER
        )
        assert performance(found, "answered_within_threshold") == [(160,), (9,), (None,)]
        assert found.reading and found.reading.weighted == ("answered_within_threshold",)

    def test_an_average_times_its_count_is_a_total(self) -> None:
        rest = '[measures]\ncontacts_handled = {column = "Calls"}\n[kpis]\n'
        rest += 'average_handle_time = {column = "SL", unit = "mm:ss", weight = "contacts_handled"}\n'
        assert performance(read("2026-01-05,Acme,Lund,100,4:30", rest, header=self.HEADER), "handle_seconds") == [(Decimal(27000),)]

    def test_the_kpis_scale_is_taken_out(self) -> None:
        """36.5 % a year of 1,000 headcount-days is 1 leaver."""
        rest = '[measures]\nheadcount_days = {column = "Calls"}\n[kpis]\n'
        rest += 'attrition = {column = "SL", unit = "percent", weight = "headcount_days"}\n'
        assert performance(read("2026-01-05,Acme,Lund,1000,36.5", rest, header=self.HEADER), "leavers") == [(1,)]

    @pytest.mark.parametrize("weight", ["", ', weight = "contacts_handled"'])
    def test_without_its_denominator_a_ratio_is_kept_as_reported_and_says_so(self, weight: str) -> None:
        rest = OFFERED + f'contacts_handled = {{column = "Calls"}}\n[kpis]\nservice_level = {{column = "SL", unit = "percent"{weight}}}\n'
        found = read("2026-01-05,Acme,Lund,200,80", rest, header=self.HEADER)
        assert found.reading is not None
        results = found.reading.tables["scorecard_rows"].to_pylist()
        assert [(row["kpi"], row["actual"], row["unit"]) for row in results] == [("service_level", 0.8, "percent")]
        assert [issue.code for issue in found.issues] == ["reported"] and "never in totals" in found.issues[0].message

    def test_a_percentage_read_as_a_fraction_is_refused(self) -> None:
        rest = OFFERED + '[kpis]\nservice_level = {column = "SL", unit = "fraction"}\n'
        found = read("2026-01-05,Acme,Lund,200,80\n2026-01-06,Acme,Lund,200,0.8", rest, header=self.HEADER)
        assert found.rows_rejected == 1 and 'unit = "percent"' in found.issues[0].remedy


SCORECARD = """shape = "scorecard"
source = "monthly"
[dimensions]
period_start = {column = "Month", grain = "month", format = "%b-%y"}
vendor = {constant = "Tallgrass"}
"""


class TestScorecard:
    def test_one_kpi_per_column(self) -> None:
        kpis = (
            '[kpis]\ncsat = {column = "CSAT", unit = "percent", target = "Goal"}\naverage_handle_time = {column = "AHT", unit = "mm:ss"}\n'
        )
        found = preview(b"Month,CSAT,Goal,AHT\nAug-26,92,90,4:30\n", "f.csv", parse_recipe(SCORECARD + kpis, "wide"))
        assert found.reading is not None
        rows = found.reading.tables["scorecard_rows"].to_pylist()
        assert [(row["kpi"], row["actual"], row["target"], row["comparator"]) for row in rows] == [
            ("csat", 0.92, 0.9, ">="),
            ("average_handle_time", 270.0, None, None),
        ]

    def test_one_kpi_per_row_by_name_with_unit_target_and_comparator(self) -> None:
        form = '[scorecard]\nkpi = {column = "KPI"}\nactual = {column = "Actual"}\nunit = {column = "Unit"}\n'
        form += 'target = {column = "Target"}\ncomparator = {column = "Sign"}\n'
        text = "Month,KPI,Actual,Unit,Target,Sign\nAug-26,FCR,85,%,80,≥\nAug-26,AHT,4:30,,5:00,\nAug-26,CSATT,1,%,1,\nAug-26,csat,92,,90,\n"
        found = preview(text.encode(), "f.csv", parse_recipe(SCORECARD + form, "long"))
        assert found.reading is not None
        rows = found.reading.tables["scorecard_rows"].to_pylist()
        assert [(row["kpi"], row["actual"], row["target"], row["comparator"]) for row in rows] == [
            ("first_contact_resolution", 0.85, 0.8, ">="),
            ("average_handle_time", 270.0, 300.0, "<="),
        ]
        assert [(issue.line, issue.code) for issue in found.issues] == [(4, "unknown_kpi"), (5, "unit")]
        assert "Did you mean: csat" in found.issues[0].remedy


class TestRegister:
    @staticmethod
    def read(register: str, text: str, rest: str = "") -> Preview:
        return preview(text.encode(), "f.csv", parse_recipe(f'shape = "register"\nregister = "{register}"\n{rest}', "r"))

    def test_targets_in_base_units_or_in_words_of_the_field(self) -> None:
        text = "kpi,comparator,expected,lower,upper,valid_from\ncsat,>=,0.9,,,2026-01-01\nAHT,<=,5:00,,,2026-01-01\n"
        text += "occupancy,band,,75 %,88 %,2026-01-01\nfcr,>=,,,,2026-01-01\noccupancy,band,,88 %,75 %,2027-01-01\nfcr,~,0.8,,,2026-01-01\n"
        found = self.read("targets", text)
        assert found.reading is not None
        rows = found.reading.tables["target_rows"].to_pylist()
        assert [(row["kpi"], row["expected"], row["lower"], row["upper"]) for row in rows] == [
            ("csat", 0.9, None, None),
            ("average_handle_time", 300.0, None, None),
            ("occupancy", None, 0.75, 0.88),
        ]
        assert [(issue.line, issue.code) for issue in found.issues] == [(5, "expected"), (6, "band"), (7, "comparator")]

    def test_targets_that_are_checked_against_each_other(self) -> None:
        text = "kpi,vendor,site,comparator,expected,valid_from,valid_to\nservice_level,,,>=,80,2026-01-01,\n"
        text += "abandonment_rate,,,>=,5 %,2026-01-01,\ncsat,Acme,,>=,90 %,2026-01-01,\n"
        text += "csat,,Pune,>=,85 %,2026-02-01,\nAHT,,,<=,5,2026-01-01,\n"
        text += "fcr,Acme,,>=,80 %,2026-01-01,2026-06-30\nfcr,Acme,,>=,82 %,2026-06-01,\n"
        found = self.read("targets", text)
        assert [(issue.line, issue.code) for issue in found.issues] == [
            (2, "unit"), (3, "wrong_direction"), (5, "tie"), (8, "overlap"), (6, "seconds"),
        ]  # fmt: skip
        assert found.issues[0].message == "Row refused: 8,000 % is no level for Service level."
        assert found.issues[2].message.endswith("neither is more specific (with line 4).")
        assert found.rows_accepted == 3

    def test_likelihood_and_impact_are_from_one_to_five(self) -> None:
        text = "risk_id,scored_on,kind,likelihood,impact\nr1,14/08/2026,residual,4,5\nr2,14/08/2026,residual,6,1\n"
        found = self.read("risk_scores", text, 'date_format = "%d/%m/%Y"\n')
        assert found.reading is not None
        assert found.reading.tables["risk_score_rows"].to_pylist()[0]["scored_on"] == date(2026, 8, 14)
        assert found.issues[0].message == "Row refused: '6' is not a whole number from 1 to 5."

    def test_headers_are_mapped_and_unused_columns_named(self) -> None:
        found = self.read("events", "When,What,Weather\n2026-08-14,Outage,sunny\n", '[columns]\nhappened_on = "When"\ntitle = "What"\n')
        assert found.rows_accepted == 1 and found.issues[0].message == "Columns not used: Weather."

    def test_a_required_column_that_is_missing_is_named(self) -> None:
        refusal = self.read("events", "happened_on\n2026-08-14\n").refusal
        assert refusal and refusal.message == "The file has no column 'title'."
