"""The sections of a review as the template of the PDF is given them, block by block."""

from collections.abc import Iterator, Sequence
from math import sqrt

from analytics.charts.risk_matrix import GRADES
from analytics.charts.theme import CELL_GAP, theme_for
from analytics.packs import pdf_results as printed
from analytics.packs.drawing_matrix import matrix_drawing
from analytics.packs.drawing_trend import trend_drawing
from analytics.packs.pdf_results import LONGEST_NAME, MODE, NARROW, Printed
from analytics.packs.print_text import BREAK, printable, shortened
from analytics.review.covering import grid_target, months_words, starred
from analytics.review.model import Block, Cards, Cell, Grid, Line, Lines, Movements, Result, RiskMap, Section, Table, Trends

MOST_COLUMNS = 8
MOST_ROWS_IN_FRONT = 8
MOST_RISKS_BESIDE, MOST_BRIEF_BESIDE = 8, 10
TREND_WIDTH, TREND_HEIGHT = 368.0, 116.0
LETTER, PADDING = 4.7, 14.0
WHOLE_WIDTH, MOST_LETTERS_BESIDE = 760.0, 105
LONG_TEXT = 22
ROW_HEIGHT, LOWEST_ROW, HEAD_LINE = 29.0, 15.0, 10.0
ROOM_FOR_GRID = 284.0
LONGEST_HEAD = 48
ALL = "All"


def section(found: Section) -> Printed:
    """A section with its blocks; `plain` ones may stand side by side."""
    tables = [part for part in found.blocks if isinstance(part, Table)]
    aligned = _longest(*tables) if len(tables) > 1 and len({len(part.columns) for part in tables}) == 1 else None
    return {
        "title": shortened(found.title, 3 * LONGEST_NAME) or "-",
        "sentence": printed.sentence(found.sentence),
        "blocks": [_in_section(part, bool(tables), aligned) for part in found.blocks],
        "plain": bool(found.blocks) and all(_narrow(part) for part in found.blocks) and aligned is None,
    }


def _in_section(found: Block, register: bool, aligned: Sequence[int] | None) -> Printed:
    """A block among others: a matrix over its register, tables of one shape under each other with the same columns."""
    match found:
        case RiskMap():
            return _risks(found, register)
        case Table():
            return {"kind": "table", **table(found, aligned)}
        case _:
            return block(found)


def block(found: Block) -> Printed:
    """A block by its kind."""
    match found:
        case Cards(results):
            return {"kind": "cards", "cards": [printed.card(result) for result in results]}
        case Grid():
            return {"kind": "grid", **grid(found)}
        case Movements(movements):
            return {"kind": "movements", "movements": [printed.movement(one) for one in movements]}
        case RiskMap():
            return _risks(found, register=False)
        case Lines(lines, empty):
            return {"kind": "lines", "lines": [_line(line) for line in lines], "empty": printable(empty)}
        case Table():
            return {"kind": "table", **table(found)}
        case Trends(results):
            return {"kind": "trends", "trends": [_trend(result) for result in results]}


def _line(line: Line) -> Printed:
    mark = printed.status(line.mark)["mark"] if line.mark else None
    return {"mark": mark, "sentence": printed.sentence(line.sentence), "detail": printable(line.detail)}


def _risks(found: RiskMap, register: bool) -> Printed:
    """The matrix and its risks beside it; what the register under it says of them is not said twice."""
    return {
        "kind": "risks",
        "drawing": matrix_drawing(found).as_data(),
        "risks": [printed.risk(risk, found.bands, register=register) for risk in found.risks],
        "beside": MOST_BRIEF_BESIDE if register else MOST_RISKS_BESIDE,
        "bands": _bands(found),
        "empty": "" if register else "No risk is open.",
    }


def _bands(found: RiskMap) -> list[Printed]:
    """'high 8 to 12': each band with the lowest and the highest score that it has in the matrix."""
    colours, scores = theme_for(MODE).risk_bands, sorted({likelihood * impact for likelihood in GRADES for impact in GRADES})
    lowest, bands = 0, []
    for level, (band, highest) in enumerate(found.bands):
        inside = [score for score in scores if lowest < score <= highest]
        words = f" {inside[0]} to {inside[-1]}" if inside else ""
        bands.append({"words": shortened(band, LONGEST_NAME) + words, "colour": colours[min(level, len(colours) - 1)]})
        lowest = highest
    return bands


def _trend(result: Result) -> Printed:
    words = [icon["alt"].partition(": ")[2] for icon in printed.icons(result)]
    if result.rule and words:
        words[0] += f" ({shortened(result.rule, 2 * LONGEST_NAME)})"
    return {
        "title": shortened(", ".join(filter(None, (result.label, months_words(result)))), LONGEST_NAME),
        "vendor": shortened(result.vendor or "All vendors", LONGEST_HEAD - NARROW),
        "value": printed.number(result.value_text) or "-",
        "status": printed.status(result.status, result.status_text),
        "icons": printed.icons(result),
        "words": " · ".join(words),
        "drawing": trend_drawing(result, TREND_WIDTH, TREND_HEIGHT).as_data(),
    }


def grid(found: Grid, most_rows: int | None = None, room: float = ROOM_FOR_GRID) -> Printed:
    """KPIs as rows and vendors as columns, in `room` points if that is possible; one vendor has more to say about each KPI.

    More than eight vendors become the rows, those that missed most first, and of them `most_rows` at most.
    """
    if len(found.vendors) <= 1:
        return {"shape": "single", "rows": _single(found)}
    if len(found.vendors) <= MOST_COLUMNS:
        return {"shape": "columns", **_by_kpi(found, room)}
    return {"shape": "rows", **_by_vendor(found, most_rows)}


