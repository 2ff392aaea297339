"""Files dropped on Upload: each recognised, read and checked once per file, recipe and answers; a rerun finds what is known.

All of it lives in this session, for as many files as are shown, and goes with the file.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.errors import DashboardError
from analytics.intake import (
    FileReport,
    Original,
    Preview,
    Proposal,
    Question,
    Recipe,
    Status,
    Tell,
    keep_all,
    parse_recipe,
    preview,
    proposed,
    rehearse,
    stored_recipes,
    with_mapping,
)
from analytics.intake.keeping import is_known_answer
from analytics.intake.limited import is_read_here
from analytics.intake.proposal import PROPOSED
from analytics.intake.summary import summary
from analytics.intake.workspace import Workspace
from pages.components import data, sources
from pages.components.text import text

MOST_FILES = 20
ANEW = ""
ASKED_BEFORE_READING = ("encoding", "sheet")
_FILES, _RECIPES, _OPEN = "_dropped", "_dropped_recipes", "_dropped_open"


class Standing(StrEnum):
    """Where a file stands."""

    READY = "known"
    CONFIRM = "to confirm"
    QUESTION = "question"
    REFUSED = "refused"
    STORED = "stored"


@dataclass(eq=False)
class Entry:
    """What this session remembers of one file: what was said of it, and what was found so far, each under what it depends on.

    `recipe`: the one chosen by hand, ANEW for none, None for whatever fits; `written`: its text changed by hand; `memory`: where
    the look at a large file is kept; `asked`: the questions about its recipe so far.
    """

    id: str
    original: Original
    answers: dict[str, str] = field(default_factory=dict)
    recipe: str | None = None
    written: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)
    asked_later: dict[str, Question] = field(default_factory=dict)
    problem: str = ""
    wanted: bool = False
    kept: FileReport | None = None
    memory: Workspace | None = None
    found: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def known(self, what: str, key: object) -> Any:
        """What was found under this key, None when there is nothing yet."""
        found = self.found.get(what)
        return found[1] if found and found[0] == key else None

    def remember(self, what: str, key: object, value: Any) -> Any:
        """Keep it in place of what was known before."""
        self.found[what] = (key, value)
        return value

    def answer(self, question: str, value: str) -> None:
        """An answer to a question."""
        self.answers = self.answers | {question: value}

    def ask_again(self, question: str) -> None:
        """Take an answer back."""
        self.answers = {key: value for key, value in self.answers.items() if key != question}

    def correct(self, column: str, means: str) -> None:
        """A column holds something else, or nothing that is read ('')."""
        self.mapping = {**self.mapping, column: means}

    def read_by(self, recipe: str | None) -> None:
        """Another recipe: the answers given were about the one before."""
        self.recipe, self.written, self.answers, self.mapping = recipe, "", {}, {}

    def write(self, recipe: str) -> None:
        """The text of the recipe, changed by hand; one that is none is told and changes nothing."""
        try:
            parse_recipe(recipe, self.original.name)
        except DashboardError as problem:
            self.problem = f"{problem.message} {problem.remedy}"
        else:
            self.written = recipe

    @property
    def read_key(self) -> object:
        """What the file as it was read last depends on."""
        return self.found["read"][0] if "read" in self.found else None

    @property
    def later_answers(self) -> dict[str, str]:
        """The answers that are about what is read and stored, not about the recipe."""
        return {key: value for key, value in self.answers.items() if is_known_answer(key) or key in self.asked_later}


@dataclass(frozen=True)
class Dropped:
    """One file as it stands now. `read` is None before its recipe is clear, `report` says what keeping it would do."""

    entry: Entry
    proposal: Proposal
    read: Preview | None = None
    report: FileReport | None = None

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.entry.original.name

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return self.entry.original.sha256

    @property
    def is_new(self) -> bool:
        """Whether it is read by a recipe that nobody has stored."""
        return not self.proposal.is_stored

    @property
    def standing(self) -> Standing:
        """Where the file stands."""
        if self.proposal.questions or self.is_unmapped or (self.report and self.report.questions):
            return Standing.QUESTION
        if self.report is None or self.report.status is Status.REFUSED:
            return Standing.REFUSED
        if self.report.status is Status.UNCHANGED:
            return Standing.STORED
        return Standing.CONFIRM if self.is_new else Standing.READY

    @property
    def is_unmapped(self) -> bool:
        """Whether it is a table whose columns somebody must name."""
        return self.proposal.recipe is None and bool(self.proposal.columns)

    @property
    def can_be_kept(self) -> bool:
        """Whether nothing stands against keeping it."""
        return self.standing in (Standing.READY, Standing.CONFIRM)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What only a person can decide."""
        return (*self.proposal.questions, *(self.report.questions if self.report else ()))

    @property
    def answered(self) -> tuple[Question, ...]:
        """Questions with the answers given, to be taken back."""
        about_recipe = self.entry.asked.values() if self.proposal.refusal else self.proposal.asked  # an answer may have refused it
        asked = {question.key: question for question in (*about_recipe, *self.entry.asked_later.values())}
        return tuple(question for key, question in asked.items() if key in self.entry.answers)

    @property
    def refusal(self) -> tuple[str, str]:
        """Why nothing of the file can be kept, and what to do."""
        issue = self.proposal.refusal or (self.report.issues[0] if self.report and self.report.issues else None)
        return (issue.message, issue.remedy) if issue else ("", "")

    @property
    def words(self) -> str:
        """What it holds: kind, vendors and days."""
        if self.read is None:
            return ""
        key = self.entry.read_key
        return self.entry.known("words", key) or self.entry.remember("words", key, summary(self.read))

    @property
    def tried(self) -> sources.TriedFile | None:
        """The file to be tried on all pages."""
        return sources.TriedFile(self.read, tuple(self.entry.later_answers.items())) if self.read else None


