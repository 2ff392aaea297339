"""The status grid as native tables: KPIs by vendors, vendors by KPIs when there are many, a scorecard of a single column."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from pptx.enum.text import PP_ALIGN

from analytics.packs.pptx_pages import Deck, Page
from analytics.packs.pptx_shapes import MARKS, Box, Paragraph, Run, mark_run, paragraph, text_box
from analytics.packs.pptx_tables import BODY_HEIGHT, Field, Sizes, native_table
from analytics.packs.pptx_template import LEFT, LIGHT
from analytics.packs.pptx_text import Style, clean, width
from analytics.review.covering import grid_target, grid_words, starred
from analytics.review.model import Grid, Result

MOST_VENDORS_ACROSS = 8
HEAD_HEIGHT, HEAD_WITH_TARGETS = 26, 37
TARGET = Style(8.5, colour=LIGHT.muted)
ROWS_OF_VENDORS = 13
LEAST_ROW, MOST_ROW = 24, 41
ROOM_FOR_VARIANCE = 31
ROOM_FOR_TWO_LINES = 25  # of the usual size; in a lower row they are smaller, or the row would grow
NAMES_WIDTH = 150
WIDEST_CELL = 122
LEGEND_HEIGHT = 16
_ALL = "All"
ONLY_COLUMN = ("variance_text", "change_text")
_FACT_NAMES = {"variance_text": "To target", "change_text": "Change"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a grid: which names run down, which across, KPIs down or across, and the size of a cell."""

    grid: Grid
    kpis: tuple[str, ...]
    vendors: tuple[str, ...]
    kpis_down: bool = True

    @property
    def down(self) -> tuple[str, ...]:
        """Keys of the rows."""
        return self.kpis if self.kpis_down else self.vendors

    @property
    def across(self) -> tuple[str, ...]:
        """Keys of the columns."""
        return self.vendors if self.kpis_down else self.kpis

    def at(self, row: str, column: str) -> Result | None:
        """The result in a cell."""
        return self.grid.at(row, column) if self.kpis_down else self.grid.at(column, row)

    @property
    def head_height(self) -> float:
        """The header's: names of KPIs stand over their targets."""
        return HEAD_HEIGHT if self.kpis_down else HEAD_WITH_TARGETS

    @property
    def results(self) -> list[Result]:
        """All its results."""
        return [found for row in self.down for column in self.across if (found := self.at(row, column)) is not None]


def columns_of(grid: Grid) -> tuple[str, ...]:
    """The vendors of a grid with all of them ('') first where there is such a result and it is not the only vendor's own."""
    everybody = ("",) if any(result.vendor == "" for result in grid.results) else ()
    vendors = tuple(vendor for vendor in grid.vendors if vendor)
    return vendors if len(vendors) == 1 else (*everybody, *vendors)


def worst_first(grid: Grid) -> tuple[str, ...]:
    """All, then the vendors: those with the most missed targets first, then with the most below expected; else in the grid's order."""

    def missed(vendor: str) -> tuple[bool, int, int]:
        statuses = [result.status for result in grid.results if result.vendor == vendor]
        return vendor != "", -statuses.count("missed"), -statuses.count("below expected")

    return tuple(sorted(columns_of(grid), key=missed))


def label_of(grid: Grid, kpi: str) -> Result | None:
    """A result that knows the name and the target of a KPI: of all vendors, else of the first that has it."""
    return grid.at(kpi, "") or next((result for result in grid.results if result.kpi == kpi), None)


def grid_pages(deck: Deck, title: str, about: str, sentence: str, grid: Grid) -> None:
    """The whole grid with the distance to each target."""
    shown = _parts(grid)
    for number, part in enumerate(shown, start=1):
        page = deck.page(title, about, sentence, part=f"{number} of {len(shown)}" if len(shown) > 1 else "")
        room = BODY_HEIGHT - LEGEND_HEIGHT - 6
        height = max(LEAST_ROW, min(MOST_ROW, (room - part.head_height) / max(len(part.down), 1)))
        draw_grid(page, Box(LEFT, page.top, 880, room), part, height)
        legend(page, Box(LEFT, page.top + part.head_height + height * len(part.down) + 8, 880, LEGEND_HEIGHT), part)


