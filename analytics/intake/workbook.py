"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): one sheet becomes comma-separated text, one line a row, and is read like any other file."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from analytics.errors import IntakeError, did_you_mean
from analytics.intake.cells import SAVE_IN_EXCEL, clean_text
from analytics.intake.limits import LARGEST_UNPACKED, LARGEST_WORKBOOK_TEXT, MOST_PARTS, MOST_SHEETS, limits_of
from analytics.intake.originals import Original
from analytics.intake.problems import AskedError, Choice, Question
from analytics.intake.recipe import Recipe
from analytics.intake.workbook_cells import cell_styles

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_PROCESS = Path(__file__).with_name("workbook_process.py")
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_SAVE_AS = "Save the sheet as CSV UTF-8 and load that."
_MOST_NAMES = 8
# The end of a zip archive: its mark, then after some fields the number of files and the bytes of their list; once more where it is large.
_END, _END_FIELDS, _LONGEST_END = b"PK\x05\x06", struct.Struct("<10xHI"), 1 << 17
_WIDE_END, _WIDE_END_FIELDS = b"PK\x06\x06", struct.Struct("<32xQQ")
_SEE_WIDE, _SEE_WIDE_SIZE, _LONGEST_ENTRY = (1 << 16) - 1, (1 << 32) - 1, 1 << 10


class SheetError(AskedError):
    """Several sheets could be meant; `question` lists them with their columns."""

    def __init__(self, headers: Mapping[str, tuple[str, ...]]) -> None:
        first = next(iter(headers))
        choices = tuple(Choice(name, f"columns: {_listed(header)}") for name, header in headers.items())
        super().__init__(
            f"The workbook has {len(headers)} sheets that could be meant: {', '.join(headers)}.",
            f"Name one with --set sheet={json.dumps(first) if ' ' in first else first}, or write sheet in the recipe.",
            Question("sheet", "Several sheets could be meant. Which one?", choices),
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; a hidden one counts only when it is named."""

    name: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The sheet that was written as text, its number of lines, the columns whose clocks are read as the workbook shows them."""

    sheet: str
    lines: int
    as_shown: tuple[str, ...] = ()


class _Workbook:
    """An open workbook, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **question: object) -> list | dict:
        """The answer of the process; a workbook that cannot be read: `IntakeError`."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # then it has said why before it ended
            print(json.dumps(question), file=self._process.stdin, flush=True)
        return self.answer()

    def answer(self) -> list | dict:
        """The next answer."""
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline() or '{"problem": "memory"}')
        if "problem" in said:
            raise _refusal(said["problem"], said.get("detail", ""))
        return said["answer"]

    @property
    def sheets(self) -> list[Sheet]:
        """Every worksheet, in the order of the workbook."""
        found = self.ask(ask="sheets")
        assert isinstance(found, list)
        if len(found) > MOST_SHEETS:
            raise IntakeError(f"The workbook has {len(found):,} sheets; at most {MOST_SHEETS} are looked at.", _SAVE_AS)
        return [Sheet(sheet["name"], sheet["visible"]) for sheet in found]

    def header(self, sheet: str, row: int) -> tuple[str, ...]:
        """The names on a row of a sheet, from its first column."""
        names = self.ask(ask="header", sheet=sheet, row=row)
        assert isinstance(names, list)
        return tuple(name.strip() for name in names)

    def headers(self, row: int) -> dict[str, tuple[str, ...]]:
        """The names on this row of every visible sheet that has some."""
        found = {sheet.name: self.header(sheet.name, row) for sheet in self.sheets if sheet.visible}
        return {name: header for name, header in found.items() if any(header)}


def is_workbook(original: Original) -> bool:
    """Whether the content is a workbook's, whatever the file is called."""
    head = original.head(len(_ZIP))
    if head.startswith(_OLD_OFFICE):
        return True
    if head != _ZIP:
        return False
    try:
        with original.open() as stream:
            check_parts(stream)
            with zipfile.ZipFile(stream) as archive:
                names = archive.namelist()
                return _is_open_document(archive) or any(name.startswith("xl/workbook.") for name in names)
    except zipfile.BadZipFile:
        return original.suffix in WORKBOOK_SUFFIXES


def _is_open_document(archive: zipfile.ZipFile) -> bool:
    """Whether the archive says that it is a spreadsheet; nothing but the first bytes of it are unpacked."""
    if "mimetype" not in archive.namelist():
        return False
    with archive.open("mimetype") as said:
        return said.read(len(_OPEN_DOCUMENT)) == _OPEN_DOCUMENT


