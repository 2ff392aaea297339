"""Commands that bring data in: demo, load."""

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import click

from analytics.commands.common import FAILED, QUESTION_OPEN, command, print_json, read_answer, say
from analytics.commands.progress import ProgressBars
from analytics.errors import IntakeError, UsageError
from analytics.intake import FileReport, Issue, Status, Tell, load_files, untold
from analytics.warehouse import Scope, Warehouse, list_batches
from analytics.wording import counted

DEMO = Path(__file__).resolve().parents[2] / "data" / "sample" / "demo.toml"
SHOWN_ISSUES = 8


@command("demo")
def demo(warehouse: Warehouse, as_json: bool) -> None:
    """Build the sample warehouse from data/sample; does nothing when it is there already."""
    files = _demo_files(DEMO)
    _refuse_own_data(warehouse, {path.name for path, _ in files})
    say(f"Building the sample warehouse in {warehouse.folder} ...")
    reports = load_files(warehouse, files, who="demo", begin=_named)
    _finish(reports, as_json)


def _named(name: str) -> Tell:
    say(f"  {name}")
    return untold


def _demo_files(manifest: Path) -> list[tuple[Path, Path]]:
    """File and recipe of every [[load]] of the manifest, in its order."""
    try:
        listed = tomllib.loads(manifest.read_text(encoding="utf-8"))["load"]
        folder, recipes = manifest.parent, manifest.parents[1] / "recipes"
        return [(folder / entry["file"], recipes / f"{entry['recipe']}.toml") for entry in listed]
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as problem:
        raise IntakeError(f"The list of sample files {manifest} cannot be read.", "Restore data/sample from the project.") from problem


def _refuse_own_data(warehouse: Warehouse, sample_names: set[str]) -> None:
    """Sample data is not mixed into somebody's own."""
    if not warehouse.exists:
        return
    own = [batch.file_name for batch in list_batches(warehouse.open(), Scope.everything()) if batch.file_name not in sample_names]
    if own:
        raise UsageError(
            f"The warehouse {warehouse.folder} holds data of its own ({own[0]}).",
            "Choose another folder with --warehouse for the sample data.",
        )


@command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--recipe", type=click.Path(path_type=Path), help="How to read the files; without it the stored recipe that fits is used.")
@click.option(
    "--set", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question: counts=SOURCE, encoding=NAME, recipe=NAME, sheet=NAME."
)
@click.option("--dry-run", is_flag=True, help="Read and check, store nothing.")
def load(
    warehouse: Warehouse, as_json: bool, files: tuple[Path, ...], recipe: Path | None, answers: tuple[str, ...], dry_run: bool
) -> None:
    """Load files by a recipe: stored once, corrected by key, refused rows kept with their reasons."""
    given = dict(read_answer(text) for text in answers)
    with ProgressBars() as bars:
        reports = load_files(warehouse, [(path, recipe) for path in files], given, dry_run, begin=bars.begin)
    _finish(reports, as_json)


def _finish(reports: Sequence[FileReport], as_json: bool) -> None:
    """Print what became of the files and end with the exit code that says it."""
    for report in reports:
        _tell(report)
    if as_json:
        print_json({"files": [report.as_json() for report in reports]})
    statuses = {report.status for report in reports}
    if Status.REFUSED in statuses:
        sys.exit(FAILED)
    if Status.QUESTIONS in statuses:
        sys.exit(QUESTION_OPEN)


def _tell(report: FileReport) -> None:
    """One line per file, one per kind of finding, one per question."""
    counts = f"{counted(report.rows_read, 'row')} read, {report.rows_accepted:,} accepted, {report.rows_rejected:,} refused"
    batch = f" as {report.batch}" if report.batch else ""
    refused = report.status is Status.REFUSED and report.rows_read == 0
    say(f"{report.file}: {report.status.value}{batch}{'' if refused else ', ' + counts}")
    for issue in report.issues[:SHOWN_ISSUES]:
        say(f"  {issue.level}: {_issue_text(issue)}")
    if len(report.issues) > SHOWN_ISSUES:
        say(f"  ... and {counted(len(report.issues) - SHOWN_ISSUES, 'more kind', 'more kinds')} of findings; --json lists all.")
    for question in report.questions:
        answers = ", ".join(f"--set {question.key}={choice.value}" for choice in question.choices)
        say(f"  question: {question.text} Answer with one of: {answers}")


def _issue_text(issue: Issue) -> str:
    place = ", ".join(part for part in (f"line {issue.line}" if issue.line else "", issue.column or "") if part)
    times = f" ({issue.count:,} rows)" if issue.count > 1 else ""
    return f"{place + ': ' if place else ''}{issue.message}{times} {issue.remedy}".strip()


COMMANDS: list[click.Command] = [demo, load]
