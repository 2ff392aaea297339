"""Loading files without a screen: find the recipe or propose one, read, keep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.catalogue import using
from analytics.errors import IntakeError, UsageError, did_you_mean
from analytics.intake.keeping import KNOWN_ANSWERS, Answers, is_known_answer, keep_all, rehearse
from analytics.intake.originals import Original
from analytics.intake.preview import Preview, preview, refusal_of
from analytics.intake.problems import Choice, Issue, Question
from analytics.intake.progress import Tell, untold
from analytics.intake.proposal import PROPOSED, Proposal, proposed
from analytics.intake.recipe import Recipe
from analytics.intake.recipe_text import parse_recipe, read_recipe
from analytics.intake.recognise.corrections import is_correction
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
) -> FileReport:
    """Load one file; without a recipe the stored one that fits its columns is used. Whole-file problems are in the report."""
    return load_files(warehouse, [(path, recipe)], answers, dry_run, who, lambda name: tell)[0]


def load_files(
    warehouse: Warehouse,
    files: Sequence[tuple[Path, Recipe | Path | None]],
    answers: Answers | None = None,
    dry_run: bool = False,
    who: str = "local",
    begin: Begin = begun,
) -> list[FileReport]:
    """Load several files in one write, in this order; `begin` is told the name of each file and tells how far it is."""
    with using(warehouse.catalogue):
        return _load_files(warehouse, files, dict(answers or {}), dry_run, who, begin)


def _load_files(
    warehouse: Warehouse,
    files: Sequence[tuple[Path, Recipe | Path | None]],
    given: Answers,
    dry_run: bool,
    who: str,
    begin: Begin,
) -> list[FileReport]:
    reader = _Reader(warehouse, given, keeping=not dry_run)
    outcomes = [reader.read(path, recipe, begin(path.name)) for path, recipe in files]
    reader.check_answers()
    reads = [outcome.read for outcome in outcomes if isinstance(outcome, _Read)]
    if dry_run:
        reports = [rehearse(warehouse, read, reader.kept_answers) for read in reads]
    else:
        shown = reads[0].file_name if len(reads) == 1 else f"{len(reads)} files"
        reports = keep_all(warehouse, reads, who, reader.kept_answers, begin(shown))
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

    def __init__(self, warehouse: Warehouse, answers: Answers, keeping: bool) -> None:
        self._warehouse, self._answers, self._keeping = warehouse, answers, keeping
        self._asked = {*KNOWN_ANSWERS, REFUSED_KEY}

    @property
    def kept_answers(self) -> dict[str, str]:
        """The answers about what is stored; those about the recipe are in the recipe."""
        return {key: value for key, value in self._answers.items() if is_known_answer(key)}

    def check_answers(self) -> None:
        """An answer to a question no file asked: `UsageError` naming the nearest key."""
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
        return self._read_by(path, recipe, tell)

    def _read_by(self, path: Path, recipe: Recipe, tell: Tell) -> _Read | FileReport:
        known = unchanged(self._warehouse, path, recipe, self._answers)
        return known or _Read(preview(path, path.name, recipe, self.kept_answers, tell, self._warehouse.folder, self._keeping))

    def _read_unknown(self, path: Path, tell: Tell) -> _Read | FileReport:
        proposal = propose_for(self._warehouse, Original.of(path, path.name), self._answers, tell)
        self._asked |= {question.key for question in proposal.asked}
        if proposal.recipe and proposal.is_stored:
            return self._read_by(path, proposal.recipe, tell)
        if proposal.recipe is None or proposal.questions:
            return _early_report(path.name, proposal)
        original = proposal.original
        read = preview(original, path.name, proposal.recipe, self.kept_answers, tell, self._warehouse.folder, self._keeping)
        question = refused_question(read)
        if question and self._answers.get(REFUSED_KEY) != _KEEP:
            stopped = REFUSED_KEY in self._answers
            early = report_of(read, Status.REFUSED if stopped else Status.QUESTIONS, questions=() if stopped else (question,))
            return _Read(read, proposal.issues).told(early)
        return _Read(read, proposal.issues)


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
    """The recipe for a file: the one it was stored by already, else one that is stored here and fits, else a proposed one."""
    return proposed(original, stored_recipes(warehouse), answers, tell)


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
