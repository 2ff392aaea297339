"""WHAT is measured: measures, KPIs, units, dimensions. Data, not code; everything else is derived from it."""

from analytics.catalogue.current import BUILT_IN, KPIS, MEASURES, Catalogue, current, find_kpi, formula, kpi_label, using, variants_of
from analytics.catalogue.dimensions import DIMENSIONS, Dimension, find_dimension
from analytics.catalogue.kpi import DefaultTarget, Kpi, Term, Topic
from analytics.catalogue.measures import OWN_PREFIX, Measure, MeasureKind, Quantity
from analytics.catalogue.own import catalogue_of
from analytics.catalogue.units import Comparator, Direction, Unit

__all__ = [
    "BUILT_IN", "DIMENSIONS", "KPIS", "MEASURES", "OWN_PREFIX", "Catalogue", "Comparator", "DefaultTarget", "Dimension", "Direction", "Kpi",
    "Measure", "MeasureKind", "Quantity", "Term", "Topic", "Unit", "catalogue_of", "current", "find_dimension", "find_kpi", "formula",
    "kpi_label", "using", "variants_of",
]  # fmt: skip
