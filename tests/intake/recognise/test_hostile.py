"""Every hostile file comes to the outcome it must: a recipe, a question with examples, or a refusal that says what and where."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.errors import IntakeError
from analytics.intake import parse_recipe, preview
from analytics.intake.originals import Original
from analytics.intake.recipe import Shape
from analytics.intake.recognise import Recognition, recognise
from tests.intake.recognise.hostile import BIG, CASES, ROWS, Case, Outcome

ROOT = Path(__file__).resolve().parents[3]
SMALL = [name for name in CASES if name not in BIG]
# Same content as the plain file, written differently.
SAME = [
    *(name for name in CASES if name.startswith(("sep_", "eol_", "enc_utf", "name_")) and CASES[name].outcome is Outcome.RECIPE),
    "num_thousands_us", "num_thousands_space", "num_thousands_ch", "num_scientific", "num_leading_plus_space", "quote_all",
    "shape_trailing_commas", "shape_blank_rows", "shape_header_case_space", "shape_extra_column", "shape_reordered",
    "unit_percent_sign", "inj_header_html",
]  # fmt: skip


def original(name: str, case: Case) -> Original:
    return Original.of(case.as_bytes, case.file_name or f"{name}.csv")


def outcome_of(name: str, case: Case) -> tuple[Outcome, str, Recognition | None]:
    try:
        found = recognise(original(name, case))
    except IntakeError as problem:
        return Outcome.REFUSED, str(problem), None
    keys = ", ".join(question.key for question in found.questions)
    return (Outcome.ASKED if found.questions else Outcome.RECIPE), keys, found


def check(name: str, case: Case) -> None:
    outcome, said, found = outcome_of(name, case)
    assert (outcome, said) == (case.outcome, said)
    assert case.says in said
    if found:
        assert parse_recipe(found.recipe.text, name).shape is Shape.AGGREGATES


@pytest.mark.parametrize("name", SMALL)
def test_every_case_comes_to_its_outcome(name: str) -> None:
    check(name, CASES[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", BIG)
def test_what_would_fill_the_memory_is_refused_at_once(name: str) -> None:
    case = replace(CASES[name], content=CASES[name].as_bytes)
    started = time.perf_counter()
    check(name, case)
    assert time.perf_counter() - started < 5


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory of a process is read from /proc")
def test_refusing_the_largest_takes_little_memory(tmp_path: Path) -> None:
    """A process of its own for each: the most it ever used beyond what starting and reading the plain file needs."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom analytics.errors import IntakeError\n"
        "from analytics.intake.originals import Original\nfrom analytics.intake.recognise import recognise\n"
        "try: recognise(Original.of(Path(sys.argv[1]), 'x.csv'))\nexcept IntakeError: pass\n"
        "print(next(line.split()[1] for line in Path('/proc/self/status').read_text().splitlines() if line.startswith('VmHWM')))"
    )

    def most_kilobytes(name: str) -> int:
        file = tmp_path / name
        file.write_bytes(CASES[name].as_bytes)
        return int(subprocess.run([sys.executable, "-c", code, str(file)], cwd=ROOT, capture_output=True, check=True).stdout)

    plain = most_kilobytes("enc_utf8")
    assert {name: most_kilobytes(name) - plain < 200_000 for name in BIG} == dict.fromkeys(BIG, True)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.outcome is Outcome.ASKED])
def test_every_question_shows_what_an_answer_makes_of_the_file_and_is_closed_by_it(name: str) -> None:
    case = CASES[name]
    key, (_, _, found) = case.says, outcome_of(name, case)
    assert found is not None
    (question,) = (question for question in found.questions if question.key == key)
    assert len(question.choices) > 1 and all(choice.means for choice in question.choices)
    assert len({choice.means for choice in question.choices}) == len(question.choices)
    for choice in question.choices:
        try:
            answered = recognise(original(name, case), {key: choice.value})
        except IntakeError:
            continue  # an answer may make the file unreadable: then that is said
        assert key not in [open_question.key for open_question in answered.questions]


@pytest.mark.parametrize("name", SAME)
def test_the_same_rows_are_read_however_they_are_written(name: str) -> None:
    found = recognise(original(name, CASES[name]))
    read = preview(CASES[name].as_bytes, f"{name}.csv", found.recipe)
    assert read.reading is not None
    rows = read.reading.tables["performance_rows"].to_pylist()
    assert [(f"{row['period_start']}", row["vendor"], row["site"], row["channel"], row["contacts_offered"]) for row in rows] == [
        (*cells[:4], int(cells[4])) for cells in ROWS
    ]
    assert [row["answered_within_threshold"] for row in rows] == [972, 777, 986, 811, 1062, 798]
    reported = sorted(read.reading.tables["scorecard_rows"].to_pylist(), key=lambda row: row["kpi"])
    assert [row["actual"] for row in reported] == [float(cells[5]) for cells in ROWS] + [float(cells[7]) for cells in ROWS]
