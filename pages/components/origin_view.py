"""'Where does this number come from': one dialog for every page, opened by one callback."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import KpiQuery
from analytics.catalogue import DIMENSIONS, MEASURES, Term, find_kpi
from analytics.catalogue.units import value_text
from analytics.charts.images import action_image
from analytics.filters import Filters
from analytics.intake.rows_behind import MOST_ROWS, FileRows, rows_behind
from analytics.lineage import ROWS_LISTED, Origin, origin, origin_keys, origin_rows
from analytics.periods import Period, day_text
from pages.components import data
from pages.components.noting import NOTE_ICON, NotesAsked, ask_notes, only_vendor
from pages.components.parts import dialog_guard, download_csv
from pages.components.state import go_to
from pages.components.text import status_words, target_words, text

TITLE = "Where does this number come from?"
ICON, WHY = ":material/account_tree:", "Why did it move?"
_ASKED, _READ = "_origin", "_origin_file"
_SOURCE_WORDS = {
    "reported": "Reported by the vendor: the counts behind it are not known, so it is part of no total.",
    "weighted": "Weighted: the file holds the ratio; the numerator is that ratio times the denominator of its row.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is asked about. `periods`: others of the same series to choose from, newest first; `whole`: all as one at first."""

    kpi: str
    period: Period
    filters: Filters
    periods: tuple[Period, ...] = ()
    whole: bool = False

    def query(self, chosen: Period | None) -> KpiQuery:
        """The query of one period; None: all of them as one number. A series has every period by itself."""
        first, last = (chosen, chosen) if chosen else (min(self.periods), max(self.periods))
        reporting = data.settings().reporting_currency
        asked = (self.filters, self.period.fiscal_start, reporting)
        return KpiQuery((self.kpi,), self.period.grain, first.start, last.end, (), *asked, own_periods=bool(self.periods))


def ask_origin(
    kpi: str, period: Period, filters: Filters, vendor: str = "", periods: Sequence[Period] = (), *, whole: bool = False
) -> None:
    """Callback: say where a number comes from; `vendor` narrows the filters to the vendor whose number it is."""
    st.session_state[_ASKED] = Question(kpi, period, replace(filters, vendor=(vendor,)) if vendor else filters, tuple(periods), whole)


def origin_button(place: str, kpi: str, period: Period, filters: Filters, vendor: str = "", label: str = "") -> None:
    """A small button beside a number (`place` tells equal ones apart); without a label an icon with its words in the tooltip."""
    st.button(
        label or row_icon("origin", TITLE, kpi), key=f"origin-{place}-{vendor}-{kpi}", type="tertiary", help=None if label else TITLE,
        on_click=ask_origin, args=(kpi, period, filters, vendor),
    )  # fmt: skip


def row_icon(action: str, words: str, kpi: str) -> str:
    """The icon of a small button in the row of a KPI; it is called by its words and the KPI."""
    return action_image(action, f"{words} {find_kpi(kpi).label}", data.mode())


def why_choices(kpi: str, filters: Filters) -> dict[str, str | tuple[str, ...]]:
    """What to choose on Variance for a number: by vendor, or by site where one vendor is left."""
    return {"kpi": kpi, "vendor": filters.vendor, "by": "site" if len(filters.vendor) == 1 else "vendor", "within": (), "against": "period"}


