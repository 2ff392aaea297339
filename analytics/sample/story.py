"""The story of the sample as dated facts. What happens, where and when, is changed here and nowhere else."""

from dataclasses import dataclass, field
from datetime import date

from analytics.sample.curve import Curve, flat, path

SEED = 20240801
FIRST_DAY, LAST_DAY = date(2024, 8, 1), date(2026, 10, 31)

# The latest complete quarter over all measured vendors comes to exactly these totals.
REPORT_FIRST_DAY, REPORT_LAST_DAY = date(2026, 7, 1), date(2026, 9, 30)
REPORT_RESOLUTION, REPORT_HANDLE_SECONDS, REPORT_SATISFACTION, REPORT_ERRORS_ONE_IN = (17, 20), 270, (23, 25), 200

# Leavers are few and whole: which draw of chance is used decides how clearly a quarter shows the levels below.
PEOPLE_DRAW = "hr31"

DURBAN_OPENS = date(2025, 10, 1)
MISSING_MONTH_VENDOR, MISSING_MONTH = "Meridiem", (2025, 11)
RESTATED_VENDOR, RESTATED_MONDAY = "Northline", date(2026, 3, 9)
RESTATED_OFFERED_FACTOR, RESTATED_WRAP_FACTOR = 1.12, 2.1  # transfers counted twice, wrap-up booked twice

SATURDAY, SUNDAY = 5, 6
PUBLIC_HOLIDAYS, HOLIDAY_LOAD = frozenset({(12, 25), (1, 1)}), 0.35  # only sites that work on Sundays work then
WEEKDAY_LOAD = (1.14, 1.05, 1.0, 0.97, 0.94, 0.58, 0.44)  # Monday first
MONTH_LOAD = (1.05, 0.98, 0.97, 0.96, 0.95, 0.95, 0.96, 0.97, 1.0, 1.04, 1.17, 1.19)  # January first
SEASON_STRENGTH = {"Billing": 0.7, "Technical support": 0.6, "Orders": 1.7, "Retention": 0.9}
BILLING_RUN_DAYS, BILLING_RUN_LOAD = 5, 1.08  # bills go out on the first: their readers call
SALES_WEEKENDS, SALES_LOAD = (date(2024, 11, 29), date(2025, 11, 28)), 1.35

HANDLE_SECONDS = {"Billing": 262.0, "Technical support": 340.0, "Orders": 228.0, "Retention": 322.0}
HANDLE_FACTOR = {"voice": 1.0, "chat": 1.06, "email": 0.9}
SERVICE_LEVEL_OFFSET = {"voice": -0.008, "chat": 0.012, "email": 0.03}


@dataclass(frozen=True, slots=True)
class Queue:
    """One line of business on one channel; `offered` contacts on an average weekday in August 2024."""

    lob: str
    channel: str
    offered: int


@dataclass(frozen=True, slots=True)
class Site:
    """One site with its queues and how its levels change over time (shares as fractions, factors around 1)."""

    vendor: str
    name: str
    queues: tuple[Queue, ...]
    demand: Curve
    handle_factor: Curve
    service_level: Curve
    resolution: Curve
    satisfaction: Curve
    quality: Curve
    error_rate: Curve
    attrition: Curve
    employee_satisfaction: Curve
    closed_on: frozenset[int] = frozenset()
    opens: date = FIRST_DAY
    reachable: Curve = field(default_factory=lambda: flat(1.0))
    staffing: Curve = field(default_factory=lambda: flat(0.995))
    transfers: Curve = field(default_factory=lambda: flat(0.06))
    critical_errors: Curve = field(default_factory=lambda: flat(0.025))
    shrinkage: float = 0.29
    hourly_rate: float = 20.0


def _queues(**offered: int) -> tuple[Queue, ...]:
    """billing_voice=6200 -> Queue('Billing', 'voice', 6200)."""
    return tuple(
        Queue(lob.replace("_", " ").capitalize(), channel, count)
        for name, count in offered.items()
        for lob, _, channel in (name.rpartition("_"),)
    )


