"""Reading recipes: TOML, the same text on screen and on disk, checked strictly before any file is looked at."""

import tomllib
from pathlib import Path

from analytics.catalogue import DIMENSIONS, KPIS, MEASURES, Unit
from analytics.errors import IntakeError, did_you_mean
from analytics.intake.dates import check_format
from analytics.intake.recipe import (
    DEFAULT_MISSING,
    DURATION_UNITS,
    GRAINS,
    ISO_DATE,
    PLAIN_UNITS,
    SHARE_UNITS,
    CellTest,
    CellUnit,
    Check,
    Condition,
    DateField,
    KpiField,
    LongForm,
    MeasureField,
    Recipe,
    Shape,
    TextField,
)  # fmt: skip
from analytics.intake.register_fields import REGISTER_FIELDS
from analytics.intake.sections import Section

_COMMON = (
    "name", "description", "shape", "source", "decimal", "thousands", "encoding", "delimiter", "header_row", "missing", "match", "rows",
)  # fmt: skip
_LATER_SHAPES = ("interactions", "events")
_KEYS = {
    Shape.AGGREGATES: ("threshold_seconds", "currency", "dimensions", "measures", "kpis"),
    Shape.SCORECARD: ("dimensions", "kpis", "scorecard"),
    Shape.REGISTER: ("register", "columns", "date_format"),
}


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
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise IntakeError(f"Recipe {name} is not readable TOML: {problem}.", "Correct that line.") from problem
    return _recipe(Section(name, text, values), name)


