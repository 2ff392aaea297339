"""Small files of totals read and held against what was loaded before."""

from collections.abc import Sequence
from pathlib import Path

from analytics.intake import FileReport, Issue, load_file, parse_recipe
from analytics.warehouse import Scope, Warehouse

EVERYTHING = Scope.everything()
TOP = """shape = "aggregates"
source = "{source}"
[dimensions]
period_start = {{column = "Date", grain = "{grain}"}}
vendor = {{column = "Vendor"}}
site = {{column = "Site"}}
[measures]
"""
COLUMNS = {"Offered": "contacts_offered", "Answered": "contacts_handled", "Lost": "contacts_abandoned", "Talk": "talk_seconds",
           "Ratings": "csat_responses", "Rated": "csat_score_sum"}  # fmt: skip


class Desk:
    """A warehouse files are brought to; `load` takes rows as they stand in a file, the column names first."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Warehouse(folder / "warehouse")
        self._folder = folder

    def load(self, rows: Sequence[str], grain: str = "day", source: str = "acd", dry_run: bool = False, **answers: str) -> FileReport:
        return self.answer(rows, answers, grain, source, dry_run)

    def answer(
        self, rows: Sequence[str], answers: dict[str, str], grain: str = "day", source: str = "acd", dry_run: bool = False
    ) -> FileReport:
        names = rows[0].split(",")
        measures = "".join(_measure(name) for name in names if name in COLUMNS)
        path = self._folder / "file.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        recipe = parse_recipe(TOP.format(source=source, grain=grain) + measures, "file")
        return load_file(self.warehouse, path, recipe, answers, dry_run)

    def stored(self, column: str) -> list[object]:
        sql = f"SELECT {column} FROM performance ORDER BY period_start, vendor, site"
        return list(self.warehouse.open().select(EVERYTHING, sql)[column])


def _measure(name: str) -> str:
    unit = ', unit = "seconds"' if COLUMNS[name].endswith("_seconds") else ""
    return f'{COLUMNS[name]} = {{column = "{name}"{unit}}}\n'


def found(report: FileReport, code: str) -> list[Issue]:
    """The findings of one kind."""
    return [issue for issue in report.issues if issue.code == code]


def days(vendor: str, values: Sequence[object], first: int = 1, month: str = "2026-06", site: str = "Lund") -> list[str]:
    """One row a day from the first on: '2026-06-01,Acme,Lund,10'."""
    return [f"{month}-{day:02d},{vendor},{site},{value}" for day, value in enumerate(values, first)]
