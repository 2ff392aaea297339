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
from analytics.performance.drivers_in_words import NO_CAUSE, part_sentence, printed_effects, split_sentence, split_table
from tests.performance.test_drivers import MEMBERS, NOW, THEN, Counts, rows

CAUSAL = re.compile(
    r"\b(because|due to|caused by|causes|causing|led to|leads to|thanks to|driven|drove|drivers?|owing|result of|explain\w*|reason)\b"
)


def test_a_change() -> None:
    split = split_change(rows(THEN), rows(NOW), "vendor")
    assert split_sentence(split, "in Q2 2026", "in Q3 2026") == (
        "Service level went from 80 % in Q2 2026 to 74.4 % in Q3 2026 (-5.6 pp). "
        "Rates of the vendors themselves: +0.7 pp; mix of the vendors: -6.3 pp. Largest parts: A -3.4 pp and B -2.2 pp."
    )
    assert part_sentence(split, split.parts[0]) == (
        "A: own rate 90 % to 92 %, share 50 % to 20 %; rate effect +0.7 pp, mix effect -4.1 pp."
    )


def test_a_gap() -> None:
    split = split_gap(rows(NOW), 0.8, "vendor")
    assert split_sentence(split, "", "in Q3 2026") == (
        "Service level was 74.4 % in Q3 2026 against a target of 80 % (-5.6 pp). Largest parts: B -8 pp and A +2.4 pp."
    )
    assert part_sentence(split, split.parts[0]) == "B: 70 %, share 80 %; -8 pp."


def test_a_total_and_a_lower_is_better() -> None:
    total = split_change(rows({"A": (10, 0)}, "contacts_handled"), rows({"A": (12, 0)}, "contacts_handled"), "vendor")
    assert split_sentence(total, "in Q2 2026", "in Q3 2026") == (
        "Contacts handled went from 10 in Q2 2026 to 12 in Q3 2026 (+2). Largest part: A +2."
    )
    assert part_sentence(total, total.parts[0]) == "A: +2 of contacts handled."
    slower = split_change(rows({"A": (3000, 10)}, "average_handle_time"), rows({"A": (3120, 10)}, "average_handle_time"), "vendor")
    assert "from 5:00 min in Q2 2026 to 5:12 min in Q3 2026 (+0:12 min (worse))" in split_sentence(slower, "in Q2 2026", "in Q3 2026")


def test_no_change_and_nothing_measured() -> None:
    same = split_change(rows(THEN), rows(THEN), "vendor")
    assert split_sentence(same, "in Q2 2026", "in Q3 2026") == "Service level was 80 % in Q3 2026, the same as in Q2 2026."
    nothing = split_change(rows({}), rows(NOW), "vendor")
    assert split_sentence(nothing, "in Q2 2026", "in Q3 2026") == "Service level cannot be split: not measured in both periods."
    assert split_table(nothing).empty


def test_the_table_names_who_is_new_gone_or_nameless() -> None:
    totals = rows({None: (900, 1200)}), rows({None: (584, 1200)})
    table = split_table(split_change(rows(THEN), rows({"A": (184, 200), "C": (400, 800)}), "vendor", totals))
    words = dict(zip(table["member_text"], table["kind_text"], strict=True))
    assert words == {"A": "", "B": "no longer there", "C": "new", "no vendor named": ""}


@given(MEMBERS.filter(bool), MEMBERS.filter(bool))
def test_printed_parts_add_up_as_printed(then: Counts, now: Counts) -> None:
    split = split_change(rows(then), rows(now), "vendor")
    if split.change is not None:
        table = split_table(split)
        printed = [
            [Fraction(text.removesuffix(" pp").replace(",", "")) for text in table[name]]
            for name in ("rate_text", "mix_text", "effect_text")
        ]
        assert [rate + mix for rate, mix in zip(printed[0], printed[1], strict=True)] == printed[2]
        assert abs(sum(printed[2], Fraction()) - split.change * 100) <= Fraction(1, 20)
        assert sum(printed[2], Fraction()) == sum(printed_effects(split), Fraction()) * 100


@given(MEMBERS.filter(bool), MEMBERS)
def test_no_sentence_claims_a_cause(then: Counts, now: Counts) -> None:
    split = split_change(rows(then), rows(now), "vendor")
    texts = [split_sentence(split, "in May", "in June"), *(part_sentence(split, part) for part in split.parts)]
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