def _recipe(root: Section, name: str) -> Recipe:
    if root.values.get("shape") in _LATER_SHAPES:
        root.fail("shape", f"files of {root.values['shape']} are not read here.", "Known: aggregates, scorecard, register.")
    shape = Shape(root.choice("shape", Shape))
    root.only(*_COMMON, *_KEYS[shape])
    rows = root.table("rows")
    match = root.table("match")
    if match:
        match.only("columns")
    return Recipe(
        name=root.string("name", name),
        shape=shape,
        source=root.required("source", '"acd"') if shape is not Shape.REGISTER else root.string("source", "register"),
        text=root.text,
        description=root.string("description"),
        decimal=_separator(root, "decimal", ".,", "."),
        thousands=_separator(root, "thousands", ".,' \u00a0\u202f", ""),
        encoding=_encoding(root),
        delimiter=_separator(root, "delimiter", ",;\t|", ""),
        header_row=_header_row(root),
        missing=("", *root.strings("missing")) if "missing" in root.values else DEFAULT_MISSING,
        match=match.strings("columns") if match else (),
        exclude=_exclusions(rows) if rows else (),
        sum_duplicates=_duplicates(rows, shape) if rows else False,
        **_of_shape(root, shape),
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


def _exclusions(rows: Section) -> tuple[Condition, ...]:
    rows.only("exclude", "duplicates")
    listed = rows.values.get("exclude", [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        rows.fail("exclude", "exclude must be a list of tables.", 'Write exclude = [{column = "Site", equals = ["Total"]}].')
    found = []
    for item in listed:
        section = Section(rows.name, rows.text, item, (*rows.path, "exclude"))
        if set(item) - {"column", "equals"}:
            wrong = sorted(set(item) - {"column", "equals"})[0]
            section.fail("", f"unknown key '{wrong}' in exclude.", did_you_mean(wrong, ("column", "equals")))
        found.append(Condition(section.required("column", '"Site"'), CellTest(Check.EQUALS, section.strings("equals"))))
    return tuple(found)


def _duplicates(rows: Section, shape: Shape) -> bool:
    if "duplicates" not in rows.values:
        return False
    if shape is not Shape.AGGREGATES:
        rows.fail("duplicates", "only rows of aggregates can be added up.", "Remove duplicates.")
    return rows.choice("duplicates", ("refuse", "sum")) == "sum"


def _of_shape(root: Section, shape: Shape) -> dict:
    """The parts only this shape has."""
    if shape is Shape.REGISTER:
        return _register(root)
    dimensions = root.table("dimensions")
    if dimensions is None:
        root.fail("", "there is no [dimensions].", "Say which columns hold the period and the vendor.")
    dimensions.only("period_start", *DIMENSIONS)
    parts: dict = {"period_start": _period_start(dimensions), "dimensions": _dimensions(dimensions)}
    return parts | (_aggregates(root) if shape is Shape.AGGREGATES else _scorecard(root))


def _period_start(dimensions: Section) -> DateField:
    section = dimensions.table("period_start")
    if section is None:
        dimensions.fail("", "[dimensions] has no period_start.", 'Add period_start = {column = "Date", grain = "day"}.')
    section.only("column", "constant", "grain", "format", "any_day")
    written = section.string("format", ISO_DATE)
    if problem := check_format(written):
        section.fail("format", f"format '{written}': {problem}.", 'Example: "%d/%m/%Y" for 31/12/2026, "%b-%y" for Dec-26.')
    column, constant = _column_or_constant(section)
    columns = (column,) if column is not None else ()
    return DateField(section.choice("grain", GRAINS), written, columns, constant, section.flag("any_day"))


def _column_or_constant(section: Section) -> tuple[str | None, str | None]:
    column, constant = section.optional("column"), section.optional("constant")
    if (column is None) == (constant is None):
        section.fail("", f"{section.path[-1]} needs either a column or a constant.", 'Write {column = "Header"} or {constant = "..."}.')
    return column, constant


def _dimensions(dimensions: Section) -> dict[str, TextField]:
    if "vendor" not in dimensions.values:
        dimensions.fail("", "[dimensions] has no vendor.", 'Add vendor = {column = "Provider"} or vendor = {constant = "Acme"}.')
    return {name: _text_field(section) for name, section in dimensions.tables().items() if name in DIMENSIONS}


def _text_field(section: Section) -> TextField:
    section.only("column", "constant", "map")
    renamed = section.table("map")
    return TextField(*_column_or_constant(section), {key: renamed.string(key) for key in renamed.values} if renamed else {})


def _number_field(root: Section, key: str) -> TextField | None:
    """threshold_seconds = 20, or {column = "..."}."""
    if isinstance(root.values.get(key), dict):
        section = root.table(key)
        assert section is not None
        section.only("column")
        return TextField(column=section.required("column", '"Header"'))
    number = root.number(key)
    return None if number is None else TextField(constant=number)


def _aggregates(root: Section) -> dict:
    measures, kpis = root.table("measures"), root.table("kpis")
    fields = tuple(_measure(name, measures) for name in measures.values) if measures else ()
    ratios = tuple(_kpi(name, kpis) for name in kpis.values) if kpis else ()
    if not fields and not ratios:
        root.fail("", "there are neither [measures] nor [kpis].", 'Add for instance [measures] and contacts_offered = {column = "Calls"}.')
    if kpis:
        _check_weights(kpis, fields, ratios)
    currency = root.values.get("currency")
    named = _number_or_text(root, currency) if currency is not None else None
    if named is None and any(entry.unit is CellUnit.MONEY for entry in fields):
        root.fail("", "a measure is money, but there is no currency.", 'Add currency = "EUR" above the first table.')
    return {"measures": fields, "kpis": ratios, "threshold": _number_field(root, "threshold_seconds"), "currency": named}


def _number_or_text(root: Section, currency: object) -> TextField:
    if isinstance(currency, dict):
        section = root.table("currency")
        assert section is not None
        return _text_field(section)
    return TextField(constant=root.required("currency", '"EUR"'))


def _check_weights(kpis: Section, fields: tuple[MeasureField, ...], ratios: tuple[KpiField, ...]) -> None:
    """A weight must be a measure of this file, and no measure may be filled twice."""
    mapped = [entry.measure for entry in fields]
    for ratio in ratios:
        if ratio.weight is not None and ratio.weight not in mapped:
            kpis.fail(ratio.kpi, f"weight '{ratio.weight}' is not among [measures].", did_you_mean(ratio.weight, mapped))
        filled = weighted_measure(ratio)
        if filled in mapped:
            kpis.fail(ratio.kpi, f"'{filled}' would be filled twice.", "Keep either the count or the ratio.")
        if filled:
            mapped.append(filled)


def weighted_measure(ratio: KpiField) -> str | None:
    """The measure value x weight becomes, or None: the weight must be the KPI's own denominator and the numerator one measure."""
    above, below = KPIS[ratio.kpi].numerator_terms, KPIS[ratio.kpi].denominator_terms
    single = len(above) == 1 and len(below) == 1 and ratio.weight == below[0].measure
    return above[0].measure if single else None


def _measure(name: str, measures: Section) -> MeasureField:
    if name not in MEASURES:
        remedy = f"'{name}' is a KPI: put it under [kpis]." if name in KPIS else did_you_mean(name, MEASURES)
        measures.fail(name, f"unknown measure '{name}'.", remedy or "The measures are listed on the Definitions page.")
    section = measures.table(name)
    assert section is not None
    section.only("column", "constant", "unit", "minus", "times_days")
    column, constant = section.optional("column"), section.number("constant")
    if (column is None) == (constant is None):
        section.fail("", f"{name} needs either a column or a constant number.", 'Write {column = "Header"}.')
    unit = _measure_unit(name, section)
    if constant is not None and unit in (CellUnit.H_MM_SS, CellUnit.MM_SS):
        section.fail("unit", "a constant is a plain number.", 'Say unit = "seconds", "minutes" or "hours".')
    return MeasureField(name, unit, column, constant, section.strings("minus"), section.flag("times_days"))


def _measure_unit(name: str, section: Section) -> CellUnit:
    allowed = DURATION_UNITS if MEASURES[name].is_duration else (CellUnit.MONEY,) if name == "cost" else (CellUnit.COUNT,)
    unit = section.string("unit", allowed[0].value)
    if unit in SHARE_UNITS:
        section.fail("unit", f"{name} is a number of things, not a {unit}.", "A ratio in the file belongs under [kpis].")
    if unit not in allowed:
        section.fail("unit", f"unit of {name} is '{unit}'.", did_you_mean(unit, allowed) or f"Known: {', '.join(allowed)}.")
    return CellUnit(unit)


def _kpi(name: str, kpis: Section, *, with_weight: bool = True) -> KpiField:
    if name not in KPIS:
        remedy = f"'{name}' is a measure: put it under [measures]." if name in MEASURES else did_you_mean(name, KPIS)
        kpis.fail(name, f"unknown KPI '{name}'.", remedy or "The KPIs are listed on the Definitions page.")
    section = kpis.table(name)
    assert section is not None
    section.only("column", "unit", *(("weight",) if with_weight else ("target",)))
    column = section.required("column", '"SL %"')
    return KpiField(name, column, _kpi_unit(name, section), section.optional("weight"), section.optional("target"))


def _kpi_unit(name: str, section: Section) -> CellUnit:
    """Percent or fraction, seconds or minutes: must be said, since both are common and neither is marked in most files."""
    allowed = {Unit.PERCENT: SHARE_UNITS, Unit.SECONDS: DURATION_UNITS, Unit.HOURS: DURATION_UNITS}.get(KPIS[name].unit, PLAIN_UNITS)
    return CellUnit(section.choice("unit", allowed, "" if allowed is not PLAIN_UNITS else allowed[0].value))


def _scorecard(root: Section) -> dict:
    long, kpis = root.table("scorecard"), root.table("kpis")
    if (long is None) == (kpis is None):
        root.fail("", "a scorecard needs either [scorecard] (one KPI per row) or [kpis] (one KPI per column).", "Add one of them.")
    if kpis:
        return {"kpis": tuple(_kpi(name, kpis, with_weight=False) for name in kpis.values)}
    assert long is not None
    return {"long_form": _long_form(long)}


def _long_form(long: Section) -> LongForm:
    long.only("kpi", "actual", "unit", "target", "comparator")
    kpi, unit = long.table("kpi"), long.table("unit")
    if kpi is None:
        long.fail("", "[scorecard] has no kpi.", 'Add kpi = {column = "KPI"}.')
    columns = {key: section for key in ("actual", "target", "comparator") if (section := long.table(key))}
    if "actual" not in columns:
        long.fail("", "[scorecard] has no actual.", 'Add actual = {column = "Actual"}.')
    for section in columns.values():
        section.only("column")
    names = {key: section.required("column", '"Header"') for key, section in columns.items()}
    return LongForm(_text_field(kpi), names["actual"], _text_field(unit) if unit else None, names.get("target"), names.get("comparator"))


def _register(root: Section) -> dict:
    register = root.choice("register", REGISTER_FIELDS)
    fields = REGISTER_FIELDS[register]
    columns = root.table("columns")
    if columns:
        columns.only(*fields)
    named = {name: columns.string(name) for name in columns.values} if columns else {}
    date_format = root.string("date_format", ISO_DATE)
    if problem := check_format(date_format):
        root.fail("date_format", f"date_format '{date_format}': {problem}.", 'Example: "%d/%m/%Y" for 31/12/2026.')
    return {"register": register, "columns": named, "date_format": date_format}
