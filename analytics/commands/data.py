"""Commands that bring data in: demo, load."""

import tomllib
from pathlib import Path

import click

from analytics.commands.common import command, read_answer, say
from analytics.commands.outcomes import finish
from analytics.commands.progress import ProgressBars
from analytics.errors import IntakeError, UsageError, did_you_mean
from analytics.intake import Recipe, Tell, load_files, stored_recipes, untold
from analytics.intake.load import SHIPPED_RECIPES
from analytics.warehouse import Scope, Warehouse, list_batches

DEMO = Path(__file__).resolve().parents[2] / "data" / "sample" / "demo.toml"


@command("demo")
def demo(warehouse: Warehouse, as_json: bool) -> None:
    """Build the sample warehouse from data/sample; does nothing when it is there already."""
    files = _demo_files(DEMO)
    _refuse_own_data(warehouse, {path.name for path, _ in files})
    say(f"Building the sample warehouse in {warehouse.folder} ...")
    reports = load_files(warehouse, files, who="demo", begin=_named)
    finish(reports, as_json)


def _named(name: str) -> Tell:
    say(f"  {name}")
    return untold


def _demo_files(manifest: Path) -> list[tuple[Path, Path]]:
    """File and recipe of every [[load]] of the manifest, in its order."""
    try:
        listed = tomllib.loads(manifest.read_text(encoding="utf-8"))["load"]
        folder, recipes = manifest.parent, manifest.parents[1] / "recipes"
        return [(folder / entry["file"], recipes / f"{entry['recipe']}.toml") for entry in listed]
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as problem:
        raise IntakeError(f"The list of sample files {manifest} cannot be read.", "Restore data/sample from the project.") from problem


def _refuse_own_data(warehouse: Warehouse, sample_names: set[str]) -> None:
    """Sample data is not mixed into somebody's own."""
    if not warehouse.exists:
        return
    own = [batch.file_name for batch in list_batches(warehouse.open(), Scope.everything()) if batch.file_name not in sample_names]
    if own:
        raise UsageError(
            f"The warehouse {warehouse.folder} holds data of its own ({own[0]}).",
            "Choose another folder with --warehouse for the sample data.",
        )


@command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--recipe", metavar="FILE|NAME", help="How to read the files: a TOML file or the name of a stored recipe; else the one that fits."
)
@click.option(
    "--set", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question the file leaves open; each names its key and choices."
)
@click.option("--as-vendor", "vendors", multiple=True, metavar="NAME", help="Refuse a file with rows of any other vendor; repeat for more.")
@click.option("--dry-run", is_flag=True, help="Read and check, store nothing.")
def load(
    warehouse: Warehouse,
    as_json: bool,
    files: tuple[Path, ...],
    recipe: str | None,
    answers: tuple[str, ...],
    vendors: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Load files: stored once, corrected by key, refused rows kept with their reasons. Ends with 3 while a question is open."""
    given = dict(read_answer(text) for text in answers)
    scope = Scope.of("local", vendors) if vendors else None
    chosen = _recipe(warehouse, recipe)
    with ProgressBars() as bars:
        reports = load_files(warehouse, [(path, chosen) for path in files], given, dry_run, begin=bars.begin, scope=scope)
    finish(reports, as_json)


def _recipe(warehouse: Warehouse, named: str | None) -> Recipe | Path | None:
    """The recipe file of this name; where there is none, the stored recipe that is called so."""
    if named is None or Path(named).suffix == ".toml" or Path(named).exists():
        return Path(named) if named is not None else None
    stored = {path.stem: path for path in sorted(SHIPPED_RECIPES.glob("*.toml"))} | {one.name: one for one in stored_recipes(warehouse)}
    if named not in stored:
        raise UsageError(f"There is no recipe '{named}'.", did_you_mean(named, stored) or "Name a TOML file, or a stored recipe.")
    return stored[named]


COMMANDS: list[click.Command] = [demo, load]
