"""Why a KPI moved, as it is drawn: made once per warehouse version, request and mode, then only shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analytics.asking import Reader
from analytics.catalogue import DIMENSIONS, find_dimension, find_kpi
from analytics.charts.theme import Mode
from analytics.charts.waterfall import waterfall
from analytics.errors import UsageError
from analytics.filters import Filters
from analytics.performance.drivers import Split
from analytics.performance.drivers_in_words import (
    NO_CAUSE,
    change_text,
    end_text,
    split_sentence,
    split_table,
    start_text,
    step_sentences,
    steps_frame,
    totals_row,
)
from analytics.performance.why_moved import Against, Side, Why, WhyRequest, dated_events, why_moved
from analytics.periods import day_text, latest_complete
from analytics.warehouse import Scope
from pages.components import data
from pages.components.origin_view import ICON, ask_origin
from pages.components.parts import download_csv, empty_state, plot, section
from pages.components.state import View, choose, go_to
from pages.components.tables import cell_table, pager
from pages.components.text import text

_WINDOW = re.compile(r", \w{3} \d{4} to \w{3} \d{4}$")  # of a KPI read over more than the period: another one on each side
MOST_STEPS = 12
MOST_EVENTS = 3
ROWS_PER_PAGE = 25
TARGET_NAME = "Target"
_TABLE = {
    "name": "",
    "before_text": "then",
    "after_text": "now",
    "share_before_text": "share then",
    "share_after_text": "share now",
    "rate_text": "own rate",
    "mix_text": "mix",
    "effect_text": "change",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one looks: the filters narrowed to the members clicked on, and the path of (dimension, member) that led there."""

    path: tuple[tuple[str, str], ...]
    filters: Filters
    by: str

    @property
    def member(self) -> str:
        """The member one looks inside; '' on top."""
        return self.path[-1][1] if self.path else ""

    @property
    def free(self) -> list[str]:
        """The dimensions left to look by."""
        fixed = {dimension for dimension, _ in self.path}
        return [dimension for dimension in DIMENSIONS if dimension not in fixed]

    @property
    def next_by(self) -> str:
        """The dimension one level below: the next one in their order; '' when none is left."""
        names = list(DIMENSIONS)
        after = names[names.index(self.by) + 1 :] + names[: names.index(self.by)]
        return next((name for name in after if name in self.free), "")


@dataclass(frozen=True, slots=True)
class VarianceDrawing:
    """All the page shows of one change. Without a `split` there is only the reason, in `sentence`."""

    why: Why
    sentence: str
    sides_words: str
    figure: Any
    notes: str
    table: pd.DataFrame
    members: tuple[str | None, ...]
    download: pd.DataFrame
    accounts: Mapping[str, str]

    @property
    def split(self) -> Split | None:
        """The split that is drawn."""
        return self.why.split


def draw_variance(store: Reader, scope: Scope, request: WhyRequest, whose: str, mode: Mode) -> VarianceDrawing:
    """The change of a request in one mode; `whose` is the member one looks inside."""
    why = why_moved(store, scope, request)
    split, sides = why.split, _sides_words(why, request)
    if split is None or why.after is None:
        nothing = pd.DataFrame()
        return VarianceDrawing(why, why.remark, sides, None, "", nothing, (), nothing, {})
    before, after = why.before.phrase if why.before else "", why.after.phrase
    moved = any(part.rate_effect or part.mix_effect for part in split.parts)
    steps = steps_frame(split, why.before.name if why.before else TARGET_NAME, why.after.name, MOST_STEPS)
    rows = split_table(split)
    return VarianceDrawing(
        why=why,
        sentence=split_sentence(split, before, after, whose),
        sides_words=sides,
        figure=waterfall(steps, request.kpi, mode) if moved else None,
        notes=_notes(why, moved),
        table=_table(split, rows),
        members=(None, *rows["member"]),
        download=_download(rows, why, request),
        accounts=step_sentences(split, whose or f"all {DIMENSIONS[request.by].plural}"),
    )


