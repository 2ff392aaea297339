"""What is wrong with a table of targets: each problem once, with its rows and what to do."""

from datetime import date

import pandas as pd
import pytest

from analytics.target_checks import TargetProblem, Weight, check_targets


def row(kpi: object = "service_level", **cells: object) -> dict[str, object]:
    return {"kpi": kpi, "comparator": ">=", "expected": 0.8, "valid_from": date(2026, 1, 1), **cells}


def problems(*rows: dict[str, object], **how: object) -> tuple[TargetProblem, ...]:
    return check_targets(pd.DataFrame(rows), **how)  # ty: ignore[invalid-argument-type]


def codes(*rows: dict[str, object]) -> list[str]:
    return [problem.code for problem in problems(*rows)]


def until(day: date, **cells: object) -> dict[str, object]:
    return row(valid_to=day, **cells)


MARCH_END, JULY = date(2026, 3, 31), date(2026, 7, 1)


class TestOneRow:
    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ({"comparator": "=="}, "comparator"),
            ({"comparator": None}, "comparator"),
            ({"valid_from": None}, "valid_from"),
            ({"valid_to": date(2025, 12, 31)}, "dates"),
            ({"comparator": "<="}, "wrong_direction"),
            ({"comparator": "<"}, "wrong_direction"),
            ({"expected": None}, "expected"),
            ({"expected": float("nan")}, "expected"),
            ({"minimum": 0.85}, "minimum"),
            ({"stretch": 0.75}, "stretch"),
            ({"expected": 80.0}, "unit"),
            ({"comparator": "band", "lower": 0.9, "upper": 0.8}, "band"),
            ({"comparator": "band", "lower": 0.9}, "band"),
        ],
    )
    def test_each_problem(self, cells: dict[str, object], code: str) -> None:
        assert codes(row(**cells)) == [code]

    @pytest.mark.parametrize(
        "cells",
        [
            {},
            {"minimum": 0.8, "stretch": 0.8},
            {"comparator": "band", "expected": None, "lower": 0.8, "upper": 0.9},
            {"valid_to": date(2026, 1, 1), "vendor": "", "site": float("nan")},
            {"valid_from": "2026-01-01", "valid_to": pd.Timestamp("2026-02-01")},
        ],
    )
    def test_nothing_wrong(self, cells: dict[str, object]) -> None:
        assert codes(row(**cells)) == []

    def test_lower_is_better(self) -> None:
        levels = {"minimum": 0.06, "expected": 0.05, "stretch": 0.03}
        assert codes(row("abandonment_rate", comparator="<=", **levels)) == []
        assert codes(row("abandonment_rate", **levels)) == ["wrong_direction", "minimum", "stretch"]

    def test_an_unknown_kpi_names_the_nearest(self) -> None:
        (found,) = problems(row("servce_level"))
        assert (found.weight, found.code, found.message) == (Weight.ERROR, "unknown_kpi", "Unknown KPI 'servce_level'.")
        assert found.remedy.startswith("Did you mean: service_level")

    def test_wrong_direction_in_words(self) -> None:
        (found,) = problems(row(comparator="<="))
        assert found.message == "Service level is better when higher; '<=' asks for the opposite."
        assert found.remedy == "Use >=."

    def test_one_side_of_a_band_is_a_warning(self) -> None:
        (found,) = problems(row("occupancy"))
        assert (found.weight, found.code) == (Weight.WARNING, "one_sided")

    def test_units_of_other_kpis(self) -> None:
        assert codes(row("average_handle_time", comparator="<=", expected=300)) == []
        assert codes(row("nps", expected=130)) == ["unit"]
        assert codes(row("contacts_handled", expected=5000)) == []


