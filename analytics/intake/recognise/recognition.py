"""An unknown file looked at: how it is written, what its columns mean, the recipe that follows, and what must be asked."""

import tomllib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from analytics.intake.limits import HEAD_LINES
from analytics.intake.originals import Original
from analytics.intake.problems import ColumnReport, Question, UnmappedError
from analytics.intake.progress import Tell, untold
from analytics.intake.recipe import Recipe, Shape
from analytics.intake.recipe_text import parse_recipe
from analytics.intake.recognise.choices import any_choices_of, choices_of
from analytics.intake.recognise.dialects import DELIMITER_NAMES, find_dialect
from analytics.intake.recognise.encodings import find_encoding
from analytics.intake.recognise.file_types import refuse_other_types
from analytics.intake.recognise.findings import Findings, Note
from analytics.intake.recognise.layout import Layout, find_layout
from analytics.intake.recognise.memory import Memory
from analytics.intake.recognise.proposal import Proposal, propose
from analytics.intake.recognise.records import Dialect, head_lines, read_records, text_lines
from analytics.intake.recognise.tables import Table, read_table
from analytics.intake.workbook import WORKBOOK_SUFFIXES, SheetError, as_text, is_workbook
from analytics.wording import counted

_HEAD = 1 << 14


@dataclass(frozen=True, slots=True)
class Recognition:
    """A file recognised: its dialect, its columns, the proposed recipe, notes; what was `asked` and the `questions` still open."""

    file: str
    shape: Shape
    dialect: Dialect
    layout: Layout
    rows: int
    recipe: Recipe
    columns: Mapping[str, ColumnReport]
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]
    asked: tuple[Question, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The stable shape of the machine-readable output; an entry of `uncertain` with choices is an open question."""
        asked = [{"key": q.key, "text": q.text, "choices": [asdict(choice) for choice in q.choices]} for q in self.questions]
        noted = [{"key": note.about, "text": note.text, "choices": []} for note in self.notes]
        return {
            "file": self.file,
            "shape": self.shape.value,
            "encoding": self.dialect.encoding,
            "delimiter": self.dialect.delimiter,
            "header_row": self.layout.header_line,
            "columns": {name: report.as_json() for name, report in self.columns.items()},
            "rows_read": self.rows,
            "recipe": tomllib.loads(self.recipe.text),
            "recipe_text": self.recipe.text,
            "uncertain": [*asked, *noted],
            "questions": asked,
        }


def recognise(
    original: Original, answers: Mapping[str, str] | None = None, tell: Tell = untold, memory: Memory | None = None
) -> Recognition:
    """What a file is and the recipe that reads it. What is no table: `IntakeError` naming what and where; `answers` by question.

    `tell` is told how much of the rows is looked at; `memory` keeps that look for the next answer.
    """
    findings = Findings(answers, memory)
    with ExitStack() as stack:
        text = _text_of(original, findings, stack)
        table, dialect = _read(text, findings, tell)
        proposal = Proposal()
        try:
            propose(proposal, text, table, dialect, _recipe_name(original.name), findings)
        except UnmappedError as problem:
            raise UnmappedError(problem.message, problem.remedy, _unmapped(table, proposal)) from problem
        if original is not text and findings.answers.get("sheet"):
            proposal.draft.set("sheet", findings.answers["sheet"])
        recipe = parse_recipe(proposal.draft.text, _recipe_name(original.name))
    return Recognition(
        original.name,
        recipe.shape,
        dialect,
        table.layout,
        table.rows + table.torn,
        recipe,
        _reports(table, proposal, recipe, findings.notes),
        tuple(findings.notes),
        findings.open_questions,
        tuple(findings.asked.values()),
    )


def _text_of(original: Original, findings: Findings, stack: ExitStack) -> Original:
    """The file, or the sheet of a workbook as text."""
    if original.suffix not in WORKBOOK_SUFFIXES or not is_workbook(original):
        refuse_other_types(original.head(_HEAD), original.name)
        return original
    bare = Recipe("sheet", Shape.AGGREGATES, "sheet", "")
    try:
        return stack.enter_context(as_text(original, bare, findings.answers.get("sheet", "")))[0]
    except SheetError as problem:
        sheet = findings.ask("sheet", problem.question.text, problem.question.choices)
        return stack.enter_context(as_text(original, bare, sheet))[0]


def _read(original: Original, findings: Findings, tell: Tell) -> tuple[Table, Dialect]:
    """The whole table and how it is written."""
    code = find_encoding(original, findings)
    dialect = find_dialect(head_lines(original, code), code, findings)
    records = list(islice(read_records(text_lines(original, code), dialect), HEAD_LINES))
    layout = find_layout(records, findings)
    key = ("table", findings.answers.get("sheet", ""), dialect, layout)
    return findings.memory.once(key, lambda: read_table(original, dialect, layout, tell)), dialect


def _recipe_name(file_name: str) -> str:
    """The file's own name without folders and ending, short enough to be shown."""
    stem = Path(file_name.replace("\\", "/")).stem
    return "".join(character if character.isprintable() else " " for character in stem).strip()[:60] or "upload"


def _unmapped(table: Table, proposal: Proposal) -> dict[str, ColumnReport]:
    """Every column with what it is taken for so far, where that is not enough for a recipe."""
    columns = [column for column in table.columns if column.name]
    choices = any_choices_of(columns)
    known = {column.name: proposal.meanings.get(column.name, (None, "no known meaning", 0.0)) for column in columns}
    return {column.name: ColumnReport(*known[column.name], tuple(column.values[:3]), choices[column.name]) for column in columns}


def _reports(table: Table, proposal: Proposal, recipe: Recipe, notes: Sequence[Note]) -> dict[str, ColumnReport]:
    """Every column: what it means, or why it is not read."""
    said = {note.about: f"{note.text[:1].lower()}{note.text[1:]}".rstrip(".") for note in notes}
    found = {}
    columns = [column for column in table.columns if column.name]
    choices = choices_of(columns, recipe.shape)
    for column in columns:
        means, reason, confidence = proposal.meanings.get(column.name, (None, said.get(column.name, "no known meaning"), 0.0))
        read = column.name in recipe.headers or column.name in recipe.made_columns
        examples = tuple(column.values[:3])
        found[column.name] = ColumnReport(
            means if read else None,
            reason if read or means is None else said.get(column.name, f"not read ({reason})"),
            confidence,
            examples,
            choices[column.name],
        )
    return found


def describe(recognition: Recognition) -> str:
    """The recipe as TOML, with what is uncertain and what is asked as comments above it."""
    dialect = recognition.dialect
    delimiter = DELIMITER_NAMES.get(dialect.delimiter, repr(dialect.delimiter))
    lines = [
        f"{recognition.file}: {recognition.shape.value}, {counted(recognition.rows, 'row')}, {dialect.encoding}, {delimiter}, "
        f"column names on line {recognition.layout.header_line}"
    ]
    lines += [f"not certain: {note.about}: {note.text}" for note in recognition.notes]
    for question in recognition.questions:
        lines.append(f"question {question.key}: {question.text}")
        lines += [f"    --set {question.key}={choice.value}: {choice.means}" for choice in question.choices]
    commented = "\n".join(f"# {_on_one_line(line)}" for line in lines)
    return f"{commented}\n\n{recognition.recipe.text}"


def _on_one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
