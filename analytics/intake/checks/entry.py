"""All checks of a file at once, for every shape and however its recipe came about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from analytics.catalogue import DIMENSIONS
from analytics.errors import UsageError, did_you_mean
from analytics.intake.checks import zeros
from analytics.intake.checks.decisions import carried_out
from analytics.intake.checks.gaps import gap_issues
from analytics.intake.checks.history import History
from analytics.intake.checks.identities import identity_issues
from analytics.intake.checks.look_alikes import name_findings, new_vendors
from analytics.intake.checks.plausible import handle_time_issues, reported_handle_time_issues, swapped_days
from analytics.intake.checks.ranges import range_issues, result_issues
from analytics.intake.checks.rows import Rows
from analytics.intake.checks.sizes import result_size_issues, size_issues
from analytics.intake.checks.targets import beside_stored, target_issues
from analytics.intake.checks.totals import total_issues
from analytics.intake.problems import Issue, Level, Question
from analytics.intake.reading import Reading
from analytics.intake.recipe import CONTACT_SHAPES, Recipe

MEASURED, REPORTED = "performance_rows", "scorecard_rows"


@dataclass(frozen=True, slots=True)
class Checked:
    """A reading held against what is stored: its rows as they would be stored, what was found, what is open, what was decided."""

    reading: Reading
    issues: tuple[Issue, ...] = ()
    questions: tuple[Question, ...] = ()
    decisions: Mapping[str, str] | None = None


def found_in(tables: Mapping[str, Rows], today: date) -> list[Issue]:
    """What the accepted rows of a file say against themselves."""
    measured, reported = tables.get(MEASURED), tables.get(REPORTED)
    if measured:
        return [*identity_issues(measured), *range_issues(measured, today), *total_issues(measured), *handle_time_issues(measured)]
    return [*result_issues(reported, today), *total_issues(reported), *reported_handle_time_issues(reported)] if reported else []


def checked(reading: Reading, recipe: Recipe, history: History, answers: Mapping[str, str]) -> Checked:
    """The reading against what is stored; answers (and what is beyond doubt) are carried out, all else is asked or said."""
    tables = _rows_of(reading)
    if not tables:
        beside = (replace(issue, level=Level.WARNING) for issue in beside_stored(reading, history.select))
        return Checked(reading, (*target_issues(reading, history.names("vendor")), *beside))
    names = name_findings(list(tables.values()), {name: history.names(name) for name in DIMENSIONS}, answers)
    decisions = {f"{kind}.{written}": stored for kind, renamed in names.renamed.items() for written, stored in renamed.items()}
    decisions |= {key: value for key, value in answers.items() if _is_about(key, tables)}
    named = carried_out(reading, recipe, decisions)
    tables = tables if named is reading else _rows_of(named)
    open_names = {question.key.removeprefix("vendor.") for question in names.questions}
    issues = [
        *found_in(tables, date.today()),
        *names.issues,
        *new_vendors(list(tables.values()), history.vendors(recipe.source), open_names),
    ]
    if measured := tables.get(MEASURED):
        before = history.periods(recipe.source, measured.grain)
        since = zeros.unreported(measured, before)
        issues += [*gap_issues(measured, before), *size_issues(measured, history, recipe.source)]
        issues += swapped_days(measured) if recipe.shape in CONTACT_SHAPES else []
        return _zeros_judged(Checked(named, tuple(issues), tuple(names.questions), decisions), recipe, measured, since, answers)
    if reported := tables.get(REPORTED):
        issues += result_size_issues(reported, history, recipe.source)
    return Checked(named, tuple(issues), tuple(names.questions), decisions)


def _is_about(key: str, tables: Mapping[str, Rows]) -> bool:
    """Whether an answer tells what a name of these rows is."""
    dimension, _, written = key.partition(".")
    return dimension in DIMENSIONS and any((rows.frame[dimension] == written).any() for rows in tables.values())


def _zeros_judged(found: Checked, recipe: Recipe, rows: Rows, since: Mapping[str, date], answers: Mapping[str, str]) -> Checked:
    """The zeros at the end dropped, kept or asked about."""
    answer = answers.get(zeros.KEY)
    if answer is not None and answer not in (zeros.DROP, zeros.KEEP):
        raise UsageError(f"'{answer}' is no answer to what zeros at the end are.", did_you_mean(answer, (zeros.DROP, zeros.KEEP)))
    if not since:
        return found
    hit = zeros.zero_rows(rows, since)
    if answer == zeros.DROP:
        dropped = {f"{zeros.KEY}.{vendor}": f"{day}" for vendor, day in since.items()}
        left = carried_out(found.reading, recipe, dropped)
        said = (*found.issues, zeros.left_out_issue(rows, hit))
        return replace(found, reading=left, issues=said, decisions={**(found.decisions or {}), **dropped})
    asked = () if answer else (zeros.zero_question(since),)
    return replace(found, issues=(*found.issues, zeros.kept_issue(rows, hit)), questions=(*found.questions, *asked))


def _rows_of(reading: Reading) -> dict[str, Rows]:
    """The tables with rows of vendors."""
    present = [name for name in (MEASURED, REPORTED) if name in reading.tables and reading.tables[name].num_rows]
    return {name: Rows.of(reading.tables[name]) for name in present}
