"""Files with one row per contact, per ticket, per event or per answer; scorecards with one KPI per row."""

from tests.intake.recognise.files import open_keys, recipe_of, recognised

CALLS = """Call ID;Started;Vendor;Skill;Agent;Disposition;Queue Time;Talk Time
A1;13.03.2026 08:01:05;Acme;Billing;Ann;Answered;00:00:12;00:04:10
A2;13.03.2026 08:02:05;Acme;Billing;;Abandoned;00:01:12;
A3;14.03.2026 09:01:05;Acme;Orders;Bob;Answered;00:00:02;00:03:10
A4;14.03.2026 09:05:05;Acme;Orders;;Blocked;;
"""
TICKETS = """Ticket,Revision,Opened,Resolved at,Vendor,Status,Made SLA,Reopen count
T1,0,2026-03-13 08:00,,Acme,New,TRUE,0
T1,1,2026-03-13 08:00,2026-03-13 10:00,Acme,Resolved,TRUE,0
T2,0,2026-03-13 09:00,?,Acme,New,TRUE,0
T2,1,2026-03-13 09:00,2026-03-14 09:00,Acme,Closed,FALSE,1
"""


def test_calls_with_an_outcome() -> None:
    answered = {"column": "Disposition", "equals": ["Answered"]}
    recipe = recipe_of(CALLS)
    assert (recipe["shape"], recipe["source"], recipe["threshold_seconds"]) == ("interactions", "acd", 20)
    assert recipe["dimensions"]["period_start"] == {"column": "Started", "grain": "day", "format": "%d.%m.%Y %H:%M:%S"}
    assert recipe["measures"] == {
        "contacts_offered": {"count": True},
        "contacts_handled": answered,
        "contacts_abandoned": {"column": "Disposition", "equals": ["Abandoned"]},
        "queue_seconds": {"column": "Queue Time", "unit": "h:mm:ss", "where": answered},
        "answered_within_threshold": {"column": "Queue Time", "at_most": 20, "unit": "h:mm:ss", "where": answered},
        "talk_seconds": {"column": "Talk Time", "unit": "h:mm:ss", "where": answered},
    }
    assert any(note.text.endswith("Blocked.") for note in recognised(CALLS).notes)


def test_calls_with_clocks_only() -> None:
    header, clock = "Call ID,Queued at,Answered at,Ended at,Vendor", "2026-03-13 08:0"
    text = f"{header}\n1,{clock}0:00,{clock}0:10,{clock}4:00,Acme\n2,{clock}0:00,,,Acme\n"
    measures = recipe_of(text)["measures"]
    assert measures["contacts_handled"] == {"column": "Answered at", "present": True}
    assert measures["queue_seconds"] == {"from": "Queued at", "to": "Answered at", "format": "%Y-%m-%d %H:%M:%S"}
    assert measures["handle_seconds"]["from"] == "Answered at"


def test_tickets_whose_rows_repeat_are_events() -> None:
    recipe = recipe_of(TICKETS)
    finished = {"column": "Status", "equals": ["Resolved", "Closed"]}
    assert recipe["shape"] == "events" and open_keys(TICKETS) == []
    assert recipe["rows"] == {"fold_by": "Ticket", "order_by": {"column": "Revision", "type": "integer"}}
    assert recipe["missing"][-1] == "?"
    assert recipe["measures"] == {
        "cases_opened": {"count": True},
        "cases_resolved": finished,
        "resolution_seconds": {"from": "Opened", "to": "Resolved at", "format": "%Y-%m-%d %H:%M", "where": finished},
        "cases_resolved_in_target": {"column": "Made SLA", "equals": ["TRUE"], "where": finished},
        "cases_reopened": {"column": "Reopen count", "at_least": 1},
    }


def test_repeating_tickets_without_an_order_are_said() -> None:
    found = recognised(TICKETS.replace("Revision", "Colour"))
    assert found.recipe.shape == "interactions"
    assert any("nothing says which of them is the last" in note.text for note in found.notes)


def test_answers_to_a_survey() -> None:
    recipe = recipe_of("Response ID,Recorded Date,Vendor,NPS,CSAT\nR1,2026-03-13,Acme,9,5\nR2,2026-03-13,Acme,6,3\n")
    assert recipe["source"] == "survey"
    assert recipe["measures"] == {
        "csat_responses": {"column": "CSAT", "present": True},
        "csat_score_sum": {"column": "CSAT"},
        "csat_satisfied": {"column": "CSAT", "at_least": 4},
        "nps_responses": {"column": "NPS", "present": True},
        "nps_promoters": {"column": "NPS", "at_least": 9},
        "nps_detractors": {"column": "NPS", "at_most": 6},
    }


def test_a_file_without_vendor_asks_whose_it_is() -> None:
    text = CALLS.replace("Acme;", "").replace("Vendor;", "")
    (question,) = recognised(text, "March calls.csv").questions
    assert question.key == "vendor" and question.choices[0].value == "March calls"
    assert recipe_of(text, vendor="Acme")["dimensions"]["vendor"] == {"constant": "Acme"}


def test_one_kpi_per_row() -> None:
    text = "Month,Vendor,KPI,Actual,Target,Unit\nMar-26,Acme,AHT,5.2,5,min\nMar-26,Acme,FCR,81.5,80,%\nMar-26,Acme,Widgets,1,2,%\n"
    recipe = recipe_of(text)
    assert recipe["shape"] == "scorecard"
    assert {name: entry["column"] for name, entry in recipe["scorecard"].items()} == {
        "kpi": "KPI", "actual": "Actual", "target": "Target", "unit": "Unit",
    }  # fmt: skip
    assert any("Widgets" in note.text for note in recognised(text).notes)


def test_a_register_with_other_dates() -> None:
    recipe = recipe_of("Risk ID,Scored on,Kind,Likelihood,Impact\nR1,13/03/2026,inherent,4,5\n")
    assert (recipe["register"], recipe["date_format"]) == ("risk_scores", "%d/%m/%Y")
    assert recipe["columns"]["risk_id"] == "Risk ID"
