"""Commands that keep the warehouse safe: backup, restore, rebuild."""

from dataclasses import asdict
from pathlib import Path

import click

from analytics.commands.common import command, print_json, say
from analytics.intake.rebuilding import rebuild as rebuild_warehouse
from analytics.warehouse import Warehouse
from analytics.warehouse.backups import Backup
from analytics.warehouse.backups import backup as write_backup
from analytics.warehouse.backups import restore as read_backup

_file = click.Path(path_type=Path, dir_okay=False)
_MEGABYTE = 1_000_000


@command("backup")
@click.argument("file", type=_file)
@click.option("--without-originals", is_flag=True, help="Leave out the files as they came: smaller, but not enough for rebuild.")
@click.option("--force", is_flag=True, help="Replace a backup of that name.")
def backup(warehouse: Warehouse, as_json: bool, file: Path, without_originals: bool, force: bool) -> None:
    """Write everything into one checked file: newest version, originals, recipes, settings."""
    _tell(write_backup(warehouse, file, originals=not without_originals, force=force), "written to", as_json)


@command("restore")
@click.argument("file", type=_file)
def restore(warehouse: Warehouse, as_json: bool, file: Path) -> None:
    """Publish what a backup holds as the next version; the present one stays among those kept."""
    _tell(read_backup(warehouse, file), "restored from", as_json)


def _tell(made: Backup, done: str, as_json: bool) -> None:
    originals = "without originals" if made.originals is None else f"{made.originals:,} originals"
    say(f"Version {made.version} {done} {made.path} ({originals}, {made.size / _MEGABYTE:.1f} MB).")
    if as_json:
        print_json({"file": str(made.path), "version": made.version, "originals": made.originals, "bytes": made.size})


@command("rebuild")
def rebuild(warehouse: Warehouse, as_json: bool) -> None:
    """Make every row again from the originals, their recipes and the answers given; for a damaged or lost warehouse."""
    made = rebuild_warehouse(warehouse, progress=lambda name: say(f"  {name}"))
    say(f"Version {made.version} rebuilt from {made.files:,} originals and {made.based_on}.")
    for batch in made.read_differently:
        say(f"{batch} is read differently by this version of the dashboard: see `python -m analytics rejects {batch}`.")
    if as_json:
        print_json(asdict(made))


COMMANDS: list[click.Command] = [backup, restore, rebuild]
