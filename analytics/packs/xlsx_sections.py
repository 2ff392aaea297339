"""Sheets of an XLSX pack for the sections that are more than sentences: drivers, risks, tables, and control charts."""

from collections.abc import Sequence

from analytics.packs.xlsx_book import THEME, Book, Column, Sheet, Shown
from analytics.packs.xlsx_frames import ALL_VENDORS, day_shown, difference_shown, number_shown, shown, status_shown
from analytics.packs.xlsx_numbers import number_of, printed_difference
from analytics.packs.xlsx_review import Places, heading, is_read_first, name_of, write_lines
from analytics.packs.xlsx_trends import write_trends
from analytics.review.model import (
    Block,
    Cards,
    Cell,
    Driver,
    Grid,
    Lines,
    Movement,
    Movements,
    QuarterlyReview,
    Result,
    Risk,
    RiskMap,
    Section,
    Table,
    Trends,
)


def write_sections(book: Book, review: QuarterlyReview, places: Places) -> None:
    """One sheet per section that the first sheet does not hold, and the drivers of what moved."""
    for section in review.sections:
        if not is_read_first(section) or any(isinstance(block, Movements) and block.movements for block in section.blocks):
            _section(book, section, places)


def _section(book: Book, section: Section, places: Places) -> None:
    with book.sheet(section.id.replace("_", " ").capitalize()) as sheet:
        heading(sheet, section)
        sheet.row += 1
        blocks = _said_once(section.blocks)
        alone = len(blocks) == 1
        for block in blocks:
            _block(sheet, block, places, _overdue_column(section), alone=alone)
            sheet.row += 1


def _overdue_column(section: Section) -> str:
    """'Days overdue on 31 Oct 2026', as the register's table of a section is headed."""
    heads = (name for block in section.blocks if isinstance(block, Table) for name in block.columns)
    return next((name for name in heads if name.startswith(_OVERDUE)), _OVERDUE)


def _said_once(blocks: Sequence[Block]) -> list[Block]:
    """Without the register's table where the risks stand with all that is known of them."""
    mapped = any(isinstance(block, RiskMap) for block in blocks)
    return [block for block in blocks if not (mapped and isinstance(block, Table) and block.name == "risks")]


def _block(sheet: Sheet, block: Block, places: Places, overdue: str, *, alone: bool) -> None:
    match block:
        case Movements(movements):
            _drivers(sheet, movements, alone=alone)
        case RiskMap(risks, bands):
            _risks(sheet, risks, [name for name, _ in bands], overdue, alone=alone)
        case Lines():
            write_lines(sheet, block)
        case Table():
            _table(sheet, block, alone=alone)
        case Trends(results):
            write_trends(sheet, results, places)
        case Cards(results) | Grid(results=results):
            _results(sheet, results, alone=alone)


_DRIVER_COLUMNS = (
    Column("Vendor"),
    Column("KPI"),
    Column("Before", True),
    Column("Now", True),
    Column("Change (pp, s, unit)", True),
    Column("Split by"),
    Column("Member"),
    Column("Part of the change (pp, s, unit)", True),
    Column("As printed", True),
    Column("Member before", True),
    Column("Member now", True),
    Column("Why not split", most=60),
)


def _drivers(sheet: Sheet, movements: Sequence[Movement], *, alone: bool) -> None:
    rows = [_driver(movement, driver) for movement in movements for driver in movement.drivers or (None,)]
    sheet.table(_DRIVER_COLUMNS, rows, filtered=True, alone=alone)


def _driver(movement: Movement, driver: Driver | None) -> list[Shown]:
    result = movement.result
    change = difference_shown(result.change, result.change_text, result)
    known = [Shown(result.vendor or ALL_VENDORS), Shown(result.label), number_shown(result.previous, result.previous_text, result)]
    known += [number_shown(result.value, result.value_text, result), change]
    if driver is None:
        return [*known, *[Shown("")] * 6, Shown(movement.where.text)]
    effect = printed_difference(driver.effect, driver.effect_text, result.unit, result.better_sign, result.currency)
    printed = shown(driver.effect_text, effect), Shown(driver.effect_text)
    parts = [Shown(movement.dimension), Shown(driver.member), *printed, Shown(driver.before_text), Shown(driver.after_text)]
    return [*known, *parts, Shown("")]


_RISK_COLUMNS = (
    Column("No", True),
    Column("Risk", most=34),
    Column("Category"),
    Column("Vendor"),
    Column("Owner"),
    Column("Likelihood", True),
    Column("Impact", True),
    Column("Score", True),
    Column("Band"),
    Column("Movement"),
    Column("Likelihood before", True),
    Column("Impact before", True),
    Column("Score before", True),
    Column("Why", most=32),
    Column("Mitigation", most=32),
    Column("Next review", True),
)
_OVERDUE = "Days overdue"


def _risks(sheet: Sheet, risks: Sequence[Risk], bands: Sequence[str], overdue: str, *, alone: bool) -> None:
    sheet.table([*_RISK_COLUMNS, Column(overdue, True)], [_risk(risk, bands) for risk in risks], filtered=True, alone=alone)
    if not risks:
        sheet.paragraph("The register has no risk.", "muted")


def _risk(risk: Risk, bands: Sequence[str]) -> list[Shown]:
    band = Shown(risk.band)
    if risk.band in bands[: len(THEME.risk_bands)]:
        band = band.styled(bg_color=THEME.risk_bands[bands.index(risk.band)])
    texts = (risk.title, risk.category, risk.vendor, risk.owner)
    scores = (_whole(risk.likelihood), _whole(risk.impact), _whole(risk.score))
    before = (_whole(risk.previous_likelihood), _whole(risk.previous_impact), _whole(risk.previous_score))
    last = (Shown(risk.reason), Shown(risk.mitigation), day_shown(risk.next_review), _whole(risk.days_overdue or None))
    return [_whole(risk.number), *map(Shown, texts), *scores, band, Shown(risk.movement_text), *before, *last]


def _whole(number: int | None) -> Shown:
    return Shown("") if number is None else Shown(str(number), number, "0")


def _table(sheet: Sheet, table: Table, *, alone: bool) -> None:
    """A table of whatever section: numbers where the review has them, the printed text where no format prints it."""
    columns = [Column(name, numeric) for name, numeric in zip(table.columns, table.numeric, strict=True)]
    sheet.table(columns, [[_cell(cell) for cell in row] for row in table.rows], alone=alone)
    if not table.rows:
        sheet.paragraph(table.empty, "muted")


def _cell(cell: Cell) -> Shown:
    if cell.value is None:
        plain = Shown(cell.text)
    elif isinstance(cell.value, float | int):
        plain = shown(cell.text, number_of(cell.value, cell.text, cell.unit, cell.currency))
    else:
        plain = Shown(cell.text, cell.value)
    tone = THEME.status(cell.status)
    return plain.styled(font_color=tone.text, bold=True) if cell.status in THEME.statuses else plain


def _results(sheet: Sheet, results: Sequence[Result], *, alone: bool) -> None:
    """Cards or a grid in a section of its own: one row per result."""
    columns = [Column("KPI"), Column("Value", True), Column("Target", True), Column("Variance", True), Column("Status")]
    rows = [
        [
            Shown(name_of(result)),
            number_shown(result.value, result.value_text, result),
            Shown(result.target_text),
            number_shown(result.variance, result.variance_text, result),
            status_shown(result.status_text, result.status),
        ]
        for result in results
    ]
    sheet.table(columns, rows, alone=alone)
