"""The sections of a review over one small town of three vendors whose numbers can be checked by eye.

| quarter        | Q4 2025 | Q1 2026 | Q2 2026 | Q3 2026 | target         |
| service level  |         |         |         |         | >= 80, min 77, stretch 85 |
|   Acme         | 90      | 90      | 70      | 60      |                |
|   Beta         | 90      | 90      | 80      | 80      |                |
|   Cedar        | 70      | 70      | 75      | 90      |                |
|   all          | 83.3    | 83.3    | 75      | 76.7    |                |
| satisfaction   | 92 at Acme and Beta, 96 at Cedar: all 93.3  | >= 90 to June, >= 95 (min 93) from July 2026 |
| quality        | 90 at Acme, nobody else                     | >= 88 of Acme, ends on 30 September         |
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.catalogue import DIMENSIONS
from analytics.review.attention import attention
from analytics.review.covering import grid_target, line_words, months_words
from analytics.review.data_state import data_state
from analytics.review.decisions import decisions
from analytics.review.deliveries import deliveries_of, deliveries_words
from analytics.review.facts import Facts
from analytics.review.mandatory import mandatory
from analytics.review.model import Audience, Grid, Movements, RiskMap, Section, Table, Trends
from analytics.review.narrative import headline
from analytics.review.past import run_of
from analytics.review.risks_section import risks
from analytics.review.sections import movements
from analytics.review.targets_met import targets_met
from analytics.review.trends import trends
from analytics.review.wins import wins
from analytics.review.written import notes_and_events
from analytics.warehouse import Store, Warehouse
from tests.conftest import ROOT
from tests.packs.parts import KPIS, result
from tests.review.quarters import facts, levels, lines, review, said, tables, target
from tests.rows import store_of

JULY = date(2026, 7, 1)
SCORES = (
    ("R1", date(2026, 6, 30), 4, 3), ("R1", date(2026, 9, 30), 4, 5), ("R2", date(2026, 6, 30), 2, 4), ("R2", date(2026, 9, 30), 2, 2),
    ("R3", date(2026, 9, 30), 3, 3), ("R4", date(2026, 6, 30), 5, 5),
)  # fmt: skip


def registers() -> dict[str, list[dict[str, object]]]:
    """A grown, an eased, a new and a closed risk; an overdue action, one on Cedar; an event; notes on the quarter and beside it."""
    risk = {"category": "operational", "status": "open"}
    note = {"author": "A. Reyes", "vendor": "Acme", "body": "words"}
    return {
        "targets": [
            target("service_level", 0.8, minimum=0.77, stretch=0.85),
            target("csat", 0.9, valid_to=date(2026, 6, 30)),
            target("csat", 0.95, JULY, minimum=0.93),
            target("quality_score", 0.88, vendor="Acme", valid_to=date(2026, 9, 30)),
        ],
        "risks": [
            risk | {"risk_id": "R1", "number": 1, "title": "Fire", "vendor": "Acme", "owner": "O. Wn", "next_review": date(2026, 9, 25)},
            risk | {"risk_id": "R2", "number": 2, "title": "Currency", "mitigation": "Hedged."},
            risk | {"risk_id": "R3", "number": 3, "title": "Flood", "vendor": "Beta", "next_review": date(2026, 12, 1)},
            risk | {"risk_id": "R4", "number": 4, "title": "Closed", "vendor": "Beta", "status": "closed"},
        ],
        "risk_scores": [
            {"risk_id": risk_id, "scored_on": day, "kind": "residual", "likelihood": likelihood, "impact": impact}
            for risk_id, day, likelihood, impact in SCORES
        ],
        "actions": [
            {"action_id": "A1", "title": "Call plan", "vendor": "Acme", "kpi": "csat", "due_on": date(2026, 9, 20), "status": "open"},
            {"action_id": "A2", "title": "Staff up", "vendor": "Cedar", "kpi": "service_level", "owner": "C. Ed", "status": "open"},
            {"action_id": "A3", "title": "Done", "vendor": "Acme", "kpi": "service_level", "status": "done"},
        ],
        "events": [
            {"happened_on": date(2026, 8, 14), "title": "Outage", "vendor": "Acme"},
            {"happened_on": date(2026, 5, 1), "title": "Earlier", "vendor": "Acme"},
        ],
        "notes": [
            note | {"written_on": date(2026, 10, 5), "period": "2026-08"}, note | {"written_on": date(2026, 9, 5), "body": "no period"},
            note | {"written_on": date(2026, 9, 6), "period": "2026-Q2", "body": "other quarter"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    quality: dict[str, Any] = {"quality_points": 90, "quality_points_possible": 100}
    rows = [*levels("Acme", [90, 90, 70, 60], **quality), *levels("Beta", [90, 90, 80, 80]), *levels("Cedar", [70, 70, 75, 90], 96)]
    return store_of(tmp_path_factory.mktemp("town"), rows, **registers())


@pytest.fixture(scope="module")
def q3(town: Store) -> Facts:
    return facts(town)


class TestHeadline:
    def test_the_count_then_the_portfolio_with_its_run_then_the_worst_movement(self, q3: Facts) -> None:
        found = headline(q3)
        assert found.text == (
            "Neither of the two measured KPIs met its target. Service level missed target (-3.3 pp) for the second quarter running, "
            "and service level at Acme fell 10 pp."
        )
        assert {origin.row for origin in found.origins} >= {"All vendors · service_level", "Acme · service_level"}

    def test_a_quarter_without_data_says_how_far_the_data_reaches(self, town: Store) -> None:
        assert headline(facts(town, "2026-Q4")).text == "No data for Q4 2026 yet; the newest is September 2026."

    def test_one_vendor_alone_has_no_name_in_it(self, town: Store) -> None:
        cedar = facts(town, audience=Audience.VENDOR, vendor=("Cedar",))
        assert headline(cedar).text == "Both measured KPIs met their target in Q3 2026. Cedar is below its target on no KPI."
        assert attention(cedar).title == "Needs attention: one point"
        assert said(attention(cedar)) == ["Not measured in Q3 2026 at Cedar: quality score, staffing delivered, attrition and one more."]
        assert targets_met(cedar).title == "Targets met: 2 of 2"
        assert [delivery.file for delivery in deliveries_of(cedar)] == ["acd, all files"]


class TestPast:
    def test_a_quarter_is_held_to_the_target_of_its_time(self, q3: Facts) -> None:
        assert [quarter.status for quarter in q3.past["Acme", "csat"]] == ["met", "met", "met", "missed"]
        assert run_of(q3.past["Acme", "csat"], ("missed",)) == 1
        assert run_of(q3.past["", "service_level"], ("missed",)) == 2

    def test_the_newest_is_the_report_itself(self, q3: Facts) -> None:
        for place, quarters in q3.past.items():
            shown = q3.by_place[place]
            assert (quarters[-1].value, quarters[-1].value_text, quarters[-1].status) == (shown.value, shown.value_text, shown.status)


class TestRisks:
    def test_a_filter_that_leaves_no_vendor_leaves_only_the_risks_and_actions_of_all(self, town: Store) -> None:
        nobody = facts(town, site=("Nowhere",))
        assert [*nobody.risks["title"], *nobody.actions["title"]] == ["Currency"]

    def test_a_vendor_is_shown_its_own_alone(self, town: Store) -> None:
        """Of all there is a risk on the currency: an operations review of Acme has it, a pack for Acme has not."""
        ours, theirs = (facts(town, audience=audience, vendor=("Acme",)) for audience in (Audience.OPERATIONS, Audience.VENDOR))
        assert list(ours.risks["title"]) == ["Fire", "Currency"]
        assert list(theirs.risks["title"]) == ["Fire"]
        assert list(theirs.actions["title"]) == ["Call plan"]

    def test_how_they_moved_and_what_is_overdue(self, q3: Facts) -> None:
        section = risks(q3)
        assert section.title == "Risks: one grew, one eased, one is new"
        assert section.sentence is not None
        assert section.sentence.text == "One risk is extreme: fire at Acme. Movement since 30 Jun 2026."
        found = next(block for block in section.blocks if isinstance(block, RiskMap)).risks
        assert [(risk.number, risk.score, risk.previous_score, risk.days_overdue) for risk in found] == [
            (1, 20, 12, 5), (3, 9, None, 0), (2, 4, 8, 0),
        ]  # fmt: skip
        assert tables(section)["risks"][2] == ["2", "Currency", "all vendors", "", "4", "moderate", "eased from 8", "Hedged.", "", "-"]

    def test_of_a_past_quarter_what_was_overdue_on_its_last_day(self, town: Store) -> None:
        """What is due in September was not overdue at the end of June; Fire stood at 12 then."""
        past = facts(town, "2026-Q2")
        found = next(block for block in risks(past).blocks if isinstance(block, RiskMap)).risks
        assert [(risk.title, risk.score, risk.days_overdue) for risk in found] == [("Fire", 12, 0), ("Currency", 8, 0)]
        assert past.due_day == date(2026, 6, 30) and not any("overdue" in text for text in said(attention(past)))
        told = decisions(past).sentence
        assert told is not None and told.text == "Two actions are open, none overdue on 30 Jun 2026."
        assert {(row[3], row[4]) for row in tables(data_state(past))["data_quality"]} == {("30 Jun 2026", "none")}

    def test_every_table_names_the_day_it_is_held_against(self, town: Store) -> None:
        for quarter, day in (("2026-Q2", "30 Jun 2026"), ("2026-Q3", "30 Sep 2026")):
            found = facts(town, quarter)
            heads = [block.columns[-1] for part in (risks(found), decisions(found)) for block in part.blocks if isinstance(block, Table)]
            assert [head.replace("\u00a0", " ") for head in heads] == [f"Days overdue on {day}"] * 2


class TestAttention:
    def test_worst_first_one_line_per_vendor(self, q3: Facts) -> None:
        assert said(attention(q3)) == [
            "The portfolio missed service level (-3.3 pp), and is below expected on customer satisfaction (-1.7 pp).",
            "Acme missed service level (-20 pp) and customer satisfaction (-3 pp).",
            "Beta missed customer satisfaction (-3 pp).",
            "The target for quality score of Acme (>= 88 %) ends on 30 Sep 2026 and nothing follows.",
            "Not measured in Q3 2026 at Beta and Cedar: quality score.",
            "One action is overdue on 30 Sep 2026: Call plan (10 days).",
            "One risk review is overdue on 30 Sep 2026: Fire at Acme (5 days).",
        ]
        acme = lines(attention(q3))[1]
        assert acme.detail == "service level 60 % against >= 80 %, for the second quarter running"
        assert acme.mark == "missed" and acme.way is not None and acme.way.choices == (("profile", "Acme"),)


class TestWins:
    def test_several_reasons_are_one_line_and_vendors_take_turns(self, q3: Facts) -> None:
        section = wins(q3)
        assert said(section)[:3] == [
            "Cedar service level 90 %: back on target after three quarters, the best of four quarters.",
            "The risk Currency eased from 8 to 4.",
            "Acme quality score 90 %: on target for the fourth quarter running.",
        ]
        assert lines(section)[0].detail == "Target >= 80 %; +15 pp on Q2 2026"
        assert section.title == "Wins: one back on target, one best quarter"

    def test_a_quarter_that_is_not_over_has_none(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        begun = store_of(tmp_path_factory.mktemp("begun"), list(levels("Acme", [70, 90]))[:-1])
        found = facts(begun)
        assert said(wins(found)) == [] and "so far" in headline(found).text


class TestDecisions:
    def test_repeated_misses_without_an_action_risks_without_mitigation_and_ending_targets(self, q3: Facts) -> None:
        section = decisions(q3)
        assert said(section) == [
            "Acme missed service level (second quarter running): no action is open on it.",
            "Fire at Acme is extreme (20) and it has no mitigation and its review is 5 days overdue on 30 Sep 2026.",
            "The target for quality score of Acme (>= 88 %) ends on 30 Sep 2026 and nothing follows.",
        ]
        assert section.sentence is not None and section.sentence.text == "Two actions are open, one overdue on 30 Sep 2026."
        assert tables(section)["actions"] == [
            ["Call plan", "Acme", "Customer satisfaction", "", "20 Sep 2026", "10"],
            ["Staff up", "Cedar", "Service level", "C. Ed", "", "-"],
        ]


class TestTables:
    def test_mandatory_lines_that_not_every_vendor_sends(self, demo_warehouse: Path) -> None:
        """Tallgrass reports a scorecard without staffing and security."""
        section = mandatory(facts(Warehouse(demo_warehouse).open()))
        assert section.title == "Mandatory lines: all four are measured, four of five vendors have all"

    def test_a_mandatory_line_nobody_measures_is_said(self, q3: Facts, town: Store) -> None:
        section = mandatory(q3)
        assert section.title == "Mandatory lines: one of four is measured"
        assert section.sentence is not None
        assert section.sentence.text == "Staffing delivered, attrition and security incidents: not measured by anyone in Q3 2026."
        assert tables(section)["mandatory"][1] == ["Acme", "60 %", "not measured", "not measured", "not measured"]

    def test_targets_met_by_vendor_and_month(self, q3: Facts) -> None:
        assert tables(targets_met(q3))["targets_met"] == [
            ["All vendors", "0 of 2", "service level and customer satisfaction"],
            ["Acme", "1 of 3", "service level and customer satisfaction"],
            ["Beta", "1 of 2", "customer satisfaction"],
            ["Cedar", "2 of 2", ""],
        ]

    def test_operations_see_every_month_and_every_line(self, town: Store) -> None:
        whole = facts(town, audience=Audience.OPERATIONS)
        assert "at its stretch level (>= 85 %)" in lines(wins(whole))[0].detail
        assert tables(targets_met(whole))["targets_met"][2] == ["Beta", "1 of 2", "1 of 2", "1 of 2", "1 of 2", "customer satisfaction"]
        found = tables(mandatory(whole))
        assert found["mandatory_service_level"][0] == [
            "All vendors",
            "76.7 %",
            ">= 80 %",
            "missed",
            "75 %",
            "3 of 3 vendors, 3 of 3 months",
        ]
        assert found["mandatory_attrition"][1][:2] == ["Acme", "not measured"]
        assert [len(block.results) for block in trends(whole).blocks if isinstance(block, Trends)] == [10]

    def test_all_lines_of_one_vendor_are_one_table(self, town: Store) -> None:
        (found,) = tables(mandatory(facts(town, audience=Audience.OPERATIONS, vendor=("Acme",)))).values()
        assert [row[0].partition(":")[0] for row in found] == ["Service levels", "Staffing levels", "Employee turnover", "Security"]
        assert found[0][0] == "Service levels: service level" and found[2][1] == "not measured"

    def test_data_and_what_was_written(self, q3: Facts) -> None:
        assert data_state(q3).title == "Data: all that is due came from all three vendors"
        assert tables(data_state(q3))["data_quality"][1] == ["Beta", "100 %", "2 of 3", "30 Sep 2026", "none", "quality score"]
        section = notes_and_events(q3)
        assert section.title == "Written down: one event, two notes"
        assert [row[1] for row in tables(section)["events"]] == ["Outage"]
        assert [row[-1] for row in tables(section)["notes"]] == ["words", "no period"]

    def test_what_comes_after_the_quarter_does_not_make_it_late(self, tmp_path: Path) -> None:
        """Acme goes on to November; Beta delivers to September, late for the next quarter alone; Cedar stopped in July."""
        rows = [
            *levels("Acme", [90, 90, 90], last="2026-Q4"), *levels("Beta", [90, 90]), *list(levels("Cedar", [90, 90]))[:-2],
        ]  # fmt: skip
        newer = facts(store_of(tmp_path, rows))
        late = [text for text in said(attention(newer)) if " late" in text]
        assert late == ["acd of Cedar is late: 61 days short of 30 Sep 2026."]
        found = {row[0]: row[3:5] for row in tables(data_state(newer))["data_quality"]}
        assert found == {"Acme": ["30 Sep 2026", "none"], "Beta": ["30 Sep 2026", "none"], "Cedar": ["31 Jul 2026", "acd"]}

    def test_files_whose_rows_lie_in_the_quarter(self, q3: Facts) -> None:
        (found,) = deliveries_of(q3)
        assert (found.batch, found.source, found.rows, found.first_day, found.last_day) == ("b1", "acd", 9, JULY, date(2026, 9, 30))


def test_every_way_leads_to_a_page_that_declares_its_choices(q3: Facts) -> None:
    ways = {line.way for build in (attention, wins, decisions) for line in lines(build(q3)) if line.way}
    assert len({way.page for way in ways}) >= 4
    for way in ways:
        (page,) = ROOT.glob(f"pages/*/{way.page}.py")
        declared = page.read_text(encoding="utf-8")
        assert [name for name, _ in way.choices if f'one("{name}"' not in declared and name not in DIMENSIONS] == []


@pytest.mark.parametrize("build", [attention, wins, decisions, mandatory, targets_met, data_state, notes_and_events, trends, risks])
def test_nothing_at_all_is_said_and_not_left_out(build, nothing: Facts) -> None:
    section: Section = build(nothing)
    assert section.title and section.blocks
    assert not said(section) and not any(tables(section).values())


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts(store_of(tmp_path_factory.mktemp("nothing")))


class TestWording:
    def test_a_count_is_told_with_what_was_asked_not_by_a_difference(self, tmp_path: Path) -> None:
        rows = levels("Acme", [90, 90], security_incidents=1)
        found = facts(store_of(tmp_path, list(rows), targets=[target("security_incidents", 0, comparator="<=")]))
        assert said(attention(found))[0] == "Acme missed security incidents (3 against 0)."
        assert "Security incidents missed target (3 against 0) for the second quarter running" in headline(found).text

    def test_a_missed_target_of_a_kpi_nobody_shows_needs_attention(self, tmp_path: Path) -> None:
        """2 of 10 hours absent against <= 10 %: absenteeism is on no grid."""
        rows = list(levels("Acme", [90, 90], absent_seconds=20, scheduled_seconds=100))
        found = facts(store_of(tmp_path, rows, targets=[target("absenteeism", 0.1, comparator="<=")]))
        assert said(attention(found))[0] == "Acme missed absenteeism (+10 pp)."
        assert lines(attention(found))[0].detail == "absenteeism 20 % against <= 10 %, for the second quarter running"
        assert "absenteeism" not in {result.kpi for result in found.results}

    def test_a_value_at_its_stretch_level_is_printed_so_that_it_is(self, tmp_path: Path) -> None:
        """8,854 of 10,000 points: 88.54 % is at 88.52 %, and '88.5 %' would not be."""
        rows = list(levels("Acme", [90], quality_points=8_854, quality_points_possible=10_000))
        found = facts(store_of(tmp_path, rows, targets=[target("quality_score", 0.8, stretch=0.8852)]))
        assert "Acme quality score 88.54 %: at its stretch level (>= 88.52 %)." in said(wins(found))

    def test_a_quarter_that_is_over_is_not_so_far(self, tmp_path: Path) -> None:
        """The data begins in August 2024, two years ago."""
        rows = list(levels("Acme", [90] * 9))[1:]
        store = store_of(tmp_path, rows, targets=[target("service_level", 0.8)])
        found = review(store, "2024-Q3")
        assert found.headline.text.startswith("Both measured KPIs met their target in Q3 2024, as far as there is data.")
        assert found.compared == "not compared: the data begins on 1 Aug 2024, inside Q3 2024"

    def test_movements_say_their_rule_and_what_else_is_signalled(self, tmp_path: Path) -> None:
        """Ten even years, then Acme falls in both KPIs; Beta and Cedar and Dune fall too and fill the page."""
        fell = [row | {"csat_satisfied": 60} if place >= 21 else row for place, row in enumerate(levels("Acme", [90] * 7 + [40]))]
        rows = [*fell, *(row for vendor in ("Beta", "Cedar", "Dune") for row in levels(vendor, [90] * 7 + [50]))]
        section = movements(facts(store_of(tmp_path, rows)))
        assert section.sentence is not None and section.sentence.text.startswith("Signals first, then the largest share of the target")
        (block,) = section.blocks
        assert isinstance(block, Movements) and [one.result.vendor for one in block.movements] == ["Acme", "Beta", "Cedar"]
        assert [one.where.text.partition("Also: ")[2] for one in block.movements] == ["customer satisfaction -32 pp to 60 %.", "", ""]

    def test_files_reach_as_far_as_the_numbers(self, tmp_path: Path) -> None:
        """Weeks by their Thursday, and of attrition the 12 months: those before hold leavers; the calls of them do not count."""
        calls = list(levels("Acme", [90] * 6))
        staff = [
            {"vendor": "Acme", "source": "hr", "grain": "month", "batch_id": "b2", "leavers": 1, "headcount_days": 3000}
            | {"period_start": row["period_start"]}
            for row in calls
        ]
        weeks = [
            {"vendor": "Acme", "source": "quality", "grain": "week", "batch_id": "b3", "quality_points": 9, "quality_points_possible": 10}
            | {"period_start": day}
            for day in (date(2026, 6, 22), date(2026, 6, 29), date(2026, 9, 21), date(2026, 9, 28))
        ]
        store = store_of(tmp_path, [*calls, *staff, *weeks])
        found = {one.source: (one.first_day, one.last_day, one.rows) for one in deliveries_of(facts(store))}
        assert found == {
            "acd": (JULY, date(2026, 9, 30), 3),
            "hr": (date(2025, 10, 1), date(2026, 9, 30), 12),
            "quality": (date(2026, 6, 29), date(2026, 9, 27), 2),
        }
        words = deliveries_words(review(store))
        assert "of Q3 2026, weeks by their Thursday, of KPIs over 12 months with the months before it." in words
        assert words.endswith("come from files listed on the page Batches and quality.")

    def test_the_line_of_a_windowed_kpi_says_what_its_months_are(self, demo_warehouse: Path) -> None:
        results = facts(Warehouse(demo_warehouse).open()).by_place
        attrition, level = results["", "attrition"], results["", "service_level"]
        assert (months_words(attrition), months_words(level)) == ("each month by itself", "")
        assert line_words((level, attrition)) == "Line of attrition: each month by itself" and line_words((level,)) == ""

    def test_some_have_their_own_target(self) -> None:
        """As on screen: what all share; else the one of all together 'or own'."""
        shown = [result(KPIS[0], vendor, 0.8) for vendor in ("", "Acme", "Beta")]
        assert grid_target(Grid((KPIS[0].kpi,), ("Acme", "Beta"), tuple(shown)), KPIS[0].kpi) == shown[0].target_text
        own = (*shown[:2], replace(shown[2], target_text=">= 70 %"))
        assert grid_target(Grid((KPIS[0].kpi,), ("Acme", "Beta"), own), KPIS[0].kpi) == f"{shown[0].target_text} or own"
        assert grid_target(Grid((KPIS[0].kpi,), ("Acme", "Beta"), own[1:]), KPIS[0].kpi) == "own targets"
