"""The split of a change into parts: the worked example, exact sums for any numbers, members that come and go."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.catalogue import find_kpi
from analytics.errors import UsageError
from analytics.performance.drivers import (
    MIXED_CURRENCIES,
    NOT_MEASURED,
    PartKind,
    Split,
    Sums,
    add_up_rounded,
    split_change,
    split_frame,
    split_gap,
)

Counts = Mapping[str | None, tuple[float, float]]  # member -> numerator, denominator
THEN: Counts = {"A": (450, 500), "B": (350, 500)}
NOW: Counts = {"A": (184, 200), "B": (560, 800)}


def rows(counts: Counts, kpi: str = "service_level", by: str = "vendor", currency: str | None = None) -> pd.DataFrame:
    """A KPI frame of one period from {member: (numerator, denominator)}."""
    entry = find_kpi(kpi)
    numerator, denominator = (np.array([count[place] for count in counts.values()], dtype=float) for place in (0, 1))
    with np.errstate(all="ignore"):
        value = np.where(denominator == 0, np.nan, numerator / denominator * entry.scale) if entry.denominator else numerator
    members = pd.Series(list(counts), dtype=object)
    return pd.DataFrame(
        {"period": pd.Timestamp(2026, 7, 1), by: members, "kpi": kpi, "numerator": numerator,
         "denominator": denominator if entry.denominator else np.nan, "value": value, "currency": currency}
    )  # fmt: skip


def effects(split: Split) -> dict[str | None, tuple[float, float]]:
    return {part.member: (float(part.rate_effect), float(part.mix_effect)) for part in split.parts}


def total_effect(split: Split) -> Fraction:
    return sum((part.effect for part in split.parts), Fraction())


class TestPeriods:
    def test_worked_example(self) -> None:
        split = split_change(rows(THEN), rows(NOW), "vendor")
        assert effects(split) == {"A": (0.007, -0.0414), "B": (0.0, -0.0216)}
        assert (split.start, split.end, split.change) == (Fraction(8, 10), Fraction(744, 1000), Fraction(-56, 1000))
        assert (split.rate_effect, split.mix_effect) == (Fraction(7, 1000), Fraction(-63, 1000))

    def test_the_same_shares_leave_rates_only(self) -> None:
        split = split_change(rows({"A": (80, 100), "B": (90, 100)}), rows({"A": (70, 100), "B": (90, 100)}), "vendor")
        assert effects(split) == {"A": (-0.05, 0.0), "B": (0.0, 0.0)}

    def test_a_new_and_a_vanished_member_are_mix(self) -> None:
        """0.8 to 0.6, c = 0.7: B goes with -0.5 x (0.6 - 0.7) = 0.05, C comes with 0.5 x (0.2 - 0.7) = -0.25; A stays as it is."""
        split = split_change(rows({"A": (100, 100), "B": (60, 100)}), rows({"A": (100, 100), "C": (20, 100)}), "vendor")
        assert effects(split) == {"A": (0, 0), "B": (0, 0.05), "C": (0, -0.25)}
        assert [(part.member, part.kind) for part in split.parts] == [
            ("C", PartKind.NEW), ("B", PartKind.VANISHED), ("A", PartKind.STAYED),
        ]  # fmt: skip

    def test_several_periods_are_pooled(self) -> None:
        halves = pd.concat([rows({"A": (200, 250), "B": (150, 250)}), rows({"A": (250, 250), "B": (200, 250)})])
        assert split_change(halves, rows(NOW), "vendor") == split_change(rows(THEN), rows(NOW), "vendor")

    def test_a_total_is_split_into_the_changes_of_its_members(self) -> None:
        split = split_change(
            rows({"A": (10, 0), "B": (5, 0)}, "contacts_handled"), rows({"A": (12, 0), "C": (4, 0)}, "contacts_handled"), "vendor"
        )
        assert effects(split) == {"B": (0, -5), "C": (0, 4), "A": (0, 2)}
        assert (split.change, split.rate_effect) == (1, 0)

    def test_minutes_keep_their_unit_and_scale(self) -> None:
        split = split_change(rows({"A": (3000, 10)}, "average_handle_time"), rows({"A": (2400, 10)}, "average_handle_time"), "vendor")
        assert effects(split) == {"A": (-60, 0)}
        annual = split_change(rows({"A": (1, 365)}, "attrition"), rows({"A": (2, 365)}, "attrition"), "vendor")
        assert annual.change == 1

    def test_decimals_mean_what_they_say(self) -> None:
        """0.1 + 0.2 is 0.3: sums arrive as floats and are read as they are written."""
        split = split_change(rows({"A": (0.1, 1), "B": (0.2, 1)}, "cost_per_contact"), rows({"A": (0.3, 2)}, "cost_per_contact"), "vendor")
        assert (split.start, split.change) == (Fraction(3, 20), 0)

    def test_what_the_total_has_more_than_the_members(self) -> None:
        """200 contacts that name no vendor stand in the total only: they are a part of their own, and the split is the total's."""
        totals = rows({None: (900, 1200)}), rows({None: (744, 1000)})
        split = split_change(rows(THEN), rows(NOW), "vendor", totals)
        assert (split.start, split.end) == (Fraction(3, 4), Fraction(744, 1000))
        nameless = next(part for part in split.parts if part.member is None)
        assert (nameless.kind, nameless.rate_before, nameless.rate_after) == (PartKind.VANISHED, Fraction(1, 2), None)
        assert total_effect(split) == split.change

    def test_rounding_of_large_sums_is_no_part(self) -> None:
        totals = rows({None: (800.0000001, 1000)}), rows({None: (744, 1000)})
        assert None not in effects(split_change(rows(THEN), rows(NOW), "vendor", totals))


