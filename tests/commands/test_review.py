"""`review`: text for people, and what is refused before anything is built; files and JSON are read back in tests/packs."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main
from analytics.commands.review import print_review
from tests.packs.reviews import ordinary_review


def review(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["review", "--warehouse", str(warehouse), *arguments])


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
    (("--out", "review.pdf", "--format", "pptx"), "--out review.pdf ends in .pdf, but --format asks for pptx."),
    (
        ("--out", "review.PDF", "--format", "pptx", "--format", "xlsx"),
        "--out review.PDF ends in .pdf, but --format asks for pptx and xlsx.",
    ),
    (("--format", "pdf"), "--format writes nothing by itself. Name a folder"),
    (("--out", "nowhere/review.pdf", "--format", "pdf"), "There is no folder nowhere."),
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
