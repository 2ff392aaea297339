"""Funnels of proportions and quadrants of two KPIs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import UsageError
from analytics.performance.comparison import side_by_side
from analytics.performance.funnel import INNER, NO_PROPORTION, NO_SPREAD, OUTER, TOO_FEW, funnel, overdispersion
from analytics.performance.quadrants import quadrants
from tests.performance.test_comparison import Members, frame, steady

NHS111 = Path(__file__).parents[1] / "data" / "nhs111_expected.json"


def sites(numerators: list[float], denominators: list[float], kpi: str = "csat") -> pd.DataFrame:
    names = [f"S{place}" for place in range(len(numerators))]
    return pd.DataFrame({"site": names, "kpi": kpi, "numerator": numerators, "denominator": denominators})


class TestFunnel:
    def test_the_two_lines(self) -> None:
        assert pytest.approx((1.96, 3.09), abs=0.001) == (INNER, OUTER)

    def test_by_hand(self) -> None:
        """Nine sites at 50 of 100 and one at 80 of 100: p = 0.53, 0.53 +/- 3.09 x root of 0.53 x 0.47 / 100 = 0.376 to 0.684."""
        found = funnel(sites([50.0] * 9 + [80.0], [100.0] * 10))
        assert (found.centre, found.overdispersion) == (0.53, 1.0)
        assert found.members["funnel_lower"].iat[0] == pytest.approx(0.53 - 3.0902 * np.sqrt(0.53 * 0.47 / 100), abs=1e-5)
        assert found.members["warning_upper"].iat[0] == pytest.approx(0.53 + 1.95996 * np.sqrt(0.53 * 0.47 / 100), abs=1e-5)
        assert found.members["funnel_signal"].tolist() == ["none"] * 9 + ["improvement"]
        assert funnel(sites([50.0] * 9 + [80.0], [100.0] * 10, "error_rate")).members["funnel_signal"].iat[9] == "concern"
        assert funnel(sites([50.0] * 9 + [80.0], [100.0] * 10, "occupancy")).members["funnel_signal"].iat[9] == "high"

    def test_overdispersion_is_winsorised(self) -> None:
        """Scores -3 and 3 by turns and one of 100, which counts as 3: f = 9. Scores of -1 and 1 are chance: f = 1."""
        assert overdispersion(np.array([-3.0, 3.0] * 10 + [100.0])) == 9.0
        assert overdispersion(np.array([-1.0, 1.0] * 10)) == 1.0
        assert overdispersion(np.array([-1.2, 1.2] * 10)) == 1.0

    def test_large_queues_do_not_all_stand_out(self) -> None:
        """NHS 111 in 2015-16: chance alone would have nearly every provider beyond the limits."""
        providers = json.loads(NHS111.read_text(encoding="utf-8"))["providers"].values()
        answered = [float(one["answered"]) for one in providers]
        within = [round(one["answered"] * one["sl60_pct_of_answered"] / 100) for one in providers]
        found = funnel(sites([float(count) for count in within], answered, "service_level.answered_only"))
        share = found.members["numerator"] / found.members["denominator"]
        chance = 3.09 * np.sqrt(found.centre * (1 - found.centre) / found.members["denominator"])
        outside = int((found.members["funnel_signal"] != "none").sum())
        assert found.overdispersion > 100
        assert int(((share - found.centre).abs() > chance).sum()) > 0.9 * len(found.members)
        assert outside < 0.15 * len(found.members)

    def test_no_funnel(self) -> None:
        assert funnel(sites([50.0] * 9, [100.0] * 9)).remark == TOO_FEW
        assert funnel(sites([5.0] * 12, [0.0] * 12)).remark == TOO_FEW
        assert funnel(sites([3000.0] * 12, [10.0] * 12, "average_handle_time")).remark == NO_PROPORTION
        assert funnel(sites([100.0] * 12, [100.0] * 12)).remark == NO_SPREAD

    def test_limits_stay_inside(self) -> None:
        members = funnel(sites([1.0] * 9 + [0.0], [10.0] * 10)).members
        assert members["funnel_lower"].min() == 0 and members["funnel_upper"].max() <= 1


def both(members: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Side by side: cost per contact and satisfaction of each vendor, 1,200 contacts and answers each."""
    costs: Members = {name: [(cost * 100, 100)] * 12 for name, (cost, _) in members.items()}
    outcomes: Members = {name: steady(share, 100, swing=0) for name, (_, share) in members.items()}
    return side_by_side(pd.concat([frame(costs, "cost_per_contact", currency="USD"), frame(outcomes)], ignore_index=True))


class TestQuadrants:
    def test_each_corner(self) -> None:
        """Together 5.00 a contact and 80 % satisfied."""
        found = quadrants(both({"A": (4, 0.9), "B": (4, 0.7), "C": (6, 0.9), "D": (6, 0.7)}), "vendor", "cost_per_contact", "csat")
        assert found.set_index("vendor")["quadrant"].to_dict() == {
            "A": "better on both", "B": "better on the first only", "C": "better on the second only", "D": "worse on both",
        }  # fmt: skip
        assert found[["first_line", "second_line"]].iloc[0].tolist() == pytest.approx([5.0, 0.8])

    def test_all_equal_is_not_worse(self) -> None:
        found = quadrants(both({"A": (5, 0.8), "B": (5, 0.8)}), "vendor", "cost_per_contact", "csat")
        assert found["quadrant"].tolist() == ["better on both"] * 2

    def test_only_members_with_both(self) -> None:
        rows = both({"A": (4, 0.9), "B": (6, 0.7), "C": (5, 0.8)})
        rows = rows[~((rows["vendor"] == "C") & (rows["kpi"] == "csat"))]
        assert quadrants(rows, "vendor", "cost_per_contact", "csat")["vendor"].tolist() == ["A", "B"]
        assert quadrants(rows.head(0), "vendor", "cost_per_contact", "csat").empty

    def test_a_kpi_without_direction(self) -> None:
        with pytest.raises(UsageError, match="Occupancy has no good direction"):
            quadrants(both({"A": (4, 0.9)}), "vendor", "occupancy", "csat")
