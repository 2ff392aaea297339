"""Commands that read: kpi, report, risks, spc, watermelon. Ratios are fractions, durations seconds, money in its currency."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime

import click
import pandas as pd

from analytics.asking import KpiQuery
from analytics.catalogue import DIMENSIONS, find_kpi
from analytics.commands.common import command, plain, print_json, print_table, say
from analytics.errors import UsageError, WarehouseError, did_you_mean
from analytics.fair_periods import FairPair, parse_choice
from analytics.filters import Filters
from analytics.options import Span, data_span
from analytics.performance.change import period_pair
from analytics.performance.report import ReportRequest, judged_rows, report_frame
from analytics.performance.spc import Rebase, with_signals
from analytics.performance.target_changes import changes_in_words
from analytics.performance.watermelon import WatermelonCheck, counts_text, find_watermelons
from analytics.performance.words import coverage_words
from analytics.periods import Comparison, Grain, Period
from analytics.risk.register import ScoreKind, last_scored_day, register_frame
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store, Warehouse

LOCAL = Scope.everything()
KPI_FIELDS = (
    "numerator",
    "denominator",
    "value",
    "unit",
    "coverage",
    "target",
    "comparator",
    "variance",
    "status",
    "source_kind",
    "remark",
)
REPORT_COLUMNS = {"kpi": "KPI", "target_text": "Target", "value_text": "Actual", "variance_text": "Variance", "status_text": "Status"}
CHANGE_COLUMNS = {"previous_text": "Before", "change_text": "Change"}
SPC_FIELDS = ("value", "centre_line", "lower_limit", "upper_limit", "signal", "rule", "assurance", "trial_limits")

_day = click.DateTime(["%Y-%m-%d"])
FILTER_OPTIONS = (
    click.option("--vendor", multiple=True, help="Only this vendor; repeat for more."),
    click.option("--site", multiple=True, help="Only this site."),
    click.option("--lob", multiple=True, help="Only this line of business."),
    click.option("--channel", multiple=True, help="Only this channel."),
)


def _query_options(function: click.decorators.FC) -> click.decorators.FC:
    """The options that kpi and spc share."""
    shared = (
        click.argument("more_kpis", nargs=-1),
        click.option("--kpi", "kpis", multiple=True, required=True, help="KPI id; more ids may follow, or repeat the option."),
        click.option("--by", default="", help="Dimensions to show, separated by commas: vendor,site,lob,channel."),
        click.option("--grain", default="month", show_default=True, help="day, week, month, quarter or year."),
        click.option("--from", "first", help="First day (2026-07-01), or the period it begins (2026-07); default: that of the data."),
        click.option("--to", "last", help="Last day, inclusive, or the period it ends; default: that of the data."),
        *FILTER_OPTIONS,
    )
    for option in reversed(shared):
        function = option(function)
    return function


@command("kpi")
@_query_options
def kpi(warehouse: Warehouse, as_json: bool, **asked: object) -> None:
    """KPIs by period: value, counts behind it, coverage, target and verdict."""
    store = warehouse.open()
    query = _query(store, warehouse, asked)
    frame = judged_rows(store, LOCAL, query)
    rows = [_kpi_row(row, query.by) for row in frame.to_dict("records")]
    if as_json:
        print_json({"rows": rows})
    else:
        shown = {"period": "Period", **{name: DIMENSIONS[name].label for name in query.by}, **REPORT_COLUMNS, "coverage": "Coverage"}
        print_table(_texts(frame, shown | ({"remark": "Remark"} if frame["remark"].notna().any() else {})))


@command("spc")
@_query_options
@click.option("--no-screening", is_flag=True, help="Keep large moving ranges in the average.")
@click.option(
    "--rebase", "rebased", type=_day, multiple=True, help="Limits start anew with the first period from this day on; repeat for more."
)
@click.option("--laney", is_flag=True, help="Laney p' limits, for proportions with large denominators.")
@click.option("--weekday-adjusted", is_flag=True, help="Limits follow the usual difference between weekdays (grain day).")
def spc(
    warehouse: Warehouse,
    as_json: bool,
    no_screening: bool,
    rebased: Sequence[datetime],
    laney: bool,
    weekday_adjusted: bool,
    **asked: object,
) -> None:
    """Control charts: centre line, limits, signals, variation and assurance (XmR on whole periods)."""
    store = warehouse.open()
    query = replace(_query(store, warehouse, asked), own_periods=True)
    frame = with_signals(
        judged_rows(store, LOCAL, query),
        screening=not no_screening,
        rebased=[Rebase(moment.date()) for moment in rebased],
        laney=laney,
        weekday_adjusted=weekday_adjusted,
    )
    if as_json:
        print_json({"rows": [_keys(row, query.by) | {name: plain(row[name]) for name in SPC_FIELDS} for row in frame.to_dict("records")]})
    else:
        names = {"centre_line": "Mean", "lower_limit": "Lower", "upper_limit": "Upper", "signal": "Signal", "rule": "Rule"}
        dimensions = {name: DIMENSIONS[name].label for name in query.by}
        print_table(_texts(frame, {"period": "Period", **dimensions, "kpi": "KPI", "value_text": "Value", **names}))


def _query(store: Store, warehouse: Warehouse, asked: dict) -> KpiQuery:
    """The KPI query of the options; the range defaults to the whole data."""
    span, settings = whole_span(store), load_settings(warehouse.folder)
    names = tuple(part.strip() for text in (*asked["kpis"], *asked["more_kpis"]) for part in text.split(",") if part.strip())
    by = tuple(part.strip() for part in asked["by"].split(",") if part.strip())
    first, last = (Period.parse(text, settings.fiscal_year_start_month) if text else None for text in (asked["first"], asked["last"]))
    return KpiQuery(
        tuple(dict.fromkeys(names)), Grain.named(asked["grain"]), first.start if first else span.first_day,
        last.end if last else span.last_day, by, known_filters(store, asked), settings.fiscal_year_start_month,
        settings.reporting_currency,
    )  # fmt: skip


def known_filters(store: Store, asked: dict) -> Filters:
    """The filters; a value the data does not have gives an empty answer and a message, never everything."""
    filters = Filters(**{name: tuple(asked[name]) for name in DIMENSIONS})
    for name, values in filters.chosen():
        found = store.select(LOCAL, f"SELECT {name} FROM performance UNION SELECT {name} FROM scorecard")[name].tolist()
        for value in values:
            if value not in found:
                say(f"No data for the {DIMENSIONS[name].label.lower()} '{value}'. {did_you_mean(value, found)}".rstrip())
    return filters


def whole_span(store: Store) -> Span:
    """The days the data covers; without rows `WarehouseError`."""
    span = data_span(store, LOCAL)
    if span is None:
        raise WarehouseError("The warehouse holds no performance data yet.", "Load a file first: python -m analytics load FILE")
    return span


def _kpi_row(row: dict, by: Iterable[str]) -> dict[str, object]:
    fields = {name: plain(row[name]) for name in KPI_FIELDS if name != "unit"}
    ordered = {name: find_kpi(row["kpi"]).unit.machine_name if name == "unit" else fields[name] for name in KPI_FIELDS}
    return _keys(row, by) | ordered


def _keys(row: dict, by: Iterable[str]) -> dict[str, object]:
    """Period, KPI and every dimension (null where it is not shown)."""
    dimensions = {name: plain(row[name]) if name in by else None for name in DIMENSIONS}
    return {"period": plain(row["period"]), "kpi": row["kpi"], **dimensions}


@command("report")
@click.option("--period", help="2026-Q3, 2026-09 or 2026; default: the latest complete quarter.")
@click.option("--compare", help="previous (default), last_year, a period (2026-Q1) or two dates (2026-01-01..2026-03-31).")
@click.option("--by", default="", help="'vendor' adds the report of every vendor.")
def report(warehouse: Warehouse, as_json: bool, period: str | None, compare: str | None, by: str) -> None:
    """The performance report: KPI, target, actual, variance, status; with --compare also the value before and the change."""
    if by not in ("", "vendor"):
        raise UsageError(f"The report cannot be shown by '{by}'.", "Use --by vendor, or kpi --by for other dimensions.")
    store, settings = warehouse.open(), load_settings(warehouse.folder)
    span, fiscal = whole_span(store), settings.fiscal_year_start_month
    chosen = Period.parse(period, fiscal) if period else span.default_period(fiscal)
    request = ReportRequest(
        chosen, settings.shown_kpis, parse_choice(compare or Comparison.PREVIOUS, fiscal), by_vendor=by == "vendor",
        reporting_currency=settings.reporting_currency,
    )  # fmt: skip
    frame = report_frame(store, LOCAL, request)
    if as_json:
        print_json(
            {"period": chosen.id, "compared_with": request.compared_with.id, "rows": [_report_row(row) for row in frame.to_dict("records")]}
        )
    else:
        columns = REPORT_COLUMNS | (CHANGE_COLUMNS if compare else {})
        _print_report(frame, request, settings.contract_kpis, columns, span, period_pair(store, LOCAL, request))


def _report_row(row: dict) -> dict[str, object]:
    texts = {"target_text": row["target_text"], "actual_text": row["value_text"], "variance_text": row["variance_text"]}
    more = {"status_text": row["status_text"], "change_text": row["change_text"], "months_met": plain(row["months_met"])}
    before = {"previous_text": row["previous_text"], "compared_text": row["compared_text"]}
    return _kpi_row(row, ("vendor",)) | {"previous": plain(row["previous_value"]), "change": plain(row["change"])} | texts | more | before


def _print_report(
    frame: pd.DataFrame, request: ReportRequest, contract: Sequence[str], columns: dict[str, str], span: Span, pair: FairPair | None
) -> None:
    """The portfolio's contract KPIs first, then its other KPIs, then every vendor."""
    part = "" if span.covers(request.period) else f" (incomplete: data {span.first_day} to {span.last_day})"
    compared = f", compared with {pair.against}" if pair and pair.against else f". {pair.note}" if pair else ""
    click.echo(f"Performance report, {request.period.label}{part}{compared}")
    total = frame[frame["vendor"].isna()]
    blocks = [("All vendors", total[total["kpi"].isin(contract)]), ("All vendors, further KPIs", total[~total["kpi"].isin(contract)])]
    blocks += [(str(vendor), rows) for vendor, rows in frame[frame["vendor"].notna()].groupby("vendor", sort=False)]
    for title, rows in blocks:
        if len(rows):
            click.echo(f"\n{title}")
            print_table(_texts(rows, columns))
            click.echo(f"Coverage: {coverage_words(rows.to_dict('records'))}{changes_in_words(rows['target_change'])}")


