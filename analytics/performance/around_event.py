"""Before and after a dated event: as many whole periods on either side, the period it falls into left out.

Both sides are sums of numerators over sums of denominators. What differs, differs before and after the event: nothing here says
that the event is why.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.catalogue import Unit, find_kpi
from analytics.catalogue.units import NOT_MEASURED_TEXT, decimals_apart, number_text, value_text, variance_text
from analytics.wording import counted

MOST_PERIODS = 3
NO_CHANGE = "0 %"


@dataclass(frozen=True)
class Around:
    """The rows of a KPI frame before and after a day, the same number of whole `periods` each."""

    before: pd.DataFrame
    after: pd.DataFrame
    periods: int


def around_event(frame: pd.DataFrame, day: date, most: int = MOST_PERIODS) -> Around:
    """The whole periods nearest to an event on either side, at most `most`, equally many.

    Needs `period`, `period_end`, `complete`. A period that begins on the day is after it; one it falls into is on neither side.
    """
    whole, stamp = frame[frame["complete"].to_numpy(bool)], pd.Timestamp(day)
    before = np.sort(whole.loc[whole["period_end"] < stamp, "period"].unique())
    after = np.sort(whole.loc[whole["period"] >= stamp, "period"].unique())
    count = min(most, len(before), len(after))
    rows = [whole[whole["period"].isin(chosen)] for chosen in (before[len(before) - count :], after[:count])]
    return Around(rows[0], rows[1], count)


def before_and_after(around: Around) -> pd.DataFrame:
    """One row per KPI: before, after, change (base units), relative_change, and before_text, after_text, change_text, relative_text.

    A KPI that is missing on one side, or in several currencies, has NaN and '-'. Totals are sums over equally many periods.
    """
    kpis = list(dict.fromkeys([*around.before["kpi"], *around.after["kpi"]]))
    rows = [_row(kpi, *(_pooled(side[side["kpi"] == kpi]) for side in (around.before, around.after))) for kpi in kpis]
    names = ("kpi", "before", "after", "change", "relative_change", "before_text", "after_text", "change_text", "relative_text")
    return pd.DataFrame(rows, columns=list(names))


def _pooled(rows: pd.DataFrame) -> tuple[float, str]:
    """Value of one KPI over several periods, and its currency."""
    measured = rows[rows["value"].notna() & rows["numerator"].notna()]
    currencies = sorted({name for name in measured["currency"] if isinstance(name, str)}) if "currency" in rows else []
    if measured.empty or len(currencies) > 1:
        return np.nan, ""
    kpi = find_kpi(measured["kpi"].iat[0])
    numerator = float(measured["numerator"].sum())
    value = numerator / float(measured["denominator"].sum()) * kpi.scale if kpi.denominator else numerator
    return value, "".join(currencies)


def _row(kpi_id: str, before: tuple[float, str], after: tuple[float, str]) -> tuple:
    kpi, (then, money), (now, money_now) = find_kpi(kpi_id), before, after
    if money and money_now and money != money_now:
        now = np.nan
    change = now - then
    relative = change / then if then else np.nan
    percent = relative_text(relative)
    places = _places(then, now, kpi.unit) if percent not in (NOT_MEASURED_TEXT, NO_CHANGE) else None
    texts = (
        value_text(then, kpi.unit, money, places),
        value_text(now, kpi.unit, money_now, places),
        variance_text(change, kpi.unit, kpi.better_sign, money, places),
    )
    return kpi_id, then, now, change, relative, *texts, percent


def _places(before: float, after: float, unit: Unit) -> int:
    """Decimals at which both sides and their change are seen to differ: '0 pp' beside '+4 %' would contradict itself."""
    return max(decimals_apart(before, after, unit), decimals_apart(0.0, after - before, unit))


def relative_text(relative: float) -> str:
    """'-20 %', '+15 %', '0 %', '-'."""
    text = number_text(relative, Unit.PERCENT)
    if text == NOT_MEASURED_TEXT:
        return text
    return f"{'' if text.startswith('-') or text == '0' else '+'}{text}{Unit.PERCENT.suffix}"


def around_words(around: Around, title: str, grain: str) -> str:
    """'3 months before and 3 months after "New IVR", the month of the event left out; the event need not be the cause.'"""
    if not around.periods:
        return f'There is no whole {grain} on both sides of "{title}".'
    span = counted(around.periods, grain)
    return f'{span} before and {span} after "{title}", nothing of the {grain} it fell into. The event need not be the cause.'