class TestNothingToSplit:
    def test_nothing_measured_before(self) -> None:
        split = split_change(rows({}), rows(NOW), "vendor")
        assert (split.parts, split.change, split.remark) == ((), None, NOT_MEASURED)

    def test_a_total_denominator_of_zero(self) -> None:
        split = split_change(rows({"A": (0, 0)}), rows(NOW), "vendor")
        assert (split.parts, split.change, split.remark) == ((), None, NOT_MEASURED)

    def test_one_currency_is_kept_and_two_are_refused(self) -> None:
        dollars, euros = (rows({"A": (5, 1)}, "cost_per_contact", currency=name) for name in ("USD", "EUR"))
        assert split_change(dollars, dollars, "vendor").currency == "USD"
        split = split_change(dollars, euros, "vendor")
        assert (split.parts, split.remark) == ((), MIXED_CURRENCIES)
        assert split_gap(pd.concat([dollars, euros]), 5.0, "vendor").remark == MIXED_CURRENCIES

    def test_two_kpis(self) -> None:
        with pytest.raises(UsageError, match="needs the rows of one KPI, not of 2"):
            split_change(rows(THEN), rows(THEN, "csat"), "vendor")
        with pytest.raises(UsageError, match="not of 0"):
            split_change(rows({}), rows({}), "vendor")

    def test_reported_results_have_no_counts_and_no_part(self) -> None:
        reported = rows({"T": (1, 1)}).assign(numerator=np.nan, denominator=np.nan)
        split = split_change(pd.concat([rows(THEN), reported]), rows(NOW), "vendor")
        assert set(effects(split)) == {"A", "B"}


class TestTarget:
    def test_gap(self) -> None:
        """74.4 % against 80 %: A 0.2 x (0.92 - 0.80) = 0.024, B 0.8 x (0.70 - 0.80) = -0.08."""
        split = split_gap(rows(NOW), 0.8, "vendor")
        assert effects(split) == {"B": (-0.08, 0), "A": (0.024, 0)}
        assert split.change == Fraction(-56, 1000) == total_effect(split)

    def test_nobody_measured(self) -> None:
        assert split_gap(rows({"A": (0, 0)}), 0.8, "vendor").remark == NOT_MEASURED

    def test_a_total_has_no_rates(self) -> None:
        with pytest.raises(UsageError, match="is a total"):
            split_gap(rows({"A": (5, 0)}, "contacts_handled"), 4, "vendor")


class TestOneLevelDown:
    def test_it_adds_up_to_the_rate_effect_above(self) -> None:
        def sites(counts: dict[tuple[str, str], tuple[float, float]]) -> pd.DataFrame:
            frame = rows({site: count for (_, site), count in counts.items()}, by="site")
            return frame.assign(vendor=[vendor for vendor, _ in counts])

        then = sites({("A", "Pune"): (80, 100), ("A", "Chennai"): (90, 100), ("B", "Krakow"): (150, 200)})
        now = sites({("A", "Pune"): (120, 200), ("A", "Chennai"): (95, 100), ("B", "Krakow"): (170, 200)})
        above = split_change(then, now, "vendor")
        below = split_change(then[then["vendor"] == "A"], now[now["vendor"] == "A"], "site")
        part = next(part for part in above.parts if part.member == "A")
        assert {part.member for part in below.parts} == {"Pune", "Chennai"}
        assert below.change is not None
        assert below.change * (part.share_before + part.share_after) / 2 == part.rate_effect


class TestFrame:
    def test_the_sums_behind_a_part(self) -> None:
        parts = {part.member: part for part in split_change(rows(THEN), rows(NOW), "vendor").parts}
        assert (parts["A"].before, parts["A"].after) == (Sums(Fraction(450), Fraction(500)), Sums(Fraction(184), Fraction(200)))
        (gap,) = split_gap(rows({"A": (184, 200)}), 0.8, "vendor").parts
        assert (gap.before, gap.after) == (Sums(), Sums(Fraction(184), Fraction(200)))

    def test_as_a_frame(self) -> None:
        frame = split_frame(split_change(rows(THEN), rows(NOW), "vendor"))
        assert frame["effect"].tolist() == pytest.approx([-0.0344, -0.0216])
        assert frame[["member", "kind"]].to_numpy().tolist() == [["A", "stayed"], ["B", "stayed"]]
        assert split_frame(split_change(rows({}), rows(NOW), "vendor")).empty


