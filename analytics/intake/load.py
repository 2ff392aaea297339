"""Loading files without a screen: find the recipe or propose one, read, keep."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.catalogue import using
from analytics.errors import IntakeError, UsageError, did_you_mean
from analytics.intake.checks.spelling import folded
from analytics.intake.keeping import KNOWN_ANSWERS, Answers, is_known_answer, keep_all, rehearse
from analytics.intake.originals import Original
from analytics.intake.preview import Preview, preview, refusal_of
from analytics.intake.problems import Choice, Issue, Level, Question
from analytics.intake.progress import Tell, untold
from analytics.intake.proposal import PROPOSED, Proposal, proposed
from analytics.intake.recipe import Recipe
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.recognise.corrections import is_correction
from analytics.intake.recognise.totals_rows import KEY as TOTALS_KEY
from analytics.intake.report import FileReport, Status, report_of
from analytics.intake.unchanged import unchanged
from analytics.warehouse import Scope, Warehouse
from analytics.wording import counted

SHIPPED_RECIPES = Path(__file__).resolve().parents[2] / "data" / "recipes"
REFUSED_KEY = "refused_rows"
_KEEP, _STOP = "keep", "stop"
Begin = Callable[[str], Tell]


def begun(name: str) -> Tell:
    """Nobody wants to know how far a file is."""
    return untold


def load_file(
    warehouse: Warehouse,
    path: Path,
    recipe: Recipe | Path | None = None,
    answers: Answers | None = None,
    dry_run: bool = False,
    who: str = "local",
    tell: Tell = untold,
    scope: Scope | None = None,
) -> FileReport:
    """Load one file; without a recipe the stored one that fits its columns is used, else one is proposed.

    Whole-file problems are in the report. `scope`: whose rows the file may hold; one row of another vendor refuses the file.
    """
    return load_files(warehouse, [(path, recipe)], answers, dry_run, who, lambda name: tell, scope)[0]


def load_files(
    warehouse: Warehouse,
    files: Sequence[tuple[Path, Recipe | Path | None]],
    answers: Answers | None = None,
    dry_run: bool = False,
    who: str = "local",
    begin: Begin = begun,
    scope: Scope | None = None,
) -> list[FileReport]:
    """Load several files in one write, in this order; `begin` is told the name of each file and tells how far it is."""
    reader = _Reader(warehouse, dict(answers or {}), not dry_run, scope or Scope.everything(who))
    with using(warehouse.catalogue):
        return _load_files(warehouse, files, reader, dry_run, who, begin)


def _load_files(
    warehouse: Warehouse,
    files: Sequence[tuple[Path, Recipe | Path | None]],
    reader: "_Reader",
    dry_run: bool,
    who: str,
    begin: Begin,
) -> list[FileReport]:
    outcomes = [reader.read(path, recipe, begin(path.name)) for path, recipe in files]
    reader.check_answers()
    reads = [outcome.read for outcome in outcomes if isinstance(outcome, _Read)]
    if dry_run:
        reports = [rehearse(warehouse, read, reader.kept_answers, reader.scope) for read in reads]
    else:
        shown = reads[0].file_name if len(reads) == 1 else f"{len(reads)} files"
        reports = keep_all(warehouse, reads, who, reader.kept_answers, begin(shown), reader.scope)
    kept = iter(reports)
    return [outcome.told(next(kept)) if isinstance(outcome, _Read) else outcome for outcome in outcomes]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, and what is to be said of its recipe."""

    read: Preview
    issues: tuple[Issue, ...] = ()

    def told(self, report: FileReport) -> FileReport:
        """The report with it."""
        return replace(report, issues=(*report.issues, *self.issues))