def dropped_files(uploads: Sequence[UploadedFile]) -> list[Dropped]:
    """Every file that is dropped now, as it stands, after those asked for were stored; those that are gone are forgotten."""
    before: dict[str, Entry] = st.session_state.get(_FILES, {})
    entries = {file.file_id: before.get(file.file_id) or _entry(file) for file in uploads[:MOST_FILES]}
    st.session_state[_FILES] = entries
    files = [_as_it_stands(entry) for entry in entries.values()]
    wanted = [file for file in files if file.entry.wanted and file.can_be_kept]
    for entry in entries.values():
        entry.wanted = False
    if not wanted:
        return files
    _keep(wanted)
    return [_as_it_stands(entry) for entry in entries.values()]


def ask_to_keep(*entries: Entry) -> None:
    """Callback: the next run stores these files before it draws anything."""
    for entry in entries:
        entry.wanted = True


def _entry(file: UploadedFile) -> Entry:
    return Entry(file.file_id, Original.of(file.getvalue(), file.name))


def shown_file(files: Sequence[Dropped]) -> Dropped:
    """The file opened last, else the first that needs somebody."""
    chosen = next((file for file in files if file.entry.id == st.session_state.get(_OPEN)), None)
    order = (Standing.QUESTION, Standing.CONFIRM, Standing.REFUSED, Standing.READY, Standing.STORED)
    return chosen or min(files, key=lambda file: order.index(file.standing))


def open_file(id: str) -> None:
    """Show this file of several."""
    st.session_state[_OPEN] = id


def recipes() -> list[Recipe]:
    """Every recipe known here; read again when one was stored or used."""
    warehouse = data.warehouse()
    own = sorted((path.name, path.stat().st_mtime_ns) for path in (warehouse.folder / "recipes").glob("*.toml"))
    key = (str(warehouse.folder), warehouse.newest, tuple(own))
    if st.session_state.get(_RECIPES, (None,))[0] != key:
        st.session_state[_RECIPES] = key, stored_recipes(warehouse)
    return st.session_state[_RECIPES][1]


