"""Requests that cannot be met, as a shell or a nightly job sees them: one sentence, the right exit code, nothing half done."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.__main__ import main
from tests.conftest import ROOT, run_command

pytestmark = pytest.mark.slow

NHS = ROOT / "data" / "sample" / "nhs111_providers_2015-16.csv"
RECIPE = ROOT / "data" / "recipes" / "nhs111.toml"
FAILED, USAGE = 1, 2


def run(*arguments: str | Path) -> Result:
    """A command inside this process, as quick as a script's tenth call."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def said(done: Result, exit_code: int) -> str:
    """The last line on stderr, after checking that it is a sentence and not a stack trace."""
    assert done.exit_code == exit_code, done.stderr
    assert "Traceback" not in done.output
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith((".", "?")), last
    return last


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kpi", "--kpi", "csatt"), ["Unknown KPI 'csatt'", "Did you mean: csat"]),
        (("kpi", "--kpi", "csat", "--grain", "hour"), ["hour"]),
        (("kpi", "--kpi", "csat", "--by", "vendr"), ["vendr", "vendor"]),
        (("kpi", "--kpi", "csat", "--from", "2026-05-01", "--to", "2026-04-01"), ["ends before it starts"]),
        (("report", "--period", "2026-Q5"), ["2026-Q5"]),
        (("report", "--compare", "next"), ["Unknown comparison 'next'", "last_year"]),
        (("report", "--by", "site"), ["cannot be shown by 'site'", "--by vendor"]),
        (("spc", "--kpi", "servce_level"), ["Did you mean: service_level"]),
        (("risks", "--period", "soon"), ["soon"]),
        (("undo", "b9999"), ["Unknown batch 'b9999'"]),
    ],
)
def test_a_wrong_request_is_exit_code_2_and_says_what_is_possible(
    demo_warehouse: Path, arguments: tuple[str, ...], words: list[str]
) -> None:
    sentence = said(run(*arguments, "--warehouse", demo_warehouse), USAGE)
    assert all(word in sentence for word in words), sentence


def test_the_same_as_json(demo_warehouse: Path) -> None:
    done = run_command("kpi", "--kpi", "csatt", "--json", "--warehouse", demo_warehouse)
    error = json.loads(done.stdout)["error"]
    assert error["message"] == "Unknown KPI 'csatt'."
    assert "csat" in error["remedy"]
    assert error["exit_code"] == done.returncode == USAGE


def test_a_vendor_the_data_does_not_have_is_named_and_answers_nothing(demo_warehouse: Path) -> None:
    done = run_command("kpi", "--kpi", "csat", "--vendor", "Acme", "--json", "--warehouse", demo_warehouse)
    assert done.returncode == 0
    assert "Acme" in done.stderr
    assert all(row["value"] is None for row in json.loads(done.stdout)["rows"])


@pytest.mark.parametrize(
    "command", [("report",), ("risks",), ("kpi", "--kpi", "csat"), ("spc", "--kpi", "csat"), ("batches",), ("watermelon",)]
)
def test_without_a_warehouse_the_way_to_one_is_said(tmp_path: Path, command: tuple[str, ...]) -> None:
    sentence = said(run(*command, "--warehouse", tmp_path / "nowhere"), FAILED)
    assert "python -m analytics" in sentence
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"\x00" * 8192], ids=["empty", "text", "zeros"])
def test_a_damaged_warehouse_is_named_with_its_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "warehouse.7.duckdb").write_bytes(content)
    sentence = said(run("report", "--warehouse", tmp_path), FAILED)
    assert "warehouse.7.duckdb" in sentence
    assert (tmp_path / "warehouse.7.duckdb").read_bytes() == content


def test_settings_that_are_wrong_name_file_and_key(demo_copy: Path) -> None:
    (demo_copy / "settings.toml").write_text("fiscal_year_start_month = 13\n", encoding="utf-8")
    sentence = said(run("report", "--warehouse", demo_copy), USAGE)
    assert "settings.toml" in sentence
    assert "fiscal_year_start_month" in sentence


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that holds the public file; nothing below may change it."""
    folder = tmp_path_factory.mktemp("loaded")
    assert run("load", NHS, "--warehouse", folder).exit_code == 0
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a warehouse with its content, without the empty lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".lock"}


def unknown_column(content: str) -> str:
    return content.replace("Nhs1 Answered 60sec SUM", "Nhs1 Answered 6sec SUM", 1)


def wrong_types(content: str) -> str:
    header, *rows = content.splitlines()
    return "\n".join([header, *(row.replace("2015-16,", "2015-16,13-", 1) for row in rows)])


def empty(_content: str) -> str:
    return ""


def another_kind(_content: str) -> str:
    return "risk_id,title\nR1,Fire\n"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (unknown_column, ["no column 'Nhs1 Answered 60sec SUM'"]),
        (wrong_types, ["Periodname", "line 2"]),
        (empty, ["The file is empty."]),
        (another_kind, ["no column 'Periodname'"]),
    ],
)
def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(
    loaded: Path, tmp_path: Path, spoil: Callable[[str], str], words: list[str]
) -> None:
    before = files_of(loaded)
    file = tmp_path / "spoiled.csv"
    file.write_text(spoil(NHS.read_text(encoding="utf-8")), encoding="utf-8")
    done = run_command("load", file, "--recipe", RECIPE, "--warehouse", loaded)
    assert done.returncode == FAILED
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert files_of(loaded) == before


@pytest.mark.slow
def test_undo_takes_a_file_out_to_the_last_digit(demo_copy: Path) -> None:
    question = ("kpi", "--kpi", "csat", "service_level", "abandonment_rate", "--by", "vendor", "--json", "--warehouse", demo_copy)
    before = run_command(*question).stdout
    assert run_command("load", NHS, "--warehouse", demo_copy).returncode == 0
    assert run_command(*question).stdout != before
    newest = json.loads(run_command("batches", "--json", "--warehouse", demo_copy).stdout)["rows"]
    batch = next(row["batch_id"] for row in newest if row["file_name"] == NHS.name)
    assert run_command("undo", batch, "--warehouse", demo_copy).returncode == 0
    assert run_command(*question).stdout == before


def test_a_full_or_forbidden_place_is_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "file"
    shutil.copy(RECIPE, place)
    sentence = said(run("load", NHS, "--warehouse", place / "warehouse"), FAILED)
    assert "cannot be written" in sentence
