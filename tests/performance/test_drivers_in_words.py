"""A split in words: printed parts add up as printed, and nothing is called a cause."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given

from analytics.catalogue import KPIS as CATALOGUE
from analytics.performance.around_event import Around, around_event, around_words, before_and_after, relative_text
from analytics.performance.drivers import split_change, split_gap
from analytics.performance.drivers_in_words import NO_CAUSE, split_sentence, split_table, step_sentences, steps_frame, totals_row
from analytics.performance.drivers_printed import printed, steps_of
from tests.performance.test_drivers import MEMBERS, NOW, THEN, Counts, rows

CAUSAL = re.compile(
    r"\b(because|due to|caused by|causes|causing|led to|leads to|thanks to|driven|drove|drivers?|owing|result of|explain\w*|reason)\b"
)


def test_a_change() -> None:
    split = split_change(rows(THEN), rows(NOW), "vendor")
    assert split_sentence(split, "in Q2 2026", "in Q3 2026") == (
        "Service level fell from 80 % in Q2 2026 to 74.4 % in Q3 2026 (-5.6 pp). Mix accounts for -6.3 pp and A's own rate for +0.7 pp."
    )
    assert split_sentence(split, "in May", "in June", "Acme").startswith("Service level of Acme fell from 80 % in May to")
    assert step_sentences(split, "all vendors")["A"] == "A's own rate accounts for +0.7 pp within the -5.6 pp of all vendors"


def test_a_change_is_the_one_printed_elsewhere() -> None:
    """38.14 to 41.78 is +3.64, +3.6 on a card; the ends at one decimal would differ by 3.7."""
    split = split_change(rows({"A": (3814, 10000)}), rows({"A": (4178, 10000)}), "vendor")
    assert split_sentence(split, "in May", "in June").startswith("Service level rose from 38.14 % in May to 41.78 % in June (+3.64 pp).")


def test_own_rates_are_named_once() -> None:
    split = split_change(rows({"Genesys": (80, 100), "B": (60, 100)}), rows({"Genesys": (70, 100), "B": (64, 100)}), "vendor")
    assert split_sentence(split, "in May", "in June").endswith("Genesys' own rate accounts for -5 pp and B's for +2 pp.")


def test_a_gap() -> None:
    split = split_gap(rows(NOW), 0.8, "vendor")
    assert split_sentence(split, "", "in Q3 2026") == (
        "Service level was 74.4 % in Q3 2026 against the target of 80 % (-5.6 pp). B accounts for -8 pp and A for +2.4 pp."
    )


def test_a_total_and_a_lower_is_better() -> None:
    total = split_change(rows({"A": (10, 0)}, "contacts_handled"), rows({"A": (12, 0)}, "contacts_handled"), "vendor")
    assert split_sentence(total, "in Q2 2026", "in Q3 2026") == (
        "Contacts handled rose from 10 in Q2 2026 to 12 in Q3 2026 (+2). A accounts for +2."
    )
    slower = split_change(rows({"A": (3000, 10)}, "average_handle_time"), rows({"A": (3120, 10)}, "average_handle_time"), "vendor")
    assert "rose from 5:00 min in May to 5:12 min in June (+0:12 min, worse)" in split_sentence(slower, "in May", "in June")


def test_no_change_and_nothing_measured() -> None:
    same = split_change(rows(THEN), rows(THEN), "vendor")
    assert split_sentence(same, "in Q2 2026", "in Q3 2026") == "Service level was 80 % in Q3 2026, the same as in Q2 2026."
    nothing = split_change(rows({}), rows(NOW), "vendor")
    assert split_sentence(nothing, "in Q2 2026", "in Q3 2026") == "Service level cannot be split: not measured in both periods."


def test_parts_that_cancel_out_are_still_named() -> None:
    split = split_change(rows({"A": (80, 100), "B": (60, 100)}), rows({"A": (70, 100), "B": (70, 100)}), "vendor")
    assert split_sentence(split, "in May", "in June") == (
        "Service level was 70 % in June, the same as in May. A's own rate accounts for -5 pp and B's for +5 pp."
    )


def test_the_table_names_who_is_new_gone_or_nameless() -> None:
    totals = rows({None: (900, 1200)}), rows({None: (584, 1200)})
    table = split_table(split_change(rows(THEN), rows({"A": (184, 200), "C": (400, 800)}), "vendor", totals))
    words = dict(zip(table["name"], table["kind_text"], strict=True))
    assert words == {"A": "", "B": "no longer there", "C": "new", "no vendor named": ""}
    gone = table.set_index("name").loc["B"]
    assert (gone["before_text"], gone["after_text"], gone["share_after_text"], gone["numerator_before"]) == ("70 %", "-", "0 %", 350)
    assert gone[["numerator_after", "denominator_after"]].isna().all()


def test_the_waterfall_of_a_change() -> None:
    frame = steps_frame(split_change(rows(THEN), rows(NOW), "vendor"), "Q2 2026", "Q3 2026", 12)
    assert frame[["kind", "name", "text"]].to_numpy().tolist() == [
        ["start", "Q2 2026", "80 %"], ["member", "A", "+0.7 pp"], ["member", "B", "0 pp"], ["mix", "Mix", "-6.3 pp"],
        ["end", "Q3 2026", "74.4 %"],
    ]  # fmt: skip
    assert frame["detail"].tolist()[1:4] == ["90 to 92 %", "70 to 70 %", "shares shifted"]
    assert frame["to_value"].tolist()[:-1] == pytest.approx([0.8, 0.807, 0.807, 0.744])
    assert frame["member"].tolist() == [None, "A", "B", None, None]


def test_new_and_vanished_members_are_steps_of_their_own() -> None:
    split = split_change(rows({"A": (100, 100), "B": (60, 100)}), rows({"A": (100, 100), "C": (20, 100)}), "vendor")
    frame = steps_frame(split, "then", "now", 12)
    assert frame[["kind", "name", "detail", "text"]].to_numpy().tolist()[1:-1] == [
        ["new", "C", "new, 20 %", "-25 pp"], ["vanished", "B", "no longer there, 60 %", "+5 pp"], ["member", "A", "100 to 100 %", "0 pp"],
    ]  # fmt: skip
    assert split_sentence(split, "in May", "in June").endswith("C (new) accounts for -25 pp and B (no longer there) for +5 pp.")


def test_many_members_become_others_and_nothing_is_lost() -> None:
    then: Counts = {f"V{number:03d}": (number, 220) for number in range(200)}
    now: Counts = {f"V{number:03d}": (number + number % 7, 220 + number % 3) for number in range(200)}
    split = split_change(rows(then), rows(now), "vendor")
    steps = steps_of(split, 12)
    assert [str(step.kind) for step in steps[-2:]] == ["others", "mix"]
    assert (len(steps), len(steps[-2].parts)) == (13, 189)
    assert sum((step.effect for step in steps), Fraction()) == split.change
    assert sum((step.printed for step in steps), Fraction()) == printed(split).change


def test_small_numbers_get_the_decimals_they_need() -> None:
    split = split_change(rows({"A": (50, 10000)}, "error_rate"), rows({"A": (52, 10000)}, "error_rate"), "vendor")
    assert split_sentence(split, "in May", "in June") == (
        "Error rate rose from 0.5 % in May to 0.52 % in June (+0.02 pp, worse). A's own rate accounts for +0.02 pp."
    )
    near = split_gap(rows({"A": (7996, 10000)}), 0.8, "vendor")
    assert split_sentence(near, "", "in June").startswith("Service level was 79.96 % in June against the target of 80 % (-0.04 pp).")


def test_a_bar_that_is_seen_is_not_labelled_0() -> None:
    """At one decimal a bar a fifth as long as the longest would be called 0."""
    split = split_change(rows({"A": (4000, 5000), "B": (4000, 5000)}), rows({"A": (4020, 5000), "B": (4004, 5000)}), "vendor")
    table = split_table(split)
    assert dict(zip(table["name"], table["effect_text"], strict=True)) == {"A": "+0.2 pp", "B": "+0.04 pp"}


def number(text: str) -> Fraction:
    return Fraction(text.removesuffix(" pp").removesuffix(" %").replace(",", ""))


@given(MEMBERS.filter(bool), MEMBERS.filter(bool))
def test_printed_parts_add_up_as_printed(then: Counts, now: Counts) -> None:
    """Rows, columns and the waterfall, from the printed start to the printed end."""
    split = split_change(rows(then), rows(now), "vendor")
    if split.change is not None:
        table, total = split_table(split), totals_row(split)
        cells = {name: [number(text) for text in table[name]] for name in ("rate_text", "mix_text", "effect_text")}
        assert [rate + mix for rate, mix in zip(cells["rate_text"], cells["mix_text"], strict=True)] == cells["effect_text"]
        assert all(sum(column, Fraction()) == number(total[name]) for name, column in cells.items())
        assert number(total["before_text"]) + number(total["effect_text"]) == number(total["after_text"])
        steps = steps_frame(split, "then", "now", 4)["text"].tolist()
        assert sum(map(number, steps[:-1]), Fraction()) == number(steps[-1])


@given(MEMBERS.filter(bool), MEMBERS.filter(bool))
def test_no_printed_number_is_far_from_the_true_one(then: Counts, now: Counts) -> None:
    split = split_change(rows(then), rows(now), "vendor")
    if split.change is not None:
        shown = printed(split)
        unit = Fraction(2, 10 ** (shown.places + 2))
        assert abs(shown.change - split.change) <= unit
        assert abs(sum(shown.mixes, Fraction()) - split.mix_effect) <= unit
        assert all(abs(rate - part.rate_effect) <= unit for rate, part in zip(shown.rates, split.parts, strict=True))


@given(MEMBERS.filter(bool), MEMBERS)
def test_no_sentence_claims_a_cause(then: Counts, now: Counts) -> None:
    split = split_change(rows(then), rows(now), "vendor")
    texts = [split_sentence(split, "in May", "in June")]
    texts += step_sentences(split, "all vendors").values() if split.change is not None else []
    assert not any(CAUSAL.search(text.lower()) for text in texts)
    assert not CAUSAL.search(NO_CAUSE.lower())


def months(values: Mapping[str, Sequence[tuple[float, float]]], first: str = "2026-01-01") -> pd.DataFrame:
    """KPI frame by month from {kpi: [(numerator, denominator), ...]}."""
    periods = pd.date_range(first, periods=max(len(series) for series in values.values()), freq="MS")
    lines = [
        {"period": period, "period_end": period + pd.offsets.MonthEnd(0), "kpi": kpi, "numerator": float(numerator),
         "denominator": float(denominator), "value": numerator / denominator * CATALOGUE[kpi].scale, "complete": True, "currency": None}
        for kpi, series in values.items() for period, (numerator, denominator) in zip(periods, series, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(lines)


CASE = {
    "average_handle_time": [(30000, 100)] * 3 + [(27000, 100)] + [(24000, 100)] * 3,
    "csat": [(80, 100)] * 3 + [(85, 100)] + [(92, 100)] * 3,
    "cost_per_contact": [(500, 100)] * 3 + [(480, 100)] + [(450, 100)] * 3,
}


class TestAroundAnEvent:
    """A change in handling: handle time -20 %, satisfaction +15 %, cost -10 %."""

    def test_the_case(self) -> None:
        around = around_event(months(CASE), date(2026, 4, 15))
        table = before_and_after(around).set_index("kpi")
        assert table["relative_text"].to_dict() == {"average_handle_time": "-20 %", "csat": "+15 %", "cost_per_contact": "-10 %"}
        assert table["change_text"]["average_handle_time"] == "-1:00 min (better)"
        assert around_words(around, "Knowledge base", "month") == (
            '3 months before and 3 months after "Knowledge base", nothing of the month it fell into. The event need not be the cause.'
        )

    def test_a_change_in_percent_is_never_beside_no_change(self) -> None:
        """0.674 % to 0.676 % of 100,000: nothing at one decimal and +0.3 % of it; 50.00 % to 50.001 % is none either way."""
        table = before_and_after(around_event(months({"error_rate": [(674, 100_000), (0, 1), (676, 100_000)]}), date(2026, 2, 15)))
        texts = ["before_text", "after_text", "change_text", "relative_text"]
        assert table[texts].to_numpy().tolist() == [["0.674 %", "0.676 %", "+0.002 pp (worse)", "+0.3 %"]]
        same = before_and_after(around_event(months({"csat": [(50_000, 100_000), (0, 1), (50_001, 100_000)]}), date(2026, 2, 15)))
        assert same[texts].to_numpy().tolist() == [["50 %", "50 %", "0 pp", "0 %"]]

    def test_the_first_day_of_a_month_is_after(self) -> None:
        around = around_event(months(CASE), date(2026, 4, 1), most=6)
        assert (around.periods, sorted(around.after["period"].dt.month.unique())) == (3, [4, 5, 6])

    def test_incomplete_months_are_on_no_side(self) -> None:
        frame = months(CASE)
        frame.loc[frame["period"] >= "2026-06-01", "complete"] = False
        around = around_event(frame, date(2026, 4, 15))
        assert (around.periods, around.before["period"].dt.month.unique().tolist()) == (1, [3])

    def test_nothing_on_one_side(self) -> None:
        around = around_event(months(CASE), date(2025, 12, 15))
        assert around.periods == 0 and before_and_after(around).empty
        assert around_words(around, "Start", "month") == 'There is no whole month on both sides of "Start".'

    def test_a_kpi_on_one_side_only_and_two_currencies(self) -> None:
        frame = months({"csat": [(80, 100), (90, 100)], "cost_per_contact": [(5, 1), (6, 1)]})
        frame["currency"] = [None, None, "USD", "EUR"]
        before, after = frame[frame["period"] < "2026-02-01"], frame[frame["period"] >= "2026-02-01"]
        table = before_and_after(Around(before, after[after["kpi"] != "csat"], 1)).set_index("kpi")
        assert table["change_text"].to_dict() == {"csat": "-", "cost_per_contact": "-"}

    @pytest.mark.parametrize(
        ("relative", "text"), [(-0.2, "-20 %"), (0.155, "+15.5 %"), (0.0, "0 %"), (-0.0001, "0 %"), (float("nan"), "-")]
    )
    def test_relative_change(self, relative: float, text: str) -> None:
        assert relative_text(relative) == text
