"""Texts and conditions inside generated SQL: values only ever get there through these functions."""

from collections.abc import Iterable


def text_sql(value: str) -> str:
    """A text as a literal: O'Hara -> 'O''Hara'."""
    return "'" + value.replace("'", "''") + "'"


def all_sql(conditions: Iterable[str]) -> str:
    """Whether every condition holds."""
    real = [condition for condition in conditions if condition != TRUE]
    return "(" + " AND ".join(real) + ")" if real else TRUE


def any_sql(conditions: Iterable[str]) -> str:
    """Whether one of the conditions holds."""
    listed = list(conditions)
    return "(" + " OR ".join(listed) + ")" if listed else FALSE


TRUE, FALSE = "true", "false"
