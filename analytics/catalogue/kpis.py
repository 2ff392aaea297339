"""The KPIs as data: one entry yields the SQL, the words, the format, the filter option and the glossary line.

A KPI is sum(numerator measures) / sum(denominator measures) x scale; without a denominator it is a total. To change
a definition, change its entry here and nothing else. Published formulas that differ are variants with their own id
(`service_level.answered_only`); the contract chooses. No conformance with COPC or ISO 18295 is claimed.
"""

from analytics.catalogue.kpi import DefaultTarget, Kpi, Topic
from analytics.catalogue.units import SECONDS_PER_HOUR, Comparator, Direction, Unit

DAYS_PER_YEAR = 365


def _at_least(expected: float) -> DefaultTarget:
    return DefaultTarget(Comparator.AT_LEAST, expected)


def _at_most(expected: float) -> DefaultTarget:
    return DefaultTarget(Comparator.AT_MOST, expected)


def _band(lower: float, upper: float) -> DefaultTarget:
    return DefaultTarget(Comparator.BAND, lower=lower, upper=upper)


# fmt: off
_SPEED = (
    Kpi(
        "service_level", "Service level", Topic.SPEED, "answered_within_threshold", "contacts_offered",
        Unit.PERCENT, Direction.HIGHER, "Share of offered contacts answered within the threshold (20 s unless the row names another).",
        "Cisco ICM guide; Genesys Cloud documentation; WFM Labs", target=_at_least(0.80),
        note="80/20 is the usual target. Five published formulas exist: see the variants.",
        synonyms=("sl", "sla", "sl %", "service level %", "tsf", "grade of service"),
    ),
    Kpi(
        "service_level.answered_only", "Service level, of answered", Topic.SPEED, "answered_within_threshold", "contacts_handled",
        Unit.PERCENT, Direction.HIGHER, "Share of answered contacts answered within the threshold; abandoned contacts are left out.",
        "Call Centre Helper, variant 2; NHS 111 minimum data set", target=_at_least(0.80),
        note="Flatters a queue that many callers leave.",
    ),
    Kpi(
        "service_level.abandons_positive", "Service level, abandons count as met", Topic.SPEED,
        "answered_within_threshold + abandoned_within_threshold", "contacts_offered", Unit.PERCENT, Direction.HIGHER,
        "Contacts answered or abandoned within the threshold, of all offered.", "Call Centre Helper, variant 1; Cisco 'positive'",
        target=_at_least(0.80),
    ),
    Kpi(
        "service_level.abandons_ignored", "Service level, early abandons left out", Topic.SPEED, "answered_within_threshold",
        "contacts_offered - abandoned_within_threshold", Unit.PERCENT, Direction.HIGHER,
        "Contacts answered within the threshold, of offered contacts less those abandoned within it.",
        "Call Centre Helper, variant 4; Cisco 'ignore'", target=_at_least(0.80),
    ),
    Kpi(
        "service_level.short_abandons_positive", "Service level, short abandons count as met", Topic.SPEED,
        "answered_within_threshold + contacts_abandoned_short", "contacts_offered", Unit.PERCENT, Direction.HIGHER,
        "Contacts answered within the threshold or abandoned within the short-abandon threshold, of all offered.",
        "Call Centre Helper, variant 5", target=_at_least(0.80),
    ),
    Kpi(
        "average_speed_of_answer", "Average speed of answer", Topic.SPEED, "queue_seconds", "contacts_handled",
        Unit.SECONDS, Direction.LOWER, "Average seconds answered contacts waited.", "SWPP",
        note="Weighted by answered contacts.", synonyms=("asa", "speed of answer", "average wait"),
    ),
    Kpi(
        "abandonment_rate", "Abandonment rate", Topic.SPEED, "contacts_abandoned", "contacts_offered", Unit.PERCENT, Direction.LOWER,
        "Share of offered contacts that left before an answer.", "COPC sheet", target=_at_most(0.05),
        synonyms=("abandon rate", "aband %", "lost calls %"),
    ),
    Kpi(
        "abandonment_rate.less_short", "Abandonment rate, less short abandons", Topic.SPEED,
        "contacts_abandoned - contacts_abandoned_short", "contacts_offered - contacts_abandoned_short", Unit.PERCENT, Direction.LOWER,
        "Abandonment with short abandons taken out above and below the line.", "COPC sheet", target=_at_most(0.05),
        note="State the short threshold; Mitel's default is 6 s.",
    ),
    Kpi(
        "average_handle_time", "Average handle time", Topic.SPEED, "handle_seconds", "contacts_handled", Unit.SECONDS, Direction.LOWER,
        "Talk, hold and wrap-up time per handled contact.", "SWPP", target=_at_most(300),
        note="Falling handle time with falling first contact resolution is a warning.", synonyms=("aht", "handle time", "avg handle time"),
    ),
    Kpi(
        "transfer_rate", "Transfer rate", Topic.SPEED, "contacts_transferred", "contacts_handled", Unit.PERCENT, Direction.LOWER,
        "Share of handled contacts passed on.", "common practice", target=_at_most(0.10), synonyms=("transfers %",),
    ),
    Kpi(
        "contacts_handled", "Contacts handled", Topic.SPEED, "contacts_handled", "", Unit.COUNT, Direction.NEUTRAL,
        "Contacts handled in the period.", "common practice",
        note="Volume is context, not a verdict.", synonyms=("volume", "calls handled"),
    ),
)

