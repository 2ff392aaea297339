"""What an expert should find in the sample, as sums by month over the files."""

from datetime import date, timedelta

from tests.sample.exported import corrected_acd, day_of, handle_time, monthly, rows, share, total

SERVICE_LEVEL = share("Answered in 20 s", "Offered")
RESOLUTION = share("Resolved first contact", "Contacts with issue")
SATISFACTION = share("Ratings 4-5", "Survey responses")
QUALITY = share("Points earned", "Points possible")
PEAK_2026 = "2026-06", "2026-07"


def test_the_files_span_27_months():
    assert {f"{day_of(row):%Y-%m}" for row in rows("acd_daily.csv")} == {
        f"{2024 + (7 + month) // 12}-{(7 + month) % 12 + 1:02d}" for month in range(27)
    }
    assert (min(map(day_of, rows("acd_daily.csv"))), max(map(day_of, rows("acd_daily.csv")))) == (date(2024, 8, 1), date(2026, 10, 31))


class TestRhythm:
    def test_sundays_carry_less_than_half_of_a_monday(self):
        halifax = [row for row in rows("acd_daily.csv") if row["Site"] == "Halifax"]
        by_weekday = [total([row for row in halifax if day_of(row).weekday() == weekday], "Offered") for weekday in (0, 6)]
        assert by_weekday[1] < 0.5 * by_weekday[0]

    def test_a_closed_site_has_no_rows(self):
        assert not [row for row in rows("acd_daily.csv") if row["Site"] == "Gdansk" and day_of(row).weekday() >= 5]

    def test_the_year_peaks_in_november_and_december(self):
        offered = monthly(rows("acd_daily.csv"), lambda found: total(found, "Offered"), Vendor="Northline")
        year = {month: count for month, count in offered.items() if month.startswith("2025")}
        assert set(sorted(year, key=lambda month: year[month])[-3:]) >= {"2025-11", "2025-12"}

    def test_volume_grows_from_year_to_year(self):
        offered = monthly(rows("acd_daily.csv"), lambda found: total(found, "Offered"), Vendor="Northline")
        assert 1.01 < offered["2026-07"] / offered["2025-07"] < 1.06


class TestPuneOutage:
    """14 August 2026: nearly dead for three days, then weeks of recovery that is not complete."""

    def test_contacts_collapse_on_the_day(self):
        by_day = {
            day: total([row for row in rows("acd_daily.csv") if row["Site"] == "Pune" and day_of(row) == day], "Answered")
            for day in (date(2026, 8, 7), date(2026, 8, 14))
        }
        assert by_day[date(2026, 8, 14)] < 0.1 * by_day[date(2026, 8, 7)]

    def test_service_level_and_abandonment_of_the_vendor(self):
        level = monthly(corrected_acd(), SERVICE_LEVEL, Vendor="Cobalt Bay")
        left = monthly(corrected_acd(), share("Abandoned", "Offered"), Vendor="Cobalt Bay")
        assert level["2026-07"] > 0.80 > level["2026-10"] > level["2026-09"] > level["2026-08"]
        assert level["2026-08"] < 0.70
        assert left["2026-07"] < 0.05 < 0.06 < left["2026-08"]


class TestAsterionWatermelon:
    """Green outside, red inside: the service level is met while ever fewer contacts are solved."""

    def test_service_level_is_met_in_every_month(self):
        level = monthly(corrected_acd(), SERVICE_LEVEL, Vendor="Asterion")
        assert all(value > 0.80 for value in level.values())

    def test_resolution_and_satisfaction_fall_below_their_targets(self):
        resolution = monthly(rows("crm_outcomes.csv"), RESOLUTION, Vendor="Asterion")
        satisfaction = monthly(rows("crm_outcomes.csv"), SATISFACTION, Vendor="Asterion")
        assert resolution["2025-08"] > 0.83 and satisfaction["2025-08"] > 0.91
        assert all(resolution[month] < 0.80 and satisfaction[month] < 0.90 for month in ("2026-07", "2026-08", "2026-09"))

    def test_handle_time_shrinks_and_cases_come_back(self):
        seconds = monthly(corrected_acd(), handle_time, Vendor="Asterion")
        reopened = monthly(rows("tickets_monthly.csv"), share("Reopened", "Resolved"), Vendor="Asterion")
        assert seconds["2026-09"] < seconds["2025-09"] - 15
        assert reopened["2026-09"] > reopened["2025-09"] + 0.01


