"""Commands about issued reviews: issue, editions."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from analytics.commands.asked_review import AskedReview, asked_review, review_options
from analytics.commands.common import command, print_json, print_table, say
from analytics.commands.progress import ProgressBars
from analytics.errors import UsageError, WarehouseError
from analytics.packs.files import PackFormat
from analytics.packs.making import make_pack
from analytics.review.commentary import name_of
from analytics.review.editions import Edition, OpenEdition, editions, issue, newest_edition, open_edition
from analytics.review.restated import restated, restated_sentence
from analytics.warehouse import Scope, Warehouse

LOCAL = Scope.everything()
_folder = click.Path(path_type=Path, file_okay=False)


@command("issue")
@review_options
@click.option("--by", default="local", show_default=True, help="Who issues it.")
def issue_review(warehouse: Warehouse, as_json: bool, by: str, **asked: Any) -> None:
    """Keep the quarterly review with its packs as an edition that never changes."""
    who, found = name_of(by), asked_review(warehouse, **asked)
    since = _since_last(warehouse, found)
    issued_on = datetime.now(UTC).replace(microsecond=0)
    with ProgressBars() as bars:
        packs = {made_as.value: _pack(found, made_as, issued_on, bars) for made_as in PackFormat}
    edition = issue(warehouse, found.scope, found.review, packs, who, version=found.version, filters=found.filters, issued_on=issued_on)
    say(f"Edition {edition.number} of {edition.label} is issued as {edition.name}, digest {edition.digest}.")
    say(since)
    if as_json:
        print_json({"edition": edition_record(edition)})


def _pack(found: AskedReview, made_as: PackFormat, issued_on: datetime, bars: ProgressBars) -> bytes:
    tell = bars.begin(made_as.upper())
    return make_pack(found.review, made_as, issued_on, lambda what, done: tell(done, what))


def _since_last(warehouse: Warehouse, found: AskedReview) -> str:
    """What is new against the last edition of the same view."""
    last = newest_edition(warehouse, found.scope, found.review, found.filters)
    if last is None:
        return "It is the first of its kind."
    try:
        issued = open_edition(warehouse, found.scope, last.name).review
    except WarehouseError as problem:
        return f"It cannot be compared with edition {last.number}: {problem.message}"
    return f"Against edition {last.number}: {restated_sentence(restated(issued, found.review))}"


@command("editions")
@click.option("--quarter", default="", help="Only those of this quarter: 2026-Q3.")
@click.option("--export", "name", metavar="EDITION", help="Write the files of an edition, byte for byte as they were issued.")
@click.option("--out", type=_folder, default=Path(), help="With --export: the folder to write into. [default: this one]")
def list_editions(warehouse: Warehouse, as_json: bool, quarter: str, name: str | None, out: Path) -> None:
    """List the reviews that were issued, or write the files of one with --export."""
    if name is not None:
        written = exported(open_edition(warehouse, LOCAL, name), out)
        say("\n".join(f"{path} written." for path in written))
        if as_json:
            print_json({"files": [str(path) for path in written]})
        return
    found = editions(warehouse, LOCAL, quarter)
    if as_json:
        print_json({"rows": [edition_record(edition) for edition in found]})
    elif found:
        print_table([["Edition", "Issued (UTC)", "By", "Scope", "Files", "State"], *(_cells(edition) for edition in found)])
    else:
        say("No review was issued yet. `python -m analytics issue --quarter 2026-Q3` issues one.")


def exported(opened: OpenEdition, folder: Path) -> list[Path]:
    """Write the packs and the review of an edition into a folder, each under the edition's name; an existing other file: `UsageError`."""
    name = opened.edition.name
    files = {f"{name}.{made_as}": content for made_as, content in opened.packs.items()} | {f"{name}.json": opened.review_json}
    if taken := next((folder / file for file, content in files.items() if _is_other(folder / file, content)), None):
        raise UsageError(f"{taken} exists already and is another file.", "Choose another folder with --out.")
    return _written(folder, files)


def _is_other(path: Path, content: bytes) -> bool:
    return path.exists() and (not path.is_file() or path.read_bytes() != content)


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file).write_bytes(content)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise WarehouseError(f"The files cannot be written into {folder}: {reason}.", "Choose another folder with --out.") from problem
    return [folder / file for file in files]


def edition_record(edition: Edition) -> dict[str, object]:
    """An edition as JSON."""
    found = asdict(edition) | {"filters": dict(edition.filters), "packs": dict(edition.packs)}
    return found | {"issued_on": edition.issued_on.isoformat() if edition.issued_on else None}


def _cells(edition: Edition) -> list[str]:
    when = f"{edition.issued_on:%Y-%m-%d %H:%M}" if edition.issued_on else ""
    formats = ", ".join(made_as for made_as, _ in edition.packs)
    return [edition.name, when, edition.issued_by, edition.scope, formats, f"damaged: {edition.damaged}" if edition.damaged else "whole"]


COMMANDS: list[click.Command] = [issue_review, list_editions]
