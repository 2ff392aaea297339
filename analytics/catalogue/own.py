"""Users' own measures and KPIs: `catalogue.toml` in the warehouse folder, on top of the built-in entries.

    [[measures]]
    id = "own_upsells"              # becomes a column: own_, then lower-case letters, digits and _
    label = "upsells"
    kind = "count"                  # count | seconds | money | amount
    definition = "Orders an agent sold on a service call."

    [[kpis]]
    id = "upsell_rate"
    label = "Upsell rate"
    numerator = "own_upsells"
    denominator = "contacts_handled"
    unit = "percent"
    direction = "higher"
    definition = "Upsells per handled contact."
    target = {comparator = ">=", value = 0.05}

A definition that is removed leaves its column and what is in it: put it back and the numbers are there again.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from analytics.catalogue.current import BUILT_IN, Catalogue
from analytics.catalogue.kpi import Kpi
from analytics.catalogue.measures import OWN_PREFIX, Measure, MeasureKind, Quantity
from analytics.catalogue.own_file import OwnEntry
from analytics.catalogue.own_kpis import own_kpi
from analytics.errors import UsageError, did_you_mean

FILE_NAME = "catalogue.toml"
LONGEST_ID = 60
MEASURE_KEYS = ("id", "label", "kind", "definition", "synonyms")
KINDS = {
    "count": (MeasureKind.COUNT, Quantity.PLAIN),
    "seconds": (MeasureKind.AMOUNT, Quantity.SECONDS),
    "money": (MeasureKind.AMOUNT, Quantity.MONEY),
    "amount": (MeasureKind.AMOUNT, Quantity.PLAIN),
}
_MEASURE_ID = re.compile(rf"{OWN_PREFIX}[a-z0-9]+(_[a-z0-9]+)*")
_KEPT_FILES = 16


def catalogue_of(folder: Path) -> Catalogue:
    """The catalogue of a warehouse folder, read again when its file changed; a wrong entry: `UsageError` with line and remedy."""
    path = Path(folder) / FILE_NAME
    try:
        found = path.stat()
    except OSError:
        return BUILT_IN
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=_KEPT_FILES)
def _read(path: Path, _changed_at: int, _size: int) -> Catalogue:
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UsageError(f"{path} is not readable TOML: {problem}.", "Correct that line.") from problem
    return parse_catalogue(path, text, values)


def parse_catalogue(path: Path, text: str, values: Mapping[str, object]) -> Catalogue:
    """The built-in entries and those of `values`, the TOML of `text`."""
    for key in values:
        if key not in ("measures", "kpis"):
            raise UsageError(f"{path}: unknown table '{key}'.", did_you_mean(key, ("measures", "kpis")) or "Known: [[measures]], [[kpis]].")
    measures = dict(BUILT_IN.measures)
    for entry in _entries(path, text, values, "measures"):
        measure = _own_measure(entry)
        _refuse_taken(entry, measure, measures)
        measures[measure.id] = measure
    kpis = dict(BUILT_IN.kpis)
    for entry in _entries(path, text, values, "kpis"):
        kpi = own_kpi(entry, measures, kpis)
        _refuse_taken(entry, kpi, kpis)
        kpis[kpi.id] = kpi
    return Catalogue(MappingProxyType(measures), MappingProxyType(kpis), hashlib.sha256(text.encode()).hexdigest())


def _entries(path: Path, text: str, values: Mapping[str, object], kind: str) -> list[OwnEntry]:
    listed = values.get(kind, [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise UsageError(f"{path}: {kind} must be a list of tables.", f"Start every entry with a line [[{kind}]].")
    return [OwnEntry(path, text, kind, place, item) for place, item in enumerate(listed)]


def _own_measure(entry: OwnEntry) -> Measure:
    entry.only(MEASURE_KEYS, {})
    name = entry.words("id", longest=LONGEST_ID)
    if not _MEASURE_ID.fullmatch(name):
        entry.fail(
            "id",
            f"the id '{name}' cannot be a column.",
            f"Write {OWN_PREFIX}, then lower-case letters, digits and single underscores: {OWN_PREFIX}upsells.",
        )
    kind, quantity = KINDS[entry.choice("kind", KINDS)]
    label, words = entry.label(), entry.sentence("definition")
    return Measure(name, label, kind, words, entry.list_of_words("synonyms"), quantity=quantity)


def _refuse_taken(entry: OwnEntry, new: Measure | Kpi, known: Mapping[str, Measure] | Mapping[str, Kpi]) -> None:
    """An id, label or synonym means one entry only: files name KPIs by any of them."""
    if new.id in known:
        whose = "a built-in one" if new.id in BUILT_IN.measures or new.id in BUILT_IN.kpis else "an earlier entry"
        entry.fail("id", f"'{new.id}' is taken by {whose}.", "Choose another id; a built-in definition cannot be changed.")
    taken = {name: other.id for other in known.values() for name in _names(other)}
    for key, names in (("label", (new.label.casefold(),)), ("synonyms", new.synonyms)):
        for name in names:
            if name in taken:
                entry.fail(key, f"'{name}' already means {taken[name]}.", "Choose another name.")


def _names(entry: Measure | Kpi) -> tuple[str, ...]:
    return entry.id, entry.label.casefold(), *entry.synonyms
