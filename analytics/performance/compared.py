"""Vendors side by side as they are asked for: which whole months, on which work, against whom and against which target.

Months are compared, so that a number as measured is that of the report for the same months. On the common mix a KPI that
fewer than two members have by line of business and channel (cost, say) is compared as measured, and its rows say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from analytics.asking import KpiQuery, Reader
from analytics.catalogue import Comparator, find_kpi
from analytics.filters import Filters
from analytics.performance.comparison import NOT_COUNTED, NOT_SERVED, UNNAMED, common_strata, side_by_side
from analytics.performance.report import judged_rows
from analytics.periods import MONTHS_PER_YEAR, Grain, Period, latest_complete
from analytics.query import kpi_frame
from analytics.reported import REPORTED
from analytics.warehouse.scope import Scope

MIX = ("lob", "channel")
FEWEST_COMPARED = 2
ONLY_REPORTED = "reports the result without its counts"
NOT_BY_MIX = "not known by line of business and channel"


class Standing(StrEnum):
    """Whether more than half of the other ranked members have intervals that lie wholly on one side of a member's own."""

    BETTER = "better than most others"
    WORSE = "worse than most others"
    SAME = "not told apart from most others"
    NOT_RANKED = "not ranked"


@dataclass(frozen=True, slots=True)
class Window:
    """The whole months that are compared, first and last."""

    first: Period
    last: Period

    @property
    def months(self) -> tuple[Period, ...]:
        """Every month, oldest first."""
        found = [self.first]
        while found[-1].start < self.last.start:
            found.append(found[-1].next())
        return tuple(found)

    @property
    def label(self) -> str:
        """'Q3 2026', '12 months to Sep 2026'."""
        for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
            period = Period.of(grain, self.first.start, self.first.fiscal_start)
            if (period.start, period.end) == (self.first.start, self.last.end):
                return period.label
        return f"{len(self.months)} months to {self.last.label}"

    @property
    def phrase(self) -> str:
        """The months in a sentence: 'in Q3 2026', 'over 12 months'."""
        return f"over {len(self.months)} months" if self.label.endswith(f"to {self.last.label}") else f"in {self.label}"


def window_to(period: Period, last_day: date, months: int = MONTHS_PER_YEAR) -> Window:
    """That many months to the end of a period, or to the newest whole month of the data where that comes first."""
    last = min(Period.of(Grain.MONTH, period.end, period.fiscal_start), latest_complete(Grain.MONTH, last_day, period.fiscal_start))
    return Window(last.shifted(1 - months), last)


