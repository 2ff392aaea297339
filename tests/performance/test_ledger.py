"""The same data under every published service level, as Call Centre Helper and Cisco publish them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.asking import KpiQuery
from analytics.performance.ledger import ledger_kpis, ledger_sentence, with_formulas
from analytics.periods import Grain
from analytics.query import kpi_frame
from tests.rows import EVERYTHING, store_of

PUBLISHED = {  # answered 1,000; abandoned 60, of which 20 within 20 s and 10 within 5 s; 860 answered within 20 s
    "contacts_offered": 1060, "contacts_handled": 1000, "contacts_abandoned": 60, "answered_within_threshold": 860,
    "abandoned_within_threshold": 20, "contacts_abandoned_short": 10, "threshold_seconds": 20,
}  # fmt: skip
CISCO = {  # 70 answered and 10 abandoned within the threshold, 20 exceeded it
    "contacts_offered": 100, "contacts_handled": 90, "answered_within_threshold": 70, "abandoned_within_threshold": 10,
    "threshold_seconds": 20,
}  # fmt: skip


def ledger(folder: Path, *rows: Mapping[str, object], by: tuple[str, ...] = ()) -> pd.DataFrame:
    query = KpiQuery(ledger_kpis("service_level"), Grain.MONTH, date(2026, 7, 1), date(2026, 7, 31), by)
    return with_formulas(kpi_frame(store_of(folder, rows), EVERYTHING, query))


def test_the_five_published_variants(tmp_path: Path) -> None:
    found = ledger(tmp_path, PUBLISHED).set_index("kpi")
    assert found["value_text"].to_dict() == {
        "service_level.abandons_positive": "83 %",
        "service_level.answered_only": "86 %",
        "service_level": "81.1 %",
        "service_level.abandons_ignored": "82.7 %",
        "service_level.short_abandons_positive": "82.1 %",
    }
    assert found["counts_text"].to_dict() == {
        "service_level.abandons_positive": "880 of 1,060",
        "service_level.answered_only": "860 of 1,000",
        "service_level": "860 of 1,060",
        "service_level.abandons_ignored": "860 of 1,040",
        "service_level.short_abandons_positive": "870 of 1,060",
    }
    assert found["difference_text"].to_dict() == {
        "service_level.abandons_positive": "+1.9 pp",
        "service_level.answered_only": "+4.9 pp",
        "service_level": "",
        "service_level.abandons_ignored": "+1.6 pp",
        "service_level.short_abandons_positive": "+0.9 pp",
    }


def test_cisco(tmp_path: Path) -> None:
    """Abandons ignored 77.8 %, negative 70 %, positive 80 %; nobody counted abandons of a few seconds."""
    found = ledger(tmp_path, CISCO)
    values = dict(zip(found["kpi"], found["value_text"], strict=True))
    names = ("service_level.abandons_ignored", "service_level", "service_level.abandons_positive", "service_level.short_abandons_positive")
    assert [values[name] for name in names] == ["77.8 %", "70 %", "80 %", "-"]
    assert ledger_sentence(found) == (
        "Service level is 70 %. By other published formulas: 77.8 % (of answered), 77.8 % (early abandons left out), "
        "80 % (abandons count as met). Not measured: short abandons count as met."
    )


def test_in_words(tmp_path: Path) -> None:
    assert ledger_sentence(ledger(tmp_path, PUBLISHED)) == (
        "Service level is 81.1 %. By other published formulas: 82.1 % (short abandons count as met), 82.7 % (early abandons left out), "
        "83 % (abandons count as met), 86 % (of answered)."
    )


def test_each_vendor_against_itself(tmp_path: Path) -> None:
    found = ledger(tmp_path, PUBLISHED, {**CISCO, "vendor": "B"}, by=("vendor",))
    positive = found[found["kpi"] == "service_level.abandons_positive"]
    assert positive["difference_text"].tolist() == ["+1.9 pp", "+10 pp"]


def test_formulas_and_the_kpis_asked_for(tmp_path: Path) -> None:
    found = ledger(tmp_path, PUBLISHED).set_index("kpi")
    assert found.loc["service_level", "formula"].count("/") == 1
    assert ledger_kpis("service_level.answered_only") == ledger_kpis("service_level")
    assert ledger_kpis("esat") == ("esat",)


def test_nothing_measured(tmp_path: Path) -> None:
    found = ledger(tmp_path, {"contacts_handled": 5})
    assert ledger_sentence(found).startswith("Service level is not measured. Not measured: ")
    assert ledger_sentence(found.head(0)) == "" and with_formulas(found.head(0)).empty


def test_a_small_difference_is_seen(tmp_path: Path) -> None:
    """8,600 of 10,000 offered; one short abandon more counts as met or is left out: less than a tenth of a point, but not '0 pp'."""
    small = PUBLISHED | {"contacts_offered": 10_000, "answered_within_threshold": 8_600, "contacts_abandoned_short": 1}
    found = ledger(tmp_path, small).set_index("kpi")["difference_text"]
    assert found["service_level.short_abandons_positive"] == "+0.01 pp"
