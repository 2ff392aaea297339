"""How complete the data of the quarter is: who sent nothing for a KPI of the grid, which months have gaps, which source is late in it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import pandas as pd

from analytics.performance.variance import Status
from analytics.performance.verdict import first_few, label_in_sentence, number_word
from analytics.periods import Grain, Period, day_text
from analytics.quality import GONE, LATE, share_text
from analytics.review.cells import NOTHING, day_cell, share_cell, text_cell
from analytics.review.facts import Facts
from analytics.review.model import Cell, Line, Origin, Result, Section, Sentence, Table, Way
from analytics.wording import counted

MOST_NAMED = 3
COLUMNS = ("Vendor", "Received of what is due", "KPIs of the grid", "Data to", "Late sources", "No data for")
NUMERIC = (False, True, True, True, False, False)


def data_state(facts: Facts) -> Section:
    """A row per vendor: how much of what is due came in the quarter, how far its data reaches, what is late or was not sent."""
    rows = tuple(_row(facts, vendor) for vendor in facts.vendors)
    table = Table("data_quality", COLUMNS, NUMERIC, rows, f"No vendor has data {facts.quarter.phrase}.")
    return Section("data", _title(facts), None, (table,))


def _title(facts: Facts) -> str:
    """'Data: all that is due came from four of five vendors'."""
    shares = [share for vendor in facts.vendors if (share := came_share(facts, vendor)) is not None]
    if not shares:
        return f"Data: nothing was due {facts.quarter.phrase}"
    whole = sum(share >= 1 for share in shares)
    if len(shares) == 1:
        return "Data: all that is due came" if whole else f"Data: {share_text(shares[0])} of what is due came"
    everybody = "both vendors" if len(shares) == 2 else f"all {number_word(len(shares))} vendors"
    whom = everybody if whole == len(shares) else f"{number_word(whole)} of {number_word(len(shares))} vendors"
    return f"Data: all that is due came from {whom}"


def came_share(facts: Facts, vendor: str) -> float | None:
    """How much of what is due from a vendor came, over the measures expected in each month; None when nothing is."""
    rows = facts.coverage[facts.coverage["vendor"] == vendor]
    expected = rows["expected"].sum()
    return float((rows["share"] * rows["expected"]).sum() / expected) if expected else None


def _row(facts: Facts, vendor: str) -> tuple[Cell, ...]:
    share, sources = came_share(facts, vendor), facts.freshness[facts.freshness["vendor"] == vendor]
    late = list(sources.loc[sources["state"] == LATE, "source"])
    gone = len(sources) > 0 and bool((sources["state"] == GONE).all())
    shown = [kpi for kpi in facts.grid_kpis if alone(facts) or kpi not in facts.report.unmeasured]
    there = sum((result := facts.by_place.get((vendor, kpi))) is not None and result.measured for kpi in shown)
    missing = [label_in_sentence(kpi) for kpi in not_sent(facts, vendor)]
    return (
        text_cell(vendor),
        text_cell("nothing due") if share is None else share_cell(share_text(share), share),
        text_cell(f"{there} of {len(shown)}"),
        day_cell(_reaches(facts, vendor)),
        text_cell("gone" if gone else first_few(late, MOST_NAMED) if late else "none"),
        text_cell(first_few(missing, MOST_NAMED)) if missing else NOTHING,
    )


def _reaches(facts: Facts, vendor: str) -> date | None:
    """How far the vendor's data reaches into the quarter."""
    last = facts.span.vendor_last_day.get(vendor) if facts.span else None
    return min(last, facts.quarter.end) if last else None


def delivery_lines(facts: Facts) -> Iterator[Line]:
    """What was not delivered: KPIs of the grid, parts of months, sources that did not reach the end of the quarter."""
    yield from _nothing_sent(facts)
    yield from _gaps(facts)
    yield from _late(facts)


