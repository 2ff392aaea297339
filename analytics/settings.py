"""Settings of one installation: data/settings.toml, overridden key by key by settings.toml in the warehouse folder."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analytics.catalogue import BUILT_IN, Catalogue, catalogue_of
from analytics.errors import UsageError, unknown

DATA = Path(__file__).resolve().parent.parent / "data"
DEFAULTS = DATA / "settings.toml"
RISK_BAND_NAMES = ("low", "moderate", "high", "extreme")
HIGHEST_RISK_SCORE = 25
KEPT_FILES = 16
_LEAST = {"reading_seconds": 5, "reading_memory_mb": 2_048, "largest_table_mb": 1}  # with less memory the libraries cannot start
CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class RiskBand:
    """Scores up to and including `to` (and above the band before) carry this name."""

    name: str
    to: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation may choose for itself."""

    fiscal_year_start_month: int
    contract_kpis: tuple[str, ...]
    report_kpis: tuple[str, ...]
    risk_kpis: tuple[str, ...]
    review_kpis: tuple[str, ...]
    risk_bands: tuple[RiskBand, ...]
    reporting_currency: str
    reading_seconds: int
    reading_memory_mb: int
    largest_table_mb: int

    @property
    def shown_kpis(self) -> tuple[str, ...]:
        """The KPIs of grid and report: the contract's first."""
        return tuple(dict.fromkeys((*self.contract_kpis, *self.report_kpis)))

    @property
    def heatmap_kpis(self) -> tuple[str, ...]:
        """The KPIs of the risk heatmap: those of the report, then the further ones."""
        return tuple(dict.fromkeys((*self.shown_kpis, *self.risk_kpis)))


def load_settings(warehouse: Path | None = None) -> Settings:
    """The settings of a warehouse folder; a wrong key or value raises `UsageError` naming file, key and remedy."""
    own = warehouse / "settings.toml" if warehouse else None
    stamp = own.stat().st_mtime_ns if own and own.exists() else 0
    return _load(own if stamp else None, stamp, catalogue_of(warehouse) if warehouse else BUILT_IN)


@lru_cache(maxsize=KEPT_FILES)
def _load(own: Path | None, _stamp: int, catalogue: Catalogue) -> Settings:
    table = _read(DEFAULTS)
    if own:
        override = _read(own)
        for key in override:
            if key not in table:
                raise unknown(f"setting in {own}", key, table)
        table |= override
    return _checked(table, own or DEFAULTS, catalogue)


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} is not readable TOML: {problem}.", "Correct that line.") from problem


def _checked(table: dict, path: Path, catalogue: Catalogue) -> Settings:
    month = table["fiscal_year_start_month"]
    if type(month) is not int or not 1 <= month <= 12:  # true is an int to isinstance
        raise UsageError(f"{path}: fiscal_year_start_month is {month!r}.", "Give a month from 1 to 12.")
    keys = ("contract_kpis", "report_kpis", "risk_kpis", "review_kpis")
    contract, report, risk, review = (_kpis(table, key, path, catalogue) for key in keys)
    reading = (_number(table, key, path, least) for key, least in _LEAST.items())
    return Settings(month, contract, report, risk, review, _bands(table, path), _currency(table, path), *reading)


def _number(table: dict, key: str, path: Path, least: int) -> int:
    number = table[key]
    if type(number) is not int or number < least:
        raise UsageError(f"{path}: {key} is {number!r}.", f"Give a whole number of at least {least:,}.")
    return number


def _kpis(table: dict, key: str, path: Path, catalogue: Catalogue) -> tuple[str, ...]:
    listed = table[key]
    if not isinstance(listed, list):
        raise UsageError(f"{path}: {key} is {listed!r}.", "Give a list of KPI ids.")
    for kpi in listed:
        if not isinstance(kpi, str) or kpi not in catalogue.kpis:
            raise unknown(f"KPI in {path}, {key}:", str(kpi), catalogue.kpis)
    return tuple(listed)


def _currency(table: dict, path: Path) -> str:
    currency = table["reporting_currency"]
    if not isinstance(currency, str) or (currency and not CURRENCY.fullmatch(currency)):
        raise UsageError(f"{path}: reporting_currency is {currency!r}.", 'Give three capital letters, "EUR", or "" for none.')
    return currency


def _bands(table: dict, path: Path) -> tuple[RiskBand, ...]:
    try:
        bands = tuple(RiskBand(str(band["name"]), int(band["to"])) for band in table["risk_bands"])
    except (TypeError, KeyError, ValueError) as problem:
        raise UsageError(f"{path}: risk_bands cannot be read.", "Give four tables with name and to.") from problem
    limits = [band.to for band in bands]
    if tuple(band.name for band in bands) != RISK_BAND_NAMES or limits != sorted(set(limits)) or limits[-1:] != [HIGHEST_RISK_SCORE]:
        raise UsageError(
            f"{path}: risk_bands must be {', '.join(RISK_BAND_NAMES)} with rising limits, the last {HIGHEST_RISK_SCORE}.",
            "Correct the four tables.",
        )
    return bands
