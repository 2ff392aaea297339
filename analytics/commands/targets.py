"""The targets: which hold in a period and why, every one ever stored, and what is wrong with them."""

from datetime import date
from typing import Any

import click
import pandas as pd

from analytics.catalogue import DIMENSIONS, KPIS, find_kpi, kpi_label
from analytics.commands.common import command, plain, print_json, print_table, say
from analytics.options import data_span, filter_options
from analytics.performance.target_changes import target_history
from analytics.performance.target_overview import Holding, Overview, OverviewRequest, target_overview
from analytics.performance.targets import TABLE_COLUMNS
from analytics.periods import Grain, Period
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store, Warehouse

LOCAL = Scope.everything()
_LEVELS = ("minimum", "expected", "stretch", "lower", "upper")
_ROW = (*_LEVELS, "valid_from", "valid_to", "basis", "approved_by", "batch_id")
_ENTERED = ("state", "asked", "before", "batch_id", "file_name", "loaded_by")


@command("targets")
@click.option("--period", help="2026-Q3, 2026-09 or 2026; default: the latest complete quarter.")
@click.option("--kpi", default="", help="Only this KPI.")
@click.option("--vendor", multiple=True, help="Only this vendor; may be repeated.")
@click.option("--history", is_flag=True, help="Every target ever stored, newest first: who entered it, and what it replaced.")
def targets(warehouse: Warehouse, as_json: bool, period: str | None, kpi: str, vendor: tuple[str, ...], history: bool) -> None:
    """The targets of a period: whom each is for, why it wins, what changes inside it."""
    store, wanted = warehouse.open(), find_kpi(kpi).id if kpi else ""
    if history:
        _print_history(store, wanted, as_json)
        return
    settings = load_settings(warehouse.folder)
    shown = _period(store, period, settings.fiscal_year_start_month)
    vendors = vendor or tuple(filter_options(store, LOCAL)["vendor"])
    overview = target_overview(store, LOCAL, OverviewRequest(shown, settings.shown_kpis, vendors))
    holdings = [holding for holding in overview.holdings if wanted in ("", holding.kpi)]
    if as_json:
        problems = [{"level": one.weight, "code": one.code, "message": one.message, "remedy": one.remedy} for one in overview.problems]
        print_json({"period": shown.id, "rows": [_json(holding, overview) for holding in holdings], "problems": problems})
        return
    click.echo(overview.sentence)
    print_table([["KPI", "For", "Target", "Valid", "Why this one"], *(_texts(holding, overview) for holding in holdings)])
    for problem in overview.problems:
        say(f"{problem.weight}: {problem.message} {problem.remedy}")


def _period(store: Store, period: str | None, fiscal_start: int) -> Period:
    """The period asked for, else the one the dashboard opens with, else the quarter at hand."""
    span = data_span(store, LOCAL)
    if period or span is None:
        return Period.parse(period, fiscal_start) if period else Period.of(Grain.QUARTER, date.today(), fiscal_start)
    return span.default_period(fiscal_start)


def _texts(holding: Holding, overview: Overview) -> list[str]:
    valid = overview.times[holding.place][1] if holding.place is not None else "-"
    change = f"; {holding.change}" if holding.change else ""
    return [KPIS[holding.kpi].label, holding.whom, f"{holding.target.words(holding.kpi)}{change}", valid, holding.why]


def _json(holding: Holding, overview: Overview) -> dict[str, Any]:
    stored = overview.records[holding.place] if holding.place is not None else {}
    row = {name: _cell(stored[name]) if stored else None for name in (*DIMENSIONS, "comparator", *_ROW)}
    said = {"kind": holding.kind, "target_text": holding.target.words(holding.kpi), "why": holding.why, "change": holding.change}
    return {"kpi": holding.kpi, "for": holding.whom, "vendors": holding.vendors, **said, **row}


def _print_history(store: Store, kpi: str, as_json: bool) -> None:
    found = target_history(store, LOCAL, kpi)
    if as_json:
        rows = [
            {name: _cell(row[name]) for name in (*TABLE_COLUMNS, *_ENTERED)} | {"loaded_at": _moment(row["loaded_at"])}
            for row in found.to_dict("records")
        ]
        print_json({"rows": rows})
        return
    heading = ["Entered (UTC)", "By", "KPI", "For", "Target", "From", "What it did", "State", "Batch"]
    print_table([heading, *(_history_texts(row) for row in found.to_dict("records"))])


def _history_texts(row: dict[str, Any]) -> list[str]:
    whom = ", ".join(row[name] for name in DIMENSIONS if isinstance(row[name], str)) or "all vendors"
    label = kpi_label(row["kpi"])
    entered, levels = (_moment(row["loaded_at"]), row["loaded_by"]), (row["asked"], row["valid_from"], row["before"] or "new")
    return [str(_cell(text) or "-") for text in (*entered, label, whom, *levels, row["state"], row["batch_id"])]


def _cell(value: Any) -> object:
    """A JSON value; a day that is open is null."""
    return None if pd.isna(value) else plain(value)


def _moment(stamp: Any) -> str | None:
    return None if stamp is None or stamp != stamp else f"{stamp:%Y-%m-%dT%H:%M:%SZ}"


COMMANDS = [targets]
