"""The sentence a report opens with: made from the numbers, at most 160 characters."""

import numpy as np
import pandas as pd
import pytest

from analytics.catalogue import Comparator, Unit
from analytics.performance.verdict import LONGEST, gap_words, number_word, report_verdict
from analytics.periods import Period

Q3 = Period.parse("2026-Q3")
CONTRACT = ("first_contact_resolution", "average_handle_time", "csat", "error_rate")
WORDS = {"met": "+1 pp", "missed": "-6 pp", "below expected": "-2 pp"}


def row(
    vendor: str | None, kpi: str, status: str, words: str = "", share: float = 0.1, complete: bool = True, change: float = np.nan
) -> dict[str, object]:
    """One line of a report; `share` is how far from the target it lies, `change` how far from Q2."""
    variance = {"met": share, "missed": -share, "below expected": -share}.get(status, np.nan)
    levels = {"target": 1.0, "lower": np.nan, "upper": np.nan, "comparator": Comparator.AT_LEAST}
    return {
        "vendor": vendor,
        "kpi": kpi,
        "status": status,
        "complete": complete,
        "variance": variance,
        "value_text": "3",
        "target_text": "<= 0",
        "variance_text": words or WORDS.get(status, "-"),
        "change": change,
        "change_text": "-" if np.isnan(change) else f"{change:+} pp" if change else "0 pp",
        "compared": "Q2 2026",
        **levels,
    }


def verdict(rows: list[dict[str, object]], contract: tuple[str, ...] = CONTRACT) -> str:
    columns = [
        "vendor",
        "kpi",
        "status",
        "complete",
        "variance",
        "value_text",
        "target_text",
        "variance_text",
        "target",
        "lower",
        "upper",
        "comparator",
    ]
    columns += ["change", "change_text", "compared"]
    report = pd.DataFrame(rows, columns=columns).astype({"vendor": object})
    sentence = report_verdict(report, Q3, contract)
    assert len(sentence) <= LONGEST, sentence
    return sentence


def portfolio(*statuses: str) -> list[dict[str, object]]:
    return [row(None, kpi, status) for kpi, status in zip(CONTRACT, statuses, strict=False)]


ALL_MET = portfolio("met", "met", "met", "met")


class TestCount:
    def test_all_met(self) -> None:
        assert verdict(ALL_MET) == ("All four KPIs met their target in Q3 2026. No vendor is below its target on any of them.")

    def test_some_missed(self) -> None:
        assert verdict(portfolio("met", "missed", "met", "met")) == (
            "Three of four KPIs met their target in Q3 2026. The portfolio missed average handle time (-6 pp)."
        )

    def test_what_was_missed_comes_before_what_is_below_expected(self) -> None:
        """One word for one verdict: 'below expected' is not 'missed', nor the other way round."""
        assert verdict(portfolio("below expected", "missed", "met", "met")) == (
            "Two of four KPIs met their target in Q3 2026. The portfolio missed average handle time (-6 pp)."
        )

    def test_none_met(self) -> None:
        sentence = verdict(portfolio(*["missed"] * 4))
        assert sentence.startswith("None of the four KPIs met their target in Q3 2026. The portfolio missed ")

    def test_what_is_not_measured_is_not_counted(self) -> None:
        assert verdict(portfolio("met", "not measured", "no target", "met")).startswith("Both measured KPIs met their target in Q3 2026.")

    def test_none_judged(self) -> None:
        nothing = "No KPI has both a value and a target in Q3 2026."
        assert verdict(portfolio(*["not measured"] * 4)) == nothing
        assert verdict([]) == nothing

    def test_a_period_that_is_not_over_says_so(self) -> None:
        rows = [row(None, "csat", "met", complete=False)]
        assert verdict(rows, ("csat",)).startswith("The only KPI met its target in Q3 2026 so far.")

    def test_data_without_contract_kpis_counts_what_it_has(self) -> None:
        rows = [row(None, kpi, "missed") for kpi in ("service_level", "abandonment_rate")]
        assert verdict(rows).startswith("Neither of the two measured KPIs met its target in Q3 2026.")

    def test_one_vendor_is_called_by_its_name(self) -> None:
        rows = [row(None, "csat", "missed"), row("Asterion", "csat", "missed")]
        assert " Asterion missed customer satisfaction" in verdict(rows, ("csat",))

    def test_one_kpi(self) -> None:
        alone = ("csat",)
        assert verdict([row(None, "csat", "met")], alone).startswith("The only KPI met its target in Q3 2026.")
        assert verdict([row(None, "csat", "missed")], alone) == (
            "The only KPI did not meet its target in Q3 2026. The portfolio missed customer satisfaction (-6 pp)."
        )
        assert verdict(portfolio("met", "not measured", "not measured", "not measured")).startswith(
            "The only measured KPI met its target in Q3 2026."
        )


class TestChange:
    """Handle time and errors are good when they fall; here every row is held against 'at least', so up is better."""

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ([1, 2, 3, -1], "Against Q2 2026 three are better, one worse."),
            ([1, 2, 0, 0], "Against Q2 2026 two are better, none worse."),
            ([-1, 0, 0, 0], "Against Q2 2026 one is worse, none better."),
            ([1, -1, np.nan, np.nan], "Against Q2 2026 one is worse, one better."),
            ([0, 0, 0, 0], "Against Q2 2026 none changed."),
            ([2, np.nan, np.nan, np.nan], "Against Q2 2026 it is better."),
            ([np.nan] * 4, ""),
        ],
    )
    def test_it_is_counted(self, changes: list[float], said: str) -> None:
        rows = [row(None, kpi, "met", change=change) for kpi, change in zip(CONTRACT, changes, strict=True)]
        first = "All four KPIs met their target in Q3 2026."
        nothing = "No vendor is below its target on any of them."
        assert verdict(rows) == " ".join(part for part in (first, said, nothing) if part)

    def test_it_gives_way_to_an_exception_that_would_not_fit(self) -> None:
        rows = [row(None, kpi, "met", change=1) for kpi in CONTRACT]
        name = "A Vendor With A Name Of Nearly Sixty Letters In All Of It"
        assert verdict([*rows, row(name, "csat", "missed")]).endswith(f"in Q3 2026. {name} missed customer satisfaction (-6 pp).")


