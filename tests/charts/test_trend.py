"""The control chart draws what happened, names what matters, and returns the periods a reader selects."""

import numpy as np
import pandas as pd
import pytest

from analytics.charts.events import events_of
from analytics.charts.theme import theme_for
from analytics.charts.trend import small_multiple, trend, trend_by_vendor
from tests.hovers import hovers, numbers

VALUES = [0.82, 0.84, 0.83, 0.82, 0.69, 0.74]
TARGETS = [0.78, 0.78, 0.80, 0.80, 0.80, 0.80]


def series(values=VALUES, targets=TARGETS, freq="MS", **columns):
    starts = pd.date_range("2026-04-01", periods=len(values), freq=freq)
    ends = starts + pd.offsets.MonthEnd(0) if freq == "MS" else starts
    frame = pd.DataFrame({"period": starts, "period_end": ends, "kpi": "service_level", "value": np.array(values, dtype=float)})
    frame = frame.assign(numerator=frame["value"] * 1000, denominator=1000.0, target=targets, lower=np.nan, upper=np.nan)
    frame["value_text"] = ["-" if value != value else f"{value * 100:.3g} %" for value in frame["value"]]
    frame["target_text"] = [f">= {target * 100:.0f} %" for target in frame["target"]]
    return frame.assign(coverage="1 of 1 months", complete=True, **columns)


def limits(frame):
    signal = ["none"] * (len(frame) - 2) + ["concern", "concern"]
    return frame.assign(centre_line=0.83, lower_limit=0.79, upper_limit=0.87, signal=signal)


EVENTS = pd.DataFrame(
    {"happened_on": pd.to_datetime(["2026-05-10", "2026-08-14", "2030-01-01"]), "title": ["New IVR menu", "Site outage, Pune", "far away"]}
)


def notes(spec):
    return [note["text"] for note in spec["layout"]["annotations"]]


def points(spec):
    """The layer that answers hover and selection."""
    (layer,) = [trace for trace in spec["data"] if "hovertemplate" in trace]
    return layer


def specials(spec):
    return [trace for trace in spec["data"] if "symbol" in trace.get("marker", {})]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_anatomy_of_the_control_chart(mode, checked):
    spec = checked(trend(limits(series()), "service_level", mode, events=EVENTS))
    theme = theme_for(mode)
    lines = {(trace["line"]["color"], trace["line"].get("dash", "solid")) for trace in spec["data"] if "lines" in trace["mode"]}
    assert lines == {(theme.normal, "dot"), (theme.normal, "solid"), (theme.target, "5px,3px"), (theme.ink, "solid")}
    (concerns,) = specials(spec)
    assert (concerns["marker"]["symbol"], concerns["marker"]["color"]) == ("triangle-down", theme.concern.mark)
    assert np.flatnonzero(np.isfinite(numbers(concerns["y"]))).tolist() == [4, 5]
    assert spec["layout"]["shapes"][0]["fillcolor"] == theme.normal_band


def test_names_stand_on_the_things(checked):
    words = notes(checked(trend(limits(series()), "service_level", "light", events=EVENTS)))
    assert set(words) == {
        "New IVR menu",
        "Site outage, Pune",
        "<b>Sep 74 %</b>",
        "<b>Aug 69 %</b>",
        "upper 87",
        "mean 83",
        "lower 79",
        "<b>target &gt;= 80</b>",
        "target &gt;= 78 until May 2026",
    }


def test_a_point_tells_counts_target_coverage_and_event(checked):
    layer = points(checked(trend(series(), "service_level", "light", events=EVENTS)))
    assert hovers(layer)[4] == (
        "<b>Aug 2026</b><br>69 % · target &gt;= 80 %<br>690 answered within threshold / 1,000 contacts offered<br>"
        "1 of 1 months<br>Site outage, Pune, 14 Aug"
    )
    assert layer["customdata"][4] == [69, 80, 690, "<br>Site outage, Pune, 14 Aug"]


def test_a_range_can_be_selected_along_the_time_axis(checked):
    spec = checked(trend(limits(series()), "service_level", "light"))
    assert spec["layout"]["selectdirection"] == "h"
    assert not {"clickmode", "dragmode"} & spec["layout"].keys()  # the page says whether a click or dragging selects


def test_a_gap_stays_a_gap(checked):
    spec = checked(trend(series([0.8, np.nan, 0.8, 0.8, 0.8, 0.8]), "service_level", "light"))
    assert not any("connectgaps" in trace for trace in spec["data"])
    assert np.isnan(numbers(points(spec)["y"])[1])


