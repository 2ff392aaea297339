"""The parts of every change of the sample data in the workbook: each number is what stands printed beside it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from analytics.packs.xlsx import xlsx_pack
from analytics.packs.xlsx_numbers import printed_difference
from analytics.periods import Period
from analytics.review.facts import ReviewRequest
from analytics.review.model import Audience, Movements
from analytics.review.quarterly import quarterly_review
from analytics.settings import load_settings
from analytics.warehouse import Warehouse
from tests.packs.printed_cells import printed
from tests.packs.test_pdf import BUILT
from tests.rows import EVERYTHING

pytestmark = pytest.mark.slow


def amount(text: str) -> float:
    """-3 of '-0:03 min (better)', 0.1 of '+0.1 pp'."""
    minutes, _, rest = text.split(" ")[0].lstrip("+-").rpartition(":")
    return (-1 if text.startswith("-") else 1) * (60 * float(minutes or 0) + float(rest.replace(",", "")))


@pytest.mark.parametrize("quarter", ["2026-Q2", "2026-Q3"])
def test_numbers_and_words_of_a_part_agree(demo_warehouse: Path, quarter: str) -> None:
    request = ReviewRequest(Period.parse(quarter), load_settings(), audience=Audience.OPERATIONS)
    review = quarterly_review(Warehouse(demo_warehouse).open(), EVERYTHING, request)
    moved = [one for block in review.blocks if isinstance(block, Movements) for one in block.movements]
    for one in moved:
        for driver in one.drivers:
            number = printed_difference(driver.effect, driver.effect_text, one.result.unit, one.result.better_sign, one.result.currency)
            assert number is not None
            if ":" not in driver.effect_text:  # a spreadsheet shows no negative time: those are seconds
                assert printed(number.value, number.format) == driver.effect_text
    content = xlsx_pack(replace(review, sections=tuple(part for part in review.sections if part.id == "movements")), BUILT)
    head, *rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Movements").to_python()[_head(content) :]
    parts = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    there = [row for row in parts if row["As printed"]]
    assert len(there) == sum(len(one.drivers) for one in moved) > 10
    assert [row["Part of the change (pp, s, unit)"] for row in there] == [amount(str(row["As printed"])) for row in there]


def _head(content: bytes) -> int:
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Movements").to_python()
    return next(at for at, row in enumerate(rows) if "As printed" in row)
