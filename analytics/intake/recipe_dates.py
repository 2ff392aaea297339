"""The parts of a recipe about time: the period, the order of day, month and year, the clocks of a contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from analytics.errors import did_you_mean
from analytics.intake.dates import check_clock_format, check_format, has_clock
from analytics.intake.recipe import CONTACT_SHAPES, GRAINS, ISO_DATE, ISO_TIME, Clock, DateField, Elapsed, Shape
from analytics.intake.sections import Section

_FORMAT_EXAMPLE = 'Example: "%d/%m/%Y" for 31/12/2026, "%b-%y" for Dec-26, "%d/%m/%Y %H:%M" for 31/12/2026 23:59.'

_OF_THIS_COMPUTER = {"localtime"}


@dataclass(frozen=True, slots=True)
class DateOrder:
    """The formats used where a recipe writes none: of a day, and of a day with its time."""

    day: str = ISO_DATE
    moment: str = ISO_TIME


DATE_ORDERS: Mapping[str, DateOrder] = {
    name: DateOrder(day, f"{day} %H:%M:%S") for name, day in (("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y"), ("ymd", "%Y/%m/%d"))
}


def read_date_order(root: Section) -> DateOrder:
    """What `date_order` expands to; ISO dates when it is not written."""
    if "date_order" not in root.values:
        return DateOrder()
    written = root.string("date_order")
    if written not in DATE_ORDERS:
        known = ", ".join(f'"{name}" ({order.day})' for name, order in DATE_ORDERS.items())
        root.fail("date_order", f"date_order is '{written}'.", f"{did_you_mean(written, DATE_ORDERS)} It stands for a format: {known}.")
    return DATE_ORDERS[written]


def read_period_start(dimensions: Section, shape: Shape, order: DateOrder) -> DateField:
    """The period every row is about."""
    section = dimensions.table("period_start")
    if section is None:
        dimensions.fail("", "[dimensions] has no period_start.", 'Add period_start = {column = "Date", grain = "day"}.')
    section.only("period_start", shape)
    columns, constant = section.strings("column"), section.optional("constant")
    if bool(columns) == (constant is not None) or not all(columns):
        section.fail("", "period_start needs either a column or a constant.", 'Write {column = "Date"} or {constant = "2026-12-31"}.')
    from_zone, to_zone = _zones(section)
    written = read_format(section, order.moment if len(columns) > 1 or from_zone else order.day)
    if from_zone and not has_clock(written):
        section.fail(
            "from_zone",
            f"zones change the day only by the time of day, which '{written}' has not.",
            "Add %H:%M to format, or remove the zones.",
        )
    any_day = shape in CONTACT_SHAPES or section.flag("any_day")
    return DateField(section.choice("grain", GRAINS), written, columns, constant, any_day, from_zone, to_zone)


def read_format(section: Section, default: str) -> str:
    """A date format under `format`; a wrong one is refused."""
    written = section.string("format", default)
    if problem := check_format(written):
        section.fail("format", f"format '{written}': {problem}.", _FORMAT_EXAMPLE)
    return written


def _zones(section: Section) -> tuple[str, str]:
    """The file's zone and the zone its days are counted in; both or none."""
    for key, other in (("from_zone", "to_zone"), ("to_zone", "from_zone")):
        if key in section.values and other not in section.values:
            section.fail(key, f"{key} stands without {other}.", "Name both: the clock of the file and the clock whose days you count.")
    for key in ("from_zone", "to_zone"):
        zone = section.string(key)
        if key in section.values and zone not in (zones := available_timezones() - _OF_THIS_COMPUTER):
            near = did_you_mean(zone, zones)
            section.fail(key, f"unknown time zone '{zone}'.", near or 'Write it as "UTC" or "Europe/Warsaw".')
    return section.string("from_zone"), section.string("to_zone")


def read_elapsed(section: Section, order: DateOrder) -> Elapsed:
    """The two clocks of a measure and how they are written."""
    for key in ("from", "to"):
        if not section.strings(key) or not all(section.strings(key)):
            example = 'from = "Queued at", to = "Answered at"'
            section.fail(key if key in section.values else "", f"{section.title} has no {key}.", f"Name both clocks: {example}.")
    written = section.string("format", order.moment)
    if problem := check_clock_format(written):
        section.fail("format", f"format '{written}': {problem}.", f'Example: "{order.moment}", or "%H:%M" where only the time is written.')
    return Elapsed(Clock(section.strings("from"), written), Clock(section.strings("to"), written))
