"""Which columns may name the vendor where none is called so: partners and campaigns rather than people, telephones and outcomes."""

from collections.abc import Sequence

from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.contact_columns import is_flag
from analytics.intake.recognise.headers import Header
from analytics.intake.recognise.mapping import other_ways

_MOST_VENDORS = 200
_MOST_OFFERED = 5
_CUSTOMERS = frozenset(("organization", "organisation", "company", "org", "account"))
_LIKELY = frozenset(("campaign", "partner", "group", "team", "brand", "client", "business", "program", "programme", *_CUSTOMERS))
_NO_VENDORS = frozenset((
    "agent", "user", "users", "advisor", "assignee", "requester", "submitter", "owner", "customer", "caller", "person", "employee",
    "disposition", "outcome", "result", "status", "state", "reason", "wrap", "priority", "severity", "type", "direction", "via",
    "ani", "dnis", "phone", "telephone", "remote", "number", "email", "mail", "address", "domain", "subject", "tags", "comment",
    "comments", "note", "notes", "description", "flow", "score", "rating", "satisfaction", "language", "url", "link",
))  # fmt: skip


def is_customer(header: Header) -> bool:
    """Whether a column beside single contacts names the company of who called or wrote, not who answered."""
    return bool(_CUSTOMERS & set(header.words.split()))


def vendor_columns(named: Sequence[tuple[Column, Header]]) -> tuple[list[Column], set[str]]:
    """The columns to offer, likely ones first; and the names of all that can be answered."""
    texts = [
        (column, header)
        for column, header in named
        if column.is_text and not column.overflow and len(column.values) <= _MOST_VENDORS and not is_flag(column)
    ]
    likely = [(column, header) for column, header in texts if not _NO_VENDORS & set(header.words.split()) and not _is_no_name(column)]
    ranked = sorted(likely, key=lambda pair: (not _LIKELY & set(pair[1].words.split()), -len(pair[0].values)))
    return [column for column, _ in ranked[:_MOST_OFFERED]], {column.name for column, _ in texts}


def _is_no_name(column: Column) -> bool:
    """Addresses, telephone numbers and directions."""
    return bool(other_ways(column)) or all("@" in value or value.startswith(("tel:", "sip:", "+")) for value in column.values)