@command("risks")
@click.option("--period", help="The register at the end of this period; default: the latest complete quarter.")
@click.option("--scores", type=click.Choice([kind.value for kind in ScoreKind]), default=ScoreKind.RESIDUAL.value, show_default=True)
def risks(warehouse: Warehouse, as_json: bool, period: str | None, scores: str) -> None:
    """The risk register: likelihood x impact, band, movement since a quarter before."""
    store, settings = warehouse.open(), load_settings(warehouse.folder)
    shown = _risk_period(store, period, settings.fiscal_year_start_month)
    frame = register_frame(store, LOCAL, shown.end, shown.previous().end, settings.risk_bands, ScoreKind(scores))
    if as_json:
        print_json({"rows": [_risk_row(row) for row in frame.to_dict("records")]})
    else:
        names = {"number": "No", "title": "Risk", "category": "Category", "vendor": "Vendor", "likelihood": "L", "impact": "I"}
        names |= {"score": "Score", "band": "Band", "movement_text": f"Since {shown.previous().end}", "owner": "Owner"}
        click.echo(f"Risk register on {shown.end}, {scores} scores")
        print_table(_texts(frame, names))


def _risk_period(store: Store, period: str | None, fiscal_start: int) -> Period:
    """The period asked for, else the default one, else the quarter of the newest score."""
    if period:
        return Period.parse(period, fiscal_start)
    span = data_span(store, LOCAL)
    if span:
        return span.default_period(fiscal_start)
    scored = last_scored_day(store, LOCAL)
    if scored is None:
        raise WarehouseError("The warehouse holds no risk register yet.", "Load one first: python -m analytics load risks.csv")
    return Period.of(Grain.QUARTER, scored, fiscal_start)