class TestRounding:
    @pytest.mark.parametrize(
        ("parts", "decimals", "expected"),
        [
            ((Fraction(1, 3),) * 3, 1, ["0.4", "0.3", "0.3"]),
            ((Fraction("-0.25"), Fraction("0.05"), Fraction("0.15")), 1, ["-0.3", "0", "0.2"]),
            ((Fraction("0.04"), Fraction("0.04"), Fraction(0)), 1, ["0.1", "0", "0"]),
            ((Fraction("-0.5"),), 0, ["-1"]),
            ((), 1, []),
        ],
    )
    def test_examples(self, parts: tuple[Fraction, ...], decimals: int, expected: list[str]) -> None:
        assert add_up_rounded(parts, decimals) == [Fraction(number) for number in expected]

    def test_a_given_total_is_met_and_what_did_not_move_stays(self) -> None:
        tenths = [Fraction("0.14"), Fraction("0.14"), Fraction(0)]
        assert add_up_rounded(tenths, 1, Fraction("0.3")) == [Fraction("0.2"), Fraction("0.1"), 0]
        assert add_up_rounded(tenths, 1, Fraction("0.2")) == [Fraction("0.1"), Fraction("0.1"), 0]
        assert add_up_rounded([Fraction("0.1"), Fraction("0.1")], 1, Fraction("0.1")) == [0, Fraction("0.1")]

    @given(st.lists(st.fractions(-10, 10, max_denominator=1000), max_size=12), st.integers(0, 3))
    def test_they_add_up_and_none_is_off_by_a_unit(self, parts: list[Fraction], decimals: int) -> None:
        printed = add_up_rounded(parts, decimals)
        unit, exact = Fraction(1, 10**decimals), sum(parts, Fraction())
        assert abs(sum(printed, Fraction()) - exact) <= unit / 2
        assert all(abs(one - part) < unit for one, part in zip(printed, parts, strict=True))


COUNTS = st.tuples(st.integers(0, 500), st.integers(0, 500))
MEMBERS = st.dictionaries(st.sampled_from("ABCDEFG"), COUNTS, max_size=7)
KPIS = st.sampled_from(["service_level", "average_handle_time", "attrition", "nps", "contacts_handled", "cost_per_contact"])


def measured(split: Split) -> bool:
    return split.change is not None


class TestAnyNumbers:
    """Members come and go, numerators and denominators are 0 at will."""

    @given(MEMBERS.filter(bool), MEMBERS, KPIS)
    def test_the_parts_add_up_exactly(self, then: Counts, now: Counts, kpi: str) -> None:
        split = split_change(rows(then, kpi), rows(now, kpi), "vendor")
        if measured(split):
            assert total_effect(split) == split.change == split.rate_effect + split.mix_effect
            assert {part.member for part in split.parts} == set(then) | set(now)
        else:
            assert split.parts == () and split.remark == NOT_MEASURED

    @given(MEMBERS.filter(bool), MEMBERS, KPIS, st.permutations("ABCDEFG"))
    def test_names_do_not_matter(self, then: Counts, now: Counts, kpi: str, names: list[str]) -> None:
        renamed = dict(zip("ABCDEFG", names, strict=True))
        split = split_change(rows(then, kpi), rows(now, kpi), "vendor")
        other_then, other_now = (rows({renamed[str(name)]: count for name, count in side.items()}, kpi) for side in (then, now))
        other = split_change(other_then, other_now, "vendor")
        assert {renamed[str(part.member)]: part.effect for part in split.parts} == {part.member: part.effect for part in other.parts}

    @given(MEMBERS.filter(bool), KPIS, st.integers(1, 9))
    def test_nothing_changed_nothing_split(self, counts: Counts, kpi: str, times: int) -> None:
        """The same rates and shares at any volume: every part of a ratio is 0."""
        more = {name: (numerator * times, denominator * times) for name, (numerator, denominator) in counts.items()}
        split = split_change(rows(counts, kpi), rows(more if find_kpi(kpi).denominator else counts, kpi), "vendor")
        assert all(part.rate_effect == part.mix_effect == 0 for part in split.parts)

    @given(MEMBERS.filter(bool), MEMBERS.filter(bool), KPIS)
    def test_backwards_is_the_same_with_the_sign_turned(self, then: Counts, now: Counts, kpi: str) -> None:
        forth = split_change(rows(then, kpi), rows(now, kpi), "vendor")
        back = split_change(rows(now, kpi), rows(then, kpi), "vendor")
        assert {part.member: part.effect for part in forth.parts} == {part.member: -part.effect for part in back.parts}

    @given(MEMBERS.filter(bool), st.integers(0, 100))
    def test_a_gap_adds_up_exactly(self, counts: Counts, percent: int) -> None:
        split = split_gap(rows(counts), percent / 100, "vendor")
        if measured(split):
            assert total_effect(split) == split.change
            assert split.mix_effect == 0