def _nothing_sent(facts: Facts) -> Iterator[Line]:
    """'Not measured in Q3 2026 at Tallgrass: quality score.'; vendors that lack the same are named together."""
    lacking: dict[tuple[str, ...], list[str]] = {}
    for vendor in facts.vendors:
        lacking.setdefault(not_sent(facts, vendor), []).append(vendor)
    for kpis, vendors in lacking.items():
        if kpis:
            names = first_few([label_in_sentence(kpi) for kpi in kpis], MOST_NAMED)
            text = f"Not measured {facts.quarter.phrase} at {first_few(vendors, MOST_NAMED)}: {names}."
            cells = tuple(Origin("results", f"{vendor} · {kpi}", "value") for vendor in vendors for kpi in kpis)
            way = Way("vendor_profile", (("profile", vendors[0]),))
            yield Line(str(Status.NOT_MEASURED), Sentence(f"attention/not sent/{'/'.join(kpis)}", text, cells), "", way)


def not_sent(facts: Facts, vendor: str) -> tuple[str, ...]:
    """The KPIs of the grid the vendor sent no number for: what could not be divided was sent."""
    nobody = set(facts.report.unmeasured) - facts.undivided if alone(facts) else set()
    shown = facts.grid_kpis
    return tuple(kpi for kpi in shown if kpi in nobody or _lacks(facts.by_place.get((vendor, kpi))))


def alone(facts: Facts) -> bool:
    """Whether the review is of one vendor: then what nobody measures is what that vendor does not send."""
    return len(facts.vendors) == 1


def _lacks(result: Result | None) -> bool:
    return result is not None and not result.measured and result.denominator is None and result.numerator is None


def _gaps(facts: Facts) -> Iterable[Line]:
    """'Of what is due from Meridiem only a part came: 69 % in Aug 2026.', the month with the least first."""
    for vendor, rows in facts.coverage.groupby("vendor", sort=False):
        gaps = rows[rows["share"] < 1].sort_values("share", kind="stable")
        if gaps.empty or _is_told(facts, str(vendor), rows):
            continue
        months = [Period.of(Grain.MONTH, month.date()).label for month in gaps["month"]]
        named = first_few([f"{share_text(share)} in {month}" for month, share in zip(months, gaps["share"], strict=True)], MOST_NAMED)
        cells = tuple(Origin("coverage", f"{vendor} · {month}", "share") for month in months)
        way = Way("batches_and_quality", (("cell_vendor", str(vendor)), ("cell_month", f"{gaps['month'].iat[0]:%Y-%m}")))
        text = f"Of what is due from {vendor} only a part came: {named}."
        yield Line(str(Status.NOT_MEASURED), Sentence(f"attention/gaps/{vendor}", text, cells), "", way)


def _is_told(facts: Facts, vendor: str, rows: pd.DataFrame) -> bool:
    """Whether the same is missing all quarter long and what is not sent was named already."""
    return bool(not_sent(facts, vendor)) and rows["share"].nunique() == 1


def _late(facts: Facts) -> Iterator[Line]:
    """'acd and wfm of Tallgrass are late: 30 days short of 30 Sep 2026.'"""
    late = facts.freshness[facts.freshness["state"] == LATE]
    for vendor, rows in late.groupby("vendor", sort=False):
        sources: Sequence[str] = list(rows["source"])
        verb = "is" if len(sources) == 1 else "are"
        behind = counted(int(rows["days_behind"].max()), "day")
        until = day_text(min(facts.quarter.end, facts.span.last_day)) if facts.span else ""
        text = f"{first_few(sources, MOST_NAMED)} of {vendor} {verb} late: {behind} short of {until}."
        cells = tuple(Origin("freshness", f"{vendor} · {source}", "days_behind") for source in sources)
        yield Line(str(Status.NOT_MEASURED), Sentence(f"attention/late/{vendor}", text, cells), "", Way("batches_and_quality"))
