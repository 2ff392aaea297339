"""Recipes of contacts and events: what they read into, and which keys do not go together."""

from decimal import Decimal

import pytest

from analytics.errors import IntakeError
from analytics.intake import parse_recipe
from analytics.intake.recipe import CellTest, CellUnit, Check, Clock, Condition, Elapsed, Fold, MeasureField, OrderType

CALLS = """shape = "interactions"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_offered = {count = true}
"""
TICKETS = """shape = "events"
source = "itsm"
[rows]
fold_by = "number"
order_by = {column = "revision", type = "integer"}
[dimensions]
period_start = {column = "opened", grain = "day"}
vendor = {constant = "Acme"}
[measures]
cases_opened = {count = true}
"""


def measure(entry: str, name: str = "contacts_handled", top: str = "") -> MeasureField:
    return parse_recipe(top + CALLS + f"{name} = {entry}\n", "calls").measures[1]


def test_contacts_are_counted() -> None:
    assert parse_recipe(CALLS, "calls").measures == (MeasureField("contacts_offered", CellUnit.COUNT, count=True),)
    where = (Condition("State", CellTest(Check.STARTS_WITH, ("ans",))), Condition("Wait", CellTest(Check.LESS_THAN, limit=Decimal("0.5"))))
    said = measure('{count = true, where = [{column = "State", starts_with = "ans"}, {column = "Wait", less_than = 0.5}]}')
    assert said == MeasureField("contacts_handled", CellUnit.COUNT, count=True, where=where)


@pytest.mark.parametrize(
    ("written", "test"),
    [
        ('equals = ["a", "b"]', CellTest(Check.EQUALS, ("a", "b"))),
        ('not_equals = "a"', CellTest(Check.NOT_EQUALS, ("a",))),
        ('starts_with = ["a"]', CellTest(Check.STARTS_WITH, ("a",))),
        ("at_most = 20", CellTest(Check.AT_MOST, limit=Decimal(20))),
        ("at_least = 0.10", CellTest(Check.AT_LEAST, limit=Decimal("0.10"))),
        ("less_than = -1", CellTest(Check.LESS_THAN, limit=Decimal(-1))),
        ("more_than = 1e3", CellTest(Check.MORE_THAN, limit=Decimal(1000))),
        ("present = true", CellTest(Check.PRESENT)),
        ("present = false", CellTest(Check.PRESENT, expected=False)),
    ],
)
def test_every_check_counts_contacts(written: str, test: CellTest) -> None:
    assert measure(f'{{column = "X", {written}}}').test == test
    assert measure(f'{{count = true, where = {{column = "X", {written}}}}}').where == (Condition("X", test),)


def test_a_limit_is_in_seconds_whatever_the_cell_looks_like() -> None:
    assert measure('{column = "Wait", at_most = 20, unit = "mm:ss"}').unit is CellUnit.MM_SS


def test_amounts_of_contacts_have_units_and_differences() -> None:
    entry = measure('{column = "Total", minus = ["Hold", "Wrap"], unit = "milliseconds"}', "talk_seconds")
    assert (entry.unit, entry.minus, entry.test) == (CellUnit.MILLISECONDS, ("Hold", "Wrap"), None)


def test_time_between_two_clocks() -> None:
    assert measure('{from = "Queued", to = "Answered"}', "queue_seconds").elapsed == Elapsed(Clock(("Queued",)), Clock(("Answered",)))
    said = measure('{from = ["Date", "Start"], to = "End", format = "%d/%m/%Y %H:%M", at_most = 20}', "answered_within_threshold")
    assert said.elapsed == Elapsed(Clock(("Date", "Start"), "%d/%m/%Y %H:%M"), Clock(("End",), "%d/%m/%Y %H:%M"))
    assert said.test == CellTest(Check.AT_MOST, limit=Decimal(20))
    ordered = measure('{from = "Q", to = "A"}', "queue_seconds", 'date_order = "mdy"\n').elapsed
    assert ordered and ordered.start.format == "%m/%d/%Y %H:%M:%S"
    times = measure('{from = "Q", to = "A", format = "%I:%M %p"}', "queue_seconds").elapsed
    assert times and times.end.format == "%I:%M %p"


