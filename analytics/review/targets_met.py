"""How many targets each vendor met, in each month and in the quarter, and which it did not."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.catalogue import KPIS
from analytics.performance.variance import Status
from analytics.performance.verdict import JUDGED, first_few, label_in_sentence, number_word
from analytics.periods import Grain, Period
from analytics.review.cells import NOTHING, text_cell
from analytics.review.covering import REPORTED_MARK, reported_part, reported_words
from analytics.review.facts import Facts
from analytics.review.model import Audience, Cell, Origin, Result, Section, Sentence, Table
from analytics.review.standing import members
from analytics.wording import listed

MOST_NAMED = 3
EVERYBODY = "All vendors"


def targets_met(facts: Facts) -> Section:
    """A row per member: '7 of 8' in the quarter and the KPIs not met; beyond executives in every month too."""
    months = () if facts.request.audience is Audience.EXECUTIVE else tuple(facts.quarter.within(Grain.MONTH))
    columns = ("Vendor", *(month.label for month in months), facts.quarter.label, "Not met")
    counted = _by_month(facts)
    rows = tuple(_row(facts, member, months, counted) for member in members(facts))
    table = Table(
        "targets_met", columns, (False, *(True for _ in months), True, False), rows, f"No vendor has data {facts.quarter.phrase}."
    )
    return Section("targets_met", _title(facts), _sentence(facts, by_month=bool(months)), (table,))


def _of_grid(facts: Facts, member: str) -> list[Result]:
    """The KPIs of the grid a member has a verdict on."""
    found = (facts.by_place.get((member, kpi)) for kpi in facts.grid_kpis)
    return [result for result in found if result is not None and result.status in JUDGED]


def _met(results: Sequence[Result]) -> int:
    return sum(result.status == Status.MET for result in results)


def _by_month(facts: Facts) -> Mapping[tuple[str, pd.Timestamp], str]:
    """(vendor, first day of a month) -> '6 of 7', of the KPIs of the grid a month by itself is a verdict on."""
    months = facts.report.months
    kept = months["kpi"].isin(_monthly(facts)) & months["status"].isin(JUDGED)
    judged = months[kept].assign(vendor=months["vendor"].astype(object).where(months["vendor"].notna(), ""))
    groups = judged.groupby(["vendor", "period"], sort=False)["status"]
    return {key: f"{int((found == Status.MET).sum())} of {len(found)}" for key, found in groups}


def _monthly(facts: Facts) -> list[str]:
    return [kpi for kpi in facts.grid_kpis if not KPIS[kpi].window_months]


def _row(facts: Facts, member: str, months: Sequence[Period], counted: Mapping[tuple[str, pd.Timestamp], str]) -> tuple[Cell, ...]:
    results = _of_grid(facts, member)
    short = [label_in_sentence(result.kpi) for result in results if result.status != Status.MET]
    whole = f"{_met(results)} of {len(results)}" if results else "no verdict"
    status = str(Status.MET) if results and not short else ""
    cells = (text_cell(counted.get((member, pd.Timestamp(month.start)), "no verdict")) for month in months)
    name = f"{member}{REPORTED_MARK}" if any(map(reported_part, results)) else member or EVERYBODY
    return (text_cell(name), *cells, text_cell(whole, status), text_cell(first_few(short, MOST_NAMED)) if short else NOTHING)


def _title(facts: Facts) -> str:
    """'Targets met: two of five vendors met all of theirs'."""
    judged = [results for vendor in facts.vendors if (results := _of_grid(facts, vendor))]
    if not judged:
        return "Targets met: no KPI of the grid has a value and a target"
    if len(facts.vendors) == 1:
        return f"Targets met: {_met(judged[0])} of {len(judged[0])}"
    everything = sum(_met(results) == len(results) for results in judged)
    if not everything:
        return "Targets met: no vendor met all of its own"
    return f"Targets met: {number_word(everything)} of {number_word(len(judged))} vendors met all of theirs"


def _sentence(facts: Facts, *, by_month: bool) -> Sentence | None:
    """What the rows do not say: what a month by itself is no verdict on, and which vendors are judged by what they report."""
    if not facts.results:
        return None
    windowed = [kpi for kpi in facts.grid_kpis if KPIS[kpi].window_months] if by_month else []
    reported = [result for vendor in facts.vendors for result in _of_grid(facts, vendor) if reported_part(result)]
    told = [_windowed_words(windowed), f"{reported_words(reported)}." if reported else ""]
    cells = (
        *(Origin("results", f"{facts.whole or EVERYBODY} · {kpi}", "months_met") for kpi in windowed),
        *(Origin("results", result.row, "coverage") for result in reported),
    )
    return Sentence("targets_met", " ".join(filter(None, told)), cells) if any(told) else None


def _windowed_words(kpis: Sequence[str]) -> str:
    """'Attrition counts in the quarter alone, made of the months before it too.'"""
    names = listed([label_in_sentence(kpi) for kpi in kpis])
    verb = "counts" if len(kpis) == 1 else "count"
    return f"{names[:1].upper()}{names[1:]} {verb} in the quarter alone, made of the months before it too." if kpis else ""
