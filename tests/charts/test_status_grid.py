"""The status grid says for each vendor and KPI what is true, loudly only where a target was missed."""

import pandas as pd
import pytest

from analytics.charts.grid import page_count
from analytics.charts.status_grid import CORNER, ROW_HEIGHT_WITH_VARIANCE, status_grid
from analytics.charts.theme import theme_for
from tests.hovers import click_points, click_traces

COLUMNS = ["vendor", "kpi", "value_text", "target_text", "variance_text", "status", "status_text"]
COLUMNS += ["compared", "previous_text", "change_text", "coverage", "numerator", "denominator", "source_kind", "remark"]


def cell(vendor, kpi="service_level", value="84.6 %", status="met", variance="+4.6 pp", target=">= 80 %", kind="measured"):
    counts = (None, None) if kind == "reported" else (846, 1000)
    before = ("Q2 2026", "80 %", "+4.6 pp (better)")
    return (vendor, kpi, value, target, variance, status, status, *before, "3 of 3 months", *counts, kind, None)


def frame(*cells):
    return pd.DataFrame(list(cells), columns=COLUMNS)


TWO_BY_THREE = frame(
    cell(None, value="81.1 %", variance="+1.1 pp"),
    cell("Northline"),
    cell("Cobalt Bay", value="74.8 %", variance="-5.2 pp", status="missed"),
    cell(None, "average_handle_time", "4:30 min", variance="-0:30 min (better)", target="<= 5:00 min"),
    cell("Northline", "average_handle_time", "5:01 min", "below expected", "+0:01 min (worse)", "<= 5:00 min"),
)


def layer(spec, **facts):
    return [trace for trace in spec["data"] if all(trace.get(key) == value for key, value in facts.items())]


def texts(spec):
    """What stands in the cells, the second line after a stroke."""
    lines = [(trace["text"], trace.get("hovertext") or [""] * len(trace["text"])) for trace in layer(spec, mode="text")]
    return {f"{value}/{variance}".rstrip("/") for texts in lines for value, variance in zip(*texts, strict=True)}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_cells_are_filled_by_status_with_a_gap_after_the_portfolio(mode, checked):
    spec = checked(status_grid(TWO_BY_THREE, mode))
    (heat,) = layer(spec, type="heatmap")
    assert heat["z"] == [[0.5, None, 0.5, 2.5], [0.5, None, 1.5, 3.5]]
    assert heat["x"] == pytest.approx([0, 1, 1.16, 2.16, 3.16])
    assert heat["colorscale"][5][1] == theme_for(mode).concern.cell


def test_numbers_drop_their_unit_and_the_portfolio_is_bold(checked):
    words = texts(checked(status_grid(TWO_BY_THREE, "light")))
    assert words == {"<b>81.1</b>/+1.1", "84.6/+4.6", "74.8/-5.2", "<b>4:30</b>/-0:30", "5:01/+0:01", "-"}
    (trace, *_) = layer(checked(status_grid(TWO_BY_THREE, "light")), mode="text")
    assert trace["texttemplate"] == '%{text}<br><span style="font-size:11px">%{hovertext}</span>'


def test_without_variance_there_is_one_number_to_a_cell(checked):
    spec = checked(status_grid(TWO_BY_THREE, "light", with_variance=False))
    assert texts(spec) == {
        "<b>81.1</b>",
        "84.6",
        "74.8",
        "<b>4:30</b>",
        "5:01",
        "-",
    }


def test_one_text_trace_per_colour(checked):
    spec = checked(status_grid(TWO_BY_THREE, "light"))
    theme = theme_for("light")
    colours = [trace["textfont"]["color"] for trace in layer(spec, mode="text")]
    assert sorted(colours) == sorted([theme.ink, theme.concern.on_cell, theme.statuses["not measured"].on_cell])


def test_a_click_returns_vendor_and_kpi(checked):
    spec = checked(status_grid(TWO_BY_THREE, "light"))
    points = click_points(spec)
    assert list(points)[:3] == [(None, "service_level"), ("Northline", "service_level"), ("Cobalt Bay", "service_level")]
    assert points["Cobalt Bay", "service_level"][:2] == (2.66, 0.5)
    assert len(points) == 6
    assert {trace["marker"]["opacity"] for trace in click_traces(spec)} == {0}


def test_hover_tells_value_target_verdict_coverage_and_counts(checked):
    points = click_points(checked(status_grid(TWO_BY_THREE, "light")))
    assert points["Cobalt Bay", "service_level"][2] == (
        "<b>Cobalt Bay</b> · Service level<br>74.8 % against &gt;= 80 %<br>-5.2 pp · <b>missed</b><br>Q2 2026: 80 %, +4.6 pp<br>"
        "3 of 3 months · 846 answered within threshold / 1,000 contacts offered"
    )
    assert points[None, "average_handle_time"][2].startswith(
        "<b>All vendors</b> · Average handle time<br>4:30 min against &lt;= 5:00 min<br>"
    )
    assert points["Cobalt Bay", "average_handle_time"][2] == "<b>Cobalt Bay</b> · Average handle time<br><b>not measured</b>"


def test_what_is_not_compared_says_so_or_nothing(checked):
    """Where others of the row are compared it says that it is not; where none is, there is no line."""
    cells = frame(cell("A"), cell("B")).assign(change_text=["+1 pp", "-"])
    first, second = (hover for *_, hover in click_points(checked(status_grid(cells, "light"))).values())
    assert "<br>Q2 2026: 80 %, +1 pp<br>" in first and "<br>not compared<br>" in second
    nothing = click_points(checked(status_grid(cells.assign(change_text="-"), "light")))
    assert all("Q2 2026" not in hover and "not compared" not in hover for *_, hover in nothing.values())


