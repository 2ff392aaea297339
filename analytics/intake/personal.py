"""Personal data in texts: e-mail addresses, phone numbers, payment cards (Luhn), bank accounts (IBAN, ISO 13616 mod 97).

It is masked in every text of a refused row that is stored, shown or downloaded, and in the rows of an original that are shown.
Nothing of a column that is not read is stored. The kept original stays as it came: without it no number could be traced, and
nothing could be made again.
"""

import re
from collections.abc import Callable
from functools import partial

# Lengths of the IBAN by country, from the SWIFT registry: where most contact centres and their customers are.
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w-])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = re.compile(
    r"(?<![0-9A-Za-z.,-])(?:[2-6][0-9]{3}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})(?![0-9A-Za-z])"
)
# With a country code, or grouped as phone numbers are and dates, times and amounts are not.
_PHONE = re.compile(
    r"(?<![\w+.-])(?:(?:\+|00)[1-9][0-9]{0,2}[ ./-]?(?:\(0\))?(?:[ ./()-]{0,2}[0-9]){6,12}"
    r"|\([0-9]{3,5}\)[ .-]?[0-9]{3}[ .-]?[0-9]{3,4}|[2-9][0-9]{2}[.-][0-9]{3}[.-][0-9]{4}"
    r"|0[1-9][0-9]{1,3}[ /-][0-9]{3,4} ?[0-9]{3,4})(?![\w-])"
)


def passes_luhn(number: str) -> bool:
    """Whether the check digit of a card number is right (ISO/IEC 7812-1)."""
    digits = [int(character) for character in number if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(digits) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN: the length of its country, and 1 when divided by 97 (ISO 7064)."""
    plain = text.replace(" ", "").upper()
    if len(plain) != _IBAN_LENGTHS.get(plain[:2], len(plain)) or not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return 13 <= digits <= 19 and passes_luhn(text)


# Kind, what a text must have to be searched at all (one cheap look), its pattern, what else must hold.
_KINDS: tuple[tuple[str, re.Pattern[str], re.Pattern[str], Callable[[str], bool]], ...] = (
    ("e-mail", re.compile("@"), _EMAIL, lambda found: True),
    ("IBAN", re.compile("[A-Z][A-Z][0-9][0-9] ?[A-Z0-9]{4}"), _IBAN, is_iban),
    ("card", re.compile("[2-6][0-9]{3}[ -]?[0-9]{4}|3[47][0-9]{2}[ -]?[0-9]{6}"), _CARD, _is_card),
    ("phone", re.compile(r"[+(][0-9]|00[1-9]|[0-9]{3}[.-][0-9]{3}[.-]|0[1-9][0-9]{1,3}[ /-][0-9]{3}"), _PHONE, lambda found: True),
)


def kinds_in(text: str) -> list[str]:
    """The kinds of personal data in a text."""
    return [kind for kind, gate, pattern, holds in _KINDS if gate.search(text) and any(holds(found[0]) for found in pattern.finditer(text))]


def masked(text: str) -> str:
    """The text with '[e-mail]', '[phone]', '[card]', '[IBAN]' in place of personal data."""
    for kind, gate, pattern, holds in _KINDS:
        if gate.search(text):
            text = pattern.sub(partial(_hidden, kind, holds), text)
    return text


def _hidden(kind: str, holds: Callable[[str], bool], found: re.Match[str]) -> str:
    return f"[{kind}]" if holds(found[0]) else found[0]
