"""demo, load, batches and undo as a user or a script calls them: output, exit codes, one sentence for every problem."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from analytics.__main__ import main
from analytics.warehouse import Warehouse, versions
from tests.recipes import CALLS_BY_DAY as RECIPE

GOOD = "Date,Vendor,Calls\n2026-01-05,Acme,10\n2026-01-06,Acme,x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acd.toml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--warehouse", str(folder / "warehouse")])
    assert "Traceback" not in result.output
    return result


def load(folder: Path, name: str = "good.csv", *more: str) -> Result:
    return run(folder, "load", str(folder / name), "--recipe", str(folder / "acd.toml"), *more)


def one_sentence(result: Result, *words: str) -> None:
    """The last line of stderr says what happened and what to do."""
    last = result.stderr.strip().splitlines()[-1]
    assert all(word in last for word in words), last
    assert (last.endswith((".", "?", "`")) and result.exception is None) or isinstance(result.exception, SystemExit)


def test_load_prints_the_stable_shape(folder: Path) -> None:
    result = load(folder, "good.csv", "--json")
    assert result.exit_code == 0
    (report,) = json.loads(result.stdout)["files"]
    issue = report["issues"][0]
    assert {key: report[key] for key in ("file", "shape", "source", "recipe", "status", "batch", "questions")} == {
        "file": "good.csv", "shape": "aggregates", "source": "acd", "recipe": "acd", "status": "stored", "batch": "b0001", "questions": [],
    }  # fmt: skip
    assert (report["rows_read"], report["rows_accepted"], report["rows_rejected"]) == (2, 1, 1)
    assert (issue["level"], issue["code"], issue["line"], issue["column"]) == ("error", "not_a_number", 3, "Calls")
    assert issue["message"] and issue["remedy"]


def test_a_recipe_may_be_named(folder: Path) -> None:
    assert load(folder).exit_code == 0
    again = run(folder, "load", str(folder / "good.csv"), "--recipe", "acd", "--json")
    assert json.loads(again.stdout)["files"][0]["status"] == "unchanged"
    shipped = run(folder, "load", str(folder / "good.csv"), "--recipe", "nhs111")
    assert shipped.exit_code == 1 and "nhs111" not in shipped.stderr.partition("good.csv")[0]
    unknown = run(folder, "load", str(folder / "good.csv"), "--recipe", "nhs11")
    assert unknown.exit_code == 2
    one_sentence(unknown, "There is no recipe 'nhs11'.", "Did you mean: nhs111")


def test_batches_and_undo(folder: Path) -> None:
    load(folder)
    assert "good.csv" in run(folder, "batches").stdout
    assert run(folder, "undo", "b0001").exit_code == 0
    (row,) = json.loads(run(folder, "batches", "--json").stdout)["rows"]
    assert (row["batch_id"], row["status"]) == ("b0001", "undone")
    again = run(folder, "undo", "b0001")
    assert again.exit_code == 2
    one_sentence(again, "already undone")
    unknown = run(folder, "undo", "b001", "--json")
    assert unknown.exit_code == 2 and json.loads(unknown.stdout)["error"]["message"] == "Unknown batch 'b001'."


def test_a_question_is_exit_code_3_until_it_is_answered(folder: Path) -> None:
    load(folder)
    (folder / "acd.toml").write_text(RECIPE.replace('"acd"', '"wfm"').replace('"day"', '"month"'), encoding="utf-8")
    (folder / "month.csv").write_text("Date,Vendor,Calls\n2026-01-01,Acme,300\n", encoding="utf-8")
    asked = load(folder, "month.csv", "--json")
    assert asked.exit_code == 3
    (report,) = json.loads(asked.stdout)["files"]
    assert report["status"] == "questions" and [choice["value"] for choice in report["questions"][0]["choices"]] == ["acd", "wfm"]
    assert "    --set counts=acd: acd counts; the other rows are kept but not added\n    --set counts=wfm: wfm counts;" in asked.stderr
    assert load(folder, "month.csv", "--set", "counts=wfm").exit_code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["empty", "column names"]),
        ("Date,Vendor,Callz\n2026-01-05,Acme,1\n", ["no column 'Calls'", "line 7", "Callz"]),
        ("Date,Vendor,Calls\n2026-01-05,Acme,many\n", ["line 2", "Calls", "not a number"]),
    ],
)
def test_bad_files_are_one_clear_sentence_and_store_nothing(folder: Path, content: str, words: list[str]) -> None:
    (folder / "bad.csv").write_text(content, encoding="utf-8")
    result = load(folder, "bad.csv")
    assert result.exit_code == 1
    one_sentence(result, *words)
    assert not Warehouse(folder / "warehouse").exists


def test_a_bad_file_beside_a_good_one_does_not_hold_it_up(folder: Path) -> None:
    (folder / "bad.csv").write_text("", encoding="utf-8")
    result = run(folder, "load", str(folder / "bad.csv"), str(folder / "good.csv"), "--recipe", str(folder / "acd.toml"), "--json")
    assert result.exit_code == 1
    assert [report["status"] for report in json.loads(result.stdout)["files"]] == ["refused", "stored"]


def test_wrong_recipes_files_and_answers(folder: Path) -> None:
    (folder / "acd.toml").write_text(RECIPE.replace("Calls", "Calls").replace('column = "Date"', 'colum = "Date"'), encoding="utf-8")
    wrong = load(folder)
    assert wrong.exit_code == 1
    one_sentence(wrong, "line 4", "unknown key 'colum'", "Did you mean: column")
    (folder / "acd.toml").write_text(RECIPE, encoding="utf-8")
    missing = load(folder, "none.csv")
    assert missing.exit_code == 1
    one_sentence(missing, "none.csv cannot be read")
    answer = load(folder, "good.csv", "--set", "counts")
    assert answer.exit_code == 2
    one_sentence(answer, "not KEY=VALUE")
    assert run(folder, "load").exit_code == 2


def test_locked_damaged_unwritable_and_missing_warehouses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = run(folder, "batches", "--json")
    assert missing.exit_code == 1 and "demo" in json.loads(missing.stdout)["error"]["remedy"]
    load(folder)
    warehouse = folder / "warehouse"
    (folder / "more.csv").write_text("Date,Vendor,Calls\n2026-01-07,Acme,1\n", encoding="utf-8")
    monkeypatch.setattr(versions.Warehouse.__init__, "__defaults__", (0.1,))
    with FileLock(warehouse / "warehouse.lock"):
        locked = load(folder, "more.csv")
    assert locked.exit_code == 1
    one_sentence(locked, "Another process is changing the warehouse")
    (warehouse / "warehouse.2.duckdb").write_bytes(b"damaged" * 1000)
    damaged = load(folder, "more.csv")
    assert damaged.exit_code == 1
    one_sentence(damaged, "warehouse.2.duckdb", "cannot be read", "go back to the version before")
    taken = CliRunner().invoke(
        main, ["load", str(folder / "good.csv"), "--recipe", str(folder / "acd.toml"), "--warehouse", str(folder / "good.csv")]
    )
    assert taken.exit_code == 1
    one_sentence(taken, "cannot be written", "--warehouse")


@pytest.mark.slow
def test_demo_is_built_once(demo_copy: Path) -> None:
    again = CliRunner().invoke(main, ["demo", "--json", "--warehouse", str(demo_copy)])
    assert again.exit_code == 0
    assert {report["status"] for report in json.loads(again.stdout)["files"]} == {"unchanged"}


def test_demo_is_never_mixed_into_own_data(folder: Path) -> None:
    load(folder)
    own = run(folder, "demo")
    assert own.exit_code == 2
    one_sentence(own, "data of its own (good.csv)", "--warehouse")
