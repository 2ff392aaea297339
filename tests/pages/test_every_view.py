"""Every view over data that is hardly any, all alike, without a verdict, or too much: what it says, not only that it does not fail.

| data    | satisfied of 1,000 responses of Acme, April to September 2026, against >= 90 % unless said otherwise      |
| ------- | --------------------------------------------------------------------------------------------------------- |
| point   | 800, in September only                                                                                    |
| vendor  | 940 in April, then 10 less each month: 890 in September                                                   |
| zero    | 0 of 0 responses; 4 errors in 1,000 checks                                                                |
| equal   | 800 each month, of three vendors alike                                                                    |
| untold  | no satisfaction, but a cost of 800 USD for 1,000 contacts, which has no target                            |
| changed | 800 each month; >= 75 %, from 15 August on >= 85 %                                                        |
| many    | 200 vendors, 601 to 800 in Q2, 1 to 200 more in Q3                                                        |
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.warehouse import Warehouse, settle
from tests.pages.screen import open_page, page_text, title

pytestmark = pytest.mark.slow

HALF_A_YEAR = "range(DATE '2026-04-01', DATE '2026-10-01', INTERVAL 1 MONTH) months(month)"
TARGETS = ((0.75, "2026-01-01"), (0.85, "2026-08-15"))
RISK = (
    "INSERT INTO risk_rows BY NAME SELECT 'R1' AS risk_id, 1 AS number, 'Outage' AS title, 'operational' AS category, 'open' AS status",
    "INSERT INTO risk_score_rows BY NAME SELECT 'R1' AS risk_id, DATE '2026-09-01' AS scored_on, 'residual' AS kind, 3 AS likelihood, "
    "4 AS impact",
)


def satisfied(count: str, *, vendor: str = "'Acme'", responses: int = 1000, months: str = HALF_A_YEAR) -> str:
    return f"""INSERT INTO performance_rows BY NAME
    SELECT 'survey' AS source, 'month' AS grain, month::DATE AS period_start, {vendor} AS vendor, vendor || ' site' AS site,
      'Billing' AS lob, 'voice' AS channel, {responses} AS csat_responses, {count} AS csat_satisfied, 'b1' AS batch_id FROM {months}"""


def beside(**measures: object) -> str:
    """Another source of Acme's with these measures."""
    shown = ", ".join(f"{value!r} AS {name}" for name, value in measures.items())
    return f"""INSERT INTO performance_rows BY NAME
    SELECT 'other' AS source, 'month' AS grain, month::DATE AS period_start, 'Acme' AS vendor, {shown}, 'b1' AS batch_id
    FROM {HALF_A_YEAR}"""


def target(expected: float, valid_from: str) -> str:
    return f"""INSERT INTO target_rows BY NAME
    SELECT 'csat' AS kpi, '>=' AS comparator, {expected} AS expected, DATE '{valid_from}' AS valid_from, 'b1' AS batch_id"""


