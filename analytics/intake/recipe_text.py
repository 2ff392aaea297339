"""Reading recipes: TOML, the same text on screen and on disk, checked strictly before any file is looked at."""

import tomllib
from decimal import Decimal
from pathlib import Path

from analytics.errors import IntakeError
from analytics.intake.dates import check_format
from analytics.intake.recipe import CONTACT_SHAPES, DEFAULT_MISSING, CellUnit, DateField, Recipe, Shape
from analytics.intake.recipe_dates import DateOrder, read_date_order, read_period_start
from analytics.intake.recipe_fields import read_currency, read_dimensions, read_threshold
from analytics.intake.recipe_kpis import check_weights, read_kpis, read_long_form
from analytics.intake.recipe_measures import check_threshold, read_measures
from analytics.intake.recipe_rows import read_conditions, read_duplicates, read_fold
from analytics.intake.register_fields import REGISTER_FIELDS
from analytics.intake.sections import Section

_DELIMITERS = ",;\t|"
_QUOTES = "\"'"
_DECIMALS = ".,"
_THOUSANDS = ".,' \u00a0\u202f"


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; unreadable or wrong: `IntakeError` naming file, line and remedy."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise IntakeError(f"The recipe {path} cannot be read.", "Check the path; a recipe is a UTF-8 text file.") from problem
    return parse_recipe(text, path.stem)


def parse_recipe(text: str, name: str) -> Recipe:
    """The recipe in `text`; `name` is used where it does not name itself."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        raise IntakeError(f"Recipe {name} is not readable TOML: {problem}.", "Correct that line.") from problem
    return _recipe(Section(name, text, values), name)


def _recipe(root: Section, name: str) -> Recipe:
    shape = Shape(root.choice("shape", Shape))
    root.only("recipe", shape)
    match = root.table("match")
    if match:
        match.only("match", shape)
    order = read_date_order(root)
    return Recipe(
        name=root.string("name", name),
        shape=shape,
        source=root.required("source", '"acd"') if shape is not Shape.REGISTER else root.string("source", "register"),
        text=root.text,
        description=root.string("description"),
        decimal=_separator(root, "decimal", _DECIMALS, "."),
        thousands=_separator(root, "thousands", _THOUSANDS, ""),
        encoding=_encoding(root),
        delimiter=_separator(root, "delimiter", _DELIMITERS, ""),
        quote=_separator(root, "quote", _QUOTES, '"'),
        header_row=_header_row(root),
        sheet=root.string("sheet"),
        missing=("", *root.strings("missing")) if "missing" in root.values else DEFAULT_MISSING,
        match=match.strings("columns") if match else (),
        **_rows(root, shape, order),
        **(_register(root, order) if shape is Shape.REGISTER else _measured(root, shape, order)),
    )


def _separator(root: Section, key: str, allowed: str, default: str) -> str:
    value = root.string(key, default)
    if value and (len(value) != 1 or value not in allowed):
        shown = " ".join(repr(character) for character in allowed)
        root.fail(key, f"{key} is {value!r}.", f"Use one of {shown}.")
    if key == "thousands" and value and value == root.string("decimal", "."):
        root.fail(key, "decimal and thousands are the same character.", "Name the one the file uses for each.")
    return value


def _encoding(root: Section) -> str:
    value = root.string("encoding")
    try:
        "".encode(value or "utf-8")
    except LookupError:
        root.fail("encoding", f"unknown encoding '{value}'.", 'Common ones: "cp1252", "latin-1", "utf-16".')
    return value


def _header_row(root: Section) -> int:
    value = root.values.get("header_row", 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        root.fail("header_row", f"header_row is {value!r}.", "Give the line the column names stand on, counted from 1.")
    return value


def _rows(root: Section, shape: Shape, order: DateOrder) -> dict:
    """Which rows are left out, added up or folded."""
    rows = root.table("rows")
    if rows is None:
        if shape is Shape.EVENTS:
            root.fail("", "events need [rows] with fold_by and order_by.", 'If every row is one contact, write shape = "interactions".')
        return {}
    rows.only("rows", shape)
    return {
        "exclude": read_conditions(rows, "exclude", shape),
        "sum_duplicates": read_duplicates(rows),
        "months_across": rows.string("months_across"),
        "fold": read_fold(rows, order) if shape is Shape.EVENTS else None,
    }


def _measured(root: Section, shape: Shape, order: DateOrder) -> dict:
    """Period, dimensions and what is measured."""
    dimensions = root.table("dimensions")
    if dimensions is None:
        root.fail("", "there is no [dimensions].", "Say which columns hold the period and the vendor.")
    dimensions.only("dimensions", shape)
    parts: dict = {"period_start": read_period_start(dimensions, shape, order), "dimensions": read_dimensions(dimensions, shape)}
    _check_across(root, parts["period_start"])
    return parts | (_scorecard(root) if shape is Shape.SCORECARD else _measures(root, shape, order))


def _check_across(root: Section, period: DateField) -> None:
    """Months across need one column that does not exist in the file: the one that will hold their names."""
    rows = root.table("rows")
    if rows is not None and rows.string("months_across") and (len(period.columns) != 1 or period.from_zone):
        rows.fail(
            "months_across",
            "with months_across the names of the months become a column, and period_start must read that one.",
            'Write period_start = {column = "Month", grain = "month", format = "%b-%y"}.',
        )


def _measures(root: Section, shape: Shape, order: DateOrder) -> dict:
    fields, ratios = read_measures(root, shape, order), read_kpis(root, shape)
    if not fields and not ratios:
        if shape in CONTACT_SHAPES:
            root.fail("", "there are no [measures].", "Add for instance [measures] and contacts_offered = {count = true}.")
        root.fail("", "there are neither [measures] nor [kpis].", 'Add for instance [measures] and contacts_offered = {column = "Calls"}.')
    if kpis := root.table("kpis"):
        check_weights(kpis, fields, ratios)
    threshold, currency = read_threshold(root, shape), read_currency(root, shape)
    check_threshold(root, threshold, fields)
    if currency is None and any(entry.unit is CellUnit.MONEY for entry in fields):
        root.fail("", "a measure is money, but there is no currency.", 'Add currency = "EUR" above the first table.')
    return {"measures": fields, "kpis": ratios, "threshold": threshold, "currency": currency}


def _scorecard(root: Section) -> dict:
    long, kpis = root.table("scorecard"), root.table("kpis")
    if (long is None) == (kpis is None):
        root.fail("", "a scorecard needs either [scorecard] (one KPI per row) or [kpis] (one KPI per column).", "Add one of them.")
    return {"kpis": read_kpis(root, Shape.SCORECARD), "long_form": read_long_form(root, Shape.SCORECARD)}


def _register(root: Section, order: DateOrder) -> dict:
    register = root.choice("register", REGISTER_FIELDS)
    columns = root.table("columns")
    if columns:
        columns.only_names(REGISTER_FIELDS[register])
    named = {name: columns.string(name) for name in columns.values} if columns else {}
    date_format = root.string("date_format", order.day)
    if problem := check_format(date_format):
        root.fail("date_format", f"date_format '{date_format}': {problem}.", 'Example: "%d/%m/%Y" for 31/12/2026.')
    return {"register": register, "columns": named, "date_format": date_format}
