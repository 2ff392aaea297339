"""The charts of a page as they are usually written: plotly.express over the very frames the page draws.

One call per chart with its default settings and template (in a Streamlit app plotly.express takes Streamlit's):
* a trend: `px.line` of value, target and limits, the hover's facts as `hover_data`, special causes by `px.scatter`, events by `add_vline`;
* small multiples: the same for each vendor, without the mean;
* a grid: `px.imshow` with the values as text and the facts of the hover as `customdata`;
* a sparkline: `px.line` of 13 months and their target without axes, the last point by `add_scatter`.
Nothing is repeated or spelled out that plotly.express would not do by itself: numbers travel as float64, packed as it packs them.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

from analytics.options import data_span
from analytics.performance.report import SPARKLINE_MONTHS, ReportRequest, measured_report
from analytics.performance.trends import TrendRequest, default_range, one_trend, trend_events, vendor_trends
from analytics.periods import Grain
from analytics.settings import load_settings
from analytics.warehouse import Scope, Store

POINT_FACTS = ["value_text", "target_text", "numerator", "denominator", "coverage", "complete"]
CELL_FACTS = ["value_text", "target_text", "variance_text", "status_text", "coverage", "numerator", "denominator", "source_kind", "remark"]
CELL_HOVER = (
    "<b>%{x}</b> %{y}<br>%{customdata[0]} against %{customdata[1]}<br>%{customdata[2]} <b>%{customdata[3]}</b><br>"
    "%{customdata[4]}: %{customdata[5]} / %{customdata[6]}<br>%{customdata[7]} %{customdata[8]}<extra></extra>"
)
LIMITS = ["lower_limit", "upper_limit"]
ALL = "All"


def report_charts(store: Store) -> Iterator[go.Figure]:
    """The grid of the report in its default view, and a sparkline for each card and each row of its table."""
    settings, span = load_settings(store.path.parent), data_span(store, Scope.everything())
    if span is None:
        return
    request = ReportRequest(span.default_period(), settings.shown_kpis)
    found = measured_report(store, Scope.everything(), request, settings.contract_kpis)
    yield _grid(found.frame.fillna({"vendor": ALL}))
    portfolio = found.months[found.months["vendor"].isna()]
    for kpi in (*settings.contract_kpis, *dict.fromkeys(found.frame["kpi"])):
        yield _sparkline(portfolio[portfolio["kpi"] == kpi].sort_values("period").tail(SPARKLINE_MONTHS))


def trend_charts(store: Store, grain: Grain, start: date | None = None, end: date | None = None) -> Iterator[go.Figure]:
    """The trend of the first KPI and its small multiples; without dates over the default range."""
    settings, span = load_settings(store.path.parent), data_span(store, Scope.everything())
    if span is None:
        return
    first, last = default_range(grain, span.default_period())
    request = TrendRequest(settings.shown_kpis[0], grain, start or first, end or last)
    total = _trend(one_trend(store, Scope.everything(), request).series, ["value", "target", "centre_line", *LIMITS])
    for event in trend_events(store, Scope.everything(), request).to_dict("records"):
        total.add_vline(event["happened_on"].timestamp() * 1000, line_dash="dot", annotation_text=event["title"])
    yield total
    for _, series in vendor_trends(store, Scope.everything(), request).groupby("vendor"):
        yield _trend(series, ["value", "target", *LIMITS])


def _trend(series: pd.DataFrame, lines: list[str]) -> go.Figure:
    chart = px.line(series, x="period", y=lines, hover_data=POINT_FACTS)
    special = series[series["signal"] != "none"]
    return chart.add_traces(px.scatter(special, x="period", y="value", color="signal", symbol="signal").data)


def _grid(rows: pd.DataFrame) -> go.Figure:
    variance = rows.pivot(index="kpi", columns="vendor", values="variance")
    cells = rows.set_index(["kpi", "vendor"])
    facts = np.array([[cells.loc[(kpi, vendor), CELL_FACTS] for vendor in variance.columns] for kpi in variance.index], dtype=object)
    words = [[f"{cell[0]}<br>{cell[2]}" for cell in row] for row in facts]
    chart = px.imshow(variance, aspect="auto")
    return chart.update_traces(text=words, texttemplate="%{text}", customdata=facts, hovertemplate=CELL_HOVER)


def _sparkline(months: pd.DataFrame) -> go.Figure:
    chart = px.line(months, x="period", y=["value", "target"])
    chart.add_scatter(x=months["period"].tail(1), y=months["value"].tail(1), mode="markers", marker_color="blue")
    chart.update_xaxes(visible=False)
    chart.update_yaxes(visible=False)
    return chart.update_layout(height=36, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