def _any_of(found: Grid, kpi: str) -> Result | None:
    """The result that names a KPI: of all vendors, or of the first that has it."""
    return next((result for vendor in ("", *found.vendors) if (result := found.at(kpi, vendor)) is not None), None)


def _named(found: Grid) -> Iterator[tuple[str, Result]]:
    """The KPIs that have any result, with one that names them."""
    return ((kpi, named) for kpi in found.kpis if (named := _any_of(found, kpi)) is not None)


def _by_kpi(found: Grid, room: float) -> Printed:
    heads = [ALL, *(shortened(vendor, LONGEST_HEAD, NARROW) for vendor in found.vendors)]
    rows = [
        {
            "label": shortened(named.label, LONGEST_NAME, NARROW),
            "target": shortened(grid_target(found, kpi), LONGEST_NAME),
            "cells": [printed.cell(found.at(kpi, vendor)) for vendor in ("", *found.vendors)],
        }
        for kpi, named in _named(found)
    ]
    lines = max(-(-len(head.replace(BREAK, "")) // NARROW) for head in heads)
    height = (room - HEAD_LINE * lines) / max(len(rows), 1) - CELL_GAP
    return {"heads": heads, "rows": rows, "height": round(min(ROW_HEIGHT, max(height, LOWEST_ROW)), 1)}


def _by_vendor(found: Grid, most_rows: int | None) -> Printed:
    kpis = list(_named(found))
    ranked = sorted(found.vendors, key=lambda vendor: _failures(found, vendor))
    rows = [
        {"label": shortened(vendor, LONGEST_NAME) or ALL, "cells": [printed.cell(found.at(kpi, vendor)) for kpi, _ in kpis]}
        for vendor in ("", *ranked[:most_rows])
    ]
    heads = [
        {"label": shortened(named.label, LONGEST_NAME, NARROW), "target": shortened(grid_target(found, kpi), LONGEST_NAME)}
        for kpi, named in kpis
    ]
    left_out = len(found.vendors) - len(ranked[:most_rows])
    note = f"The {most_rows} of {len(found.vendors)} vendors with most missed targets; all of them follow." if left_out else ""
    return {"heads": heads, "rows": rows, "note": note}


def _failures(found: Grid, vendor: str) -> tuple[int, int, str]:
    """Those with most missed first, then most below expected, then by name."""
    words = [result.status for kpi in found.kpis if (result := found.at(kpi, vendor)) is not None]
    return -words.count("missed"), -words.count("below expected"), vendor


def _single(found: Grid) -> list[Printed]:
    """One vendor: its KPIs with everything there is to say about each."""
    results = [found.at(kpi, vendor) or found.at(kpi, "") for kpi in found.kpis for vendor in found.vendors or ("",)]
    return [
        {
            "label": shortened(result.label, LONGEST_NAME),
            "value": starred(result, printed.number(result.value_text)) or "-",
            "target": printed.target(result),
            "variance": printed.number(result.variance_text) or "-",
            "status": printed.status(result.status, result.status_text),
            "change": printed.number(result.change_text) or "-",
            "months": printable(result.months_met),
            "icons": printed.icons(result),
        }
        for result in results
        if result is not None
    ]


def table(found: Table, aligned: Sequence[int] | None = None) -> Printed:
    """A table as wide as its texts; where they need more than the page, columns with long texts share it by the length of their texts.

    `aligned` are the longest texts of the tables it stands among: all of them then have the same columns, as wide as the page.
    """
    longest = _longest(found)
    fits = _width(longest) <= WHOLE_WIDTH
    shares = [0 if fits or length <= LONG_TEXT else round(sqrt(min(length, 400)), 2) for length in longest]
    return {
        "columns": [shortened(column, LONGEST_NAME) for column in found.columns],
        "numeric": list(found.numeric),
        "shares": shares if aligned is None else [min(length, 60) + 3 for length in aligned],
        "rows": [[_cell(one, numeric) for one, numeric in zip(row, found.numeric, strict=True)] for row in found.rows],
        "empty": printable(found.empty),
    }


def _longest(*tables: Table) -> list[int]:
    """The letters of the longest text of each column, its heading among them."""
    rows = [row for found in tables for row in (found.columns, *(tuple(cell.text for cell in row) for row in found.rows))]
    return [max(len(printable(text).replace(BREAK, "")) for text in column) for column in zip(*rows, strict=True)]


def _width(longest: Sequence[int]) -> float:
    """About how wide a table is on one line per row."""
    return sum(length * LETTER + PADDING for length in longest)


def _narrow(found: Block) -> bool:
    """Whether a block may fit beside another one: a list, or a table of few and short columns (the template measures it)."""
    return isinstance(found, Lines) or (isinstance(found, Table) and sum(_longest(found)) <= MOST_LETTERS_BESIDE)


def _cell(found: Cell, numeric: bool) -> Printed:
    state = printed.status(found.status, found.text) if found.status else None
    return {"words": printable(found.text, NARROW if numeric else 24), "status": state}


def shortened_names(names: Sequence[str]) -> list[str]:
    """The names that stand shortened somewhere, in full."""
    return [printable(name) for name in names if shortened(name, LONGEST_HEAD) != printable(name)]
