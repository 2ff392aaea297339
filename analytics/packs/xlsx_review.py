"""The first sheet of an XLSX pack: headline, key results with sparklines, KPIs by vendor, and every section that is sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from xlsxwriter.utility import xl_rowcol_to_cell

from analytics.packs.xlsx_book import MARKS, THEME, Book, Column, Sheet, Shown
from analytics.packs.xlsx_frames import ALL_VENDORS, CHART_DATA, VALUE_COLUMN, Rows, number_shown, status_shown
from analytics.periods import day_text
from analytics.review.covering import grid_target, grid_words, line_words
from analytics.review.model import Cards, Grid, Line, Lines, Movement, Movements, QuarterlyReview, Result, Section, Sentence

SHEET = "Review"
MOST_COLUMNS = 8  # vendors abreast; more stand one below the other
COLUMN_WIDTH = 16.5
SPARKLINE_HEIGHT = 27
_COLUMNS = 8  # of the first table with the margin
_MOST_UNCOVERED = 12
Places = Mapping[tuple[str, str], Rows]


def write_review(book: Book, review: QuarterlyReview, built_on: datetime, places: Places) -> None:
    """What one reads first."""
    with book.sheet(SHEET) as sheet:
        sheet.widen(1, 32)
        for column in range(2, _COLUMNS):
            sheet.widen(column, COLUMN_WIDTH)
        _cover(sheet, review, built_on)
        for section in review.sections:
            if is_read_first(section):
                _section(sheet, section, places)


def is_read_first(section: Section) -> bool:
    """Whether the first sheet holds a section: cards, grids, sentences, and the sentences of what moved."""
    return all(isinstance(block, Cards | Grid | Lines | Movements) for block in section.blocks)


def _cover(sheet: Sheet, review: QuarterlyReview, built_on: datetime) -> None:
    facts = (
        "Quarterly review",
        review.label,
        review.months,
        review.compared,
        review.scope,
        f"{review.audience.value} pack",
        review.coverage,
    )
    sheet.put(0, 1, Shown(" · ".join(fact for fact in facts if fact)), "eyebrow")
    sheet.row = 1
    sheet.paragraph(said(review.headline), "headline", size=16)
    until = f"data until {day_text(review.data_until)}" if review.data_until else "no data"
    sheet.put(sheet.row, 1, Shown(f"Built {day_text(built_on.date())}, {built_on:%H:%M} · {until}"), "eyebrow")
    sheet.row += 2


def _section(sheet: Sheet, section: Section, places: Places) -> None:
    heading(sheet, section)
    for block in section.blocks:
        match block:
            case Cards(results):
                _cards(sheet, results, places)
            case Grid():
                _grid(sheet, block)
            case Lines():
                write_lines(sheet, block)
            case Movements(movements):
                _moved(sheet, movements)
        sheet.row += 1


def heading(sheet: Sheet, section: Section) -> None:
    """A section's title and sentence."""
    sheet.paragraph(section.title, "section", size=12)
    if section.sentence:
        sheet.paragraph(said(section.sentence))


def said(sentence: Sentence) -> str:
    """The words; those of a person with who wrote them and when."""
    return f"{sentence.text} ({sentence.signature})" if sentence.author else sentence.text


def name_of(result: Result) -> str:
    """'Service level', of one vendor 'Cobalt Bay · Service level'."""
    return f"{result.vendor} · {result.label}" if result.vendor else result.label


def _cards(sheet: Sheet, results: Sequence[Result], places: Places) -> None:
    """One row per card with its last months as a native sparkline."""
    if not results:
        sheet.paragraph("No KPI is measured.", "muted")
        return
    columns = [Column("KPI"), *(Column(name, True, COLUMN_WIDTH) for name in ("Value", "Target", "Variance", "Change"))]
    columns += [Column("Status", most=COLUMN_WIDTH), Column("Last months", most=COLUMN_WIDTH)]
    head = sheet.row
    sheet.table(columns, [_card(result) for result in results])
    if words := line_words(results):
        sheet.paragraph(f"{words}.", "muted", size=9)
    for row, result in enumerate(results, start=head + 1):
        sheet.worksheet.set_row(row, SPARKLINE_HEIGHT)
        _sparkline(sheet, row, len(columns), result, places)


def _card(result: Result) -> list[Shown]:
    cells = [
        Shown(name_of(result)).styled(bold=True),
        number_shown(result.value, result.value_text, result).styled(bold=True, font_size=13),
        Shown(result.target_text),
        number_shown(result.variance, result.variance_text, result),
        number_shown(result.change, result.change_text, result),
        status_shown(f"{MARKS.get(result.status, '')} {result.status_text}".strip(), result.status),
        Shown(""),
    ]
    return [cell.styled(valign="vcenter") for cell in cells]