def test_rows_of_one_ticket_are_folded() -> None:
    assert parse_recipe(TICKETS, "t").fold == Fold(("number",), "revision", OrderType.INTEGER)
    typed = TICKETS.replace('"number"', '["a", "b"]').replace('type = "integer"', 'type = "datetime", format = "%d/%m/%Y %H:%M"')
    assert parse_recipe(typed, "t").fold == Fold(("a", "b"), "revision", OrderType.DATETIME, "%d/%m/%Y %H:%M")
    by_day = parse_recipe('date_order = "dmy"\n' + TICKETS.replace('"integer"', '"date"'), "t").fold
    assert by_day and by_day.order_format == "%d/%m/%Y"


def test_every_column_a_recipe_reads_is_looked_for_in_the_header() -> None:
    recipe = parse_recipe(
        TICKETS.replace('"number"', '["number", "part"]').replace(
            "[dimensions]", 'exclude = {column = "kind", equals = ["test"]}\n[dimensions]'
        )
        + 'resolution_seconds = {from = ["d1", "t1"], to = "end", where = {column = "state", present = true}}\n',
        "t",
    )
    assert set(recipe.headers) == {"number", "part", "revision", "kind", "opened", "d1", "t1", "end", "state"}


def test_a_contact_may_be_on_any_day_of_its_week() -> None:
    period = parse_recipe(CALLS.replace('"day"', '"week"'), "calls").period_start
    assert period and period.any_day


