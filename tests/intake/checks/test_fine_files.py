"""Files that are fine have no finding: the sample and two public files, each loaded once, in the order of the sample warehouse."""

import tomllib
from pathlib import Path

import pytest

from analytics.intake import FileReport, Status, load_files
from analytics.warehouse import Warehouse

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[3] / "data"
# What is true of them: days of Meridiem in November 2025 are missing, a provider counts more than were offered.
TRUE = {
    "acd_daily.csv": ["gaps"],
    "nhs111_providers_2015-16.csv": ["impossible"],
    "nhs_ae_attendances_england_2016-19.csv": ["gaps"],
}


def codes(report: FileReport) -> list[str]:
    """The kinds of findings; before the sample's last day (October 2026) its rows are of the future."""
    return [issue.code for issue in report.issues if issue.code != "future"]


def test_the_sample_is_fine(tmp_path: Path) -> None:
    listed = tomllib.loads((DATA / "sample" / "demo.toml").read_text(encoding="utf-8"))["load"]
    files = [(DATA / "sample" / entry["file"], DATA / "recipes" / f"{entry['recipe']}.toml") for entry in listed]
    reports = load_files(Warehouse(tmp_path), files)
    assert {report.status for report in reports} == {Status.STORED}
    assert {report.file: found for report in reports if (found := codes(report))} == {
        name: found for name, found in TRUE.items() if not name.startswith("nhs")
    }


@pytest.mark.parametrize("name", [name for name in TRUE if name.startswith("nhs")])
def test_public_files_have_what_is_true_of_them(tmp_path: Path, name: str) -> None:
    (report,) = load_files(Warehouse(tmp_path), [(DATA / "sample" / name, None)])
    assert (report.status, codes(report)) == (Status.STORED, TRUE[name])