class _Reader:
    """Reads files, each by its recipe, and remembers which questions they asked."""

    def __init__(self, warehouse: Warehouse, answers: Answers, keeping: bool, scope: Scope) -> None:
        self._warehouse, self._answers, self._keeping, self.scope = warehouse, answers, keeping, scope
        self._asked = {*KNOWN_ANSWERS, REFUSED_KEY, TOTALS_KEY}

    @property
    def kept_answers(self) -> dict[str, str]:
        """The answers about what is stored; those about the recipe are in the recipe."""
        return {key: value for key, value in self._answers.items() if is_known_answer(key)}

    def check_answers(self) -> None:
        """An answer to a question no file asked, or that is none: `UsageError` naming the nearest key."""
        check_choice(REFUSED_KEY, self._answers.get(REFUSED_KEY, _KEEP), (_KEEP, _STOP))
        for key in self._answers:
            if key not in self._asked and not is_correction(key) and not is_known_answer(key):
                known = sorted(self._asked)
                raise UsageError(f"Unknown answer '{key}'.", did_you_mean(key, known) or f"Known: {', '.join(known)}.")

    def read(self, path: Path, recipe: Recipe | Path | None, tell: Tell) -> _Read | FileReport:
        """The file read by its recipe, or the report saying why it is not, or what must be answered first."""
        try:
            if isinstance(recipe, Path):
                recipe = read_recipe(recipe)
            if recipe is None:
                return self._read_unknown(path, tell)
        except IntakeError as problem:
            return FileReport(path.name, "", "", "", Status.REFUSED, issues=(refusal_of(problem, "recipe"),))
        return self._read_by(Original.of(path, path.name), recipe, tell)

    def _read_by(self, original: Original, recipe: Recipe, tell: Tell) -> _Read | FileReport:
        known = unchanged(self._warehouse, original.path, recipe, self._answers) if original.path else None
        return known or _Read(self._preview(original, recipe, tell))

    def _preview(self, original: Original, recipe: Recipe, tell: Tell) -> Preview:
        read = preview(original, original.name, recipe, self.kept_answers, tell, self._warehouse.folder, self._keeping)
        foreign = foreign_rows(read, self.scope)
        return replace(read, refusal=foreign) if foreign and not read.refusal else read

    def _read_unknown(self, path: Path, tell: Tell) -> _Read | FileReport:
        proposal = propose_for(self._warehouse, Original.of(path, path.name), self._answers, tell)
        if proposal.recipe and proposal.is_stored:
            found = self._read_by(proposal.original, proposal.recipe, tell)
            if not (isinstance(found, _Read) and _is_of_another_kind(found.read) and "recipe" not in self._answers):
                return found
            proposal = proposed(proposal.original, (), self._answers, tell, self._warehouse.folder)
        self._asked |= {question.key for question in proposal.asked}
        if proposal.recipe is None or proposal.questions:
            return _early_report(path.name, proposal)
        read = self._preview(proposal.original, proposal.recipe, tell)
        return self._asked_about_refused(_Read(read, proposal.issues))

    def _asked_about_refused(self, found: _Read) -> _Read | FileReport:
        """The file, or the question whether to keep it without its refused rows: nobody has said yet that its recipe is right."""
        question = refused_question(found.read)
        answer = self._answers.get(REFUSED_KEY)
        if question is None or answer == _KEEP:
            return found
        status = Status.REFUSED if answer else Status.QUESTIONS
        return found.told(report_of(found.read, status, questions=() if answer else (question,)))


def _is_of_another_kind(read: Preview) -> bool:
    """Whether a recipe that fits by the names of the columns reads not a single row: the cells are written otherwise."""
    return read.reading is not None and read.rows_accepted == 0 and read.rows_rejected > 0


def foreign_rows(read: Preview, scope: Scope) -> Issue | None:
    """Why somebody who may only bring rows of some vendors cannot bring this file; None where all of it is theirs."""
    if scope.vendors is None or read.reading is None:
        return None
    own = {folded(vendor) for vendor in scope.vendors}
    remedy = f"A file for {', '.join(scope.vendors)} may only hold rows of {'these vendors' if len(own) > 1 else 'this vendor'}."
    for table in read.reading.tables.values():
        vendors = table.column("vendor").to_pylist() if "vendor" in table.column_names else [None] * table.num_rows
        for place, vendor in enumerate(vendors):
            if vendor is None or folded(vendor) not in own:
                whose = f"belong to '{vendor}'" if vendor else "belong to no vendor"
                line = table.column("line")[place].as_py() if "line" in table.column_names else None
                return Issue(Level.ERROR, "other_vendor", f"Rows of the file {whose}: nothing of it is stored.", remedy, line, "vendor")
    return None