@pytest.mark.parametrize(
    ("entry", "name", "message"),
    [
        ("{}", "contacts_handled", "contacts_handled needs count, a column, a constant number, or from and to"),
        ('{count = true, column = "X"}', "contacts_handled", "count and column are two"),
        ("{count = false}", "contacts_handled", "count is false. Write count = true"),
        ('{count = true, equals = "x"}', "contacts_handled", "'equals' does not go with count .* where = {column"),
        ('{count = true, unit = "count"}', "contacts_handled", "'unit' does not go with count .* with column or constant"),
        ('{column = "X", to = "Y"}', "queue_seconds", "'to' does not go with column in queue_seconds. 'to' goes with from"),
        ('{from = "X"}', "queue_seconds", "queue_seconds has no to. Name both clocks"),
        ('{from = "X", to = "Y", unit = "minutes"}', "queue_seconds", "'unit' does not go with from"),
        ('{from = "X", to = "Y", equals = ["1"]}', "contacts_handled", "'equals' does not go with from"),
        ('{from = "X", to = "Y", format = "%d/%m"}', "queue_seconds", "it needs a time of day"),
        ('{from = "X", to = "Y", format = "%d %H:%M"}', "queue_seconds", "a date needs its day, month and year"),
        ('{from = "X", to = "Y", format = "%I:%M"}', "queue_seconds", "%I and %p together"),
        ('{from = "X", to = "Y"}', "contacts_handled", "is a number of contacts, from and to give seconds. Add a limit"),
        ('{from = "X", to = "Y"}', "quality_points", "is not a duration, .* Durations are queue_seconds"),
        ("{count = true}", "talk_seconds", "talk_seconds is an amount, count gives a number"),
        ('{column = "X", at_most = 3}', "talk_seconds", "is an amount, at_most gives the number of contacts .* where = {column"),
        ('{column = "X", at_most = 3, at_least = 1}', "contacts_handled", "at_most and at_least stand in one table"),
        ('{column = "X", equals = 3}', "contacts_handled", r'equals is 3, not a text. .* write equals = \["3"\]'),
        ('{column = "X", equals = true}', "contacts_handled", r'write equals = \["true"\]'),
        ('{column = "X", equals = []}', "contacts_handled", "equals names no text"),
        ('{column = "X", equals = "a", unit = "mm:ss"}', "contacts_handled", "equals looks at the text of the cell, which has no unit"),
        ('{column = "X", at_most = "3"}', "contacts_handled", "at_most is '3', not a number"),
        ('{column = "X", at_most = inf}', "contacts_handled", "at_most is Infinity, not a number"),
        ('{column = "X", present = "yes"}', "contacts_handled", "present is 'yes'. Write true or false"),
        ('{column = "X", at_most = 3, minus = "Y"}', "contacts_handled", "minus does not go with at_most"),
        ('{column = "X", times_days = true}', "headcount_days", "'times_days' is for shape = \"aggregates\". A contact happens once"),
        ('{column = "X", where = "Y"}', "contacts_handled", "where must be a table or a list of tables"),
        ('{column = "X", where = {column = "Y"}}', "contacts_handled", "where says nothing about 'Y'. Add a check"),
        ('{column = "X", where = {equals = "Y"}}', "contacts_handled", "has no column"),
        ('{column = "X", unit = "percent"}', "csat_satisfied", "is a number of things, not a percent"),
        ('{constant = 1, unit = "mm:ss"}', "hold_seconds", "a constant is a plain number"),
    ],
)
def test_what_does_not_go_together_names_line_and_remedy(entry: str, name: str, message: str) -> None:
    with pytest.raises(IntakeError, match=f"Recipe calls, line 8: .*{message}"):
        measure(entry, name)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('fold_by = "number"\n', "", "line 3: events need fold_by"),
        ('fold_by = "number"', "fold_by = []", "line 4: events need fold_by"),
        ('order_by = {column = "revision", type = "integer"}\n', "", "line 3: events need order_by"),
        (', type = "integer"', "", r"line 5: \[rows.order_by\] has no type. Add type = \"integer\""),
        ('"integer"', '"integer", format = "%d"', "line 5: integer has no format"),
        ('"integer"', '"datetime", format = "%d/%m/%Y"', "line 5: format '%d/%m/%Y': it needs a time of day"),
        ('"events"', '"interactions"', 'line 4: \'fold_by\' is for shape = "events". .* write shape = "events"'),
        ("[dimensions]", 'duplicates = "sum"\n[dimensions]', "line 6: 'duplicates' is for shape = \"aggregates\". fold_by says"),
        ("[measures]", '[kpis]\ncsat = {column = "C", unit = "percent"}\n[measures]', "line 9: 'kpis' is for .* count both parts"),
        ("cases_opened = {count = true}\n", "", "line 1: there are no .measures."),
        ('grain = "day"', 'grain = "day", from_zone = "UTC"', "line 7: from_zone stands without to_zone"),
        ('grain = "day"', 'grain = "day", format = "%Y-%m-%d", from_zone = "UTC", to_zone = "UTC"', "line 7: zones change the day only"),
        ('"Acme"', '"Acme", others = "Other"', "line 8: a constant needs no others"),
        ('constant = "Acme"', 'column = "V", others = "Other"', "line 8: others stands without a map"),
        ('constant = "Acme"', 'column = "V", map = {a = "b"}, others = "O", refuse_others = true', "line 8: others and refuse_others"),
        ('source = "itsm"', 'source = "itsm"\nthreshold_seconds = 30', "answered_within_threshold counts within 20 s, but .* is 30"),
    ],
)
def test_parts_that_lack_something_say_what(old: str, new: str, message: str) -> None:
    assert old in TICKETS
    text = TICKETS.replace(old, new, 1) + ('answered_within_threshold = {column = "W", at_most = 20}\n' if "threshold" in new else "")
    with pytest.raises(IntakeError, match=f"Recipe t, .*{message}"):
        parse_recipe(text, "t")


def test_the_wrong_one_of_several_conditions_is_named_by_its_line() -> None:
    listed = 'exclude = [\n  {column = "a", equals = ["{"]},\n  {colum = "b", present = true},\n]\n'
    with pytest.raises(IntakeError, match="line 6: unknown key 'colum'"):
        parse_recipe(TICKETS.replace("fold_by", listed + "fold_by"), "t")
    tables = '[[rows.exclude]]\ncolumn = "a"\npresent = true\n[[rows.exclude]]\ncolumn = "a"\npresen = true\n'
    with pytest.raises(IntakeError, match="line 11: unknown key 'presen'"):
        parse_recipe(TICKETS.replace("[dimensions]", tables + "[dimensions]"), "t")
