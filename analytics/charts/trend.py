"""One KPI over time: the control chart, vendors in one picture, and small multiples on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.catalogue import Kpi, find_kpi
from analytics.catalogue.units import number_text
from analytics.charts.events import Event, event_lines, event_names, event_notes, events_of
from analytics.charts.hover import bold
from analytics.charts.limits import band, limit_labels, limit_traces, segment_names
from analytics.charts.notes import note_marks, note_words
from analytics.charts.parts import HIDDEN, NEVER_FADES, Spec, base_layout, escape, figure, note, shortened, with_notes
from analytics.charts.theme import LABEL_GAP, Mode, Theme, theme_for
from analytics.charts.timeline import (
    MOST_DOTS,
    Label,
    Scale,
    Step,
    brief,
    grain_of,
    level_text,
    line_only,
    middles,
    numbers,
    point_facts,
    pushed_apart,
    short_words,
    some_points,
    stepped,
    steps_of,
    time_axis,
    time_x,
    value_axis,
    value_range,
)

HEIGHT = 330
SMALL_HEIGHT = 118
MOST_NAMED_VENDORS = 8
LONGEST_END_LABEL = 11
END_SHIFT = 8
CHARACTER_WIDTH = 6.2
MOST_NAMED_SIGNALS = 3
MARGIN_FOR_LABELS = 90
CONTROL_COLUMNS = ("centre_line", "lower_limit", "upper_limit", "signal")
SIGNAL_SIZES = {30: 13, 60: 10, MOST_DOTS: 7}
SMALLEST_SIGNAL = 6
SPECIAL = ("improvement", "concern", "high", "low")
_TARGET_COLUMNS = ("target", "lower", "upper")


def trend(
    frame: pd.DataFrame,
    kpi: str,
    mode: Mode,
    *,
    events: pd.DataFrame | None = None,
    notes: pd.DataFrame | None = None,
    beside: str = "",
    control: bool = True,
    height: int = HEIGHT,
) -> go.Figure:
    """One series as a control chart: value, dated target, limits and mean, special causes, events, notes, and an earlier line.

    One row of `frame` per period, in order: period, period_end, value, numerator, denominator, value_text, target,
    lower, upper, target_text, coverage, complete; with `control` also centre_line, lower_limit, upper_limit, signal if
    the frame has them, and `segment` where limits start anew. Columns `beside` (value) and `beside_text` are the earlier line, called
    `beside` at its end. `events`: happened_on, title. `notes`: period, number, words. A selection, by click or by
    dragging, returns points whose x lies in the middle of their period.
    """
    theme, entry = theme_for(mode), find_kpi(kpi)
    limits = control and all(name in frame for name in CONTROL_COLUMNS)
    shown = events_of(events, frame)
    layout, scale = _layout(frame, entry, theme, height, limits)
    if frame.empty:
        return figure([], layout)
    facts = point_facts(frame, entry, _remarks(frame, shown, notes))
    traces = [
        *_earlier_line(frame, theme),
        *(limit_traces(frame, theme) if limits else ()),
        *_target_traces(frame, theme),
        *_value_traces(frame, theme, facts),
    ]
    traces += [trace | NEVER_FADES for trace in _signal_traces(frame, theme, _signal_size(frame))] if limits else []
    traces += note_marks(notes, frame, scale, theme)
    layout["shapes"] = [*(band(frame, theme) if limits else ()), *event_lines(shown, scale, theme)]
    ends = _end_labels(frame, entry, scale, theme, limits, beside)
    layout["margin"]["r"] = _margin(ends)
    words = [*event_names(shown, theme), *_end_notes(ends), *_older_targets(frame, entry, scale, theme)]
    words += [*_signal_names(frame, scale, theme), *segment_names(frame, entry, scale, theme)] if limits else []
    return figure(traces, with_notes(layout, words))


def _remarks(frame: pd.DataFrame, events: Sequence[Event], notes: pd.DataFrame | None) -> list[str]:
    """For the hover of each period: its earlier counterpart, its events, its notes."""
    earlier = [f"<br>{escape(words)}" if words else "" for words in frame["beside_text"]] if "beside_text" in frame else [""] * len(frame)
    parts = zip(earlier, event_notes(events, frame), note_words(notes, frame), strict=True)
    return ["".join(lines) for lines in parts]


def _earlier_line(frame: pd.DataFrame, theme: Theme) -> list[Spec]:
    """What the values are set beside, thin and muted, under everything else; a point without neighbours is a small dot."""
    if "beside" not in frame or not frame["beside"].notna().any():
        return []
    values = frame["beside"].to_numpy(float)
    line = line_only(time_x(frame) | {"y": numbers(values)}, theme.normal, 1.2)
    alone = _alone(values)
    if not alone.any():
        return [line]
    place = {"x": [str(time) for time in middles(frame[alone])], "y": numbers(values[alone])}
    dots = {"type": "scatter", "mode": "markers", **place, "marker": {"size": 4, "color": theme.normal}, "hoverinfo": "skip"}
    return [line, dots | {"unselected": {"marker": {"opacity": 1}}}]


def _layout(frame: pd.DataFrame, kpi: Kpi, theme: Theme, height: int, limits: bool) -> tuple[Spec, Scale]:
    drawn = ("value", *_TARGET_COLUMNS, *(CONTROL_COLUMNS[:3] if limits else ()), *(("beside",) if "beside" in frame else ()))
    top, bottom = 40, 42
    scale = Scale(*value_range(frame, drawn), height - top - bottom)
    layout = base_layout(theme, height, left=34, right=MARGIN_FOR_LABELS, top=top, bottom=bottom)
    layout |= {"hovermode": "x", "hoverdistance": -1, "selectdirection": "h"}  # whether one clicks or drags is the page's to say
    line = {"color": theme.target, "width": 1, "dash": "dot"}
    layout |= {"newselection": {"line": line}, "activeselection": {"fillcolor": theme.target, "opacity": 0.08}}
    layout["xaxis"] = time_axis(frame, theme) | ({"ticks": "outside", "tickcolor": theme.rule} if len(frame) else {})
    measured = bool(frame[list(drawn)].notna().any(axis=None))
    layout["yaxis"] = value_axis(scale, kpi, theme, 5, measured=measured) | {"automargin": True}
    return layout, scale


def _target_traces(frame: pd.DataFrame, theme: Theme, width: float = 2) -> list[Spec]:
    """The target of its day as plum dashes; a band has two lines."""
    lines = [steps_of(frame, column) for column in _TARGET_COLUMNS]
    return [line_only(stepped(steps, joined=True), theme.target, width, "5px,3px") for steps in lines if steps]


def _value_traces(frame: pd.DataFrame, theme: Theme, facts: Spec) -> list[Spec]:
    """The line over whole periods, dashes to a period that is not complete, and the dots, of which each answers hover and selection."""
    values, complete = frame["value"].to_numpy(float), frame["complete"].to_numpy(bool)
    points = _points(frame, facts) | (_dots(frame, theme) if len(values) <= MOST_DOTS else HIDDEN)
    if complete.all():
        line = points | {"mode": "lines+markers", "line": {"color": theme.ink, "width": 1.6}}
        alone = _alone(values)
        return [line, *([_lonely(frame, alone, theme)] if len(values) > MOST_DOTS and alone.any() else [])]
    lines = [line_only(time_x(frame) | {"y": numbers(np.where(complete, values, np.nan))}, theme.ink, 1.6)]
    if not complete[-1] and len(values) > 1:
        lines.append(line_only({"x": [str(time) for time in middles(frame)[-2:]], "y": numbers(values[-2:])}, theme.ink, 1.6, "dot"))
    alone = np.isfinite(values) & (_alone(values) | ~complete)
    return [*lines, *([_lonely(frame, alone, theme)] if len(values) > MOST_DOTS and alone.any() else []), points]


def _alone(values: np.ndarray) -> np.ndarray:
    """Points without a neighbour, which no line would show."""
    there = np.isfinite(values)
    before, after = np.r_[False, there[:-1]], np.r_[there[1:], False]
    return there & ~before & ~after


def _lonely(frame: pd.DataFrame, shown: np.ndarray, theme: Theme) -> Spec:
    """Dots of a line that is too long to have one at each point."""
    place = {"x": [str(time) for time in middles(frame[shown])], "y": numbers(frame["value"][shown])}
    return {"type": "scatter", "mode": "markers", **place, **_dots(frame[shown], theme), "hoverinfo": "skip"}


def _points(frame: pd.DataFrame, facts: Spec) -> Spec:
    """Every point with its facts; a line without markers never returns selected points."""
    return {"type": "scatter", "mode": "markers", **time_x(frame), "y": numbers(frame["value"]), **facts}


def _dots(frame: pd.DataFrame, theme: Theme) -> Spec:
    """Grey dots; a period that is not complete is hollow."""
    fills = [theme.normal if whole else theme.page for whole in frame["complete"].tolist()]
    edges = [theme.page if whole else theme.ink for whole in frame["complete"].tolist()]
    whole = bool(frame["complete"].all())
    line = {"width": 1.4, "color": edges[0] if whole else edges}
    return {"marker": {"size": 7, "opacity": 1, "color": fills[0] if whole else fills, "line": line}, **NEVER_FADES}


def _signal_size(frame: pd.DataFrame) -> int:
    """The more points, the smaller their marks."""
    return next((size for most, size in SIGNAL_SIZES.items() if len(frame) <= most), SMALLEST_SIGNAL)


def _signal_traces(frame: pd.DataFrame, theme: Theme, size: int) -> list[Spec]:
    """Special causes: improvement a blue diamond, concern a vermilion triangle, high and low a plum diamond."""
    signals = frame["signal"].to_numpy(object)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            **some_points(frame, signals == signal),
            "marker": {
                "size": size,
                "opacity": 1,
                "symbol": "triangle-down" if signal == "concern" else "diamond",
                "color": theme.signal(signal),
            },
            "hoverinfo": "skip",
        }
        for signal in SPECIAL
        if (signals == signal).any()
    ]


def _end_labels(frame: pd.DataFrame, kpi: Kpi, scale: Scale, theme: Theme, limits: bool, beside: str) -> list[Label]:
    """What stands at the right end: the newest value, the limits and the mean, the target, the earlier line."""
    last = _last_value(frame, theme, limits)
    normal = limit_labels(frame, kpi, scale, theme) if limits else []
    earlier = _earlier_label(frame, kpi, scale, theme, beside)
    return pushed_apart([*([last] if last else []), *normal, *_target_labels(frame, kpi, theme), *earlier], scale)


def _earlier_label(frame: pd.DataFrame, kpi: Kpi, scale: Scale, theme: Theme, name: str) -> list[Label]:
    """'last year 81.2' at the end of the earlier line."""
    levels = frame["beside"].dropna() if "beside" in frame else frame["value"].iloc[:0]
    return [Label(f"{name} {level_text(level, kpi.unit, scale)}", level, theme.muted) for level in levels.iloc[-1:].tolist()]


def _end_notes(labels: Sequence[Label]) -> list[Spec]:
    return [note(1, brief(label.level), label.words, label.colour) | {"xref": "paper", "xshift": END_SHIFT} for label in labels]


def _margin(labels: Sequence[Label]) -> int:
    """Room for the longest label at the right end: 90 px, more for numbers of seven figures."""
    longest = max((len(line) for label in labels for line in label.plain.split("<br>")), default=0)
    return max(MARGIN_FOR_LABELS, round(END_SHIFT + CHARACTER_WIDTH * longest))


def _words_of(row: pd.Series, frame: pd.DataFrame) -> str:
    """'Aug 68.6 %'; where that is longer than the margin, the value alone."""
    words = f"{short_words(row['period'], row['period_end'], grain_of(frame))} {row['value_text']}"
    return f"<b>{escape(words if len(words) <= LONGEST_END_LABEL else row['value_text'])}</b>"


def _last_value(frame: pd.DataFrame, theme: Theme, limits: bool) -> Label | None:
    """The newest value in words, in the colour of its signal; a period that is not complete says so."""
    measured = frame[frame["value"].notna()]
    if measured.empty:
        return None
    row = measured.iloc[-1]
    colour = _signal_words_colour(row["signal"], theme) if limits else theme.ink
    words = _words_of(row, frame) + ("" if row["complete"] else "<br>not complete")
    return Label(words, float(row["value"]), colour, pinned=True)


def _signal_words_colour(signal: object, theme: Theme) -> str:
    known = {"improvement": theme.improvement.text, "concern": theme.concern.text, "high": theme.target, "low": theme.target}
    return known.get(str(signal), theme.ink)


def _target_labels(frame: pd.DataFrame, kpi: Kpi, theme: Theme) -> list[Label]:
    """The newest target at the right end; a band is named at both of its ends."""
    newest = [(column, step) for column in _TARGET_COLUMNS for step in steps_of(frame, column, "target_text")[-1:]]
    return [Label(f"<b>target {_target_words(step, column, kpi)}</b>", step.level, theme.target) for column, step in newest]


def _target_words(step: Step, column: str, kpi: Kpi) -> str:
    """'>= 80' without its unit, which the axis has."""
    sign = {"lower": ">= ", "upper": "<= "}.get(column)
    return escape(f"{sign}{number_text(step.level, kpi.unit)}" if sign else step.words.removesuffix(kpi.unit.suffix))


def _older_targets(frame: pd.DataFrame, kpi: Kpi, scale: Scale, theme: Theme) -> list[Spec]:
    """Under each earlier step (over it at the foot of the chart): what was asked until when."""
    older = steps_of(frame, "target", "target_text")[:-1]
    return [
        note(step.start, brief(step.level), f"target {_target_words(step, 'target', kpi)} until {_last_month(step)}", theme.target)
        | {"xshift": 4, "yshift": -12 if step.level - scale.low > LABEL_GAP * scale.per_pixel else 12}
        for step in older[-2:]
    ]


def _last_month(step: Step) -> str:
    return f"{pd.Timestamp(step.end) - pd.Timedelta(days=1):%b %Y}"


def _signal_names(frame: pd.DataFrame, scale: Scale, theme: Theme) -> list[Spec]:
    """The newest special causes by name, to the left of their points; the last point is named at the right end."""
    named = _nameable(frame, scale)
    return [
        note(str(time), brief(row["value"]), _words_of(row, frame), _signal_words_colour(row["signal"], theme), "right") | {"xshift": -10}
        for time, (_, row) in zip(middles(named), named.iterrows(), strict=True)
    ]


def _nameable(frame: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """The two newest special causes before the last point whose names would not run into their neighbours."""
    measured = frame[frame["value"].notna()]
    distance = [measured["value"].diff(back).abs().fillna(np.inf) for back in (1, 2)]
    clear = np.minimum(*distance) > LABEL_GAP * scale.per_pixel
    return (
        measured[clear & measured["signal"].isin(SPECIAL)]
        .drop(index=measured.index[-1:], errors="ignore")
        .iloc[-(MOST_NAMED_SIGNALS - 1) :]
    )


@dataclass(frozen=True, slots=True)
class _Series:
    """One vendor's line with its colour; without a colour it stays in the background."""

    name: str
    frame: pd.DataFrame
    colour: str | None