def window_of(period: Period, last_day: date) -> Window:
    """The whole months of a period itself; of one that has none yet its first month, in which nothing will be found."""
    first = Period.of(Grain.MONTH, period.start, period.fiscal_start)
    return Window(first, max(first, window_to(period, last_day).last))


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Which KPIs of which members, over which months, on the common mix or as measured."""

    kpis: tuple[str, ...]
    window: Window
    by: str = "vendor"
    common_mix: bool = True
    filters: Filters = field(default_factory=Filters)
    reporting_currency: str = ""

    @property
    def strata(self) -> tuple[str, ...]:
        """The dimensions that tell one kind of work from another."""
        return tuple(name for name in MIX if name != self.by) if self.common_mix else ()

    def query(self, *by: str) -> KpiQuery:
        """The KPI query by month, each by itself; money in one currency where there is one to report in."""
        first, last, currency = self.window.first, self.window.last, self.reporting_currency
        asked = (self.kpis, Grain.MONTH, first.start, last.end, by, self.filters, first.fiscal_start, currency, bool(currency))
        return KpiQuery(*asked, own_periods=True)


@dataclass(frozen=True)
class Compared:
    """`rows`: `side_by_side`, best first within each KPI, plus member, common_mix, measured_value, measured_rank, currency,
    standing, months (of the window); `strata`: KPI -> the kinds of work compared, largest first."""

    rows: pd.DataFrame
    strata: Mapping[str, tuple[str, ...]]

    def of(self, kpi: str) -> pd.DataFrame:
        """The rows of one KPI."""
        return self.rows[self.rows["kpi"] == kpi].reset_index(drop=True)


def compared(store: Reader, scope: Scope, request: CompareRequest) -> Compared:
    """Every member of every KPI asked for, best first, those not ranked last."""
    plain = kpi_frame(store, scope, request.query(request.by))
    plain = plain[plain[request.by].notna()]
    measured = side_by_side(plain, request.by)
    mixed = kpi_frame(store, scope, request.query(request.by, *request.strata)) if request.strata else plain.head(0)
    mixed = mixed[mixed[request.by].notna()]
    on_mix = side_by_side(mixed, request.by, request.strata) if request.strata else measured.head(0)
    blocks, strata = [], {}
    for name, rows in measured.groupby("kpi", sort=False):
        kpi, own = str(name), mixed[mixed["kpi"] == name]
        kinds = common_strata(own, request.by, request.strata) if request.strata else ()
        named = any(kind != ", ".join([UNNAMED] * len(request.strata)) for kind in kinds)
        block = _chosen(rows, on_mix[on_mix["kpi"] == kpi], request.by) if named else _as_measured(rows)
        if block["common_mix"].any():
            strata[kpi] = kinds
        blocks.append(_best_first(_with_standing(block), find_kpi(kpi).better_sign))
    if not blocks:
        return Compared(measured.assign(member=[], common_mix=[], standing=[], currency=[]), {})
    rows = pd.concat(blocks, ignore_index=True).assign(months=len(request.window.months))
    return Compared(_with_sources(rows.assign(member=rows[request.by]), plain, request.by), strata)


def _as_measured(measured: pd.DataFrame) -> pd.DataFrame:
    own = {"measured_value": measured["value"].to_numpy(float), "measured_rank": measured["rank_text"].to_numpy(object)}
    return measured.assign(common_mix=False, **own)


def _chosen(measured: pd.DataFrame, mixed: pd.DataFrame, by: str) -> pd.DataFrame:
    """Of one KPI the rows on the common mix where at least two members have them, else those as measured."""
    together, known = int(mixed["value"].notna().sum()), measured["value"].notna().to_numpy()
    if not find_kpi(str(measured["kpi"].iat[0])).denominator or together < min(FEWEST_COMPARED, max(int(known.sum()), 1)):
        return _as_measured(measured)
    found = mixed.set_index(by).reindex(measured[by]).reset_index()
    words = np.where(~known, measured["remark"], np.where(found["remark"] == NOT_SERVED, NOT_SERVED, NOT_BY_MIX))
    blank = {"rank_text": "-", "small": False, "method": "", "periods": 0}
    own = _as_measured(measured)[["measured_value", "measured_rank"]].to_dict("list")
    rows = found.fillna(blank).astype({"small": bool, "periods": int})
    remark = np.where(found["value"].isna(), words, found["remark"])
    return rows.assign(kpi=measured["kpi"].to_numpy(), remark=remark, common_mix=True, **own)


def _with_standing(rows: pd.DataFrame) -> pd.DataFrame:
    """The standing of every member of one KPI."""
    half = (int(rows["rank"].notna().sum()) - 1) / 2
    beaten = np.where(rows["worse_than"] > half, Standing.WORSE, Standing.SAME)
    words = np.where(rows["rank"].isna(), Standing.NOT_RANKED, np.where(rows["better_than"] > half, Standing.BETTER, beaten))
    return rows.assign(standing=pd.Series(words, index=rows.index, dtype=object))


def _best_first(rows: pd.DataFrame, better_sign: int) -> pd.DataFrame:
    """By value; behind them those not ranked, those without a value last."""
    order = np.lexsort((-(better_sign or 1) * rows["value"].fillna(-(better_sign or 1) * np.inf), rows["rank"].isna()))
    return rows.iloc[order]


def _with_sources(rows: pd.DataFrame, plain: pd.DataFrame, by: str) -> pd.DataFrame:
    """The currency of each row's money, and which members only report results."""
    keys = list(zip(rows["kpi"], rows[by], strict=True))
    money = plain[plain["currency"].notna()].drop_duplicates(["kpi", by]).set_index(["kpi", by])["currency"].to_dict()
    reported = set(plain.loc[plain["source_kind"] == REPORTED, ["kpi", by]].itertuples(index=False, name=None))
    remarks = [
        ONLY_REPORTED if remark == NOT_COUNTED and key in reported else remark for key, remark in zip(keys, rows["remark"], strict=True)
    ]
    texts = {"currency": [money.get(key, "") for key in keys], "remark": remarks}
    return rows.assign(**{name: pd.Series(values, index=rows.index, dtype=object) for name, values in texts.items()})


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in words and the levels it draws: one, or two of a band."""

    text: str
    levels: tuple[float, ...]


def goals(store: Reader, scope: Scope, request: CompareRequest) -> dict[str, Goal]:
    """Member -> the target of the first KPI that is valid in the last month compared; members without one are left out."""
    last, kpi = request.window.last, request.kpis[0]
    asked = KpiQuery(
        (kpi,), Grain.MONTH, last.start, last.end, (request.by,), request.filters, last.fiscal_start, request.reporting_currency
    )
    rows = judged_rows(store, scope, asked)
    return {row[request.by]: Goal(row["target_text"], _levels(row)) for row in rows.to_dict("records") if row["comparator"] is not None}


def _levels(row: dict) -> tuple[float, ...]:
    levels = (row["lower"], row["upper"]) if row["comparator"] == Comparator.BAND else (row["target"],)
    return tuple(float(level) for level in levels if level == level)


def compared_sites(store: Reader, scope: Scope, request: CompareRequest) -> pd.DataFrame:
    """`side_by_side` of the sites of the first KPI, as measured, plus vendor, site, member ('Pune, Cobalt Bay' where two have a Pune)."""
    frame = kpi_frame(store, scope, request.query("vendor", "site"))
    frame = frame[frame["site"].notna() & (frame["kpi"] == request.kpis[0])]
    if frame.empty:
        return side_by_side(frame.assign(member=[]), "member").assign(vendor=[], site=[], standing=[])
    shared = frame.groupby("site")["vendor"].transform("nunique") > 1
    frame = frame.assign(member=frame["site"].where(~shared, frame["site"] + ", " + frame["vendor"]))
    places = frame.drop_duplicates("member").set_index("member")[["vendor", "site"]]
    rows = _best_first(_with_standing(side_by_side(frame, "member")), find_kpi(request.kpis[0]).better_sign).reset_index(drop=True)
    own = {"common_mix": False, "measured_value": rows["value"], "measured_rank": rows["rank_text"], "months": len(request.window.months)}
    money = frame.loc[frame["currency"].notna(), "currency"].unique()
    return rows.join(places, on="member").assign(**own, currency=money[0] if len(money) == 1 else "")
