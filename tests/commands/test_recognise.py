"""`recognise` as a user or a script calls it: TOML or JSON, exit code 3 while something is open, one sentence for what is no table."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from analytics.__main__ import main
from analytics.intake import parse_recipe

CLEAR = "Date,Vendor,Calls,Mood\n2026-03-13,Acme,10,good\n2026-03-14,Acme,20,bad\n"
OPEN = "Date,Vendor,Calls\n02/03/2026,Acme,10\n03/03/2026,Acme,20\n"


def run(folder: Path, content: str | bytes, *arguments: str) -> Result:
    file = folder / "calls.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    result = CliRunner().invoke(main, ["recognise", str(file), *arguments, "--warehouse", str(folder / "warehouse")])
    assert "Traceback" not in result.output
    return result


def test_the_output_is_a_recipe_with_comments(tmp_path: Path) -> None:
    result = run(tmp_path, CLEAR)
    assert result.exit_code == 0
    assert result.stdout.startswith("# calls.csv: aggregates, 2 rows, utf-8, comma, column names on line 1\n")
    assert "# not certain: columns: Not read, no known meaning: Mood." in result.stdout
    assert parse_recipe(result.stdout, "calls").headers.keys() == {"Date", "Vendor", "Calls"}
    assert not (tmp_path / "warehouse").exists()


def test_json_has_the_stable_shape(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, CLEAR, "--json").stdout)
    assert {key: found[key] for key in ("shape", "encoding", "delimiter", "header_row", "rows_read", "questions")} == {
        "shape": "aggregates", "encoding": "utf-8", "delimiter": ",", "header_row": 1, "rows_read": 2, "questions": [],
    }  # fmt: skip
    assert found["columns"]["Calls"] == {
        "means": "contacts_offered",
        "reason": "'Calls' is another word for contacts offered",
        "confidence": 1.0,
        "examples": ["10", "20"],
    }
    assert found["columns"]["Mood"]["means"] is None
    assert found["recipe"]["measures"] == {"contacts_offered": {"column": "Calls"}}
    assert [entry["key"] for entry in found["uncertain"]] == ["columns"]


def test_an_open_question_ends_with_3_and_its_answer_closes_it(tmp_path: Path) -> None:
    asked = run(tmp_path, OPEN, "--json")
    assert asked.exit_code == 3 and "date_order" in asked.stderr
    (question,) = json.loads(asked.stdout)["questions"]
    assert question["key"] == "date_order" and "02/03/2026 is 2 March 2026" in question["choices"][0]["means"]
    answered = run(tmp_path, OPEN, "--set", "date_order=mdy")
    assert answered.exit_code == 0 and '"%m/%d/%Y"' in answered.stdout


def test_wrong_answers_and_files_that_are_none_are_one_sentence(tmp_path: Path) -> None:
    wrong = run(tmp_path, OPEN, "--set", "date_order=xyz")
    assert wrong.exit_code == 2 and "Known: dmy, mdy." in wrong.stderr
    assert run(tmp_path, OPEN, "--set", "date_order").exit_code == 2
    picture = run(tmp_path, b"\x89PNG\r\n\x1a\n", "--json")
    assert picture.exit_code == 1 and json.loads(picture.stdout)["error"]["message"].startswith("The file is a picture")
    missing = CliRunner().invoke(main, ["recognise", str(tmp_path / "nothing.csv")])
    assert missing.exit_code == 1 and "there is no such file" in missing.stderr
