"""The recipe to read a file by: the stored one that fits its columns, else one that recognition proposes. Page and command line alike.

    proposed(original, recipes, answers=None, tell=untold, inside=None) -> Proposal
    with_mapping(proposal, {column: meaning, or "" to leave it out}, tell=untold, inside=None) -> Proposal

`proposed` never raises for what is in the file: a file that is no table is a proposal with a `refusal`, one that leaves something open a
proposal with `questions`, whose answers go into `answers` of the next call. Without recipes it recognises the file anew. `with_mapping`
is the same as the answers `column.MEANING=NAME` and `read.NAME=no`, which are in `answers` of the new proposal. What a column may be is
in its `choices`; columns of a stored recipe have none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analytics.errors import IntakeError
from analytics.intake.across import month_places
from analytics.intake.cells import clean_text
from analytics.intake.originals import Original
from analytics.intake.preview import refusal_of
from analytics.intake.problems import Choice, ColumnReport, Issue, Level, Question, UnmappedError
from analytics.intake.progress import Tell, untold
from analytics.intake.recipe import Recipe
from analytics.intake.recognise import Note, Recognition, recognise
from analytics.intake.recognise.choices import words_of
from analytics.intake.recognise.corrections import COLUMN, NOT_READ, READ
from analytics.intake.sheet import HEAD, read_header
from analytics.intake.workbook import is_workbook, sheet_headers
from analytics.intake.workspace import Workspace

PROPOSED = "proposed: "  # a recipe nobody has stored under a name is called so
RECIPE_KEY = "recipe"


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """One column: what it is read as (`means` is an id, "" where it is not read), why, how sure that is (0 to 1), and what it may be."""

    name: str
    means: str
    words: str
    reason: str
    confidence: float
    examples: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read. `recipe` is None where it is refused or a stored recipe must be chosen; `answers` led to it.

    `is_stored`: a recipe somebody stored fits. Otherwise it is recognised: it should be seen before it is trusted, and `preview`
    must be given it with `questions` answered.
    """

    original: Original
    recipe: Recipe | None
    is_stored: bool = False
    columns: tuple[ProposedColumn, ...] = ()
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    asked: tuple[Question, ...] = ()
    refusal: Issue | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    recognition: Recognition | None = None  # how the file is written; None for a stored recipe

    @property
    def text(self) -> str:
        """The recipe as TOML; it names itself by the file it is stored in."""
        return self.recipe.text if self.recipe else ""

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The refusal, or for a recognised file what was decided without asking."""
        if self.refusal:
            return (self.refusal,)
        if self.is_stored or self.recipe is None:
            return ()
        how = "No stored recipe fits: it was proposed from what the file holds."
        remedy = "Look at it with the command recognise; recognise FILE --store NAME keeps it for the next file of this kind."
        names = {column.name for column in self.columns}
        notes = (Issue(Level.INFO, "recognised", note.text, column=note.about if note.about in names else None) for note in self.notes)
        return (Issue(Level.INFO, "proposed", how, remedy), *notes)


def proposed(
    original: Original,
    recipes: Sequence[Recipe],
    answers: Mapping[str, str] | None = None,
    tell: Tell = untold,
    inside: Path | None = None,
    memory: Workspace | None = None,
) -> Proposal:
    """The recipe to read a file by, a stored one first; an answer that is none: `UsageError`.

    `inside`: the warehouse folder, whose settings say what reading a file may cost. `memory`: a folder of this file's own,
    so that a large one is not read anew for every answer.
    """
    given = dict(answers or {})
    fitting = _fitting(original, recipes)
    named = [recipe for recipe in fitting if recipe.name == given.get(RECIPE_KEY)]
    if len(fitting) == 1 or named:
        return _stored(original, (named or fitting)[0], given)
    if fitting:
        choices = tuple(Choice(recipe.name, recipe.description or recipe.shape.value) for recipe in fitting)
        question = Question(RECIPE_KEY, f"Several stored recipes fit {original.name}. Which one?", choices)
        return Proposal(original, None, is_stored=True, questions=(question,), asked=(question,), answers=given)
    try:
        return _recognised(original, recognise(original, given, tell, inside, memory), given)
    except UnmappedError as problem:
        return Proposal(original, None, columns=_columns(problem.columns), refusal=refusal_of(problem, "unmapped"), answers=given)
    except IntakeError as problem:
        return Proposal(original, None, refusal=refusal_of(problem, "not_recognised"), answers=given)


def with_mapping(
    proposal: Proposal, mapping: Mapping[str, str], tell: Tell = untold, inside: Path | None = None, memory: Workspace | None = None
) -> Proposal:
    """The proposal with columns read as chosen by hand: column -> id of its meaning, "" to leave it out.

    A column that is not there, or cannot hold what it is said to: `UsageError`.
    """
    kept = {key: value for key, value in proposal.answers.items() if not _is_about(key, value, mapping)}
    chosen = {f"{COLUMN}{means}": name for name, means in mapping.items() if means}
    unread = {f"{READ}{name}": NOT_READ for name, means in mapping.items() if not means}
    return proposed(proposal.original, (), kept | unread | chosen, tell, inside, memory)


def _is_about(key: str, value: str, mapping: Mapping[str, str]) -> bool:
    """Whether an earlier answer tells of one of these columns, or gives one of these meanings."""
    if key.startswith(READ):
        return key.removeprefix(READ) in mapping
    return key.startswith(COLUMN) and (value in mapping or key.removeprefix(COLUMN) in mapping.values())


def _stored(original: Original, recipe: Recipe, answers: Mapping[str, str]) -> Proposal:
    means = {name: "date" if where[-1] == "period_start" else where[-1] for name, where in recipe.headers.items()}
    columns = tuple(ProposedColumn(name, id, words_of(id), f"by the recipe {recipe.name}", 1.0) for name, id in means.items())
    return Proposal(original, recipe, is_stored=True, columns=columns, answers=answers)


def _recognised(original: Original, found: Recognition, answers: Mapping[str, str]) -> Proposal:
    recipe = replace(found.recipe, name=f"{PROPOSED}{found.recipe.name}")
    return Proposal(
        original, recipe, columns=_columns(found.columns), notes=found.notes, questions=found.questions, asked=found.asked, answers=answers,
        recognition=found,
    )  # fmt: skip


def _columns(reports: Mapping[str, ColumnReport]) -> tuple[ProposedColumn, ...]:
    return tuple(
        ProposedColumn(
            name, report.means or "", words_of(report.means or ""), report.reason, report.confidence, report.examples, report.choices
        )
        for name, report in reports.items()
    )


def recipe_for(header: Sequence[str], recipes: Sequence[Recipe]) -> list[Recipe]:
    """The recipes whose columns a file with this header has, the closest first; several only where they are equally close."""
    present = {clean_text(name).casefold() for name in header}
    wanted = [({clean_text(name).casefold() for name in recipe.match or recipe.headers}, recipe) for recipe in recipes]
    fitting = [(len(names), recipe) for names, recipe in wanted if names and names <= present and _has_its_months(header, recipe)]
    closest = max((count for count, _ in fitting), default=0)
    return [recipe for count, recipe in fitting if count == closest]


def _has_its_months(header: Sequence[str], recipe: Recipe) -> bool:
    """Whether a table whose months lie across has columns named by one; any other table has what it needs."""
    return not recipe.months_across or (recipe.period_start is not None and bool(month_places(header, recipe.period_start.format)))


def recipes_fitting(original: Original, recipes: Sequence[Recipe]) -> list[Recipe]:
    """The recipes that fit the column names of a file on the line they expect them, in any sheet of a workbook."""
    found: dict[str, Recipe] = {}
    for row in sorted({recipe.header_row for recipe in recipes}):
        expecting = [recipe for recipe in recipes if recipe.header_row == row]
        headers = sheet_headers(original, row).values() if is_workbook(original) else (read_header(original.head(HEAD), row),)
        found |= {recipe.name: recipe for header in headers for recipe in recipe_for(header, expecting)}
    closest = max((len(recipe.match or recipe.headers) for recipe in found.values()), default=0)
    return [recipe for recipe in found.values() if len(recipe.match or recipe.headers) == closest]


def _fitting(original: Original, recipes: Sequence[Recipe]) -> list[Recipe]:
    try:
        return recipes_fitting(original, recipes)
    except IntakeError:
        return []  # recognition says better what is wrong with the file
