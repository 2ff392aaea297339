"""What became of files, as text: one line per file, its findings, the questions that are open, and the exit code that says it."""

import sys
from collections.abc import Sequence
from shlex import quote

from analytics.commands.common import FAILED, QUESTION_OPEN, print_json, say
from analytics.intake import FileReport, Issue, Status
from analytics.wording import counted

SHOWN_ISSUES = 8


def finish(reports: Sequence[FileReport], as_json: bool) -> None:
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
        say(f"  question: {question.text} Answer with one of:")
        for choice in question.choices:
            say(f"    --set {quote(f'{question.key}={choice.value}')}: {choice.means}")


def _issue_text(issue: Issue) -> str:
    place = ", ".join(part for part in (f"line {issue.line}" if issue.line else "", issue.column or "") if part)
    times = f" ({issue.count:,} rows)" if issue.count > 1 else ""
    return f"{place + ': ' if place else ''}{issue.message}{times} {issue.remedy}".strip()