def _risk_row(row: dict) -> dict[str, object]:
    names = ("category", "vendor", "likelihood", "impact", "score", "band")
    movement = None if pd.isna(row["movement"]) else int(row["movement"])
    more = {"movement": movement, "movement_text": row["movement_text"]}
    return {"risk": row["title"]} | {name: plain(row[name]) for name in names} | more | {"number": row["number"], "status": row["status"]}


def _texts(frame: pd.DataFrame, names: dict[str, str]) -> list[list[str]]:
    """Heading and cells of the named columns, as text; KPI ids as labels."""
    columns = [[_cell(name, value) for value in frame[name]] for name in names]
    return [list(names.values()), *map(list, zip(*columns, strict=True))]


def _cell(name: str, value: object) -> str:
    if name == "kpi":
        return find_kpi(str(value)).label
    shown = plain(value)
    return "-" if shown is None else f"{shown:.4g}" if isinstance(shown, float) else str(shown)


@command("watermelon")
@click.option("--period", help="2026-Q3, 2026-09 or 2026; default: the latest complete quarter.")
def watermelon(warehouse: Warehouse, as_json: bool, period: str | None) -> None:
    """Vendors that meet every target of speed while an outcome signals concern: green outside, red inside."""
    store, settings = warehouse.open(), load_settings(warehouse.folder)
    fiscal = settings.fiscal_year_start_month
    chosen = Period.parse(period, fiscal) if period else whole_span(store).default_period(fiscal)
    check = find_watermelons(store, LOCAL, ReportRequest(chosen, settings.heatmap_kpis, reporting_currency=settings.reporting_currency))
    if as_json:
        print_json({"period": chosen.id, **_watermelon_json(check)})
        return
    click.echo(f"Watermelon check, {chosen.label}: {counts_text(check)}")
    for one in check.found:
        missing = ", ".join(find_kpi(kpi).label for kpi in one.not_measured)
        blank = [f"  grey: {missing} (not measured)"] if missing else []
        told = [f"  met: {item.text}" for item in one.green] + [f"  concern: {item.text}" for item in one.concerns]
        click.echo("\n".join(["", one.sentence, *told, *blank]))


def _watermelon_json(check: WatermelonCheck) -> dict[str, object]:
    """The flagged vendors with their evidence, and the names of all others by what became of them."""
    rows = [{"sentence": one.sentence} | asdict(one) for one in check.found]
    return {"rows": rows} | {name: names for name, names in asdict(check).items() if name != "found"}


COMMANDS = [kpi, report, risks, spc, watermelon]
