"""Files of totals: rows that count, dates in several columns, zones, unknown names, and the line every number stands on."""

from datetime import date

from analytics.intake import Preview, parse_recipe, preview

TOP = 'shape = "aggregates"\nsource = "acd"\n{top}\n[dimensions]\nperiod_start = {period}\nvendor = {vendor}\n{rest}'
PERIOD, VENDOR = '{column = "Date", grain = "day"}', '{column = "Vendor"}'
OFFERED = '[measures]\ncontacts_offered = {column = "Calls"}\n'


def read(text: str, rest: str = OFFERED, period: str = PERIOD, vendor: str = VENDOR, top: str = "") -> Preview:
    recipe = parse_recipe(TOP.format(top=top, period=period, vendor=vendor, rest=rest), "totals")
    return preview(text.encode(), "file.csv", recipe)


def rows(found: Preview, *columns: str) -> list[tuple]:
    assert found.reading is not None, found.refusal
    table = found.reading.tables["performance_rows"]
    return list(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


class TestRowsThatCount:
    """One measure per row:

    Date        Metric    Value
    2026-01-05  Offered     100
    2026-01-05  Answered     90
    2026-01-05  Talk       4:30
    """

    METRICS = "Date,Vendor,Metric,Value\n2026-01-05,Acme,Offered,100\n2026-01-05,Acme,Answered,90\n2026-01-05,Acme,Talk,4:30\n"
    LONG = """[rows]
duplicates = "sum"
[measures]
contacts_offered = {column = "Value", where = {column = "Metric", equals = ["Offered"]}}
contacts_handled = {column = "Value", where = {column = "Metric", equals = "Answered"}}
contacts_abandoned = {column = "Value", where = {column = "Metric", equals = ["Lost"]}}
talk_seconds = {column = "Value", unit = "mm:ss", where = [{column = "Metric", starts_with = "Ta"}]}
"""

    def test_cells_are_read_only_where_the_row_counts_and_the_rest_is_null(self) -> None:
        found = read(self.METRICS, self.LONG)
        assert found.rows_rejected == 0
        assert rows(found, "contacts_offered", "contacts_handled", "contacts_abandoned", "talk_seconds") == [(100, 90, None, 270)]

    def test_every_condition_must_hold(self) -> None:
        text = "Date,Vendor,Calls,Level,Agents\n2026-01-05,A,7,Site,2\n2026-01-06,A,7,Site,0\n2026-01-07,A,7,Team,2\n"
        where = 'where = [{column = "Level", not_equals = ["Team"]}, {column = "Agents", more_than = 0}]'
        found = read(
            text, f'[measures]\ncontacts_offered = {{column = "Calls", {where}}}\ncommitted_seconds = {{constant = 8, unit = "hours"}}\n'
        )
        assert rows(found, "contacts_offered", "committed_seconds") == [(7, 28800), (None, 28800), (None, 28800)]

    def test_constants_and_differences_count_in_those_rows_too(self) -> None:
        text = "Date,Vendor,Calls,Late,Level\n2026-02-01,A,7,2,x\n2026-02-02,A,7,9,y\n"
        where = 'where = {column = "Level", equals = ["x"]}'
        rest = f'[measures]\ncases_resolved_in_target = {{column = "Calls", minus = "Late", {where}}}\n'
        found = read(text, rest + f"committed_seconds = {{constant = 60, {where}}}\n")
        assert rows(found, "cases_resolved_in_target", "committed_seconds") == [(5, 60), (None, None)]

    def test_a_cell_that_cannot_be_held_against_a_limit_refuses_its_row(self) -> None:
        rest = '[measures]\ncontacts_offered = {column = "Calls", where = {column = "Agents", at_least = 1}}\n'
        found = read("Date,Vendor,Calls,Agents\n2026-01-05,A,7,-\n2026-01-06,A,7,few\n", rest)
        assert rows(found, "contacts_offered") == [(None,)]
        assert (found.issues[0].line, found.issues[0].column) == (3, "Agents")


class TestRowsLeftOut:
    TEXT = "Date,Vendor,Calls\n2026-01-05,A,7\n2026-01-06,Total A,9\n2026-01-07,,5\n2026-01-08,B,0\n"

    def left(self, rule: str) -> list[tuple]:
        return rows(read(self.TEXT, OFFERED + f"[rows]\nexclude = [{rule}]\n"), "contacts_offered")

    def test_by_text_by_number_and_by_emptiness(self) -> None:
        assert self.left('{column = "Vendor", starts_with = "Total"}, {column = "Vendor", present = false}') == [(7,), (0,)]
        assert self.left('{column = "Calls", at_most = 0}, {column = "Vendor", present = false}') == [(7,), (9,)]
        assert self.left('{column = "Vendor", not_equals = ["B"]}') == [(0,)]
        assert self.left('{column = "Calls", less_than = 7}, {column = "Calls", more_than = 8.5}') == [(7,)]

    def test_a_row_that_cannot_be_checked_is_refused_unless_another_rule_leaves_it_out(self) -> None:
        text = "Date,Vendor,Calls,Rank\n2026-01-05,A,7,1\n2026-01-06,A,9,x\n2026-01-07,Total,9,x\n"
        rule = 'exclude = [{column = "Rank", at_least = 2}, {column = "Vendor", equals = ["Total"]}]'
        found = read(text, OFFERED + f"[rows]\n{rule}\n")
        assert rows(found, "contacts_offered") == [(7,)]
        assert [(issue.line, issue.column, issue.code) for issue in found.issues] == [(3, "Rank", "not_a_number"), (4, None, "left_out")]
        assert found.issues[1].message == "1 row left out: totals, as the recipe says under exclude (Vendor is 'Total')."

    def test_rows_left_out_are_counted_and_named_by_the_rules_that_do_it(self) -> None:
        rule = 'exclude = [{column = "Vendor", present = false}, {column = "Vendor", equals = ["C"]}, {column = "Calls", at_most = 7}]'
        (issue,) = read(self.TEXT, OFFERED + f"[rows]\n{rule}\n").issues
        said = "3 rows left out, as the recipe says under exclude (Vendor is empty; Calls at most 7)."
        assert (issue.message, issue.line, issue.count) == (said, 2, 3)


class TestDates:
    def test_date_and_time_in_two_columns_counted_in_another_zone(self) -> None:
        """23:30 in London in summer is 00:30 of the next day in Warsaw."""
        zones = 'from_zone = "Europe/London", to_zone = "Europe/Warsaw"'
        period = f'{{column = ["Date", "Time"], grain = "day", format = "%d/%m/%Y %H:%M", {zones}}}'
        found = read("Date,Time,Vendor,Calls\n30/06/2026,23:30,A,1\n30/06/2026,22:59,A,2\n02/07/2026,,A,3\n", period=period)
        assert rows(found, "period_start", "contacts_offered") == [(date(2026, 7, 1), 1), (date(2026, 6, 30), 2)]
        assert found.issues[-1].code == "no_period"

    def test_without_zones_the_day_is_the_files_own(self) -> None:
        period = '{column = ["Date", "Time"], grain = "day", format = "%m/%d/%Y %I:%M %p"}'
        found = read("Date,Time,Vendor,Calls\n06/30/2026,11:30 PM,A,1\n", period=period)
        assert rows(found, "period_start") == [(date(2026, 6, 30),)]

    def test_date_order_stands_for_the_format(self) -> None:
        assert rows(read("Date,Vendor,Calls\n05/01/2026,A,1\n", top='date_order = "dmy"'), "period_start") == [(date(2026, 1, 5),)]
        assert rows(read("Date,Vendor,Calls\n05/01/2026,A,1\n", top='date_order = "mdy"'), "period_start") == [(date(2026, 5, 1),)]


class TestNames:
    TEXT = "Date,Vendor,Calls\n2026-01-05,ACM,1\n2026-01-06,Bolt,2\n2026-01-07,Bo  Co,3\n"

    def test_names_beyond_the_map_stay_or_become_others(self) -> None:
        mapped = '{column = "Vendor", map = {"ACM" = "Acme", "Bo  Co" = "BoCo"}'
        assert rows(read(self.TEXT, vendor=mapped + "}"), "vendor") == [("Acme",), ("Bolt",), ("BoCo",)]
        assert rows(read(self.TEXT, vendor=mapped + ', others = "Other"}'), "vendor") == [("Acme",), ("Other",), ("BoCo",)]

    def test_names_beyond_the_map_are_refused_where_asked(self) -> None:
        found = read(
            self.TEXT, vendor='{column = "Vendor", map = {"ACM" = "Acme", "Bo Co" = "BoCo", "Bolts" = "Bolt"}, refuse_others = true}'
        )
        assert rows(found, "vendor") == [("Acme",), ("BoCo",)]
        assert (found.issues[0].line, found.issues[0].code) == (3, "unknown_name") and "Did you mean: Bolts" in found.issues[0].remedy


class TestLines:
    def test_every_row_knows_its_line_and_how_many_rows_of_the_file_it_is(self) -> None:
        text = 'Date,Vendor,Calls\n2026-01-05,"A",1\n\n2026-01-06,"B\nC",2\n2026-01-05,A,4\n'
        assert rows(read(text.replace("2026-01-05,A,4\n", "")), "line", "file_rows") == [(2, 1), (4, 1)]
        summed = read(text, OFFERED + '[rows]\nduplicates = "sum"\n')
        assert rows(summed, "vendor", "line", "file_rows", "contacts_offered") == [("A", 2, 2, 5), ("B C", 4, 1, 2)]

    def test_reported_results_know_their_line_too(self) -> None:
        recipe = parse_recipe(
            'shape = "scorecard"\nsource = "deck"\n[dimensions]\nperiod_start = {column = "M", grain = "month", format = "%Y-%m"}\n'
            'vendor = {constant = "A"}\n[scorecard]\nkpi = {column = "KPI"}\nactual = {column = "R"}\nunit = {constant = "percent"}\n',
            "deck",
        )
        found = preview(b"M,KPI,R\n2026-01,csat,90\n2026-01,fcr,80\n", "f.csv", recipe)
        assert found.reading is not None
        table = found.reading.tables["scorecard_rows"]
        assert table.column("line").to_pylist() == [2, 3] and table.column("actual").to_pylist() == [0.9, 0.8]