def _as_it_stands(entry: Entry) -> Dropped:
    proposal = _proposal(entry)
    if proposal.recipe is None or proposal.questions:
        return Dropped(entry, proposal)
    read = _read(entry, proposal.recipe)
    key = (data.warehouse().newest, entry.read_key, tuple(sorted(entry.later_answers.items())))
    report = entry.known("report", key) or entry.remember("report", key, rehearse(data.warehouse(), read, entry.later_answers))
    entry.asked_later |= {question.key: question for question in report.questions}
    return Dropped(entry, proposal, read, report)


def _proposal(entry: Entry) -> Proposal:
    """The recipe for a file as things were said; what cannot be is told, and the last that could be stays."""
    known = frozenset((recipe.name, recipe.text) for recipe in recipes())
    key = (entry.original.sha256, known, entry.recipe, entry.written, tuple(sorted(entry.answers.items())))
    if not entry.mapping and (found := entry.known("proposal", key)):
        return found
    try:
        with working(f"Recognising {entry.original.name} ...") as tell:
            found = _propose(entry, tell)
    except DashboardError as problem:
        if "proposal" not in entry.found:
            raise
        entry.problem = f"{problem.message} {problem.remedy}"
        found = entry.found["proposal"][1]
    entry.mapping, entry.answers = {}, dict(found.answers)
    entry.asked |= {question.key: question for question in found.asked}
    return entry.remember("proposal", (*key[:-1], tuple(sorted(entry.answers.items()))), found)


def _propose(entry: Entry, tell: Tell) -> Proposal:
    original, given = entry.original, entry.answers
    if entry.written:
        before: Proposal = entry.found["proposal"][1]
        name = before.recipe.name.removeprefix(PROPOSED) if before.recipe else original.name
        return Proposal(original, parse_recipe(entry.written, f"{PROPOSED}{name}"), answers=given)
    if entry.mapping:
        return with_mapping(entry.found["proposal"][1], entry.mapping, tell, data.warehouse().folder, _memory(entry))
    if named := next((recipe for recipe in recipes() if recipe.name == entry.recipe), None):
        return Proposal(original, named, is_stored=True, answers=given)
    return proposed(original, () if entry.recipe == ANEW else recipes(), given, tell, data.warehouse().folder, _memory(entry))


def _memory(entry: Entry) -> Workspace | None:
    """Where the look at a large file is kept as long as the file is dropped, so that an answer costs little."""
    if entry.memory is None and not is_read_here(entry.original):
        entry.memory = Workspace(data.warehouse().folder)
    return entry.memory


def _read(entry: Entry, recipe: Recipe) -> Preview:
    answers = {key: value for key, value in entry.later_answers.items() if key in ASKED_BEFORE_READING}
    key = (entry.original.sha256, recipe.name, recipe.text, tuple(sorted(answers.items())))
    if found := entry.known("read", key):
        return found
    with working(f"Reading {entry.original.name} ...") as tell:
        read = preview(entry.original, entry.original.name, recipe, answers, tell, data.warehouse().folder)
    return entry.remember("read", key, read)


@contextmanager
def working(what: str) -> Generator[Tell]:
    """A spinner, and a bar that appears with the first news of a large file; both are gone afterwards."""
    place = st.empty()

    def tell(done: float, doing: str) -> None:
        place.progress(min(max(done, 0.0), 1.0), f"{text(doing)} ...")

    with st.spinner(text(what)):
        yield tell
    place.empty()


def _keep(files: Sequence[Dropped]) -> None:
    """Store files in one write and remember what became of each."""
    reads = [file.read for file in files if file.read]
    answers = [file.entry.later_answers for file in files]
    what = files[0].name if len(files) == 1 else f"{len(files)} files"
    with working(f"Storing {what} ...") as tell:
        reports = keep_all(data.warehouse(), reads, data.scope().user, answers, tell)
    for file, report in zip(files, reports, strict=True):
        file.entry.kept = report
    sources.forget([file.sha256 for file, report in zip(files, reports, strict=True) if report.batch])
