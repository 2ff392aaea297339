"""The parts of synthetic reviews: eight KPIs, their results and histories, and every kind of block."""

from dataclasses import dataclass
from datetime import date
from math import sin
from typing import Any

from analytics.catalogue import Unit
from analytics.catalogue.units import value_text, variance_text
from analytics.review.model import (
    Cell,
    Driver,
    Grid,
    Line,
    Lines,
    Movement,
    Origin,
    Point,
    Result,
    Risk,
    Sentence,
    Table,
    Way,
)

VENDORS = ("Northline", "Cobalt Bay", "Asterion", "Meridiem", "Tallgrass")
MONTHS = tuple(date(2025 + (month // 12), month % 12 + 1, 1) for month in range(8, 21))
BANDS = (("low", 3), ("moderate", 6), ("high", 12), ("extreme", 25))
MONTHS_MET = {"met": "3 of 3 months", "below expected": "2 of 3 months", "missed": "1 of 3 months"}
ASSURANCES = {"met": "pass", "missed": "fail", "below expected": "hit_or_miss"}
RULES = {"improvement": "beyond a limit, on the better side", "concern": "beyond a limit, on the worse side"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A KPI with the values of all and of five vendors."""

    kpi: str
    label: str
    unit: str
    better_sign: int
    comparator: str
    target: float
    minimum: float
    values: tuple[float | None, ...]


KPIS = (
    Measured("service_level", "Service level", "percent", 1, ">=", 0.8, 0.76, (0.811, 0.846, 0.748, 0.829, 0.814, 0.83)),
    Measured("abandonment_rate", "Abandonment rate", "percent", -1, "<=", 0.05, 0.06, (0.041, 0.032, 0.069, 0.038, 0.044, 0.029)),
    Measured("average_handle_time", "Average handle time", "seconds", -1, "<=", 300, 315, (270, 252, 301, 281, 266, 258)),
    Measured(
        "first_contact_resolution", "First contact resolution", "percent", 1, ">=", 0.8, 0.76, (0.85, 0.882, 0.816, 0.784, 0.869, 0.873)
    ),
    Measured("csat", "Customer satisfaction", "percent", 1, ">=", 0.9, 0.87, (0.92, 0.938, 0.906, 0.879, 0.927, 0.931)),
    Measured("quality_score", "Quality score", "percent", 1, ">=", 0.88, 0.85, (0.903, 0.921, 0.868, 0.9, 0.915, None)),
    Measured("error_rate", "Error rate", "percent", -1, "<", 0.01, 0.015, (0.005, 0.003, 0.008, 0.006, 0.004, 0.005)),
    Measured("attrition", "Attrition, annualised", "percent", -1, "<=", 0.3, 0.32, (0.333, 0.241, 0.386, 0.312, 0.479, 0.215)),
)


def printed(unit: str, value: float | None) -> str:
    """A number as the product prints it."""
    return value_text(value, Unit(unit))


def printed_change(measured: Measured, change: float | None) -> str:
    """A difference as the product prints it."""
    return variance_text(change, Unit(measured.unit), measured.better_sign)


def status_of(measured: Measured, value: float | None) -> str:
    """The status word after target and minimum."""
    if value is None:
        return "not measured"
    reached = (value - measured.target) * measured.better_sign >= 0
    tolerated = (value - measured.minimum) * measured.better_sign >= 0
    return "met" if reached else "below expected" if tolerated else "missed"


def points(measured: Measured, value: float | None, seed: int) -> tuple[Point, ...]:
    """Thirteen months that wave around a mean and end where the quarter stands; the last of a missed KPI is a signal."""
    if value is None:
        return ()
    size = abs(measured.target) * 0.06
    mean = (value + measured.target) / 2
    waves = [mean + size * sin(seed * 1.7 + month * 1.9) for month in range(12)] + [value]
    outside = abs(value - mean) > 1.6 * size
    signal = "none" if not outside else "improvement" if (value - mean) * measured.better_sign > 0 else "concern"
    target = [measured.target * (0.98 if month < 4 else 1) for month in range(13)]
    return tuple(
        Point(
            start=start,
            label=f"{start:%b %Y}",
            value=wave,
            text=printed(measured.unit, wave),
            target=target[month],
            lower=None,
            upper=None,
            centre_line=mean,
            lower_limit=mean - 1.6 * size,
            upper_limit=mean + 1.6 * size,
            signal=signal if month == 12 else "none",
            complete=True,
        )
        for month, (start, wave) in enumerate(zip(MONTHS, waves, strict=True))
    )


def result(measured: Measured, vendor: str, value: float | None, seed: int = 0) -> Result:
    """One KPI of one vendor, everything filled in."""
    status = status_of(measured, value)
    history = points(measured, value, seed)
    variance = None if value is None else value - measured.target
    change = None if value is None else abs(measured.target) * 0.03 * sin(seed + 1)
    previous = None if value is None or change is None else value - change
    signal = history[-1].signal if history else ""
    facts: dict[str, Any] = {
        "kpi": measured.kpi, "label": measured.label, "unit": measured.unit, "currency": "", "better_sign": measured.better_sign,
        "value": value, "value_text": printed(measured.unit, value),
        "comparator": measured.comparator, "target": measured.target, "lower": None, "upper": None,
        "target_text": f"{measured.comparator} {printed(measured.unit, measured.target)}",
        "basis": "contract, schedule B, from 1 Jan 2026", "target_change": "",
        "variance": variance, "variance_text": printed_change(measured, variance),
        "status": status, "status_text": status, "months_met": MONTHS_MET.get(status, ""),
        "previous": previous, "previous_text": printed(measured.unit, previous),
        "change": change, "change_text": printed_change(measured, change), "compared_text": "Q2 2026",
        "numerator": None if value is None else round(value * 4821), "denominator": None if value is None else 4821,
        "coverage": "0 of 3 months" if value is None else "", "complete": value is not None,
        "source_kind": "" if value is None else "measured", "remark": "",
        "signal": signal, "rule": RULES.get(signal, ""), "assurance": ASSURANCES.get(status, ""), "trial_limits": False,
    }  # fmt: skip
    return Result(vendor=vendor, history=history, **facts)


def grid_of(vendors: tuple[str, ...]) -> Grid:
    """Eight KPIs by all and the vendors; beyond the fifth vendor the values repeat."""
    cells = [
        result(measured, vendor, measured.values[1 + (at - 1) % 5 if at else 0], seed=row + at)
        for row, measured in enumerate(KPIS)
        for at, vendor in enumerate(("", *vendors))
    ]
    return Grid(tuple(measured.kpi for measured in KPIS), vendors, tuple(cells))


def movement(found: Result, place: str) -> Movement:
    """A movement with two drivers that add up to its change."""
    change = found.change or 0.0
    measured = next(measured for measured in KPIS if measured.kpi == found.kpi)
    parts = (("Pune", change * 0.75), ("Manila", change * 0.25))
    return Movement(
        result=found,
        lead=Sentence(
            f"movement/{place}",
            f"{found.vendor or 'All vendors'} {found.label.lower()} {found.change_text} to {found.value_text}",
            (Origin("results", found.row, "change"),),
        ),
        where=Sentence(
            f"where/{place}",
            f"Pune gave {printed_change(measured, parts[0][1])} of it, in the month of the 14 Aug outage. Below the lower limit in August.",
            (Origin("drivers", found.row, "Pune"),),
        ),
        dimension="site",
        drivers=tuple(
            Driver(member, effect, printed_change(measured, effect), found.previous_text, found.value_text) for member, effect in parts
        ),
        way=Way("trends", (("vendor", found.vendor), ("kpi", found.kpi))),
    )


def risks(vendors: tuple[str, ...]) -> tuple[Risk, ...]:
    """Nine risks, the highest first: grown, eased, unmoved, new, overdue, two in one cell."""
    titles = (
        ("Single site for night cover in Pune", "continuity", 4, 5, 3, 4),
        ("Team leads leave faster than they are trained", "staffing", 5, 4, 4, 4),
        ("Renewal of the telephony contract slips", "commercial", 3, 4, 3, 4),
        ("Personal data in call notes", "security", 2, 5, 3, 5),
        ("Backlog of claims grows past ten days", "service", 3, 3, 2, 3),
        ("Knowledge base out of date after the release", "service", 3, 3, 4, 3),
        ("One person holds the scheduling know-how", "staffing", 2, 3, None, None),
        ("Forecast error above 10 % in peak weeks", "service", 3, 2, 3, 2),
        ("Exchange rate above the agreed corridor", "commercial", 1, 3, 1, 3),
    )
    return tuple(
        Risk(
            number=number,
            title=title,
            category=category,
            vendor=vendors[number % len(vendors)] if vendors else "",
            owner="M. Okafor",
            likelihood=likelihood,
            impact=impact,
            score=likelihood * impact,
            band=next(name for name, highest in BANDS if likelihood * impact <= highest),
            previous_likelihood=was_likely,
            previous_impact=was_hard,
            previous_score=None if was_likely is None or was_hard is None else was_likely * was_hard,
            movement_text=_moved(likelihood * impact, was_likely, was_hard),
            reason="Two outages in the quarter." if number == 1 else "",
            mitigation="Second site in Manila from November.",
            next_review=date(2026, 9, 15) if number == 2 else date(2026, 11, 30),
            days_overdue=15 if number == 2 else 0,
        )
        for number, (title, category, likelihood, impact, was_likely, was_hard) in enumerate(titles, start=1)
    )


def _moved(score: int, likelihood: int | None, impact: int | None) -> str:
    if likelihood is None or impact is None:
        return "new"
    grown = score - likelihood * impact
    return "unchanged" if not grown else f"{grown:+d} from {likelihood * impact}"


def risk_table(found: tuple[Risk, ...]) -> Table:
    """The register as a table."""
    return Table(
        "risks",
        ("No", "Risk", "Vendor", "Score", "Movement", "Next review"),
        (True, False, False, True, False, True),
        tuple(
            (
                Cell(str(risk.number), risk.number),
                Cell(risk.title),
                Cell(risk.vendor),
                Cell(f"{risk.score} {risk.band}", risk.score),
                Cell(risk.movement_text),
                Cell(f"{risk.next_review:%-d %b %Y}" if risk.next_review else "", risk.next_review, "date"),
            )
            for risk in found
        ),
        "The register has no risk.",
    )


def mandatory_table(grid: Grid) -> Table:
    """The four mandatory lines: service levels, staffing, turnover, security."""
    named = (
        ("Service levels", "service_level"),
        ("Staffing", "average_handle_time"),
        ("Turnover", "attrition"),
        ("Security", "error_rate"),
    )
    rows = [(name, found) for name, kpi in named if (found := grid.at(kpi, "")) is not None]
    return Table(
        "mandatory",
        ("Line", "KPI", "Actual", "Target", "Variance", "Status"),
        (False, False, True, True, True, False),
        tuple(
            (
                Cell(name),
                Cell(found.label),
                Cell(found.value_text, found.value, found.unit),
                Cell(found.target_text, found.target, found.unit),
                Cell(found.variance_text, found.variance, found.unit),
                Cell(found.status_text, status=found.status),
            )
            for name, found in rows
        ),
        "No mandatory line has a number.",
    )


def targets_table(grid: Grid) -> Table:
    """Targets met by vendor."""
    rows = []
    for vendor in grid.vendors:
        of_vendor = [found for kpi in grid.kpis if (found := grid.at(kpi, vendor)) is not None and found.target is not None]
        met = sum(found.status == "met" for found in of_vendor)
        share = met / len(of_vendor) if of_vendor else None
        rows.append((Cell(vendor), Cell(f"{met} of {len(of_vendor)}"), Cell(printed("percent", share), share, "percent")))
    return Table("targets_met", ("Vendor", "Met", "Share"), (False, True, True), tuple(rows), "No target in this quarter.")


def lines(grid: Grid, wanted: tuple[str, ...], place: str, empty: str) -> Lines:
    """One line per result with a wanted status."""
    found = [cell for cell in grid.results if cell.status in wanted and cell.vendor][:8]
    return Lines(
        tuple(
            Line(
                cell.status,
                Sentence(
                    f"{place}/{cell.vendor}/{cell.kpi}",
                    f"{cell.vendor} {cell.label.lower()} {cell.value_text} against {cell.target_text}",
                    (Origin("results", cell.row, "value"),),
                ),
                f"{cell.months_met}; {cell.variance_text} to the target",
                Way("trends", (("vendor", cell.vendor),)),
            )
            for cell in found
        ),
        empty,
    )
