"""What a file that was read holds, in a few words: 'Contacts of Acme, 1 Apr 2026 to 30 Apr 2026'."""

from dataclasses import dataclass
from datetime import date

from analytics.intake.preview import Preview
from analytics.intake.recipe import Recipe, Shape
from analytics.periods import Grain, Period, day_text
from analytics.wording import counted

ONE_ROW_IS = {
    Shape.AGGREGATES: "totals of a period",
    Shape.INTERACTIONS: "one contact",
    Shape.EVENTS: "one step of a contact",
    Shape.SCORECARD: "a reported result",
    Shape.REGISTER: "an entry of a register",
}
_NAMED = {Shape.AGGREGATES: "Totals", Shape.INTERACTIONS: "Contacts", Shape.EVENTS: "Tickets", Shape.SCORECARD: "Scorecard"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the accepted rows of a file belong: vendors, first and last period (each by its first day), whether all are months."""

    vendors: tuple[str, ...]
    first: date
    last: date
    monthly: bool

    @property
    def words(self) -> str:
        """'46 vendors, Apr 2015 to Mar 2016'."""
        vendors = self.vendors[0] if len(self.vendors) == 1 else counted(len(self.vendors), "vendor")
        first, last = (Period.of(Grain.MONTH, day, 1).label if self.monthly else day_text(day) for day in (self.first, self.last))
        return f"{vendors}, {first}" if first == last else f"{vendors}, {first} to {last}"


def place_of(read: Preview) -> Place | None:
    """Vendors and periods of a file; None for a register, or without accepted rows."""
    tables = read.reading.tables.values() if read.reading and read.recipe.shape is not Shape.REGISTER else ()
    table = next((table for table in tables if table.num_rows and {"vendor", "period_start", "grain"} <= set(table.column_names)), None)
    if table is None:
        return None
    days = table["period_start"].unique().to_pylist()
    monthly = table["grain"].unique().to_pylist() == [Grain.MONTH.value]
    return Place(tuple(sorted(table["vendor"].unique().to_pylist())), min(days), max(days), monthly)


def summary(read: Preview) -> str:
    """Kind, vendors and days of a file; of a register only what it is, of a file without accepted rows only its kind."""
    place = place_of(read)
    return f"{kind_of(read.recipe)} of {place.words}" if place else kind_of(read.recipe)


def kind_of(recipe: Recipe) -> str:
    """'Contacts', 'Totals', 'Register of risk scores'."""
    return _NAMED.get(recipe.shape, f"Register of {recipe.register.replace('_', ' ')}")