def _sparkline(sheet: Sheet, row: int, column: int, result: Result, places: Places) -> None:
    rows = places.get((result.vendor, result.kpi))
    if rows is None:
        return
    ends = [xl_rowcol_to_cell(at, VALUE_COLUMN) for at in (rows.first, rows.last)]
    colours = {"series_color": THEME.ink, "last_color": THEME.status(result.status).mark}
    area = f"'{CHART_DATA}'!{ends[0]}:{ends[1]}"
    sheet.worksheet.add_sparkline(row, column, {"range": area, "type": "line", "last_point": True, "weight": 1.5, **colours})


def _grid(sheet: Sheet, grid: Grid) -> None:
    """KPIs by vendor; many vendors by KPI, so that the sheet grows downwards."""
    found = {(result.kpi, result.vendor): result for result in grid.results}
    labels = {result.kpi: result.label for result in grid.results}
    kpis = [kpi for kpi in grid.kpis if kpi in labels]
    vendors = [vendor for vendor in grid.vendors if vendor]
    shown = ["", *vendors] if any((kpi, "") in found for kpi in kpis) else vendors
    targets = {kpi: grid_target(grid, kpi) for kpi in kpis}
    if len(vendors) <= MOST_COLUMNS:
        columns = [Column("KPI"), *(Column(name, True, COLUMN_WIDTH) for name in ("Target", *(vendor or ALL_VENDORS for vendor in shown)))]
        rows = [[Shown(labels[kpi]), Shown(targets[kpi]), *(_filled(found.get((kpi, vendor))) for vendor in shown)] for kpi in kpis]
    else:
        columns = [Column("Vendor"), *(Column(f"{labels[kpi]} {targets[kpi]}", True, COLUMN_WIDTH) for kpi in kpis)]
        rows = [[Shown(vendor or ALL_VENDORS), *(_filled(found.get((kpi, vendor))) for kpi in kpis)] for vendor in shown]
    for at in range(1, len(columns)):
        sheet.widen(1 + at, COLUMN_WIDTH)
    sheet.table(columns, rows, filtered=len(vendors) > MOST_COLUMNS)
    for words in grid_words(grid, "italic:"):
        sheet.paragraph(words, "muted", size=9)
    _uncovered(sheet, grid.results)


def _filled(result: Result | None) -> Shown:
    """A cell of the grid: the mark of its status at the left edge, the number at the right, the colour by meaning."""
    if result is None:
        return Shown("")
    tone = THEME.status(result.status)
    cell = number_shown(result.value, result.value_text, result)
    mark = "" if result.status == "met" else MARKS.get(result.status, "")  # exceptions shout, the rest whispers
    if mark and cell.value is not None:
        cell = Shown(cell.text, cell.value, ";".join(f'"{mark}"* {part}' for part in cell.format.split(";")))
    cell = cell.styled(italic=True) if result.is_reported else cell
    return cell.styled(bg_color=tone.cell, font_color=tone.on_cell, border=1, border_color=THEME.page, align="right", valign="vcenter")


def _uncovered(sheet: Sheet, results: Sequence[Result]) -> None:
    """What is not measured in every month of the quarter."""
    partial = [f"{name_of(result)}: {result.coverage}" for result in results if result.measured and not result.complete and result.coverage]
    if partial:
        more = f" and {len(partial) - _MOST_UNCOVERED} more" if len(partial) > _MOST_UNCOVERED else ""
        sheet.paragraph(f"Not complete: {'; '.join(partial[:_MOST_UNCOVERED])}{more}.", "muted", size=9)


def write_lines(sheet: Sheet, block: Lines) -> None:
    """Sentences with the mark of their status in the margin."""
    if not block.lines:
        sheet.paragraph(block.empty, "muted")
    for line in block.lines:
        _line(sheet, line)


def _line(sheet: Sheet, line: Line) -> None:
    row = sheet.row
    sheet.paragraph(said(line.sentence))
    if line.mark:
        tone = THEME.status(line.mark)
        sheet.put(row, 0, Shown(MARKS.get(line.mark, "–")), "body", {"font_color": tone.mark, "align": "center"})
    if line.detail:
        sheet.paragraph(line.detail, "muted", size=9)


def _moved(sheet: Sheet, movements: Sequence[Movement]) -> None:
    if not movements:
        sheet.paragraph("No movement to show.", "muted")
    for movement in movements:
        sheet.paragraph(said(movement.lead), "strong")
        if movement.where.text:
            sheet.paragraph(said(movement.where), "muted", size=9)
