"""WHAT is measured: measures, KPIs, units, dimensions. Data, not code; everything else is derived from it."""

from analytics.catalogue.dimensions import DIMENSIONS, Dimension, find_dimension
from analytics.catalogue.kpis import KPIS, DefaultTarget, Kpi, Term, Topic, find_kpi, variants_of
from analytics.catalogue.measures import MEASURES, Measure, MeasureKind
from analytics.catalogue.units import Comparator, Direction, Unit

__all__ = [
    "DIMENSIONS", "KPIS", "MEASURES", "Comparator", "DefaultTarget", "Dimension", "Direction", "Kpi", "Measure", "MeasureKind",
    "Term", "Topic", "Unit", "find_dimension", "find_kpi", "variants_of",
]  # fmt: skip