DATA: Mapping[str, tuple[str, ...]] = {
    "point": (satisfied("800", months="(SELECT DATE '2026-09-01' AS month)"),),
    "vendor": (satisfied("980 - 10 * month(month::DATE)"),),
    "zero": (satisfied("0", responses=0), beside(errors=4, transactions_checked=1000)),
    "equal": (satisfied("800", vendor="'Vendor ' || number", months=f"{HALF_A_YEAR}, range(1, 4) vendors(number)"),),
    "untold": (beside(cost=800, contacts_handled=1000, currency="USD"),),
    "changed": (satisfied("800"), *(target(*levels) for levels in TARGETS)),
    "many": (
        satisfied(
            "600 + number * (month(month::DATE) // 4 + month(month::DATE) // 7)", vendor="printf('Vendor %03d', number)",
            months=f"{HALF_A_YEAR}, range(1, 201) vendors(number)",
        ),
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`built("zero")`: the folder of a warehouse, made when it is first asked for."""
    folders: dict[str, Path] = {}

    def folder_of(name: str) -> Path:
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp(name) / "warehouse"
            with Warehouse(folders[name]).write("test", "seed", name) as connection:
                for statement in (*DATA[name], *RISK):
                    connection.execute(statement)
                settle(connection)
        return folders[name]

    return folder_of


SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "performance/performance_report": {
        "point": ("measured KPI did not meet its target in Sep 2026", "not compared: the data begins on 1 Sep 2026"),
        "vendor": ("Against Q2 2026 it is worse.", "before 93 %, -3 pp", "90 %"),
        "zero": (
            "The only measured KPI met its target",
            "Not measured by anyone in this period: First contact resolution, Average",
        ),
        "equal": ("Against Q2 2026 it is unchanged.", "before 80 %, 0 pp", "3 of 3 vendors, 3 of 3 months"),
        "untold": ("No KPI has both a value and a target in Q3 2026.", "no target · 3 of 3 months before 0.80 USD"),
        "changed": (">= 75 % from 15 Aug 2026 >= 85 %", "Inside a period the target changed, from 15 Aug 2026 >= 85 %"),
        "many": ("page 1 of 8, worst first", "200 of 200 vendors"),
    },
    "performance/trends": {
        "point": ("Customer satisfaction: 80 % in Sep 2026 missed the target of >= 90 %.", "Too few whole periods for limits."),
        "vendor": ("Customer satisfaction", "89 % in Sep 2026", "Trial limits: fewer than 13 points."),
        "zero": ("Customer satisfaction cannot be computed in this range: there is nothing to divide by.", "Nothing to divide by"),
        "equal": ("shows normal variation only. 80 % in Sep 2026", "The same KPI, vendor by vendor"),
        "untold": ("Cost per contact shows normal variation only. 0.80 USD in Sep 2026.",),
        "changed": ("80 % in Sep 2026 missed the target of >= 85 %", "Inside a period the target changed, from 15 Aug 2026 >= 85 %"),
        "many": ("The first 10 of 200.",),
    },
    "performance/variance": {
        "point": ("No customer satisfaction was measured in Aug 2026; the data covers 1 Sep 2026 to 30 Sep 2026.", "Nothing to split"),
        "vendor": ("fell from 93 % in Q2 2026 to 90 % in Q3 2026 (-3 pp)", "Only one vendor is behind this number"),
        "zero": ("Customer satisfaction cannot be computed in Q2 2026: there is nothing to divide by.", "Nothing to split"),
        "equal": (
            "Customer satisfaction was 80 % in Q3 2026, the same as in Q2 2026.",
            "No part of it moved, so there is nothing to draw.",
        ),
        "untold": ("Cost per contact was 0.80 USD in Q3 2026, the same as in Q2 2026.",),
        "changed": ("Customer satisfaction was 80 % in Q3 2026, the same as in Q2 2026.",),
        "many": ("page 1 of 8, largest first", "Customer satisfaction rose from"),
    },
    "risk/risk_heatmap": {
        "point": ("The only rated cell is extreme in Sep 2026, at Acme: customer satisfaction.", "no whole period to compare with"),
        "vendor": ("The only rated cell", "Q2 2026"),
        "zero": ("The only rated cell is low in Q3 2026: error rate of Acme.", "No vendor was measured on: First contact resolution"),
        "equal": ("All three rated cells are extreme in Q3 2026", "steady, 0 pp on Q2 2026"),
        "untold": ("The only rated cell is low in Q3 2026: cost per contact of Acme.", "no target to hold it against"),
        "changed": ("The only rated cell", "80 % against >= 75 %: met"),
        "many": ("of 200 rated cells are extreme", "page 1 of 8, worst first"),
    },
    "risk/risk_matrix": dict.fromkeys(("point", "many"), ("One risk is high: outage.", "12 (3 x 4)")),
    "performance/vendor_comparison": {
        "point": ("No vendor can be ranked on customer satisfaction over 12 months.",),
        "vendor": ("Only Acme can be ranked on customer satisfaction over 12 months, so there is nobody to compare with.",),
        "zero": ("Nobody to compare",),
        "equal": ("None of the three vendors can be told apart on customer satisfaction over 12 months: their intervals overlap.",),
        "untold": ("Only Acme can be ranked on cost per contact", "there is nobody to compare with"),
        "changed": ("dashed: target valid in Sep 2026",),
        "many": ("page 1 of 8, best first", "200 of 200 vendors have it."),
    },
    "review/quarterly_review": {
        "point": ("did not meet its target", "not compared: the data begins on 1 Sep 2026"),
        "zero": ("Error rate", "not measured"),
        "equal": ("Nothing is compared, or nothing moved.", "80 %"),
        "many": ("page 1 of 8, worst first", "200 of 200 vendors"),
    },
    "review/vendor_profile": {
        "point": ("did not meet its target in Sep 2026", "before", "Watermelon check"),
        "vendor": ("Against Q2 2026 it is worse.", "before 93 %, -3 pp"),
        "zero": ("The only measured KPI met its target in Q3 2026.", "neither good nor bad"),
        "equal": ("Vendor profile · Vendor 1", "before 80 %, 0 pp"),
        "untold": ("No KPI has both a value and a target in Q3 2026.",),
        "changed": ("target >= 75 %", "before 80 %, 0 pp"),
        "many": ("Vendor profile · Vendor", "Weaknesses"),
    },
    "data/targets": {
        "point": ("No target is stored",),
        "many": ("No target is stored",),
        "changed": ("Customer satisfaction changes inside it, from 15 Aug 2026 >= 85 %.",),
    },
}
CASES = [(page, data) for page, cases in SAID.items() for data in cases]


def opened(page: str, data: str) -> AppTest:
    kpi = "cost_per_contact" if data == "untold" else "csat"
    of_one_kpi = page.startswith("performance/") and page != "performance/performance_report"
    return open_page(page, kpi=kpi) if of_one_kpi else open_page(page)


@pytest.mark.parametrize(("page", "data"), CASES)
def test_a_view_says_what_there_is(page: str, data: str, built: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WAREHOUSE", str(built(data)))
    session = opened(page, data)
    shown = page_text(session)
    assert not session.error
    for words in SAID[page][data]:
        assert words in shown
    assert title(session) and not {"nan", "inf", "-inf"} & set(shown.lower().replace(",", " ").split())
