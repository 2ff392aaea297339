"""Every key of the recipe language: in which part of a recipe it stands and which shapes know it. The parser accepts nothing else."""

from collections.abc import Mapping

from analytics.catalogue import DIMENSIONS
from analytics.intake.recipe import CONTACT_SHAPES, Check, Shape

_ALL = tuple(Shape)
_TOTALS = (Shape.AGGREGATES,)
_EVENTS = (Shape.EVENTS,)
_SCORECARD = (Shape.SCORECARD,)
_REGISTER = (Shape.REGISTER,)
_MEASURED = (Shape.AGGREGATES, *CONTACT_SHAPES)
_REPORTED = (Shape.AGGREGATES, Shape.SCORECARD)
_DATED = (*_MEASURED, Shape.SCORECARD)

KEYS: Mapping[str, Mapping[str, tuple[Shape, ...]]] = {
    "recipe": {
        **dict.fromkeys(("name", "description", "shape", "source", "decimal", "thousands", "encoding", "delimiter", "quote"), _ALL),
        **dict.fromkeys(("header_row", "sheet", "missing", "date_order", "match", "rows"), _ALL),
        **dict.fromkeys(("threshold_seconds", "currency", "measures"), _MEASURED),
        "dimensions": _DATED,
        "kpis": _REPORTED,
        "scorecard": _SCORECARD,
        **dict.fromkeys(("register", "columns", "date_format"), _REGISTER),
    },
    "match": {"columns": _ALL},
    "rows": {"exclude": _ALL, "duplicates": _TOTALS, "months_across": _REPORTED, "fold_by": _EVENTS, "order_by": _EVENTS},
    "order_by": {"column": _EVENTS, "type": _EVENTS, "format": _EVENTS},
    "condition": dict.fromkeys(("column", "unit", *Check), _ALL),
    "dimensions": dict.fromkeys(("period_start", *DIMENSIONS), _DATED),
    "period_start": {
        **dict.fromkeys(("column", "constant", "grain", "format", "from_zone", "to_zone"), _DATED),
        "any_day": _REPORTED,
    },
    "text": dict.fromkeys(("column", "constant", "map", "others", "refuse_others"), _DATED),
    "threshold": {"column": _MEASURED},
    "measure": {
        **dict.fromkeys(("column", "constant", "unit", "minus", "where"), _MEASURED),
        "times_days": _TOTALS,
        **dict.fromkeys(("count", "from", "to", "format", *Check), CONTACT_SHAPES),
    },
    "kpi": {"column": _REPORTED, "unit": _REPORTED, "weight": _TOTALS, "target": _SCORECARD},
    "scorecard": dict.fromkeys(("kpi", "actual", "unit", "target", "comparator"), _SCORECARD),
    "result": {"column": _SCORECARD},
}

# Where a key stands, in words.
PLACES: Mapping[str, str] = {
    "recipe": "the top of the recipe, above the first table",
    "match": "[match]",
    "rows": "[rows]",
    "order_by": "order_by of [rows]",
    "condition": "a condition (exclude, where)",
    "dimensions": "[dimensions]",
    "period_start": "period_start of [dimensions]",
    "text": "a dimension",
    "threshold": "threshold_seconds",
    "measure": "a measure",
    "kpi": "a KPI of [kpis]",
    "scorecard": "[scorecard]",
    "result": "a part of [scorecard]",
}

_HOLDS_TOTALS = "Each row of this shape already holds totals: name its column. To count some rows only, write where = {...}."
_NO_CONTACTS = "Each row of this shape is a result or an entry, nothing is counted in it."
_CONTACT_RATIOS = "Of single contacts nothing is a ratio yet: count both parts under [measures], the dashboard divides them."

# Why a shape does not know a key that others know.
_REASONS: Mapping[tuple[str, Shape], str] = {
    **{(key, Shape.AGGREGATES): _HOLDS_TOTALS for key in ("count", "from", "to", *Check)},
    **{("kpis", shape): _CONTACT_RATIOS for shape in CONTACT_SHAPES},
    **{
        ("times_days", shape): "A contact happens once: an average of the period belongs into a file of totals." for shape in CONTACT_SHAPES
    },
    **{("months_across", shape): "Only totals and results have a column per month." for shape in (*CONTACT_SHAPES, Shape.REGISTER)},
    **{("any_day", shape): "A contact may be on any day of its week: remove it." for shape in CONTACT_SHAPES},
    ("duplicates", Shape.INTERACTIONS): "Every row is one contact and all of them are added up: remove it.",
    ("duplicates", Shape.EVENTS): "fold_by says which rows are one contact: remove it.",
    **{("fold_by", shape): "Its rows are not parts of one thing." for shape in (*_REPORTED, Shape.REGISTER)},
    ("fold_by", Shape.INTERACTIONS): 'Every row is one contact; if several rows tell of one, write shape = "events".',
    ("order_by", Shape.INTERACTIONS): 'Every row is one contact; if several rows tell of one, write shape = "events".',
    ("measures", Shape.SCORECARD): "A scorecard has results without their counts: put them under [kpis].",
    ("weight", Shape.SCORECARD): "A scorecard has results without their counts; with counts beside them it is a file of aggregates.",
    ("target", Shape.AGGREGATES): "Targets belong into the register of targets.",
    ("date_format", Shape.AGGREGATES): "Write format in period_start, or date_order.",
}


def keys_of(part: str, shape: Shape) -> tuple[str, ...]:
    """The keys a part of the recipe may have in files of this shape."""
    return tuple(key for key, shapes in KEYS[part].items() if shape in shapes)


def places_of(key: str, shape: Shape) -> list[str]:
    """Where a key may stand in files of this shape, in words."""
    return [PLACES[part] for part in KEYS if key in keys_of(part, shape)]


def reason(key: str, shape: Shape) -> str:
    """Why files of this shape do not have the key."""
    if (key, shape) in _REASONS:
        return _REASONS[key, shape]
    return _NO_CONTACTS if shape in (Shape.SCORECARD, Shape.REGISTER) and key in KEYS["measure"] else "Remove it."
