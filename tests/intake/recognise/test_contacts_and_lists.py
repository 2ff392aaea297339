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


CALL_LOG = """CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,AGENT NAME,DISPOSITION,CUSTOMER NAME,\
QUEUE WAIT TIME,RING TIME,TALK TIME,TRANSFERS,ABANDONED
1,2026-03-02 08:00:00,Acme_Tech,Inbound,a@x.com,Ann,Resolved,x,00:00:08,00:00:05,00:07:44,0,0
2,2026-03-02 08:37:00,Acme_Bill,Outbound,b@x.com,Bob,Callback,y,00:00:21,00:00:01,00:01:59,2,0
3,2026-03-02 09:14:00,Bolt_Sales,Inbound,,,Abandon,z,00:01:30,00:00:04,00:00:00,0,1
"""


def test_a_log_of_single_calls_is_told_from_totals_by_its_numbers() -> None:
    """Zeros and ones beside a number in every row are yes and no; the time in the queue is not that of ringing."""
    recipe = recipe_of(CALL_LOG, vendor="Acme")
    handled = {"column": "ABANDONED", "equals": ["0"]}
    assert recipe["shape"] == "interactions" and recipe["dimensions"]["lob"] == {"column": "CAMPAIGN"}
    assert recipe["rows"] == {"exclude": [{"column": "CALL TYPE", "equals": ["Outbound"]}]}
    assert recipe["measures"] == {
        "contacts_offered": {"count": True},
        "contacts_handled": handled,
        "contacts_abandoned": {"column": "ABANDONED", "equals": ["1"]},
        "queue_seconds": {"column": "QUEUE WAIT TIME", "unit": "h:mm:ss", "where": handled},
        "answered_within_threshold": {"column": "QUEUE WAIT TIME", "at_most": 20, "unit": "h:mm:ss", "where": handled},
        "talk_seconds": {"column": "TALK TIME", "unit": "h:mm:ss", "where": handled},
        "contacts_transferred": {"column": "TRANSFERS", "at_least": 1},
    }


def test_calls_that_were_made_are_asked_about() -> None:
    assert open_keys(CALL_LOG, vendor="Acme") == ["direction"]
    assert "rows" not in recipe_of(CALL_LOG, vendor="Acme", direction="keep")


def test_the_vendor_of_calls_is_no_person_and_no_outcome() -> None:
    (question,) = recognised(CALL_LOG, direction="keep").questions
    assert [choice.value for choice in question.choices] == ["export", "column:CAMPAIGN"]
    assert recipe_of(CALL_LOG, vendor="column:CAMPAIGN")["dimensions"]["vendor"] == {"column": "CAMPAIGN"}


def test_ringing_stands_for_waiting_only_where_nothing_else_does_and_is_said() -> None:
    text = CALL_LOG.replace("QUEUE WAIT TIME", "PARK TIME")
    assert recipe_of(text)["measures"]["queue_seconds"]["column"] == "RING TIME"
    assert any(note.about == "RING TIME" and "last part of waiting" in note.text for note in recognised(text).notes)
    assert not any(note.about == "RING TIME" for note in recognised(CALL_LOG).notes)
    totals = "Date,Vendor,Calls,Ring time (s),Queue time (s)\n2026-03-13,Acme,10,200,3000\n2026-03-14,Acme,10,200,3000\n"
    assert recipe_of(totals)["measures"]["queue_seconds"]["column"] == "Queue time (s)"


def test_zeros_and_ones_of_totals_stay_counts() -> None:
    recipe = recipe_of("Date,Vendor,ID,Calls,Abandoned,Talk time (s)\n2026-03-13,Acme,1,1,0,200\n2026-03-14,Acme,1,1,1,0\n")
    assert recipe["shape"] == "aggregates" and recipe["measures"]["contacts_abandoned"] == {"column": "Abandoned"}


THOUSANDTHS = """Conversation ID,Date,Queue,Abandoned,Total Queue,Total Talk,Total Hold,Transferred
c1,3/14/26 8:00 AM,Acme Voice,NO,9500,363000,,YES
c2,3/14/26 8:41 AM,Acme Voice,NO,61000,302000,,NO
c3,3/15/26 9:22 AM,Acme Voice,YES,2000,,15500,NO
"""


def test_times_that_would_take_hours_are_milliseconds() -> None:
    """Only one order of the dates is possible, so it is not asked."""
    found, measures = recognised(THOUSANDTHS, vendor="Acme"), recipe_of(THOUSANDTHS, vendor="Acme")["measures"]
    assert not found.questions and found.recipe.period_start is not None
    assert {name: measures[name]["unit"] for name in measures if name.endswith("seconds")} == dict.fromkeys(
        ("queue_seconds", "talk_seconds", "hold_seconds"), "milliseconds"
    )
    assert measures["contacts_abandoned"] == {"column": "Abandoned", "equals": ["YES"]}
    assert any(note.about == "Total Talk" and "milliseconds" in note.text for note in found.notes)
    assert recipe_of(THOUSANDTHS, vendor="Acme", date_order="mdy") == recipe_of(THOUSANDTHS, vendor="Acme")


SUPPORT = """Id,Created at,Organization,Status,Group,Resolution time,Full resolution time in minutes,\
Full resolution time in minutes within business hours,Satisfaction Score
1,2026-03-01 00:05,Globex,Solved,Tier 1,24,1440,480,Good
2,2026-03-01 02:26,Initech,Closed,Tier 1,48,2881,960,Bad
3,2026-03-02 04:47,Globex,Deleted,Tier 2,,,,Not Offered
4,2026-03-02 05:47,Initech,Open,Tier 2,,,,Good with comment
"""


def test_the_company_of_who_wrote_is_not_the_vendor_without_a_question() -> None:
    (question,) = recognised(SUPPORT).questions
    assert question.key == "vendor" and "column:Organization" in [choice.value for choice in question.choices]
    assert recipe_of(SUPPORT)["dimensions"]["vendor"] == {"constant": "export"}
    assert recipe_of(SUPPORT, vendor="column:Organization")["dimensions"]["vendor"] == {"column": "Organization"}
    assert recipe_of("Date,Organization,Calls\n2026-03-01,Acme,5\n")["dimensions"]["vendor"] == {"column": "Organization"}


def test_a_time_whose_name_says_its_unit_goes_before_one_whose_name_does_not() -> None:
    seconds = recipe_of(SUPPORT)["measures"]["resolution_seconds"]
    assert (seconds["column"], seconds["unit"]) == ("Full resolution time in minutes", "minutes")


def test_good_and_bad_are_ratings() -> None:
    measures = recipe_of(SUPPORT)["measures"]
    assert measures["csat_responses"] == {"column": "Satisfaction Score", "equals": ["Good", "Bad", "Good with comment"]}
    assert measures["csat_satisfied"] == {"column": "Satisfaction Score", "equals": ["Good", "Good with comment"]}
    assert "csat_score_sum" not in measures


def test_discarded_tickets_are_said_with_the_line_that_leaves_them_out() -> None:
    (text,) = [note.text for note in recognised(SUPPORT).notes if note.about == "Status"]
    assert "Deleted count as opened cases" in text and 'exclude = [{column = "Status", equals = ["Deleted"]}]' in text


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
