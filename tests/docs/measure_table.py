"""The table of measures in docs/recipes.md, made from the catalogue: `python -m tests.docs.measure_table` writes it."""

from analytics.catalogue import BUILT_IN, MeasureKind
from analytics.catalogue.measures import Measure, Quantity
from tests.docs.kpi_table import README

RECIPES = README.parent / "docs" / "recipes.md"
BEGIN, END = "<!-- measures: begin -->", "<!-- measures: end -->"
REMEDY = "Write it again with: python -m tests.docs.measure_table"


def measure_table() -> str:
    """Every built-in measure: id, what it is kept in, definition."""
    rows = (f"| `{one.id}` | {_kept_in(one)} | {one.definition}{_parts(one)} |" for one in BUILT_IN.measures.values())
    return "\n".join(("| measure | kept in | means |", "| --- | --- | --- |", *rows))


def _kept_in(measure: Measure) -> str:
    if measure.quantity is Quantity.PLAIN:
        return "whole number" if measure.kind is MeasureKind.COUNT else "number"
    return measure.quantity.value


def _parts(measure: Measure) -> str:
    return f" ({' + '.join(f'`{part}`' for part in measure.parts)})" if measure.parts else ""


def block(text: str) -> str:
    """What stands between the markers."""
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def with_table(text: str) -> str:
    """The document with the table of today between the markers."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{measure_table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    RECIPES.write_text(with_table(RECIPES.read_text(encoding="utf-8")), encoding="utf-8")
