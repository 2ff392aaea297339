"""A folder's own measures and KPIs on the pages: report, trends, definitions, a wrong file, a changed file."""

from pathlib import Path

import pytest

from analytics.warehouse import Warehouse, settle
from tests.pages.screen import line_above, open_page, page_text, words

CATALOGUE = """
[[measures]]
id = "own_upsells"
label = "upsells"
kind = "count"
definition = "Orders sold on a service call."

[[kpis]]
id = "upsell_rate"
label = "Upsell rate"
numerator = "own_upsells"
denominator = "contacts_handled"
unit = "percent"
direction = "higher"
definition = "Upsells per handled contact."
target = {comparator = ">=", value = 0.05}
"""


@pytest.fixture
def own(two_vendors: Path) -> Path:
    """Two vendors with 100 contacts a month each; Asterion sells 8 upsells a month, Cobalt Bay 4."""
    (two_vendors / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    (two_vendors / "settings.toml").write_text('contract_kpis = ["upsell_rate"]\nreport_kpis = []\n', encoding="utf-8")
    with Warehouse(two_vendors).write("test", "seed", "upsells") as connection:
        connection.execute("UPDATE performance_rows SET own_upsells = CASE vendor WHEN 'Asterion' THEN 8 ELSE 4 END")
        settle(connection)
    return two_vendors


def test_the_report_judges_it(own: Path) -> None:
    said = page_text(open_page())
    assert "Upsell rate: 6 %" in said
    assert ">= 5 %" in said.replace("≥", ">=")


def test_trends_and_definitions_know_it(own: Path) -> None:
    assert "Upsell rate" in page_text(open_page("performance/trends", kpi="upsell_rate"))
    shown = words(open_page("data/definitions", find="upsell"))
    said = "\n".join(shown)
    assert "Upsell rate upsell_rate" in said
    assert "Formula upsells / contacts handled" in said
    assert "Own measure own_upsells, upsells: Orders sold on a service call." in said


def test_another_folder_does_not_have_it(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Upsell rate" in page_text(open_page("data/definitions"))
    monkeypatch.setenv("BPO_WAREHOUSE", str(tmp_path / "another"))
    assert "Upsell rate" not in page_text(open_page("data/definitions"))


def test_a_changed_definition_is_used_with_the_next_click(own: Path) -> None:
    session = open_page()
    assert "Upsell rate: 6 %" in page_text(session)
    swapped = CATALOGUE.replace('direction = "higher"', 'direction = "lower"').replace(">=", "<=")
    (own / "catalogue.toml").write_text(swapped.replace('numerator = "own_upsells"', 'numerator = "contacts_handled - own_upsells"'))
    assert "Upsell rate: 94 %" in page_text(session.run())


def test_a_wrong_file_is_named_on_every_page(own: Path) -> None:
    (own / "catalogue.toml").write_text(CATALOGUE.replace("own_upsells", "upsells", 1), encoding="utf-8")
    for page in ("", "data/definitions"):
        assert "catalogue.toml, line 3: the id 'upsells' cannot be a column" in page_text(open_page(page))
    (own / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    assert line_above(open_page("data/definitions")).startswith("Definitions")