def test_a_period_that_is_not_complete_is_hollow_dashed_and_named(checked):
    frame = series()
    frame.loc[5, "complete"] = False
    spec = checked(trend(frame, "service_level", "light"))
    assert points(spec)["marker"]["color"][-1] == theme_for("light").page
    assert any(trace["mode"] == "lines" and trace["line"].get("dash") == "dot" for trace in spec["data"])
    assert "<b>Sep 74 %</b><br>not complete" in notes(spec)
    assert hovers(points(spec))[5].endswith("<br>1 of 1 months, period not complete")
    assert hovers(points(spec))[4].endswith("<br>1 of 1 months")


def test_without_control_there_are_no_limits(checked):
    spec = checked(trend(limits(series()), "service_level", "light", control=False))
    assert not [words for words in notes(spec) if words.startswith(("upper", "mean", "lower"))]


def test_a_band_has_two_target_lines(checked):
    frame = series(targets=[np.nan] * 6).assign(lower=0.75, upper=0.88, target_text="75 to 88 %")
    spec = checked(trend(frame, "occupancy", "light"))
    assert {"<b>target &gt;= 75</b>", "<b>target &lt;= 88</b>"} <= set(notes(spec))
    assert sum(trace.get("line", {}).get("color") == theme_for("light").target for trace in spec["data"]) == 2


def test_820_days_have_a_line_without_dots_but_answer_everywhere(checked):
    spec = checked(trend(series([0.8] * 820, [0.8] * 820, "D"), "service_level", "light"))
    assert [trace["mode"] for trace in spec["data"]] == ["lines", "lines+markers"]
    assert points(spec)["marker"]["opacity"] == 0
    assert points(spec)["dx"] == 86_400_000
    assert len(hovers(points(spec))) == 820
    assert hovers(points(spec))[1].startswith("<b>2 Apr 2026</b><br>80 % · target &gt;= 80 %<br>800 answered within threshold")


def test_a_day_without_neighbours_is_still_seen(checked):
    values = [0.8] * 200
    values[99] = values[101] = np.nan
    spec = checked(trend(series(values, [0.8] * 200, "D"), "service_level", "light"))
    assert len(spec["data"][-1]["x"]) == 1


def test_every_line_of_crowded_events_has_a_name_or_a_letter(checked):
    crowd = pd.DataFrame({"happened_on": pd.date_range("2026-08-01", periods=12), "title": [f"Event number {n}" for n in range(12)]})
    spec = checked(trend(series(), "service_level", "light", events=crowd))
    assert len(spec["layout"]["shapes"]) == 12
    placed = events_of(crowd, series())
    named, lettered = [event for event in placed if event.row is not None], [event for event in placed if event.letter]
    assert sorted(event.title for event in named) == sorted(words for words in notes(spec) if words.startswith("Event"))
    assert [event.letter for event in lettered] == list("ABCDEFGHIJKL")[: 12 - len(named)] and not set(named) & set(lettered)
    assert f"A-{lettered[-1].letter}" in notes(spec)


def test_letters_stand_on_their_lines_where_there_is_room(checked):
    days = pd.to_datetime(["2026-04-20", "2026-05-30", "2026-07-10", "2026-08-01", "2026-08-10", "2026-08-14", "2026-08-14"])
    titles = ["First thing that happened", "Second thing that happened", "Third thing that happened", "D", "E", "Outage", "Outage"]
    spec = checked(trend(series(), "service_level", "light", events=pd.DataFrame({"happened_on": days, "title": titles})))
    assert len(spec["layout"]["shapes"]) == 6, "the same event is drawn once"
    tags = {note["text"]: note["x"] for note in spec["layout"]["annotations"] if "bgcolor" in note}
    assert tags and all(x.endswith("12:00") for x in tags.values())
    assert len(tags) + len([words for words in notes(spec) if words in titles]) == 6


def test_user_text_stays_text(hostile, checked):
    events = pd.DataFrame({"happened_on": pd.to_datetime(["2026-05-10", "2026-08-14"]), "title": list(hostile)})
    spec = checked(trend(series(), "service_level", "light", events=events))
    assert hovers(points(spec))[1].endswith('&lt;a href="javascript:alert(1)"&gt;x&lt;/a&gt;, 10 May')
    assert "%{x} &#36;" in hovers(points(spec))[4]
    assert "%{x}" not in points(spec)["hovertemplate"]
    named = pd.concat([series(vendor=name) for name in hostile])
    checked(trend_by_vendor(named, "service_level", "light", events=events))


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_or_one_point_keeps_the_height(rows, checked):
    for frame in (limits(series())[:rows], series()[:rows]):
        spec = checked(trend(frame, "service_level", "light", events=EVENTS))
        assert spec["layout"]["height"] == 330
        assert bool(spec["data"]) == bool(rows)


