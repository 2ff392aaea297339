"""The text of a file of contacts: UTF-8 on disk, its header found, nothing of it in memory but its start."""

import codecs
import csv
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import IntakeError
from analytics.intake.limits import long_line
from analytics.intake.line_ends import newline_of, without_inner_returns
from analytics.intake.originals import Original
from analytics.intake.progress import Tell
from analytics.intake.recipe import Recipe
from analytics.intake.scanning import TextFacts
from analytics.intake.sheet import HEAD, EncodingError, Top, check_is_text, marked_encoding, read_top, text_lines, wide_encoding, zero_bytes
from analytics.intake.workspace import Workspace

_UTF8_MARKED = "utf-8-sig"
_AT_ONCE = 1 << 20
_LOOKED_AT = 2_000
MOST_EXAMPLES = 24


@dataclass(frozen=True, slots=True)
class Text:
    """A file of UTF-8 text with its header.

    `original`: the text itself, which is another file where it had to be converted. `examples`: the texts of columns that have few.
    """

    original: Original
    top: Top
    marked: bool
    examples: Mapping[str, Collection[str]]

    def check(self, facts: TextFacts) -> None:
        """What the pass over the bytes found: another encoding (`EncodingError`), zero bytes or an endless line."""
        if facts.odd_line is not None:
            raise _not_utf8(facts, self.marked)
        if facts.zero_bytes:
            raise zero_bytes()
        if facts.long_line is not None:
            raise long_line(facts.long_line)


def _not_utf8(facts: TextFacts, marked: bool) -> IntakeError:
    """The error of a text that is no UTF-8: a question where it does not say that it is."""
    line = facts.odd_line or 1
    if marked:
        return IntakeError(f"The file cannot be read as UTF-8: line {line}.", "Save it as CSV UTF-8 again.")
    return EncodingError(line, facts.odd_bytes)


def open_text(original: Original, recipe: Recipe, workspace: Workspace, tell: Tell) -> Text:
    """The text of a file, converted to UTF-8 where its mark or the recipe names another encoding; no text: `IntakeError`."""
    head = original.head(HEAD)
    check_is_text(head)
    original = _on_disk(original, workspace)
    mark = marked_encoding(head)
    encoding = mark or wide_encoding(recipe.encoding)
    if not mark and not encoding and recipe.encoding and original.scan(lambda part: tell(part, "Checking")).text.odd_line is not None:
        encoding = recipe.encoding
    if encoding and encoding != _UTF8_MARKED:
        original = _converted(original, encoding, workspace, tell)
        head = original.head(HEAD)
    lines = _first_lines(original, head, recipe)
    top = read_top(lines, recipe)
    return Text(original, top, mark == _UTF8_MARKED, _examples(lines, top))


def _examples(lines: list[str], top: Top) -> dict[str, Collection[str]]:
    """The texts in the first lines of columns that have few of them."""
    found: dict[str, set[str]] = {name: set() for name in top.header}
    with suppress(csv.Error):
        for cells in csv.reader(lines[top.last_line : top.last_line + _LOOKED_AT], delimiter=top.delimiter, quotechar=top.quote):
            for name, cell in zip(top.header, cells, strict=False):
                if len(found[name]) <= MOST_EXAMPLES:
                    found[name].add(cell)
    return {name: texts for name, texts in found.items() if len(texts) <= MOST_EXAMPLES}


def _on_disk(original: Original, workspace: Workspace) -> Original:
    """The file itself, or uploaded bytes written to a file."""
    return original if original.path is not None else original.written_to(workspace.folder / "upload.csv")


def _first_lines(original: Original, head: bytes, recipe: Recipe) -> list[str]:
    """The complete lines of the start of a file; where they are no UTF-8 the whole file is checked, to say so."""
    whole = head[: head.rfind(b"\n") + 1] or head if len(head) == HEAD else head
    try:
        return list(text_lines(whole.decode(_UTF8_MARKED)))
    except UnicodeDecodeError:
        facts = original.fingerprint.text
        if facts.odd_line is None:  # a character cut where the start ends
            return list(text_lines(whole.decode(_UTF8_MARKED, errors="ignore")))
        raise _not_utf8(facts, head.startswith(codecs.BOM_UTF8)) from None


def _converted(original: Original, encoding: str, workspace: Workspace, tell: Tell) -> Original:
    """A copy of the text in UTF-8, written piece by piece."""
    decoder, path, done = codecs.getincrementaldecoder(encoding)(), workspace.folder / "text.csv", 0
    try:
        with original.open() as stream, path.open("w", encoding="utf-8", newline="") as target:
            while chunk := stream.read(_AT_ONCE):
                target.write(decoder.decode(chunk))
                done += len(chunk)
                tell(done / max(original.size, 1), "Converting")
            target.write(decoder.decode(b"", final=True))
    except (UnicodeDecodeError, LookupError) as problem:
        raise IntakeError(f"The file cannot be read as {encoding}: {problem}.", "Name the encoding it was saved in.") from problem
    return Original.of(path, original.name)


@contextmanager
def opened_lines(text: Text) -> Generator[Iterator[str], None, None]:
    """The physical lines of the text with their ends, as they are split everywhere; a \\r inside one is a blank."""
    with path_of(text).open(encoding=_UTF8_MARKED, newline=newline_of(text.original.head(HEAD))) as stream:
        yield map(without_inner_returns, stream) if text.original.fingerprint.text.stray_returns else iter(stream)


def path_of(text: Text) -> Path:
    """Where the text lies on the disk."""
    assert text.original.path is not None
    return text.original.path
