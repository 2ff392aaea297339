"""Targets of vendors nobody has loaded anything of: they would hold for nothing without a word."""

from collections.abc import Collection, Iterable

from analytics.errors import did_you_mean
from analytics.intake.checks.spelling import folded
from analytics.intake.problems import Issue, Level
from analytics.intake.reading import Reading
from analytics.warehouse.registers import REGISTERS
from analytics.wording import counted


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
