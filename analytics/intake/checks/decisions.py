"""What was decided about the rows of a file, by a person or where nothing is in doubt: names they are stored under, zeros left out.

Decisions are kept with the batch (`vendor.<written> = <stored>`, `zeros.<vendor> = <first day left out>`), so that the same rows
are made of the original again whatever is stored by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from analytics.catalogue import DIMENSIONS, MEASURES
from analytics.intake.checks.look_alikes import NEW
from analytics.intake.checks.rows import Rows
from analytics.intake.checks.zeros import KEY as ZEROS
from analytics.intake.checks.zeros import zero_rows
from analytics.intake.problems import Reject
from analytics.intake.reading import Reading, summed
from analytics.intake.recipe import CONTACT_SHAPES, Recipe
from analytics.intake.rejects import ListedRejects
from analytics.warehouse.batches import VENDOR_ROWS
from analytics.warehouse.settle import PERFORMANCE_KEY, SCORECARD_KEY

PREFIXES = (*(f"{dimension}." for dimension in DIMENSIONS), f"{ZEROS}.")
_KEEP_ONE = "Correct one of them, or remove it."


def is_decision(key: str) -> bool:
    """Whether an answer is kept with the batch for making its rows again."""
    return key.startswith(PREFIXES)


def carried_out(reading: Reading, recipe: Recipe, decisions: Mapping[str, str]) -> Reading:
    """The reading with names replaced and zeros left out; rows that become the same are added up where parts are, else refused."""
    renamed = {dimension: _of(decisions, dimension) for dimension in DIMENSIONS}
    since = {vendor: date.fromisoformat(day) for vendor, day in _of(decisions, ZEROS).items()}
    if not any(renamed.values()) and not since:
        return reading
    for name in VENDOR_ROWS:
        if name in reading.tables and reading.tables[name].num_rows:
            table = _with_names(reading.tables[name], renamed)
            reading = _stored(reading, name, table, recipe)
    return _without_zeros(reading, since) if since else reading


def _of(decisions: Mapping[str, str], kind: str) -> dict[str, str]:
    """What was decided of one kind: written -> stored."""
    named = {key.removeprefix(f"{kind}."): value for key, value in decisions.items() if key.startswith(f"{kind}.")}
    return {written: value for written, value in named.items() if value not in (NEW, written)}


def _with_names(table: pa.Table, renamed: Mapping[str, Mapping[str, str]]) -> pa.Table:
    for dimension, names in renamed.items():
        if names:
            stored = [names.get(name, name) for name in table.column(dimension).to_pylist()]
            table = table.set_column(table.column_names.index(dimension), dimension, pa.array(stored, pa.string()))
    return table


def _stored(reading: Reading, name: str, table: pa.Table, recipe: Recipe) -> Reading:
    """The reading with a renamed table, whose keys may have become equal."""
    if name == "performance_rows" and (recipe.shape in CONTACT_SHAPES or recipe.sum_duplicates):
        return replace(reading, tables={**reading.tables, name: summed(table, [one for one in table.column_names if one in MEASURES])})
    table, refused = _without_repeats(table, PERFORMANCE_KEY if name == "performance_rows" else SCORECARD_KEY)
    before = reading.rejects.first(len(reading.rejects)) if refused else []
    known = {reject.line for reject in before}
    new = [reject for line, reject in refused.items() if line not in known]
    rejects = ListedRejects(tuple(sorted([*before, *new], key=lambda reject: reject.line))) if new else reading.rejects
    return replace(reading, tables={**reading.tables, name: table}, rows_accepted=reading.rows_accepted - len(new), rejects=rejects)


def _without_repeats(table: pa.Table, key: Sequence[str]) -> tuple[pa.Table, dict[int, Reject]]:
    """The table less the rows whose key another one has: which of them is right cannot be known. Line -> why it is refused."""
    lines = table.column("line").to_pylist()
    places: dict[tuple, list[int]] = {}
    for line, values in zip(lines, zip(*(table.column(part).to_pylist() for part in key), strict=True), strict=True):
        places.setdefault(values, []).append(line)
    refused = {line: _reject(line, same) for same in places.values() if len(same) > 1 for line in same}
    return table.filter(pa.array([line not in refused for line in lines], pa.bool_())), refused


def _reject(line: int, lines: list[int]) -> Reject:
    named = ", ".join(str(one) for one in lines[:5])
    return Reject(line, None, "duplicate", f"lines {named} are about the same thing under one name", _KEEP_ONE, "")


def _without_zeros(reading: Reading, since: Mapping[str, date]) -> Reading:
    """Rows of nothing but zeros from the day on are left out, as if the file did not have them."""
    table = reading.tables.get("performance_rows")
    if table is None or not table.num_rows:
        return reading
    hit = zero_rows(Rows.of(table), since).to_numpy(dtype=bool)
    left = table.filter(pa.array(~hit))
    gone = int(np.sum(np.asarray(table.column("file_rows").to_pylist(), dtype=object)[hit]))
    return replace(reading, tables={**reading.tables, "performance_rows": left}, rows_accepted=reading.rows_accepted - gone)