HALIFAX = Site(
    "Northline",
    "Halifax",
    _queues(billing_voice=6200, billing_chat=2600, billing_email=900, orders_voice=4300, orders_chat=2200, orders_email=700),
    demand=path(d20240801=1.0, d20261031=1.09),
    # The knowledge base of 2 June 2026 shortens contacts within four weeks.
    handle_factor=path(d20240801=1.0, d20260601=0.985, d20260602=0.98, d20260630=0.917),
    service_level=path(d20240801=0.838, d20250801=0.842, d20261031=0.846),
    resolution=path(d20240801=0.868, d20260601=0.874, d20260715=0.884),
    satisfaction=path(d20240801=0.928, d20260601=0.933, d20260801=0.939),
    quality=path(d20240801=0.911, d20261031=0.922),
    error_rate=path(d20240801=0.0037, d20261031=0.0030),
    attrition=path(d20240801=0.26, d20261031=0.238),
    employee_satisfaction=path(d20240801=0.77, d20261031=0.80),
    shrinkage=0.275,
    hourly_rate=25.5,
)
WINNIPEG = Site(
    "Northline",
    "Winnipeg",
    _queues(technical_support_voice=5200, technical_support_chat=2100, retention_voice=2400),
    demand=path(d20240801=1.0, d20261031=1.06),
    handle_factor=path(d20240801=0.97, d20260601=0.955, d20260602=0.95, d20260630=0.885),
    service_level=path(d20240801=0.836, d20261031=0.845),
    resolution=path(d20240801=0.862, d20260601=0.868, d20260715=0.879),
    satisfaction=path(d20240801=0.925, d20260601=0.930, d20260801=0.937),
    quality=path(d20240801=0.907, d20261031=0.920),
    error_rate=path(d20240801=0.0036, d20261031=0.0030),
    attrition=path(d20240801=0.27, d20261031=0.245),
    employee_satisfaction=path(d20240801=0.76, d20261031=0.79),
    closed_on=frozenset({SUNDAY}),
    shrinkage=0.28,
    hourly_rate=26.5,
)
PUNE = Site(
    "Cobalt Bay",
    "Pune",
    _queues(technical_support_voice=3900, technical_support_chat=2300, technical_support_email=600, billing_voice=2700, billing_chat=1300),
    # The new IVR menu of 3 March 2025 answers the simplest contacts itself.
    demand=path(d20240801=1.0, d20250302=1.03, d20250317=0.96, d20261031=1.04),
    handle_factor=path(d20240801=1.05, d20250302=1.05, d20250331=1.02, d20260813=1.02, d20260818=1.115, d20261031=1.05),
    # The site goes down on 14 August 2026 and has not fully recovered.
    service_level=path(
        d20240801=0.800,
        d20250302=0.800,
        d20250401=0.820,
        d20260813=0.824,
        d20260814=0.07,
        d20260816=0.10,
        d20260817=0.34,
        d20260824=0.54,
        d20260831=0.61,
        d20260930=0.765,
        d20261031=0.785,
    ),
    reachable=path(d20260813=1.0, d20260814=0.10, d20260816=0.12, d20260817=0.45, d20260820=0.75, d20260827=0.95, d20260907=1.0),
    staffing=path(d20260813=0.985, d20260814=0.30, d20260816=0.32, d20260818=0.72, d20260831=0.88, d20260930=0.93, d20261031=0.955),
    resolution=path(d20240801=0.822, d20250302=0.822, d20250401=0.834, d20260813=0.834, d20260814=0.775, d20260930=0.811, d20261031=0.820),
    satisfaction=path(d20240801=0.914, d20260813=0.917, d20260814=0.850, d20260831=0.885, d20260930=0.904, d20261031=0.909),
    quality=path(d20240801=0.884, d20260630=0.880, d20260813=0.876, d20260831=0.858, d20261031=0.868),
    error_rate=path(d20240801=0.0070, d20260813=0.0074, d20260831=0.0094, d20261031=0.0082),
    attrition=path(d20240801=0.35, d20260731=0.37, d20260930=0.42),
    employee_satisfaction=path(d20240801=0.71, d20260731=0.70, d20260930=0.64),
    transfers=path(d20240801=0.094, d20250302=0.094, d20250324=0.062, d20261031=0.06),
    shrinkage=0.30,
    hourly_rate=10.5,
)
CHENNAI = Site(
    "Cobalt Bay",
    "Chennai",
    _queues(orders_voice=2600, orders_chat=1500, orders_email=500, billing_voice=2200),
    demand=path(d20240801=1.0, d20260813=1.07, d20260814=1.45, d20260818=1.25, d20260828=1.08, d20261031=1.08),
    handle_factor=path(d20240801=1.08, d20260813=1.055, d20260820=1.11, d20261031=1.07),
    service_level=path(d20240801=0.812, d20260813=0.818, d20260814=0.46, d20260818=0.60, d20260831=0.725, d20260930=0.785, d20261031=0.795),
    resolution=path(d20240801=0.826, d20260813=0.830, d20260818=0.806, d20260930=0.821),
    satisfaction=path(d20240801=0.915, d20260813=0.917, d20260818=0.890, d20260930=0.908),
    quality=path(d20240801=0.880, d20260813=0.878, d20260831=0.866, d20261031=0.870),
    error_rate=path(d20240801=0.0073, d20260813=0.0075, d20260831=0.0086, d20261031=0.0080),
    attrition=path(d20240801=0.35, d20260930=0.38),
    employee_satisfaction=path(d20240801=0.72, d20260930=0.69),
    closed_on=frozenset({SUNDAY}),
    transfers=flat(0.07),
    shrinkage=0.30,
    hourly_rate=10.0,
)
# Asterion looks better every month by its service level, while ever fewer contacts are really solved: handle time
# shrinks and the same customers come back, so demand grows.
KRAKOW = Site(
    "Asterion",
    "Krakow",
    _queues(technical_support_voice=2700, technical_support_chat=1500, technical_support_email=500, billing_voice=1900),
    demand=path(d20240801=1.0, d20250901=1.02, d20261031=1.13),
    handle_factor=path(d20240801=0.985, d20250901=0.985, d20260815=0.915, d20261031=0.905),
    service_level=path(d20240801=0.803, d20250901=0.806, d20260815=0.832, d20261031=0.836),
    resolution=path(d20240801=0.842, d20250901=0.843, d20260815=0.782, d20261031=0.768),
    satisfaction=path(d20240801=0.923, d20250901=0.924, d20260815=0.878, d20261031=0.868),
    quality=flat(0.901),
    error_rate=path(d20240801=0.0055, d20261031=0.0060),
    attrition=path(d20240801=0.27, d20261031=0.305),
    employee_satisfaction=path(d20240801=0.74, d20261031=0.69),
    shrinkage=0.285,
    hourly_rate=18.5,
)
GDANSK = Site(
    "Asterion",
    "Gdansk",
    _queues(orders_voice=1700, orders_email=400, retention_voice=1500),
    demand=path(d20240801=1.0, d20250901=1.02, d20261031=1.10),
    handle_factor=path(d20240801=1.05, d20250901=1.05, d20260815=0.975, d20261031=0.965),
    service_level=path(d20240801=0.800, d20250901=0.803, d20260815=0.828, d20261031=0.832),
    resolution=path(d20240801=0.846, d20250901=0.846, d20260815=0.787, d20261031=0.772),
    satisfaction=path(d20240801=0.925, d20250901=0.925, d20260815=0.880, d20261031=0.870),
    quality=flat(0.899),
    error_rate=path(d20240801=0.0057, d20261031=0.0060),
    attrition=path(d20240801=0.27, d20261031=0.305),
    employee_satisfaction=path(d20240801=0.75, d20261031=0.70),
    closed_on=frozenset({SATURDAY, SUNDAY}),
    shrinkage=0.285,
    hourly_rate=18.0,
)
# Meridiem loses people from March 2026, most of them in June and July; three months later quality has followed.
CAPE_TOWN = Site(
    "Meridiem",
    "Cape Town",
    _queues(billing_voice=3000, billing_email=500, technical_support_voice=2600, technical_support_chat=1300, retention_voice=1700),
    demand=path(d20240801=1.0, d20261031=1.05),
    handle_factor=path(d20240801=0.90, d20260601=0.88, d20260930=0.905),
    service_level=path(d20240801=0.822, d20260501=0.824, d20260815=0.815, d20261031=0.806),
    resolution=path(d20240801=0.876, d20260601=0.880, d20260930=0.868),
    satisfaction=path(d20240801=0.930, d20260601=0.933, d20260930=0.926),
    quality=path(d20240801=0.926, d20260601=0.930, d20260701=0.917, d20260815=0.899, d20260915=0.878, d20261015=0.862),
    error_rate=path(d20240801=0.0038, d20260601=0.0036, d20260915=0.0044, d20261015=0.0050),
    attrition=path(d20240801=0.29, d20260215=0.29, d20260315=0.37, d20260415=0.45, d20260615=0.58, d20260715=0.56, d20260915=0.42),
    employee_satisfaction=path(d20240801=0.74, d20251201=0.73, d20260301=0.63, d20260615=0.55, d20260915=0.60),
    critical_errors=path(d20240801=0.022, d20260601=0.022, d20261015=0.048),
    shrinkage=0.30,
    hourly_rate=13.5,
)
DURBAN = Site(
    "Meridiem",
    "Durban",
    _queues(orders_voice=2600, orders_chat=1400, billing_voice=2000, billing_chat=1100),
    opens=DURBAN_OPENS,
    closed_on=frozenset({SUNDAY}),
    # Ramp-up: a few teams first, everybody new, most of the learning within four months.
    demand=path(d20251001=0.30, d20251101=0.55, d20251201=0.80, d20260115=0.95, d20260301=1.0, d20261031=1.03),
    handle_factor=path(d20251001=1.52, d20251101=1.34, d20251201=1.21, d20260101=1.13, d20260201=1.04, d20260315=1.01, d20260930=1.03),
    service_level=path(d20251001=0.66, d20251115=0.72, d20260101=0.78, d20260215=0.81, d20260501=0.82, d20261031=0.808),
    resolution=path(d20251001=0.74, d20251115=0.79, d20260101=0.835, d20260215=0.865, d20260601=0.876, d20260930=0.866),
    satisfaction=path(d20251001=0.855, d20251115=0.88, d20260101=0.91, d20260215=0.925, d20260601=0.931, d20260930=0.925),
    quality=path(
        d20251001=0.755,
        d20251101=0.80,
        d20251201=0.845,
        d20260101=0.875,
        d20260201=0.90,
        d20260601=0.922,
        d20260701=0.910,
        d20260815=0.893,
        d20260915=0.872,
        d20261015=0.856,
    ),
    error_rate=path(d20251001=0.012, d20251201=0.008, d20260201=0.005, d20260601=0.0042, d20261015=0.0053),
    attrition=path(d20251001=0.30, d20260215=0.31, d20260315=0.38, d20260415=0.47, d20260615=0.60, d20260715=0.57, d20260915=0.43),
    employee_satisfaction=path(d20251001=0.78, d20251201=0.74, d20260301=0.64, d20260615=0.55, d20260915=0.59),
    critical_errors=path(d20251001=0.11, d20251201=0.06, d20260201=0.03, d20260601=0.025, d20261015=0.05),
    shrinkage=0.305,
    hourly_rate=12.5,
)
SITES = (HALIFAX, WINNIPEG, PUNE, CHENNAI, KRAKOW, GDANSK, CAPE_TOWN, DURBAN)
VENDORS = tuple(dict.fromkeys(site.vendor for site in SITES))

# Tallgrass (Omaha) sends results without the counts behind them.
SCORECARD_VENDOR = "Tallgrass"
SCORECARD = {
    "service_level": path(d20240801=0.818, d20261031=0.831),
    "abandonment_rate": path(d20240801=0.034, d20261031=0.029),
    "average_handle_time": path(d20240801=268.0, d20261031=257.0),
    "first_contact_resolution": path(d20240801=0.861, d20261031=0.874),
    "csat": path(d20240801=0.926, d20261031=0.931),
    "error_rate": path(d20240801=0.0058, d20261031=0.0050),
    "attrition": path(d20240801=0.245, d20261031=0.214),
}

# Security incidents reported, by month and vendor; every other month had none.
SECURITY_INCIDENTS = {
    ((2024, 11), "Cobalt Bay"): 1,
    ((2025, 2), "Meridiem"): 1,
    ((2025, 6), "Asterion"): 1,
    ((2025, 12), "Cobalt Bay"): 2,
    ((2026, 3), "Northline"): 1,
    ((2026, 5), "Asterion"): 1,
    ((2026, 8), "Asterion"): 2,
    ((2026, 9), "Asterion"): 1,
    ((2026, 8), "Cobalt Bay"): 1,
}
