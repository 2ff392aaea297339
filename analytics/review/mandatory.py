"""The four lines that must always be there: service levels, staffing levels, employee turnover, security. A missing one is said."""

from analytics.catalogue import find_kpi
from analytics.performance.variance import Status
from analytics.performance.verdict import label_in_sentence, number_word
from analytics.review.cells import NOTHING, level_cell, previous_cell, text_cell, value_cell
from analytics.review.facts import MANDATORY_KPIS, Facts
from analytics.review.model import Audience, Cell, Origin, Result, Section, Sentence, Table
from analytics.review.standing import members
from analytics.wording import listed

LINES = dict(zip(MANDATORY_KPIS, ("Service levels", "Staffing levels", "Employee turnover", "Security"), strict=True))
COLUMNS = ("Value", "Target", "Status", "Before", "Coverage")
NUMERIC = (False, True, True, False, True, False)
NOT_MEASURED = str(Status.NOT_MEASURED)
EVERYBODY = "All vendors"


def mandatory(facts: Facts) -> Section:
    """One table per line for all and each vendor; of one vendor all lines in one, for executives the members by lines."""
    return Section("mandatory", _title(facts), _sentence(facts), _tables(facts))


def _tables(facts: Facts) -> tuple[Table, ...]:
    if facts.request.audience is Audience.EXECUTIVE:
        return (_side_by_side(facts),)
    if len(facts.vendors) == 1:
        return (_of_one(facts, facts.vendors[0]),)
    return tuple(_line(facts, kpi) for kpi in MANDATORY_KPIS)


def _missing(facts: Facts) -> list[str]:
    """The lines nobody measures."""
    return [kpi for kpi in MANDATORY_KPIS if not any(result.kpi == kpi and result.measured for result in facts.results)]


def _title(facts: Facts) -> str:
    there = len(MANDATORY_KPIS) - len(_missing(facts))
    if there == len(MANDATORY_KPIS):
        whole = sum(all(_is_measured(facts, vendor, kpi) for kpi in MANDATORY_KPIS) for vendor in facts.vendors)
        of_whom = f", {number_word(whole)} of {number_word(len(facts.vendors))} vendors have all" if whole < len(facts.vendors) else ""
        return f"Mandatory lines: all four are measured{of_whom}"
    return f"Mandatory lines: {number_word(there)} of four {'is' if there < 2 else 'are'} measured"


def _is_measured(facts: Facts, vendor: str, kpi: str) -> bool:
    found = facts.by_place.get((vendor, kpi))
    return found is not None and found.measured


def _sentence(facts: Facts) -> Sentence | None:
    """'Staffing delivered: not measured by anyone.'"""
    missing = _missing(facts)
    if not missing:
        return None
    names = listed([label_in_sentence(kpi) for kpi in missing])
    nobody = "not measured" if len(facts.vendors) < 2 else "not measured by anyone"
    cells = tuple(Origin("results", f"{facts.whole or EVERYBODY} · {kpi}", "value") for kpi in missing)
    return Sentence("mandatory", f"{names[:1].upper()}{names[1:]}: {nobody} {facts.quarter.phrase}.", cells)


def _side_by_side(facts: Facts) -> Table:
    """A row per member with the value of each line, its status on the cell."""
    rows = tuple((text_cell(member or EVERYBODY), *(_value(facts, member, kpi) for kpi in MANDATORY_KPIS)) for member in members(facts))
    columns = ("Vendor", *(find_kpi(kpi).label for kpi in MANDATORY_KPIS))
    return Table("mandatory", columns, (False, True, True, True, True), rows, f"No vendor has data {facts.quarter.phrase}.")


def _value(facts: Facts, member: str, kpi: str) -> Cell:
    is_there = _is_measured(facts, member, kpi)
    return value_cell(facts.by_place[(member, kpi)]) if is_there else text_cell(NOT_MEASURED, NOT_MEASURED)


def _of_one(facts: Facts, vendor: str) -> Table:
    """A row per line of a vendor nobody is shown beside."""
    rows = tuple(_row(f"{LINES[kpi]}: {label_in_sentence(kpi)}", facts.by_place.get((vendor, kpi))) for kpi in MANDATORY_KPIS)
    return Table("mandatory", ("Line", *COLUMNS), NUMERIC, rows, "")


def _line(facts: Facts, kpi: str) -> Table:
    """One line: each member's value, target, status, the value before and how much of the data is there."""
    rows = tuple(_row(member or EVERYBODY, facts.by_place.get((member, kpi))) for member in members(facts))
    empty = f"{find_kpi(kpi).label} is not measured: no vendor has data {facts.quarter.phrase}."
    return Table(f"mandatory_{kpi}", (f"{LINES[kpi]}: {label_in_sentence(kpi)}", *COLUMNS), NUMERIC, rows, empty)


def _row(words: str, result: Result | None) -> tuple[Cell, ...]:
    name = text_cell(words)
    if result is None:
        return (name, text_cell(NOT_MEASURED, NOT_MEASURED), NOTHING, text_cell(NOT_MEASURED, NOT_MEASURED), NOTHING, NOTHING)
    value = value_cell(result) if result.measured else text_cell(NOT_MEASURED, NOT_MEASURED)
    status = text_cell(result.status_text, result.status)
    return (name, value, level_cell(result), status, previous_cell(result), text_cell(result.coverage))
