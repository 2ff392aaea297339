"""Where the lines of a text end: at every line feed; at a \\r that stands alone only in files that end their lines so (old Macs)."""

import re
from collections.abc import Iterator

_LOOKED_AT = 1 << 20
_AT_FEEDS = re.compile(r"[^\n]*\n|[^\n]+")
_AT_RETURNS = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def ends_in_returns(text: str | bytes) -> bool:
    """Whether more of the first lines end in a \\r alone than in a line feed; elsewhere such a \\r is part of a cell."""
    head = text[:_LOOKED_AT]
    if isinstance(head, bytes):
        return head.count(b"\r") - head.count(b"\r\n") > head.count(b"\n")
    return head.count("\r") - head.count("\r\n") > head.count("\n")


def newline_of(head: bytes) -> str:
    """The `newline` to open such a file with, its line ends kept as they are."""
    return "" if ends_in_returns(head) else "\n"


def split_lines(text: str) -> Iterator[str]:
    """The lines with their ends; a \\r inside one is a blank."""
    at_feeds = not ends_in_returns(text)
    for found in (_AT_FEEDS if at_feeds else _AT_RETURNS).finditer(text):
        yield without_inner_returns(found[0])


def without_inner_returns(line: str) -> str:
    """A \\r that ends no line as a blank: the csv module takes it for a line end wherever it stands outside quotes."""
    if "\r" not in line:
        return line
    body = line.rstrip("\r\n")
    return body.replace("\r", " ") + line[len(body) :]