def _sides_words(why: Why, request: WhyRequest) -> str:
    """'Q3 2026 against Q2 2026', 'Q3 2026 against its target of >= 80 %'."""
    now = why.after.name if why.after else request.period.label
    if request.against is Against.TARGET:
        return f"{now} against its target{f' of {why.goal}' if why.goal else ''}"
    if request.against is Against.EVENT:
        return f"around {request.event_title}, {day_text(request.event_day)}" if request.event_day else "around an event"
    return f"{now} against {why.before.name if why.before else request.other.label}"


def _notes(why: Why, moved: bool) -> str:
    """How to read it, what both sides cover and what else must be known, in muted lines."""
    split = why.split
    assert split is not None and why.after is not None
    lines = [why.note] if why.note else []
    if len(split.parts) == 1:
        one = DIMENSIONS[split.by].label.lower()
        lines.append(f"Only one {one} is behind this number, so all of it is its own: look by another dimension.")
    if not moved:
        lines.append("No part of it moved, so there is nothing to draw.")
    lines += [_method(split), *([f"Target: {why.basis}."] if why.basis else [])]
    covered, differs = coverage_words([side for side in (why.before, why.after) if side])
    covered = f"**{text(covered)}**" if differs else f":gray[{text(covered)}]"
    return f":small[:gray[{text(' '.join(lines))}]]  \n:small[{covered}]"


def _method(split: Split) -> str:
    plural, kpi = DIMENSIONS[split.by].plural, find_kpi(split.kpi)
    colours = " Blue is better, orange is worse." if kpi.better_sign else " Grey: more or less of it is neither good nor bad."
    if split.against_target:
        return f"Each part is a member's share times its distance from the target.{colours} {NO_CAUSE}"
    if not kpi.denominator:
        return f"Each part is a member's own change.{colours} {NO_CAUSE}"
    return (
        f"Own rate: what a member's new level changes of the whole at its mean share. Mix: what shifted shares of the {plural} change."
        f"{colours} {NO_CAUSE}"
    )


def coverage_words(sides: Iterable[Side]) -> tuple[str, bool]:
    """'Coverage of both: 4 of 5 vendors', or of each where they differ; and whether they do."""
    shown = list(sides)
    remarks = "".join(f" {remark[0].upper()}{remark[1:]}." for remark in dict.fromkeys(side.remark for side in shown) if remark)
    each = "; ".join(f"{side.name} {side.coverage}" for side in shown)
    if len({side.coverage for side in shown}) == 1:
        return f"Coverage{' of both' if len(shown) > 1 else ''}: {shown[0].coverage}.{remarks}", False
    if len({_WINDOW.sub("", side.coverage) for side in shown}) == 1:
        return f"Coverage of both: {each}.{remarks}", False
    return f"Coverage differs, so who is counted is not the same: {each}.{remarks}", True


