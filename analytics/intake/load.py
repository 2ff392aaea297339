"""Loading files without a screen: find the recipe, read, keep."""

from collections.abc import Callable, Sequence
from pathlib import Path

from analytics.catalogue import using
from analytics.errors import IntakeError
from analytics.intake.cells import clean_text
from analytics.intake.keeping import Answers, keep_all, rehearse
from analytics.intake.originals import Original
from analytics.intake.preview import Preview, preview, refusal_of
from analytics.intake.problems import Choice, Question
from analytics.intake.progress import Tell, untold
from analytics.intake.recipe import Recipe
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.report import FileReport, Status
from analytics.intake.sheet import HEAD, read_header
from analytics.intake.unchanged import unchanged
from analytics.intake.workbook import is_workbook, sheet_headers
from analytics.warehouse import Scope, Warehouse

SHIPPED_RECIPES = Path(__file__).resolve().parents[2] / "data" / "recipes"
Begin = Callable[[str], Tell]


def begun(name: str) -> Tell:
    """Nobody wants to know how far a file is."""
    return untold


def load_file(
    warehouse: Warehouse,
    path: Path,
    recipe: Recipe | Path | None = None,
    answers: Answers | None = None,
    dry_run: bool = False,
    who: str = "local",
    tell: Tell = untold,
) -> FileReport:
    """Load one file; without a recipe the stored one that fits its columns is used. Whole-file problems are in the report."""
    return load_files(warehouse, [(path, recipe)], answers, dry_run, who, lambda name: tell)[0]


def load_files(
    warehouse: Warehouse,
    files: Sequence[tuple[Path, Recipe | Path | None]],
    answers: Answers | None = None,
    dry_run: bool = False,
    who: str = "local",
    begin: Begin = begun,
) -> list[FileReport]:
    """Load several files in one write, in this order; `begin` is told the name of each file and tells how far it is."""
    with using(warehouse.catalogue):
        return _load_files(warehouse, files, dict(answers or {}), dry_run, who, begin)


def _load_files(
    warehouse: Warehouse,
    files: Sequence[tuple[Path, Recipe | Path | None]],
    given: Answers,
    dry_run: bool,
    who: str,
    begin: Begin,
) -> list[FileReport]:
    outcomes = [_read(warehouse, path, recipe, given, begin(path.name), not dry_run) for path, recipe in files]
    reads = [outcome for outcome in outcomes if isinstance(outcome, Preview)]
    if dry_run:
        kept = iter([rehearse(warehouse, read, given) for read in reads])
    else:
        kept = iter(keep_all(warehouse, reads, who, given, begin(reads[0].file_name if len(reads) == 1 else f"{len(reads)} files")))
    return [next(kept) if isinstance(outcome, Preview) else outcome for outcome in outcomes]


def _read(
    warehouse: Warehouse, path: Path, recipe: Recipe | Path | None, answers: Answers, tell: Tell, keeping: bool
) -> Preview | FileReport:
    """The file read by its recipe, or the report saying why that is not possible."""
    try:
        chosen = read_recipe(recipe) if isinstance(recipe, Path) else recipe or _stored_recipe(warehouse, path, answers)
    except IntakeError as problem:
        return FileReport(path.name, "", "", "", Status.REFUSED, issues=(refusal_of(problem, "recipe"),))
    if isinstance(chosen, Question):
        return FileReport(path.name, "", "", "", Status.QUESTIONS, questions=(chosen,))
    return unchanged(warehouse, path, chosen, answers) or preview(path, path.name, chosen, answers, tell, warehouse.folder, keeping)


def stored_recipes(warehouse: Warehouse) -> list[Recipe]:
    """Every recipe known here, each name once: the warehouse's own recipes folder, those of loaded files, those shipped."""
    own = [read_recipe(path) for path in sorted((warehouse.folder / "recipes").glob("*.toml"))]
    shipped = [read_recipe(path) for path in sorted(SHIPPED_RECIPES.glob("*.toml"))]
    return list({recipe.name: recipe for recipe in reversed((*own, *_used_recipes(warehouse), *shipped))}.values())[::-1]


def _used_recipes(warehouse: Warehouse) -> list[Recipe]:
    """The recipes of loaded files, the latest first; one that this version no longer understands is left out."""
    if not warehouse.exists:
        return []
    sql = "SELECT recipe_name, recipe_text FROM batches WHERE status = 'active' ORDER BY loaded_at DESC, batch_id DESC"
    found = []
    for name, text in warehouse.open().select(Scope.everything(), sql).drop_duplicates().itertuples(index=False):
        try:
            found.append(parse_recipe(text, name))
        except IntakeError:
            continue
    return found


def recipe_for(header: Sequence[str], recipes: Sequence[Recipe]) -> list[Recipe]:
    """The recipes whose columns a file with this header has, the closest first; several only where they are equally close."""
    present = {clean_text(name).casefold() for name in header}
    wanted = [({clean_text(name).casefold() for name in recipe.match or recipe.headers}, recipe) for recipe in recipes]
    fitting = [(len(names), recipe) for names, recipe in wanted if names and names <= present]
    closest = max((count for count, _ in fitting), default=0)
    return [recipe for count, recipe in fitting if count == closest]


def recipes_fitting(original: Original, recipes: Sequence[Recipe]) -> list[Recipe]:
    """The recipes that fit the first line of a file, or of any sheet of a workbook; an empty file: `IntakeError`."""
    headers = sheet_headers(original).values() if is_workbook(original) else (read_header(original.head(HEAD)),)
    if not any(headers):
        raise IntakeError(f"{original.name} is empty.", "Export it again; the first line must hold the column names.")
    return list({recipe.name: recipe for header in headers for recipe in recipe_for(header, recipes)}.values())


def _stored_recipe(warehouse: Warehouse, path: Path, answers: Answers) -> Recipe | Question:
    """The stored recipe that fits the file; none: `IntakeError`, several: a question."""
    fitting = recipes_fitting(Original.of(path, path.name), stored_recipes(warehouse))
    named = [recipe for recipe in fitting if recipe.name == answers.get("recipe")]
    if not fitting:
        raise IntakeError(f"No stored recipe fits the columns of {path.name}.", "Name one with --recipe FILE.toml.")
    if len(fitting) == 1 or named:
        return (named or fitting)[0]
    choices = tuple(Choice(recipe.name, recipe.description or recipe.shape.value) for recipe in fitting)
    return Question("recipe", f"Several stored recipes fit {path.name}. Which one?", choices)