def check_parts(stream: BinaryIO) -> None:
    """`IntakeError` for an archive with more files than any workbook has, seen from its last bytes before its list is read."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(end - _LONGEST_END, 0))
    tail = stream.read()
    stream.seek(0)
    if (found := tail.rfind(_END)) >= 0 and len(tail) >= found + _END_FIELDS.size:
        parts, size = _END_FIELDS.unpack_from(tail, found)
        locator = tail.rfind(_WIDE_END, 0, found)
        if locator >= 0 and len(tail) >= locator + _WIDE_END_FIELDS.size:
            wide_parts, wide_size = _WIDE_END_FIELDS.unpack_from(tail, locator)
            parts, size = max(parts % _SEE_WIDE, wide_parts), max(size % _SEE_WIDE_SIZE, wide_size)
        if parts > MOST_PARTS or size > MOST_PARTS * _LONGEST_ENTRY:
            raise IntakeError(f"The archive holds {parts:,} files; no workbook has more than {MOST_PARTS:,}.", _SAVE_AS)


def sheet_headers(original: Original, row: int = 1) -> dict[str, tuple[str, ...]]:
    """Sheet -> the names on this row, for the sheets that have some there; a workbook that cannot be read: `IntakeError`."""
    with original.on_disk() as path, _opened(path) as workbook:
        return workbook.headers(row)


@contextmanager
def as_text(original: Original, recipe: Recipe, sheet: str = "") -> Generator[tuple[Original, Recipe], None, None]:
    """The file and recipe to read: those given, or for a workbook its sheet as comma-separated text that is gone afterwards."""
    if not is_workbook(original):
        yield original, recipe
        return
    with original.on_disk() as path, TemporaryDirectory(prefix="sheet-") as folder:
        target = Path(folder) / "sheet.csv"
        written = write_csv(path, recipe, sheet, target)
        text = replace(Original.of(target, original.name), sheet=written.sheet, as_shown=written.as_shown)
        yield text, replace(recipe, delimiter=",", encoding="", quote='"')


def write_csv(source: Path, recipe: Recipe, sheet: str, target: Path) -> Written:
    """Write one sheet as UTF-8 text, one line for every row from the first, cells as the recipe expects them.

    `sheet`: the answer to the question which one, '' when it was not asked. Undecided: `SheetError`; unreadable: `IntakeError`.
    """
    with _opened(source) as workbook:
        name, header = _chosen(workbook, recipe, sheet)
        columns = cell_styles(recipe, header)
        written = workbook.ask(
            ask="csv",
            sheet=name,
            target=str(target),
            columns=columns,
            decimal=recipe.decimal,
            date=recipe.date_format,
            row=recipe.header_row,
        )
        assert isinstance(written, dict)
        if written["formula"] and not recipe.headers:
            raise IntakeError(f"{written['formula']}: no program has worked it out yet.", SAVE_IN_EXCEL)
        return Written(name, written["lines"], tuple(header[position] for position in written["as_shown"]))


def _chosen(workbook: _Workbook, recipe: Recipe, answer: str) -> tuple[str, tuple[str, ...]]:
    """The sheet to read with its header: the one named, else the only one with data, else the only one with the recipe's columns."""
    if named := answer or recipe.sheet:
        names = [sheet.name for sheet in workbook.sheets]
        if named not in names:
            raise IntakeError(f"The workbook has no sheet '{named}'.", did_you_mean(named, names) or f"It has: {', '.join(names)}.")
        return named, workbook.header(named, recipe.header_row)
    headers = workbook.headers(recipe.header_row)
    if not headers:
        raise IntakeError(f"The workbook has no names on row {recipe.header_row} of any sheet.", "Say header_row in the recipe.")
    wanted = {clean_text(name).casefold() for name in recipe.headers}
    fitting = {name: header for name, header in headers.items() if wanted <= {clean_text(cell).casefold() for cell in header}}
    left = headers if len(headers) == 1 else fitting or headers
    if len(left) > 1:
        raise SheetError(left)
    return next(iter(left.items()))


@contextmanager
def _opened(path: Path) -> Generator[_Workbook, None, None]:
    _check_size(path)
    limits = limits_of(None)
    command = [sys.executable, "-P", str(_PROCESS), str(path), str(limits.memory), str(limits.seconds), str(LARGEST_WORKBOOK_TEXT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as process:
        try:
            workbook = _Workbook(process)
            workbook.answer()
            yield workbook
        finally:
            process.kill()


def _check_size(path: Path) -> None:
    """Refuse what would unpack to more than a computer can hold, before anything is unpacked."""
    if not _starts_with(path, _ZIP):
        return
    try:
        with path.open("rb") as stream:
            check_parts(stream)
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as problem:
        raise _refusal("broken", str(problem)) from problem
    if unpacked > LARGEST_UNPACKED:
        size = f"{unpacked / (1 << 30):.1f} GB"
        raise IntakeError(f"The workbook unpacks to {size}; more than {LARGEST_UNPACKED >> 30} GB is not read.", _SAVE_AS)


def _starts_with(path: Path, start: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(start)) == start


def _refusal(problem: str, detail: str) -> IntakeError:
    match problem:
        case "password":
            return IntakeError("The workbook is protected by a password.", "Save it without a password, or save the sheet as CSV UTF-8.")
        case "memory":
            return IntakeError("The workbook needs too much memory to be read.", _SAVE_AS)
        case "disk":
            return IntakeError(
                f"The sheet cannot be written as text: {detail}.", "Free some space for temporary files, then load it again."
            )
        case _:
            return IntakeError(f"The workbook cannot be read: {detail}.", f"Open it in a spreadsheet program and save it again. {_SAVE_AS}")


def _listed(header: tuple[str, ...]) -> str:
    names = [name for name in header if name]
    return ", ".join(names[:_MOST_NAMES]) + (" ..." if len(names) > _MOST_NAMES else "")