def test_not_measured_at_all_still_shows_the_target(checked):
    spec = checked(trend(series([np.nan] * 6), "service_level", "light"))
    assert "<b>target &gt;= 80</b>" in notes(spec)
    assert not [words for words in notes(spec) if "nan" in words.lower()]


class TestByVendor:
    def test_lines_are_named_at_their_ends_in_their_colour(self, checked):
        frame = pd.concat([series(vendor="Northline"), series([value + 0.05 for value in VALUES], vendor="Asterion")])
        spec = checked(trend_by_vendor(frame, "service_level", "light"))
        colours = {note["text"]: note["font"]["color"] for note in spec["layout"]["annotations"]}
        assert colours["Northline"] == theme_for("light").series[0]
        assert colours["Asterion"] == theme_for("light").series[1]
        assert "<b>target &gt;= 80</b>" in colours

    def test_beyond_eight_the_rest_stays_in_the_background(self, checked):
        frame = pd.concat([series(vendor=f"V{number}") for number in range(10)])
        spec = checked(trend_by_vendor(frame, "service_level", "light"))
        assert len([words for words in notes(spec) if words.startswith("V")]) == 8
        assert sum(trace.get("line", {}).get("color") == theme_for("light").rule for trace in spec["data"]) == 2

    def test_different_targets_are_not_drawn(self, checked):
        frame = pd.concat([series(vendor="A"), series(targets=[0.9] * 6, vendor="B")])
        assert not [words for words in notes(checked(trend_by_vendor(frame, "service_level", "light"))) if "target" in words]

    def test_empty(self, checked):
        assert checked(trend_by_vendor(series(vendor="A")[:0], "service_level", "light"))["layout"]["height"] == 330


class TestSmallMultiple:
    def test_it_has_the_shared_scale_and_its_specials(self, checked):
        spec = checked(small_multiple(limits(series()), "service_level", "light", (0.66, 0.93)))
        assert spec["layout"]["yaxis"]["range"] == [0.66, 0.93]
        assert spec["layout"]["yaxis"]["ticktext"] == ["70", "80", "90"]
        assert spec["layout"]["height"] == 118
        assert [trace["marker"]["size"] for trace in specials(spec)] == [7]

    def test_empty_keeps_its_height(self, checked):
        assert checked(small_multiple(series()[:0], "service_level", "dark", (0.6, 0.9)))["layout"]["height"] == 118


def test_the_right_margin_grows_for_large_numbers_only(checked):
    assert checked(trend(limits(series()), "service_level", "light"))["layout"]["margin"]["r"] == 90
    many = limits(series()).assign(kpi="contacts_handled", centre_line=1_712_099.0, lower_limit=1.4e6, upper_limit=2e6)
    assert checked(trend(many, "contacts_handled", "light"))["layout"]["margin"]["r"] > 100


def test_a_limit_is_printed_precisely_enough_for_its_chart(checked):
    few = limits(series([0, 1, 0, 1, 0, 3], [0] * 6)).assign(centre_line=0.46, lower_limit=-1.2, upper_limit=2.4)
    assert "mean 0.5" in notes(checked(trend(few, "security_incidents", "light")))


def test_a_name_that_would_run_into_its_neighbours_is_left_out(checked):
    flat = limits(series([0.82, 0.84, 0.83, 0.691, 0.69, 0.74]))
    assert "<b>Aug 69 %</b>" not in notes(checked(trend(flat, "service_level", "light")))


def test_lines_of_vendors_say_whose_they_are(checked, hostile):
    frame = pd.concat([series(vendor=name) for name in ("A", hostile[1])])
    lines = [trace for trace in checked(trend_by_vendor(frame, "service_level", "light"))["data"] if "meta" in trace]
    assert hovers(lines[-1])[0] == (
        "<b>A</b><br><b>Apr 2026</b><br>82 % · target &gt;= 78 %<br>820 answered within threshold / 1,000 contacts offered<br>1 of 1 months"
    )
    assert lines[0]["meta"].startswith("%{x} &#36;")


def test_weeks_and_quarters_are_named_by_their_first_and_last_days(checked):
    starts = pd.date_range("2026-08-03", periods=4, freq="7D")
    weeks = series([0.8] * 4, [0.8] * 4).assign(period=starts, period_end=starts + pd.Timedelta(days=6))
    assert hovers(points(checked(trend(weeks, "service_level", "light"))))[0].startswith("<b>3 Aug to 9 Aug 2026</b>")