def _table(split: Split, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as printed under their sum; columns that say nothing about this kind of split are left out."""
    ratio = bool(find_kpi(split.kpi).denominator)
    hidden = {"rate_text", "mix_text", "share_before_text", "before_text"} if split.against_target else set()
    hidden |= set() if ratio else {"rate_text", "mix_text", "share_before_text", "share_after_text"}
    kinds = [f" ({kind})" if kind else "" for kind in rows["kind_text"]]
    named = rows.assign(name=[name + kind for name, kind in zip(rows["name"], kinds, strict=True)])
    shown = pd.concat([pd.DataFrame([totals_row(split)]), named], ignore_index=True)
    columns = {name: label for name, label in _TABLE.items() if name not in hidden}
    columns |= {"after_text": "actual", "share_after_text": "share", "effect_text": "part of the gap"} if split.against_target else {}
    return shown[list(columns)].rename(columns=columns | {"name": DIMENSIONS[split.by].label})


def _download(rows: pd.DataFrame, why: Why, request: WhyRequest) -> pd.DataFrame:
    """Every part as printed, with the numbers and counts behind it."""
    then = why.before.name if why.before else TARGET_NAME
    now = why.after.name if why.after else ""
    return rows.assign(kpi=request.kpi, dimension=request.by, then=then, now=now)


def place_of(view: View) -> Place:
    """Where the link looks: a member the filters leave out ends the path."""
    path, filters = [], view.filters
    for step in view.many("within"):
        dimension, _, member = step.partition("=")
        find_dimension(dimension)
        chosen = getattr(filters, dimension)
        if chosen and member not in chosen:
            break
        filters = replace(filters, **{dimension: (member,)})
        path.append((dimension, member))
    place = Place(tuple(path), filters, view.one("by"))
    return place if place.by in place.free else replace(place, by=place.next_by)


def request_of(view: View, place: Place, events: list[tuple[date, str]]) -> WhyRequest:
    """What the link asks for; an event that is none raises `UsageError`."""
    asked = WhyRequest(
        view.one("kpi"), place.by, view.period, view.compared_with, filters=place.filters,
        reporting_currency=data.settings().reporting_currency,
    )  # fmt: skip
    name = view.one("against")
    if name in (Against.PERIOD, Against.TARGET):
        return replace(asked, against=Against(name))
    found = {event_id(day, title): (day, title) for day, title in events}
    if name not in found:
        raise UsageError(f"There is no event '{name}' for this KPI and these filters.", "Choose another comparison.")
    day, title = found[name]
    return replace(asked, against=Against.EVENT, event_day=day, event_title=title)


def event_id(day: date, title: str) -> str:
    """An event's name in the link: '2026-08-14 Pune outage'."""
    return f"{day} {title}"


def events_offered(view: View, place: Place) -> list[tuple[date, str]]:
    """The events to look around."""
    return data.ask(dated_events, view.one("kpi"), place.filters)


def controls(view: View, place: Place, events: list[tuple[date, str]]) -> None:
    """By which dimension, and held against what."""
    names: dict[str, str] = {Against.PERIOD: f"Against {view.compared_with.label}", Against.TARGET: "Against the target"}
    names |= {event_id(day, title): f"Around {title}, {day_text(day)}" for day, title in events}
    st.session_state["by"] = place.by
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.segmented_control(
            "By", place.free, format_func=lambda name: DIMENSIONS[name].plural.capitalize(), key="by", label_visibility="collapsed"
        )
        st.selectbox("Against", list(names), format_func=lambda n: names.get(n, n), key="against", label_visibility="collapsed", width=290)


def path_control(place: Place, drawn_above: VarianceDrawing | None) -> None:
    """Below a member the way back up, and what the member accounts for there."""
    if not place.path:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for index, (dimension, _) in enumerate(place.path):
            label = f"All {DIMENSIONS[dimension].plural}" if index == 0 else place.path[index - 1][1]
            up = [f"{name}={member}" for name, member in place.path[:index]]
            st.button(
                text(label), key=f"up-{index}", type="tertiary", icon=":material/arrow_back:", on_click=choose,
                kwargs={"within": up, "by": dimension},
            )  # fmt: skip
        said = drawn_above.accounts.get(place.member, "") if drawn_above else ""
        st.markdown(f":gray[{text(said)}]" if said else f"**{text(place.member)}**")


def above(view: View, place: Place, request: WhyRequest) -> VarianceDrawing | None:
    """The level above, where the member one looks inside is one of the parts."""
    if not place.path:
        return None
    dimension, _ = place.path[-1]
    filters = view.filters
    for name, member in place.path[:-1]:
        filters = replace(filters, **{name: (member,)})
    whose = place.path[-2][1] if len(place.path) > 1 else ""
    return data.ask(draw_variance, replace(request, by=dimension, filters=filters), whose, data.mode())


def look_inside(place: Place, member: str | None) -> None:
    """Callback of a click: one level down, into this member."""
    if member is None or not place.next_by:
        return
    within = [*(f"{name}={value}" for name, value in place.path), f"{place.by}={member}"]
    choose(within=within, by=Place((*place.path, (place.by, member)), place.filters, place.by).next_by, table_page="1")


def chart(drawn: VarianceDrawing, place: Place) -> None:
    """The waterfall; a click on a part looks inside it."""
    if drawn.figure is not None:
        alt = f"Waterfall: {drawn.sentence} Every part is in the table below."
        plot(drawn.figure, "waterfall", alt, lambda told: look_inside(place, told[0]))
    st.markdown(drawn.notes)


def events_line(view: View, events: list[tuple[date, str]]) -> None:
    """The dated events of the period, which may or may not have to do with the change, and the way to look around each."""
    if view.one("against") not in (Against.PERIOD, Against.TARGET):
        return
    inside = [(day, title) for day, title in events if view.period.start <= day <= view.period.end]
    if not inside:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[:gray[Events in {text(view.period.label)}, none of them need be the cause:]]", width="content")
        for day, title in inside[:MOST_EVENTS]:
            st.button(text(f"{title}, {day_text(day)}"), type="tertiary", on_click=choose, kwargs={"against": event_id(day, title)})
        if len(inside) > MOST_EVENTS:
            st.markdown(f":small[:gray[and {len(inside) - MOST_EVENTS} more in the list above]]", width="content")


def ends(drawn: VarianceDrawing, request: WhyRequest) -> None:
    """Where both numbers come from, and the way to trend and definition with the filters kept."""
    split, why = drawn.split, drawn.why
    assert split is not None
    with st.container(horizontal=True, gap="small"):
        for name, side, value in (("then", why.before, start_text(split)), ("now", why.after, end_text(split))):
            if side:
                alone = request.query(side.periods[0], side.periods[-1], ()).own_periods
                periods = tuple(reversed(side.periods)) if alone else ()
                st.button(text(f"Where does {value} come from?"), key=f"origin-{name}", type="tertiary", icon=ICON, help=side.name,
                          on_click=ask_origin, args=(request.kpi, side.periods[-1], request.filters, "", periods),
                          kwargs={"whole": len(periods) > 1})  # fmt: skip
        chosen = {name: getattr(request.filters, name) for name in request.filters.dimensions}
        st.button("Trend", type="tertiary", on_click=go_to, args=("trends",), kwargs={"kpi": request.kpi, **chosen})
        st.button("Definition of this KPI", type="tertiary", on_click=go_to, args=("definitions",), kwargs={"kpi": request.kpi})


def parts_table(drawn: VarianceDrawing, place: Place, request: WhyRequest, asked: str) -> None:
    """The parts as a table of pages; a click on a row looks inside its member."""
    split = drawn.split
    assert split is not None
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        inside = "Click a row to look inside. " if place.next_by else ""
        section("The parts", f":gray[:small[{inside}They add up to {text(change_text(split))}.]]")
        download_csv(drawn.download, f"variance-{request.kpi}-by-{request.by}.csv")
    pages = (len(drawn.table) - 2) // ROWS_PER_PAGE + 1
    page = pager("table_page", asked, pages, ("Larger parts", "Smaller parts"), "largest first")
    rows = [0, *range(1 + (page - 1) * ROWS_PER_PAGE, min(1 + page * ROWS_PER_PAGE, len(drawn.table)))]
    shown = drawn.table.iloc[rows]
    right = {name: st.column_config.TextColumn(alignment="right") for name in shown.columns[1:]}
    first = {shown.columns[0]: st.column_config.TextColumn(pinned=True)}
    inside = lambda row, _: look_inside(place, drawn.members[rows[row]])  # noqa: E731
    cell_table(shown, "parts", "The parts of the change", inside, column_config=first | right)


def nothing(drawn: VarianceDrawing, view: View, place: Place) -> None:
    """That there is nothing to split, which the headline says, and one way on."""
    whole = latest_complete(view.period.grain, data.span().last_day, view.fiscal_start)
    reason = f"{place.filters.words}; the newest data is of {data.newest_day()}."
    if place.path:
        empty_state("Nothing to look inside here", reason, "Back to the whole", choose, within=(), by=place.path[0][0])
    elif view.one("against") != Against.PERIOD:
        empty_state("Nothing to split", reason, f"Compare with {view.compared_with.label}", choose, against=Against.PERIOD)
    elif view.period > whole and data.span().covers(whole):
        empty_state(f"No verdict for {view.period.label} yet", reason, f"Show {whole.label}", choose, period=whole.id)
    elif place.filters.dimensions:
        empty_state("Nothing to split", reason, "Clear the filters", choose, **dict.fromkeys(place.filters.dimensions, ()))
    elif place.by != "vendor":
        empty_state("Nothing to split", reason, "Look by vendor", choose, by="vendor")
    else:
        empty_state("Nothing to split", reason, "See its trend", go_to, page="trends", kpi=view.one("kpi"))
