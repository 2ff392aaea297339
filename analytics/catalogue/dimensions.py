"""The dimensions every performance row can carry, with the words pages use for them."""

from dataclasses import dataclass

from analytics.errors import unknown


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: its column, its label, and its plural for 'All 5 vendors'."""

    id: str
    label: str
    plural: str


DIMENSIONS: dict[str, Dimension] = {
    dimension.id: dimension
    for dimension in (
        Dimension("vendor", "Vendor", "vendors"),
        Dimension("site", "Site", "sites"),
        Dimension("lob", "Line of business", "lines"),
        Dimension("channel", "Channel", "channels"),
    )
}


def find_dimension(dimension_id: str) -> Dimension:
    """The dimension with this id; an unknown id raises `UsageError` naming the known ones."""
    if dimension_id not in DIMENSIONS:
        raise unknown("dimension", dimension_id, DIMENSIONS)
    return DIMENSIONS[dimension_id]