def _parts(grid: Grid) -> list[Shown]:
    """As many slides as it takes."""
    vendors = columns_of(grid)
    if len(vendors) <= MOST_VENDORS_ACROSS + 1:
        most = int((BODY_HEIGHT - LEGEND_HEIGHT - HEAD_HEIGHT) // LEAST_ROW)
        return [Shown(grid, kpis, vendors) for kpis in _lots(grid.kpis, most)]
    lots = [(kpis, rows) for kpis in _lots(grid.kpis, 10) for rows in _lots(worst_first(grid), ROWS_OF_VENDORS)]
    return [Shown(grid, kpis, rows, kpis_down=False) for kpis, rows in lots]


def _lots(names: tuple[str, ...], most: int) -> list[tuple[str, ...]]:
    """Equal lots, none larger than `most`."""
    size = ceil(len(names) / ceil(len(names) / most)) if names else 1
    return [names[at : at + size] for at in range(0, len(names), size)]


def draw_grid(page: Page, box: Box, shown: Shown, row_height: float, more: Sequence[str] = ()) -> None:
    """One native table: the number with its mark on the ground of its status; `more` texts of a single column's results beside it."""
    if not shown.down or not shown.across:
        return
    names = min(NAMES_WIDTH, box.width * 0.34)
    cell = min(WIDEST_CELL, (box.width - names) / (len(shown.across) + len(more)))
    heads = [
        Field((Paragraph((Run(" ", Style(9)),)),), rule=""),
        *(_head(page, shown, key, cell) for key in shown.across),
        *(_fact_head(page, fact) for fact in more),
    ]
    rows = [
        [_name(page, shown, key, names, row_height), *_cells(page, shown, key, cell, row_height), *_facts(page, shown, key, more, cell)]
        for key in shown.down
    ]
    sizes = Sizes((names, *(cell for _ in (*shown.across, *more))), (shown.head_height, *(row_height for _ in shown.down)), 2)
    page.show(*shown.results)
    native_table(page, (box.x - 2, box.y), [heads, *rows], sizes, "Status grid", _words(shown))


def _fact_head(page: Page, fact: str) -> Field:
    return Field((paragraph(page.fit(_FACT_NAMES[fact], Style(9.5), WIDEST_CELL), align=PP_ALIGN.CENTER),), rule="")


def _facts(page: Page, shown: Shown, row: str, more: Sequence[str], size: float) -> list[Field]:
    """Further texts of the only result in a row."""
    found = shown.at(row, shown.across[0])
    texts = [getattr(found, fact) if found else "" for fact in more]
    return [Field((paragraph(page.fit(text, Style(10), size - 8, 1, 7.5), align=PP_ALIGN.CENTER),), rule="") for text in texts]


def _words(shown: Shown) -> str:
    missed = [result for result in shown.results if result.status == "missed"]
    named = "; ".join(f"{result.vendor or 'All vendors'} {result.label} {result.value_text}" for result in missed)
    return f"Status grid of {len(shown.kpis)} KPIs by {len(shown.vendors)} columns. Missed: {named or 'none'}."


def _name_of(shown: Shown, key: str, is_kpi: bool) -> str:
    if not is_kpi:
        return key or _ALL
    known = label_of(shown.grid, key)
    return known.label if known else key


def _head(page: Page, shown: Shown, key: str, size: float) -> Field:
    style = Style(9.5, bold=key == "" and shown.kpis_down)
    found = page.fit(_name_of(shown, key, not shown.kpis_down), style, size - 5, 2)
    aim = "" if shown.kpis_down else grid_target(shown.grid, key)
    aims = [page.fit(aim, TARGET, size - 5, 1, 7)] if aim else []
    return Field(tuple(paragraph(words, align=PP_ALIGN.CENTER) for words in (found, *aims)), rule="")


def _name(page: Page, shown: Shown, key: str, size: float, height: float) -> Field:
    """A KPI with its target beneath, or a vendor."""
    if not shown.kpis_down:
        return Field((paragraph(page.fit(_name_of(shown, key, False), Style(10.5, bold=key == ""), size - 5, 2, 9)),), rule="")
    target = clean(grid_target(shown.grid, key))
    first, second = (9.5, 7) if height < ROOM_FOR_TWO_LINES else (11 if height > ROOM_FOR_VARIANCE else 10, TARGET.size)
    name = page.fit(_name_of(shown, key, True), Style(first), size - 5)
    below = (paragraph(page.fit(target, TARGET.sized(second), size - 5)),) if target else ()
    return Field((paragraph(name), *below), rule="")


def _cells(page: Page, shown: Shown, row: str, size: float, height: float) -> list[Field]:
    return [_cell(page, shown.at(row, column), size, height, bold=_is_all(shown, row, column)) for column in shown.across]


def _is_all(shown: Shown, row: str, column: str) -> bool:
    return (column if shown.kpis_down else row) == ""


def _cell(page: Page, found: Result | None, size: float, height: float, *, bold: bool) -> Field:
    if found is None:
        return Field((Paragraph((Run(" ", Style(9)),)),), rule="")
    tone = LIGHT.status(found.status)
    style = Style(11.5 if size > 58 else 10, bold=bold, colour=tone.on_cell)
    text = page.fit(starred(found, found.value_text or "-"), style, size - 16, 1, 7)
    mark = mark_run(found.status, 8, tone.corner)
    said = (Run(text.text, text.style), Run(" ", text.style), mark) if found.measured else (mark,) if found.value_text in ("", "-") else ()
    value = Paragraph(said or (Run(text.text, text.style),), align=PP_ALIGN.CENTER)
    lines = [value]
    if height >= ROOM_FOR_VARIANCE and found.variance_text.strip("-"):
        colour = tone.on_cell if found.status == "missed" else LIGHT.muted
        lines.append(paragraph(page.fit(found.variance_text, Style(8.5, colour=colour), size - 8, 1, 7), align=PP_ALIGN.CENTER))
    return Field(tuple(lines), ground=tone.cell, gap=LIGHT.page)


def legend(page: Page, box: Box, shown: Shown, more: str = "") -> None:
    """The marks that occur with their words in one line, and what must be known of totals and stars."""
    runs: list[Run] = []
    present = {result.status if result.status in MARKS else "no target" for result in shown.results}
    for status in (status for status in MARKS if status in present):
        runs += [mark_run(status, 8), Run(f" {status}   ", Style(9.5, colour=LIGHT.muted))]
    beside = " · ".join(part for part in (more, *grid_words(shown.grid)) if part)
    room = box.width - sum(width(run.text, run.style) for run in runs)
    if beside or not runs:
        found = page.fit(beside, Style(9.5, colour=LIGHT.muted), room, 1, 7)
        runs.append(Run(found.text, found.style))
    text_box(page.shapes, box, [Paragraph(tuple(runs))], "Legend")
