"""Targets held against what is stored: vendors nobody has loaded anything of, and stored targets that contradict them."""

from collections.abc import Collection, Iterable
from datetime import date

import pandas as pd

from analytics.errors import did_you_mean
from analytics.intake.checks.history import Select
from analytics.intake.checks.spelling import folded
from analytics.intake.problems import Issue, Level
from analytics.intake.reading import Reading
from analytics.target_checks import Weight, check_targets, joined_targets
from analytics.warehouse.registers import REGISTERS
from analytics.wording import counted

FIRST_ROW = 2  # the line of the row at position 0
_STORED = "SELECT * FROM targets WHERE kpi IN (SELECT unnest($kpis))"


def target_issues(reading: Reading, vendors: Collection[str]) -> Iterable[Issue]:
    """One warning a vendor; none while nothing is loaded at all, since targets may come first."""
    table = reading.tables.get(REGISTERS["targets"].rows)
    if table is None or not vendors:
        return
    known = {folded(vendor) for vendor in vendors}
    written = [name for name in table.column("vendor").to_pylist() if name and folded(name) not in known]
    for name in dict.fromkeys(written):
        count = written.count(name)
        message = f"{counted(count, 'target')} of the vendor '{name}', of which nothing is loaded: there is no number to hold against it."
        remedy = did_you_mean(name, vendors) or "Correct the name, or load the vendor's numbers."
        yield Issue(Level.WARNING, "unknown_vendor", message, remedy, None, "vendor", count, name)


def beside_stored(reading: Reading, select: Select | None, today: date | None = None) -> Iterable[Issue]:
    """What new targets do beside those stored: overlaps, ties, gaps; with `today` also a past they would change without a reason.

    Errors where the table would contradict itself: rows that were typed are refused for them, a file is kept and the reader told.
    """
    rows = reading.tables.get(REGISTERS["targets"].rows)
    if rows is None or not rows.num_rows:
        return
    new = rows.to_pandas()
    stored = select(_STORED, {"kpis": sorted(set(new["kpi"]))}) if select else pd.DataFrame(columns=new.columns)
    table, places = joined_targets(stored, new)
    for problem in check_targets(table, places, today):
        concerned = [places.index(row) for row in problem.rows if row in places]
        if concerned and (len(concerned) < len(problem.rows) or problem.code == "backdated"):
            level = Level.ERROR if problem.weight is Weight.ERROR else Level.WARNING
            yield Issue(level, problem.code, problem.message, problem.remedy, concerned[0] + FIRST_ROW)
