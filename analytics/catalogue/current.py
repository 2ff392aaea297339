"""The catalogue in force: the built-in entries, and on top of them those of the warehouse folder being worked with.

A `Catalogue` never changes. Which one is in force belongs to the running thread or task (a context variable), so two
folders in one process, or two sessions of the dashboard, never see each other's definitions. The edges say it once:
the command line per command, the dashboard per run, a writer while it writes. Everything else looks entries up in
`KPIS` and `MEASURES`, at the moment it needs them; neither may be copied into a module's own constants.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from analytics.catalogue.kpi import Kpi, Term
from analytics.catalogue.kpis import BUILT_IN_KPIS
from analytics.catalogue.measures import BUILT_IN_MEASURES, Measure
from analytics.catalogue.units import SECONDS_PER_HOUR
from analytics.errors import unknown

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Measures and KPIs by id. `stamp` tells one set of definitions from another ('' for the built-in ones alone)."""

    measures: Mapping[str, Measure]
    kpis: Mapping[str, Kpi]
    stamp: str = ""


BUILT_IN = Catalogue(MappingProxyType(BUILT_IN_MEASURES), MappingProxyType(BUILT_IN_KPIS))
_current: ContextVar[Catalogue] = ContextVar("catalogue", default=BUILT_IN)


def current() -> Catalogue:
    """The catalogue in force here and now; the built-in one where nobody said anything else."""
    return _current.get()


@contextmanager
def using(catalogue: Catalogue) -> Generator[Catalogue]:
    """Let `catalogue` be in force inside the block, for this thread or task only."""
    token = _current.set(catalogue)
    try:
        yield catalogue
    finally:
        _current.reset(token)


class _InForce(Mapping[str, Entry], Generic[Entry]):
    """A read-only mapping that looks into the catalogue in force every time it is asked."""

    def __init__(self, entries: Callable[[Catalogue], Mapping[str, Entry]]) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> Entry:
        return self._entries(_current.get())[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries(_current.get()))

    def __len__(self) -> int:
        return len(self._entries(_current.get()))

    def __contains__(self, name: object) -> bool:
        return name in self._entries(_current.get())


MEASURES: Mapping[str, Measure] = _InForce(lambda catalogue: catalogue.measures)
KPIS: Mapping[str, Kpi] = _InForce(lambda catalogue: catalogue.kpis)


def find_kpi(kpi_id: str) -> Kpi:
    """The KPI with this id; an unknown id raises `UsageError` naming the nearest ones."""
    try:
        return _current.get().kpis[kpi_id]
    except KeyError:
        raise unknown("KPI", kpi_id, KPIS, _called(kpi_id)) from None


def kpi_label(kpi_id: str) -> str:
    """What the KPI is called; the bare id of one whose definition is gone."""
    return KPIS[kpi_id].label if kpi_id in KPIS else kpi_id


def _called(words: str) -> list[str]:
    """The KPIs people call so: 'aht' is average_handle_time."""
    wanted = words.replace("_", " ").casefold()
    return [kpi.id for kpi in KPIS.values() if wanted in (kpi.label.casefold(), *kpi.synonyms)]


def variants_of(kpi_id: str) -> tuple[Kpi, ...]:
    """The published variants of a KPI, in catalogue order."""
    return tuple(kpi for kpi in KPIS.values() if kpi.variant_of == kpi_id)


def formula(kpi: Kpi) -> str:
    """A KPI's formula in words, from the measures' own labels."""
    above, below = _words(kpi.numerator_terms), _words(kpi.denominator_terms)
    if not below:
        return f"sum of {above}"
    factor = {1.0: "", float(SECONDS_PER_HOUR): " x 3,600"}.get(kpi.scale, f" x {kpi.scale:,g}")
    above = f"({above})" if len(kpi.numerator_terms) > 1 else above
    below = f"({below})" if len(kpi.denominator_terms) > 1 else below
    window = f", over {kpi.window_months} months" if kpi.window_months else ""
    return f"{above} / {below}{factor}{window}"


def _words(signed: tuple[Term, ...]) -> str:
    text = " ".join(f"{'-' if term.sign < 0 else '+'} {MEASURES[term.measure].label}" for term in signed)
    return text.removeprefix("+ ")
