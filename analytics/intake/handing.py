"""Findings handed from one process to another as JSON: what comes back is checked against the types it should have, never executed."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from analytics.intake.recipe import Recipe
from analytics.intake.recipe_text import parse_recipe

T = TypeVar("T")


def plain(value: object) -> object:
    """Dataclasses, mappings and sequences as what JSON knows; a recipe as its name and text."""
    if isinstance(value, Recipe):
        return {"name": value.name, "text": value.text}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def rebuilt(kind: type[T], value: Any) -> T:
    """A value of this type from what `plain` made of it; anything else: `TypeError`, `ValueError` or `KeyError`."""
    return _rebuilt(kind, value)


def _rebuilt(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (wanted,) = [one for one in inner if one is not type(None)]
        return None if value is None else _rebuilt(wanted, value)
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_rebuilt(one, part) for one, part in zip(kinds, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {_rebuilt(inner[0], name): _rebuilt(inner[1], one) for name, one in value.items()}
    if kind is Recipe:
        return parse_recipe(value["text"], value["name"])
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: _rebuilt(hints[field.name], value[field.name]) for field in fields(kind)})
    if issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, (int, float) if kind is float else kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
