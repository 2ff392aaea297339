"""The fields of each register file and how their cells are read."""

from enum import StrEnum


class FieldKind(StrEnum):
    """How a cell of a register is read."""

    TEXT = "text"
    KPI = "kpi"
    COMPARATOR = "comparator"
    LEVEL = "level"
    SCORE = "score"
    NUMBER = "number"
    DATE = "date"
    CURRENCY = "currency"
    RATE = "rate"
    RISK_STATUS = "open or closed"
    ACTION_STATUS = "open or done"
    SCORE_KIND = "inherent or residual"
    AUDIENCE = "executive, operations or vendor"


WORDS = {
    FieldKind.COMPARATOR: (">=", ">", "<=", "<", "band"),
    FieldKind.RISK_STATUS: ("open", "closed"),
    FieldKind.ACTION_STATUS: ("open", "done"),
    FieldKind.SCORE_KIND: ("inherent", "residual"),
    FieldKind.AUDIENCE: ("executive", "operations", "vendor"),
}
_T, _K, _L, _D = FieldKind.TEXT, FieldKind.KPI, FieldKind.LEVEL, FieldKind.DATE

REGISTER_FIELDS: dict[str, dict[str, FieldKind]] = {
    "targets": {
        "kpi": _K, "vendor": _T, "site": _T, "lob": _T, "channel": _T, "comparator": FieldKind.COMPARATOR, "minimum": _L, "expected": _L,
        "stretch": _L, "lower": _L, "upper": _L, "valid_from": _D, "valid_to": _D, "basis": _T, "approved_by": _T,
    },
    "risks": {
        "risk_id": _T, "number": FieldKind.NUMBER, "title": _T, "category": _T, "vendor": _T, "owner": _T,
        "status": FieldKind.RISK_STATUS, "opened_on": _D, "next_review": _D, "description": _T, "mitigation": _T,
    },
    "risk_scores": {
        "risk_id": _T, "scored_on": _D, "kind": FieldKind.SCORE_KIND, "likelihood": FieldKind.SCORE, "impact": FieldKind.SCORE,
        "reason": _T,
    },
    "events": {"happened_on": _D, "title": _T, "vendor": _T, "site": _T, "kpi": _K, "owner": _T, "description": _T},
    "notes": {"written_on": _D, "author": _T, "kpi": _K, "vendor": _T, "period": _T, "body": _T},
    "actions": {
        "action_id": _T, "title": _T, "vendor": _T, "kpi": _K, "owner": _T, "due_on": _D, "status": FieldKind.ACTION_STATUS, "body": _T,
    },
    "commentary": {
        "quarter": _T, "place": _T, "vendor": _T, "audience": FieldKind.AUDIENCE, "author": _T, "written_on": _D, "body": _T,
    },
    "rates": {
        "currency": FieldKind.CURRENCY, "reporting_currency": FieldKind.CURRENCY, "rate": FieldKind.RATE, "valid_from": _D, "basis": _T,
    },
}  # fmt: skip

REQUIRED_FIELDS: dict[str, tuple[str, ...]] = {
    "targets": ("kpi", "comparator", "valid_from"),
    "risks": ("risk_id", "number", "title", "category", "status"),
    "risk_scores": ("risk_id", "scored_on", "kind", "likelihood", "impact"),
    "events": ("happened_on", "title"),
    "notes": ("written_on", "body"),
    "actions": ("action_id", "title", "status"),
    "commentary": ("quarter", "place", "author", "written_on"),
    "rates": ("currency", "reporting_currency", "rate", "valid_from"),
}
