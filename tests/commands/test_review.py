"""`review` on the sample: text for people, the review for machines, files for schedulers, and what is refused before anything is built."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main
from analytics.commands.review import print_review
from analytics.review.frozen import from_json
from analytics.review.model import Audience
from tests.packs.printed_cells import printed_cells
from tests.packs.reviews import ordinary_review


def review(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["review", "--warehouse", str(warehouse), *arguments])


@pytest.mark.slow
def test_a_vendors_review_for_machines_and_as_a_file_under_its_own_name(demo_warehouse: Path, tmp_path: Path) -> None:
    asked = (
        "--audience",
        "vendor",
        "--vendor",
        "Cobalt Bay",
        "--compare",
        "last_year",
        "--out",
        f"{tmp_path}/",
        "--format",
        "xlsx",
        "--json",
    )
    done = review(demo_warehouse, *asked)
    assert done.exit_code == 0, done.output
    found = from_json(done.stdout_bytes)
    assert (found.audience, found.quarter, found.vendors, found.label) == (Audience.VENDOR, "2026-Q3", ("Cobalt Bay",), "Q3 2026")
    assert "Q3 2025" in found.compared
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("quarterly-review-2026-Q3-cobalt-bay-") and file.suffix == ".xlsx"
    assert "75.1 %" in set(printed_cells(file.read_bytes()))
    assert b"Asterion" not in done.stdout_bytes and b"Meridiem" not in done.stdout_bytes


def test_words_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    print_review(ordinary_review())
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Quarterly review, Q3 2026, compared with Q2 2026, 5 of 5 vendors"
    assert lines[1].startswith("Seven of eight KPIs met their target.")
    assert "Key results" in lines and "Cobalt Bay" in lines and "What moved" in lines
    assert any(line.split()[:7] == ["Service", "level", ">=", "80", "%", "74.8", "%"] for line in lines)


REFUSED = [
    (("--quarter", "2031-Q1"), "There is no data of Q1 2031. The data has 2024-Q3 to 2026-Q4."),
    (("--quarter", "2026-09"), "'2026-09' is not a quarter."),
    (("--quarter", "soon"), "'soon' is not a period."),
    (("--compare", "never"), "Unknown comparison 'never'."),
    (("--vendor", "Cobalt"), "Unknown vendor 'Cobalt'. Did you mean: Cobalt Bay?"),
    (("--audience", "vendor"), "The review for a vendor is of exactly one."),
    (("--audience", "vendor", "--vendor", "Cobalt Bay", "--vendor", "Asterion"), "The review for a vendor is of exactly one."),
    (("--out", "review.docx"), "Let it end in .pdf, .pptx or .xlsx"),
    (("--out", "nowhere/review.pdf"), "There is no folder nowhere."),
    (("--out", "nowhere/"), "There is no folder nowhere."),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_is_refused(demo_warehouse: Path, arguments: tuple[str, ...], said: str) -> None:
    done = review(demo_warehouse, *arguments)
    assert (done.exit_code, done.stdout) == (2, "") and said in done.stderr


def test_an_empty_warehouse_says_what_to_do(tmp_path: Path) -> None:
    done = review(tmp_path)
    assert done.exit_code == 1 and "python -m analytics" in done.stderr
