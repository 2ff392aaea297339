"""The latest complete quarter prints the sample performance report exactly: plain sums over the files, nothing else."""

from tests.sample.exported import corrected_acd, in_report_quarter, rows, total


def test_first_contact_resolution_is_85_percent():
    quarter = in_report_quarter(rows("crm_outcomes.csv"))
    assert 20 * total(quarter, "Resolved first contact") == 17 * total(quarter, "Contacts with issue") > 0


def test_average_handle_time_is_four_and_a_half_minutes():
    quarter = in_report_quarter(corrected_acd())
    handled = total(quarter, "Answered")
    assert total(quarter, "Talk time (s)", "Hold time (s)", "Wrap-up time (s)") == 270 * handled > 0


def test_customer_satisfaction_is_92_percent():
    quarter = in_report_quarter(rows("crm_outcomes.csv"))
    assert 25 * total(quarter, "Ratings 4-5") == 23 * total(quarter, "Survey responses") > 0


def test_error_rate_is_half_a_percent():
    quarter = in_report_quarter(rows("quality_weekly.csv"))
    assert 200 * total(quarter, "Errors found") == total(quarter, "Transactions checked") > 0


def test_every_month_of_the_quarter_counts_towards_the_totals():
    for name in ("crm_outcomes.csv", "quality_weekly.csv", "acd_daily.csv"):
        months = {(row.get("Date") or row.get("Contact date") or row["Week starting"])[:7] for row in rows(name)}
        assert {"2026-07", "2026-08", "2026-09"} <= months
