"""Personal data: found by published test numbers, masked wherever refused rows go, and not seen where there is none."""

import pytest

from analytics.intake.checks.personal import personal_issues
from analytics.intake.originals import Original
from analytics.intake.personal import is_iban, kinds_in, masked, passes_luhn
from analytics.intake.recipe_text import parse_recipe
from tests.intake.checks.files import EVERYTHING, Desk, found

# Test numbers that card schemes publish for developers.
CARDS = ["4111111111111111", "4012888888881881", "5555555555554444", "5105105105105100", "378282246310005", "371449635398431",
         "6011111111111117", "30569309025904", "3530111333300000"]  # fmt: skip
# Examples of the IBAN registry (SWIFT).
IBANS = ["GB29NWBK60161331926819", "DE89370400440532013000", "FR1420041010050500013M02606", "NL91ABNA0417164300",
         "ES9121000418450200051332", "PL61109010140000071219812874", "CH9300762011623852957", "NO9386011117947"]  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
def test_card_numbers_are_told_by_their_check_digit(number: str) -> None:
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    assert passes_luhn(number) and not passes_luhn(wrong)
    assert kinds_in(f"paid with {number} today") == ["card"] and kinds_in(wrong) == []


@pytest.mark.parametrize("number", IBANS)
def test_account_numbers_are_told_by_their_check_digits_and_length(number: str) -> None:
    spaced = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    wrong = f"{number[:2]}{(int(number[2]) + 1) % 10}{number[3:]}"
    assert is_iban(number) and is_iban(spaced) and not is_iban(wrong) and not is_iban(number[:-1])
    assert masked(f"to {spaced}.") == "to [IBAN]." and masked(wrong) == wrong


@pytest.mark.parametrize(
    "number", ["+44 20 7946 0958", "(555) 123-4567", "555-123-4567", "020 7946 0958", "+48 600 700 800", "0049 30 123456"]
)
def test_phone_numbers_are_told_by_how_they_are_grouped(number: str) -> None:
    assert masked(f"call {number} now") == "call [phone] now"


@pytest.mark.parametrize(
    "text",
    ["2026-03-04", "04/03/2026 08:15:00", "1234567890", "1,234,567.00", "2026-03-04T10:00:00+02:00", "0:04:30", "10.0.0.1", "111AA1", "a@b",
     "+12", "2026-06-01,Acme,Lund,10,4567890123,0.8123456789"],
)  # fmt: skip
def test_dates_numbers_and_codes_are_no_personal_data(text: str) -> None:
    assert kinds_in(text) == [] and masked(text) == text


def test_addresses_are_masked_and_the_rest_stays() -> None:
    assert masked("Jane <jane.doe+x@example.co.uk>, line 3") == "Jane <[e-mail]>, line 3"


def test_a_free_column_is_named_and_masked_in_refused_rows(desk: Desk) -> None:
    report = desk.load(["Date,Vendor,Site,Offered,Note", "2026-06-01,Acme,Lund,1,ok", "2026-06-02,Acme,Lund,x,ask jane@acme.com"])
    (issue,) = found(report, "personal_data")
    assert (issue.level, issue.line, issue.column) == ("info", 3, "Note")
    assert issue.message == "Note holds e-mail addresses in 1 of 2 rows." and "nothing of it is stored" in issue.remedy
    (raw,) = desk.warehouse.open().select(EVERYTHING, "SELECT raw FROM rejects")["raw"]
    assert raw == "2026-06-02,Acme,Lund,x,ask [e-mail]"


def test_a_column_that_is_read_is_a_warning() -> None:
    text = (
        'shape = "aggregates"\nsource = "a"\n[dimensions]\nperiod_start = {column = "Date", grain = "day"}\nvendor = {column = "Agent"}\n'
    )
    recipe = parse_recipe(text + '[measures]\ncontacts_offered = {column = "Calls"}\n', "r")
    (issue,) = personal_issues(Original.of(b"Date,Agent,Calls\n2026-06-01,jane@acme.com,1\n", "f.csv"), recipe)
    assert issue.level == "warning" and "map its texts" in issue.remedy
