"""Commands about issued reviews: editions."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from analytics.commands.common import command, print_json, print_table, say
from analytics.errors import UsageError, WarehouseError
from analytics.review.editions import Edition, OpenEdition, editions, open_edition
from analytics.warehouse import Scope, Warehouse

LOCAL = Scope.everything()
_folder = click.Path(path_type=Path, file_okay=False)


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


COMMANDS: list[click.Command] = [list_editions]
