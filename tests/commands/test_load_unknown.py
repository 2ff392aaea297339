"""`load` of a file no recipe fits: what is asked, how it is answered, what is refused."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from analytics.__main__ import main

CALLS = "Date,Vendor,Calls\n02/03/2026,Acme,10\n03/03/2026,Acme,20\n04/03/2026,Acme,many\n05/03/2026,Acme,30\n06/03/2026,Acme,30\n"


def run(folder: Path, command: str, *arguments: str, content: str = CALLS) -> Result:
    file = folder / "calls.csv"
    if not file.exists() or file.read_text(encoding="utf-8") != content:
        file.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, [command, str(file), *arguments, "--warehouse", str(folder / "warehouse")])
    assert "Traceback" not in result.output
    return result


def answers(*given: str) -> list[str]:
    return [part for one in given for part in ("--set", one)]


def test_questions_are_shown_with_what_every_answer_means(tmp_path: Path) -> None:
    asked = run(tmp_path, "load", "--json")
    assert asked.exit_code == 3 and not (tmp_path / "warehouse").exists()
    assert "--set date_order=dmy: 02/03/2026 is 2 March 2026" in asked.stderr
    (report,) = json.loads(asked.stdout)["files"]
    assert (report["status"], report["recipe"]) == ("questions", "proposed: calls")
    assert [question["key"] for question in report["questions"]] == ["date_order"]


def test_refused_rows_are_asked_and_the_same_bytes_ask_nothing_again(tmp_path: Path) -> None:
    assert run(tmp_path, "load", *answers("date_order=dmy")).exit_code == 3
    assert run(tmp_path, "load", *answers("date_order=dmy", "refused_rows=stop")).exit_code == 1
    kept = run(tmp_path, "load", *answers("date_order=dmy", "refused_rows=keep"))
    assert kept.exit_code == 0 and "5 rows read, 4 accepted, 1 refused" in kept.stderr
    again = run(tmp_path, "load")
    assert again.exit_code == 0 and "unchanged as b0001" in again.stderr


def test_an_answer_nobody_asked_for_is_named_with_the_nearest(tmp_path: Path) -> None:
    wrong = run(tmp_path, "load", *answers("date_ordr=dmy"))
    assert wrong.exit_code == 2 and "Unknown answer 'date_ordr'. Did you mean: date_order?" in wrong.stderr
    assert run(tmp_path, "load", *answers("date_order=dmy", "refused_rows=maybe")).exit_code == 2


def test_a_stored_recipe_is_used_for_the_next_file(tmp_path: Path) -> None:
    stored = run(tmp_path, "recognise", *answers("date_order=dmy"), "--store", "Acme calls")
    assert stored.exit_code == 0 and "Stored as recipe 'Acme calls'." in stored.stderr
    loaded = run(tmp_path, "load", "--json")
    (report,) = json.loads(loaded.stdout)["files"]
    assert (report["status"], report["recipe"], report["rows_rejected"]) == ("stored", "Acme calls", 1)


def test_rows_of_another_vendor_refuse_the_file(tmp_path: Path) -> None:
    mixed = CALLS.replace("many", "7").replace("06/03/2026,Acme", "06/03/2026,Globex")
    given = answers("date_order=dmy")
    refused = run(tmp_path, "load", *given, "--as-vendor", "Acme", content=mixed)
    assert refused.exit_code == 1 and "line 6, vendor: Rows of the file belong to 'Globex'" in refused.stderr
    assert not (tmp_path / "warehouse").exists()
    both = run(tmp_path, "load", *given, "--as-vendor", "acme", "--as-vendor", "GLOBEX", content=mixed)
    assert both.exit_code == 0, both.stderr


def test_a_vendor_is_not_told_the_names_of_others(tmp_path: Path) -> None:
    """Globex has a site Manila; Acme's new site Manlia looks like it."""
    rows = "Date,Vendor,Site,Calls offered,Calls answered\n" + "".join(f"2026-03-{day:02},Globex,Manila,10,9\n" for day in range(2, 9))
    assert run(tmp_path, "load", content=rows).exit_code == 0
    own = rows.replace("Globex,Manila", "Acme,Manlia")
    assert "looks like 'Manila'" in run(tmp_path, "load", "--dry-run", content=own).stderr
    told = run(tmp_path, "load", "--as-vendor", "Acme", content=own)
    assert told.exit_code == 0 and "Manila" not in told.stderr
