"""The currency of money: named in the column's name, by a sign in its cells or in a column of its own, else asked."""

import re

from analytics.intake.problems import Choice
from analytics.intake.recognise.columns import Column
from analytics.intake.recognise.draft import Value
from analytics.intake.recognise.findings import Findings, shown
from analytics.intake.recognise.headers import Header
from analytics.intake.recognise.mapping import Mapped

_CODES = (
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CHF",
    "AUD",
    "CAD",
    "INR",
    "PHP",
    "PLN",
    "CZK",
    "HUF",
    "RON",
    "ZAR",
    "MXN",
    "BRL",
    "SEK",
    "NOK",
    "DKK",
)
_SIGNS = {"€": "EUR", "£": "GBP"}
_OFFERED = ("USD", "EUR", "GBP")


def settle_currency(column: Column, header: Header, named: Mapped | None, findings: Findings) -> Value:
    """The currency as a recipe writes it."""
    if named is not None:
        return {"column": named.column.name}
    in_name = [code for code in _CODES if re.search(rf"\b{code}\b", header.name.upper())]
    in_cells = {code for sign, code in _SIGNS.items() if any(sign in value for value in column.values)}
    if len(in_name) == 1:
        return in_name[0]
    if len(in_cells) == 1:
        return in_cells.pop()
    values = column.values[:3]
    choices = [Choice(code, shown(values, [f"{value} {code}" for value in values])) for code in _OFFERED]
    return findings.ask("currency", f"In which currency is {column.name}?", choices)
