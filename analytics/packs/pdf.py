"""The quarterly review to read and to print: PDF by typst from one template, with bookmarks, tags and alternative texts.

Everything of the review reaches the template as data; nothing of it is ever read as markup. Only the fonts that come with the
product are used, so that the same review gives the same bytes on every machine.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

from analytics.catalogue import Unit
from analytics.catalogue.units import number_text
from analytics.charts.marks import logo
from analytics.charts.theme import theme_for
from analytics.errors import DashboardError
from analytics.packs import pdf_blocks, pdf_results
from analytics.packs.pdf_results import LONGEST_NAME, Printed
from analytics.packs.print_text import BREAK, printable, shortened
from analytics.periods import day_text
from analytics.review.covering import grid_words, line_words
from analytics.review.deliveries import deliveries_words
from analytics.review.model import Block, Cards, Cell, Definition, Delivery, Grid, Movements, QuarterlyReview, Result, Section, Table

DATA = Path(__file__).resolve().parent.parent.parent / "data"
TEMPLATES = DATA / "templates"
FONTS = DATA / "fonts"
ACCESSIBLE = "ua-1"
MOST_MOVEMENTS_IN_FRONT = 3
MOST_KPIS_IN_FRONT = 14
HASH_LETTERS = 16
LONGEST_AGAIN = 24
HEADLINE_LETTERS, HEADLINE_LINE = 88, 21.0


def pdf_pack(review: QuarterlyReview, built_on: datetime) -> bytes:
    """The review as PDF: one page to see it all, then section after section, definitions and sources. Equal arguments, equal bytes.

    The file is PDF/UA-1 where the fonts can show every sign of it, and tagged all the same where they cannot.
    """
    inputs = {"review": json.dumps(as_data(review, built_on))}
    try:
        return _compiled(inputs, built_on, [ACCESSIBLE])
    except typst.TypstError:
        return _tagged_only(inputs, built_on)


def _tagged_only(inputs: dict[str, str], built_on: datetime) -> bytes:
    """The file without the claim that every sign of it can be shown."""
    try:
        return _compiled(inputs, built_on, [])
    except typst.TypstError as error:
        raise DashboardError(f"The PDF could not be set: {error.message}.", "Take the pack as XLSX or PPTX, and report this.") from error


def as_data(review: QuarterlyReview, built_on: datetime) -> Printed:
    """Everything the template prints, as texts, drawings and colours."""
    theme = theme_for(pdf_results.MODE)
    until = day_text(review.data_until) if review.data_until else ""
    footer = (review.label, f"{review.audience.value} pack", f"data until {until}" if until else "no data")
    front, taken = _front(review)
    return {
        "title": f"Quarterly review {shortened(review.label, 64)} · {shortened(review.scope, 120)}",
        "colours": {name: getattr(theme, name) for name in ("page", "ink", "muted", "rule", "gridline", "target")},
        "late": theme.concern.text,
        "logo": pdf_results.image(logo(pdf_results.MODE), "logo"),
        "label": shortened(review.label, 64),
        "months": printable(review.months),
        "facts": [printable(fact) for fact in (review.compared, review.scope, review.coverage) if printable(fact)],
        "built": f"built {day_text(built_on.date())}, {built_on:%H:%M}",
        "footer": " · ".join(printable(part) for part in footer),
        "headline": pdf_results.sentence(review.headline),
        "front": front,
        "sections": _grouped([pdf_blocks.section(section) for section in _left(review.sections, taken)]),
        "results": _rows(review),
        "definitions": [_definition(definition) for definition in review.definitions],
        "deliveries": _deliveries(review),
        "names": pdf_blocks.shortened_names(review.vendors),
    }


def _rows(review: QuarterlyReview) -> list[Printed]:
    """Every result vendor by vendor, all together first; a total that says the same as its only vendor is not said twice."""
    order = {kpi: at for at, kpi in enumerate(kpi for block in review.blocks if isinstance(block, Grid) for kpi in block.kpis)}
    results = sorted(review.results, key=lambda result: order.get(result.kpi, len(order)))
    rows = [pdf_results.row(result) for vendor in ("", *review.vendors) for result in results if result.vendor == vendor]
    if len(review.vendors) == 1:
        rows = list({json.dumps(row | {"vendor": ""}): row for row in rows}.values())
    before = [None, *(row["vendor"] for row in rows)]
    again = (row["vendor"] == vendor for row, vendor in zip(rows, before, strict=False))
    return [
        row | {"first": not said, "vendor": shortened(row["vendor"], LONGEST_AGAIN) if said else row["vendor"]}
        for row, said in zip(rows, again, strict=True)
    ]


def _front(review: QuarterlyReview) -> tuple[Printed, list[Block]]:
    """The first page: the first cards, grid and movements, and which blocks stand there as a whole."""
    kinds = (Cards, Grid, Movements)
    cards, grid, movements = (next((block for block in review.blocks if isinstance(block, kind)), None) for kind in kinds)
    taken: list[Block] = []
    page: Printed = {
        "cards": [],
        "grid": None,
        "movements": None,
        "legend": [],
        "covered": [],
        "titles": _titles(review, (grid, movements)),
    }
    if isinstance(cards, Cards):
        page["cards"] = [pdf_results.card(result) for result in cards.results]
        taken.append(cards)
    if isinstance(grid, Grid) and len(grid.kpis) <= MOST_KPIS_IN_FRONT:
        page["grid"] = {"kind": "grid", **pdf_blocks.grid(grid, pdf_blocks.MOST_ROWS_IN_FRONT, _room(review))}
        page["legend"], page["covered"] = _legend(grid), [printable(words) for words in grid_words(grid)]
        taken += [grid] if not page["grid"].get("note") else []
    drawn = [*(cards.results if isinstance(cards, Cards) else ()), *_in_front(movements)]
    page["covered"] += [printable(words)] if (words := line_words(drawn)) and page["grid"] else []
    if isinstance(movements, Movements):
        page["movements"] = [pdf_results.movement(one) for one in movements.movements[:MOST_MOVEMENTS_IN_FRONT]]
        split = any(one.drivers for one in movements.movements) or len(movements.movements) > MOST_MOVEMENTS_IN_FRONT
        taken += [] if split else [movements]
    return page, taken


def _in_front(movements: Block | None) -> list[Result]:
    """The results that moved and stand on the first page."""
    return [one.result for one in movements.movements[:MOST_MOVEMENTS_IN_FRONT]] if isinstance(movements, Movements) else []


def _legend(grid: Grid) -> list[Printed]:
    """The marks of a grid of colours; a table of one vendor has the words."""
    found = {result.status for result in grid.results}
    return [pdf_results.status(words) for words in theme_for(pdf_results.MODE).statuses if words in found and len(grid.vendors) > 1]


def _room(review: QuarterlyReview) -> float:
    """The height left for the grid on the first page: less under a headline of more than two lines."""
    lines = -(-len(review.headline.text) // HEADLINE_LETTERS)
    return pdf_blocks.ROOM_FOR_GRID - HEADLINE_LINE * max(0, lines - 2)


def _titles(review: QuarterlyReview, blocks: tuple[Block | None, ...]) -> list[Printed | None]:
    """The headings of the sections these blocks are from."""
    found = (next((section for section in review.sections if block in section.blocks), None) for block in blocks)
    return [
        {"title": shortened(section.title, 120), "sentence": pdf_results.sentence(section.sentence)} if section is not None else None
        for section in found
    ]


def _left(sections: tuple[Section, ...], taken: list[Block]) -> list[Section]:
    """What the first page does not show; a section of which nothing is left is left out."""
    parts = [(section, tuple(block for block in section.blocks if not any(block is one for one in taken))) for section in sections]
    return [
        Section(section.id, section.title, section.sentence, blocks)
        for section, blocks in parts
        if blocks or (not section.blocks and section.sentence is not None)
    ]


def _grouped(sections: list[Printed]) -> list[list[Printed]]:
    """Neighbouring plain lists in twos, side by side; every other section alone."""
    groups: list[list[Printed]] = []
    for section in sections:
        beside = groups and section["plain"] and len(groups[-1]) == 1 and groups[-1][0]["plain"]
        if beside:
            groups[-1].append(section)
        else:
            groups.append([section])
    return groups


def _definition(found: Definition) -> Printed:
    words = {name: printable(getattr(found, name)) for name in ("label", "formula", "words", "unit", "source", "note")}
    return words | {"formula": printable(found.formula, LONGEST_NAME).replace("_", f"_{BREAK}")}


def _deliveries(review: QuarterlyReview) -> Printed:
    """The files as a table; what none of them has is no column."""
    heads = ("File", "Source", "Batch", "Days", "Loaded", "Rows", "SHA-256")
    rows = [_delivery(one) for one in review.deliveries]
    there = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    table = Table(
        "deliveries",
        tuple(heads[at] for at in there),
        tuple(heads[at] == "Rows" for at in there),
        tuple(tuple(Cell(row[at]) for at in there) for row in rows),
        "",
    )
    named = any(one.sha256 for one in review.deliveries)
    hashes = " SHA-256 names a file by its content; its first letters are printed." if named else ""
    return pdf_blocks.table(table) | {"words": deliveries_words(review) + hashes}


def _delivery(found: Delivery) -> tuple[str, ...]:
    days = [day_text(day) for day in (found.first_day, found.last_day) if day]
    loaded = day_text(found.loaded_on) if found.loaded_on else ""
    rows = number_text(found.rows, Unit.COUNT)
    return found.file, found.source, found.batch, " to ".join(dict.fromkeys(days)), loaded, rows, found.sha256[:HASH_LETTERS]


def _compiled(inputs: dict[str, str], built_on: datetime, standards: list[str]) -> bytes:
    made = typst.compile(
        TEMPLATES / "review.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs=inputs,
        timestamp=built_on,
        pdf_standards=standards,  # ty: ignore[invalid-argument-type]
    )
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    """Ours, and those inside typst for letters ours lacks; never those of the machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
