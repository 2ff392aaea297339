"""The proposal for lists: registers (targets, risks, notes, ...) and scorecards with one KPI per row."""

from collections.abc import Mapping, Sequence

from analytics.errors import IntakeError
from analytics.intake.problems import CellError
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.date_values import settle_format
from analytics.intake.recognise.draft import Draft
from analytics.intake.recognise.findings import Findings
from analytics.intake.recognise.headers import Header
from analytics.intake.recognise.number_values import settle_numbers
from analytics.intake.recognise.synonyms import guesses
from analytics.intake.recognise.words import Role
from analytics.intake.register_fields import REGISTER_FIELDS, REQUIRED_FIELDS, FieldKind
from analytics.intake.scorecard import named_kpi

_MOSTLY = 0.5


def find_register(columns: Sequence[Column], headers: Sequence[Header]) -> tuple[str, dict[str, Column]]:
    """The register whose required fields are all there, with the column of every field; '' when there is none."""
    by_words = {header.words: column for column, header in zip(columns, headers, strict=True)}
    best: tuple[str, dict[str, Column]] = ("", {})
    for register, fields in REGISTER_FIELDS.items():
        found = {name: by_words[words] for name in fields if (words := name.replace("_", " ")) in by_words}
        if set(REQUIRED_FIELDS[register]) <= set(found) and len(found) > len(best[1]):
            best = (register, found)
    return best


def write_register(draft: Draft, register: str, fields: Mapping[str, Column], findings: Findings) -> None:
    """The register, the columns that are named differently, the format of its dates."""
    draft.set("register", register, f"it has the fields {', '.join(REQUIRED_FIELDS[register])}")
    dates = [column for name, column in fields.items() if REGISTER_FIELDS[register][name] is FieldKind.DATE and column.is_date]
    formats = {settle_format(column, dates, findings).written: column for column in dates}
    if len(formats) > 1:
        first, second = list(formats.values())[:2]
        raise IntakeError(
            f"The dates in {first.name} and {second.name} are written differently.", "Write all dates of the list in one form."
        )
    for written in formats:
        draft.set("date_format", written)
    for name, column in fields.items():
        if column.name != name:
            draft.add("columns", name, column.name)


def find_long_form(columns: Sequence[Column], headers: Sequence[Header]) -> dict[str, Column]:
    """The columns of a scorecard with one KPI per row; {} when it is none."""
    found: dict[str, Column] = {}
    for column, header in zip(columns, headers, strict=True):
        for guess in guesses(header, (Role.LONG,)):
            if guess.meaning.id not in found and _fits(guess.meaning.id, column):
                found[guess.meaning.id] = column
                break
    return found if {"kpi", "actual"} <= set(found) else {}


def _fits(field: str, column: Column) -> bool:
    if field == "kpi":
        return column.is_text and sum(map(_is_kpi, column.values)) >= _MOSTLY * len(column.values)
    if field in ("actual", "target"):
        return column.is_numeric
    return column.is_text or column.kinds.total() == column.size


def _is_kpi(name: str) -> bool:
    try:
        named_kpi(name)
    except CellError:
        return False
    return True


def write_long_form(draft: Draft, fields: Mapping[str, Column], delimiter: str, findings: Findings) -> None:
    """Which column holds the KPI, its result, unit, target and comparator."""
    style = settle_numbers([fields[name] for name in ("actual", "target") if name in fields], [], delimiter, findings)
    if style.decimal != ".":
        draft.set("decimal", style.decimal)
    if style.thousands:
        draft.set("thousands", style.thousands)
    for name, column in fields.items():
        draft.add("scorecard", name, {"column": column.name})
    unknown = [value for value in fields["kpi"].values if not _is_kpi(value)]
    if unknown:
        findings.note(fields["kpi"].name, f"No KPI is known by these names, their rows are refused: {', '.join(unknown[:8])}.")