def trend_by_vendor(frame: pd.DataFrame, kpi: str, mode: Mode, *, events: pd.DataFrame | None = None, height: int = HEIGHT) -> go.Figure:
    """Vendors in one chart, each named at the end of its line; beyond eight the rest stay in the background.

    `frame` as for `trend` plus vendor, vendors in the order they are to be named. The target is drawn where all share it.
    """
    theme, entry = theme_for(mode), find_kpi(kpi)
    shown = events_of(events, frame)
    layout, scale = _layout(frame, entry, theme, height, limits=False)
    layout["hovermode"] = "closest"
    if frame.empty:
        return figure([], layout)
    series = _series(frame, theme)
    shared = _shared_targets(frame)
    lines = [_series_line(one, entry, theme) for one in series]
    names = pushed_apart([*_series_names(series), *_target_labels(shared, entry, theme)], scale)
    layout["margin"]["r"] = _margin(names)
    notes = [*_end_notes(names), *event_names(shown, theme)]
    layout["shapes"] = event_lines(shown, scale, theme)
    return figure([*_target_traces(shared, theme), *lines, *_series_dots(series, theme)], with_notes(layout, notes))


def _series(frame: pd.DataFrame, theme: Theme) -> list[_Series]:
    """The lines, background first so that no named line is covered."""
    groups = [(str(name), group.reset_index(drop=True)) for name, group in frame.groupby("vendor", sort=False)]
    colours = [*theme.series[:MOST_NAMED_VENDORS], *[None] * len(groups)]
    return [_Series(name, group, colour) for (name, group), colour in zip(groups, colours, strict=False)][::-1]


