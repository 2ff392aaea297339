"""Quarterly reviews written by hand, for everything that is made from a review: ordinary ones, extreme ones and a hostile one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from analytics.review.model import (
    Audience,
    Block,
    Cards,
    Definition,
    Delivery,
    Grid,
    Lines,
    Movements,
    Origin,
    QuarterlyReview,
    Result,
    RiskMap,
    Section,
    Sentence,
    Table,
    Trends,
)
from tests.packs.hostile import each, made_hostile
from tests.packs.parts import BANDS, KPIS, VENDORS, grid_of, lines, mandatory_table, movement, result, risk_table, risks, targets_table


def sections_of(vendors: tuple[str, ...]) -> tuple[Section, ...]:
    """Every kind of block once or more."""
    grid = grid_of(vendors)
    cards = tuple(
        found
        for kpi in ("service_level", "first_contact_resolution", "csat", "average_handle_time", "error_rate", "attrition")
        if (found := grid.at(kpi, "")) is not None
    )
    moved = sorted((cell for cell in grid.results if cell.vendor and cell.measured), key=lambda cell: -abs(cell.variance or 0))[:4]
    found_risks = risks(vendors)
    worst = [cell for cell in grid.results if cell.status == "missed"][:4] + [cell for cell in grid.results if cell.status == "met"][:4]
    compared = Sentence("movements", "Change on Q2 2026.", (Origin("results", "All vendors · service_level", "change"),))
    by_hand = Sentence(
        "decisions",
        "Approve the second site for night cover.",
        author="Ana Reyes",
        written_on=date(2026, 10, 8),
        computed="One decision is open.",
    )
    return (
        Section("standings", "Where each vendor stands", None, (Cards(cards), grid)),
        Section("movements", "What moved most, and where", compared, (Movements(tuple(movement(c, c.row) for c in moved)),)),
        Section(
            "risks",
            "Two risks are extreme: two grew, two eased",
            Sentence("risks", "Likelihood and impact after controls, against 30 June 2026."),
            (RiskMap(found_risks, BANDS), risk_table(found_risks)),
        ),
        Section(
            "attention", "Needs attention", None, (lines(grid, ("missed", "below expected"), "attention", "Nothing needs attention."),)
        ),
        Section("wins", "Wins", None, (lines(grid, ("met",), "win", "No win this quarter."),)),
        Section("mandatory", "The four mandatory lines", None, (mandatory_table(grid),)),
        Section("targets", "Targets met", None, (targets_table(grid),)),
        Section("decisions", "Decisions needed", by_hand, (Lines((), "No decision is open."),)),
        Section("trends", "Trends", None, (Trends(tuple(worst)),)),
    )


def definitions() -> tuple[Definition, ...]:
    """One per KPI."""
    return tuple(
        Definition(
            measured.kpi,
            measured.label,
            f"{measured.kpi}_good / {measured.kpi}_all",
            f"{measured.label} of all contacts offered in the quarter, each by its own threshold.",
            measured.unit,
            "COPC CX Standard 7.0",
            "" if measured.kpi != "attrition" else "Annualised by days.",
        )
        for measured in KPIS
    )


def deliveries(vendors: tuple[str, ...]) -> tuple[Delivery, ...]:
    """One accepted file per vendor."""
    return tuple(
        Delivery(
            f"B{number:05d}",
            f"{vendor.lower().replace(' ', '_')}_q3_2026.csv",
            "acd",
            f"{number:02d}" * 32,
            date(2026, 10, 2),
            date(2026, 7, 1),
            date(2026, 9, 30),
            1000 + number,
        )
        for number, vendor in enumerate(vendors, start=1)
    )


def review_of(vendors: tuple[str, ...], *, audience: Audience = Audience.EXECUTIVE) -> QuarterlyReview:
    """A whole review of these vendors."""
    return QuarterlyReview(
        audience=audience,
        quarter="2026-Q3",
        label="Q3 2026",
        months="July to September",
        first_day=date(2026, 7, 1),
        last_day=date(2026, 9, 30),
        compared="compared with Q2 2026",
        scope=f"{len(vendors)} of {len(vendors)} vendors" if len(vendors) != 1 else vendors[0],
        coverage="",
        data_until=date(2026, 9, 30),
        vendors=vendors,
        headline=Sentence(
            "headline",
            "Seven of eight KPIs met their target. Attrition missed for the second quarter running, and Cobalt Bay lost 6.2 pp of service "
            "level in the quarter of the Pune outage.",
            (Origin("results", "All vendors · attrition", "status"),),
        ),
        sections=sections_of(vendors),
        definitions=definitions(),
        deliveries=deliveries(vendors),
    )


def ordinary_review() -> QuarterlyReview:
    """Five vendors, eight KPIs, every kind of block."""
    return review_of(VENDORS)


def one_vendor() -> QuarterlyReview:
    """A single vendor's own review."""
    return review_of(("Cobalt Bay",), audience=Audience.VENDOR)


