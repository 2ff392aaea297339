"""A measure and its parts are one fact: two sources that report it differently are never added up."""

from datetime import date
from pathlib import Path

from analytics.asking import KpiQuery
from analytics.periods import Grain
from analytics.query import kpi_frame
from tests.rows import EVERYTHING, store_of

JULY = (date(2026, 7, 1), date(2026, 7, 31))


def test_handle_time_of_one_source_beside_talk_hold_and_wrap_of_another(tmp_path: Path) -> None:
    """
    source  talk    hold  wrap   handle   handled
    acd     20000      0  5000        -       100   -> 250 s, the first source counts
    crm         -      -     -    27000         -   -> not added
    """
    acd = {"talk_seconds": 20000, "hold_seconds": 0, "wrap_seconds": 5000, "contacts_handled": 100}
    store = store_of(tmp_path, [acd, {"source": "crm", "handle_seconds": 27000, "batch_id": "b2"}])
    frame = kpi_frame(store, EVERYTHING, KpiQuery(("average_handle_time",), Grain.MONTH, *JULY))
    assert frame[["numerator", "denominator", "value"]].to_numpy().tolist() == [[25000.0, 100.0, 250.0]]


def test_one_source_may_report_both(tmp_path: Path) -> None:
    """The parts and the whole in one row, from one source: the whole counts, nothing is lost or added."""
    row = {"talk_seconds": 20000, "hold_seconds": 0, "wrap_seconds": 5000, "handle_seconds": 25500, "contacts_handled": 100}
    frame = kpi_frame(store_of(tmp_path, [row]), EVERYTHING, KpiQuery(("average_handle_time",), Grain.MONTH, *JULY))
    assert frame["value"].tolist() == [255.0]
