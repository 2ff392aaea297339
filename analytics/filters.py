"""The filters of a query: which vendors, sites, lines of business and channels. Values are always bound."""

from collections.abc import Iterator
from dataclasses import dataclass

from analytics.catalogue import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Filters:
    """Chosen values per dimension; an empty tuple means every value. A row without the dimension never matches."""

    vendor: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    lob: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()

    def chosen(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The dimensions with a choice, and the choice."""
        for dimension in DIMENSIONS:
            values = getattr(self, dimension)
            if values:
                yield dimension, values

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions with a choice."""
        return tuple(dimension for dimension, _ in self.chosen())

    @property
    def words(self) -> str:
        """The filters in words, for the line above a headline: 'Cobalt Bay · all sites, lines, channels'."""
        chosen = " · ".join(_few(values, dimension) for dimension, values in self.chosen())
        rest = [DIMENSIONS[dimension].plural for dimension in DIMENSIONS if dimension not in self.dimensions]
        return " · ".join(part for part in (chosen, f"all {', '.join(rest)}" if rest else "") if part)


def _few(values: tuple[str, ...], dimension: str) -> str:
    """Up to three values by name, more as a count."""
    return ", ".join(values) if len(values) <= 3 else f"{len(values)} {DIMENSIONS[dimension].plural}"


def where_sql(filters: Filters) -> tuple[str, dict[str, object]]:
    """(' AND site IN (...)', parameters) for the chosen values; identifiers come from the catalogue only."""
    clauses = [f" AND {dimension} IN (SELECT unnest($only_{dimension}))" for dimension in filters.dimensions]
    return "".join(clauses), {f"only_{dimension}": list(values) for dimension, values in filters.chosen()}