def show_asked() -> None:
    """Open the dialog when a number was asked about; called once at the end of every run."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is not None:
        origin_dialog(asked)


@st.dialog(TITLE, width="large")
def origin_dialog(question: Question) -> None:
    """The number, its batches, its rows, the rows of the original files, and the way to trend and definition."""
    with dialog_guard():
        chosen = _period(question)
        found = data.ask(origin, question.query(chosen))
        _number(question, found, chosen)
        if found.row_count:
            _batches(found)
            _rows(found)
            _file_rows(found)
        _ways_on(question, chosen)


def _period(question: Question) -> Period | None:
    """The period of the number; on Trends any of the range, or all of them as one."""
    if len(question.periods) < 2:
        return question.period
    options: list[Period | None] = [*question.periods, None]
    first = options.index(None if question.whole else question.period)
    return st.selectbox(
        "Period", options, index=first, format_func=lambda period: period.label if period else "The whole range",
        key="origin-period", label_visibility="collapsed", width=220,
    )  # fmt: skip


def _number(question: Question, found: Origin, chosen: Period | None) -> None:
    """The number as a division, what it is held against, what it covers, and of what kind it is."""
    total, kpi = found.total, found.kpi
    first, last = found.query.start, found.query.end
    when = chosen.label if chosen else f"{day_text(first)} to {day_text(last)}"
    st.markdown(f":gray[{text(kpi.label)} ·] **{text(when)}** :gray[· {text(question.filters.words)}]")
    st.markdown(f"# {text(total['value_text'] + _division(found))}", anchors=False)
    lines = [_held_against(total)] if total["target_text"] != "-" else []
    facts = [total["coverage"], total.get("remark") or ""]
    lines.append(f":gray[{text(' · '.join(fact for fact in facts if fact))}]")
    lines += [text(_SOURCE_WORDS[total["source_kind"]])] if total["source_kind"] in _SOURCE_WORDS else []
    st.markdown("  \n".join(f":small[{line}]" for line in lines if line != ":gray[]"))


def _held_against(total: dict) -> str:
    """'met · target >= 80 % (Master services agreement)'."""
    basis = f" :gray[({text(total['basis'])})]" if total["basis"] else ""
    basis += f":gray[, {text(total['target_change'])}]" if total.get("target_change") else ""
    return f"{status_words(total['status'], total['status_text'], data.mode())} :gray[· target] {target_words(total['target_text'])}{basis}"


def _division(found: Origin) -> str:
    """' = 4,641,383 answered within threshold / 5,708,831 contacts offered'; '' where no counts are known."""
    if found.is_reported or not found.row_count:
        return ""
    above = f" = {amount(found.numerator)} {_measure_words(found.kpi.numerator_terms)}"
    if not found.kpi.denominator:
        return above
    scale = "" if found.kpi.scale == 1 else f" x {found.kpi.scale:,g}"
    return f"{above} / {amount(found.denominator)} {_measure_words(found.kpi.denominator_terms)}{scale}"


def _measure_words(terms: Sequence[Term]) -> str:
    """'handle time (s) + available time (s)'."""
    words = [f"{MEASURES[term.measure].label}{' (s)' if MEASURES[term.measure].is_duration else ''}" for term in terms]
    signs = ["", *(" - " if term.sign < 0 else " + " for term in terms[1:])]
    return "".join(sign + word for sign, word in zip(signs, words, strict=True))


def amount(number: Decimal) -> str:
    """An exact sum with thousands separated and no empty decimals: '1,234.5'."""
    return f"{number.normalize():,f}" if number else "0"


def _batches(found: Origin) -> None:
    """Which batches the number is made of, and what each adds."""
    count = len(found.batches)
    lead, sums = ("One batch", "its sums are") if count == 1 else (f"{count} batches", "their sums add up to")
    if found.is_reported:
        said = f"{lead}, as the vendor reported it"
    elif found.adds_up:
        said = f"{lead}: {sums} exactly the {'numerator and the denominator' if found.kpi.denominator else 'total'}"
    else:
        said = f"{lead} whose sums do not add up to the number; please report this"
    named = _batch_table(found)
    _headed(said, lambda: download_csv(named, f"batches-{found.kpi.id}.csv"))
    st.dataframe(
        named, hide_index=True, row_height=34, alt="The batches behind the number",
        column_config={"loaded": st.column_config.DatetimeColumn("loaded (UTC)", format="D MMM YYYY, HH:mm"), **_localized(named)},
    )  # fmt: skip


def _batch_table(found: Origin) -> pd.DataFrame:
    """File, source and recipe; rows and what they add in words, as floating point would not be exact."""
    sums = {} if found.is_reported else {"adds to numerator": found.batches["numerator"].map(amount)}
    sums |= {"adds to denominator": found.batches["denominator"].map(amount)} if sums and found.kpi.denominator else {}
    columns = ["batch_id", "file_name", "source", "rows"]
    named = found.batches[columns].assign(**sums)
    for column in ("file_rows", "recipe_name", "how", "loaded_at", "loaded_by"):
        named[column] = found.batches[column]
    names = {
        "batch_id": "batch",
        "file_name": "file",
        "recipe_name": "recipe",
        "file_rows": "rows of the file",
        "loaded_at": "loaded",
        "loaded_by": "by",
    }
    return named.rename(columns=names)


def _rows(found: Origin) -> None:
    """The accepted rows, the first of them on screen, all in the download."""
    more = f", the first {ROWS_LISTED}" if found.row_count > ROWS_LISTED else ""
    rows = "row" if found.row_count == 1 else "rows"
    everything = found.rows if found.is_reported else lambda: origin_rows(data.store(), data.scope(), found.query)
    _headed(
        f"Rows of the warehouse: {found.row_count:,} accepted {rows}{more}", lambda: download_csv(everything, f"rows-{found.kpi.id}.csv")
    )
    shown = _row_table(found)
    st.dataframe(
        shown, hide_index=True, row_height=34, height=min(36 * (len(shown) + 1), 288), alt="The accepted rows behind the number",
        column_config={"period from": st.column_config.DateColumn(format="D MMM YYYY"), **_localized(shown)}, placeholder="-",
    )  # fmt: skip


def _file_rows(found: Origin) -> None:
    """The rows of an original file itself; by a button, since the file is read again."""
    names = dict(zip(found.batches["batch_id"], found.batches["file_name"], strict=True))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Rows of the original file**", width="content")
        batch = next(iter(names))
        if len(names) > 1:
            batch = st.selectbox(
                "File", list(names), format_func=names.__getitem__, key="origin-file", label_visibility="collapsed", width=260
            )
        asked = st.button(f"Read {text(names[batch])}" if len(names) == 1 else "Read this file", key="origin-read", type="tertiary")
    key = (data.store().path, found.query, batch)
    if asked:
        with st.spinner(f"Reading {text(names[batch])} ..."):
            keys = origin_keys(data.store(), data.scope(), found, batch)
            st.session_state[_READ] = key, rows_behind(data.store(), data.scope(), data.originals(batch), batch, keys)
    read_key, read = st.session_state.get(_READ, (None, None))
    if read_key == key:
        _read_rows(read, names[batch])


def _read_rows(read: FileRows, file_name: str) -> None:
    """The rows of the file, its cells as they came; the first on screen, at most MOST_ROWS in the download."""
    most = f", the first {MOST_ROWS:,} in the download" if read.count > MOST_ROWS else ""
    rows = "row" if read.count == 1 else "rows"
    _headed(
        f"{file_name}: {read.count:,} {rows} of these periods and places{most}", lambda: download_csv(read.rows, f"rows-of-{file_name}")
    )
    shown = read.rows.head(ROWS_LISTED)
    height = min(36 * (len(shown) + 1), 288)
    st.dataframe(shown, hide_index=True, row_height=34, height=height, alt="The rows of the file as they came", placeholder="-")


def _row_table(found: Origin) -> pd.DataFrame:
    """The rows without columns that say nothing, measures by their labels."""
    shown = found.rows.dropna(axis=1, how="all")
    names = {"period_start": "period from", "batch_id": "batch", "line": "line of the file", "file_rows": "rows of the file"}
    names |= {name: dimension.label.lower() for name, dimension in DIMENSIONS.items()}
    names |= {name: MEASURES[name].label for name in shown.columns if name in MEASURES}
    names |= {"adds_to_numerator": "adds to numerator", "adds_to_denominator": "adds to denominator", "threshold_seconds": "threshold (s)"}
    if found.is_reported:
        shown = shown.assign(
            actual=[value_text(value, find_kpi(kpi).unit) for value, kpi in zip(shown["actual"], shown["kpi"], strict=True)]
        )
    return shown.rename(columns=names)


def _localized(table: pd.DataFrame) -> dict[str, Any]:
    """Numbers with their thousands apart, on the right."""
    numbers = table.select_dtypes("number").columns
    return {str(name): st.column_config.NumberColumn(format="localized", alignment="right") for name in numbers}


def _headed(words: str, beside: Callable[[], None]) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.markdown(f"**{text(words)}**", width="content")
        beside()


def _ways_on(question: Question, chosen: Period | None) -> None:
    """Notes, trend and definition of the number, with the filters kept."""
    with st.container(horizontal=True, gap="small"):
        if st.button("Notes on this number", key="origin-notes", type="tertiary", icon=NOTE_ICON):
            period, vendor = chosen or question.period, only_vendor(question.filters)
            ask_notes(NotesAsked(question.kpi, period, question.filters, vendor, question.periods))
            st.rerun()
        ways = (
            ("Trend", "trends", {"kpi": question.kpi, "vendor": question.filters.vendor}),
            (WHY, "variance", why_choices(question.kpi, question.filters)),
            ("Definition of this KPI", "definitions", {"kpi": question.kpi, "vendor": question.filters.vendor}),
        )
        for label, page, choices in ways:
            if st.button(label, key=f"origin-{page}", type="tertiary"):
                go_to(page, **choices)
                st.rerun()
