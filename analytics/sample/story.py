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

# From month to month rates differ by chance, each month independent of the others: a control chart stays quiet until
# something happens. Standard deviations; handle time as a share of itself. The draw decides how clearly the story shows.
MONTH_DRAW = "months42"
MONTH_SPREAD = {"service_level": 0.009, "handle_time": 0.011, "resolution": 0.006, "satisfaction": 0.006, "quality": 0.007}

DURBAN_OPENS = date(2025, 10, 1)
MISSING_MONTH_VENDOR, MISSING_MONTH = "Meridiem", (2025, 11)
RESTATED_VENDOR, RESTATED_MONDAY = "Northline", date(2026, 3, 9)
RESTATED_OFFERED_FACTOR, RESTATED_WRAP_FACTOR = 1.12, 2.1  # transfers counted twice, wrap-up booked twice

SATURDAY, SUNDAY = 5, 6
PUBLIC_HOLIDAYS, HOLIDAY_LOAD = frozenset({(12, 25), (1, 1)}), 0.35  # only sites that work on Sundays work then
WEEKDAY_LOAD = (1.14, 1.05, 1.0, 0.97, 0.94, 0.58, 0.44)  # Monday first
MONTH_LOAD = (1.05, 0.98, 0.97, 0.96, 0.95, 0.95, 0.96, 0.97, 1.0, 1.04, 1.17, 1.19)  # January first
SEASON_STRENGTH = {"Billing": 0.9, "Technical support": 0.8, "Orders": 1.3, "Retention": 0.9}
BILLING_RUN_DAYS, BILLING_RUN_LOAD = 5, 1.08  # bills go out on the first: their readers call
SALES_WEEKENDS, SALES_LOAD = (date(2024, 11, 29), date(2025, 11, 28)), 1.35

