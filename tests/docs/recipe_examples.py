"""The examples of docs/recipes.md: a recipe, a file, and what is stored. `python -m tests.docs.recipe_examples` writes the results anew."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from analytics.catalogue import DIMENSIONS, MEASURES
from analytics.intake import Shape, Status, load_file, parse_recipe
from analytics.intake.recipe import Recipe
from analytics.warehouse import Scope, Warehouse
from analytics.warehouse.registers import REGISTERS
from tests.intake.workbooks import write_workbook

RECIPES = Path(__file__).resolve().parents[2] / "docs" / "recipes.md"
REMEDY = "Look whether the new results are right; then write them with: python -m tests.docs.recipe_examples"
_EXAMPLE = re.compile(r"```toml\n(?P<recipe>.*?)```\n\n```csv\n(?P<file>.*?)```\n\n```text\n(?P<stored>.*?)```", re.DOTALL)
_PERFORMANCE = ("period_start", *DIMENSIONS, "threshold_seconds", "currency")
_RESULTS = ("kpi", "actual", "unit", "target", "comparator")


@dataclass(frozen=True, slots=True)
class Example:
    """One example and the headings it stands under."""

    part: str
    heading: str
    recipe: str
    file: str
    stored: str


def examples(text: str) -> Iterator[Example]:
    """Every example of the document, in order."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        for key in re.split(r"^### ", part, flags=re.MULTILINE)[1:]:
            for found in _EXAMPLE.finditer(key):
                yield Example(part.splitlines()[0], key.splitlines()[0], found["recipe"], found["file"], found["stored"])


def stored(example: Example, folder: Path) -> str:
    """What a user finds in the warehouse after loading the example's file, and which rows were refused."""
    recipe = parse_recipe(example.recipe, "recipe")
    warehouse = Warehouse(folder / "warehouse")
    report = load_file(warehouse, _write(example.file, recipe, folder), recipe)
    assert report.status is Status.STORED, report
    shown = [_table(frame) for frame in _frames(warehouse, recipe) if not frame.empty]
    refused = [f"line {issue.line}{_at(issue.column)}: {issue.message}" for issue in report.issues if issue.level == "error"]
    return "\n\n".join([*shown, "\n".join(refused)]).strip() + "\n"


def _at(column: str | None) -> str:
    return f", {column}" if column else ""


def _write(text: str, recipe: Recipe, folder: Path) -> Path:
    if recipe.sheet:
        cells = [line.split(",") for line in text.splitlines()]
        return write_workbook(folder / "file.xlsx", {"Notes": [["Read me"]], recipe.sheet: cells})
    path = folder / "file.csv"
    path.write_bytes(text.encode(recipe.encoding or "utf-8"))
    return path


def _frames(warehouse: Warehouse, recipe: Recipe) -> list[pd.DataFrame]:
    if recipe.shape is Shape.REGISTER:
        register = REGISTERS[recipe.register]
        return [_read(warehouse, recipe.register, None, register.key[0])]
    by = "period_start, vendor, site, lob, channel"
    return [
        _read(warehouse, "performance", (*_PERFORMANCE, *MEASURES), by),
        _read(warehouse, "scorecard", ("period_start", *DIMENSIONS, *_RESULTS), f"{by}, kpi"),
    ]


def _read(warehouse: Warehouse, table: str, columns: tuple[str, ...] | None, order: str) -> pd.DataFrame:
    names = ", ".join(columns) if columns else "* EXCLUDE (batch_id)"
    frame = warehouse.open().select(Scope.everything(), f"SELECT {names} FROM {table} ORDER BY {order}")
    return frame.astype(object).where(frame.notna(), None).dropna(axis="columns", how="all")


def _table(frame: pd.DataFrame) -> str:
    cells = [list(frame.columns), *([_cell(value) for value in row] for row in frame.itertuples(index=False))]
    widths = [max(len(row[column]) for row in cells) for column in range(len(frame.columns))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal | float | int):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return str(value)


def rewritten(text: str) -> str:
    """The document with every result as it is now."""
    by_recipe = {(example.recipe, example.file): example for example in examples(text)}

    def fresh(found: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            now = stored(by_recipe[found["recipe"], found["file"]], Path(folder))
        return f"```toml\n{found['recipe']}```\n\n```csv\n{found['file']}```\n\n```text\n{now}```"

    return _EXAMPLE.sub(fresh, text)


if __name__ == "__main__":
    RECIPES.write_text(rewritten(RECIPES.read_text(encoding="utf-8")), encoding="utf-8")
