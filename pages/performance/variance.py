"""Variance: why a KPI moved, part by part, between two periods, against its target or around an event."""

from analytics.catalogue import DIMENSIONS, KPIS, find_kpi
from analytics.performance.why_moved import Against
from pages.components import data
from pages.components.around_view import kpis_table
from pages.components.choices import kpi_control
from pages.components.parts import heading
from pages.components.state import many, one, open_view
from pages.components.variance_view import (
    above,
    chart,
    controls,
    draw_variance,
    ends,
    events_line,
    events_offered,
    nothing,
    parts_table,
    path_control,
    place_of,
    request_of,
)

view = open_view(
    one("kpi", data.settings().shown_kpis[0], KPIS),
    one("by", "vendor", DIMENSIONS),
    one("against", Against.PERIOD),
    many("within"),
    one("table_page", "1"),
)
place = place_of(view)
events = events_offered(view, place)
request = request_of(view, place, events)
drawn = data.ask(draw_variance, request, place.member, data.mode())

title = find_kpi(request.kpi).label
with heading("Variance", title, drawn.sides_words, place.filters.words, sentence=drawn.sentence):
    kpi_control()
controls(view, place, events)
path_control(place, above(view, place, request))
if drawn.split is None:
    nothing(drawn, view, place)
else:
    chart(drawn, place)
    events_line(view, events)
    ends(drawn, request)
    parts_table(drawn, place, request, view.one("table_page"))
    kpis_table(request)
