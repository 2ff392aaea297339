"""Days a file of contacts finds occupied: its source has rows of the vendor's day already, and a person must say what that means."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

import pandas as pd

from analytics.errors import UsageError, did_you_mean
from analytics.intake.preview import Preview
from analytics.intake.problems import Choice, Question
from analytics.intake.recipe import CONTACT_SHAPES
from analytics.warehouse import How
from analytics.wording import counted

OCCUPIED_KEY = "occupied"
_NAMED = 3
_MEANINGS = {
    How.REPLACE: "this file stands for those days, what was there no longer counts",
    How.ADD: "its contacts are added to what is there",
    How.SKIP: "what is there stays; of this file only other days count",
}
_OCCUPIED = """
    SELECT grain, vendor, period_start, sum(coalesce(file_rows, 1))::BIGINT AS rows_there FROM performance_rows
    WHERE source = $source AND vendor IN (SELECT unnest($vendors)) AND batch_id IN (
        SELECT batch_id FROM batches WHERE status = 'active' AND sequence < $place)
    GROUP BY ALL"""
NEWEST = 2**31 - 1


class Select(Protocol):
    """Asking a warehouse, or a writer's copy: rows of `sql` with the parameters bound by name."""

    def __call__(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows."""
        ...


def how_of(read: Preview, answers: Mapping[str, str]) -> How:
    """What the file's rows do to what is there: as answered, else contacts replace whole days and all others correct by key."""
    if read.recipe.shape not in CONTACT_SHAPES:
        return How.CORRECT
    return How(answers.get(OCCUPIED_KEY, How.REPLACE))


def check_answer(answers: Mapping[str, str]) -> None:
    """`UsageError` for an answer that is no choice."""
    given = answers.get(OCCUPIED_KEY)
    if given is not None and given not in tuple(_MEANINGS):
        raise UsageError(f"'{given}' is no answer to what happens on occupied days.", did_you_mean(given, _MEANINGS))


def occupied_question(
    read: Preview, answers: Mapping[str, str], select: Callable[..., pd.DataFrame], place: int = NEWEST
) -> Question | None:
    """The question, when contacts meet rows of an earlier batch and nobody has answered; `place`: the file's own in the sequence."""
    if read.recipe.shape not in CONTACT_SHAPES or OCCUPIED_KEY in answers or read.reading is None:
        return None
    keys = ["grain", "vendor", "period_start"]
    rows = read.reading.tables["performance_rows"].select([*keys, "file_rows"])
    days = rows.group_by(keys).aggregate([("file_rows", "sum")]).to_pandas().astype({"period_start": "datetime64[us]"})
    asked = {"source": read.recipe.source, "vendors": sorted(set(days["vendor"])), "place": place}
    there = select(_OCCUPIED, asked).astype({"period_start": "datetime64[us]"})
    occupied = days.merge(there, on=["grain", "vendor", "period_start"])
    return None if occupied.empty else _question(read.recipe.source, occupied)


def _question(source: str, occupied: pd.DataFrame) -> Question:
    vendors = sorted(set(occupied["vendor"]))
    named = ", ".join(vendors[:_NAMED]) + (f" and {len(vendors) - _NAMED} more" if len(vendors) > _NAMED else "")
    first, last = (day.date() for day in (occupied["period_start"].min(), occupied["period_start"].max()))
    count = occupied["period_start"].nunique()
    brought, there = int(occupied["file_rows_sum"].sum()), int(occupied["rows_there"].sum())
    text = f"{source} already has {counted(there, 'row')} of {named} on {counted(count, 'day')} of this file ({_span(first, last)}); "
    text += f"this file brings {counted(brought, 'row')} for them. What shall it do there?"
    return Question(OCCUPIED_KEY, text, tuple(Choice(how.value, means) for how, means in _MEANINGS.items()))


def _span(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
