"""Commands about words beside the numbers: notes, events."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import click

from analytics.catalogue import find_kpi
from analytics.commands.common import command, plain, print_json, print_table, say
from analytics.commands.outcomes import finish
from analytics.errors import UsageError, did_you_mean
from analytics.filters import Filters
from analytics.intake.entering import entered
from analytics.options import filter_options
from analytics.performance.notes import Entered, Event, Note, all_events, all_notes, event_row, note_row, speaks_of
from analytics.periods import Period
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store, Warehouse

LOCAL = Scope.everything()
_day = click.DateTime(["%Y-%m-%d"])


@command("notes")
@click.option("--kpi", default="", help="Notes on this KPI; without, on any.")
@click.option("--vendor", default="", help="Notes on this vendor.")
@click.option("--period", default="", help="Notes on this period, or on a part of it: 2026-Q3, 2026-08.")
@click.option("--add", "words", metavar="TEXT", help="Write a note on the KPI, vendor and period named.")
@click.option("--author", default="", help="With --add: whose words they are.")
def notes(warehouse: Warehouse, as_json: bool, kpi: str, vendor: str, period: str, words: str | None, author: str) -> None:
    """Read the notes on KPI, vendor and period, or write one with --add; the newest of an author stands in place of the older."""
    store, fiscal = warehouse.open(), load_settings(warehouse.folder).fiscal_year_start_month
    asked = Period.parse(period, fiscal) if period else None
    kpi = find_kpi(kpi).id if kpi else ""
    if words is not None:
        _check_names(store, {"vendor": vendor})
        row = note_row(words, author, date.today(), kpi=kpi, vendor=vendor, period=asked.id if asked else "")
        finish([entered(warehouse, "notes", [row])], as_json)
        return
    found = [note for note in all_notes(store, LOCAL) if (not kpi or note.kpi == kpi) and (not vendor or note.vendor == vendor)]
    found = [note for note in found if asked is None or speaks_of(note, asked)]
    if as_json:
        print_json({"rows": [_note(note) | {"earlier": [_note(older) for older in note.earlier]} for note in found]})
        return
    names = ["Written", "Author", "KPI", "Vendor", "Period", "Batch", "Note"]
    cells = [[f"{n.written_on}", n.author, n.kpi or "all", n.vendor or "all", n.period, n.entered.batch, n.body] for n in found]
    _print(names, cells, "There are no such notes.")


@command("events")
@click.option("--kpi", default="", help="Events of this KPI; with --add: the only KPI it touches.")
@click.option("--vendor", default="", help="Events of this vendor.")
@click.option("--site", default="", help="Events of this site.")
@click.option("--add", "title", metavar="TITLE", help="Add an event; the same day, title, vendor, site and KPI again: new words for it.")
@click.option("--on", "day", type=_day, help="With --add: the day it happened.")
@click.option("--owner", default="", help="With --add: who answers for it.")
@click.option("--description", default="", help="With --add: what happened.")
def events(
    warehouse: Warehouse,
    as_json: bool,
    kpi: str,
    vendor: str,
    site: str,
    title: str | None,
    day: datetime | None,
    owner: str,
    description: str,
) -> None:
    """List the dated events, or add one with --add."""
    store = warehouse.open()
    filters = Filters(vendor=(vendor,) if vendor else (), site=(site,) if site else ())
    kpi = find_kpi(kpi).id if kpi else ""
    if title is not None:
        _check_names(store, {"vendor": vendor, "site": site})
        if day is None:
            raise UsageError("An event needs its day.", "Add --on 2026-08-14.")
        row = event_row(day.date(), title, owner, description, kpi=kpi, vendor=vendor, site=site)
        finish([entered(warehouse, "events", [row])], as_json)
        return
    found = [event for event in all_events(store, LOCAL) if _matches(event, kpi, filters)]
    if as_json:
        print_json({"rows": [_event(event) | {"earlier": [_event(older) for older in event.earlier]} for event in found]})
        return
    cells = [[f"{e.happened_on}", e.title, e.vendor or "all", e.site or "all", e.kpi or "all", e.owner, e.entered.batch] for e in found]
    _print(["Day", "Event", "Vendor", "Site", "KPI", "Owner", "Batch"], cells, "There are no such events.")


def _matches(event: Event, kpi: str, filters: Filters) -> bool:
    chosen = [(event.kpi, (kpi,) if kpi else ()), (event.vendor, filters.vendor), (event.site, filters.site)]
    return all(not names or said in names for said, names in chosen)


def _check_names(store: Store, named: Mapping[str, str]) -> None:
    """Words on a vendor or site the data does not have would never be shown: `UsageError`."""
    known = filter_options(store, LOCAL)
    for dimension, name in named.items():
        if name and name not in known[dimension]:
            raise UsageError(
                f"There is no data for the {dimension} '{name}'.", did_you_mean(name, known[dimension]) or "Leave it out for all."
            )


def _note(note: Note) -> dict[str, object]:
    names = ("author", "kpi", "vendor", "period", "body")
    return {"written_on": plain(note.written_on), **{name: getattr(note, name) or None for name in names}, **_stored(note.entered)}


def _event(event: Event) -> dict[str, object]:
    names = ("title", "vendor", "site", "kpi", "owner", "description")
    return {"happened_on": plain(event.happened_on), **{name: getattr(event, name) or None for name in names}, **_stored(event.entered)}


def _stored(came: Entered) -> dict[str, object]:
    when = f"{came.when:%Y-%m-%dT%H:%M:%SZ}" if came.when else None
    return {"batch": came.batch or None, "file": came.file or None, "stored_at": when, "stored_by": came.by or None}


def _print(names: list[str], cells: Sequence[list[str]], nothing: str) -> None:
    if cells:
        print_table([names, *cells])
    else:
        say(nothing)


COMMANDS: list[click.Command] = [notes, events]