_PEOPLE = (
    Kpi(
        "occupancy", "Occupancy", Topic.PEOPLE, "handle_seconds", "handle_seconds + available_seconds", Unit.PERCENT, Direction.BAND,
        "Share of an agent's ready time spent on contacts.", "Reporting Toolbox", target=_band(0.75, 0.88),
        note="Too high burns people out, too low wastes money.", synonyms=("occ", "occupancy %"),
    ),
    Kpi(
        "utilisation", "Utilisation", Topic.PEOPLE, "handle_seconds", "paid_seconds", Unit.PERCENT, Direction.BAND,
        "Share of paid time spent on contacts.", "public sources conflict; ours is handle time of paid time",
        target=_band(0.50, 0.75), synonyms=("utilization",),
    ),
    Kpi(
        "schedule_adherence", "Schedule adherence", Topic.PEOPLE, "adherent_seconds", "scheduled_seconds", Unit.PERCENT, Direction.HIGHER,
        "Share of scheduled time spent in the scheduled activity.", "SWPP; WFM Labs", target=_at_least(0.90), synonyms=("adherence",),
    ),
    Kpi(
        "shrinkage", "Shrinkage", Topic.PEOPLE, "paid_seconds - productive_seconds", "paid_seconds", Unit.PERCENT, Direction.LOWER,
        "Share of paid time not available for work.", "TechTarget", target=_at_most(0.32),
        note="Staffing factor is 1 / (1 - shrinkage).", synonyms=("shrink",),
    ),
    Kpi(
        "absenteeism", "Absenteeism", Topic.PEOPLE, "absent_seconds", "scheduled_seconds", Unit.PERCENT, Direction.LOWER,
        "Share of scheduled time lost to unplanned absence.", "COPC glossary", target=_at_most(0.08), note="Planned leave excluded.",
        synonyms=("absence rate",),
    ),
    Kpi(
        "attrition", "Attrition, annualised", Topic.PEOPLE, "leavers", "headcount_days", Unit.PERCENT, Direction.LOWER,
        "Leavers as a share of average headcount over the 12 months that end with the period, per year of 365 days.", "MetricNet",
        scale=DAYS_PER_YEAR, target=_at_most(0.30), window_months=12, steady_months=6,
        note="Control charts and comparisons over chosen months take every month by itself: windows share most of their months.",
        synonyms=("turnover", "employee turnover", "attrition rate"),
    ),
    Kpi(
        "attrition.period", "Attrition, of the period alone", Topic.PEOPLE, "leavers", "headcount_days", Unit.PERCENT, Direction.LOWER,
        "Leavers of the period itself as a share of average headcount, per year of 365 days.", "MetricNet",
        scale=DAYS_PER_YEAR, target=_at_most(0.30), steady_months=6, note="Short periods swing.",
    ),
    Kpi(
        "productivity", "Productivity", Topic.PEOPLE, "contacts_handled", "paid_seconds", Unit.PER_HOUR, Direction.HIGHER,
        "Contacts handled per paid hour.", "BPO management guide", scale=SECONDS_PER_HOUR, synonyms=("contacts per hour", "cph"),
    ),
    Kpi(
        "staffing_delivered", "Staffing delivered", Topic.PEOPLE, "delivered_seconds", "committed_seconds", Unit.PERCENT, Direction.BAND,
        "Delivered hours as a share of committed hours.", "Assembled", target=_band(0.95, 1.05),
        note="Committed against required hours is a different failure.", synonyms=("staffing level", "hours delivered"),
    ),
    Kpi(
        "esat", "Employee satisfaction", Topic.PEOPLE, "esat_favourable", "esat_responses", Unit.PERCENT, Direction.HIGHER,
        "Share of favourable employee survey answers.", "BPO management guide", target=_at_least(0.70), synonyms=("employee satisfaction",),
    ),
)