class TestNewLimits:
    FRAME = limits(series()).assign(
        segment=["before New IVR menu"] * 3 + ["since New IVR menu"] * 3,
        centre_line=[0.83] * 3 + [0.75] * 3, lower_limit=[0.79] * 3 + [0.6] * 3, upper_limit=[0.87] * 6,
    )  # fmt: skip

    def test_each_stretch_is_drawn_for_itself_and_named(self, checked):
        """The upper limit stays, the others fall: two rectangles, the second from July on."""
        spec = checked(trend(self.FRAME, "service_level", "light"))
        bands = [(shape["x0"], shape["x1"], shape["y0"]) for shape in spec["layout"]["shapes"]]
        assert bands == [("2026-04-01", "2026-07-01", 0.79), ("2026-07-01", "2026-10-01", 0.6)]
        assert {"before New IVR menu: mean 83", "since New IVR menu", "mean 75", "lower 60"} <= set(notes(spec))

    def test_a_stretch_without_limits_does_not_wear_those_of_another(self, checked):
        columns = ["centre_line", "lower_limit", "upper_limit"]
        frame = self.FRAME.assign(**{name: self.FRAME[name].where(self.FRAME["segment"] == "before New IVR menu") for name in columns})
        spec = checked(trend(frame, "service_level", "light"))
        assert [shape["x1"] for shape in spec["layout"]["shapes"]] == ["2026-07-01"]
        assert not [words for words in notes(spec) if words.startswith(("upper", "mean", "lower", "since"))]

    def test_many_steps_are_one_outline(self, checked):
        days = series([0.8] * 60, [0.8] * 60, "D").assign(signal="none", centre_line=0.8, upper_limit=0.9)
        spec = checked(trend(days.assign(lower_limit=[0.7, 0.6] * 30), "service_level", "light"))
        (outline,) = spec["layout"]["shapes"]
        assert outline["type"] == "path" and outline["path"].startswith("M2026-04-01,0.9 L2026-04-02,0.9")


class TestEarlierLine:
    def test_it_is_thin_named_at_its_end_and_told_in_the_hover(self, checked):
        values, words = [0.7, 0.71, np.nan, 0.72, 0.73, np.nan], ["Apr 2025: 70 %, <b>3</b> of 5 vendors", *[""] * 5]
        spec = checked(trend(limits(series(beside=values, beside_text=words)), "service_level", "light", beside="last year"))
        assert "last year 73" in notes(spec)
        assert (spec["data"][0]["line"]["width"], spec["data"][0]["hoverinfo"]) == (1.2, "skip")
        assert np.isnan(numbers(spec["data"][0]["y"])[5])
        assert "Apr 2025: 70 %, &lt;b&gt;3&lt;/b&gt; of 5 vendors" in hovers(points(spec))[0]

    def test_without_any_counterpart_nothing_is_drawn(self, checked):
        spec = checked(trend(series(beside=[np.nan] * 6, beside_text=[""] * 6), "service_level", "light", beside="last year"))
        assert not [words for words in notes(spec) if words.startswith("last year")]


class TestNotes:
    def test_a_ring_with_numbers_and_the_words_in_the_hover(self, checked, hostile):
        days = pd.to_datetime(["2026-09-01", "2026-08-01", "2026-08-01", "2026-08-01", "2026-08-01"])
        written = pd.DataFrame({"period": days, "number": range(1, 6), "words": ["x" * 300, *hostile, "c", "d"]})
        spec = checked(trend(limits(series()), "service_level", "light", notes=written))
        (rings,) = [trace for trace in spec["data"] if trace.get("mode") == "markers+text"]
        assert (rings["text"], numbers(rings["y"]).tolist()) == (["2-5", "1"], pytest.approx([0.69, 0.74]))
        assert hovers(points(spec))[4].endswith("<br>4: c<br>and 1 more")
        assert hovers(points(spec))[5].count("<br>") < 8

    def test_what_is_not_measured_wears_it_at_the_foot(self, checked):
        written = pd.DataFrame({"period": pd.to_datetime(["2026-05-01"]), "number": [1], "words": ["Never delivered"]})
        spec = checked(trend(series([0.8, np.nan, 0.8, 0.8, 0.8, 0.8]), "service_level", "light", notes=written))
        (rings,) = [trace for trace in spec["data"] if trace.get("mode") == "markers+text"]
        assert numbers(rings["y"])[0] < 0.8
