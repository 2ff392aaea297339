"""Command `review`: the quarterly review as text, as JSON, and as files that a scheduler can make and send."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click

from analytics.catalogue import DIMENSIONS
from analytics.commands.common import command, print_table, say
from analytics.commands.progress import ProgressBars
from analytics.commands.reports import FILTER_OPTIONS
from analytics.errors import DashboardError, UsageError, WarehouseError, unknown
from analytics.fair_periods import parse_choice
from analytics.filters import Filters
from analytics.options import Span, data_span, filter_options
from analytics.packs.files import PackFormat, pack_name
from analytics.packs.making import make_pack
from analytics.periods import Comparison, Grain, Period, latest_complete
from analytics.review.commentary import commentary, with_commentary
from analytics.review.facts import ReviewRequest
from analytics.review.frozen import to_json
from analytics.review.model import Audience, Cards, Grid, Movements, QuarterlyReview, Result
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store, Warehouse

_HEAD = ["KPI", "Target", "Actual", "Variance", "Status", "Change"]


def _filtered(function: click.decorators.FC) -> click.decorators.FC:
    """The options that choose vendors, sites, lines of business and channels."""
    for option in reversed(FILTER_OPTIONS):
        function = option(function)
    return function


@command("review")
@click.option("--quarter", help="2026-Q3; default: the newest whole quarter.")
@click.option("--out", multiple=True, help="FILE.pdf, FILE.pptx, FILE.xlsx, or a folder for packs under their own names; repeat for more.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice([one.value for one in PackFormat]),
    help="What a folder gets; default: all three.",
)
@click.option("--audience", type=click.Choice([one.value for one in Audience]), default=Audience.EXECUTIVE.value, show_default=True)
@click.option("--compare", default=Comparison.PREVIOUS.value, show_default=True, help="previous, last_year, 2026-Q1 or two dates.")
@_filtered
def review(
    warehouse: Warehouse,
    as_json: bool,
    quarter: str | None,
    out: Sequence[str],
    formats: Sequence[str],
    audience: str,
    compare: str,
    **filters: tuple[str, ...],
) -> None:
    """The quarterly review as text, as JSON, or as packs to read, present and calculate with."""
    files = [path for text in out for path in _targets(text, [PackFormat(one) for one in formats or PackFormat])]
    found = _review(warehouse, quarter, Audience(audience), compare, filters)
    built_on = datetime.now().astimezone()
    with ProgressBars() as bars:
        for path, made_as in files:
            target = path / pack_name(found, made_as, built_on) if path.is_dir() else path
            tell = bars.begin(made_as.upper())
            _write(target, make_pack(found, made_as, built_on, lambda what, done, tell=tell: tell(done, what)))
            say(f"{target}: written") if as_json else click.echo(str(target))
    if as_json:
        sys.stdout.buffer.write(to_json(found) + b"\n")
    elif not files:
        _print(found)


def _targets(text: str, formats: Sequence[PackFormat]) -> list[tuple[Path, PackFormat]]:
    """The files of one --out, or its folder once per format; what cannot be written is said before anything is built."""
    path = Path(text)
    if path.is_dir() or text.endswith(("/", os.sep)):
        if not path.is_dir():
            raise UsageError(f"There is no folder {path}.", "Make it first, or name another one.")
        return [(path, made_as) for made_as in formats]
    ending = path.suffix.removeprefix(".").lower()
    if ending not in tuple(PackFormat):
        raise UsageError(f"--out {text} is no file a pack can be.", "Let it end in .pdf, .pptx or .xlsx, or name a folder that is there.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Make it first, or name another one.")
    return [(path, PackFormat(ending))]


def _review(
    warehouse: Warehouse, quarter: str | None, audience: Audience, compare: str, asked: dict[str, tuple[str, ...]]
) -> QuarterlyReview:
    """The review with people's words. A vendor's is read as that vendor alone: nothing of the others is there to enter it."""
    store, settings = warehouse.open(), load_settings(warehouse.folder)
    filters, scope = _known(store, asked), Scope.everything()
    if audience is Audience.VENDOR:
        if len(filters.vendor) != 1:
            raise UsageError("The review for a vendor is of exactly one.", 'Name it: --audience vendor --vendor "Cobalt Bay".')
        scope = Scope.of("local", filters.vendor)
        filters = Filters(**{name: values for name, values in filters.chosen() if name != "vendor"})
    fiscal = settings.fiscal_year_start_month
    shown = _quarter(data_span(store, scope), quarter, fiscal)
    request = ReviewRequest(shown, settings, parse_choice(compare, fiscal), filters, audience)
    found = quarterly_review(store, scope, request)
    return with_commentary(found, commentary(store, scope, found, filters))


def _known(store: Store, asked: dict[str, tuple[str, ...]]) -> Filters:
    """The filters; a name the data does not have is refused: nobody looks at what a scheduler sends."""
    options = filter_options(store, Scope.everything())
    for name, values in asked.items():
        for value in values:
            if value not in options[name]:
                raise unknown(DIMENSIONS[name].label.lower(), value, options[name])
    return Filters(**asked)


def _quarter(span: Span | None, text: str | None, fiscal: int) -> Period:
    """The quarter asked for, else the newest whole one."""
    if span is None:
        raise WarehouseError("There is no performance data for this review.", "Load a file first: python -m analytics load FILE")
    if not text:
        newest = latest_complete(Grain.QUARTER, span.last_day, fiscal)
        return newest if newest.end >= span.first_day else newest.next()
    chosen, there = Period.parse(text, fiscal), span.periods(Grain.QUARTER, fiscal)
    if chosen.grain is not Grain.QUARTER:
        raise UsageError(f"'{text}' is not a quarter.", f"Write it like {there[0].id}.")
    if chosen not in there:
        raise UsageError(f"There is no data of {chosen.label}.", f"The data has {there[-1].id} to {there[0].id}.")
    return chosen


def _write(path: Path, content: bytes) -> None:
    """The whole file or none: whoever takes it meanwhile finds the one before."""
    unfinished = path.with_name(f".{path.name[-80:]}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as problem:
        with suppress(OSError):
            unfinished.unlink()
        raise DashboardError(
            f"{path} cannot be written: {problem.strerror or problem}.", "Check the folder, its rights and the disk."
        ) from problem


def _print(found: QuarterlyReview) -> None:
    """Headline, cards and what moved; the rest is in the packs."""
    facts = (found.label, found.compared, found.scope, found.coverage)
    click.echo(f"Quarterly review, {', '.join(fact for fact in facts if fact)}")
    click.echo(found.headline.text)
    for block in found.blocks:
        match block:
            case Cards(results) if results:
                _print_results("Key results", results)
            case Grid(vendors=vendors, results=results):
                for vendor in filter(None, vendors):
                    _print_results(vendor, [result for result in results if result.vendor == vendor and result.measured])
            case Movements(movements) if movements:
                click.echo("\nWhat moved")
                for movement in movements:
                    click.echo(f"{movement.lead.text}. {movement.where.text}")


def _print_results(title: str, results: Sequence[Result]) -> None:
    if results:
        click.echo(f"\n{title}")
        print_table([_HEAD, *(_row(result) for result in results)])


def _row(one: Result) -> list[str]:
    return [one.label, one.target_text, one.value_text, one.variance_text, one.status_text, one.change_text]


COMMANDS = [review]