class TestException:
    def test_the_vendor_that_stands_out_is_named(self) -> None:
        sentence = verdict([*ALL_MET, row("Cobalt Bay", "service_level", "missed", "-5.2 pp"), row("Asterion", "csat", "met")])
        assert sentence == "All four KPIs met their target in Q3 2026. Cobalt Bay missed service level (-5.2 pp)."

    def test_missed_is_worse_than_below_expected_however_far(self) -> None:
        far = row("Asterion", "csat", "below expected", "-20 pp", share=0.9)
        near = row("Cobalt Bay", "service_level", "missed", "-0.1 pp", share=0.001)
        assert verdict([*ALL_MET, far, near]).startswith(
            "All four KPIs met their target in Q3 2026. Cobalt Bay missed service level (-0.1 pp)"
        )

    def test_the_farthest_from_its_target_comes_first(self) -> None:
        rows = [row("A", "csat", "missed", "-1 pp", 0.01), row("B", "csat", "missed", "-9 pp", 0.09)]
        assert verdict([*ALL_MET, *rows]).startswith("All four KPIs met their target in Q3 2026. B missed")

    def test_what_one_vendor_missed_outside_the_first_kpis_is_all_named(self) -> None:
        """Below expected on handle time is no reason to keep quiet about three missed KPIs."""
        missed = {"abandonment_rate": ("+1.4 pp", 0.28), "attrition": ("+5.4 pp", 0.18), "service_level": ("-4.9 pp", 0.06)}
        rows = [
            *(row(whose, "average_handle_time", "below expected", "+0:04 min") for whose in (None, "Cobalt Bay")),
            *(row(whose, kpi, "missed", *said) for kpi, said in missed.items() for whose in (None, "Cobalt Bay")),
        ]
        kpis = (*CONTRACT, *missed)
        assert verdict([*portfolio("met"), *rows], kpis) == (
            "One of five measured KPIs met their target in Q3 2026. "
            "Cobalt Bay missed abandonment rate (+1.4 pp), attrition (+5.4 pp) and service level (-4.9 pp)."
        )

    def test_a_missed_kpi_of_a_vendor_comes_before_what_the_whole_is_below_expected_on(self) -> None:
        sentence = verdict([*portfolio("below expected", "met", "met", "met"), row("A", "esat", "missed", "-9 pp")])
        assert "A missed employee satisfaction (-9 pp)" in sentence and "below expected" not in sentence

    def test_beside_the_whole_stands_the_vendor_that_missed_most_and_how_many(self) -> None:
        vendors = [row("A", "esat", "missed", share=0.9)]
        vendors += [row("B", kpi, "missed", "-4 pp", share) for kpi, share in (("csat", 0.1), ("service_level", 0.3), ("attrition", 0.2))]
        assert verdict([*portfolio("met", "met", "met", "missed"), *vendors]) == (
            "Three of four KPIs met their target in Q3 2026. The portfolio missed error rate (-6 pp); "
            "B missed service level (-4 pp), attrition (-4 pp) and one more."
        )

    def test_what_was_missed_most_is_named_even_where_no_name_fits(self) -> None:
        assert verdict([*ALL_MET, row("N" * 200, "csat", "missed", "-9 pp")]).endswith("Missed most: customer satisfaction (-9 pp).")

    def test_two_vendors_are_named_when_there_is_room(self) -> None:
        rows = [row("A", "csat", "missed", "-1 pp", 0.01), row("B", "csat", "missed", "-9 pp", 0.09), row("C", "esat", "below expected")]
        assert verdict([*ALL_MET, *rows]).endswith("B missed customer satisfaction (-9 pp); A missed customer satisfaction (-1 pp).")

    def test_the_word_of_a_variance_is_not_said_twice(self) -> None:
        rows = [row("A", "average_handle_time", "missed", "+0:20 min (worse)")]
        assert verdict([*ALL_MET, *rows]).endswith("A missed average handle time (+0:20 min).")

    def test_a_vendor_below_target_in_other_kpis_only_is_still_the_exception(self) -> None:
        assert "is below expected on quality score" in verdict([*ALL_MET, row("A", "quality_score", "below expected")])

    @pytest.mark.parametrize("name", ["Very Long Name of a Vendor Incorporated in a Faraway Country", "N" * 200])
    def test_it_never_grows_too_long(self, name: str) -> None:
        rows = [row(name, kpi, "missed", "+123:45 min (worse)") for kpi in CONTRACT]
        assert verdict([*ALL_MET, *rows]).startswith("All four KPIs met their target in Q3 2026.")


def test_small_counts_are_words() -> None:
    assert [number_word(count) for count in (0, 1, 12, 13)] == ["none", "one", "twelve", "13"]


def test_the_gap_of_a_count_is_its_two_numbers() -> None:
    assert gap_words(Unit.COUNT, "3", "<= 0", "+3 (worse)") == "3 against 0"
    assert gap_words(Unit.PERCENT, "75.1 %", ">= 80 %", "-4.9 pp") == "-4.9 pp"