def test_a_remark_stands_under_the_counts_of_its_cell_only(checked):
    cells = frame(cell("A"), cell("B")).assign(remark=[None, "mixed currencies"])
    first, second = (hover for *_, hover in click_points(checked(status_grid(cells, "light"))).values())
    assert first.endswith("1,000 contacts offered")
    assert second.endswith("1,000 contacts offered<br>mixed currencies")


def test_each_row_names_its_kpi_and_the_target_all_share(checked):
    labels = [note["text"] for note in checked(status_grid(TWO_BY_THREE, "light"))["layout"]["annotations"]]
    assert labels[0].startswith("Service level<br>")
    assert "&gt;= 80 %" in labels[0]
    different = frame(cell("A"), cell("B", target=">= 75 %"))
    assert "own targets" in status_grid(different, "light").layout.annotations[0].text


def test_on_a_phone_the_mark_stands_clear_of_a_number_as_wide_as_its_cell(checked):
    """A cell of 34 x 50 px: two lines of 13 and 11 px are 31 px high, the mark stands above them and inside the cell."""
    spec = checked(status_grid(TWO_BY_THREE, "light"))
    assert spec["layout"]["yaxis"]["range"] == [2, 0] and ROW_HEIGHT_WITH_VARIANCE == 50
    for trace in spec["data"]:
        if "symbol" in trace.get("marker", {}) and trace["marker"]["symbol"] != "line-ew-open":
            radius = trace["marker"]["size"] / 2
            for x, y in zip(trace["x"], trace["y"], strict=True):
                middle = min(cell for cell in (0.5, 1.5) if cell > y)
                assert 50 * (middle - y) - radius >= 15.6 and 50 * (middle - y) + radius <= 23.5
                assert 34 * CORNER + radius <= 17, x


def test_a_reported_result_is_slanted_and_says_so(checked):
    spec = checked(status_grid(frame(cell("Tallgrass", kind="reported")), "light", with_variance=False))
    assert texts(spec) == {"<i>84.6</i>"}
    (point,) = click_points(spec).values()
    assert point[2].endswith("3 of 3 months<br>as the vendor reports it; counts not known")


def test_excused_and_without_target_pass_no_verdict(checked):
    spec = checked(status_grid(frame(cell("A", status="excused"), cell("B", status="no target", target="-", variance="-")), "light"))
    (heat,) = layer(spec, type="heatmap")
    assert heat["z"] == [[3.5, 3.5]]
    assert [trace["marker"]["symbol"] for trace in layer(spec, mode="markers", hoverinfo="skip")] == ["square-open", "circle-open"]


@pytest.mark.parametrize("page_vendors", [3, 12])
def test_user_text_stays_text(page_vendors, hostile, checked):
    names = [*hostile, *(f"V{number}" for number in range(page_vendors))]
    spec = checked(status_grid(frame(*(cell(name) for name in names)), "light"))
    shown = " ".join(hover for *_, hover in click_points(spec).values())
    assert '&lt;a href="javascript:alert(1)"&gt;' in shown
    assert "%{x} &#36;\\alpha&#36;" in shown
    assert not any(name in trace["hovertemplate"] for trace in click_traces(spec) for name in ("javascript", "%{x}"))


class TestManyVendors:
    """30 vendors, of which V29 missed, V28 is below expected."""

    MANY = frame(
        cell(None),
        *(cell(f"V{number}", status={29: "missed", 28: "below expected"}.get(number, "met")) for number in range(30)),
        cell("V0", "error_rate", "0.5 %", target="< 1 %"),
    )

    def test_vendors_become_rows_worst_first_under_the_portfolio(self, checked):
        labels = [note["text"] for note in checked(status_grid(self.MANY, "light"))["layout"]["annotations"]]
        assert "target" in labels[0]
        assert labels[1:5] == ["<b>All</b>", "V29", "V28", "V0"]

    def test_25_vendors_to_a_page_and_the_portfolio_on_each(self):
        assert page_count(self.MANY) == 2
        labels = [note.text for note in status_grid(self.MANY, "light", page=2).layout.annotations]
        assert len(labels) == 1 + 1 + 5
        assert labels[1] == "<b>All</b>"

    def test_targets_stand_under_the_headers(self, checked):
        assert {"&gt;= 80", "&lt; 1"} <= texts(checked(status_grid(self.MANY, "light")))

    def test_eight_vendors_are_columns_on_one_page(self):
        eight = frame(*(cell(f"V{number}") for number in range(8)))
        assert page_count(eight) == 1
        assert list(status_grid(eight, "light").layout.xaxis.ticktext) == [f"V{number}" for number in range(8)]


def test_an_empty_frame_keeps_its_height(checked):
    empty = checked(status_grid(frame(), "light"))
    assert empty["data"] == []
    assert empty["layout"]["height"] == checked(status_grid(frame(*(cell("A", kpi) for kpi in EIGHT)), "light"))["layout"]["height"]


EIGHT = ("service_level", "abandonment_rate", "average_handle_time", "first_contact_resolution")
EIGHT += ("csat", "quality_score", "error_rate", "attrition")


def test_one_column_does_not_stretch_over_the_page():
    assert status_grid(frame(cell(None)), "light").layout.xaxis.range == (0, 4)