_QUALITY = (
    Kpi(
        "first_contact_resolution", "First contact resolution", Topic.QUALITY, "resolved_first_contact", "resolution_opportunities",
        Unit.PERCENT, Direction.HIGHER, "Share of contacts with an issue that were resolved on the first contact.", "SQM; Medallia",
        target=_at_least(0.80), synonyms=("fcr", "first call resolution"),
    ),
    Kpi(
        "first_contact_resolution.net", "First contact resolution, net", Topic.QUALITY, "resolved_first_contact",
        "resolution_opportunities - contacts_transferred", Unit.PERCENT, Direction.HIGHER,
        "First contact resolution without the contacts the first line cannot resolve and transfers.", "SQM; Medallia",
        target=_at_least(0.80), note="Never mix with the gross figure.",
    ),
    Kpi(
        "csat", "Customer satisfaction", Topic.QUALITY, "csat_satisfied", "csat_responses", Unit.PERCENT, Direction.HIGHER,
        "Share of ratings of 4 or 5 of 5 (top two boxes).", "common practice", target=_at_least(0.90),
        note="Read it with the number of responses.", synonyms=("customer satisfaction", "csat score", "satisfaction"),
    ),
    Kpi(
        "csat_mean", "Customer satisfaction, mean", Topic.QUALITY, "csat_score_sum", "csat_responses", Unit.SCORE, Direction.HIGHER,
        "Average satisfaction rating on the survey's own scale.", "common practice", synonyms=("average rating",),
    ),
    Kpi(
        "nps", "Net promoter score", Topic.QUALITY, "nps_promoters - nps_detractors", "nps_responses", Unit.POINTS, Direction.HIGHER,
        "Percentage of ratings 9-10 minus percentage of ratings 0-6, from -100 to 100.", "common practice", scale=100,
        synonyms=("net promoter",),
    ),
    Kpi(
        "quality_score", "Quality score", Topic.QUALITY, "quality_points", "quality_points_possible", Unit.PERCENT, Direction.HIGHER,
        "Points earned of points possible in quality evaluations.", "common practice", target=_at_least(0.88),
        note="A fatal error zeroes its evaluation.", synonyms=("qa score", "quality"),
    ),
    Kpi(
        "critical_error_accuracy", "Critical-error accuracy", Topic.QUALITY, "evaluations_without_critical_error", "evaluations",
        Unit.PERCENT, Direction.HIGHER, "Share of evaluations without a critical error.", "COPC sheet", target=_at_least(0.95),
        note="Customer, business and compliance errors are counted apart.", synonyms=("critical accuracy",),
    ),
    Kpi(
        "error_rate", "Error rate", Topic.QUALITY, "errors", "transactions_checked", Unit.PERCENT, Direction.LOWER,
        "Share of checked transactions that were wrong.", "COPC sheet; BPO management guide",
        target=DefaultTarget(Comparator.BELOW, 0.01), synonyms=("defect rate", "errors %"),
    ),
    Kpi(
        "reopen_rate", "Reopen rate", Topic.QUALITY, "cases_reopened", "cases_resolved", Unit.PERCENT, Direction.LOWER,
        "Share of resolved cases that were opened again.", "common practice", target=_at_most(0.05), synonyms=("reopened %",),
    ),
    Kpi(
        "resolved_in_target", "Resolved within target", Topic.QUALITY, "cases_resolved_in_target", "cases_resolved", Unit.PERCENT,
        Direction.HIGHER, "Share of resolved cases that met their target time.", "common practice", target=_at_least(0.95),
        synonyms=("sla met", "resolved in sla"),
    ),
    Kpi(
        "mean_resolution_time", "Mean resolution time", Topic.QUALITY, "resolution_seconds", "cases_resolved", Unit.HOURS,
        Direction.LOWER, "Average time from opening to resolution.", "common practice", synonyms=("mttr", "time to resolution"),
    ),
    Kpi(
        "backlog", "Backlog", Topic.QUALITY, "backlog_days", "cases_resolved", Unit.DAYS, Direction.LOWER,
        "Open cases as days of work at the current rate of resolution: average backlog / cases resolved per day.",
        "Little (1961): average waiting time = average number waiting / throughput", synonyms=("backlog days", "days of work"),
    ),
    Kpi(
        "security_incidents", "Security incidents", Topic.QUALITY, "security_incidents", "", Unit.COUNT, Direction.LOWER,
        "Security incidents in the period.", "BPO management guide", target=_at_most(0),
        note="One of the four lines every review must have: service levels, staffing, turnover, security.", synonyms=("incidents",),
    ),
)

_MONEY = (
    Kpi(
        "cost_per_contact", "Cost per contact", Topic.MONEY, "cost", "contacts_handled", Unit.MONEY, Direction.LOWER,
        "Cost per handled contact.", "MetricNet", note="Lower is better only with quality held.", synonyms=("cpc", "unit cost"),
    ),
    Kpi(
        "cost_per_resolution", "Cost per resolution", Topic.MONEY, "cost", "resolved_first_contact", Unit.MONEY, Direction.LOWER,
        "Cost per contact resolved on first contact; 5.00 per contact at 80 % resolution is 6.25.", "CX Today; Taylor Reach",
        note="Needs resolution recorded for every contact; with surveyed samples use the variant by cases.",
    ),
    Kpi(
        "cost_per_resolution.cases", "Cost per resolved case", Topic.MONEY, "cost", "cases_resolved", Unit.MONEY, Direction.LOWER,
        "Cost per resolved case.", "CX Today",
    ),
)
# fmt: on

BUILT_IN_KPIS: dict[str, Kpi] = {kpi.id: kpi for kpi in (*_SPEED, *_PEOPLE, *_QUALITY, *_MONEY)}