def many_vendors(count: int = 40) -> QuarterlyReview:
    """More vendors than a screen has columns."""
    return review_of(tuple(f"{VENDORS[at % 5]} {at // 5 + 1}" for at in range(count)))


def long_names() -> QuarterlyReview:
    """Five vendors with names of more than 60 characters, one without a single space."""
    names = tuple(f"{vendor} International Business Process Outsourcing Services and Sons" for vendor in VENDORS[:4])
    return review_of((*names, "Tallgrass" * 8))


def empty_quarter() -> QuarterlyReview:
    """A quarter without any number: every section is there, nothing is in it."""
    grid = Grid(tuple(measured.kpi for measured in KPIS), (), tuple(result(measured, "", None) for measured in KPIS))
    return replace(
        review_of(()),
        compared="Q2 2026 has no data to compare with",
        scope="0 of 0 vendors",
        coverage="no data",
        data_until=None,
        headline=Sentence("headline", "No data for Q3 2026 yet; the newest is June 2026."),
        sections=(
            Section("standings", "Where each vendor stands", None, (Cards(grid.results[:6]), grid)),
            Section("movements", "What moved most, and where", None, (Movements(()),)),
            Section("risks", "No risk is open", None, (RiskMap((), BANDS), replace(risk_table(()), rows=()))),
            Section("attention", "Needs attention", None, (Lines((), "Nothing needs attention."),)),
            Section("mandatory", "The four mandatory lines", None, (replace(mandatory_table(grid), rows=()),)),
            Section("trends", "Trends", None, (Trends(()),)),
        ),
        deliveries=(),
    )


def without_targets() -> QuarterlyReview:
    """Numbers everywhere, a target nowhere, and nothing to compare with."""
    return each(ordinary_review(), Result, _without_target)


def _without_target(found: Result) -> Result:
    return replace(
        found,
        comparator="",
        target=None,
        target_text="-",
        basis="",
        variance=None,
        variance_text="-",
        status="no target" if found.measured else "not measured",
        status_text="no target" if found.measured else "not measured",
        months_met="",
        previous=None,
        previous_text="-",
        change=None,
        change_text="-",
        compared_text="",
        assurance="",
        history=tuple(replace(point, target=None) for point in found.history),
    )


def hostile_review() -> QuarterlyReview:
    """Every free text is a hostile one."""
    return made_hostile(ordinary_review())


def numbers_printed(review: QuarterlyReview) -> Iterator[str]:
    """Every text of a number the review prints: values, targets, variances and changes of its results, and the cells of its tables."""
    for found in review.results:
        yield from (text for text in (found.value_text, found.target_text, found.variance_text, found.change_text) if text not in ("", "-"))
    for block in review.blocks:
        yield from _numbers_of(block)


def _numbers_of(block: Block) -> Iterator[str]:
    match block:
        case Movements(movements):
            for moved in movements:
                yield from (driver.effect_text for driver in moved.drivers)
        case RiskMap(found_risks):
            yield from (str(risk.score) for risk in found_risks)
        case Table(rows=rows):
            yield from (cell.text for row in rows for cell in row if cell.value is not None)
        case _:
            return


REVIEWS = {
    "ordinary": ordinary_review,
    "one vendor": one_vendor,
    "40 vendors": many_vendors,
    "empty quarter": empty_quarter,
    "without targets": without_targets,
    "long names": long_names,
    "hostile": hostile_review,
}