def _series_line(one: _Series, kpi: Kpi, theme: Theme) -> Spec:
    """The line with invisible markers that answer hover and selection."""
    facts = point_facts(one.frame, kpi, [""] * len(one.frame), bold("%{meta}"))
    line = {"color": one.colour or theme.rule, "width": 1.8 if one.colour else 1}
    return _points(one.frame, facts) | {"mode": "lines+markers", "meta": escape(one.name), "line": line, **HIDDEN}


def _series_dots(series: Sequence[_Series], theme: Theme) -> list[Spec]:
    """A dot in the vendor's colour on the last measured point; hollow when its period is not complete."""
    ends = [
        (one.colour, one.frame[one.frame["value"].notna()].iloc[-1:]) for one in series if one.colour and one.frame["value"].notna().any()
    ]
    if not ends:
        return []
    last = pd.concat([end for _, end in ends])
    colours = [colour for colour, _ in ends]
    fills = [colour if whole else theme.page for colour, whole in zip(colours, last["complete"].tolist(), strict=True)]
    marker = {"size": 7, "opacity": 1, "color": fills, "line": {"width": 1.4, "color": colours}}
    place = {"x": [str(time) for time in middles(last)], "y": numbers(last["value"])}
    return [{"type": "scatter", "mode": "markers", **place, "marker": marker, "hoverinfo": "skip", **NEVER_FADES}]