class TestDurbanRampUp:
    """October 2025: new people, long contacts, low quality; learned within about four months."""

    def test_handle_time_follows_a_learning_curve(self):
        seconds = monthly(corrected_acd(), handle_time, Site="Durban")
        assert seconds["2025-10"] > 1.3 * seconds["2026-02"]
        assert abs(seconds["2026-04"] - seconds["2026-02"]) < 0.05 * seconds["2026-02"]

    def test_quality_starts_low(self):
        quality = monthly(rows("quality_weekly.csv"), QUALITY, Site="Durban")
        assert quality["2025-10"] < 0.80 < 0.89 < quality["2026-02"]

    def test_nothing_before_it_opened(self):
        assert min(day_of(row) for row in rows("acd_daily.csv") if row["Site"] == "Durban") == date(2025, 10, 1)


class TestMeridiemAttritionLeadsQuality:
    def test_leavers_peak_in_june_and_july(self):
        rate = monthly(rows("hr_monthly.csv"), share("Leavers", "Average headcount"), Vendor="Meridiem")
        year = {month: value for month, value in rate.items() if month.startswith("2026")}
        assert set(sorted(year, key=lambda month: year[month])[-2:]) == set(PEAK_2026)

    def test_quality_is_still_good_at_the_peak_and_falls_three_months_later(self):
        quality = monthly(rows("quality_weekly.csv"), QUALITY, Vendor="Meridiem")
        assert quality["2026-06"] > 0.91 > quality["2026-07"] > quality["2026-08"] > quality["2026-09"] > quality["2026-10"]
        assert quality["2026-09"] < 0.88


class TestExportsWithFaults:
    def test_one_month_of_one_vendor_was_never_sent(self):
        handled = monthly(rows("acd_daily.csv"), lambda found: total(found, "Answered"), Vendor="Meridiem")
        resolved = monthly(rows("crm_outcomes.csv"), RESOLUTION, Vendor="Meridiem")
        assert "2025-11" not in handled and "2025-11" in resolved
        assert len(handled) == 26

    def test_the_correction_replaces_one_week_of_one_vendor(self):
        correction = rows("acd_correction_northline.csv")
        week = {date(2026, 3, 9) + timedelta(days=n) for n in range(7)}
        assert {day_of(row) for row in correction} == week and {row["Vendor"] for row in correction} == {"Northline"}
        first_sent = [row for row in rows("acd_daily.csv") if row["Vendor"] == "Northline" and day_of(row) in week]
        assert len(first_sent) == len(correction)
        assert total(first_sent, "Offered") > 1.1 * total(correction, "Offered")
        assert handle_time(first_sent) > handle_time(correction) + 30

    def test_restated_or_not_answered_and_abandoned_make_up_offered(self):
        for row in rows("acd_daily.csv"):
            assert int(row["Offered"]) == int(row["Answered"]) + int(row["Abandoned"])
            assert int(row["Answered in 20 s"]) <= int(row["Answered"])
            assert int(row["Abandoned in 6 s"]) <= int(row["Abandoned in 20 s"]) <= int(row["Abandoned"])


def test_the_knowledge_base_shortens_northlines_contacts():
    seconds = monthly(corrected_acd(), handle_time, Vendor="Northline")
    assert seconds["2026-08"] < seconds["2026-05"] - 15


def test_the_ivr_menu_lowers_transfers_at_pune():
    transfers = monthly(corrected_acd(), share("Transferred", "Answered"), Site="Pune")
    assert transfers["2025-02"] > 0.085 and transfers["2025-04"] < 0.07


def test_occupancy_is_believable_every_month():
    def occupancy(found):
        busy = total(found, "Talk time (s)", "Hold time (s)", "Wrap-up time (s)")
        return busy / (busy + total(found, "Idle time (s)"))

    for vendor in ("Northline", "Cobalt Bay", "Asterion", "Meridiem"):
        assert all(0.75 < value < 0.88 for value in monthly(corrected_acd(), occupancy, Vendor=vendor).values())