HANDLE_SECONDS = {"Billing": 259.0, "Technical support": 336.0, "Orders": 226.0, "Retention": 318.0}
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
    handle_factor=path(d20260601=0.971, d20260630=0.910),
    service_level=flat(0.845),
    resolution=path(d20260601=0.873, d20260715=0.884),
    satisfaction=path(d20260601=0.935, d20260801=0.939),
    quality=flat(0.919),
    error_rate=flat(0.0031),
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
    handle_factor=path(d20260601=0.938, d20260630=0.878),
    service_level=flat(0.844),
    resolution=path(d20260601=0.867, d20260715=0.879),
    satisfaction=path(d20260601=0.932, d20260801=0.937),
    quality=flat(0.917),
    error_rate=flat(0.0031),
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
    handle_factor=path(d20250302=1.068, d20250331=1.058),
    # The site goes down on 14 August 2026 and has not fully recovered.
    service_level=path(
        d20260813=0.820,
        d20260814=0.07,
        d20260816=0.10,
        d20260817=0.34,
        d20260824=0.54,
        d20260831=0.61,
        d20260930=0.765,
        d20261031=0.785,
    ),
    reachable=path(d20260813=1.0, d20260814=0.10, d20260816=0.12, d20260817=0.45, d20260820=0.75, d20260827=0.95, d20260907=1.0),
    staffing=path(d20260813=0.99, d20260814=0.30, d20260816=0.32, d20260818=0.80, d20260824=0.94, d20260930=0.975),
    resolution=path(d20250302=0.812, d20250401=0.820),
    satisfaction=path(d20260813=0.910, d20260814=0.880, d20260910=0.908),
    quality=flat(0.871),
    error_rate=flat(0.0076),
    attrition=path(d20240801=0.35, d20260731=0.37, d20260930=0.42),
    employee_satisfaction=path(d20240801=0.71, d20260731=0.70, d20260930=0.64),
    transfers=path(d20240801=0.094, d20250302=0.094, d20250324=0.062, d20261031=0.06),
    shrinkage=0.30,
    hourly_rate=10.3,
)
CHENNAI = Site(
    "Cobalt Bay",
    "Chennai",
    _queues(orders_voice=2600, orders_chat=1500, orders_email=500, billing_voice=2200),
    demand=path(d20240801=1.0, d20260813=1.07, d20260814=1.45, d20260818=1.25, d20260828=1.08, d20261031=1.08),
    handle_factor=flat(1.085),
    service_level=path(d20260813=0.817, d20260814=0.46, d20260818=0.60, d20260831=0.730, d20260930=0.785, d20261031=0.795),
    resolution=flat(0.820),
    satisfaction=flat(0.910),
    quality=flat(0.869),
    error_rate=flat(0.0076),
    attrition=path(d20240801=0.35, d20260930=0.38),
    employee_satisfaction=path(d20240801=0.72, d20260930=0.69),
    closed_on=frozenset({SUNDAY}),
    transfers=flat(0.07),
    shrinkage=0.30,
    hourly_rate=9.8,
)
# By its service level Asterion always looks well, while from autumn 2025 ever fewer contacts are really solved: handle
# time shrinks and the same customers come back, so demand grows.
KRAKOW = Site(
    "Asterion",
    "Krakow",
    _queues(technical_support_voice=2700, technical_support_chat=1500, technical_support_email=500, billing_voice=1900),
    demand=path(d20240801=1.0, d20250901=1.02, d20261031=1.13),
    handle_factor=path(d20250901=0.965, d20260815=0.915, d20261031=0.905),
    service_level=flat(0.832),
    resolution=path(d20250901=0.838, d20260815=0.782, d20261031=0.768),
    satisfaction=path(d20250901=0.919, d20260815=0.878, d20261031=0.868),
    quality=flat(0.901),
    error_rate=flat(0.0066),
    attrition=path(d20240801=0.27, d20261031=0.309),
    employee_satisfaction=path(d20240801=0.74, d20261031=0.69),
    shrinkage=0.285,
    hourly_rate=18.5,
)
GDANSK = Site(
    "Asterion",
    "Gdansk",
    _queues(orders_voice=1700, orders_email=400, retention_voice=1500),
    demand=path(d20240801=1.0, d20250901=1.02, d20261031=1.10),
    handle_factor=path(d20250901=1.03, d20260815=0.975, d20261031=0.965),
    service_level=flat(0.830),
    resolution=path(d20250901=0.841, d20260815=0.787, d20261031=0.772),
    satisfaction=path(d20250901=0.920, d20260815=0.880, d20261031=0.870),
    quality=flat(0.899),
    error_rate=flat(0.0066),
    attrition=path(d20240801=0.27, d20261031=0.309),
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
    handle_factor=flat(0.88),
    service_level=flat(0.815),
    resolution=flat(0.872),
    satisfaction=flat(0.930),
    quality=path(d20240801=0.926, d20260601=0.930, d20260701=0.917, d20260815=0.899, d20260915=0.876, d20261015=0.860),
    error_rate=flat(0.0046),
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
    handle_factor=path(d20251001=1.60, d20251101=1.40, d20251201=1.27, d20260101=1.18, d20260201=1.12, d20260315=1.10),
    service_level=path(d20251001=0.76, d20251115=0.78, d20260101=0.80, d20260215=0.815),
    resolution=path(d20251001=0.74, d20251115=0.79, d20260101=0.840, d20260215=0.870),
    satisfaction=path(d20251001=0.885, d20251115=0.90, d20260101=0.92, d20260215=0.929),
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
    error_rate=path(d20251001=0.007, d20260201=0.0047),
    attrition=path(d20251001=0.30, d20260215=0.31, d20260315=0.38, d20260415=0.47, d20260615=0.60, d20260715=0.57, d20260915=0.43),
    employee_satisfaction=path(d20251001=0.78, d20251201=0.74, d20260301=0.64, d20260615=0.55, d20260915=0.59),
    critical_errors=path(d20251001=0.11, d20251201=0.06, d20260201=0.03, d20260601=0.025, d20261015=0.05),
    shrinkage=0.305,
    hourly_rate=12.5,
)
SITES = (HALIFAX, WINNIPEG, PUNE, CHENNAI, KRAKOW, GDANSK, CAPE_TOWN, DURBAN)
VENDORS = tuple(dict.fromkeys(site.vendor for site in SITES))

# Tallgrass (Omaha) sends results without the counts behind them.
SCORECARD = {
    "service_level": flat(0.828),
    "abandonment_rate": flat(0.031),
    "average_handle_time": flat(260.0),
    "first_contact_resolution": flat(0.866),
    "csat": flat(0.929),
    "error_rate": flat(0.0056),
    "attrition": flat(0.221),
}

# Security incidents reported, by month and vendor; every other month had none.
SECURITY_INCIDENTS = {
    ((2024, 11), "Cobalt Bay"): 1,
    ((2025, 2), "Meridiem"): 1,
    ((2025, 6), "Asterion"): 1,
    ((2025, 12), "Cobalt Bay"): 1,
    ((2026, 3), "Northline"): 1,
    ((2026, 5), "Asterion"): 1,
    ((2026, 8), "Asterion"): 2,
    ((2026, 9), "Asterion"): 1,
}