def _series_names(series: Sequence[_Series]) -> list[Label]:
    ends = [(one, one.frame["value"].dropna()) for one in series]
    return [Label(shortened(one.name, 13), float(values.iloc[-1]), one.colour) for one, values in ends if one.colour and len(values)]


def _shared_targets(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per period with the target all vendors share, empty where they differ."""
    columns = ["period", "period_end", *_TARGET_COLUMNS, "target_text"]
    shared = frame.drop_duplicates("period")[columns]
    differ = frame.groupby("period")["target_text"].nunique() > 1
    return shared[~shared["period"].map(differ)]


def small_multiple(frame: pd.DataFrame, kpi: str, mode: Mode, y_range: tuple[float, float]) -> go.Figure:
    """One vendor's series, 118 px high, on a scale shared with its neighbours (`value_range` of all of them).

    Columns as for `trend`; limits and special causes are drawn if the frame has them.
    """
    theme, entry = theme_for(mode), find_kpi(kpi)
    scale = Scale(*y_range, SMALL_HEIGHT - 30)
    layout = base_layout(theme, SMALL_HEIGHT, left=32, right=6, top=6, bottom=24)
    layout |= {"hovermode": "x", "hoverdistance": -1, "dragmode": False}
    layout["xaxis"] = time_axis(frame, theme) | {"nticks": 3, "tickformat": "%b %y", "ticklabelmode": "instant"}
    layout["yaxis"] = value_axis(scale, entry, theme, 3) | {"automargin": True}
    if frame.empty:
        return figure([], layout)
    limits = all(name in frame for name in CONTROL_COLUMNS)
    layout |= {"shapes": band(frame, theme)} if limits else {}
    facts = point_facts(frame, entry, [""] * len(frame))
    line = _points(frame, facts) | {"mode": "lines+markers", "line": {"color": theme.ink, "width": 1.4}, **HIDDEN}
    return figure([*_target_traces(frame, theme, 1), line, *(_signal_traces(frame, theme, 7) if limits else ())], layout)
