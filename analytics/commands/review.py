"""Command `review`: the quarterly review as text, as JSON, and as files that a scheduler can make and send."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from analytics.commands.asked_review import asked_review, review_options
from analytics.commands.common import command, print_table, say
from analytics.commands.progress import ProgressBars
from analytics.errors import DashboardError, UsageError
from analytics.packs.files import PackFormat, pack_name
from analytics.packs.making import make_pack
from analytics.review.frozen import to_json
from analytics.review.model import Cards, Grid, Movements, QuarterlyReview, Result
from analytics.warehouse import Warehouse

_HEAD = ["KPI", "Target", "Actual", "Variance", "Status", "Change"]


@command("review")
@review_options
@click.option("--out", multiple=True, help="FILE.pdf, FILE.pptx, FILE.xlsx, or a folder for packs under their own names; repeat for more.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice([one.value for one in PackFormat]),
    help="What a folder gets; default: all three. Of a file its ending decides.",
)
def review(
    warehouse: Warehouse,
    as_json: bool,
    out: Sequence[str],
    formats: Sequence[str],
    **asked: Any,
) -> None:
    """The quarterly review as text, as JSON, or as packs to read, present and calculate with."""
    if formats and not out:
        raise UsageError("--format writes nothing by itself.", "Name a folder that gets the packs: --out FOLDER.")
    files = [path for text in out for path in _targets(text, [PackFormat(one) for one in formats])]
    found = asked_review(warehouse, **asked).review
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
        print_review(found)


def _targets(text: str, formats: Sequence[PackFormat]) -> list[tuple[Path, PackFormat]]:
    """The files of one --out, or its folder once per format (none: all); what cannot be written is said before anything is built."""
    path = Path(text)
    if path.is_dir() or text.endswith(("/", os.sep)):
        if not path.is_dir():
            raise UsageError(f"There is no folder {path}.", "Make it first, or name another one.")
        return [(path, made_as) for made_as in formats or PackFormat]
    ending = path.suffix.removeprefix(".").lower()
    if ending not in tuple(PackFormat):
        raise UsageError(f"--out {text} is no file a pack can be.", "Let it end in .pdf, .pptx or .xlsx, or name a folder that is there.")
    if formats and ending not in formats:
        raise UsageError(f"--out {text} ends in .{ending}, but --format asks for {' and '.join(formats)}.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Make it first, or name another one.")
    return [(path, PackFormat(ending))]


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


def print_review(found: QuarterlyReview) -> None:
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
