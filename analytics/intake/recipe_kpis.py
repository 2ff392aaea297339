"""The parts of a recipe about ratios that are in the file: [kpis] and [scorecard]."""

from collections.abc import Sequence

from analytics.catalogue import KPIS, MEASURES, Unit
from analytics.errors import did_you_mean
from analytics.intake.recipe import DURATION_UNITS, PLAIN_UNITS, SHARE_UNITS, CellUnit, KpiField, LongForm, MeasureField, Shape
from analytics.intake.recipe_fields import read_text
from analytics.intake.sections import Section


def read_kpis(root: Section, shape: Shape) -> tuple[KpiField, ...]:
    """Every entry of [kpis]."""
    kpis = root.table("kpis")
    return tuple(_kpi(name, kpis, shape) for name in kpis.values) if kpis else ()


def _kpi(name: str, kpis: Section, shape: Shape) -> KpiField:
    if name not in KPIS:
        remedy = f"'{name}' is a measure: put it under [measures]." if name in MEASURES else did_you_mean(name, KPIS)
        kpis.fail(name, f"unknown KPI '{name}'.", remedy or "The KPIs are listed on the Definitions page.")
    section = kpis.table(name)
    assert section is not None
    section.only("kpi", shape)
    column = section.required("column", '"SL %"')
    return KpiField(name, column, _kpi_unit(name, section), section.optional("weight"), section.optional("target"))


def _kpi_unit(name: str, section: Section) -> CellUnit:
    """Percent or fraction, seconds or minutes: must be said, since both are common and neither is marked in most files."""
    allowed = {Unit.PERCENT: SHARE_UNITS, Unit.SECONDS: DURATION_UNITS, Unit.HOURS: DURATION_UNITS}.get(KPIS[name].unit, PLAIN_UNITS)
    return CellUnit(section.choice("unit", allowed, "" if allowed is not PLAIN_UNITS else allowed[0].value))


def check_weights(kpis: Section, fields: Sequence[MeasureField], ratios: Sequence[KpiField]) -> None:
    """A weight must be a measure of this file, and no measure may be filled twice."""
    mapped = [entry.measure for entry in fields]
    for ratio in ratios:
        if ratio.weight is not None and ratio.weight not in mapped:
            kpis.fail(ratio.kpi, f"weight '{ratio.weight}' is not among [measures].", did_you_mean(ratio.weight, mapped))
        filled = weighted_measure(ratio)
        if filled in mapped:
            kpis.fail(ratio.kpi, f"'{filled}' would be filled twice.", "Keep either the count or the ratio.")
        if filled:
            mapped.append(filled)


def weighted_measure(ratio: KpiField) -> str | None:
    """The measure value x weight becomes, or None: the weight must be the KPI's own denominator and the numerator one measure."""
    above, below = KPIS[ratio.kpi].numerator_terms, KPIS[ratio.kpi].denominator_terms
    single = len(above) == 1 and len(below) == 1 and ratio.weight == below[0].measure
    return above[0].measure if single else None


def read_long_form(root: Section, shape: Shape) -> LongForm | None:
    """[scorecard]: one KPI per row."""
    long = root.table("scorecard")
    if long is None:
        return None
    long.only("scorecard", shape)
    kpi, unit = long.table("kpi"), long.table("unit")
    if kpi is None:
        long.fail("", "[scorecard] has no kpi.", 'Add kpi = {column = "KPI"}.')
    columns = {key: section for key in ("actual", "target", "comparator") if (section := long.table(key))}
    if "actual" not in columns:
        long.fail("", "[scorecard] has no actual.", 'Add actual = {column = "Actual"}.')
    for section in columns.values():
        section.only("result", shape)
    names = {key: section.required("column", '"Header"') for key, section in columns.items()}
    words = read_text(unit, shape) if unit else None
    return LongForm(read_text(kpi, shape), names["actual"], words, names.get("target"), names.get("comparator"))
