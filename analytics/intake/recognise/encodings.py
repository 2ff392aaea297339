"""Which encoding a text file is in: its mark, strict UTF-8, else a detected one that is shown; what stays open is asked."""

import codecs
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from charset_normalizer import from_bytes

from analytics.errors import IntakeError
from analytics.intake.limits import LONGEST_LINE, long_line
from analytics.intake.originals import Original
from analytics.intake.problems import Choice
from analytics.intake.recognise.findings import Findings

_AT_ONCE = 1 << 20
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_WESTERN = "cp1252"
_OTHERS = ("cp932", "gb18030", "big5", "euc_kr", "cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "mac_roman", "cp850")
_SIGNS_IN_TEXT = frozenset("–—‘’“”„…€£¥©®™°²³·•«»¿¡§±×½¼¾ºªµ\u00a0´")
_RARE_LETTERS = frozenset("ÿþ")
_ASCII = 0x7F
_MOST_ODD_LINES = 200
_MOST_CHOICES = 4
_LONGEST_RUN = 2
_SAVE_UTF8 = "Save it as CSV UTF-8 and load that."


@dataclass(slots=True)
class ByteFacts:
    """What one pass over the bytes finds: lines that are not UTF-8, one that is and is not ASCII, zero bytes."""

    odd: list[tuple[int, bytes]] = field(default_factory=list)
    utf8: tuple[int, bytes] | None = None
    zero: tuple[int, bytes] | None = None
    line: int = 1
    line_feeds: int = 0
    lone_returns: int = 0

    def add(self, lines: bytes) -> None:
        """Some whole lines."""
        if b"\x00" in lines and self.zero is None:
            self.zero = self._first(lines, lambda line: b"\x00" in line)
        self.line_feeds += lines.count(b"\n")
        self.lone_returns += lines.count(b"\r") - lines.count(b"\r\n")
        parts = lines.splitlines()
        longest = max(map(len, parts), default=0)
        if longest > LONGEST_LINE:
            raise long_line(self.line + next(index for index, part in enumerate(parts) if len(part) == longest))
        if not lines.isascii() and not self._is_known_utf8(lines):
            self._sort(parts)
        self.line += len(parts)

    def _is_known_utf8(self, lines: bytes) -> bool:
        """Nothing new: valid, and an example of valid UTF-8 is there already."""
        return self.utf8 is not None and _is_utf8(lines)

    def _sort(self, parts: list[bytes]) -> None:
        for number, part in enumerate(parts, start=self.line):
            if part.isascii():
                continue
            if not _is_utf8(part):
                if len(self.odd) < _MOST_ODD_LINES:
                    self.odd.append((number, part))
            elif self.utf8 is None and is_plausible(part.decode("utf-8")):
                self.utf8 = (number, part)

    def _first(self, lines: bytes, wanted: Callable[[bytes], bool]) -> tuple[int, bytes] | None:
        return next(((number, part) for number, part in enumerate(lines.splitlines(), start=self.line) if wanted(part)), None)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes in pieces that end with a line; a line longer than any table has: `IntakeError`."""
    carried, line = b"", 1
    while chunk := stream.read(_AT_ONCE):
        piece = carried + chunk
        cut = max(piece.rfind(b"\n"), piece.rfind(b"\r", 0, len(piece) - 1)) + 1
        if len(piece) - cut > LONGEST_LINE:
            raise long_line(line + len(piece[:cut].splitlines()))
        carried = piece[cut:]
        if cut:
            line += len(piece[:cut].splitlines())
            yield piece[:cut]
    if carried:
        yield carried


@dataclass(frozen=True, slots=True)
class TextCode:
    """The codec of a file, and whether every line is known to be short and to end in \\n (with or without \\r)."""

    codec: str
    plain_lines: bool = False


def find_encoding(original: Original, findings: Findings) -> TextCode:
    """How the bytes become text; not to be decided: a question, no text: `IntakeError`."""
    head = original.head(1 << 16)
    if _is_utf32(head):
        raise IntakeError("The file is UTF-32 (four bytes a character).", _SAVE_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return TextCode(_checked(original, "utf-16"))
    if b"\x00" in head and (wide := _wide_encoding(head)):
        return TextCode(_ask_wide(head, wide, findings))
    facts = ByteFacts()
    with original.open() as stream:
        for piece in whole_lines(stream):
            facts.add(piece)
    if facts.zero:
        remedy = "Export it again, or remove that character; a zero byte inside a value means that the file is damaged."
        raise IntakeError(f"Line {facts.zero[0]} holds a zero byte, which no text has: {_readable(facts.zero[1])}.", remedy)
    is_marked = head.startswith(codecs.BOM_UTF8)
    if is_marked and facts.odd:
        number, sample = facts.odd[0]
        raise IntakeError(f"The file is marked UTF-8, but line {number} is not: {_readable(sample)}.", _SAVE_UTF8)
    codec = _from_odd_lines(facts, findings) if facts.odd else "utf-8-sig" if is_marked else "utf-8"
    return TextCode(codec, facts.line_feeds > 0 and facts.lone_returns == 0)


def _checked(original: Original, name: str) -> str:
    """`name`, when the whole file can be read so."""
    decoder, line = codecs.getincrementaldecoder(name)(), 1
    with original.open() as stream:
        while chunk := stream.read(_AT_ONCE):
            try:
                line += _checked_lines(decoder.decode(chunk), line)
            except UnicodeDecodeError as problem:
                text = decoder.__class__(errors="replace").decode(chunk[: problem.start])
                found = line + text.count("\n")
                raise IntakeError(f"The file is marked {name}, but line {found} cannot be read so.", _SAVE_UTF8) from problem
    return name


def _checked_lines(text: str, line: int) -> int:
    """How many lines end in `text`; a zero character in it: `IntakeError`."""
    if "\x00" in text:
        found = line + text[: text.index("\x00")].count("\n")
        raise IntakeError(f"Line {found} holds a zero byte, which no text has.", "Export it again, or remove that character.")
    return text.count("\n")


def _is_utf32(head: bytes) -> bool:
    """Marked, or three of four bytes are zero as in UTF-32 of Western text."""
    sample = head[: len(head) // 4 * 4]
    return head.startswith(_UTF32) or sum(sample[offset::4].count(0) > len(sample) * 0.2 for offset in range(4)) >= 3


def _wide_encoding(head: bytes) -> str:
    """UTF-16 without its mark, by where the zero bytes stand; '' when they are too few."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > half * 0.4:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > half * 0.4 else ""


def _ask_wide(head: bytes, likely: str, findings: Findings) -> str:
    names = (likely, "utf-16-be" if likely == "utf-16-le" else "utf-16-le")
    choices = [Choice(name, f"the first line reads: {_first_line(head, name)}") for name in names]
    return findings.ask("encoding", "The file looks like UTF-16 without its mark. Which reading is right?", choices)


def _first_line(head: bytes, name: str) -> str:
    lines = head[: len(head) // 2 * 2].decode(name, errors="replace").splitlines()
    return lines[0][:80] if lines else ""


def _from_odd_lines(facts: ByteFacts, findings: Findings) -> str:
    """The encoding of a file some lines of which are not UTF-8."""
    number, sample = facts.odd[0]
    if facts.utf8 is not None:
        raise IntakeError(
            f"The file mixes two encodings: line {number} is not UTF-8 ({_readable(sample)}), line {facts.utf8[0]} is.",
            "It was probably pasted together from two exports: load them one by one, or save both as UTF-8 first.",
        )
    number, sample = max(facts.odd, key=lambda odd: len(_odd_bytes(odd[1])))  # where a wrong reading shows most
    content = b"\n".join(line for _, line in facts.odd)
    if _is_plausible_as(content, _WESTERN) and "encoding" not in findings.answers:
        findings.note("encoding", f"Read as {_WESTERN} (Western Windows): line {number} reads {sample.decode(_WESTERN)[:80]}")
        return _WESTERN
    names = _candidates(content)
    if not names:
        remedy = "Repair that line, or export the file again as CSV UTF-8."
        raise IntakeError(f"Line {number} holds bytes that are no text in any usual encoding: {_readable(sample)}.", remedy)
    choices = [Choice(name, f"line {number} reads: {sample.decode(name, errors='replace').strip()[:80]}") for name in names]
    if (answer := findings.answers.get("encoding")) and answer not in names and _is_readable_as(content, answer):
        choices.append(Choice(answer, f"line {number} reads: {sample.decode(answer)[:80]}"))
    return findings.ask("encoding", f"Line {number} is not UTF-8. Which encoding makes it read right?", choices)


def _odd_bytes(line: bytes) -> set[int]:
    """The different bytes of a line that are not ASCII."""
    return {byte for byte in line if byte > _ASCII}


def _candidates(content: bytes) -> list[str]:
    """Encodings that make sense of the bytes, the detected one first."""
    detected = from_bytes(content).best()
    names = [*([detected.encoding] if detected and not detected.encoding.startswith("utf") else []), _WESTERN, *_OTHERS]
    fitting = [name for name in dict.fromkeys(names) if _is_plausible_as(content, name)]
    # Ideographs fill whole words and nothing else does by chance: they come before an unlikely reading in Latin letters.
    return sorted(fitting, key=lambda name: not _has_ideographs(content.decode(name)))[:_MOST_CHOICES]


def _has_ideographs(text: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL")) for letter in text)


def _is_readable_as(content: bytes, name: str) -> bool:
    try:
        content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _is_plausible_as(content: bytes, name: str) -> bool:
    return _is_readable_as(content, name) and is_plausible(content.decode(name))


def is_plausible(text: str) -> bool:
    """Whether the letters beyond ASCII read like words: one script a word, no stray signs, no long runs of accents."""
    return all(_is_plausible_word(word) for word in text.replace(",", " ").replace(";", " ").split() if not word.isascii())


def _is_plausible_word(word: str) -> bool:
    run = 0
    scripts = set()
    for position, character in enumerate(word):
        if character.isascii():
            run = 0
            scripts |= {"LATIN"} if character.isalpha() else set()
            continue
        if not character.isalpha():
            if character not in _SIGNS_IN_TEXT or (character in "£€¥§¿¡" and word[position + 1 : position + 2].isalpha()):
                return False
            continue
        script = unicodedata.name(character, "UNKNOWN").split()[0]
        scripts.add("CJK" if script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL") else script)
        run += 1
        if character in _RARE_LETTERS or (script == "LATIN" and run > _LONGEST_RUN) or script in ("UNKNOWN", "HALFWIDTH", "MODIFIER"):
            return False
    return len(scripts - {"FEMININE", "MASCULINE", "MICRO"}) <= 1 or "CJK" in scripts


def _readable(sample: bytes) -> str:
    """The bytes of a line as ASCII, with escapes."""
    return sample[:120].decode("ascii", errors="backslashreplace").replace("\x00", "\\x00").strip()