class TestOneAfterAnother:
    def test_a_newer_open_target_follows_an_older_one(self) -> None:
        assert codes(row(), row(valid_from=JULY, expected=0.85)) == []
        assert codes(until(date(2026, 6, 30)), row(valid_from=JULY)) == []

    def test_the_same_start(self) -> None:
        (found,) = problems(row(), row(expected=0.9))
        assert (found.code, found.rows, found.remedy) == ("duplicate", (0, 1), "Keep one.")
        assert found.message == "Two targets for Service level begin on 1 Jan 2026."

    def test_overlap(self) -> None:
        (found,) = problems(row(vendor="Acme", valid_from=JULY), until(date(2026, 8, 31), vendor="Acme"))
        assert (found.code, found.rows, found.remedy) == ("overlap", (1, 0), "End the first on 30 Jun 2026.")
        assert found.message == "Two targets for Service level of Acme are valid from 1 Jul 2026 to 31 Aug 2026."

    def test_an_older_one_that_returns_and_a_gap(self) -> None:
        (returns,) = problems(row(), until(date(2026, 9, 30), valid_from=JULY))
        assert returns.message == "After 30 Sep 2026 the target for Service level of 1 Jan 2026 applies again."
        (gap,) = problems(until(MARCH_END), row(valid_from=JULY))
        assert gap.message == "Service level has no target of its own from 1 Apr 2026 to 30 Jun 2026."
        assert {returns.weight, gap.weight} == {Weight.WARNING}

    def test_other_members_and_kpis_are_their_own(self) -> None:
        assert codes(row(vendor="A"), row(vendor="B"), row(), row("csat")) == []


class TestTies:
    """A at Pune asks one thing, A on chat another: for A at Pune on chat neither is more specific."""

    PUNE, CHAT = row(vendor="A", site="Pune", expected=0.80), row(vendor="A", channel="chat", expected=0.75)

    def test_a_tie(self) -> None:
        (found,) = problems(self.PUNE, self.CHAT)
        assert (found.weight, found.code, found.rows) == (Weight.ERROR, "tie", (0, 1))
        assert found.message == (
            "From 1 Jan 2026 two targets apply to Service level of A, Pune, chat, >= 80 % and >= 75 %; neither is more specific."
        )
        assert found.remedy == "Add a target that names A, Pune, chat, or end one of the two."

    def test_a_third_that_names_all_settles_it(self) -> None:
        assert codes(self.PUNE, self.CHAT, row(vendor="A", site="Pune", channel="chat")) == []
        assert codes(self.PUNE, self.CHAT, until(MARCH_END, vendor="A", site="Pune", channel="chat")) == ["tie"]

    def test_not_on_the_same_days_or_members(self) -> None:
        assert codes({**self.PUNE, "valid_to": MARCH_END}, {**self.CHAT, "valid_from": JULY}) == []
        assert codes(self.PUNE, {**self.CHAT, "vendor": "B"}) == []
        assert codes(row(site="Pune"), row(channel="chat")) == ["tie"]

    def test_more_dimensions_win_without_a_tie(self) -> None:
        assert codes(row(vendor="A"), self.PUNE) == []


class TestTable:
    def test_errors_come_first(self) -> None:
        found = problems(row("occupancy"), row("csta"), row(comparator="<="))
        assert [(problem.weight, problem.rows) for problem in found] == [("error", (1,)), ("error", (2,)), ("warning", (0,))]

    def test_backdated_without_a_reason(self) -> None:
        table = row(basis="amendment 2"), row("csat"), row("nps", expected=30, valid_from=JULY)
        found = problems(*table, new_rows=(0, 1, 2), today=date(2026, 6, 1))
        assert [(problem.code, problem.rows) for problem in found] == [("backdated", (1,))]
        assert problems(*table, new_rows=(0,), today=date(2026, 6, 1)) == ()

    def test_no_rows_and_many(self) -> None:
        assert check_targets(pd.DataFrame()) == ()
        assert codes(*(row(kpi, vendor=f"V{number}") for number in range(200) for kpi in ("service_level", "csat"))) == []
