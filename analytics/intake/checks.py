"""Findings about accepted rows: numbers that can be right one by one but not together."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.intake.problems import Issue, Level
from analytics.intake.reading import Columns
from analytics.wording import counted

MOST_LINES_NAMED = 10


@dataclass(frozen=True, slots=True)
class Order:
    """The sum of `parts` cannot exceed `whole`."""

    parts: tuple[str, ...]
    whole: str


ORDERS = (
    Order(("contacts_handled", "contacts_abandoned"), "contacts_offered"),
    Order(("answered_within_threshold",), "contacts_offered"),
    Order(("answered_within_threshold",), "contacts_handled"),
    Order(("abandoned_within_threshold",), "contacts_abandoned"),
    Order(("contacts_abandoned_short",), "contacts_abandoned"),
    Order(("contacts_transferred",), "contacts_handled"),
    Order(("adherent_seconds",), "scheduled_seconds"),
    Order(("productive_seconds",), "paid_seconds"),
    Order(("absent_seconds",), "scheduled_seconds"),
    Order(("resolved_first_contact",), "resolution_opportunities"),
    Order(("csat_satisfied",), "csat_responses"),
    Order(("nps_promoters", "nps_detractors"), "nps_responses"),
    Order(("quality_points",), "quality_points_possible"),
    Order(("evaluations_without_critical_error",), "evaluations"),
    Order(("errors",), "transactions_checked"),
    Order(("cases_resolved_in_target",), "cases_resolved"),
    Order(("cases_reopened",), "cases_resolved"),
    Order(("esat_favourable",), "esat_responses"),
)


def aggregate_issues(columns: Columns, fields: Mapping[str, Sequence], rows: Sequence[int]) -> list[Issue]:
    """Warnings about the accepted rows: impossible orders, names that differ only in case, totals among their parts."""
    found = [_order_issue(columns, fields, rows, order) for order in orders_among(fields)]
    names = name_issues(fields, rows, lambda index: columns.sheet.rows[index].line)
    return [issue for issue in (*found, *names, *_totals(columns, fields, rows)) if issue]


def orders_among(fields: Iterable[str]) -> list[Order]:
    """The orders whose measures are all there."""
    return [order for order in ORDERS if {*order.parts, order.whole} <= set(fields)]


def name_issues(fields: Mapping[str, Sequence], rows: Sequence[int], line_of: Callable[[int], int | None]) -> list[Issue]:
    """Warnings about names: the same but for case, or letters of two scripts in one vendor."""
    return [*_spellings(fields, rows, line_of), *_look_alikes(fields, rows, line_of)]


def _order_issue(columns: Columns, fields: Mapping[str, Sequence], rows: Sequence[int], order: Order) -> Issue | None:
    broken = [index for index in rows if exceeds([fields[name][index] for name in order.parts], fields[order.whole][index])]
    if not broken:
        return None
    parts = " + ".join(order.parts)
    return Issue(
        Level.WARNING,
        "impossible",
        f"{parts} is more than {order.whole} in {counted(len(broken), 'row')}.",
        f"See {_lines(columns, broken)}. The rows are stored as they are: check that the columns are mapped to the right measures.",
        columns.sheet.rows[broken[0]].line,
        count=len(broken),
    )


def _lines(columns: Columns, rows: Sequence[int]) -> str:
    """'line 3' or 'lines 3, 8, 12 and 40 more'."""
    lines = [str(columns.sheet.rows[index].line) for index in rows[:MOST_LINES_NAMED]]
    more = f" and {len(rows) - len(lines):,} more" if len(rows) > len(lines) else ""
    return f"line{'s' if len(rows) > 1 else ''} {', '.join(lines)}{more}"


def exceeds(parts: Sequence, whole: object) -> bool:
    """Whether the parts are known and add up to more than the whole."""
    return whole is not None and None not in parts and sum(parts) > whole


def _spellings(fields: Mapping[str, Sequence], rows: Sequence[int], line_of: Callable[[int], int | None]) -> Iterable[Issue]:
    """Names that differ only in upper and lower case are different rows of every table."""
    for dimension in ("vendor", "site", "lob", "channel"):
        first: dict[str, tuple[str, int]] = {}
        for index in rows:
            name = fields[dimension][index]
            known = first.setdefault((name or "").casefold(), (name, index))
            if name is not None and known[0] != name:
                message = f"The {dimension} is written '{known[0]}' and '{name}': they count as two."
                yield Issue(Level.WARNING, "spelling", message, "Rename one with map in the recipe.", line_of(index))
                break


def _look_alikes(fields: Mapping[str, Sequence], rows: Sequence[int], line_of: Callable[[int], int | None]) -> Iterable[Issue]:
    """A Cyrillic or Greek letter among Latin ones looks the same and makes another vendor."""
    for name, index in {fields["vendor"][index]: index for index in reversed(rows)}.items():
        scripts = {unicodedata.name(letter, "").split()[0] for letter in name if letter.isalpha()} & {"LATIN", "CYRILLIC", "GREEK"}
        if len(scripts) > 1:
            mixed = " and ".join(script.capitalize() for script in sorted(scripts))
            message = f"The vendor '{name}' mixes {mixed} letters: it may not be the vendor it looks like."
            yield Issue(Level.WARNING, "look_alike", message, "Rename it with map in the recipe.", line_of(index))


def _totals(columns: Columns, fields: Mapping[str, Sequence], rows: Sequence[int]) -> Iterable[Issue]:
    """A row without site (line, channel) beside rows with it, for the same vendor and period, is probably their total."""
    for dimension in ("site", "lob", "channel"):
        values = fields[dimension]
        parts = {(fields["vendor"][index], fields["period_start"][index]) for index in rows if values[index] is not None}
        whole = [index for index in rows if values[index] is None and (fields["vendor"][index], fields["period_start"][index]) in parts]
        if whole:
            message = (
                f"{counted(len(whole), 'row')} without {dimension} beside rows with one for the same vendor and period: "
                "totals would count twice."
            )
            yield Issue(
                Level.WARNING,
                "totals",
                message,
                "Leave totals out with [rows] exclude.",
                columns.sheet.rows[whole[0]].line,
                dimension,
                len(whole),
            )
