"""A review as bytes and back: the same review always gives the same bytes, and they give the very same review.

    content = to_json(review)      # UTF-8, keys sorted, dates as 2026-09-30, every float exactly
    from_json(content) == review
    digest(review)                 # SHA-256 of those bytes: equal exactly when nothing differs

The parts are read off `model.py`, so that a new field needs no line here; but it is another `FORMAT`, since older bytes lack it.
A block is named by its `kind`. Nothing of the moment of writing is in the bytes. Half a character (a lone surrogate) is kept as JSON's
escape for it; two halves that make one character become it.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from analytics.errors import WarehouseError
from analytics.review.model import Block, QuarterlyReview

FORMAT = 1
_KIND = "kind"
_DATE = "date"
_BLOCKS = {block.__name__: block for block in get_args(Block)}


class _OddError(Exception):
    """Something in the bytes, or in the review, that is not what the model says; its message names the place."""


def to_json(review: QuarterlyReview) -> bytes:
    """The review as canonical JSON. A value that cannot be kept exactly (NaN, another type): `WarehouseError`."""
    try:
        tree = {"format": FORMAT, "review": _tree(review, QuarterlyReview, "review")}
    except _OddError as problem:
        raise WarehouseError(f"This review cannot be written down: {problem}.", "Mend where it is built; nothing was written.") from None
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return whole.encode("utf-8", "backslashreplace")


def digest(review: QuarterlyReview) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(to_json(review)).hexdigest()


def from_json(content: bytes) -> QuarterlyReview:
    """The review that was written. Unknown or missing fields, another format, no JSON: `WarehouseError` saying what is odd where."""
    try:
        tree = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise WarehouseError("This is no review: it is not JSON.", "Use the file as it was written.") from problem
    written = tree.get("format") if isinstance(tree, dict) else None
    if written != FORMAT or set(tree) != {"format", "review"}:
        said = f"format {written}" if isinstance(written, int) else "no known format"
        raise WarehouseError(f"This review was written in {said}; this version of the dashboard reads format {FORMAT}.", _remedy(written))
    try:
        return _value(tree["review"], QuarterlyReview, "review")
    except _OddError as problem:
        raise WarehouseError(f"This review of format {FORMAT} is not as it was written: {problem}.", _remedy(written)) from None


def _remedy(written: object) -> str:
    if isinstance(written, int) and written != FORMAT:
        return f"Open it with the version of the dashboard that wrote it, {'a newer' if written > FORMAT else 'an older'} one."
    return "Use an unaltered copy, from a backup for example."


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


@cache
def _types(part: Any) -> dict[str, Any]:
    """Field -> type of a part, as the model says."""
    hints = get_type_hints(part)
    return {field.name: hints[field.name] for field in fields(part)}


def _kinds(expected: Any) -> tuple[Any, ...]:
    """The types of a union without None; of any other type itself alone."""
    return tuple(one for one in get_args(expected) if one is not NoneType) if isinstance(expected, UnionType) else (expected,)


def _may_be_none(expected: Any) -> bool:
    return isinstance(expected, UnionType) and NoneType in get_args(expected)


def _paired(parts: Any, expected: Any, place: str) -> list[tuple[Any, Any, str]]:
    """Each part of a tuple with its type and its place."""
    kinds = get_args(expected)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(parts)
    if len(parts) != len(kinds):
        raise _OddError(f"{place} has {len(parts)} parts instead of {len(kinds)}")
    return [(part, kind, f"{place}/{number}") for number, (part, kind) in enumerate(zip(parts, kinds, strict=True), start=1)]


def _tree(value: Any, expected: Any, place: str) -> Any:
    """What JSON can hold of a value of the expected type."""
    if value is None and _may_be_none(expected):
        return None
    kinds = _kinds(expected)
    if get_origin(expected) is tuple and isinstance(value, tuple):
        return [_tree(*part) for part in _paired(value, expected, place)]
    if is_dataclass(value) and type(value) in kinds:
        parts = {name: _tree(getattr(value, name), kind, f"{place}/{name}") for name, kind in _types(type(value)).items()}
        return parts | {_KIND: type(value).__name__} if expected == Block else parts
    if isinstance(value, str) and (str in kinds or type(value) in kinds):
        return str(value)
    if isinstance(value, date) and date in kinds:
        day = date(value.year, value.month, value.day).isoformat()
        return {_DATE: day} if float in kinds else day
    return _number(value, kinds, place)


def _number(value: Any, kinds: tuple[Any, ...], place: str) -> Any:
    """A number or yes and no, of the very type that is expected: 3 where a float is expected is 3.0."""
    if float in kinds and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if (kind := next((kind for kind in (bool, int) if kind in kinds and isinstance(value, kind)), None)) is None:
        raise _OddError(f"{place} is {str(value)[:40]!r}, not of the kind {' or '.join(kind.__name__ for kind in kinds)}")
    return kind(value)


def _value(tree: Any, expected: Any, place: str) -> Any:
    """The value of the expected type that a piece of JSON stands for."""
    if tree is None and _may_be_none(expected):
        return None
    kinds = _kinds(expected)
    if get_origin(expected) is tuple and isinstance(tree, list):
        return tuple(_value(*part) for part in _paired(tree, expected, place))
    if isinstance(tree, dict) and is_dataclass(kinds[0]):
        return _block(tree, place) if expected == Block else _part(tree, kinds[0], place)
    if isinstance(tree, dict) and float in kinds and date in kinds and set(tree) == {_DATE}:
        return _single(tree[_DATE], date, place)
    return _single(tree, kinds[0], place)


def _block(tree: Mapping[str, Any], place: str) -> Any:
    kind = str(tree.get(_KIND))
    if kind not in _BLOCKS:
        raise _OddError(f"{place} is a block of an unknown kind ({kind[:40]})")
    return _part({name: value for name, value in tree.items() if name != _KIND}, _BLOCKS[kind], place)


def _part(tree: Mapping[str, Any], part: Any, place: str) -> Any:
    types = _types(part)
    for name in sorted(types.keys() ^ tree.keys()):
        raise _OddError(f"{place}/{name} is {'missing' if name in types else 'unknown'}")
    return part(**{name: _value(tree[name], kind, f"{place}/{name}") for name, kind in types.items()})


def _single(tree: Any, kind: Any, place: str) -> Any:
    """A text, number or day; the JSON type must be the one it is written with."""
    written = str if kind is date or issubclass(kind, str) else kind
    try:
        if type(tree) is written and not (kind is float and not math.isfinite(tree)):
            return date.fromisoformat(tree) if kind is date else kind(tree)
    except ValueError:
        pass
    raise _OddError(f"{place} is {json.dumps(tree)[:40]}")