def check_choice(key: str, answer: str, known: Sequence[str]) -> None:
    """`UsageError` for an answer that is no choice."""
    if answer not in known:
        raise UsageError(f"'{answer}' is no answer to the question '{key}'.", f"Known: {', '.join(known)}.")


def _early_report(file_name: str, proposal: Proposal) -> FileReport:
    """The report of a file whose recipe is not decided."""
    status = Status.QUESTIONS if proposal.questions else Status.REFUSED
    recipe = proposal.recipe
    named = (recipe.shape.value, recipe.source, recipe.name) if recipe else ("", "", "")
    return FileReport(file_name, *named, status, issues=proposal.issues, questions=proposal.questions)


def refused_question(read: Preview) -> Question | None:
    """Whether a file with refused rows is kept without them, where nobody has stored its recipe; None where it cannot be or has none."""
    if read.refusal or read.reading is None or not read.rows_rejected:
        return None
    first = read.reading.rejects.first(1)[0]
    place = f"line {first.line}{f', {first.column}' if first.column else ''}: {first.reason}"
    choices = (
        Choice(_KEEP, f"{counted(read.rows_accepted, 'row')} stored, {read.rows_rejected:,} kept aside with their reasons"),
        Choice(_STOP, "nothing is stored"),
    )
    return Question(REFUSED_KEY, f"{counted(read.rows_rejected, 'row')} cannot be read ({place}). Store the others?", choices)


def propose_for(warehouse: Warehouse, original: Original, answers: Answers | None = None, tell: Tell = untold) -> Proposal:
    """The recipe for a file: the one its very bytes were stored by, else one that is stored here and fits, else a proposed one."""
    if not answers and (before := _recipe_before(warehouse, original)):
        return Proposal(original, before, is_stored=True)
    return proposed(original, stored_recipes(warehouse), answers, tell, warehouse.folder)


def _recipe_before(warehouse: Warehouse, original: Original) -> Recipe | None:
    """The proposed recipe by which the same bytes are stored: what was asked then is not asked again."""
    if not warehouse.exists:
        return None
    sql = """SELECT recipe_name, recipe_text FROM batches
        WHERE status = 'active' AND file_bytes = $size AND starts_with(recipe_name, $proposed)"""
    if warehouse.open().select(Scope.everything(), sql, {"size": original.size, "proposed": PROPOSED}).empty:
        return None  # then the bytes need not be hashed
    sql = f"{sql} AND sha256 = $sha256 ORDER BY loaded_at DESC LIMIT 1"
    asked = {"size": original.size, "proposed": PROPOSED, "sha256": original.sha256}
    for name, text in warehouse.open().select(Scope.everything(), sql, asked).itertuples(index=False):
        with suppress(IntakeError):
            return parse_recipe(text, name)
    return None


def stored_recipes(warehouse: Warehouse) -> list[Recipe]:
    """Every recipe known here, each name once: the warehouse's own recipes folder, those of loaded files, those shipped."""
    own = [read_recipe(path) for path in sorted((warehouse.folder / "recipes").glob("*.toml"))]
    shipped = [read_recipe(path) for path in sorted(SHIPPED_RECIPES.glob("*.toml"))]
    return list({recipe.name: recipe for recipe in reversed((*own, *_used_recipes(warehouse), *shipped))}.values())[::-1]


def _used_recipes(warehouse: Warehouse) -> list[Recipe]:
    """The recipes of loaded files, the latest first, less those nobody named and those this version no longer understands."""
    if not warehouse.exists:
        return []
    sql = "SELECT recipe_name, recipe_text FROM batches WHERE status = 'active' ORDER BY loaded_at DESC, batch_id DESC"
    found = []
    for name, text in warehouse.open().select(Scope.everything(), sql).drop_duplicates().itertuples(index=False):
        if name.startswith(PROPOSED):
            continue
        try:
            found.append(parse_recipe(text, name))
        except IntakeError:
            continue
    return found
