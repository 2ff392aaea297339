"""The words of exports, read once from data/synonyms.toml."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

BREACHES = "breaches"  # cases that missed their target: taken off all of them
SYNONYMS = Path(__file__).resolve().parents[3] / "data" / "synonyms.toml"


class Role(StrEnum):
    """What a column is to a recipe."""

    PERIOD = "period"
    DIMENSION = "dimension"
    MEASURE = "measure"
    KPI = "kpi"
    CONTACT = "contact"
    LONG = "scorecard"
    OTHER = "other"


@cache
def own_words() -> Mapping[Role, Mapping[str, tuple[str, ...]]]:
    """Role -> id -> what other systems call it."""
    tables = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    return {Role(role): {id: tuple(phrases) for id, phrases in entries.items()} for role, entries in tables.items()}
