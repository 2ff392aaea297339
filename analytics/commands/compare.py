"""The command compare: members side by side, with intervals and shared ranks."""

import click

from analytics.catalogue import find_dimension, find_kpi
from analytics.commands.common import command, plain, print_json, print_table
from analytics.commands.reports import FILTER_OPTIONS, LOCAL, known_filters, whole_span
from analytics.performance.compared import Compared, CompareRequest, Window, compared, goals, window_to
from analytics.performance.compared_in_words import comparison_sentence, mix_words, with_compared_words
from analytics.periods import MONTHS_PER_YEAR, Period
from analytics.settings import load_settings
from analytics.warehouse import Warehouse

FIELDS = (
    "value", "lower", "upper", "method", "rank", "tied", "rank_text", "better_than", "worse_than", "others", "against_others", "standing",
    "common_mix", "measured_value", "measured_rank", "numerator", "denominator", "periods", "months", "covered", "small", "remark",
)  # fmt: skip
WHOLE = ("rank", "tied", "better_than", "worse_than")
SHOWN = {
    "rank_text": "Rank",
    "member": "",
    "value_text": "Value",
    "interval_text": "95 % interval",
    "others_text": "The others",
    "difference_text": "Difference",
    "measured_text": "As measured",
    "target_text": "Target",
    "coverage": "Coverage",
    "remark": "Remark",
}


def _only(function: click.decorators.FC) -> click.decorators.FC:
    """--vendor, --site, --lob and --channel."""
    for option in reversed(FILTER_OPTIONS):
        function = option(function)
    return function


@command("compare")
@click.argument("more_kpis", nargs=-1)
@click.option("--kpi", "kpis", multiple=True, required=True, help="KPI id; more ids may follow, or repeat the option.")
@click.option("--by", default="vendor", show_default=True, help="What is compared: vendor, site, lob or channel.")
@click.option("--period", help="The period whose end is the last month; default: the latest complete quarter.")
@click.option(
    "--months", default=MONTHS_PER_YEAR, show_default=True, type=click.IntRange(1, 120), help="How many whole months are compared."
)
@click.option("--as-measured", is_flag=True, help="Each on its own work, not on the work all of them do.")
@_only
def compare(
    warehouse: Warehouse, as_json: bool, more_kpis: tuple[str, ...], kpis: tuple[str, ...], by: str, period: str | None, months: int,
    as_measured: bool, **filters: tuple[str, ...],
) -> None:  # fmt: skip
    """Vendors side by side: value, interval, shared rank, the others without oneself, on the work all of them do."""
    find_dimension(by)
    store, settings = warehouse.open(), load_settings(warehouse.folder)
    span, fiscal = whole_span(store), settings.fiscal_year_start_month
    shown = Period.parse(period, fiscal) if period else span.default_period(fiscal)
    window = window_to(shown, span.last_day, months)
    names = tuple(dict.fromkeys(part.strip() for text in (*kpis, *more_kpis) for part in text.split(",") if part.strip()))
    request = CompareRequest(names, window, by, not as_measured, known_filters(store, filters), settings.reporting_currency)
    found = compared(store, LOCAL, request)
    if as_json:
        strata = {kpi: list(found.strata.get(kpi, ())) for kpi in names}
        ends = {"first_month": window.first.id, "last_month": window.last.id}
        print_json(ends | {"common_mix": strata, "rows": [_row(row, by) for row in found.rows.to_dict("records")]})
        return
    targets = {kpi: goals(store, LOCAL, CompareRequest((kpi,), window, by, filters=request.filters)) for kpi in names}
    for kpi in names:
        _print(found, kpi, targets[kpi], window, request)


def _row(row: dict, by: str) -> dict[str, object]:
    """Machine output of one member: ratios are fractions, ranks whole numbers, what is not known null."""
    values = {name: plain(row[name]) for name in FIELDS}
    ranks = {name: None if values[name] is None else int(row[name]) for name in WHOLE}
    return {"kpi": row["kpi"], by: row["member"], "unit": find_kpi(row["kpi"]).unit.machine_name} | values | ranks


def _print(found: Compared, kpi: str, targets: dict, window: Window, request: CompareRequest) -> None:
    """One KPI as text: the verdict, the table, which work is compared."""
    rows = with_compared_words(found.of(kpi), targets)
    click.echo(f"{find_kpi(kpi).label}, {window.label}")
    if rows.empty:
        click.echo("No data for these months and filters.\n")
        return
    click.echo(comparison_sentence(rows, window.phrase, request.by))
    names = SHOWN | {"member": find_dimension(request.by).label}
    hidden = set() if rows["common_mix"].any() else {"measured_text"}
    hidden |= {name for name in names if (rows[name].isin(["", "-"])).all()} - {"rank_text"}
    shown = {name: label for name, label in names.items() if name not in hidden}
    print_table([list(shown.values()), *map(list, rows[list(shown)].itertuples(index=False, name=None))])
    click.echo(f"{mix_words(rows, found.strata.get(kpi, ()), asked=request.common_mix)}\n".lstrip())


COMMANDS = [compare]
